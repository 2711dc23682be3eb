import * as path from 'node:path';
import { estimateClock } from '../footprint/habits.ts';
import type { Engine } from '../store/engine.ts';
import { allJurisdictions } from '../store/queries/place.ts';
import { ownActs } from '../store/queries/timeline.ts';
import { foundPersons, readTruth, share, truePersons } from './evaluate.ts';

/** How the likely countries of persons compare with where the people of an exercise live. Shares are 0 to 1. */
export interface JurisdictionScore {
  /** Found persons that stand for somebody of the exercise. */
  readonly persons: number;
  /** Those of them with a stated country. */
  readonly answered: number;
  readonly coverage: number;
  /** Right ones among those with a stated country. */
  readonly precision: number;
  /** Persons whose true country is among their first three candidates, over all. */
  readonly amongThree: number;
  readonly habits: HabitsScore;
}

/** Whether the ranges of clocks that habits show hold the true one as often as they say. */
export interface HabitsScore {
  /** Persons with enough acts, and those of them who are told a range. */
  readonly enough: number;
  readonly told: number;
  /** Of those told one: true offset within it. */
  readonly within: number;
  /** Mean share of the likelihood that the ranges claim. */
  readonly claimed: number;
  readonly medianHours: number;
}

/**
 * A found person counts as the human to whom most of its accounts belong; of equally many, the first by name.
 * Throws WaymarkError 'not-found' or 'usage' for a folder that holds no truth.
 */
export async function scoreJurisdictions(engine: Engine, truth: string): Promise<JurisdictionScore> {
  const humans = truePersons(path.join(truth, 'persons.csv'));
  const rowsOfTruth = readTruth(path.join(truth, 'jurisdictions.csv'), ['person', 'country']);
  const countries = new Map(rowsOfTruth.map((row) => [row.person!, row.country!]));
  const owners = new Map<string, Map<string, number>>();
  for (const [account, person] of await foundPersons(engine)) {
    const human = humans.get(account);
    if (human === undefined) continue;
    const known = owners.get(person) ?? new Map<string, number>();
    owners.set(person, known);
    known.set(human, (known.get(human) ?? 0) + 1);
  }
  const candidates = new Map<string, { country: string | null; likely: boolean }[]>();
  const rows = await engine.rows<{ person: string; country: string | null; likely: boolean }>(
    allJurisdictions,
  );
  for (const { person, country, likely } of rows)
    candidates.set(person, [...(candidates.get(person) ?? []), { country, likely }]);
  let answered = 0;
  let right = 0;
  let amongThree = 0;
  const humanOf = new Map(
    [...owners].map(([person, known]) => {
      const [owner] = [...known].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
      return [person, owner![0]];
    }),
  );
  for (const [person, human] of humanOf) {
    const country = countries.get(human);
    const ranked = candidates.get(person) ?? [];
    if (ranked.slice(0, 3).some((each) => each.country === country)) amongThree++;
    if (!ranked[0]?.likely) continue;
    answered++;
    if (ranked[0].country === country) right++;
  }
  return {
    persons: owners.size,
    answered,
    coverage: share(answered, owners.size),
    precision: share(right, answered),
    amongThree: share(amongThree, owners.size),
    // Exercises made before this was written state no offset.
    habits: await scoreHabits(engine, humanOf, offsetsOf(rowsOfTruth)),
  };
}

function offsetsOf(rows: readonly Record<string, string>[]): Map<string, number> {
  const stated = rows.filter(({ utc_offset_minutes: offset }) => offset !== undefined && offset !== '');
  return new Map(stated.map((row) => [row.person!, Number(row.utc_offset_minutes)]));
}

async function scoreHabits(
  engine: Engine,
  humanOf: ReadonlyMap<string, string>,
  offsets: ReadonlyMap<string, number>,
): Promise<HabitsScore> {
  const times = new Map<string, number[]>();
  await engine.pages(ownActs, { person: '' }, ({ columns, rows }) => {
    const [who, time] = columns as [string[], number[]];
    for (let r = 0; r < rows; r++) {
      const known = times.get(who[r]!);
      if (known) known.push(time[r]!);
      else times.set(who[r]!, [time[r]!]);
    }
  });
  let enough = 0;
  let within = 0;
  let claimed = 0;
  const widths: number[] = [];
  for (const [person, human] of humanOf) {
    const offset = offsets.get(human);
    if (offset === undefined) continue;
    const { verdict, range } = estimateClock(times.get(person) ?? []);
    if (range !== null) enough++;
    if (verdict !== 'range' || range === null) continue;
    widths.push((range.to - range.from) / 60);
    claimed += range.share;
    if (offset >= range.from && offset <= range.to) within++;
  }
  widths.sort((a, b) => a - b);
  return {
    enough,
    told: widths.length,
    within,
    claimed: share(claimed, widths.length),
    medianHours: widths[Math.floor(widths.length / 2)] ?? 0,
  };
}
