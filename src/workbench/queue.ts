import { sha256Hex } from '../base/hash.ts';
import { reviewOutcomes } from '../persons/decision-kinds.ts';
import { accountCategories, type Decision, detailsOf } from '../persons/decisions.ts';
import type { Reason } from '../priorities/queue.ts';
import type { Change, RuleScheme } from '../priorities/rules.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { completenessOf } from '../store/queries/children.ts';
import * as sql from '../store/queries/priorities.ts';
import { currentGeneration } from './build.ts';
import { categoryOf, clearedPersons } from './categories.ts';
import { type ChildMark, childrenOfPersons } from './children.ts';
import {
  type ActView,
  accountsOfToday,
  act,
  type Bearing,
  type By,
  bearings,
  decisionsInForce,
  type MarkingView,
  viewOfAct,
} from './decided.ts';
import { markingsOf } from './decisions.ts';
import { schemeOfGeneration } from './rules.ts';

export type ReviewOutcome = (typeof reviewOutcomes)[number];

export interface QueueFilter {
  readonly limit: number;
  readonly offset: number;
  /** '' for all. */
  readonly band: string;
  readonly review: 'all' | 'open' | 'done';
  /** Part of a handle or account. */
  readonly text: string;
  readonly cleared: 'hide' | 'show';
}

/** Which kinds of evidence exist for a person: counts that say nothing of priority. */
export interface Completeness {
  readonly board: number;
  readonly mail: number;
  readonly chat: number;
  readonly logs: number;
  readonly returns: number;
  readonly place: number;
  readonly accounts: number;
}

export interface ReviewView extends ActView {
  readonly outcome: ReviewOutcome;
  readonly held: Bearing['held'];
}

export interface QueueLine {
  readonly rank: number;
  readonly person: string;
  readonly band: string;
  readonly accounts: readonly { readonly account: string; readonly handle: string | null }[];
  readonly reasons: readonly (Reason & { readonly marking: MarkingView | null })[];
  readonly raise: Change | null;
  readonly lower: Change | null;
  readonly completeness: Completeness;
  readonly review: ReviewView | null;
  readonly category: string;
  readonly cleared: boolean;
  readonly victimAccounts: readonly string[];
  readonly children: readonly ChildMark[];
}

export interface QueueView {
  readonly scheme: { readonly name: string; readonly version: number };
  readonly queue: readonly QueueLine[];
  readonly total: number;
  readonly more: boolean;
  readonly bands: readonly { readonly band: string; readonly meaning: string; readonly persons: number }[];
  readonly coverage: Coverage;
  readonly hidden: { readonly cleared: number; readonly victims: number; readonly withdrawn: number };
}

export interface Coverage {
  readonly queued: number;
  readonly reviewed: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Reviewed before further accounts were linked to the person: not counted. */
  readonly again: number;
}

interface Line {
  readonly rank: number;
  readonly person: string;
  readonly band: string;
  readonly accounts: QueueLine['accounts'];
}

/** One page of the queue, with what humans have decided since it was ranked. */
export async function showQueue(
  operation: Operation,
  engine: Engine,
  filter: QueueFilter,
): Promise<QueueView> {
  const decisions = decisionsInForce(operation);
  const scheme = schemeOfGeneration(operation);
  const lines = await readLines(engine);
  const reviews = await reviewsByPerson(engine, decisions);
  const cleared = await clearedPersons(engine, decisions);
  const text = filter.text.trim().toLowerCase();
  const shown = lines.filter(
    (line) =>
      (filter.cleared === 'show' || !cleared.has(line.person)) &&
      (filter.band === '' || line.band === filter.band) &&
      (filter.review === 'all' || (filter.review === 'done') === isReviewed(reviews.get(line.person))) &&
      (text === '' ||
        line.person === text ||
        line.accounts.some(({ account, handle }) =>
          `${handle ?? ''} ${account}`.toLowerCase().includes(text),
        )),
  );
  const page = shown.slice(filter.offset, filter.offset + filter.limit);
  const [withheld] = await engine.rows<{ victims: number; withdrawn: number }>(sql.withheld);
  return {
    scheme: { name: scheme.name, version: scheme.version },
    queue: await completeLines(operation, engine, decisions, page, reviews, new Set(cleared.keys())),
    total: shown.length,
    more: filter.offset + page.length < shown.length,
    bands: bandsOf(scheme, lines),
    coverage: coverageOf(lines, reviews),
    hidden: {
      cleared: filter.cleared === 'show' ? 0 : lines.filter(({ person }) => cleared.has(person)).length,
      victims: withheld!.victims,
      withdrawn: withheld!.withdrawn,
    },
  };
}

