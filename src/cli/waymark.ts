/** `waymark <verb>`: a thin face over the workbench. */
import { Command, CommanderError, type CommandOptions, InvalidArgumentError, Option } from 'commander';
import { messageOf, WaymarkError } from '../base/errors.ts';
import { version } from '../base/version.ts';
import { Operation } from '../store/operation.ts';
import { actorId } from './actor.ts';
import { exitCode } from './terminal.ts';
import * as verbs from './verbs.ts';

interface Common {
  readonly operation: string;
  readonly json?: boolean;
}

const program = new Command('waymark')
  .description(
    'From lawfully seized data to safeguarded children: reads exhibits, links accounts, ranks who comes first.',
  )
  .version(version)
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(add --help for what is possible)');

function verb(parent: Command, name: string, description: string, more: CommandOptions = {}): Command {
  return parent
    .command(name, more)
    .description(description)
    .exitOverride()
    .addOption(new Option('--operation <folder>', 'folder of the operation').default('operation'))
    .option('--json', 'print one JSON document and nothing else');
}

/** Opens the operation, runs, closes; the result decides the exit code. */
function withOperation<Args extends unknown[]>(
  create: boolean,
  work: (
    operation: Operation,
    options: Common & Record<string, unknown>,
    ...args: Args
  ) => Promise<number | undefined>,
): (...args: unknown[]) => Promise<void> {
  return async (...all) => {
    const options = all.at(-2) as Common & Record<string, unknown>;
    const opened = create ? Operation.open : Operation.openExisting;
    const operation = opened(options.operation, { actor: actorId() });
    try {
      process.exitCode = (await work(operation, options, ...(all.slice(0, -2) as Args))) ?? exitCode.done;
    } finally {
      operation.close();
    }
  };
}

function custodyOptions(command: Command): Command {
  return command
    .option('--authority <reference>', 'legal authority under which it was obtained')
    .option('--reference <text>', 'exhibit reference given by the unit');
}

custodyOptions(
  verb(program, 'run', 'take in and read everything under a path, build, print the queue').argument('<path>'),
).action(withOperation(true, verbs.runAll));

const exhibit = program.command('exhibit').description('what was handed over');
custodyOptions(verb(exhibit, 'add', 'take in and read everything under a path').argument('<path>')).action(
  withOperation(true, verbs.addExhibit),
);
verb(exhibit, 'list', 'all exhibits with their records').action(withOperation(false, verbs.listAllExhibits));
verb(exhibit, 'show', 'one exhibit: custody, counts that add up, warnings')
  .argument('<exhibit>')
  .action(withOperation(false, verbs.showExhibit));
verb(exhibit, 'exclude', 'take an exhibit out of everything derived from it, and list what falls')
  .argument('<exhibit>')
  .requiredOption('--reason <text>', 'why')
  .action(withOperation(false, verbs.exclude));

verb(program, 'build', 'compute a generation from the exhibits and decisions').action(
  withOperation(false, verbs.buildGeneration),
);
verb(program, 'queue', 'who must be looked at first, and why').action(withOperation(false, verbs.showQueue));

const persons = program.command('persons').description('persons and their accounts');
verb(persons, 'list', 'persons, those in the queue first', { isDefault: true })
  .argument('[text]', 'part of a handle or account')
  .option('--limit <n>', 'how many', count, 50)
  .action(withOperation(false, verbs.listAllPersons));
verb(persons, 'show', 'everything known of one person')
  .argument('<person>')
  .action(withOperation(false, verbs.showOnePerson));
verb(
  persons,
  'explain',
  'why accounts are, or are not, taken for one person: every piece of evidence, for and against',
)
  .argument('<person|account>')
  .argument('[account]', 'the other account')
  .action(withOperation(false, verbs.explain));
verb(persons, 'review', 'pairs for a human to judge, without their scores')
  .option('--limit <n>', 'how many', count, 20)
  .action(withOperation(false, verbs.review));
verb(
  persons,
  'decide',
  'record that two accounts are the same person, different, or unsure; or take that back',
)
  .argument('<accountA>')
  .argument('<accountB>')
  .addOption(
    new Option('--as <verdict>', 'the verdict')
      .choices(['same', 'different', 'unsure', 'undone'])
      .makeOptionMandatory(),
  )
  .requiredOption('--reason <text>', 'why, in a sentence')
  .action(withOperation(false, verbs.decideLink));
verb(persons, 'evaluate', 'compare with known truth: precision, recall and the rest')
  .requiredOption('--truth <csv>', 'file with the columns service,native_id,person')
  .action(withOperation(false, verbs.evaluatePersons));

verb(program, 'fact', 'record a fact about an account that an officer answers for')
  .argument('<account>')
  .argument('<fact>', '"access to children", "prior record" or other words')
  .requiredOption('--reason <text>', 'reference or grounds')
  .action(withOperation(false, verbs.recordFact));

verb(program, 'export', 'write a table out')
  .addArgument(verbs.exportArgument)
  .addOption(
    new Option('--format <format>', 'of the file').choices(['csv', 'jsonl', 'parquet']).default('csv'),
  )
  .option('--out <file>', 'file to write instead of standard output')
  .action(withOperation(false, verbs.exportTable));

verb(program, 'source', 'print the original bytes that a record came from')
  .argument('<pointer>')
  .action(withOperation(false, verbs.printSource));

const ledger = program.command('ledger').description('the append-only log of every act');
verb(ledger, 'check', 'recompute the whole ledger and compare every byte')
  .option('--checkpoint <file...>', 'checkpoints kept elsewhere that the ledger must extend')
  .action(withOperation(false, verbs.checkWholeLedger));
verb(ledger, 'list', 'the latest acts')
  .option('--limit <n>', 'how many', count, 50)
  .action(withOperation(false, verbs.listLedger));

const exercise = program.command('exercise').description('invented operations with known answers');
exercise
  .command('write', { isDefault: true })
  .description('write an invented operation in the real file formats, with its answers')
  .exitOverride()
  .argument('<folder>', 'empty or absent')
  .option('--members <n>', 'accounts on the board', count, 200)
  .option('--seed <seed>', 'the same seed gives the same bytes', '7')
  .option('--fault <kind...>', 'faults to plant; see docs/exercise.md')
  .option('--json', 'print one JSON document and nothing else')
  .action(verbs.writeExercise);
verb(exercise, 'score', 'compare what was found with the answers')
  .requiredOption('--truth <folder>', 'the truth folder of the exercise')
  .action(withOperation(false, verbs.scoreOperation));

verb(program, 'serve', 'open the workbench in a browser on this machine')
  .option('--port <n>', 'port on 127.0.0.1; 0 takes a free one', count, 4747)
  .action(withOperation(false, verbs.serveWorkbench));

verb(
  program,
  'doctor',
  'versions, disk, encryption at rest, clock, and the integrity of what is stored',
).action(withOperation(true, verbs.examine));

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is needed');
  return Number(text);
}

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
