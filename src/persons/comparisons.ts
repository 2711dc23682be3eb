import type { Field, Population } from './population.ts';
import { bitCount, isOneEdit, jaroWinkler, letterMask } from './similarity.ts';

/**
 * A comparison puts a pair of accounts on one of a few ordered levels. Level 0 is "not known of one of them"
 * and weighs nothing; then from "different" to "the same and rare".
 */
export interface Comparison {
  readonly field: string;
  readonly group: string;
  /** Name of each level in plain words. */
  readonly levels: readonly string[];
  /** Share of one person's pairs taken to be on each level before anything is learned; sums to 1 without level 0. */
  readonly expected: readonly number[];
  /** Runs of levels, first and last, in which a higher level never speaks less for one person than a lower. */
  readonly runs: readonly (readonly [number, number])[];
  /**
   * Lowest level that only a shared, countable value reaches; pairs there are counted exactly rather than
   * sampled.
   */
  readonly counted: number;
  /**
   * Share of two persons' pairs that come to each level by chance at least, as the parts of the values tell: what is
   * counted of a rare value may all be taken for one person's. 0 where nothing is known; absent where no part tells.
   */
  readonly chance?: readonly number[];
  level(a: number, b: number): number;
}

/** Bits of rarity that divide the levels of an exact match: shared by 1 in 2^bits accounts. */
const rarityBands = [4, 7, 10, 13] as const;
const dateBands = [9, 12] as const;

export function makeComparisons(population: Population): Comparison[] {
  return population.fields.map((field) => comparisonOf(field, population.countedSize));
}

function comparisonOf(field: Field, size: number): Comparison {
  switch (field.kind) {
    case 'words':
      return compareWords(field, size);
    case 'date':
      return compareDates(field, size);
    case 'text':
      return compareTexts(field, size, textLikeness);
    case 'code':
      return compareTexts(field, size, codeLikeness);
    case 'category':
      return compareTexts(field, size, noLikeness);
  }
}

/** Bits of rarity of each code; of one that came after counting, as if one account held it. */
function rarityOf(field: Field, size: number): (code: number) => number {
  const counted = Float32Array.from(field.holders, (count) => Math.log2(size / Math.max(1, count)));
  const rarest = Math.log2(Math.max(1, size));
  return (code) => (code < counted.length ? counted[code]! : rarest);
}

/**
 * Whole numbers made of each text, side by side, so that a pair costs one look at memory; for texts that come later
 * they are made when they are first asked for.
 */
class Figures {
  private readonly texts: readonly string[];
  private readonly make: (text: string, into: Int32Array, at: number) => void;
  private readonly width: number;
  private filled = 0;
  numbers: Int32Array;

  constructor(
    texts: readonly string[],
    width: number,
    make: (text: string, into: Int32Array, at: number) => void,
  ) {
    this.texts = texts;
    this.width = width;
    this.make = make;
    this.numbers = new Int32Array(Math.ceil(texts.length * 1.25 + 64) * width);
    this.fill();
  }

  /** Place of the first number of a code. */
  at(code: number): number {
    if (code >= this.filled) this.fill();
    return code * this.width;
  }

  private fill(): void {
    const { texts, width } = this;
    if (texts.length * width > this.numbers.length) {
      const grown = new Int32Array(texts.length * 2 * width);
      grown.set(this.numbers);
      this.numbers = grown;
    }
    for (; this.filled < texts.length; this.filled++)
      this.make(texts[this.filled]!, this.numbers, this.filled * width);
  }
}

function bandOf(bits: number, bands: readonly number[]): number {
  let band = 0;
  while (band < bands.length && bits >= bands[band]!) band++;
  return band;
}

/** Likeness of two texts whose figures do not rule it out: 0 different, 1 alike in part, 2 alike but for a slip. */
interface Likeness {
  /** Whether likeness can be ruled out from the letters in both (`apart`: letters in one alone) and their first. */
  readonly isFar: (apart: number, sameFirst: boolean, anySpace: boolean) => boolean;
  readonly judge: (a: string, b: string) => 0 | 1 | 2;
  /** The part by which two values are alike in part; equal heads are level 1 at once. */
  readonly head: ((text: string) => string) | null;
}

