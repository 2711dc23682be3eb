/** The verbs of `waymark`: a thin face over the workbench. */
import { Command, CommanderError } from 'commander';
import { messageOf, WaymarkError } from '../base/errors.ts';
import { version } from '../base/version.ts';
import { exitCode } from './terminal.ts';
import { addAccessVerbs } from './verbs/access.ts';
import { addBackupVerbs } from './verbs/backup.ts';
import { addBoardVerbs } from './verbs/board.ts';
import { addChildVerbs } from './verbs/children.ts';
import { addDecisionVerbs } from './verbs/decisions.ts';
import { addEraseVerbs } from './verbs/erase.ts';
import { addExerciseVerbs } from './verbs/exercise.ts';
import { addExportVerbs } from './verbs/exports.ts';
import { addFootprintVerbs } from './verbs/footprint.ts';
import { addIntakeVerbs } from './verbs/intake.ts';
import { addLedgerVerbs } from './verbs/ledger.ts';
import { addNetworkVerbs } from './verbs/network.ts';
import { addNoteVerbs } from './verbs/notes.ts';
import { addPackageVerbs } from './verbs/packages.ts';
import { addPersonVerbs } from './verbs/persons.ts';
import { addPlaceVerbs } from './verbs/place.ts';
import { addQueueVerbs } from './verbs/queue.ts';
import { addReadingVerbs } from './verbs/reading.ts';
import { addReportVerbs } from './verbs/report.ts';
import { addRetentionVerbs } from './verbs/retention.ts';
import { addRulesVerbs } from './verbs/rules.ts';
import { addSearchVerbs } from './verbs/search.ts';
import { addServeVerbs } from './verbs/serve.ts';
import { addTimelineVerbs } from './verbs/timeline.ts';

const program = new Command('waymark')
  .description(
    'From lawfully seized data to safeguarded children: reads exhibits, links accounts, ranks who comes first.',
  )
  .version(version)
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(add --help for what is possible)');

for (const add of [
  addIntakeVerbs,
  addQueueVerbs,
  addChildVerbs,
  addDecisionVerbs,
  addNoteVerbs,
  addReadingVerbs,
  addRulesVerbs,
  addBoardVerbs,
  addPersonVerbs,
  addPlaceVerbs,
  addTimelineVerbs,
  addNetworkVerbs,
  addFootprintVerbs,
  addExportVerbs,
  addPackageVerbs,
  addLedgerVerbs,
  addAccessVerbs,
  addBackupVerbs,
  addRetentionVerbs,
  addEraseVerbs,
  addReportVerbs,
  addExerciseVerbs,
  addSearchVerbs,
  addServeVerbs,
])
  add(program);

// A reader that has seen enough (`| head`) closes the pipe: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? exitCode.done : exitCode.failed);
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCode.done : exitCode.usage;
  } else {
    process.stderr.write(`waymark: ${messageOf(error)}\n`);
    if (!(error instanceof WaymarkError) && process.env.WAYMARK_DEBUG)
      process.stderr.write(`${(error as Error).stack}\n`);
    process.exitCode =
      error instanceof WaymarkError && error.code === 'usage' ? exitCode.usage : exitCode.failed;
  }
}
