/**
 * From scores to likelihood ratios: logistic calibration, and the measures by which the field judges it
 * (Brümmer and du Preez 2006; Ramos and others 2018; Vergeer and others 2016 for the bounds). Bits throughout.
 */

/** Judged pairs: their score in bits, whether they are one person, and of how many pairs each stands for. */
export interface JudgedScores {
  readonly bits: ArrayLike<number>;
  readonly same: ArrayLike<number | boolean>;
  readonly weight?: ArrayLike<number>;
}

/** LR in bits = offset + slope × score, within bounds that the judged pairs support. */
export interface Calibration {
  readonly offset: number;
  readonly slope: number;
  /** Bounds of the LR in bits; null while there were too few judged pairs of either kind to set one. */
  readonly least: number | null;
  readonly most: number | null;
  readonly samePairs: number;
  readonly differentPairs: number;
}

/**
 * The log-likelihood-ratio cost: 0 for perfect, 1 for a method that says nothing. Both kinds of pair weigh the
 * same, whatever their numbers. NaN when one kind is absent.
 */
export function cllr({ bits, same, weight }: JudgedScores): number {
  const sums = [0, 0];
  const weights = [0, 0];
  for (let i = 0; i < bits.length; i++) {
    const kind = same[i] ? 1 : 0;
    const w = weight ? weight[i]! : 1;
    sums[kind]! += w * log2OnePlus(kind === 1 ? -bits[i]! : bits[i]!);
    weights[kind]! += w;
  }
  return (sums[0]! / weights[0]! + sums[1]! / weights[1]!) / 2;
}

/** The cost that is left after the best rising calibration on these very pairs: how well the score divides. */
export function cllrMin(judged: JudgedScores): number {
  return cllr({ ...judged, bits: bestBits(judged) });
}

/** LRs in bits by pool-adjacent-violators on the judged pairs themselves, in their order. */
export function bestBits({ bits, same, weight }: JudgedScores): Float64Array {
  const order = Array.from({ length: bits.length }, (_, i) => i).sort(
    (x, y) => bits[x]! - bits[y]! || Number(same[y]) - Number(same[x]),
  );
  const totals = [0, 0];
  for (const i of order) totals[same[i] ? 1 : 0]! += weight ? weight[i]! : 1;
  const blocks: { same: number; all: number; count: number }[] = [];
  for (const i of order) {
    const w = weight ? weight[i]! : 1;
    blocks.push({ same: same[i] ? w : 0, all: w, count: 1 });
    while (
      blocks.length > 1 &&
      blocks.at(-2)!.same * blocks.at(-1)!.all >= blocks.at(-1)!.same * blocks.at(-2)!.all
    ) {
      const last = blocks.pop()!;
      const before = blocks.at(-1)!;
      before.same += last.same;
      before.all += last.all;
      before.count += last.count;
    }
  }
  const out = new Float64Array(bits.length);
  let at = 0;
  for (const block of blocks) {
    const odds = Math.log2(block.same / (block.all - block.same)) - Math.log2(totals[1]! / totals[0]!);
    for (let k = 0; k < block.count; k++) out[order[at++]!] = odds;
  }
  return out;
}

/**
 * Fits the slope and offset by ridge logistic regression with the two kinds weighing the same, so that the
 * result is a likelihood ratio and holds no prior. The ridge pulls towards slope 1 and offset 0 by as much as
 * `priorPairs` judged pairs would. Bounds: an LR no greater than the judged pairs could have shown to be wrong
 * (the number of pairs of the other kind, plus one, over the misleading ones at least that strong, plus one).
 */
export function calibrate(judged: JudgedScores, priorPairs = 10): Calibration {
  const { bits, same } = judged;
  const count = bits.length;
  let samePairs = 0;
  for (let i = 0; i < count; i++) if (same[i]) samePairs++;
  const differentPairs = count - samePairs;
  if (samePairs === 0 || differentPairs === 0) {
    return { offset: 0, slope: 1, least: null, most: null, samePairs, differentPairs };
  }
  const features = [Float64Array.from({ length: count }, (_, i) => bits[i]!)];
  const { offset, slopes } = fitLogistic(features, judged, [1], priorPairs / count);
  const slope = Math.max(0, slopes[0]!);
  const lr = Float64Array.from({ length: count }, (_, i) => offset + slope * bits[i]!);
  return { offset, slope, ...boundsOf(lr, same), samePairs, differentPairs };
}

/** The LR in bits of a score under a calibration, held within its bounds. */
export function calibrated(calibration: Calibration, bits: number): number {
  const raw = calibration.offset + calibration.slope * bits;
  const capped = calibration.most === null ? raw : Math.min(calibration.most, raw);
  return calibration.least === null ? capped : Math.max(calibration.least, capped);
}

/**
 * Logistic regression in bits by Newton's method; both kinds weigh the same in sum. `ridge` is the strength of
 * the pull towards `towards`, per unit of the weighted sum.
 */
