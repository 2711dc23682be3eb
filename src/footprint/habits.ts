/**
 * When somebody is awake, and what that says of the clock they live by. An estimate from habits alone: evidence
 * with its uncertainty, never a fact. Own acts only.
 */

/** How clocks are put forward in summer; rules as in force since 2007. */
export const clockRules = ['fixed', 'eu', 'us', 'south'] as const;
export type ClockRule = (typeof clockRules)[number];

export const habitsConfiguration = {
  /** Hours of the day with an act, each counted once a day, below which nothing is said. */
  leastHours: 40,
  /**
   * How far one person's day may differ in shape from the usual one, as the weight of a Dirichlet prior: acts of one
   * person hang together, so that thousands of them add little more certainty than dozens. With `riserHours` the only
   * value that was fitted, to one exercise.
   */
  likeness: 10,
  /**
   * How busy people are by the hour of their own clock, from midnight: quiet from one to six, busiest in the
   * evening; the shape that studies of forums, encyclopaedia edits and messages share. Only proportions count.
   */
  profile: [
    3.2, 1.8, 1.0, 0.6, 0.5, 0.7, 1.5, 2.8, 3.8, 4.4, 4.7, 4.8, 5.0, 4.9, 4.8, 4.9, 5.1, 5.4, 5.7, 6.2, 6.8,
    7.0, 6.2, 4.7,
  ],
  /** Early and late risers: standard deviation in hours of how far a person's day lies from the usual one. */
  riserHours: 2.5,
  /** Share of acts that follow no rhythm at all. */
  rhythmless: 0.1,
  /** How much one hour says of the summer rule, whose evidence is the person's own regularity. */
  ruleWeight: 0.5,
  /** A range of offsets is stated that holds this share of the likelihood, unless it is wider than so many minutes. */
  rangeShare: 0.8,
  widestRange: 540,
  /** Candidates that are shown. */
  shown: 12,
  /** Offsets in minutes that places keep in winter. */
  offsets: [
    -660, -600, -570, -540, -480, -420, -360, -300, -240, -210, -180, -120, -60, 0, 60, 120, 180, 210, 240,
    270, 300, 330, 345, 360, 390, 420, 480, 540, 570, 600, 660, 720, 765, 780, 840,
  ],
} as const;

export interface HabitsCandidate {
  /** Minutes east of UTC in winter. */
  readonly offset: number;
  readonly rule: ClockRule;
  /** Share of the likelihood; all candidates together are 1. */
  readonly share: number;
}