/** Single values that are equal or alike. The best level over the values of both. */
function compareTexts(field: Field, size: number, likeness: Likeness): Comparison {
  const { starts, codes, texts } = field;
  const rarity = rarityOf(field, size);
  const cache = new PairCache();
  const headOf = likeness.head;
  const headNumbers = new Map<string, number>();
  const figures = new Figures(texts, 3, (text, into, at) => {
    into[at] = letterMask(text);
    into[at + 1] = (text.charCodeAt(0) || 0) * 2 + (text.includes(' ') ? 1 : 0);
    const head = headOf === null ? '' : headOf(text);
    let number = headNumbers.get(head);
    if (number === undefined) headNumbers.set(head, (number = headNumbers.size));
    into[at + 2] = number;
  });
  const single = (x: number, y: number): number => {
    if (x === y) return 4 + bandOf(rarity(x), rarityBands);
    const atX = figures.at(x);
    const atY = figures.at(y);
    const { numbers } = figures;
    const shapeX = numbers[atX + 1]!;
    const shapeY = numbers[atY + 1]!;
    const floor = headOf !== null && numbers[atX + 2] === numbers[atY + 2] ? 2 : 1;
    if (
      likeness.isFar(
        bitCount(numbers[atX]! ^ numbers[atY]!),
        shapeX >> 1 === shapeY >> 1,
        ((shapeX | shapeY) & 1) === 1,
      )
    ) {
      return floor;
    }
    let level = cache.get(x, y);
    if (level < 0) {
      level = Math.max(floor, 1 + likeness.judge(texts[x]!, texts[y]!));
      cache.set(x, y, level);
    }
    return level;
  };
  return {
    field: field.name,
    group: field.group,
    levels: ['not known', 'different', 'alike in part', 'alike but for a slip', ...bandNames('the same')],
    expected: [0, 0.12, 0.06, 0.12, 0.14, 0.14, 0.14, 0.14, 0.14],
    counted: 4,
    runs: [[1, 8]],
    level(a, b) {
      const fromA = starts[a]!;
      const toA = starts[a + 1]!;
      const fromB = starts[b]!;
      const toB = starts[b + 1]!;
      if (fromA === toA || fromB === toB) return 0;
      let best = 0;
      for (let i = fromA; i < toA; i++) {
        for (let j = fromB; j < toB; j++) {
          const level = single(codes[i]!, codes[j]!);
          if (level > best) best = level;
        }
      }
      return best;
    },
  };
}

function bandNames(text: string): string[] {
  return [...rarityBands, 0].map((bits, index) =>
    index < rarityBands.length
      ? `${text}, shared by more than 1 in ${2 ** bits}`
      : `${text}, shared by fewer than 1 in ${2 ** rarityBands.at(-1)!}`,
  );
}

/** Texts in words: a slip of the pen, or a word in common. */
const textLikeness: Likeness = {
  // One slip leaves at most two letters that stand in one text alone.
  isFar: (apart, sameFirst, anySpace) => apart > 2 && !sameFirst && !anySpace,
  judge(a, b) {
    if (isOneEdit(a, b)) return 2;
    if (a.charCodeAt(0) === b.charCodeAt(0) && jaroWinkler(a, b) >= 0.92) return 2;
    return a.length > 3 && b.length > 3 && (a.includes(' ') || b.includes(' ')) && shareWord(a, b) ? 1 : 0;
  },
  head: null,
};

/** Whether a word of four letters or more stands in both. */
function shareWord(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.split(/[ ,.;/-]+/).some((word) => {
    if (word.length < 4) return false;
    const at = long.indexOf(word);
    if (at < 0) return false;
    const after = at + word.length;
    return (
      (at === 0 || !isLetter(long.charCodeAt(at - 1))) &&
      (after === long.length || !isLetter(long.charCodeAt(after)))
    );
  });
}

function isLetter(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || unit > 127 || (unit >= 48 && unit <= 57);
}

/** Codes (postcodes, numbers): a slip, or the same beginning up to the first gap. */
const codeLikeness: Likeness = {
  isFar: (apart) => apart > 2,
  judge: (a, b) => (isOneEdit(a, b) ? 2 : 0),
  head: headOfCode,
};

/** What a code begins with: up to the first gap, or all but its end. */
export function headOfCode(text: string): string {
  const gap = text.indexOf(' ');
  return gap > 0 ? text.slice(0, gap) : text.slice(0, Math.max(3, text.length - 2));
}

/** Values of which any two are simply different. */
const noLikeness: Likeness = { isFar: () => true, judge: () => 0, head: null };

