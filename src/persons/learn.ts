import { makePostings } from './blocking.ts';
import { type ClusterSettings, type Constraints, clusterPairs, type ScoredPairs } from './clustering.ts';
import { type Comparison, makeComparisons } from './comparisons.ts';
import { candidateLevels, type Levels, randomLevels } from './levels.ts';
import type { Population } from './population.ts';
import { eachCandidate, type Postings } from './postings.ts';
import { Reach } from './reach.ts';
import { mix } from './similarity.ts';
import { bitsOf, countM, countU, scoreOf, type Weights } from './weights.ts';

/** Settings of the method, fixed before any figure on truth was taken. */
export const learnSettings = {
  /** Rounds of scoring, forming persons and counting again. */
  rounds: 4,
  /** Candidate pairs that weights are counted from; past this a share of the accounts, picked by hash. */
  maxPairs: 4_000_000,
  randomPairs: 200_000,
  clustering: { unseenBits: -2, leastBits: -8, mostBits: 8 },
  /** Pairs scored below this are not kept for forming persons: they count as its floor. */
  keptBits: -8,
  /** Odds beyond which learning has run away: more than this many pairs per account taken for one person. */
  maxMatesPerAccount: 50,
} as const;

/** What was learned of a population, with which any pair can be scored. */
export interface Learned {
  readonly comparisons: readonly Comparison[];
  readonly postings: Postings;
  readonly weights: Weights;
  readonly pairs: ScoredPairs;
  readonly clusters: Uint32Array;
  /** Why learning was stopped early, or null. */
  readonly guard: string | null;
}

const free: Constraints = { same: [], different: [] };

/**
 * Learns the weights without labels and forms persons. Each round scores the candidates, forms persons, and
 * counts anew how the pairs inside persons and outside agree (classification EM, with persons instead of
 * single pairs, which keeps it from the collapse that pairwise EM is prone to). What humans decided holds in
 * every round.
 */
export function learn(
  population: Population,
  constraints: Constraints = free,
  onStep: (step: string) => void = () => {},
): Learned {
  const comparisons = makeComparisons(population);
  const postings = makePostings(population);
  onStep('keys');
  const candidates = candidateLevels(postings, comparisons, learnSettings.maxPairs);
  const random = randomLevels(population.size, comparisons, learnSettings.randomPairs);
  onStep(`sample of ${candidates.length} candidates, 1 in ${candidates.each}`);
  const all = (population.size * (population.size - 1)) / 2;
  const same = new Float32Array(candidates.length);
  const weightsOf = (priorBits: number, observed: Levels): Weights => {
    const u = countU(comparisons, candidates, random, population.size, same);
    const m = countM(comparisons, observed, same);
    return { priorBits, bits: bitsOf(comparisons, m, u), m, u };
  };
  let weights = weightsOf(-Math.log2(Math.max(1, population.size - 1)), { ...candidates, length: 0 });
  let guard: string | null = null;
  for (let round = 1; round < learnSettings.rounds; round++) {
    const clusters = clusterSample(population.size, candidates, weights, constraints);
    let inside = 0;
    for (let i = 0; i < candidates.length; i++) {
      same[i] = clusters[candidates.a[i]!] === clusters[candidates.b[i]!] ? 1 : 0;
      inside += same[i]!;
    }
    const matches = candidates.each === 1 ? pairsInside(clusters) : inside * candidates.each;
    if (matches === 0) break;
    if (matches > learnSettings.maxMatesPerAccount * population.size) {
      guard = `stopped after round ${round}: persons grew beyond ${learnSettings.maxMatesPerAccount} accounts on average`;
      break;
    }
    weights = weightsOf(Math.log2(Math.max(1, matches) / all), candidates);
  }
  onStep('weights');
  const pairs =
    candidates.each === 1
      ? scored(candidates, weights)
      : scoreAll(postings, comparisons, weights, new Reach(population, comparisons, weights));
  onStep(`${pairs.length} pairs scored`);
  const clusters = clusterPairs(population.size, pairs, constraints, learnSettings.clustering);
  return { comparisons, postings, weights, pairs, clusters, guard };
}

function scored(candidates: Levels, weights: Weights): ScoredPairs {
  const bits = new Float32Array(candidates.length);
  for (let i = 0; i < candidates.length; i++) bits[i] = scoreOf(weights, candidates, i);
  return { length: candidates.length, a: candidates.a, b: candidates.b, bits };
}