/** Offsets in minutes, both included. */
export interface OffsetRange {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

export interface HabitsEstimate {
  readonly verdict: 'range' | 'cannot tell';
  readonly why: string;
  /** Distinct hours of days with an act. */
  readonly hours: number;
  /** The narrowest range with the share asked for; null with too few acts. */
  readonly range: OffsetRange | null;
  /** Best first; those shown, not all. */
  readonly candidates: readonly HabitsCandidate[];
  /** All likelihood by offset, for weighing countries. */
  readonly byOffset: ReadonlyMap<string, number>;
}

const hourMicros = 3_600_000_000;
const hourMs = 3_600_000;

/** Key of `byOffset`. */
export function clockKey(offset: number, rule: ClockRule): string {
  return `${offset} ${rule}`;
}

/** Estimates the clock from times of own acts, in UTC microseconds, in any order. */
export function estimateClock(times: readonly number[]): HabitsEstimate {
  const hours = [...new Set(times.map((time) => Math.floor(time / hourMicros)))].sort((a, b) => a - b);
  const { leastHours, rangeShare, widestRange, shown } = habitsConfiguration;
  if (hours.length < leastHours) {
    const why = `acts in ${hours.length} hours only; ${leastHours} are needed`;
    return {
      verdict: 'cannot tell',
      why,
      hours: hours.length,
      range: null,
      candidates: [],
      byOffset: new Map(),
    };
  }
  const all = likelihoods(hours);
  const byOffset = new Map(all.map(({ offset, rule, share }) => [clockKey(offset, rule), share]));
  const range = narrowestRange(all, rangeShare);
  const isClear = range.to - range.from <= widestRange;
  const between = `${Math.round(range.share * 100)} % of the likelihood lies between ${offsetName(range.from)} and ${offsetName(range.to)}`;
  return {
    verdict: isClear ? 'range' : 'cannot tell',
    why: isClear ? between : `no part of the world stands out: ${between}`,
    hours: hours.length,
    range,
    candidates: all.slice(0, shown),
    byOffset,
  };
}

/** The narrowest range of offsets with a share of the likelihood; of equally narrow ones the likeliest. */
function narrowestRange(all: readonly HabitsCandidate[], least: number): OffsetRange {
  const shares = habitsConfiguration.offsets.map((offset) =>
    all.filter((each) => each.offset === offset).reduce((sum, { share }) => sum + share, 0),
  );
  const { offsets } = habitsConfiguration;
  let best: OffsetRange = { from: offsets[0], to: offsets.at(-1)!, share: 1 };
  for (let first = 0; first < offsets.length; first++) {
    let share = 0;
    for (let last = first; last < offsets.length && share < least; last++) {
      share += shares[last]!;
      if (share < least) continue;
      const range = { from: offsets[first]!, to: offsets[last]!, share };
      const wider = range.to - range.from - (best.to - best.from);
      if (wider < 0 || (wider === 0 && share > best.share)) best = range;
    }
  }
  return best;
}

/** `UTC+05:30`. */
export function offsetName(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return `UTC${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function likelihoods(hours: readonly number[]): HabitsCandidate[] {
  const { offsets, ruleWeight } = habitsConfiguration;
  const scored: { offset: number; rule: ClockRule; score: number }[] = [];
  for (const rule of clockRules) {
    const counts = localHours(hours, rule);
    const regular = regularity(counts) * ruleWeight;
    const gains = gainsOf(counts);
    for (const offset of offsets) scored.push({ offset, rule, score: regular + fit(gains, offset) });
  }
  const highest = Math.max(...scored.map(({ score }) => score));
  const weights = scored.map((each) => ({ ...each, weight: Math.exp(each.score - highest) }));
  const sum = weights.reduce((total, { weight }) => total + weight, 0);
  return weights
    .map(({ offset, rule, weight }) => ({ offset, rule, share: weight / sum }))
    .sort((a, b) => b.share - a.share || a.offset - b.offset || (a.rule < b.rule ? -1 : 1));
}

/** Acts by the hour of UTC, summer time taken out: what stays the same all year where the rule is right. */
function localHours(hours: readonly number[], rule: ClockRule): Float64Array {
  const counts = new Float64Array(24);
  for (const hour of hours) counts[(((hour + (isSummer(hour * hourMs, rule) ? 1 : 0)) % 24) + 24) % 24]!++;
  return counts;
}

/** Log-likelihood of the hours, each against all the others: the more regular a day, the higher. */
function regularity(counts: Float64Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let score = 0;
  for (const count of counts) if (count > 0) score += count * Math.log((count - 1 + 0.5) / (total - 1 + 12));
  return score;
}

/** Quarter hours of a day: how finely offsets and risers are told apart. */
const quarters = 96;

/**
 * Log-likelihood of the acts in each hour of UTC, for each quarter hour of the person's own clock that it may be: of a
 * Dirichlet-multinomial distribution around the usual day.
 */
function gainsOf(counts: Float64Array): Float64Array[] {
  const { likeness } = habitsConfiguration;
  return Array.from(counts, (count) =>
    Float64Array.from({ length: quarters }, (_, quarter) => {
      const weight = likeness * usual(quarter / 4);
      return count === 0 ? 0 : logGamma(count + weight) - logGamma(weight);
    }),
  );
}

/** Log-likelihood under the usual day, moved by the offset and by how early the person may rise. */
function fit(gains: readonly Float64Array[], offset: number): number {
  const { riserHours } = habitsConfiguration;
  const scores: number[] = [];
  for (let shift = -4; shift <= 4; shift += 0.5) {
    let score = -((shift / riserHours) ** 2) / 2;
    for (let hour = 0; hour < 24; hour++) {
      const quarter = Math.round((hour + offset / 60 - shift) * 4);
      score += gains[hour]![((quarter % quarters) + quarters) % quarters]!;
    }
    scores.push(score);
  }
  const highest = Math.max(...scores);
  return highest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - highest), 0));
}

/** Logarithm of the gamma function for positive numbers, by Stirling's series; to about nine digits. */
function logGamma(x: number): number {
  let shifted = x;
  let product = 1;
  while (shifted < 8) product *= shifted++;
  const inverse = 1 / shifted;
  const series = inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260;
  return (
    (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2 + series - Math.log(product)
  );
}

const profileSum = habitsConfiguration.profile.reduce((sum, value) => sum + value, 0);

/** Density of the usual day at an hour of the clock, between whole hours on a line. */
function usual(hour: number): number {
  const { profile, rhythmless } = habitsConfiguration;
  const at = ((hour % 24) + 24) % 24;
  const low = Math.floor(at);
  const part = at - low;
  const value = profile[low]! * (1 - part) + profile[(low + 1) % 24]! * part;
  return (1 - rhythmless) * (value / profileSum) + rhythmless / 24;
}

const summers = new Map<string, [from: number, to: number][]>();

/** Whether summer time is in force under a rule at a time in milliseconds. */
export function isSummer(at: number, rule: ClockRule): boolean {
  if (rule === 'fixed') return false;
  const year = new Date(at).getUTCFullYear();
  if (!Number.isFinite(year)) return false;
  const key = `${rule} ${year}`;
  let spans = summers.get(key);
  if (!spans) {
    spans = rule === 'south' ? [summerOf(year - 1, rule), summerOf(year, rule)] : [summerOf(year, rule)];
    if (summers.size > 4096) summers.clear();
    summers.set(key, spans);
  }
  return spans.some(([from, to]) => at >= from && at < to);
}

/** The summer that begins in a year, to the hour of UTC at which most of the rule's zones change. */
function summerOf(year: number, rule: Exclude<ClockRule, 'fixed'>): [number, number] {
  if (rule === 'eu') return [sunday(year, 2, -1, 1), sunday(year, 9, -1, 1)];
  if (rule === 'us') return [sunday(year, 2, 2, 7), sunday(year, 10, 1, 6)];
  return [sunday(year, 9, 1, -8), sunday(year + 1, 3, 1, -8)];
}

/** The n-th Sunday of a month (-1: the last), at an hour of UTC, in milliseconds. */
function sunday(year: number, month: number, n: number, hour: number): number {
  if (n < 0) {
    const last = new Date(Date.UTC(year, month + 1, 0));
    return Date.UTC(year, month, last.getUTCDate() - last.getUTCDay(), hour);
  }
  const first = new Date(Date.UTC(year, month, 1)).getUTCDay();
  return Date.UTC(year, month, 1 + ((7 - first) % 7) + (n - 1) * 7, hour);
}

/** A time with the place it stands in. */
export interface Act {
  readonly time: number;
  readonly pointer: string;
}

export interface Gap {
  readonly from_time: number;
  readonly to_time: number;
  readonly days: number;
  /** Pointers of the last act before and the first one after. */
  readonly before: string;
  readonly after: string;
}

/** The longest stretches without an act, longest first. Acts in order of time. */
export function longestGaps(acts: readonly Act[], most: number): Gap[] {
  const gaps: Gap[] = [];
  for (let i = 1; i < acts.length; i++) {
    const [before, after] = [acts[i - 1]!, acts[i]!];
    const days = (after.time - before.time) / (24 * hourMicros);
    gaps.push({
      from_time: before.time,
      to_time: after.time,
      days,
      before: before.pointer,
      after: after.pointer,
    });
    if (gaps.length > 4 * most + 100) trim(gaps, most);
  }
  return trim(gaps, most);
}

function trim(gaps: Gap[], most: number): Gap[] {
  gaps.sort((a, b) => b.days - a.days || a.from_time - b.from_time);
  gaps.length = Math.min(gaps.length, most);
  return gaps;
}

/** Acts by the hour of UTC. */
export function hoursOfDay(acts: readonly Act[]): number[] {
  const hours = Array<number>(24).fill(0);
  for (const { time } of acts) hours[((Math.floor(time / hourMicros) % 24) + 24) % 24]!++;
  return hours;
}
