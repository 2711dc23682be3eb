import { type Command, Option } from 'commander';
import { decide } from '../../persons/decisions.ts';
import { explainPair, explainPerson, type PairExplanation } from '../../persons/explain.ts';
import { reviewList } from '../../persons/review.ts';
import type { Operation } from '../../store/operation.ts';
import { evaluate } from '../../workbench/evaluate.ts';
import { listPersons, showPerson } from '../../workbench/person.ts';
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
  verb(persons, 'evaluate', 'compare with known truth: precision, recall and the rest')
    .requiredOption('--truth <csv>', 'file with the columns service,native_id,person')
    .action(withOperation(false, evaluatePersons));
}

async function listAllPersons(operation: Operation, options: Options, text?: string): Promise<undefined> {
  const persons = await withGeneration(operation, (engine) =>
    listPersons(engine, text ?? '', options.limit as number, 0),
  );
  print(options, { persons }, () =>
    table(
      ['person', 'rank', 'accounts', 'handles'],
      persons.map((each) => [
        each.person,
        each.rank === null ? '' : String(each.rank),
        String(each.accounts),
        each.handles.join(', '),
      ]),
    ),
  );
}

async function showOnePerson(operation: Operation, options: Options, person: string): Promise<undefined> {
  const view = await withGeneration(operation, (engine) => showPerson(engine, person));
  print(options, view, () =>
    [
      `${view.person}${view.rank === null ? ', not in the queue' : `, rank ${view.rank}, band ${view.band}`}`,
      ...view.reasons.map((reason) => `  ${reason.text}  [${reason.pointer}]`),
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

async function evaluatePersons(operation: Operation, options: Options): Promise<undefined> {
  const result = await withGeneration(operation, (engine) => evaluate(engine, options.truth as string));
  print(options, result, () =>
    table(
      ['measure', 'value'],
      Object.entries(result).map(([name, value]) => [name, String(value)]),
    ),
  );
}
