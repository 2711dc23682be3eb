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
  if (run.length < config.handleLetters.least) return null;
  const whole = [a, b].some((name) => {
    const stem = handleStem(name);
    return stem.length >= config.handleLetters.least && run.includes(stem);
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

/** In how many accounts' names each run stands. */
export function countRuns(
  runs: ReadonlySet<string>,
  names: ReadonlyMap<string, readonly string[]>,
): Map<string, number> {
  const counts = new Map<string, number>();
  const lengths = [...new Set([...runs].map((run) => run.length))];
  for (const list of names.values()) {
    const met = new Set<string>();
    for (const name of list) {
      const skeleton = handleSkeleton(name).slice(0, maxLetters);
      for (const length of lengths) {
        for (let at = 0; at + length <= skeleton.length; at++) {
          const run = skeleton.slice(at, at + length);
          if (runs.has(run)) met.add(run);
        }
      }
    }
    for (const run of met) counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return counts;
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
