import { type Command, Option } from 'commander';
import { categories, reviewOutcomes } from '../../persons/decision-kinds.ts';
import type { Reason } from '../../priorities/queue.ts';
import type { Change } from '../../priorities/rules.ts';
import type { Operation } from '../../store/operation.ts';
import { classify, listCleared, showStanding } from '../../workbench/categories.ts';
import type { QueueEntry } from '../../workbench/overview.ts';
import { auditSample, auditSize, type QueueLine, reviewPerson, showQueue } from '../../workbench/queue.ts';
import { safeText, table } from '../terminal.ts';
import { count, type Options, print, verb, withGeneration, withOperation } from '../verb.ts';
import { actOptions, byOf, markingText, oneOf, record } from './acts.ts';

/** Who comes first, what humans found on looking, and in which category a person is. */
export function addQueueVerbs(program: Command): void {
  const queue = program.command('queue').description('who must be looked at first, and why');
  verb(queue, 'show', 'the queue with reasons for and against', { isDefault: true })
    .option('--limit <n>', 'how many', count, 200)
    .option('--offset <n>', 'how many to leave out first', count, 0)
    .option('--band <band>', 'only this band', '')
    .option('--text <text>', 'part of a handle or account', '')
    .addOption(
      new Option('--review <which>', 'reviewed or not').choices(['all', 'open', 'done']).default('all'),
    )
    .option('--cleared', 'show cleared persons too')
    .action(withOperation(false, showPage));
  actOptions(verb(queue, 'review', 'record what you found on looking at a person'))
    .argument('<person>')
    .requiredOption('--outcome <outcome>', reviewOutcomes.join(', '))
    .action(withOperation(false, review));
  verb(queue, 'audit', 'a random sample of the low-ranked and of members outside the queue')
    .option('--size <n>', 'how many', count, auditSize)
    .action(withOperation(false, audit));

  actOptions(verb(program, 'category', 'put a person into a category of LED Art. 6'))
    .argument('<person>')
    .argument('<category>', categories.join(', '))
    .action(withOperation(false, setCategory));
  verb(program, 'standing', 'what humans decided of a person, and whether it still fits')
    .argument('<person>')
    .action(withOperation(false, standingOf));
  verb(program, 'cleared', 'cleared persons and when their records are due for erasure').action(
    withOperation(false, cleared),
  );
}

async function showPage(operation: Operation, options: Options): Promise<undefined> {
  const {
    limit,
    offset,
    band,
    text,
    review: which,
  } = options as unknown as {
    limit: number;
    offset: number;
    band: string;
    text: string;
    review: 'all' | 'open' | 'done';
  };
  const filter = {
    limit,
    offset,
    band,
    text,
    review: which,
    cleared: options.cleared ? 'show' : 'hide',
  } as const;
  const view = await withGeneration(operation, (engine) => showQueue(operation, engine, filter));
  print(options, view, () => {
    const { coverage, hidden, scheme } = view;
    if (view.coverage.queued === 0) return emptyQueue;
    return [
      `Queue by "${safeText(scheme.name)}" version ${scheme.version}: ${coverage.reviewed} of ${coverage.queued} reviewed${coverage.again > 0 ? `, ${coverage.again} to be looked at again` : ''}`,
      ...(hidden.cleared > 0 ? [`cleared and hidden (--cleared shows them): ${hidden.cleared}`] : []),
      ...(hidden.victims > 0
        ? [
            `accounts stated to be victims' that have indicators, never ranked (see "children"): ${hidden.victims}`,
          ]
        : []),
      ...(hidden.withdrawn > 0
        ? [`left out because everything said of them was withdrawn: ${hidden.withdrawn}`]
        : []),
      ...view.queue.map(lineText),
      ...(view.more
        ? [`${view.total - offset - view.queue.length} more: --offset ${offset + view.queue.length}`]
        : []),
    ].join('\n');
  });
}

function lineText(line: QueueLine): string {
  const names = line.accounts.map(({ handle, account }) => safeText(handle ?? account)).join(', ');
  const { accounts: joined, ...kinds } = line.completeness;
  const evidence = Object.entries(kinds)
    .filter(([, held]) => held > 0)
    .map(([kind, held]) => `${kind} ${held}`);
  return [
    `${String(line.rank).padStart(4)}  ${line.band}  ${names}  (${line.person})${line.category === 'unclassified contact' ? '' : `  ${line.category}`}${line.cleared ? '  CLEARED' : ''}`,
    ...line.reasons.map(
      (reason) => `${reasonText(reason)}${reason.marking ? `  ${markingText(reason.marking)}` : ''}`,
    ),
    `          ${changeText(line.raise, 'higher with')}; ${changeText(line.lower, 'lower without')}`,
    `          in evidence: ${[...evidence, joined > 1 ? `${joined} accounts linked` : 'one account'].join(', ')}`,
    ...(line.victimAccounts.length > 0
      ? [
          `          stated to be a victim's, check the link first: ${line.victimAccounts.map(safeText).join(', ')}`,
        ]
      : []),
    ...(line.children.length > 0
      ? [
          `          children: ${line.children.map((child) => `${safeText(child.case)} ${child.state}`).join(', ')}`,
        ]
      : []),
    ...(line.review
      ? [
          `          ${line.review.outcome} by ${safeText(line.review.author)}${line.review.held === 'grown' ? ', before further accounts were linked: look again' : line.review.held === 'split' ? ', when this was one person with others' : ''}: ${safeText(line.review.reason)} ${markingText(line.review.marking)}`,
        ]
      : []),
  ].join('\n');
}

