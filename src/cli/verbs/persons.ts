import { type Command, Option } from 'commander';
import { decide } from '../../persons/decisions.ts';
import { explainPair, explainPerson, type PairExplanation } from '../../persons/explain.ts';
import { reviewList } from '../../persons/review.ts';
import type { Operation } from '../../store/operation.ts';
import { clearedPersons } from '../../workbench/categories.ts';
import { consultOnce } from '../../workbench/consultation.ts';
import { decisionsInForce } from '../../workbench/decided.ts';
import { evaluate, listGenerics } from '../../workbench/evaluate.ts';
import { listPersons, showPerson } from '../../workbench/person.ts';
import { type PersonEvent, personHistory } from '../../workbench/person-history.ts';
import { safeText, table } from '../terminal.ts';
import {
  assertAccount,
  count,
  isoOf,
  type Options,
  print,
  verb,
  withGeneration,
  withOperation,
} from '../verb.ts';

/** Persons, why their accounts are taken for one, and decisions on that. */
export function addPersonVerbs(program: Command): void {
  const persons = program.command('persons').description('persons and their accounts');
  verb(persons, 'list', 'persons, those in the queue first', { isDefault: true })
    .argument('[text]', 'part of a handle or account')
    .option('--limit <n>', 'how many', count, 50)
    .option('--cleared', 'show cleared persons too')
    .action(withOperation(false, listAllPersons));
  verb(persons, 'show', 'everything known of one person')
    .argument('<person>')
    .action(withOperation(false, showOnePerson));
  verb(
    persons,
    'explain',
    'why accounts are, or are not, taken for one person: every piece of evidence, for and against',
  )
    .argument('<person|account>')
    .argument('[account]', 'the other account')
    .action(withOperation(false, explain));
  verb(persons, 'review', 'pairs for a human to judge, without their scores')
    .option('--limit <n>', 'how many', count, 20)
    .action(withOperation(false, review));
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
    .action(withOperation(false, decideLink));
  verb(persons, 'history', 'merges, splits and changes of its accounts from generation to generation')
    .argument('<person>')
    .action(withOperation(false, history));
  verb(persons, 'generic', 'values that so many accounts share that they join nobody')
    .option('--limit <n>', 'how many', count, 50)
    .action(withOperation(false, generics));
  verb(persons, 'evaluate', 'compare with known truth: precision, recall and the rest')
    .requiredOption('--truth <csv>', 'file with the columns service,native_id,person')
    .action(withOperation(false, evaluatePersons));
}

async function listAllPersons(operation: Operation, options: Options, text?: string): Promise<undefined> {
  const { persons, hidden } = await withGeneration(operation, async (engine) => {
    const cleared = options.cleared
      ? []
      : [...(await clearedPersons(engine, decisionsInForce(operation))).keys()];
    const found = await listPersons(engine, text ?? '', options.limit as number, 0, cleared);
    return { persons: found, hidden: cleared.length };
  });
  print(
    options,
    { persons, hidden },
    () =>
      table(
        ['person', 'rank', 'accounts', 'handles'],
        persons.map((each) => [
          each.person,
          each.rank === null ? '' : String(each.rank),
          String(each.accounts),
          each.handles.join(', '),
        ]),
      ) + (hidden > 0 ? `\ncleared and hidden (--cleared shows them): ${hidden}` : ''),
  );
}

async function showOnePerson(operation: Operation, options: Options, person: string): Promise<undefined> {
  const view = await withGeneration(operation, (engine) => showPerson(engine, person));
  const accounts = view.accounts.map(({ account }) => account);
  await consultOnce(operation, 'person.consult', person, accounts);
  print(options, view, () =>
    [
      `${view.person}${view.rank === null ? ', not in the queue' : `, rank ${view.rank}, band ${view.band}`}`,
      ...view.reasons.map(
        (reason) =>
          `  ${reason.withdrawn ? 'WITHDRAWN, counts nothing: ' : ''}${safeText(reason.text)}  [${safeText(reason.pointer)}]`,
      ),
      table(
        ['account', 'handle', 'created (UTC)', 'source'],
        view.accounts.map((a) => [a.account, a.handle ?? '', isoOf(a.time), a.pointer]),
      ),
      'links (investigative score in bits, not a likelihood ratio):',
      table(
        ['bits', 'pair', 'evidence'],
        view.links.map((l) => [
          l.bits.toFixed(1),
          `${l.handle_a ?? l.account_a} / ${l.handle_b ?? l.account_b}`,
          l.evidence.map((e) => e.text).join('; '),
        ]),
        90,
      ),
    ].join('\n'),
  );
}

