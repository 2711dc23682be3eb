import { WaymarkError } from '../base/errors.ts';
import { daysFromCivil } from '../base/time.ts';
import { parsePointer } from '../evidence/pointer.ts';
import type { SkewBasis, SkewSample, SkewStanding } from '../footprint/clock-skew.ts';
import {
  type Act,
  type ClockRule,
  estimateClock,
  type Gap,
  hoursOfDay,
  longestGaps,
} from '../footprint/habits.ts';
import type { Cell, Engine } from '../store/engine.ts';
import { clockSkewRows } from '../store/queries/clock-skew.ts';
import * as sql from '../store/queries/timeline.ts';

/** Persons asked about at once, and buckets of a histogram that are given. */
const mostPersons = 50;
const mostBuckets = 20_000;
const mostGaps = 10;
/** Fewer accounts than this are always read each by itself. */
const leastInTime = 4;

/** What part of the timeline is asked for. Times in UTC microseconds: from <= time < to. */
export interface TimelineQuery {
  /** None for the whole operation. */
  readonly persons: readonly string[];
  readonly from: number | null;
  readonly to: number | null;
  readonly kinds: readonly string[];
  readonly exhibit: string | null;
  /** Pointers of the records that alone are wanted; null for all. See `notedRecords`. */
  readonly noted?: readonly string[] | null;
}

export interface TimelineEntry {
  readonly time: number | null;
  readonly time_text: string | null;
  readonly time_zone: string | null;
  readonly kind: string;
  readonly role: 'by' | 'to' | 'about';
  readonly action: string | null;
  readonly account: string;
  readonly handle: string | null;
  readonly person: string | null;
  readonly other_account: string | null;
  readonly service: string | null;
  readonly ip: string | null;
  readonly copies: number;
  readonly exhibit: string;
  readonly pointer: string;
}

export interface TimelinePage {
  readonly entries: readonly TimelineEntry[];
  /** Given back as `after` for the following page; null at the end. */
  readonly next: string | null;
  /** Entries without a time under the same persons, kinds and exhibit. */
  readonly untimed: number;
  /** Events of the operation that no account is known for: they stand in no timeline. */
  readonly unattributed: number;
}

/** A page of the timeline by its key. Throws WaymarkError 'not-found' for an unknown person, 'usage' for a bad key. */
export async function showTimeline(
  engine: Engine,
  query: TimelineQuery,
  limit: number,
  after: string | null,
): Promise<TimelinePage> {
  const { scope, values } = await scopeOf(engine, query);
  const key = after === null ? null : keyOf(after);
  const isNext = key !== null;
  const most = { limit: limit + 1 };
  const [bound] = await engine.rows<{ until: number | null }>(sql.timelineBound(scope, isNext), {
    ...values,
    ...(key === null ? {} : { time: key.time }),
    ...most,
  });
  const until = bound?.until ?? null;
  const inTime =
    scope.accounts === null || (await isNarrow(engine, scope, key?.time ?? values.from ?? null, until));
  const rows = await engine.rows<TimelineEntry>(sql.timelinePage(scope, isNext, until !== null, inTime), {
    ...values,
    ...key,
    ...most,
    ...(until === null ? {} : { until: String(until) }),
  });
  const entries = rows.slice(0, limit);
  const last = entries.at(-1);
  return {
    entries,
    next: rows.length > limit && last ? keyText(last) : null,
    untimed: await countUntimed(engine, scope, values),
    unattributed: (await engine.rows<{ events: number }>(sql.unattributedCount))[0]!.events,
  };
}

/** Whether few entries of anybody lie between two times, so that those of some accounts are soon found among them. */
async function isNarrow(
  engine: Engine,
  scope: sql.TimelineScope,
  start: Cell,
  until: number | null,
): Promise<boolean> {
  if (until === null || typeof scope.accounts !== 'number' || scope.accounts < leastInTime) return false;
  const range = { start: start ?? '-9000000000000000', until: String(until) };
  const [row] = await engine.rows<{ entries: number }>(sql.entriesBetween, range);
  return row!.entries < sql.mostInTime;
}

export async function listUntimed(
  engine: Engine,
  query: TimelineQuery,
  limit: number,
  offset: number,
): Promise<{ entries: readonly TimelineEntry[]; total: number; more: boolean }> {
  const { scope, values } = await scopeOf(engine, query);
  const entries = await engine.rows<TimelineEntry>(sql.untimedPage(scope), {
    ...untimedValues(values),
    limit,
    offset,
  });
  const total = await countUntimed(engine, scope, values);
  return { entries, total, more: offset + entries.length < total };
}

