import { linkingConfiguration as config } from './configuration.ts';
import { handleSkeleton, handleStem } from './keys.ts';

/** Longest part of a name that is looked at. */
const maxLetters = 32;

/**
 * What two names share at most: the longest run of letters in both, where it makes up most of the shorter name
 * or all of its stem. Null where they share less.
 */
export function sharedRun(a: string, b: string): string | null {
  const [x, y] = [handleSkeleton(a).slice(0, maxLetters), handleSkeleton(b).slice(0, maxLetters)];
  const run = longestCommon(x, y);
  if (run.length < config.handles.least) return null;
  const whole = [a, b].some((name) => {
    const stem = handleStem(name);
    return stem.length >= config.handles.least && run.includes(stem);
  });
  return whole || run.length >= 0.8 * Math.min(x.length, y.length) ? run : null;
}

function longestCommon(x: string, y: string): string {
  let best = '';
  let before = new Uint8Array(y.length + 1);
  for (let i = 0; i < x.length; i++) {
    const row = new Uint8Array(y.length + 1);
    for (let j = 0; j < y.length; j++) {
      if (x[i] !== y[j]) continue;
      row[j + 1] = before[j]! + 1;
      if (row[j + 1]! > best.length) best = x.slice(i + 1 - row[j + 1]!, i + 1);
    }
    before = row;
  }
  return best;
}

/**
 * How likely another person is to come up with a name or a part of one, measured among the names of the operation:
 * by how many others have it, and by how common its parts are, since many names are two common words put
 * together. Where nobody else has a part, by how surprising its letters are, with caution.
 */
export class NameChance {
  private readonly names: readonly (readonly string[])[];
  private readonly counts = new Map<string, number>();
  private readonly surprise: Surprise;

  /** `names`: those of each account, in the form in which they are compared. */
  constructor(names: Iterable<readonly string[]>) {
    this.names = [...names].map((list) => list.map((name) => name.slice(0, maxLetters)));
    this.surprise = new Surprise(new Set(this.names.flat()));
  }

  /** Counts in how many accounts' names the texts and their parts stand. To be called once, with all of them. */
  count(texts: Iterable<string>): void {
    for (const text of texts) {
      this.counts.set(text, 0);
      for (let at = leastPart; at + leastPart <= text.length; at++) {
        this.counts.set(text.slice(0, at), 0);
        this.counts.set(text.slice(at), 0);
      }
    }
    const lengths = [...new Set([...this.counts.keys()].map((text) => text.length))];
    for (const list of this.names) {
      const met = new Set<string>();
      for (const name of list) {
        for (const length of lengths) {
          for (let at = 0; at + length <= name.length; at++) {
            const part = name.slice(at, at + length);
            if (this.counts.has(part)) met.add(part);
          }
        }
      }
      for (const part of met) this.counts.set(part, this.counts.get(part)! + 1);
    }
  }

  /** Bits of a counted text that two accounts share, of which a share `m` of one person's pairs shares as much. */
  worth(text: string, m: number): { bits: number; accounts: number; words: string } {
    const accounts = Math.max(2, this.counts.get(text) ?? 0);
    const size = Math.max(2, this.names.length);
    let chance = 0;
    for (let at = leastPart; at + leastPart <= text.length; at++) {
      const product = this.chanceOf(text.slice(0, at), accounts) * this.chanceOf(text.slice(at), accounts);
      chance = Math.max(chance, product);
    }
    if (chance === 0) chance = this.chanceOf(text, accounts);
    chance = Math.min(1, chance + (accounts - 2) / size);
    return { bits: Math.log2(m / chance), accounts, words: `chosen by 1 in ${rounded(1 / chance)}` };
  }

  /** The share of other accounts that have a part in a name. */
  private chanceOf(part: string, holders: number): number {
    const others = (this.counts.get(part) ?? 0) - holders;
    if (others > 0) return (others + 0.5) / this.names.length;
    const beyond = Math.max(0, this.surprise.of(part) - wordBits);
    return (0.5 / this.names.length) * 2 ** (-beyond / 2);
  }
}

/** Letters of the shortest part that is looked at by itself. */
const leastPart = 2;
/** Bits of surprise that a word of any language may have. */
const wordBits = 16;

/** A number to two figures. */
function rounded(value: number): string {
  if (!(value < 1e15)) return '10^15 or more';
  return Number(value.toPrecision(2)).toLocaleString('en-GB');
}

/**
 * How surprising a name is, in bits: how unlikely it is that another person would come up with it. Three-letter
 * statistics over the names of the operation, without the name itself (Perito et al. 2011).
 */
export class Surprise {
  private readonly counts = new Map<string, number>();
  private letters = 0;

  constructor(names: Iterable<string>) {
    for (const name of names) for (const [part, count] of partsOf(name)) this.add(part, count);
  }

  private add(part: string, count: number): void {
    this.counts.set(part, (this.counts.get(part) ?? 0) + count);
    if (part.length === 1) this.letters += count;
  }

  /** Bits of a name that was among the names. */
  of(name: string): number {
    const own = partsOf(name);
    const count = (part: string) => Math.max(0, (this.counts.get(part) ?? 0) - (own.get(part) ?? 0));
    const letters = Math.max(0, this.letters - (own.size === 0 ? 0 : name.length));
    const text = `^^${name}`;
    let bits = 0;
    for (let i = 2; i < text.length; i++) {
      const one = (count(text[i]!) + 1) / (letters + alphabet);
      const two = (count(text.slice(i - 1, i + 1)) + weight * one) / (count(`${text[i - 1]}*`) + weight);
      const three =
        (count(text.slice(i - 2, i + 1)) + weight * two) / (count(`${text.slice(i - 2, i)}*`) + weight);
      bits -= Math.log2(three);
    }
    return bits;
  }
}

/** Letters a name may hold, for those never seen. */
const alphabet = 64;
/** Letters seen that a shorter context counts for. */
const weight = 4;

/** Runs of one to three letters, and each context (marked by a star), with how often they occur. */
function partsOf(name: string): Map<string, number> {
  const parts = new Map<string, number>();
  const up = (part: string) => parts.set(part, (parts.get(part) ?? 0) + 1);
  const text = `^^${name}`;
  for (let i = 2; i < text.length; i++) {
    up(text[i]!);
    up(text.slice(i - 1, i + 1));
    up(text.slice(i - 2, i + 1));
    up(`${text[i - 1]}*`);
    up(`${text.slice(i - 2, i)}*`);
  }
  return parts;
}
