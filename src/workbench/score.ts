import * as path from 'node:path';
import type { Comparison } from '../persons/compare-with-truth.ts';
import { caseNumberOf } from '../priorities/children.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { childSources } from '../store/queries/children.ts';
import { contactCounts } from '../store/queries/views.ts';
import { evaluate, foundPersons, readTruth, share, truePersons } from './evaluate.ts';
import { readQueue } from './overview.ts';
import { type FaultScore, scoreFaults } from './score-faults.ts';
import { type HandOffScore, scoreHandOffs } from './score-hand-offs.ts';
import { type JurisdictionScore, scoreJurisdictions } from './score-jurisdictions.ts';

/** How an exercise was solved, against its truth folder. Shares are between 0 and 1. */
export interface Score {
  readonly linking: Comparison;
  readonly contacts: {
    readonly expected: number;
    readonly found: number;
    /** Contacts found with the right number of messages, over those found, and over those expected. */
    readonly precision: number;
    readonly recall: number;
  };
  readonly queue: {
    /** People whom the exercise made targets, by own conduct. */
    readonly targets: number;
    readonly queued: number;
    /** Targets among the first n of the queue, for n = the number of targets, 1.5 times and 3 times that. */
    readonly found: readonly {
      readonly first: number;
      readonly targets: number;
      /** Of those, targets whose entry names their account on the board. */
      readonly named: number;
    }[];
    /** People in the queue who are no targets and do not run the board. */
    readonly falselyQueued: number;
    /** Targets of whom no account stands in the queue. */
    readonly missed: number;
    /** Targets who stand in it by an account elsewhere alone: linking did not join it to their account on the board. */
    readonly notLinked: number;
  };
  readonly handOffs: HandOffScore;
  readonly jurisdictions: JurisdictionScore;
  /** The faults that were planted, found or not. */
  readonly faults: readonly FaultScore[];
  /** Children at risk, and how many are linked to somebody among the first n of the queue. */
  readonly children: {
    readonly expected: number;
    /** On the safeguarding list, whoever is linked and whatever is known of them. */
    readonly listed: number;
    /** On the list and linked to the right person. */
    readonly linked: number;
    /** Case numbers on the list that the exercise did not plant. */
    readonly others: number;
    readonly found: readonly { readonly first: number; readonly children: number }[];
  };
}

/** Throws WaymarkError 'not-found' or 'usage' for a folder that holds no truth. */
export async function scoreExercise(operation: Operation, engine: Engine, truth: string): Promise<Score> {
  const persons = truePersons(path.join(truth, 'persons.csv'));
  return {
    linking: await evaluate(engine, path.join(truth, 'persons.csv')),
    contacts: await scoreContacts(engine, path.join(truth, 'contacts.csv')),
    handOffs: await scoreHandOffs(engine, truth),
    ...(await scoreQueue(engine, truth, persons)),
    jurisdictions: await scoreJurisdictions(engine, truth),
    faults: await scoreFaults(operation, engine, truth),
  };
}

async function scoreContacts(engine: Engine, file: string): Promise<Score['contacts']> {
  const expected = new Map<string, number>();
  for (const row of readTruth(file, ['from', 'to', 'channel', 'in_evidence'])) {
    const count = Number(row.in_evidence);
    if (count > 0) expected.set(`${row.from}\n${row.to}\n${row.channel}`, count);
  }
  const rows = await engine.rows<{
    from_account: string;
    to_account: string;
    channel: string;
    messages: number;
  }>(contactCounts);
  const right = rows.filter(
    (row) => expected.get(`${row.from_account}\n${row.to_account}\n${row.channel}`) === row.messages,
  ).length;
  return {
    expected: expected.size,
    found: rows.length,
    precision: share(right, rows.length),
    recall: share(right, expected.size),
  };
}

async function scoreQueue(
  engine: Engine,
  truth: string,
  persons: ReadonlyMap<string, string>,
): Promise<Pick<Score, 'queue' | 'children'>> {
  const targetRows = readTruth(path.join(truth, 'targets.csv'), ['person', 'service']);
  const targets = new Set(targetRows.map((row) => row.person!));
  const boards = new Set(targetRows.map((row) => `${row.service}/`));
  const children = readTruth(path.join(truth, 'children.csv'), ['case_number', 'person']);
  const queue = await readQueue(engine);
  const administrators = new Set<string>();
  // People by the first rank at which one of their accounts stands in the queue.
  const ranks = new Map<string, number>();
  const named = new Map<string, number>();
  const members = new Map<string, string[]>();
  for (const [account, person] of await foundPersons(engine))
    members.set(person, [...(members.get(person) ?? []), account]);
  for (const entry of queue) {
    for (const account of members.get(entry.person) ?? []) {
      const human = persons.get(account);
      if (human === undefined) continue;
      if (!ranks.has(human)) ranks.set(human, entry.rank);
      if (!named.has(human) && [...boards].some((board) => account.startsWith(board)))
        named.set(human, entry.rank);
      if (entry.reasons.every((reason) => reason.indicator === 'administers the service'))
        administrators.add(human);
    }
  }
  const firsts = [1, 1.5, 3].map((factor) => Math.ceil(targets.size * factor));
  const among = (people: readonly string[], first: number, held: ReadonlyMap<string, number> = ranks) =>
    people.filter((human) => (held.get(human) ?? Number.POSITIVE_INFINITY) <= first).length;
  return {
    queue: {
      targets: targets.size,
      queued: queue.length,
      found: firsts.map((first) => ({
        first,
        targets: among([...targets], first),
        named: among([...targets], first, named),
      })),
      missed: [...targets].filter((human) => !ranks.has(human)).length,
      notLinked: [...targets].filter((human) => ranks.has(human) && !named.has(human)).length,
      falselyQueued: [...ranks.keys()].filter((human) => !targets.has(human) && !administrators.has(human))
        .length,
    },
    children: {
      expected: children.length,
      ...(await scoreChildren(engine, children, persons)),
      found: firsts.map((first) => ({
        first,
        children: among(
          children.map((child) => child.person!),
          first,
        ),
      })),
    },
  };
}

/** Who of the planted children is on the safeguarding list of the generation. */
async function scoreChildren(
  engine: Engine,
  children: readonly Record<string, string>[],
  persons: ReadonlyMap<string, string>,
): Promise<Pick<Score['children'], 'listed' | 'linked' | 'others'>> {
  const humans = new Map<string, Set<string>>();
  for (const { case_number: number, account } of await engine.rows<{
    case_number: string;
    account: string | null;
  }>(childSources)) {
    const held = humans.get(number) ?? new Set();
    const human = account === null ? undefined : persons.get(account);
    humans.set(number, human === undefined ? held : held.add(human));
  }
  const listed = children.filter((child) => humans.has(caseNumberOf(child.case_number!)));
  return {
    listed: listed.length,
    linked: listed.filter((child) => humans.get(caseNumberOf(child.case_number!))!.has(child.person!)).length,
    others: humans.size - listed.length,
  };
}