function clusterSample(
  size: number,
  candidates: Levels,
  weights: Weights,
  constraints: Constraints,
): Uint32Array {
  return clusterPairs(
    size,
    scored(candidates, weights),
    constraints,
    learnSettings.clustering as ClusterSettings,
  );
}

function pairsInside(clusters: Uint32Array): number {
  const sizes = new Map<number, number>();
  for (const cluster of clusters) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
  let sum = 0;
  for (const size of sizes.values()) sum += (size * (size - 1)) / 2;
  return sum;
}

/** The score of any two accounts, candidates or not. */
export function scorePair(
  { comparisons, weights }: Pick<Learned, 'comparisons' | 'weights'>,
  a: number,
  b: number,
): number {
  let sum = weights.priorBits;
  for (let c = 0; c < comparisons.length; c++) sum += weights.bits[c]![comparisons[c]!.level(a, b)]!;
  return sum;
}

/** Scores every candidate and keeps those above the floor. */
export function scoreAll(
  postings: Postings,
  comparisons: readonly Comparison[],
  weights: Weights,
  reach: Reach,
): ScoredPairs {
  let capacity = 1 << 16;
  let length = 0;
  let [a, b, bits] = [new Uint32Array(capacity), new Uint32Array(capacity), new Float32Array(capacity)];
  const rows = weights.bits;
  eachCandidate(postings, (x, y) => {
    if (!reach.mayExceed(learnSettings.keptBits, x, y)) return;
    let sum = weights.priorBits;
    for (let c = 0; c < comparisons.length; c++) sum += rows[c]![comparisons[c]!.level(x, y)]!;
    if (sum <= learnSettings.keptBits) return;
    if (length === capacity) {
      capacity *= 2;
      const [oldA, oldB, oldBits] = [a, b, bits];
      [a, b, bits] = [new Uint32Array(capacity), new Uint32Array(capacity), new Float32Array(capacity)];
      a.set(oldA);
      b.set(oldB);
      bits.set(oldBits);
    }
    a[length] = x;
    b[length] = y;
    bits[length++] = sum;
  });
  return { length, a: a.subarray(0, length), b: b.subarray(0, length), bits: bits.subarray(0, length) };
}

/**
 * How well each of two accounts fits the other's person: the mean evidence between the two accounts' persons
 * (between one account and the rest, inside one person). Persons beyond `maxMembers` are taken by a share of
 * their accounts. For a pair alone it is the pair's own score.
 */
export class Support {
  private readonly learned: Learned;
  private readonly members = new Map<number, number[]>();
  private readonly means = new Map<number, number>();
  private static readonly maxMembers = 12;

  constructor(learned: Learned) {
    this.learned = learned;
    learned.clusters.forEach((cluster, account) => {
      const held = this.members.get(cluster);
      if (held) held.push(account);
      else this.members.set(cluster, [account]);
    });
    for (const list of this.members.values()) {
      if (list.length <= Support.maxMembers) continue;
      list.sort((x, y) => mix(x) - mix(y)).length = Support.maxMembers;
    }
  }

  between(a: number, b: number): number {
    const { clusters } = this.learned;
    const [p, q] = [clusters[a]!, clusters[b]!];
    if (p === q) return Math.min(this.toPerson(a, p), this.toPerson(b, p));
    const key = Math.min(p, q) * 2 ** 26 + Math.max(p, q);
    let mean = this.means.get(key);
    if (mean === undefined) {
      let [sum, count] = [0, 0];
      for (const x of this.members.get(p)!) {
        for (const y of this.members.get(q)!) {
          sum += this.clipped(x, y);
          count++;
        }
      }
      this.means.set(key, (mean = sum / count));
    }
    return mean;
  }

  private toPerson(account: number, person: number): number {
    const key = -1 - account;
    let mean = this.means.get(key);
    if (mean === undefined) {
      let [sum, count] = [0, 0];
      for (const other of this.members.get(person)!) {
        if (other === account) continue;
        sum += this.clipped(account, other);
        count++;
      }
      this.means.set(key, (mean = count === 0 ? 0 : sum / count));
    }
    return mean;
  }

  private clipped(a: number, b: number): number {
    const { leastBits, mostBits } = learnSettings.clustering;
    return Math.max(leastBits, Math.min(mostBits, scorePair(this.learned, a, b)));
  }
}
