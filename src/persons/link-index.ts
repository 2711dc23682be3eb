import { genericCap, KeyMaker } from './blocking.ts';
import { type Constraints, clusterPairs, type ScoredPairs } from './clustering.ts';
import { type Comparison, makeComparisons } from './comparisons.ts';
import { learnSettings } from './learn.ts';
import type { Population, PopulationBuilder } from './population.ts';
import { Reach } from './reach.ts';
import type { Weights } from './weights.ts';

const free: Constraints = { same: [], different: [] };

/**
 * Persons that new accounts can be added to, under weights and rarities learned before. Adding accounts gives
 * exactly the pairs and persons that working out all accounts together under the same weights gives.
 */
export class LinkIndex {
  private readonly builder: PopulationBuilder;
  private readonly weights: Weights;
  private readonly constraints: Constraints;
  private readonly cap: number;
  private population: Population;
  private comparisons: readonly Comparison[];
  private keyMaker: KeyMaker;
  private readonly reach: Reach;
  /** Keys of the first accounts, and keys of accounts since. */
  private readonly keys: SortedKeys;
  private readonly recent = new Map<number, number[]>();
  private readonly bits = new Map<number, Map<number, number>>();
  /** For each account, which one met it last. */
  private met = new Uint32Array(0);
  clusters: Uint32Array;

  /** `builder` holds the first accounts; more are added to it, then taken in by `update`. */
  constructor(
    builder: PopulationBuilder,
    weights: Weights,
    constraints: Constraints = free,
    cap = genericCap,
  ) {
    this.builder = builder;
    this.weights = weights;
    this.constraints = constraints;
    this.cap = cap;
    this.population = builder.grown(null, roomFor(builder.count));
    this.comparisons = makeComparisons(this.population);
    this.keyMaker = new KeyMaker(this.population);
    this.reach = new Reach(this.population, this.comparisons, weights);
    this.keys = sortedKeys(this.population.size, this.keyMaker);
    this.clusters = Uint32Array.from({ length: this.population.size }, (_, i) => i);
  }

  get size(): number {
    return this.population.size;
  }

  /** Scores all accounts against one another and forms persons: the whole work, once. */
  rebuild(): void {
    this.bits.clear();
    this.met.fill(0);
    for (let account = 0; account < this.size; account++) {
      this.eachCandidate(account, (other) => {
        this.score(other, account);
      });
    }
    this.clusters = clusterPairs(this.size, this.pairs(), this.constraints, learnSettings.clustering);
  }

  /**
   * Takes in the accounts added to the builder since. Returns the accounts whose pairs changed, the new ones
   * among them; persons follow with `cluster`.
   */
  update(): Set<number> {
    const before = this.population;
    this.population = this.builder.grown(before, roomFor(this.builder.count));
    if (this.population.fields !== before.fields) {
      this.comparisons = makeComparisons(this.population);
      this.keyMaker = new KeyMaker(this.population);
    }
    this.reach.take(this.population, this.comparisons);
    const touched = new Set<number>();
    const crossed: number[] = [];
    for (let account = before.size; account < this.size; account++) {
      touched.add(account);
      for (const hash of this.keysOf(account)) {
        const held = this.recent.get(hash);
        if (held) held.push(account);
        else this.recent.set(hash, [account]);
        if (this.holdersOf(hash) === this.cap + 1) crossed.push(hash);
      }
    }
    for (const hash of crossed) this.drop(hash, before.size, touched);
    for (let account = before.size; account < this.size; account++) {
      this.eachCandidate(account, (other) => {
        if (this.score(other, account)) touched.add(other);
      });
    }
    return touched;
  }

  /** Forms anew the persons that hold a touched account; all others stay. */
  cluster(touched: ReadonlySet<number>): void {
    const earlier = { clusters: this.clusters, touched };
    this.clusters = clusterPairs(
      this.size,
      this.pairs(),
      this.constraints,
      learnSettings.clustering,
      earlier,
    );
  }

  /** The kept pairs, a < b, in order. */
  pairs(): ScoredPairs {
    let length = 0;
    for (const others of this.bits.values()) length += others.size;
    const found = {
      length,
      a: new Uint32Array(length),
      b: new Uint32Array(length),
      bits: new Float32Array(length),
    };
    let at = 0;
    for (const [a, others] of this.bits) {
      for (const [b, bits] of others) {
        found.a[at] = a;
        found.b[at] = b;
        found.bits[at++] = bits;
      }
    }
    return found;
  }