/** Dates digit by digit. */
function compareDates(field: Field, size: number): Comparison {
  const { starts, codes, texts } = field;
  const rarity = rarityOf(field, size);
  const figures = new Figures(texts, 2, (text, into, at) => {
    if (text.length !== 8) return;
    into[at] = Number.parseInt(text, 16);
    into[at + 1] = Number.parseInt(text.slice(0, 4) + text.slice(6) + text.slice(4, 6), 16);
  });
  return {
    field: field.name,
    group: field.group,
    levels: [
      'not known',
      'different',
      'same year, or two digits differ',
      'one digit or one swap differs',
      'the same, a common date',
      'the same',
      'the same, a rare date',
    ],
    expected: [0, 0.06, 0.08, 0.14, 0.12, 0.2, 0.4],
    counted: 4,
    runs: [[1, 6]],
    chance: [0, 0, 0, 0, ...chanceOfDates(field, (code) => bandOf(rarity(code), dateBands))],
    level(a, b) {
      const i = starts[a]!;
      const j = starts[b]!;
      if (i === starts[a + 1] || j === starts[b + 1]) return 0;
      const x = codes[i]!;
      const y = codes[j]!;
      if (x === y) return 4 + bandOf(rarity(x), dateBands);
      const atX = figures.at(x);
      const atY = figures.at(y);
      const p = figures.numbers[atX]!;
      const q = figures.numbers[atY]!;
      const diff = (p ^ q) >>> 0;
      let spread = diff | (diff >>> 1);
      spread |= spread >>> 2;
      const digits = bitCount(spread & 0x11111111);
      if (digits === 1 || figures.numbers[atX + 1] === q) return 3;
      if (digits === 2) return areNeighboursSwapped(p, q) ? 3 : 2;
      return diff >>> 16 === 0 ? 2 : 1;
    },
  };
}

/**
 * How often two people have one date by chance, by band: as often as they have one year and one day of the year. A date
 * that nobody has yet is in the rarest band.
 */
function chanceOfDates({ texts, holders }: Field, bandOfDate: (code: number) => number): number[] {
  const [years, days] = [new Map<string, number>(), new Map<string, number>()];
  let all = 0;
  holders.forEach((count, code) => {
    if (texts[code]!.length !== 8) return;
    const [year, day] = [texts[code]!.slice(0, 4), texts[code]!.slice(4)];
    years.set(year, (years.get(year) ?? 0) + count);
    days.set(day, (days.get(day) ?? 0) + count);
    all += count;
  });
  const chance = Array<number>(dateBands.length + 1).fill(0);
  if (all === 0) return chance;
  const squares = (counts: ReadonlyMap<string, number>) =>
    [...counts.values()].reduce((sum, count) => sum + (count / all) ** 2, 0);
  let rest = squares(years) * squares(days);
  holders.forEach((_, code) => {
    const text = texts[code]!;
    if (text.length !== 8) return;
    const square = ((years.get(text.slice(0, 4))! * days.get(text.slice(4))!) / all / all) ** 2;
    chance[bandOfDate(code)]! += square;
    rest -= square;
  });
  chance[dateBands.length]! += Math.max(0, rest);
  return chance;
}

function areNeighboursSwapped(p: number, q: number): boolean {
  for (let shift = 0; shift < 28; shift += 4) {
    const [a, b] = [(p >>> shift) & 15, (p >>> (shift + 4)) & 15];
    if (a === b) continue;
    const swapped = (p & ~(0xff << shift)) | (a << (shift + 4)) | (b << shift);
    if ((swapped | 0) === q) return true;
  }
  return false;
}

/**
 * Words of a name, in any order: how many are shared, alike, or left over in both; an exact share is divided
 * by the rarity of the shared words together.
 */
function compareWords(field: Field, size: number): Comparison {
  const { starts, codes, texts } = field;
  const rarity = rarityOf(field, size);
  const figures = new Figures(texts, 1, (text, into, at) => {
    into[at] = letterMask(text);
  });
  const cache = new PairCache();
  const restA = new Uint32Array(64);
  const restB = new Uint32Array(64);
  const alike = (x: number, y: number): boolean => {
    const atX = figures.at(x);
    const atY = figures.at(y);
    const maskX = figures.numbers[atX]!;
    const maskY = figures.numbers[atY]!;
    const shared = bitCount(maskX & maskY);
    const total = bitCount(maskX | maskY);
    if (shared * 2 < total && shared < 3 && total > 2) return false;
    if (!mayBeAlike(texts[x]!, texts[y]!, maskX, maskY)) return false;
    let level = cache.get(x, y);
    if (level < 0) {
      level = areWordsAlike(texts[x]!, texts[y]!) ? 1 : 0;
      cache.set(x, y, level);
    }
    return level === 1;
  };
  return {
    field: field.name,
    group: field.group,
    levels: wordLevels,
    expected: wordsExpected,
    counted: 5,
    runs: [
      [1, 3],
      [4, 5],
      [6, 10],
      [11, 15],
    ],
    level(a, b) {
      let i = starts[a]!;
      let j = starts[b]!;
      const endA = Math.min(starts[a + 1]!, i + 64);
      const endB = Math.min(starts[b + 1]!, j + 64);
      if (i === endA || j === endB) return 0;
      let same = 0;
      let bits = 0;
      let leftA = 0;
      let leftB = 0;
      while (i < endA && j < endB) {
        const x = codes[i]!;
        const y = codes[j]!;
        if (x === y) {
          same++;
          bits += rarity(x);
          i++;
          j++;
        } else if (x < y) {
          restA[leftA++] = x;
          i++;
        } else {
          restB[leftB++] = y;
          j++;
        }
      }
      while (i < endA) restA[leftA++] = codes[i++]!;
      while (j < endB) restB[leftB++] = codes[j++]!;
      let near = 0;
      let freeA = leftA;
      let freeB = leftB;
      if (leftA > 0 && leftB > 0) {
        for (let p = 0; p < leftA; p++) {
          for (let q = 0; q < leftB; q++) {
            if (restB[q] !== 0 && alike(restA[p]!, restB[q]!)) {
              restB[q] = 0;
              near++;
              freeA--;
              freeB--;
              break;
            }
          }
        }
      }
      return wordLevel(same, near, Math.min(freeA, freeB), bits);
    },
  };
}

