import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/clock-skew.ts';

/** Figures of the comparison; part of what a generation depends on. */
export const clockSkewConfiguration = {
  /** Farthest apart that two records of one happening are looked for: a day and the widest zones. */
  windowSeconds: 26 * 3600,
  /** A return's times are looked for within the widest offset of a zone. */
  returnWindowSeconds: 15 * 3600,
  /** Happenings of one reference that are compared in a week. */
  weekly: 1500,
  /** Log lines of one address in a week above which it says nothing of who did what when. */
  crowd: 200,
  /** Seconds by which records of one happening differ on clocks that agree. */
  toleranceSeconds: 5,
  /** Pairs from which a median is stated, and the share of compared happenings that must agree on it. */
  leastPairs: { 'board and web log': 5, 'same message': 3, 'return and use': 3 },
  leastShare: 0.4,
  /** Happenings that must speak for another offset before a change of the clock is seen. */
  changeCost: { 'board and web log': 4, 'same message': 4, 'return and use': 2 },
  /** Seconds by which a return's time may miss a whole quarter of an hour. */
  slackSeconds: 2,
  samples: 5,
} as const;

export type SkewBasis = keyof typeof clockSkewConfiguration.leastPairs;
export type SkewStanding = 'differs' | 'agrees' | 'too few to say';

export interface SkewSample {
  readonly source: string;
  readonly reference: string;
  readonly seconds: number;
}

/** How far one source's clock stood from another's over a span; times are the reference's. */
export interface ClockSkew {
  readonly basis: SkewBasis;
  readonly exhibit: string;
  readonly path: string;
  readonly reference: string;
  /** Null where too few happenings were found to say anything. */
  readonly from: number | null;
  readonly to: number | null;
  /** Happenings found in both; those within the tolerance of the median. */
  readonly pairs: number;
  readonly agreeing: number;
  readonly median: number;
  /** Median of the absolute deviations, in seconds. */
  readonly spread: number;
  readonly standing: SkewStanding;
  readonly samples: readonly SkewSample[];
}

/** Two records that may be of one happening. */
export interface Pair {
  readonly time: number;
  readonly seconds: number;
  /** The candidate offset that the difference is near to. */
  readonly offset: number;
  readonly reference: string;
  readonly source: string;
}

interface Source {
  readonly basis: SkewBasis;
  readonly reference: string;
  readonly exhibit: string;
  readonly path: string;
}

/**
 * Makes the table `clock_skew`: for each source, how far its clock stood from another that recorded the same
 * happenings, as evidence. No time is ever changed by it.
 */
export async function compareClocks(engine: Engine): Promise<{ differing: number }> {
  const { windowSeconds, returnWindowSeconds, slackSeconds, weekly, crowd } = clockSkewConfiguration;
  const caps = { window: windowSeconds, weekly, crowd };
  await engine.run(sql.makeLogPairs, caps);
  await engine.run(sql.addMessagePairs, caps);
  await engine.run(sql.addReturnPairs, { returnWindow: returnWindowSeconds, slack: slackSeconds });
  const found: ClockSkew[] = [];
  for (const { source, compared, offsets } of await candidatesOf(engine)) {
    found.push(...(await spansOf(engine, source, compared, offsets)));
  }
  await engine.run(sql.dropPairs);
  await engine.run(sql.createClockSkew);
  await engine.run(sql.insertClockSkew, {
    basis: found.map((each) => each.basis),
    exhibit: found.map((each) => each.exhibit),
    path: found.map((each) => each.path),
    reference: found.map((each) => each.reference),
    from: found.map((each) => String(each.from ?? '')),
    to: found.map((each) => String(each.to ?? '')),
    pairs: found.map((each) => String(each.pairs)),
    agreeing: found.map((each) => String(each.agreeing)),
    median: found.map((each) => String(each.median)),
    spread: found.map((each) => String(each.spread)),
    standing: found.map((each) => each.standing),
    samples: found.map((each) => JSON.stringify(each.samples)),
  });
  return { differing: found.filter((each) => each.standing === 'differs').length };
}

interface Candidates {
  readonly source: Source;
  readonly compared: number;
  readonly offsets: number[];
}

interface CountRow {
  readonly basis: SkewBasis;
  readonly reference: string;
  readonly exhibit: string;
  readonly source_path: string;
  readonly week: number;
}

