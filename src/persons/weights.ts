import type { Comparison } from './comparisons.ts';
import type { Levels } from './levels.ts';

/** Bits of each level of each comparison, and of the prior: what a pair's score is summed from. */
export interface Weights {
  /** log2 of the odds that two accounts taken blindly are one person. */
  readonly priorBits: number;
  /** log2(m/u) of each comparison and level; 0 for "not known". */
  readonly bits: readonly (readonly number[])[];
  /** Share of one person's pairs on each level. */
  readonly m: readonly (readonly number[])[];
  /** Share of two persons' pairs on each level. */
  readonly u: readonly (readonly number[])[];
}

/** Pairs that the expected shares count for against what is learned (Dirichlet prior). */
const priorPairs = 40;
/** Bits beyond which no level speaks, either way: rarer things than this were never counted. */
const maxBits = 20;
const minBits = -9;

/**
 * u of each level: by the random pairs where enough of them show it, else by counting the candidates, of which
 * every pair with a shared value under the cap is one. `same[i]` is the probability that candidate i is one
 * person, which is taken out of the count.
 */
export function countU(
  comparisons: readonly Comparison[],
  candidates: Levels,
  random: Levels,
  size: number,
  same: Float32Array,
): number[][] {
  const all = (size * (size - 1)) / 2;
  return comparisons.map((comparison, c) => {
    const levels = comparison.levels.length;
    const drawn = new Float64Array(levels);
    for (let i = 0; i < random.length; i++) drawn[random.levels[i * random.comparisons + c]!]!++;
    const counted = new Float64Array(levels);
    for (let i = 0; i < candidates.length; i++) {
      counted[candidates.levels[i * candidates.comparisons + c]!]! += candidates.each * (1 - same[i]!);
    }
    const known = random.length - drawn[0]!;
    if (known === 0 && counted.every((count, level) => level === 0 || count === 0))
      return Array<number>(levels).fill(0);
    const knownAll = (known / Math.max(1, random.length)) * all;
    const shares = Array.from({ length: levels }, (_, level) => {
      if (level === 0) return 0;
      const byDraw = known === 0 ? 0 : drawn[level]! / known;
      const byCount = knownAll === 0 ? 0 : counted[level]! / knownAll;
      const share =
        drawn[level]! >= 30 || level < comparison.counted ? Math.max(byDraw, 0.5 / (known + 1)) : byCount;
      return Math.max(share, 0.5 / (knownAll + 1), comparison.chance?.[level] ?? 0);
    });
    return normal(shares);
  });
}

/** m of each level: the pairs of one person, weighed by how surely they are, on top of what is expected. */
export function countM(comparisons: readonly Comparison[], pairs: Levels, same: Float32Array): number[][] {
  return comparisons.map((comparison, c) => {
    const sums = comparison.expected.map((share) => share * priorPairs);
    for (let i = 0; i < pairs.length; i++) {
      const level = pairs.levels[i * pairs.comparisons + c]!;
      if (level > 0) sums[level]! += same[i]!;
    }
    sums[0] = 0;
    return normal(sums);
  });
}

/** Bits from m and u, held monotone within each run of levels; 0 throughout for a field that nothing was known of. */
export function bitsOf(
  comparisons: readonly Comparison[],
  m: readonly (readonly number[])[],
  u: readonly (readonly number[])[],
): number[][] {
  return m.map((shares, c) => {
    const bits = shares.map((share, level) =>
      level === 0 || u[c]![level] === 0
        ? 0
        : Math.max(minBits, Math.min(maxBits, Math.log2(share / u[c]![level]!))),
    );
    for (const [from, to] of comparisons[c]!.runs) {
      const weights = shares.slice(from, to + 1).map((share, i) => share + u[c]![from + i]!);
      monotone(bits.slice(from, to + 1), weights).forEach((value, i) => {
        bits[from + i] = value;
      });
    }
    return bits;
  });
}

/** The nearest rising sequence (pool adjacent violators). */
export function monotone(values: readonly number[], weights: readonly number[]): number[] {
  const blocks: { value: number; weight: number; count: number }[] = [];
  values.forEach((value, i) => {
    blocks.push({ value, weight: weights[i]! + 1e-12, count: 1 });
    while (blocks.length > 1 && blocks.at(-2)!.value > blocks.at(-1)!.value) {
      const last = blocks.pop()!;
      const before = blocks.pop()!;
      const weight = last.weight + before.weight;
      const value = (last.value * last.weight + before.value * before.weight) / weight;
      blocks.push({ value, weight, count: last.count + before.count });
    }
  });
  return blocks.flatMap(({ value, count }) => Array.from({ length: count }, () => value));
}

/** The score of pair `i`: prior and levels. */
export function scoreOf(weights: Weights, pairs: Levels, i: number): number {
  let sum = weights.priorBits;
  const at = i * pairs.comparisons;
  for (let c = 0; c < pairs.comparisons; c++) sum += weights.bits[c]![pairs.levels[at + c]!]!;
  return sum;
}

export function probabilityOf(bits: number): number {
  return 1 / (1 + 2 ** -bits);
}

function normal(shares: readonly number[]): number[] {
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}