export interface Histogram {
  readonly by: sql.Bucket;
  readonly split: sql.Split;
  readonly buckets: readonly { readonly start: number; readonly name: string; readonly events: number }[];
  readonly total: number;
  readonly untimed: number;
  readonly first_time: number | null;
  readonly last_time: number | null;
  /** Buckets beyond those given. */
  readonly left_out: number;
}

export async function showHistogram(
  engine: Engine,
  query: TimelineQuery,
  by: sql.Bucket,
  split: sql.Split,
): Promise<Histogram> {
  const { scope, values } = await scopeOf(engine, query);
  const isWhole = (time: number | null) => time === null || time % 3_600_000_000 === 0;
  const hourly = query.persons.length === 0 && !query.noted && isWhole(query.from) && isWhole(query.to);
  const rows = await engine.rows<{
    start: number;
    name: string;
    events: number;
    total: number;
    first_time: number;
    last_time: number;
    buckets: number;
  }>(sql.histogram(scope, by, split, hourly), { ...values, most: mostBuckets });
  const [first] = rows;
  return {
    by,
    split,
    buckets: rows.map(({ start, name, events }) => ({ start, name, events })),
    total: first?.total ?? 0,
    untimed: await countUntimed(engine, scope, values),
    first_time: first?.first_time ?? null,
    last_time: first?.last_time ?? null,
    left_out: (first?.buckets ?? 0) - rows.length,
  };
}

export interface ClockSkewView {
  readonly exhibit: string;
  readonly path: string;
  readonly reference: string;
  readonly basis: SkewBasis;
  readonly from_time: number | null;
  readonly to_time: number | null;
  readonly pairs: number;
  readonly agreeing: number;
  readonly median_seconds: number;
  readonly spread_seconds: number;
  readonly standing: SkewStanding;
  readonly samples: readonly SkewSample[];
}

/** How far the clocks of sources stand apart: shown, never applied. */
export async function listClockSkew(engine: Engine): Promise<ClockSkewView[]> {
  const rows = await engine.rows<Omit<ClockSkewView, 'samples'> & { samples: string }>(clockSkewRows);
  return rows.map((row) => ({ ...row, samples: JSON.parse(row.samples) as SkewSample[] }));
}

export interface HabitsView {
  readonly person: string;
  readonly events: number;
  /** Days with an act. */
  readonly days: number;
  readonly first_time: number | null;
  readonly last_time: number | null;
  /** Own acts by hour of UTC, from midnight. */
  readonly hours: readonly number[];
  readonly longest_gaps: readonly Gap[];
  readonly verdict: 'range' | 'cannot tell';
  readonly why: string;
  /** Offsets that hold most of the likelihood; null with too few acts. */
  readonly range: {
    readonly from_minutes: number;
    readonly to_minutes: number;
    readonly share: number;
  } | null;
  readonly candidates: readonly {
    readonly offset_minutes: number;
    readonly rules: ClockRule;
    readonly share: number;
  }[];
  readonly standing: 'evidence, not fact';
}

/** When a person is active, and what clock that fits. Throws WaymarkError 'not-found'. */
export async function showHabits(engine: Engine, person: string): Promise<HabitsView> {
  await accountsOf(engine, [person]);
  const acts: Act[] = await engine.rows<Act>(sql.ownActs, { person });
  const estimate = estimateClock(acts.map(({ time }) => time));
  return {
    person,
    events: acts.length,
    days: new Set(acts.map(({ time }) => Math.floor(time / 86_400_000_000))).size,
    first_time: acts[0]?.time ?? null,
    last_time: acts.at(-1)?.time ?? null,
    hours: hoursOfDay(acts),
    longest_gaps: longestGaps(acts, mostGaps),
    verdict: estimate.verdict,
    why: estimate.why,
    range: estimate.range && {
      from_minutes: estimate.range.from,
      to_minutes: estimate.range.to,
      share: estimate.range.share,
    },
    candidates: estimate.candidates.map(({ offset, rule, share }) => ({
      offset_minutes: offset,
      rules: rule,
      share,
    })),
    standing: 'evidence, not fact',
  };
}