/** For each source the offsets on which enough happenings of some week agree. */
async function candidatesOf(engine: Engine): Promise<Candidates[]> {
  const keyOf = (row: CountRow) => [row.basis, row.reference, row.exhibit, row.source_path].join('\n');
  const weeks = new Map<string, Map<number, Map<number, number>>>();
  const sources = new Map<string, { source: Source; compared: number; byWeek: Map<number, number> }>();
  for (const row of await engine.rows<CountRow & { compared: number }>(sql.comparedCounts)) {
    const key = keyOf(row);
    const { basis, reference, exhibit, source_path: path } = row;
    const known = sources.get(key) ?? {
      source: { basis, reference, exhibit, path },
      compared: 0,
      byWeek: new Map<number, number>(),
    };
    known.compared += row.compared;
    known.byWeek.set(row.week, row.compared);
    sources.set(key, known);
  }
  await engine.pages(sql.pairCounts, {}, ({ columns, rows }) => {
    const [basis, reference, exhibit, path, week, seconds, pairs] = columns as (string | number)[][];
    for (let r = 0; r < rows; r++) {
      const key = [basis![r], reference![r], exhibit![r], path![r]].join('\n');
      const ofSource = weeks.get(key) ?? new Map<number, Map<number, number>>();
      weeks.set(key, ofSource);
      const ofWeek = ofSource.get(week![r] as number) ?? new Map<number, number>();
      ofSource.set(week![r] as number, ofWeek);
      ofWeek.set(seconds![r] as number, pairs![r] as number);
    }
  });
  return [...sources].map(([key, { source, compared, byWeek }]) => {
    const wholes: Map<number, number> = new Map();
    for (const counts of weeks.get(key)!.values())
      for (const [seconds, pairs] of counts) wholes.set(seconds, (wholes.get(seconds) ?? 0) + pairs);
    const peaks = peaksOf(wholes, compared, source.basis);
    for (const [week, counts] of weeks.get(key)!)
      peaks.push(...peaksOf(counts, byWeek.get(week)!, source.basis));
    return { source, compared, offsets: distinctOffsets(peaks) };
  });
}

/**
 * The differences in whole seconds on which enough happenings agree, the best first; of equally good ones the
 * smallest. Counts are of happenings by difference.
 */
export function peaksOf(counts: ReadonlyMap<number, number>, compared: number, basis: SkewBasis): number[] {
  const { leastPairs, leastShare } = clockSkewConfiguration;
  const enough = Math.max(leastPairs[basis], leastShare * compared);
  const peaks = [...counts.keys()]
    .map((seconds) => ({ seconds, own: counts.get(seconds)!, near: nearCount(counts, seconds) }))
    .filter(({ near }) => near >= enough)
    // The peak's own second decides between neighbours that see the same records.
    .sort(
      (a, b) =>
        b.near - a.near ||
        b.own - a.own ||
        Math.abs(a.seconds) - Math.abs(b.seconds) ||
        a.seconds - b.seconds,
    );
  return peaks
    .filter(({ seconds }, index) =>
      peaks.slice(0, index).every((other) => Math.abs(other.seconds - seconds) > 4),
    )
    .map(({ seconds }) => seconds);
}

function nearCount(counts: ReadonlyMap<number, number>, seconds: number): number {
  let near = 0;
  for (let delta = -2; delta <= 2; delta++) near += counts.get(seconds + delta) ?? 0;
  return near;
}

/** Offsets that differ by more than two clocks that agree. */
function distinctOffsets(peaks: readonly number[]): number[] {
  const times = new Map<number, number>();
  for (const peak of peaks) times.set(peak, (times.get(peak) ?? 0) + 1);
  const kept: number[] = [];
  for (const [peak] of [...times].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
    const isNew = kept.every((other) => Math.abs(other - peak) > clockSkewConfiguration.toleranceSeconds * 2);
    if (isNew) kept.push(peak);
  }
  return kept.sort((a, b) => a - b);
}

