/** `waymark <verb>`: a thin face over the workbench. */
import { Command, CommanderError } from 'commander';
import { messageOf, WaymarkError } from '../base/errors.ts';
import { version } from '../base/version.ts';
import { exitCode } from './terminal.ts';
import { addExerciseVerbs } from './verbs/exercise.ts';
import { addExportVerbs } from './verbs/exports.ts';
import { addIntakeVerbs } from './verbs/intake.ts';
import { addLedgerVerbs } from './verbs/ledger.ts';
import { addPersonVerbs } from './verbs/persons.ts';
import { addQueueVerbs } from './verbs/queue.ts';
import { addServeVerbs } from './verbs/serve.ts';

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
  addPersonVerbs,
  addExportVerbs,
  addLedgerVerbs,
  addExerciseVerbs,
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