async function readLines(engine: Engine): Promise<Line[]> {
  const rows = await engine.rows<{ rank: number; person: string; band: string; accounts: string }>(
    sql.queueLines,
  );
  return rows.map((row) => ({ ...row, accounts: JSON.parse(row.accounts) as Line['accounts'] }));
}

async function completeLines(
  operation: Operation,
  engine: Engine,
  decisions: readonly Decision[],
  page: readonly Line[],
  reviews: ReadonlyMap<string, ReviewView>,
  cleared: ReadonlySet<string>,
): Promise<QueueLine[]> {
  const persons = page.map(({ person }) => person);
  const details = new Map(
    (
      await engine.rows<{ person: string; reasons: string; raise: string | null; lower: string | null }>(
        sql.queueEntries,
        { persons },
      )
    ).map((row) => [row.person, row]),
  );
  const kinds = new Map(
    (await engine.rows<{ person: string } & Completeness>(completenessOf, { persons })).map(
      ({ person, ...counts }) => [person, counts],
    ),
  );
  const victims = new Map<string, string[]>();
  for (const { person, account, role } of await engine.rows<{
    person: string;
    account: string;
    role: string;
  }>(sql.rolesOfPersons, { persons }))
    if (role !== 'suspect') victims.set(person, [...(victims.get(person) ?? []), account]);
  const categories = accountCategories(decisions);
  const marked = markingsOf(operation);
  const children = await childrenOfPersons(operation, engine, new Set(persons));
  return page.map((line) => {
    const detail = details.get(line.person)!;
    return {
      ...line,
      reasons: (JSON.parse(detail.reasons) as Reason[]).map((reason) => ({
        ...reason,
        marking: marked(reason),
      })),
      raise: changeOf(detail.raise),
      lower: changeOf(detail.lower),
      completeness: kinds.get(line.person)!,
      review: reviews.get(line.person) ?? null,
      category: categoryOf(
        line.accounts.map(({ account }) => account),
        categories,
      ),
      cleared: cleared.has(line.person),
      victimAccounts: victims.get(line.person) ?? [],
      children: children.get(line.person) ?? [],
    };
  });
}

function changeOf(text: string | null): Change | null {
  return text === null ? null : (JSON.parse(text) as Change);
}

function bandsOf(scheme: RuleScheme, lines: readonly Line[]): QueueView['bands'] {
  return scheme.bands.map(({ band, meaning }) => ({
    band,
    meaning,
    persons: lines.filter((line) => line.band === band).length,
  }));
}

/** The last review of each person of today. */
export async function reviewsByPerson(
  engine: Engine,
  decisions: readonly Decision[],
): Promise<Map<string, ReviewView>> {
  const found = new Map<string, ReviewView>();
  const reviews = decisions.filter(({ kind }) => kind === 'review');
  for (const [person, met] of await bearings(engine, reviews)) {
    const { decision, held } = met.at(-1)!;
    found.set(person, { ...viewOfAct(decision), outcome: decision.value as ReviewOutcome, held });
  }
  return found;
}

/** A review counts while it covers all accounts of the person. */
export function isReviewed(review: ReviewView | undefined): boolean {
  return review !== undefined && review.held !== 'grown';
}

function coverageOf(lines: readonly Line[], reviews: ReadonlyMap<string, ReviewView>): Coverage {
  const outcomes: Record<string, number> = Object.fromEntries(reviewOutcomes.map((outcome) => [outcome, 0]));
  let reviewed = 0;
  let again = 0;
  for (const { person } of lines) {
    const review = reviews.get(person);
    if (!review) continue;
    if (!isReviewed(review)) again++;
    else {
      reviewed++;
      outcomes[review.outcome]!++;
    }
  }
  return { queued: lines.length, reviewed, outcomes, again };
}

