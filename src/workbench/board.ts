import { listExhibits } from '../intake/exhibits.ts';
import type { ChildState, OutcomeKind } from '../persons/decision-kinds.ts';
import { childStates } from '../persons/decision-kinds.ts';
import { type Decision, detailsOf } from '../persons/decisions.ts';
import type { Engine } from '../store/engine.ts';
import { assertIntact, generationPath } from '../store/lake.ts';
import type { Operation } from '../store/operation.ts';
import * as sql from '../store/queries/board.ts';
import { earlierQueue, queueLines } from '../store/queries/priorities.ts';
import { currentGeneration, type GenerationSummary } from './build.ts';
import { allChildren } from './children.ts';
import { decisionsInForce } from './decided.ts';
import { listOutcomes, type Outcome } from './outcomes.ts';
import { isReviewed, reviewsByPerson } from './queue.ts';

/** A number, and the decisions behind it; none where it comes from the generation. */
export interface Figure {
  readonly count: number;
  readonly decisions: readonly number[];
}

interface Results {
  readonly arrests: Figure;
  readonly charges: Figure;
  readonly convictions: Figure;
  readonly referrals: Figure;
  readonly children: Figure;
}

export interface Totals extends Results {
  /** Persons of the queue whose country is only likely, by derivation. */
  readonly likely_targets: number;
  /** Persons of the queue whom a human referred, or of whom an outcome is recorded. */
  readonly targets: Figure;
}

export interface CountryRow extends Totals {
  /** ISO 3166-1; '' where no country is known. */
  readonly country: string;
}

export interface Board {
  readonly generation: string;
  readonly exhibits: number;
  readonly accounts: number;
  readonly persons: number;
  /** Accounts that services call their members. */
  readonly members: number;
  readonly funnel: readonly {
    readonly step: string;
    readonly count: number;
    readonly decisions: readonly number[];
  }[];
  readonly totals: Totals;
  readonly countries: readonly CountryRow[];
  readonly agencies: readonly ({ readonly agency: string } & Results)[];
  readonly children: { readonly listed: number } & Readonly<Record<ChildState, Figure>>;
  readonly reviewed: {
    readonly of: number;
    readonly reviewed: Figure;
    readonly referred: Figure;
    readonly cleared: Figure;
    readonly noAction: Figure;
  };
  readonly change: Change | null;
}

/** What the generation in force changed against the one that was in force before it. */
export interface Change {
  readonly before: string;
  readonly accounts: number;
  readonly persons: number;
  readonly contacts: number;
  readonly queued: number;
  readonly entered: readonly string[];
  readonly left: readonly string[];
  readonly band: readonly { readonly person: string; readonly from: string; readonly to: string }[];
}

/** A person counted once, with the decisions that say so. */
class Tally {
  private readonly decisions = new Set<number>();
  private readonly things = new Set<string>();

  add(thing: string, decision?: number): void {
    this.things.add(thing);
    if (decision !== undefined) this.decisions.add(decision);
  }

  figure(): Figure {
    return { count: this.things.size, decisions: [...this.decisions].sort((x, y) => x - y) };
  }
}

/** The operation in numbers, each with the decisions behind it. */
export async function showBoard(operation: Operation, engine: Engine): Promise<Board> {
  const decisions = decisionsInForce(operation);
  const outcomes = await listOutcomes(operation, engine);
  const queue = await engine.rows<QueueLine>(queueLines);
  const reviews = await reviewsByPerson(engine, decisions);
  const [counts] = await engine.rows<{ accounts: number; members: number; persons: number }>(sql.boardCounts);
  const children = await allChildren(operation, engine);
  const likely = await likelyCountries(engine);
  const safeguarded = safeguardedChildren(decisions, outcomes);
  const listed = new Set(queue.map(({ person }) => person));
  const reviewed = (outcome: string | null) => {
    const tally = new Tally();
    for (const [person, review] of reviews) {
      if (isReviewed(review) && listed.has(person) && (outcome === null || review.outcome === outcome))
        tally.add(person, review.sequence);
    }
    return tally.figure();
  };
  const targets = targetsOf(outcomes, reviews);
  const totals = totalsOf(outcomes, safeguarded, targets, 0);
  return {
    generation: currentGeneration(operation),
    exhibits: listExhibits(operation).filter(({ status }) => status !== 'excluded').length,
    ...counts!,
    funnel: [
      { step: 'accounts', count: counts!.accounts, decisions: [] },
      { step: 'persons', count: counts!.persons, decisions: [] },
      { step: 'with an indicator', count: queue.length, decisions: [] },
      ...steps(reviewed(null), reviewed('referred'), totals),
    ],
    totals: { ...totals, likely_targets: [...likely.keys()].filter((person) => listed.has(person)).length },
    countries: byCountry(outcomes, safeguarded, targets, likely, listed),
    agencies: byAgency(outcomes, safeguarded),
    children: {
      listed: children.length,
      ...(Object.fromEntries(
        childStates.map((state) => [state, childFigure(children, decisions, state)]),
      ) as Record<ChildState, Figure>),
    },
    reviewed: {
      of: queue.length,
      reviewed: reviewed(null),
      referred: reviewed('referred'),
      cleared: reviewed('cleared'),
      noAction: reviewed('no action'),
    },
    change: await changeSince(operation, engine, queue),
  };
}