async function explain(
  operation: Operation,
  options: Options,
  first: string,
  second?: string,
): Promise<undefined> {
  if (second !== undefined) {
    const pair = await withGeneration(operation, (engine) => explainPair(engine, first, second));
    print(options, pair, () => pairText(pair));
    return;
  }
  const certificate = await withGeneration(operation, (engine) => explainPerson(engine, first));
  const { person, accounts, weakest, bridge, decisions, pairsWithoutEvidence, pairs, links } = certificate;
  print(options, certificate, () =>
    [
      `${person}: ${accounts.map(safeText).join(', ')}`,
      weakest === null
        ? 'one account'
        : `weakest cut: ${weakest.bits.toFixed(1)} bits over ${weakest.links} link${bridge ? ', which alone holds it together' : 's'}`,
      `${pairsWithoutEvidence} of ${pairs} pairs show nothing of one another; ${decisions.length} decisions in force`,
      ...links.map(pairText),
    ].join('\n\n'),
  );
}

function pairText(pair: PairExplanation): string {
  const bars = pair.bars.map((bar) => [
    bar.counted.toFixed(1),
    bar.group,
    bar.text,
    `${bar.accounts} of ${pair.population} accounts`,
    bar.pointers.join(' '),
  ]);
  return [
    `${safeText(pair.a)} / ${safeText(pair.b)}${pair.decision ? `: decided ${pair.decision}` : ''}`,
    bars.length > 0
      ? table(['bits', 'group', 'evidence', 'shared by', 'sources'], bars, 90)
      : 'nothing is known for or against',
    `sum ${pair.bits.toFixed(1)} bits; proposed from ${pair.threshold.toFixed(1)}. ${pair.standing.kind}: ${pair.standing.note}`,
    ...pair.ladder.map(
      (rung) =>
        `  ${rung.proposition} rather than ${rung.against}: ${rung.bits.toFixed(1)} bits, ${rung.words}`,
    ),
    pair.pivot
      ? `without "${safeText(pair.pivot.text)}": ${pair.pivot.from} becomes ${pair.pivot.to}`
      : 'no single removal changes the words',
  ].join('\n');
}

async function review(operation: Operation, options: Options): Promise<undefined> {
  const pairs = await withGeneration(operation, (engine) => reviewList(engine, options.limit as number));
  print(options, { pairs }, () =>
    pairs.length === 0
      ? 'No pair shows anything in common.'
      : pairs
          .map(
            ({ a, b, shown }) =>
              `${safeText(a)} / ${safeText(b)}\n${shown.map(({ text, pointers }) => `    ${safeText(text)}  [${pointers.join(' ')}]`).join('\n')}`,
          )
          .join('\n'),
  );
}

async function decideLink(operation: Operation, options: Options, a: string, b: string): Promise<undefined> {
  await withGeneration(operation, async (engine) => {
    for (const account of [a, b]) await assertAccount(engine, account);
  });
  await operation.exclusively(async () => {
    decide(operation, {
      kind: 'link',
      subject: [a, b],
      value: options.as as string,
      reason: options.reason as string,
      author: operation.actor,
      time: new Date().toISOString(),
    });
  });
  print(options, { recorded: true }, () => 'Recorded. Run "build" for the persons that follow from it.');
}

async function history(operation: Operation, options: Options, person: string): Promise<undefined> {
  const found = await personHistory(operation, person);
  print(options, found, () =>
    [
      `${found.person}: ${found.events.length} changes in ${found.compared} of ${Math.max(0, found.generations - 1)} changes of generation`,
      ...found.events.map(eventText),
    ].join('\n\n'),
  );
}

function eventText(event: PersonEvent): string {
  const named = (accounts: readonly string[]) => accounts.map(safeText).join(', ');
  const parts = (words: string, list: PersonEvent['mergedFrom']) =>
    list.map((part) => `  ${words} ${part.person}: ${named(part.accounts)}`);
  return [
    `${event.time}  ${event.kinds.join(', ')}  (generation ${event.before} to ${event.after}${event.personBefore !== null && event.personBefore !== event.personAfter ? `; was ${event.personBefore}` : ''})`,
    ...parts('merged from', event.mergedFrom),
    ...parts('split into', event.splitInto),
    ...(event.added.length > 0 ? [`  accounts added: ${named(event.added)}`] : []),
    ...(event.gone.length > 0 ? [`  accounts gone: ${named(event.gone)}`] : []),
    ...event.causes.map((cause) => `  ${cause.kind}: ${safeText(cause.text)}  [${cause.pointers.join(' ')}]`),
  ].join('\n');
}

async function generics(operation: Operation, options: Options): Promise<undefined> {
  const values = await withGeneration(operation, (engine) =>
    listGenerics(engine, options.limit as number, 0),
  );
  print(options, { values }, () =>
    table(
      ['selector', 'value', 'accounts', 'cap'],
      values.map((each) => [each.selector, each.canonical, String(each.accounts), String(each.cap)]),
    ),
  );
}

async function evaluatePersons(operation: Operation, options: Options): Promise<undefined> {
  const result = await withGeneration(operation, (engine) => evaluate(engine, options.truth as string));
  print(options, result, () =>
    table(
      ['measure', 'value'],
      Object.entries(result).map(([name, value]) => [name, String(value)]),
    ),
  );
}