/** What a human found on looking at a person. Throws WaymarkError 'not-found', 'usage'. */
export async function reviewPerson(
  operation: Operation,
  engine: Engine,
  person: string,
  outcome: ReviewOutcome,
): Promise<(by: By) => number> {
  const subject = await accountsOfToday(engine, person);
  const { sample } = await drawSample(operation, engine);
  const rank = (await readLines(engine)).find((line) => line.person === person)?.rank ?? null;
  const details = {
    person,
    generation: currentGeneration(operation),
    rank,
    audit: sample.slice(0, auditSize).some((each) => each.person === person),
  };
  return (by) => act(operation, { kind: 'review', subject, value: outcome, details }, by);
}

/** Persons in a sample, unless asked otherwise. */
export const auditSize = 20;

export interface AuditView {
  readonly seed: string;
  readonly population: number;
  readonly sample: readonly (Pick<QueueLine, 'person' | 'accounts'> & {
    readonly rank: number | null;
    readonly band: string | null;
    readonly review: ReviewView | null;
  })[];
  /** Of persons who were reviewed while in the sample. */
  readonly counted: { readonly reviewed: number; readonly referred: number; readonly most: number | null };
}

/**
 * A random sample of those whom the ranking puts last: the lower half of the queue and members outside it. Drawn by
 * the hash of operation, generation and person, so that the same generation gives the same sample to everybody,
 * and nobody can choose whom it spares.
 */
export async function auditSample(operation: Operation, engine: Engine, size: number): Promise<AuditView> {
  const decisions = decisionsInForce(operation);
  const { seed, sample } = await drawSample(operation, engine);
  const reviews = await reviewsByPerson(engine, decisions);
  const lines = new Map((await readLines(engine)).map((line) => [line.person, line]));
  const drawn = sample.slice(0, size);
  const accounts = new Map<string, { account: string; handle: string | null }[]>();
  for (const { person, ...account } of await engine.rows<{
    person: string;
    account: string;
    handle: string | null;
  }>(sql.accountsOfPersons, { persons: drawn.map(({ person }) => person) }))
    accounts.set(person, [...(accounts.get(person) ?? []), account]);
  const counted = decisions.filter(
    (decision) => decision.kind === 'review' && detailsOf('review', decision).audit === true,
  );
  const referred = counted.filter(({ value }) => value === 'referred').length;
  return {
    seed,
    population: sample.length,
    sample: drawn.map(({ person }) => ({
      person,
      rank: lines.get(person)?.rank ?? null,
      band: lines.get(person)?.band ?? null,
      accounts: accounts.get(person) ?? [],
      review: reviews.get(person) ?? null,
    })),
    counted: {
      reviewed: counted.length,
      referred,
      most: counted.length === 0 ? null : upperShare(referred, counted.length),
    },
  };
}

async function drawSample(
  operation: Operation,
  engine: Engine,
): Promise<{ seed: string; sample: { person: string; key: string }[] }> {
  const seed = sha256Hex(`${operation.ledgerIdentity().origin}\n${currentGeneration(operation)}`).slice(
    0,
    16,
  );
  const lines = await readLines(engine);
  const low = lines.slice(Math.ceil(lines.length / 2)).map(({ person }) => person);
  const outside = (await engine.rows<{ person: string }>(sql.unrankedMembers)).map(({ person }) => person);
  const sample = [...low, ...outside]
    .map((person) => ({ person, key: sha256Hex(`${seed}\n${person}`) }))
    .sort((x, y) => (x.key < y.key ? -1 : 1));
  return { seed, sample };
}

/** The largest share that still gives so few of n with a chance of 5% (Clopper and Pearson, one-sided). */
export function upperShare(few: number, n: number): number {
  if (few >= n) return 1;
  let low = few / n;
  let high = 1;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (atMost(few, n, middle) > 0.05) low = middle;
    else high = middle;
  }
  return Math.round(high * 10_000) / 10_000;
}

/** Chance of at most k of n at a share. */
function atMost(k: number, n: number, share: number): number {
  let sum = 0;
  let logCombinations = 0;
  for (let i = 0; i <= k; i++) {
    if (i > 0) logCombinations += Math.log((n - i + 1) / i);
    sum += Math.exp(logCombinations + i * Math.log(share) + (n - i) * Math.log1p(-share));
  }
  return sum;
}
