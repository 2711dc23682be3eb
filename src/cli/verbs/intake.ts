import type { Command } from 'commander';
import { findExhibit, listExhibits } from '../../intake/exhibits.ts';
import type { Operation } from '../../store/operation.ts';
import { build } from '../../workbench/build.ts';
import { gradesInForce } from '../../workbench/decisions.ts';
import { excludeExhibit } from '../../workbench/exclude.ts';
import { addExhibits } from '../../workbench/intake.ts';
import { type ExhibitView, intakeView, viewOf } from '../../workbench/overview.ts';
import { run } from '../../workbench/run.ts';
import { exitCode, safeText, table } from '../terminal.ts';
import { type Options, print, verb, withOperation, withProgress } from '../verb.ts';
import { markingText } from './acts.ts';
import { queueText } from './queue.ts';

/** What is handed over, what is read of it, and the generation built from it. */
export function addIntakeVerbs(program: Command): void {
  custodyOptions(
    verb(program, 'run', 'take in and read everything under a path, build, print the queue').argument(
      '<path>',
    ),
  ).action(withOperation(true, runAll));

  const exhibit = program.command('exhibit').description('what was handed over');
  custodyOptions(verb(exhibit, 'add', 'take in and read everything under a path').argument('<path>')).action(
    withOperation(true, addExhibit),
  );
  verb(exhibit, 'list', 'all exhibits with their records').action(withOperation(false, listAllExhibits));
  verb(exhibit, 'show', 'one exhibit: custody, counts that add up, warnings')
    .argument('<exhibit>')
    .action(withOperation(false, showExhibit));
  verb(exhibit, 'exclude', 'take an exhibit out of everything derived from it, and list what falls')
    .argument('<exhibit>')
    .requiredOption('--reason <text>', 'why')
    .action(withOperation(false, exclude));

  verb(program, 'build', 'compute a generation from the exhibits and decisions').action(
    withOperation(false, buildGeneration),
  );
}

function custodyOptions(command: Command): Command {
  return command
    .option('--authority <reference>', 'legal authority under which it was obtained')
    .option('--reference <text>', 'exhibit reference given by the unit');
}

export async function runAll(operation: Operation, options: Options, start: string): Promise<number> {
  const result = await withProgress((onProgress) => run(operation, start, custody(options), onProgress));
  print(options, result, () =>
    [
      exhibitTable(result.exhibits),
      unreadText(result.unread),
      `${result.accounts} accounts, ${result.persons} persons, ${result.contacts} contacts; generation ${result.generation}`,
      queueText(result.queue),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  );
  return result.unread.length > 0 ? exitCode.unread : exitCode.done;
}

async function addExhibit(operation: Operation, options: Options, start: string): Promise<number> {
  const refused = await withProgress((onProgress) =>
    addExhibits(operation, start, custody(options), onProgress),
  );
  const { exhibits, unread } = await intakeView(operation, null, refused);
  print(options, { exhibits, unread }, () =>
    [exhibitTable(exhibits), unreadText(unread)].filter((part) => part !== '').join('\n\n'),
  );
  return unread.length > 0 ? exitCode.unread : exitCode.done;
}

async function listAllExhibits(operation: Operation, options: Options): Promise<undefined> {
  const exhibits = listExhibits(operation).map(viewOf);
  print(options, { exhibits }, () => exhibitTable(exhibits));
}

async function showExhibit(operation: Operation, options: Options, id: string): Promise<undefined> {
  const exhibit = viewOf(findExhibit(operation, id));
  const view = { ...exhibit, marking: gradesInForce(operation).get(`exhibit ${exhibit.id}`) ?? null };
  print(options, view, () => {
    const facts = [
      ['exhibit', view.id],
      ['received as', view.paths.join(', ')],
      ['sha-256', view.sha256],
      ['bytes', String(view.bytes)],
      ['authority', view.authority ?? 'not stated'],
      ['reference', view.reference ?? 'not stated'],
      ['graded', markingText(view.marking) || 'not'],
      ['status', view.status],
      ['reader', view.reader ? `${view.reader} version ${view.readerVersion}` : 'none'],
      ['warnings', String(view.warnings)],
    ];
    const rows = view.rows.map(({ unit, rows, read, skipped }) => [
      unit,
      String(rows),
      String(read),
      Object.entries(skipped)
        .map(([reason, count]) => `${count} ${reason}`)
        .join('; '),
    ]);
    return `${table(['', ''], facts, 100).trimStart()}\n\n${table(['part', 'rows', 'read', 'skipped, and why'], rows, 100)}`;
  });
}

async function exclude(operation: Operation, options: Options, id: string): Promise<undefined> {
  const result = await withProgress((onProgress) =>
    excludeExhibit(operation, id, options.reason as string, onProgress),
  );
  print(options, result, () =>
    [
      `Exhibit ${result.exhibit} is excluded; generation ${result.generation} stands without it.`,
      listText('links that fell', result.links.fell),
      listText('links that appeared', result.links.appeared),
      listText('persons that left the queue', result.queue.fell),
      listText('persons that entered the queue', result.queue.appeared),
      listText(
        'persons whose rank changed',
        result.queue.moved.map(({ person, from, to }) => `${person}: ${from} to ${to}`),
      ),
    ].join('\n'),
  );
}

async function buildGeneration(operation: Operation, options: Options): Promise<undefined> {
  const generation = await withProgress((onProgress) => build(operation, onProgress));
  const { accounts, persons, contacts, queued } = generation.summary;
  print(
    options,
    generation,
    () =>
      `generation ${generation.id}: ${accounts} accounts, ${persons} persons, ${contacts} contacts, ${queued} in the queue`,
  );
}

function custody(options: Options) {
  return {
    authority: (options.authority as string | undefined) ?? null,
    reference: (options.reference as string | undefined) ?? null,
  };
}

function exhibitTable(exhibits: readonly ExhibitView[]): string {
  return table(
    ['exhibit', 'received as', 'reader', 'records', 'warnings'],
    exhibits.map((each) => [
      each.id,
      each.path,
      each.reader ?? each.status,
      Object.entries(each.records)
        .filter(([, count]) => count > 0)
        .map(([name, count]) => `${count} ${name}`)
        .join(', '),
      String(each.warnings),
    ]),
    70,
  );
}

function unreadText(unread: readonly { path: string; reason: string }[]): string {
  if (unread.length === 0) return '';
  return `Not read (${unread.length}), kept in the vault:\n${unread.map(({ path, reason }) => `  ${safeText(path)}: ${safeText(reason)}`).join('\n')}`;
}

function listText(heading: string, items: readonly string[]): string {
  return `${heading}: ${items.length === 0 ? 'none' : `\n${items.map((item) => `  ${safeText(item)}`).join('\n')}`}`;
}
