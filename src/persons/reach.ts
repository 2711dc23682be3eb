import { type Comparison, headOfCode, leastShares } from './comparisons.ts';
import type { Field, Population } from './population.ts';
import { bitCount, hashText, letterMask, mix } from './similarity.ts';
import type { Weights } from './weights.ts';

/** In place of the code where an account has several values of a field. */
const several = -1;
/** More than what adding the same numbers in another order can differ by. */
const margin = 1e-6;
/** Numbers kept of a field, by its kind. */
const widths = { words: 5, date: 2, text: 3, code: 3, category: 3 } as const;
/** Words up to which each is looked at by itself. */
const maxWords = 2;

/**
 * How far the score of a pair can reach at most, from a few numbers of each account that lie side by side in memory: one
 * look for most candidates, where comparing them in full costs a dozen. It is never below the score, so that
 * passing over what cannot reach the floor changes no result.
 */
export class Reach {
  private readonly priorBits: number;
  private readonly looks: readonly Look[];
  private readonly rowWidth: number;
  private rows = new Int32Array(0);
  private size = 0;

  constructor(population: Population, comparisons: readonly Comparison[], weights: Weights) {
    this.priorBits = weights.priorBits;
    let at = 0;
    this.looks = population.fields.map(({ kind }, f) => {
      const look = { kind, at, most: mostOf(weights.bits[f]!), upTo: highestUpTo(weights.bits[f]!) };
      at += widths[kind];
      return look;
    });
    this.rowWidth = at;
    this.take(population, comparisons);
  }

  /** Takes in accounts added since; the values they share with earlier ones must have kept their codes. */
  take({ size, fields }: Population, comparisons: readonly Comparison[]): void {
    const { rowWidth } = this;
    if (size * rowWidth > this.rows.length) {
      const grown = new Int32Array(Math.ceil(size * 1.25) * rowWidth);
      grown.set(this.rows);
      this.rows = grown;
    }
    for (let account = this.size; account < size; account++) {
      fields.forEach((field, f) => {
        // The level of an account with itself is that of sharing all it has.
        const whole = comparisons[f]!.level(account, account);
        if (whole > 0) lookAt(field, account, whole, this.rows, account * rowWidth + this.looks[f]!.at);
      });
    }
    this.size = size;
  }

  /** Whether the score of a pair may be above the floor. Where it says no, the score is not. */
  mayExceed(floor: number, a: number, b: number): boolean {
    const { rows, looks, rowWidth } = this;
    let sum = this.priorBits;
    for (let f = 0; f < looks.length; f++) {
      const look = looks[f]!;
      const p = a * rowWidth + look.at;
      const q = b * rowWidth + look.at;
      if (rows[p] === 0 || rows[q] === 0) continue;
      switch (look.kind) {
        case 'words':
          sum += mostOfWords(look, rows, p, q);
          break;
        case 'date':
          sum += mostOfDates(look, rows, p, q);
          break;
        default:
          sum += mostOfValues(look, rows, p, q);
      }
    }
    return sum > floor - margin;
  }
}

/** How a field is looked at: where its numbers begin in a row, and the most bits that each outcome stands for. */
interface Look {
  readonly kind: Field['kind'];
  readonly at: number;
  readonly most: Most;
  /** The most bits of any level up to each. */
  readonly upTo: readonly number[];
}

/** The most bits of levels 1 to 3: with all of them open, without the third, with the first alone. */
interface Most {
  readonly near: number;
  readonly far: number;
  readonly apart: number;
}

function mostOf(bits: readonly number[]): Most {
  const [, apart, second, third] = bits as [number, number, number, number];
  return { near: Math.max(apart, second, third), far: Math.max(apart, second), apart };
}

function highestUpTo(bits: readonly number[]): number[] {
  let highest = Number.NEGATIVE_INFINITY;
  return bits.map((each, level) => (level === 0 ? 0 : (highest = Math.max(highest, each))));
}

