import type { Command } from 'commander';
import type { Operation } from '../../store/operation.ts';
import {
  addSecondReader,
  listOpened,
  type Opening,
  openText,
  readingPolicy,
  removeSecondReader,
} from '../../workbench/reading.ts';
import { safeText, table } from '../terminal.ts';
import { type Options, print, verb, withOperation } from '../verb.ts';

/** What must be given before a text is opened, who can confirm it, and what was opened so. */
export function addReadingVerbs(program: Command): void {
  const reading = program
    .command('reading')
    .description('what is asked before the text of subjects is opened; set by "policy set"');
  verb(reading, 'show', 'what is asked, and who can confirm', { isDefault: true }).action(
    withOperation(false, show),
  );
  verb(reading, 'opened', 'texts opened with a reason or a second person').action(
    withOperation(false, opened),
  );
  verb(reading, 'add', 'make somebody a second reader; prints their key, this once')
    .argument('<name>')
    .action(withOperation(false, add));
  verb(reading, 'remove', 'somebody confirms no more')
    .argument('<name>')
    .action(withOperation(false, remove));
}

async function show(operation: Operation, options: Options): Promise<undefined> {
  const policy = readingPolicy(operation);
  print(options, policy, () =>
    [
      `reason: ${policy.reason ? 'asked for' : 'not asked for'}`,
      `second person: ${policy.second ? 'asked for' : 'not asked for'}`,
      `second readers: ${policy.second_readers.map(safeText).join(', ') || 'none'}`,
    ].join('\n'),
  );
}

async function opened(operation: Operation, options: Options): Promise<undefined> {
  const texts = listOpened(operation);
  print(options, { opened: texts }, () =>
    table(
      ['time', 'author', 'second', 'reason', 'source'],
      texts.map(({ time, author, second, reason, pointer }) => [
        time,
        author,
        second ?? '',
        reason ?? '',
        pointer,
      ]),
      90,
    ),
  );
}

async function add(operation: Operation, options: Options, name: string): Promise<undefined> {
  const key = await operation.exclusively(async () =>
    addSecondReader(operation, name, new Date().toISOString()),
  );
  print(
    options,
    { name, key },
    () => `Key of ${safeText(name)}, for them alone; it is shown this once and kept nowhere:\n${key}`,
  );
}

async function remove(operation: Operation, options: Options, name: string): Promise<undefined> {
  await operation.exclusively(async () => removeSecondReader(operation, name));
  print(options, { removed: name }, () => `${safeText(name)} confirms no more.`);
}

/** Options of verbs that open a text. The key comes by the environment, never by the list of processes. */
export function openingOptions(command: Command): Command {
  return command
    .option('--reason <text>', 'why it must be read; where the operation asks for it')
    .option('--second <name>', 'who confirms it, with their key in WAYMARK_SECOND_KEY');
}

/** Records that a text is opened, before it is printed. */
export async function openFor(operation: Operation, options: Options, pointer: string): Promise<void> {
  const { reason, second } = options as { reason?: string; second?: string };
  const key = process.env.WAYMARK_SECOND_KEY ?? '';
  const opening: Opening = { reason, ...(second !== undefined && { second: { name: second, key } }) };
  await operation.exclusively(async () => openText(operation, pointer, opening, new Date().toISOString()));
}