async function spansOf(
  engine: Engine,
  source: Source,
  compared: number,
  offsets: readonly number[],
): Promise<ClockSkew[]> {
  const { reference, exhibit, path } = source;
  const nothing = { pairs: compared, agreeing: 0, median: 0, spread: 0, samples: [] };
  if (offsets.length === 0) {
    return [{ ...source, from: null, to: null, ...nothing, standing: 'too few to say' }];
  }
  const rows = await engine.rows<Omit<Pair, 'reference' | 'source'> & Record<string, string>>(sql.pairsNear, {
    offsets: offsets.map(String),
    tolerance: clockSkewConfiguration.toleranceSeconds,
    basis: source.basis,
    reference,
    exhibit,
    path,
  });
  const pairs = rows.map((row) => ({
    time: row.time,
    seconds: row.seconds,
    offset: row.offset,
    reference: row.reference_pointer!,
    source: row.pointer!,
  }));
  return divideByOffset(pairs, offsets, source.basis).map((span) => ({
    ...source,
    ...measure(span, source.basis),
  }));
}

/**
 * Divides a source's happenings, in order of time, into spans of one offset: the cheapest reading in which a
 * happening that the offset does not explain costs one and a change of the offset costs `changeCost`.
 */
export function divideByOffset(
  pairs: readonly Pair[],
  offsets: readonly number[],
  basis: SkewBasis,
): Pair[][] {
  const happening = basis === 'return and use' ? 'source' : 'reference';
  const happenings = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const known = happenings.get(pair[happening]);
    if (known) known.push(pair);
    else happenings.set(pair[happening], [pair]);
  }
  const ordered = [...happenings.values()].sort(
    (a, b) => a[0]!.time - b[0]!.time || (a[0]![happening] < b[0]![happening] ? -1 : 1),
  );
  const path = cheapestPath(ordered, offsets, clockSkewConfiguration.changeCost[basis]);
  const spans: Pair[][] = [];
  let last = -1;
  ordered.forEach((each, index) => {
    const chosen = path[index]!;
    if (chosen !== last) spans.push([]);
    last = chosen;
    // Of several records that fit, the one nearest the offset; of equally near ones the first by its pointer.
    const fitting = each
      .filter((pair) => pair.offset === offsets[chosen])
      .sort(
        (a, b) =>
          Math.abs(a.seconds - a.offset) - Math.abs(b.seconds - b.offset) || (a.source < b.source ? -1 : 1),
      )[0];
    if (fitting) spans.at(-1)!.push(fitting);
  });
  return spans.filter((span) => span.length > 0);
}

function cheapestPath(
  ordered: readonly (readonly Pair[])[],
  offsets: readonly number[],
  changeCost: number,
): number[] {
  let costs = offsets.map(() => 0);
  const cameFrom: number[][] = [];
  for (const each of ordered) {
    const cheapest = costs.indexOf(Math.min(...costs));
    const from: number[] = [];
    costs = offsets.map((offset, index) => {
      const stays = costs[index]! <= costs[cheapest]! + changeCost;
      from.push(stays ? index : cheapest);
      const before = stays ? costs[index]! : costs[cheapest]! + changeCost;
      return before + (each.some((pair) => pair.offset === offset) ? 0 : 1);
    });
    cameFrom.push(from);
  }
  const path: number[] = [];
  let at = costs.indexOf(Math.min(...costs));
  for (let index = ordered.length - 1; index >= 0; index--) {
    path[index] = at;
    at = cameFrom[index]![at]!;
  }
  return path;
}

function measure(span: readonly Pair[], basis: SkewBasis): Omit<ClockSkew, keyof Source> {
  const { toleranceSeconds, leastPairs, samples } = clockSkewConfiguration;
  const median = medianOf(span.map((pair) => pair.seconds));
  const spread = medianOf(span.map((pair) => Math.abs(pair.seconds - median)));
  const agreeing = span.filter((pair) => Math.abs(pair.seconds - median) <= toleranceSeconds).length;
  const differs = Math.abs(median) > toleranceSeconds;
  return {
    from: span[0]!.time,
    to: span.at(-1)!.time,
    pairs: span.length,
    agreeing,
    median,
    spread,
    standing: span.length < leastPairs[basis] ? 'too few to say' : differs ? 'differs' : 'agrees',
    samples: evenly(span, samples).map(({ source, reference, seconds }) => ({ source, reference, seconds })),
  };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Up to `most` of a list, first and last among them. */
function evenly<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from(
    { length: most },
    (_, index) => list[Math.floor((index * (list.length - 1)) / (most - 1))]!,
  );
}