export function fitLogistic(
  features: readonly ArrayLike<number>[],
  { same, weight, bits }: JudgedScores,
  towards: readonly number[],
  ridge: number,
): { offset: number; slopes: number[] } {
  const width = features.length + 1;
  const totals = [0, 0];
  for (let i = 0; i < bits.length; i++) totals[same[i] ? 1 : 0]! += weight ? weight[i]! : 1;
  const target = [0, ...towards];
  const costOf = (values: readonly number[]): number => {
    let cost = 0;
    for (let k = 1; k < width; k++) cost += (ridge / 2) * (values[k]! - target[k]!) ** 2;
    for (let i = 0; i < bits.length; i++) {
      const y = same[i] ? 1 : 0;
      let z = values[0]!;
      for (let k = 1; k < width; k++) z += values[k]! * features[k - 1]![i]!;
      cost += ((0.5 * (weight ? weight[i]! : 1)) / totals[y]!) * log2OnePlus(y === 1 ? -z : z);
    }
    return cost;
  };
  let beta = [...target];
  let last = costOf(beta);
  for (let step = 0; step < 40; step++) {
    const gradient = beta.map((value, k) => (k === 0 ? 0 : ridge * (target[k]! - value)));
    const hessian = beta.map((_, k) => beta.map((__, l) => (k === l ? (k === 0 ? 1e-9 : ridge) : 0)));
    for (let i = 0; i < bits.length; i++) {
      const y = same[i] ? 1 : 0;
      const w = (0.5 * (weight ? weight[i]! : 1)) / totals[y]!;
      let z = beta[0]!;
      for (let k = 1; k < width; k++) z += beta[k]! * features[k - 1]![i]!;
      const p = 1 / (1 + 2 ** -z);
      const slack = w * p * (1 - p) * Math.LN2;
      for (let k = 0; k < width; k++) {
        const x = k === 0 ? 1 : features[k - 1]![i]!;
        gradient[k]! += w * (y - p) * x;
        for (let l = 0; l <= k; l++) hessian[k]![l]! += slack * x * (l === 0 ? 1 : features[l - 1]![i]!);
      }
    }
    const change = solve(hessian, gradient);
    // Halves the step until the cost falls: a full step can overshoot where scores lie far apart.
    let share = 1;
    let next = beta;
    let cost = last;
    for (; share > 1e-6; share /= 2) {
      next = beta.map((value, k) => value + share * change[k]!);
      cost = costOf(next);
      if (cost <= last) break;
    }
    if (share <= 1e-6) break;
    beta = next;
    if (last - cost < 1e-9) break;
    last = cost;
  }
  return { offset: beta[0]!, slopes: beta.slice(1) };
}

/** Solves a symmetric positive definite system (Cholesky), given its lower half. */
function solve(matrix: number[][], right: readonly number[]): number[] {
  const size = right.length;
  const low = matrix.map((row) => [...row]);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= low[i]![k]! * low[j]![k]!;
      low[i]![j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / low[j]![j]!;
    }
  }
  const x = [...right];
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i]! -= low[i]![k]! * x[k]!;
    x[i]! /= low[i]![i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i]! -= low[k]![i]! * x[k]!;
    x[i]! /= low[i]![i]!;
  }
  return x;
}

/**
 * The empirical bounds of an LR: the greatest value at which being misled even once more would cost less than
 * saying nothing, on either side. One misleading pair is always added to those seen.
 */
export function boundsOf(
  lr: ArrayLike<number>,
  same: ArrayLike<number | boolean>,
): { least: number | null; most: number | null } {
  const [different, alike]: [number[], number[]] = [[], []];
  for (let i = 0; i < lr.length; i++) (same[i] ? alike : different).push(lr[i]!);
  return { most: upperBound(different), least: negated(upperBound(alike.map((value) => -value))) };
}

/** The greatest x with P(LR >= 2^x | other kind) <= 2^-x, one misleading pair added to those seen. */
function upperBound(others: number[]): number | null {
  if (others.length < 20) return null;
  others.sort((x, y) => y - x);
  let best = 0;
  for (let k = 0; k <= others.length; k++) {
    // Between the k-th and the next misleading value, k are at least as strong.
    const allowed = Math.log2((others.length + 1) / (k + 1));
    const from = k === others.length ? -Infinity : others[k]!;
    const to = k === 0 ? Infinity : others[k - 1]!;
    const x = Math.min(allowed, to);
    if (x > from && x > best) best = x;
  }
  return best;
}

function negated(value: number | null): number | null {
  return value === null ? null : -value;
}

function log2OnePlus(x: number): number {
  return x > 50 ? x : Math.log2(1 + 2 ** x);
}

/** Bands of the ENFSI guideline for evaluative reporting (2015), from an LR in bits, for either side. */
const verbal = [
  [2, 'no support either way'],
  [10, 'weak'],
  [100, 'moderate'],
  [1000, 'moderately strong'],
  [10_000, 'strong'],
  [1_000_000, 'very strong'],
  [Number.POSITIVE_INFINITY, 'extremely strong'],
] as const;

/** The verbal band of an LR in bits: 'strong support that both are one person' and the like. */
export function verbalBand(bits: number): string {
  const ratio = 2 ** Math.abs(bits);
  const word = verbal.find(([below]) => ratio < below)?.[1] ?? 'extremely strong';
  if (word === 'no support either way') return word;
  return `${word} support that they are ${bits > 0 ? 'one person' : 'two persons'}`;
}
