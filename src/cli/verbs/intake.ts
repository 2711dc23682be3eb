import type { Command } from 'commander';
import { findExhibit, listExhibits } from '../../intake/exhibits.ts';
import type { Operation } from '../../store/operation.ts';
import { build } from '../../workbench/build.ts';
import type { LinkChange, Listed, PersonChange } from '../../workbench/changes.ts';
import { gradesInForce } from '../../workbench/decisions.ts';
import {
  type Exclusion,
  type ExclusionAct,
  excludeExhibit,
  includeExhibit,
  listExclusions,
  previewExclusion,
} from '../../workbench/exclude.ts';
import { addExhibits } from '../../workbench/intake.ts';
import { type ExhibitView, intakeView, viewOf } from '../../workbench/overview.ts';
import { type QueueStands, run } from '../../workbench/run.ts';
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
  for (const [act, what] of Object.entries(exclusionActs)) {
    verb(exhibit, act, what.about)
      .argument('<exhibit>')
      .option('--reason <text>', 'why; needed unless it is a preview')
      .option('--preview', 'say what would fall and appear; nothing changes')
      .action(
        withOperation(false, (operation, options, id: string) =>
          changeStanding(operation, options, id, act as ExclusionAct),
        ),
      );
  }
  verb(exhibit, 'changes', 'what changed each time that an exhibit was taken out or back in')
    .argument('<exhibit>')
    .action(withOperation(false, showChanges));

  verb(program, 'build', 'compute a generation from the exhibits and decisions').action(
    withOperation(false, buildGeneration),
  );
}

function custodyOptions(command: Command): Command {
  return command
    .option('--authority <reference>', 'legal authority under which it was obtained')
    .option('--reference <text>', 'exhibit reference given by the unit')
    .option('--note <text>', 'what else is to be said of how it was handed over');
}

export async function runAll(operation: Operation, options: Options, start: string): Promise<number> {
  // People see the queue as soon as it stands; programs get one document, at the end.
  const result = await withProgress((onProgress) =>
    run(operation, start, custody(options), onProgress, (stands) => {
      if (!options.json) print(options, stands, () => queueStandsText(stands));
    }),
  );
  if (options.json) print(options, result, () => '');
  return result.unread.length > 0 ? exitCode.unread : exitCode.done;
}

function queueStandsText(stands: QueueStands): string {
  return [
    exhibitTable(stands.exhibits),
    unreadText(stands.unread),
    `${stands.accounts} accounts, ${stands.persons} persons, ${stands.contacts} contacts; generation ${stands.generation}`,
    queueText(stands.queue),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

async function addExhibit(operation: Operation, options: Options, start: string): Promise<number> {
  const { refused } = await withProgress((onProgress) =>
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

const exclusionActs: Readonly<
  Record<ExclusionAct, { about: string; done: string; run: typeof excludeExhibit }>
> = {
  exclude: {
    about: 'take an exhibit out of everything derived from it, and list what falls',
    done: 'is excluded',
    run: excludeExhibit,
  },
  include: {
    about: 'take an excluded exhibit back in, and list what appears',
    done: 'stands again',
    run: includeExhibit,
  },
};

async function changeStanding(
  operation: Operation,
  options: Options,
  id: string,
  act: ExclusionAct,
): Promise<undefined> {
  const result = await withProgress((onProgress) =>
    options.preview
      ? previewExclusion(operation, id, act, onProgress)
      : exclusionActs[act].run(operation, id, (options.reason as string | undefined) ?? '', onProgress),
  );
  print(options, result, () => changesText(result));
}

async function showChanges(operation: Operation, options: Options, id: string): Promise<undefined> {
  const changes = listExclusions(operation, findExhibit(operation, id).id);
  print(options, { changes }, () =>
    changes.length === 0
      ? 'This exhibit was never taken out.'
      : changes
          .map(
            ({ act, time, author, reason, result }) =>
              `${time} ${safeText(author)}: ${act}, ${safeText(reason)}\n${result === null ? 'The work was cut off: what changed was not compared.' : changesText(result)}`,
          )
          .join('\n\n'),
  );
}

function changesText(result: Exclusion): string {
  const { changes, generation, act, notices, packages } = result;
  const { links, persons, queue, children, accounts } = changes;
  const heading =
    generation === null
      ? `A preview, compared with ${result.compared_with}: nothing was changed.`
      : `Exhibit ${result.exhibit} ${exclusionActs[act].done}; generation ${generation} is in force.`;
  const link = ({ a, b, bits_before, bits_after }: LinkChange) =>
    `${a} = ${b} (${bits_before?.toFixed(1) ?? 'none'} to ${bits_after?.toFixed(1) ?? 'none'} bits)`;
  const person = ({ person: id, parts }: PersonChange) =>
    `${id}: ${parts.map((part) => `${part.person ?? 'nobody'} (${part.count})`).join(', ')}`;
  return [
    heading,
    listText(
      'records',
      Object.entries(result.records).map(([table, count]) => `${count} ${table}`),
    ),
    listed('accounts known no more', accounts.fell, ({ account }) => account),
    listed('accounts that come in', accounts.came, ({ account }) => account),
    listed('links that fall', links.fell, link),
    listed('links that lose evidence', links.weaker, link),
    listed('links that gain evidence', links.stronger, link),
    listed('links that appear', links.came, link),
    `persons: ${persons.before} before, ${persons.after} after; ${persons.gone} gone, ${persons.smaller} with fewer accounts, ${persons.appeared} new`,
    listed('persons that split', persons.split, person),
    listed('persons that are joined', persons.joined, person),
    listed('places in the queue', queue, (each) =>
      [
        each.person ?? each.heir ?? '',
        each.from === null ? 'not in it' : `${each.from} (${each.from_band})`,
        'to',
        each.to === null ? 'not in it' : `${each.to} (${each.to_band})`,
      ].join(' '),
    ),
    listed(
      'children whose records differ',
      children,
      ({ child, fell, came, stand }) => `${child}: ${fell} fall, ${came} come, ${stand} stand`,
    ),
    `hand-offs: ${changes.hand_offs.fell} fall, ${changes.hand_offs.came} come; leads: ${changes.leads.fell} fall, ${changes.leads.came} come`,
    listText('accounts of decisions that are known no more', changes.decided_gone),
    listText(
      'packages that cite it',
      packages.map(({ id, to, created }) => `${id} of ${created} to ${to.join(', ')}`),
    ),
    ...notices.map(
      ({ text }) => `\nDraft, for a human to send:\n${safeText(text).replaceAll('⟦000a⟧', '\n')}`,
    ),
  ].join('\n');
}

function listed<T>(heading: string, { count, items }: Listed<T>, text: (item: T) => string): string {
  const cut = count > items.length ? ` (the first ${items.length} of ${count})` : ` (${count})`;
  return listText(`${heading}${cut}`, items.map(text));
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
    note: (options.note as string | undefined) ?? null,
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