function steps(reviewed: Figure, referred: Figure, totals: Results): Board['funnel'] {
  return [
    { step: 'reviewed', ...reviewed },
    { step: 'referred', ...referred },
    { step: 'arrested', ...totals.arrests },
    { step: 'charged', ...totals.charges },
    { step: 'convicted', ...totals.convictions },
  ];
}

interface Safeguarded {
  readonly case: string;
  readonly country: string;
  readonly agency: string;
  readonly decision: number;
}

/** Each child once, whether said by an outcome or by its state; the country as stated with it, '' where none is. */
function safeguardedChildren(decisions: readonly Decision[], outcomes: readonly Outcome[]): Safeguarded[] {
  const country = new Map<string, string>();
  const state = new Map<string, Decision>();
  for (const decision of decisions) {
    const key = decision.subject[0]!;
    if (decision.kind === 'child') {
      const stated = detailsOf('child', decision).country;
      if (stated !== undefined) country.set(key, stated);
    }
    if (decision.kind === 'child state') state.set(key, decision);
  }
  const found: Safeguarded[] = [];
  for (const [key, decision] of state) {
    if (decision.value !== 'safeguarded') continue;
    const { agency } = detailsOf('child state', decision);
    const said = outcomes.find((outcome) => outcome.kind === 'child safeguarded' && outcome.case === key);
    found.push({
      case: key,
      country: country.get(key) ?? said?.country ?? '',
      agency,
      decision: decision.sequence,
    });
  }
  for (const outcome of outcomes) {
    if (outcome.kind !== 'child safeguarded') continue;
    const { country: where, agency, sequence } = outcome;
    found.push({
      case: outcome.case!,
      country: country.get(outcome.case!) ?? where,
      agency,
      decision: sequence,
    });
  }
  return found;
}

interface Target {
  readonly person: string;
  readonly country: string;
  readonly decision: number;
}

/** Persons whom a human referred or of whom an outcome is recorded, with the country that was stated with it. */
function targetsOf(
  outcomes: readonly Outcome[],
  reviews: Awaited<ReturnType<typeof reviewsByPerson>>,
): Target[] {
  const found: Target[] = [];
  const placed = new Set<string>();
  for (const { persons, country, sequence, kind } of outcomes) {
    if (kind === 'child safeguarded') continue;
    for (const person of persons) {
      found.push({ person, country, decision: sequence });
      placed.add(person);
    }
  }
  for (const [person, review] of reviews) {
    if (review.outcome === 'referred' && isReviewed(review) && !placed.has(person))
      found.push({ person, country: '', decision: review.sequence });
  }
  return found;
}

const resultOf = {
  arrest: 'arrests',
  charge: 'charges',
  conviction: 'convictions',
  referral: 'referrals',
} as const satisfies Partial<Record<OutcomeKind, keyof Results>>;

function totalsOf(
  outcomes: readonly Outcome[],
  children: readonly Safeguarded[],
  targets: readonly Target[],
  likely: number,
): Totals {
  const target = new Tally();
  for (const { person, decision } of targets) target.add(person, decision);
  return { likely_targets: likely, targets: target.figure(), ...resultsOf(outcomes, children) };
}

function resultsOf(outcomes: readonly Outcome[], children: readonly Safeguarded[]): Results {
  const tallies = {
    arrests: new Tally(),
    charges: new Tally(),
    convictions: new Tally(),
    referrals: new Tally(),
  };
  for (const { kind, persons, accounts, sequence } of outcomes) {
    if (kind === 'child safeguarded') continue;
    // A person whose accounts are in no generation now still counts: the arrest was made.
    for (const person of persons.length > 0 ? persons : [accounts.join('\n')])
      tallies[resultOf[kind]].add(person, sequence);
  }
  const child = new Tally();
  for (const each of children) child.add(each.case, each.decision);
  return {
    arrests: tallies.arrests.figure(),
    charges: tallies.charges.figure(),
    convictions: tallies.convictions.figure(),
    referrals: tallies.referrals.figure(),
    children: child.figure(),
  };
}