/** Writes the numbers of one field of an account; the first is never 0. */
function lookAt(field: Field, account: number, whole: number, into: Int32Array, at: number): void {
  const { starts, codes, texts, kind } = field;
  const from = starts[account]!;
  const to = starts[account + 1]!;
  const text = texts[codes[from]!]!;
  if (kind === 'words') {
    let shared = 0;
    for (let i = from; i < to; i++) shared |= 1 << (mix(codes[i]!) & 31);
    into[at] = shared;
    into[at + 1] = Math.min(to - from, 255) * 256 + whole;
    for (let i = from; to - from <= maxWords && i < to; i++) {
      const word = texts[codes[i]!]!;
      into[at + 2 + i - from] = letterMask(word);
      into[at + 4]! |= shapeOf(word) << (16 * (i - from));
    }
  } else if (kind === 'date') {
    into[at] = codes[from]!;
    into[at + 1] = text.length === 8 ? Number.parseInt(text, 16) : 0;
  } else {
    into[at] = to - from > 1 ? several : codes[from]!;
    into[at + 1] = letterMask(text);
    const head =
      kind === 'code' ? hashText(headOfCode(text)) : text.charCodeAt(0) * 2 + (text.includes(' ') ? 1 : 0);
    into[at + 2] = head * 16 + whole;
  }
}

/** Length of a word, from 1 to 255 and anything longer, and its first letter folded to a byte. */
function shapeOf(word: string): number {
  return Math.min(word.length, 255) * 256 + (mix(word.charCodeAt(0)) & 255);
}

/** The most bits that single values can give. */
function mostOfValues({ kind, most, upTo }: Look, rows: Int32Array, p: number, q: number): number {
  const [x, y] = [rows[p]!, rows[q]!];
  if (x === several || y === several) return upTo.at(-1)!;
  const [left, right] = [rows[p + 2]!, rows[q + 2]!];
  if (x === y) return upTo[left & 15]!;
  if (kind === 'category') return most.apart;
  const distant = bitCount(rows[p + 1]! ^ rows[q + 1]!) > 2;
  const sameHead = left >> 4 === right >> 4;
  if (kind === 'code') return !distant ? most.near : sameHead ? most.far : most.apart;
  const anySpace = ((left | right) & 16) !== 0;
  return distant && !sameHead && !anySpace ? most.apart : most.near;
}

/** The most bits that dates can give: they are surely different where the year and three digits or more differ. */
function mostOfDates({ most, upTo }: Look, rows: Int32Array, p: number, q: number): number {
  if (rows[p] === rows[q]) return upTo.at(-1)!;
  const [left, right] = [rows[p + 1]!, rows[q + 1]!];
  const differing = left ^ right;
  if (left === 0 || right === 0 || differing >>> 16 === 0) return most.near;
  let spread = differing | (differing >>> 1);
  spread |= spread >>> 2;
  return bitCount(spread & 0x11111111) > 2 ? most.apart : most.near;
}

/** The most bits that the words of two names can give. */
function mostOfWords({ most, upTo }: Look, rows: Int32Array, p: number, q: number): number {
  const [left, right] = [rows[p + 1]!, rows[q + 1]!];
  // Sharing some words is at most worth sharing all.
  if ((rows[p]! & rows[q]!) !== 0) return upTo[Math.min(left & 255, right & 255)]!;
  const [x, y] = [left >> 8, right >> 8];
  if (x > maxWords || y > maxWords) return x > 1 && y > 1 ? most.near : most.far;
  const [a0, b0] = [mayWordsBeAlike(rows, p, 0, q, 0), y > 1 && mayWordsBeAlike(rows, p, 0, q, 1)];
  const [a1, b1] = [
    x > 1 && mayWordsBeAlike(rows, p, 1, q, 0),
    x > 1 && y > 1 && mayWordsBeAlike(rows, p, 1, q, 1),
  ];
  if ((a0 && b1) || (b0 && a1)) return most.near;
  return a0 || b0 || a1 || b1 ? most.far : most.apart;
}

/** The same as `mayBeAlike` where the words' first four letters are not at hand: false only where that is false. */
function mayWordsBeAlike(rows: Int32Array, p: number, i: number, q: number, j: number): boolean {
  const [maskA, maskB] = [rows[p + 2 + i]!, rows[q + 2 + j]!];
  const aloneA = bitCount(maskA & ~maskB);
  const aloneB = bitCount(maskB & ~maskA);
  if (aloneA <= 1 && aloneB <= 1) return true;
  const [shapeA, shapeB] = [(rows[p + 4]! >>> (16 * i)) & 0xffff, (rows[q + 4]! >>> (16 * j)) & 0xffff];
  const sameFirst = (shapeA & 255) === (shapeB & 255);
  if (sameFirst && (aloneA === 0 || aloneB === 0)) return true;
  const [la, lb] = [shapeA >> 8, shapeB >> 8];
  if (la === 255 || lb === 255) return true;
  const common = Math.min(la - aloneA, lb - aloneB);
  return common / la + common / lb >= leastShares[sameFirst ? 4 : 0]! - 1e-9;
}
