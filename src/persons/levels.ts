import type { Comparison } from './comparisons.ts';
import { eachCandidate, type Postings } from './postings.ts';
import { mix } from './similarity.ts';

/** Pairs with their level in each comparison. */
export interface Levels {
  readonly length: number;
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  /** Level of pair `i` in comparison `c`: `levels[i * comparisons + c]`. */
  readonly levels: Uint8Array;
  readonly comparisons: number;
  /** Of how many pairs each one here stands for. */
  readonly each: number;
}

export class LevelsBuilder {
  private readonly comparisons: readonly Comparison[];
  private a: Uint32Array = new Uint32Array(4096);
  private b: Uint32Array = new Uint32Array(4096);
  private levels: Uint8Array;
  length = 0;

  constructor(comparisons: readonly Comparison[]) {
    this.comparisons = comparisons;
    this.levels = new Uint8Array(4096 * comparisons.length);
  }

  add(a: number, b: number): void {
    const { comparisons, length } = this;
    const width = comparisons.length;
    if (length === this.a.length) this.grow(width);
    this.a[length] = a;
    this.b[length] = b;
    for (let c = 0; c < width; c++) this.levels[length * width + c] = comparisons[c]!.level(a, b);
    this.length++;
  }

  finish(each: number): Levels {
    const { length, comparisons } = this;
    const width = comparisons.length;
    return {
      length,
      a: this.a.slice(0, length),
      b: this.b.slice(0, length),
      levels: this.levels.slice(0, length * width),
      comparisons: width,
      each,
    };
  }

  private grow(width: number): void {
    const size = this.length * 2;
    const copy = <T extends Uint32Array | Uint8Array>(into: T, from: T): T => {
      into.set(from);
      return into;
    };
    this.a = copy(new Uint32Array(size), this.a);
    this.b = copy(new Uint32Array(size), this.b);
    this.levels = copy(new Uint8Array(size * width), this.levels);
  }
}

/**
 * The candidates' levels; past `maxPairs` those of a share of the accounts, picked by hash, so that the same
 * accounts are picked whatever else there is.
 */
export function candidateLevels(
  postings: Postings,
  comparisons: readonly Comparison[],
  maxPairs: number,
): Levels {
  const { keyStarts } = postings;
  let bound = 0;
  for (let k = 0; k + 1 < keyStarts.length; k++) {
    const count = keyStarts[k + 1]! - keyStarts[k]!;
    bound += (count * (count - 1)) / 2;
  }
  const each = Math.max(1, Math.ceil(bound / maxPairs / 2));
  const builder = new LevelsBuilder(comparisons);
  eachCandidate(
    postings,
    (a, b) => builder.add(a, b),
    (a) => each === 1 || mix(a) % each === 0,
  );
  return builder.finish(each);
}

/** Pairs drawn without looking: `count` of them, the same each time. */
export function randomLevels(size: number, comparisons: readonly Comparison[], count: number): Levels {
  const builder = new LevelsBuilder(comparisons);
  const all = (size * (size - 1)) / 2;
  if (all <= count) {
    for (let a = 0; a < size; a++) for (let b = a + 1; b < size; b++) builder.add(a, b);
    return builder.finish(1);
  }
  for (let i = 0; builder.length < count; i++) {
    const a = mix(2 * i + 1) % size;
    const b = mix(mix(2 * i + 2) + 7) % size;
    if (a !== b) builder.add(Math.min(a, b), Math.max(a, b));
  }
  return builder.finish(all / count);
}