function byCountry(
  outcomes: readonly Outcome[],
  children: readonly Safeguarded[],
  targets: readonly Target[],
  likely: ReadonlyMap<string, string>,
  listed: ReadonlySet<string>,
): CountryRow[] {
  const likelyCount = new Map<string, number>();
  for (const [person, country] of likely)
    if (listed.has(person)) likelyCount.set(country, (likelyCount.get(country) ?? 0) + 1);
  const countries = new Set([
    ...outcomes.map(({ country }) => country),
    ...children.map(({ country }) => country),
    ...targets.map(({ country }) => country),
    ...likelyCount.keys(),
  ]);
  return [...countries].sort().map((country) => ({
    country,
    ...totalsOf(
      outcomes.filter((each) => each.country === country),
      children.filter((each) => each.country === country),
      targets.filter((each) => each.country === country),
      likelyCount.get(country) ?? 0,
    ),
  }));
}

function byAgency(outcomes: readonly Outcome[], children: readonly Safeguarded[]): Board['agencies'] {
  const agencies = new Set([
    ...outcomes.map(({ agency }) => agency),
    ...children.map(({ agency }) => agency),
  ]);
  return [...agencies].sort().map((agency) => ({
    agency,
    ...resultsOf(
      outcomes.filter((each) => each.agency === agency),
      children.filter((each) => each.agency === agency),
    ),
  }));
}

function childFigure(
  children: Awaited<ReturnType<typeof allChildren>>,
  decisions: readonly Decision[],
  state: ChildState,
): Figure {
  const cases = new Set(children.filter((child) => child.state === state).map((child) => child.case));
  const last = new Map<string, number>();
  for (const { kind, subject, sequence } of decisions)
    if (kind === 'child state') last.set(subject[0]!, sequence);
  const behind = [...cases].map((key) => last.get(key)).filter((sequence) => sequence !== undefined);
  return { count: cases.size, decisions: behind.sort((x, y) => x - y) };
}

/** The likely country of each person, where the generation derives one. */
async function likelyCountries(engine: Engine): Promise<Map<string, string>> {
  if (engine.lacks('jurisdiction')) return new Map();
  const rows = await engine.rows<{ person: string; country: string }>(sql.likelyCountries);
  return new Map(rows.map(({ person, country }) => [person, country]));
}

interface QueueLine {
  readonly rank: number;
  readonly person: string;
  readonly band: string;
  readonly accounts: string;
}

/** Persons are formed anew by each build, so that they are told apart by their accounts. */
async function changeSince(
  operation: Operation,
  engine: Engine,
  queue: readonly QueueLine[],
): Promise<Change | null> {
  const now = currentGeneration(operation);
  const before = operation.state.one<{ id: string; summary: string }>(
    "select g.id, g.summary from generation g join setting s on s.name = 'generation before' and s.value = g.id where g.id <> $now",
    { now },
  );
  const current = operation.state.one<{ summary: string }>('select summary from generation where id = $now', {
    now,
  });
  if (!before || !current) return null;
  const path = generationPath(before.id, 'queue');
  const file = operation.state.one<{ sha256: string }>(
    'select sha256 from generation_file where generation = $id and path = $path',
    { id: before.id, path },
  );
  if (!file) return null;
  await assertIntact(operation.path(path), file.sha256);
  const earlier = await engine.rows<QueueLine>(earlierQueue(operation.path(path)));
  const [then, today] = [byAccount(earlier), byAccount(queue)];
  const of = (line: QueueLine, held: ReadonlyMap<string, QueueLine>) =>
    accountsIn(line)
      .map((account) => held.get(account))
      .filter((each) => each !== undefined)
      .sort((x, y) => x.rank - y.rank)[0];
  const [old, fresh] = [before, current].map(({ summary }) => JSON.parse(summary) as GenerationSummary);
  const band = queue.flatMap((line) => {
    const was = of(line, then);
    return was && was.band !== line.band ? [{ person: line.person, from: was.band, to: line.band }] : [];
  });
  return {
    before: before.id,
    accounts: fresh!.accounts - old!.accounts,
    persons: fresh!.persons - old!.persons,
    contacts: fresh!.contacts - old!.contacts,
    queued: fresh!.queued - old!.queued,
    entered: queue.filter((line) => !of(line, then)).map(({ person }) => person),
    left: earlier.filter((line) => !of(line, today)).map(({ person }) => person),
    band,
  };
}

function accountsIn(line: QueueLine): string[] {
  return (JSON.parse(line.accounts) as { account: string }[]).map(({ account }) => account);
}

function byAccount(lines: readonly QueueLine[]): Map<string, QueueLine> {
  return new Map(lines.flatMap((line) => accountsIn(line).map((account) => [account, line] as const)));
}
