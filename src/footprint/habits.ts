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
  /** Acts of one person hang together: more hours than this add no certainty about the offset. */
  mostHours: 60,
  /**
   * How busy people are by the hour of their own clock, from midnight: quiet from one to six, busiest in the
   * evening; the shape that studies of forums, encyclopaedia edits and messages share. Only proportions count.
   */
  profile: [
    3.2, 1.8, 1.0, 0.6, 0.5, 0.7, 1.5, 2.8, 3.8, 4.4, 4.7, 4.8, 5.0, 4.9, 4.8, 4.9, 5.1, 5.4, 5.7, 6.2, 6.8,
    7.0, 6.2, 4.7,
  ],
  /** Early and late risers: standard deviation in hours of how far a person's day lies from the usual one. */
  riserHours: 1.5,
  /** Share of acts that follow no rhythm at all. */
  rhythmless: 0.1,
  /** How much one hour says of the summer rule, whose evidence is the person's own regularity. */
  ruleWeight: 0.5,
  /** Share within an hour of the best candidate from which an offset is stated. */
  leastShare: 0.6,
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

export interface HabitsEstimate {
  readonly verdict: 'offset' | 'cannot tell';
  readonly why: string;
  /** Distinct hours of days with an act. */
  readonly hours: number;
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
  const { leastHours, leastShare, shown } = habitsConfiguration;
  if (hours.length < leastHours) {
    const why = `acts in ${hours.length} hours only; ${leastHours} are needed`;
    return { verdict: 'cannot tell', why, hours: hours.length, candidates: [], byOffset: new Map() };
  }
  const all = likelihoods(hours);
  const byOffset = new Map(all.map(({ offset, rule, share }) => [clockKey(offset, rule), share]));
  const [best] = all;
  const near = all
    .filter(({ offset }) => Math.abs(offset - best!.offset) <= 60)
    .reduce((sum, { share }) => sum + share, 0);
  const isClear = near >= leastShare;
  const percent = Math.round(near * 100);
  const why = isClear
    ? `${percent} % of the likelihood lies within an hour of this offset`
    : `no offset stands out: only ${percent} % of the likelihood lies within an hour of the best`;
  return {
    verdict: isClear ? 'offset' : 'cannot tell',
    why,
    hours: hours.length,
    candidates: all.slice(0, shown),
    byOffset,
  };
}

function likelihoods(hours: readonly number[]): HabitsCandidate[] {
  const { offsets, mostHours, ruleWeight } = habitsConfiguration;
  // Half hours move the hour that an act falls in by a share only: the hours are what is known.
  const perRule = clockRules.map((rule) => ({ rule, counts: localHours(hours, rule) }));
  const scale = Math.min(1, mostHours / hours.length);
  const scored: { offset: number; rule: ClockRule; score: number }[] = [];
  for (const { rule, counts } of perRule) {
    const regular = regularity(counts) * ruleWeight;
    for (const offset of offsets) {
      scored.push({ offset, rule, score: regular + fit(counts, offset, scale) });
    }
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

/** Log-likelihood of the hours under the usual day, moved by the offset and by how early the person may rise. */
function fit(counts: Float64Array, offset: number, scale: number): number {
  const { riserHours } = habitsConfiguration;
  const scores: number[] = [];
  for (let shift = -4; shift <= 4; shift += 0.5) {
    let score = -((shift / riserHours) ** 2) / 2;
    for (let hour = 0; hour < 24; hour++) {
      if (counts[hour]! > 0) score += counts[hour]! * scale * Math.log(usual(hour + offset / 60 - shift));
    }
    scores.push(score);
  }
  const highest = Math.max(...scores);
  return highest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - highest), 0));
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