  /** Visits the accounts before this one that share a key under the cap with it, each once. */
  private eachCandidate(account: number, visit: (other: number) => void): void {
    if (this.met.length < this.size) this.met = new Uint32Array(this.size + roomFor(this.size));
    const { met } = this;
    const { hashes, owners } = this.keys;
    const mark = account + 1;
    const meet = (other: number) => {
      if (met[other] === mark) return;
      met[other] = mark;
      visit(other);
    };
    for (const hash of this.keysOf(account)) {
      const from = firstOf(this.keys, hash);
      let to = from;
      while (hashes[to] === hash && to - from <= this.cap) to++;
      const recent = this.recent.get(hash);
      if (to - from + (recent?.length ?? 0) > this.cap) continue;
      for (let p = from; p < to && owners[p]! < account; p++) meet(owners[p]!);
      if (recent === undefined) continue;
      for (let p = 0; p < recent.length && recent[p]! < account; p++) meet(recent[p]!);
    }
  }

  private score(a: number, b: number): boolean {
    if (!this.reach.mayExceed(learnSettings.keptBits, a, b)) return false;
    let sum = this.weights.priorBits;
    const rows = this.weights.bits;
    for (let c = 0; c < this.comparisons.length; c++) sum += rows[c]![this.comparisons[c]!.level(a, b)]!;
    if (sum <= learnSettings.keptBits) return false;
    const held = this.bits.get(a);
    if (held) held.set(b, sum);
    else this.bits.set(a, new Map([[b, sum]]));
    return true;
  }

  /** A key has become generic: pairs of earlier accounts that met under it alone are no candidates any more. */
  private drop(hash: number, before: number, touched: Set<number>): void {
    const holders = new Set<number>();
    const { hashes, owners } = this.keys;
    for (let p = firstOf(this.keys, hash); hashes[p] === hash; p++) holders.add(owners[p]!);
    for (const other of this.recent.get(hash) ?? []) if (other < before) holders.add(other);
    for (const a of holders) {
      const kept = this.bits.get(a);
      if (kept === undefined) continue;
      for (const b of [...kept.keys()]) {
        if (!holders.has(b) || this.shareKey(a, b)) continue;
        kept.delete(b);
        touched.add(a).add(b);
      }
    }
  }

  /** Whether two accounts share a key that is under the cap. */
  private shareKey(a: number, b: number): boolean {
    const keys = this.keysOf(b);
    return this.keysOf(a).some((hash) => keys.includes(hash) && this.holdersOf(hash) <= this.cap);
  }

  /** The keys of an account, each once. */
  private keysOf(account: number): number[] {
    const keys: number[] = [];
    this.keyMaker.each(account, (hash) => {
      if (!keys.includes(hash)) keys.push(hash);
    });
    return keys;
  }

  /** How many accounts hold a key, as far as the cap needs to know. */
  private holdersOf(hash: number): number {
    let count = this.recent.get(hash)?.length ?? 0;
    const { hashes } = this.keys;
    for (let p = firstOf(this.keys, hash); hashes[p] === hash && count <= this.cap + 1; p++) count++;
    return count;
  }
}

/** Room kept for accounts to come, before everything is copied to a larger place. */
function roomFor(size: number): number {
  return Math.max(4096, size >> 2);
}

/** Keys with their holders, in order of key and holder. */
interface SortedKeys {
  readonly hashes: Uint32Array;
  readonly owners: Uint32Array;
  /** Where the keys of each first 16 bits begin. */
  readonly starts: Uint32Array;
}

/** Where the holders of a key begin, or would. */
function firstOf({ hashes, starts }: SortedKeys, hash: number): number {
  let [low, high] = [starts[hash >>> 16]!, starts[(hash >>> 16) + 1]!];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hashes[middle]! < hash) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sortedKeys(size: number, keyMaker: KeyMaker): SortedKeys {
  let length = 0;
  let packed = new Float64Array(size * 16 + 64);
  for (let account = 0; account < size; account++) {
    const keys: number[] = [];
    keyMaker.each(account, (hash) => {
      if (!keys.includes(hash)) keys.push(hash);
    });
    if (length + keys.length > packed.length) {
      const grown = new Float64Array((length + keys.length) * 2);
      grown.set(packed);
      packed = grown;
    }
    for (const key of keys) packed[length++] = key * 2 ** 21 + account;
  }
  const sorted = packed.subarray(0, length).sort();
  const hashes = Uint32Array.from(sorted, (value) => Math.floor(value / 2 ** 21));
  const starts = new Uint32Array(2 ** 16 + 1);
  for (const hash of hashes) starts[(hash >>> 16) + 1]!++;
  for (let i = 0; i < 2 ** 16; i++) starts[i + 1]! += starts[i]!;
  return { hashes, owners: Uint32Array.from(sorted, (value) => value % 2 ** 21), starts };
}
