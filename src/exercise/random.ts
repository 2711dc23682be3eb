import { createHash } from 'node:crypto';

/**
 * Counter-based randomness: every draw is a function of (seed, entity, purpose, n), so any part of the world
 * can be made again on its own, in any order, without holding the rest.
 */
export type Seed = { readonly high: number; readonly low: number };

/** Two 32-bit words of the SHA-256 of the seed's text. */
export function seedOf(text: string | number): Seed {
  const digest = createHash('sha256').update(`waymark exercise ${text}`).digest();
  return { high: digest.readInt32LE(0), low: digest.readInt32LE(4) };
}

/** A purpose's number (FNV-1a of its name), to be taken once at module load. */
export function purpose(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash | 0;
}

/** A bijective 32-bit mixer (constants of the `lowbias32` family). */
function scramble(x: number): number {
  x ^= x >>> 16;
  x = Math.imul(x, 0x21f0aaad);
  x ^= x >>> 15;
  x = Math.imul(x, 0x735a2d97);
  return x ^ (x >>> 15);
}

/** One unsigned 32-bit draw, without a stream. */
export function draw(seed: Seed, entity: number, purposeId: number, n = 0): number {
  const x = scramble(seed.high ^ Math.imul(entity, 0x9e3779b1) ^ Math.imul(n, 0x85ebca77));
  return scramble(scramble(x ^ purposeId ^ Math.imul(n + 1, 0xc2b2ae3d)) ^ seed.low ^ entity) >>> 0;
}

/** A stream of draws. `at` moves it to the stream of one (entity, purpose, n); 64 bits of state. */
export class Dice {
  readonly #seed: Seed;
  #x = 0;
  #y = 0;

  constructor(seed: Seed) {
    this.#seed = seed;
  }

  at(entity: number, purposeId: number, n = 0): this {
    this.#x = draw(this.#seed, entity, purposeId, n) | 0;
    this.#y = draw(this.#seed, entity, ~purposeId, n) | 1;
    return this;
  }

  /** Unsigned 32 bits. */
  next(): number {
    this.#x = (this.#x + 0x9e3779b9) | 0;
    return (scramble(scramble(this.#x) ^ this.#y) ^ this.#y) >>> 0;
  }

  /** 0 <= value < 1. */
  unit(): number {
    return this.next() / 4294967296;
  }

  /** A whole number from 0 to count - 1. */
  below(count: number): number {
    return Math.floor(this.unit() * count);
  }

  /** A whole number from low to high, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** The index of a weight, in proportion to the weights. */
  weighted(weights: readonly number[]): number {
    let rest = this.unit() * weights.reduce((sum, weight) => sum + weight, 0);
    for (let i = 0; i < weights.length; i++) if ((rest -= weights[i]!) < 0) return i;
    return weights.length - 1;
  }

  /** Standard normal (Box-Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.next().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  }

  letters(count: number): string {
    let text = '';
    for (let i = 0; i < count; i++) text += 'abcdefghijklmnopqrstuvwxyz0123456789'[this.below(36)];
    return text;
  }
}

/**
 * A keyed permutation of 0 .. size-1 (four Feistel rounds, walking the cycle back into range) and its
 * inverse: gives every household its own address at a time, and everyone one contact a round, with no table.
 */
export class Permutation {
  readonly #size: number;
  readonly #half: number;
  readonly #mask: number;
  readonly #keys: number[];

  constructor(seed: Seed, purposeId: number, n: number, size: number) {
    this.#size = size;
    this.#half = Math.max(1, Math.ceil(Math.log2(Math.max(2, size)) / 2));
    this.#mask = 2 ** this.#half - 1;
    this.#keys = [0, 1, 2, 3].map((round) => draw(seed, round, purposeId, n) | 0);
  }

  at(index: number): number {
    do index = this.#rounds(index, [0, 1, 2, 3]);
    while (index >= this.#size);
    return index;
  }

  inverse(index: number): number {
    do index = this.#back(index);
    while (index >= this.#size);
    return index;
  }

  #rounds(index: number, order: readonly number[]): number {
    let left = index >>> this.#half;
    let right = index & this.#mask;
    for (const round of order) {
      const mixed = (left ^ scramble(right ^ this.#keys[round]!)) & this.#mask;
      left = right;
      right = mixed;
    }
    return ((left << this.#half) | right) >>> 0;
  }

  #back(index: number): number {
    let left = index >>> this.#half;
    let right = index & this.#mask;
    for (let round = 3; round >= 0; round--) {
      const mixed = (right ^ scramble(left ^ this.#keys[round]!)) & this.#mask;
      right = left;
      left = mixed;
    }
    return ((left << this.#half) | right) >>> 0;
  }
}