/**
 * A day or time in UTC (`2019-01-06`, `2019-01-06T08:00:00Z`) as microseconds. Throws WaymarkError 'usage'.
 */
export function timelineTime(text: string): number {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?Z)?$/.exec(text);
  if (match) {
    const [year, month, day, hour = 0, minute = 0, second = 0] = match
      .slice(1)
      .map((part) => (part === undefined ? undefined : Number(part))) as [
      number,
      number,
      number,
      ...number[],
    ];
    const days = daysFromCivil(year, month, day);
    const isDay = new Date(days * 86_400_000).toISOString().startsWith(text.slice(0, 10));
    if (isDay && hour < 24 && minute < 60 && second < 60)
      return (days * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000;
  }
  throw new WaymarkError('usage', `"${text.slice(0, 40)}" is no day or time in UTC`, {
    remedy: 'Write it as 2019-01-06 or 2019-01-06T08:00:00Z.',
  });
}

async function accountsOf(engine: Engine, persons: readonly string[]): Promise<string[]> {
  if (persons.length > mostPersons) {
    throw new WaymarkError('limit', `at most ${mostPersons} persons can be asked about at once`);
  }
  const accounts: string[] = [];
  for (const person of persons) {
    const rows = await engine.rows<{ account: string }>(sql.accountsOfPersonList, { persons: [person] });
    if (rows.length === 0) {
      throw new WaymarkError('not-found', `there is no person "${person}" in this generation`, {
        remedy: 'Persons are formed anew by each build: look the person up by handle or account.',
      });
    }
    accounts.push(...rows.map((row) => row.account));
  }
  return accounts;
}

interface Scoped {
  readonly scope: sql.TimelineScope;
  readonly values: Record<string, Cell>;
}

async function scopeOf(engine: Engine, query: TimelineQuery): Promise<Scoped> {
  const accounts = query.persons.length === 0 ? null : await accountsOf(engine, [...new Set(query.persons)]);
  const values: Record<string, Cell> = {};
  const isLong = accounts !== null && accounts.length > sql.mostNamedAccounts;
  if (isLong) values.accounts = accounts;
  else for (const [index, account] of (accounts ?? []).entries()) values[`account${index}`] = account;
  if (query.from !== null) values.from = String(query.from);
  if (query.to !== null) values.to = String(query.to);
  if (query.kinds.length > 0) values.kinds = [...query.kinds];
  if (query.exhibit !== null) values.exhibit = query.exhibit;
  if (query.noted) {
    const places = query.noted.map(parsePointer);
    values.noted_exhibit = places.map(({ exhibit }) => exhibit);
    values.noted_path = places.map(({ path }) => path);
    values.noted_offset = places.map(({ offset }) => String(offset));
    values.noted_length = places.map(({ length }) => String(length));
  }
  return {
    scope: {
      accounts: isLong ? 'list' : (accounts?.length ?? null),
      from: query.from !== null,
      to: query.to !== null,
      kinds: query.kinds.length > 0,
      exhibit: query.exhibit !== null,
      noted: Boolean(query.noted),
    },
    values,
  };
}

/** Entries without a time are not asked for by time. */
function untimedValues({ from: _from, to: _to, ...rest }: Record<string, Cell>): Record<string, Cell> {
  return rest;
}

async function countUntimed(
  engine: Engine,
  scope: sql.TimelineScope,
  values: Record<string, Cell>,
): Promise<number> {
  const [row] = await engine.rows<{ entries: number }>(sql.untimedCount(scope), untimedValues(values));
  return row!.entries;
}

function keyText({ time, pointer, account, role, kind }: TimelineEntry): string {
  return Buffer.from(JSON.stringify([time, pointer, account, role, kind])).toString('base64url');
}

function keyOf(after: string): { time: string } & Record<string, Cell> {
  try {
    const key = JSON.parse(Buffer.from(after, 'base64url').toString('utf8')) as unknown;
    if (Array.isArray(key) && key.length === 5 && Number.isSafeInteger(key[0])) {
      const [time, pointer, account, role, kind] = key.map(String) as [
        string,
        string,
        string,
        string,
        string,
      ];
      return { time, pointer, account, role, kind };
    }
  } catch {
    // Not one of ours: said below.
  }
  throw new WaymarkError('usage', 'the place to go on from is none that a page gave', {
    remedy: 'Give back "next" of the page before, unchanged.',
  });
}
