/**
 * Times that stand out in a series of messages, by the two-state automaton of J. Kleinberg, "Bursty and
 * Hierarchical Structure in Streams", KDD 2002, over counts by day. A day of c messages costs, in each state, the
 * negative logarithm of the Poisson probability of c: at the series' own mean rate when usual, at three times
 * that when bursting. Going up costs gamma * ln(days of the series), coming down nothing. The cheapest
 * course of states is found exactly; where two cost the same, the usual one stands. No clock, no chance.
 */
export const burstSettings = { timesUsual: 3, gamma: 1 } as const;

/** Fewer messages than this never make a burst under these settings, however they lie: it costs more than it explains. */
export const leastForBurst = 4;

export interface DayCount {
  /** Days since 1970-01-01 UTC. */
  readonly day: number;
  /** At least 1. */
  readonly messages: number;
}

export interface Burst {
  readonly fromDay: number;
  readonly toDay: number;
  readonly messages: number;
  /** Messages a day over the whole series. */
  readonly usual: number;
  /** How much cheaper the burst explains its days, the cost of going up taken off, in bits. */
  readonly bits: number;
}

/** Bursts of a series with one entry for each day that has messages, in ascending order. */
export function findBursts(days: readonly DayCount[]): Burst[] {
  if (days.length === 0) return [];
  const { timesUsual, gamma } = burstSettings;
  const span = days.at(-1)!.day - days[0]!.day + 1;
  const usual = days.reduce((sum, { messages }) => sum + messages, 0) / span;
  const up = gamma * Math.log(span);
  // What a day costs more in the burst than as usual; the factorial stands in both and falls out.
  const excess = ({ messages }: DayCount) => (timesUsual - 1) * usual - messages * Math.log(timesUsual);
  // Days without messages between two entries: staying in the burst costs this much for each.
  const emptyExcess = (timesUsual - 1) * usual;

  // Cost of the cheapest course that ends in each state, relative to "usual throughout".
  let calm = 0;
  let burst = Number.POSITIVE_INFINITY;
  const cameFrom: { calm: boolean; burst: boolean }[] = [];
  for (const [index, day] of days.entries()) {
    const empty = index === 0 ? 0 : day.day - days[index - 1]!.day - 1;
    const stay = burst + empty * emptyExcess;
    const enter = Math.min(calm, burst) + up;
    const fromBurst = stay < enter;
    const nextBurst = (fromBurst ? stay : enter) + excess(day);
    const calmFromBurst = burst < calm;
    cameFrom.push({ calm: calmFromBurst, burst: fromBurst });
    calm = Math.min(calm, burst);
    burst = nextBurst;
  }
  const bursting = new Array<boolean>(days.length);
  const entered = new Array<boolean>(days.length).fill(false);
  let state = burst < calm;
  for (let index = days.length - 1; index >= 0; index--) {
    bursting[index] = state;
    const from = cameFrom[index]!;
    if (!state) state = from.calm;
    else if (from.burst) state = true;
    else {
      entered[index] = true;
      // Entered anew: the state before is the cheaper one of the day before, which may be a burst that ended.
      state = index > 0 && from.calm;
    }
  }
  const found: Burst[] = [];
  for (let first = 0; first < days.length; first++) {
    if (!bursting[first] || !entered[first]) continue;
    let last = first;
    while (last + 1 < days.length && bursting[last + 1] && !entered[last + 1]) last++;
    const part = days.slice(first, last + 1);
    const length = days[last]!.day - days[first]!.day + 1;
    const saved = -(
      part.reduce((sum, day) => sum + excess(day), 0) +
      (length - part.length) * emptyExcess +
      up
    );
    found.push({
      fromDay: days[first]!.day,
      toDay: days[last]!.day,
      messages: part.reduce((sum, { messages }) => sum + messages, 0),
      usual,
      bits: saved / Math.LN2,
    });
    first = last;
  }
  return found;
}