function changeText(change: Change | null, how: string): string {
  if (change === null)
    return how === 'higher with' ? 'nothing would lead higher' : 'nothing would lead lower';
  return `${change.band === null ? 'out of the queue' : `band ${change.band}`} ${how === 'higher with' ? 'with' : 'without'} ${change.indicators.join(' and ')}`;
}

function reasonText(reason: Reason): string {
  const against = reason.against
    ? `\n          against: ${safeText(reason.against.text)}  [${safeText(reason.against.pointer)}]`
    : '';
  return `          ${reason.withdrawn ? 'WITHDRAWN, counts nothing: ' : ''}${safeText(reason.text)}  [${safeText(reason.pointer)}]${against}`;
}

async function review(operation: Operation, options: Options, person: string): Promise<undefined> {
  const outcome = oneOf(reviewOutcomes, options.outcome as string, 'outcome of a review');
  const act = await withGeneration(operation, (engine) => reviewPerson(operation, engine, person, outcome));
  return record(operation, options, () => act(byOf(options)), 'It holds on to the accounts of this person.');
}

async function audit(operation: Operation, options: Options): Promise<undefined> {
  const view = await withGeneration(operation, (engine) =>
    auditSample(operation, engine, options.size as number),
  );
  print(options, view, () =>
    [
      `${view.sample.length} of ${view.population}, drawn by ${view.seed}`,
      table(
        ['person', 'rank', 'band', 'accounts', 'review'],
        view.sample.map((each) => [
          each.person,
          each.rank === null ? '' : String(each.rank),
          each.band ?? '',
          each.accounts.map(({ handle, account }) => handle ?? account).join(', '),
          each.review?.outcome ?? '',
        ]),
      ),
      view.counted.reviewed === 0
        ? 'None of a sample is reviewed yet.'
        : `${view.counted.referred} of ${view.counted.reviewed} reviewed from samples were referred: with 95% confidence at most ${(view.counted.most! * 100).toFixed(1)}% of such persons would be`,
    ].join('\n'),
  );
}

async function setCategory(
  operation: Operation,
  options: Options,
  person: string,
  given: string,
): Promise<undefined> {
  const category = oneOf(categories, given, 'category');
  const act = await withGeneration(operation, (engine) => classify(operation, engine, person, category));
  return record(operation, options, () => act(byOf(options)), 'Run "build" for what follows from it.');
}

async function standingOf(operation: Operation, options: Options, person: string): Promise<undefined> {
  const view = await withGeneration(operation, (engine) => showStanding(operation, engine, person));
  print(options, view, () =>
    [
      `${view.person}: ${view.category}${view.cleared ? `, cleared; due for erasure from ${view.eraseAfter}` : ''}`,
      table(
        ['decision', 'kind', 'value', 'still fits', 'undone by', 'author', 'time', 'reason', 'marking'],
        view.decisions.map((each) => [
          String(each.sequence),
          each.kind,
          each.value,
          each.held,
          each.undone === null ? '' : String(each.undone),
          each.author,
          each.time,
          each.reason,
          markingText(each.marking),
        ]),
        60,
      ),
    ].join('\n'),
  );
}

async function cleared(operation: Operation, options: Options): Promise<undefined> {
  const persons = await withGeneration(operation, (engine) => listCleared(operation, engine));
  print(options, { cleared: persons }, () =>
    persons.length === 0
      ? 'Nobody is cleared.'
      : table(
          ['person', 'accounts', 'since', 'due for erasure', 'decision'],
          persons.map((each) => [
            each.person,
            each.accounts.join(', '),
            each.since,
            each.eraseAfter,
            String(each.decision),
          ]),
        ),
  );
}

const emptyQueue =
  'The queue is empty: no objective indicator was found. Add a hash list, or record facts with "fact".';

/** What "run" prints: the queue as it was ranked. */
export function queueText(queue: readonly QueueEntry[]): string {
  if (queue.length === 0) return emptyQueue;
  return `Queue (${queue.length}):\n${queue
    .map(
      (entry) =>
        `${String(entry.rank).padStart(4)}  ${entry.band}  ${entry.accounts.map(({ handle, account }) => safeText(handle ?? account)).join(', ')}  (${entry.person})\n${entry.reasons
          .map(reasonText)
          .join('\n')}`,
    )
    .join('\n')}`;
}