const wordBands = [9, 13, 17, 22] as const;
const wordLevels = [
  'not known',
  'no word in common',
  'one word alike',
  'several words alike',
  'one common word the same, others differ',
  ...['one rare word the same, others differ'],
  ...[9, 13, 17, 22, 99].map((bits) => `words the same and others differ, ${rarityText(bits, wordBands)}`),
  ...[9, 13, 17, 22, 99].map(
    (bits) => `words the same, others alike or absent, ${rarityText(bits, wordBands)}`,
  ),
];
const wordsExpected = [
  0, 0.04, 0.05, 0.05, 0.03, 0.03, 0.02, 0.03, 0.04, 0.04, 0.05, 0.06, 0.1, 0.15, 0.15, 0.16,
];

function rarityText(bits: number, bands: readonly number[]): string {
  return bits === 99 ? `together rarer than 1 in 2^${bands.at(-1)}` : `together commoner than 1 in 2^${bits}`;
}

function wordLevel(same: number, near: number, left: number, bits: number): number {
  if (same === 0) return near === 0 ? 1 : near === 1 ? 2 : 3;
  if (left > 0 && same === 1 && near === 0) return bits < 9 ? 4 : 5;
  return (left > 0 ? 6 : 11) + bandOf(bits, wordBands);
}

/** Words that one hand may write for the other: a slip, a short form, an initial. */
export function areWordsAlike(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length === 1) return long.startsWith(short);
  if (short.length >= 3 && long.startsWith(short)) return true;
  if (short.length >= 4 && isOneEdit(a, b)) return true;
  return short.length >= 3 && jaroWinkler(a, b) >= likeness;
}

const likeness = 0.88;
/** Least sum of the shares of common letters in both that reaches the likeness, by the length of the common beginning. */
export const leastShares = [0, 1, 2, 3, 4].map(
  (prefix) => (3 * (likeness - 0.1 * prefix)) / (1 - 0.1 * prefix) - 1,
);

/**
 * Whether the letters of two words leave open that they are alike: false only where `areWordsAlike` is false. At
 * most the letters that are not in one word alone can be common to both.
 */
export function mayBeAlike(a: string, b: string, maskA: number, maskB: number): boolean {
  const [la, lb] = [a.length, b.length];
  const aloneA = bitCount(maskA & ~maskB);
  const aloneB = bitCount(maskB & ~maskA);
  const sameFirst = a.charCodeAt(0) === b.charCodeAt(0);
  if (sameFirst && (aloneA === 0 || aloneB === 0)) return true;
  if (aloneA <= 1 && aloneB <= 1 && la - lb <= 1 && lb - la <= 1) return true;
  const common = Math.min(la - aloneA, lb - aloneB);
  let prefix = 0;
  if (sameFirst) {
    prefix = 1;
    while (prefix < 4 && a.charCodeAt(prefix) === b.charCodeAt(prefix)) prefix++;
  }
  return common / la + common / lb >= leastShares[prefix]! - 1e-9;
}

/** Remembers levels of value pairs; a later pair may take an earlier one's place. Answers never depend on it. */
class PairCache {
  private readonly keys = new Float64Array(1 << 17).fill(-1);
  private readonly values = new Int8Array(1 << 17);
  private slot(x: number, y: number): number {
    return ((Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b)) >>> 15) & 0x1ffff;
  }
  get(x: number, y: number): number {
    const p = Math.min(x, y);
    const q = Math.max(x, y);
    const slot = this.slot(p, q);
    return this.keys[slot] === p * 4294967296 + q ? this.values[slot]! : -1;
  }
  set(x: number, y: number, value: number): void {
    const p = Math.min(x, y);
    const q = Math.max(x, y);
    const slot = this.slot(p, q);
    this.keys[slot] = p * 4294967296 + q;
    this.values[slot] = value;
  }
}
