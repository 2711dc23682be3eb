import { hashText, mix } from '../../src/persons/similarity.ts';

/** How accounts write and when: measured, and left out of linking (docs/linking.md). */

/** Words of its own below which nothing is said of how an account writes. */
const leastWords = 500;
/** Words that are looked at; more say little more. */
const mostWords = 5000;
/** Hours of days with an act below which nothing is said of when an account is awake. */
const leastHours = 40;

const buckets = 1 << 13;
const runLength = 4;
const hoursOfWeek = 48;

/** Runs of four characters by how often they occur, hashed into buckets; digits and what was quoted are left out. */
export class Style {
  readonly counts = new Uint16Array(buckets);
  words = 0;

  add(text: string): void {
    if (this.words >= mostWords) return;
    const own = text.replace(/^\s*>.*$/gm, '').replace(/\[[^\]]{1,40}\]|https?:\S+|\d+/g, ' ');
    this.words += own.split(/\s+/).length;
    const flat = own.replace(/[ \t]+/g, ' ');
    for (let i = 0; i + runLength <= flat.length; i++) {
      const bucket = mix(hashText(flat.slice(i, i + runLength))) & (buckets - 1);
      if (this.counts[bucket]! < 65_535) this.counts[bucket]!++;
    }
  }

  get isKnown(): boolean {
    return this.words >= leastWords;
  }
}

/** Styles made comparable: each run weighs less the more accounts use it. */
export class Styles {
  private readonly vectors = new Map<string, Float32Array>();

  constructor(styles: ReadonlyMap<string, Style>) {
    const users = new Uint32Array(buckets);
    const known = [...styles].filter(([, style]) => style.isKnown);
    for (const [, { counts }] of known) for (let i = 0; i < buckets; i++) if (counts[i]! > 0) users[i]!++;
    for (const [account, { counts }] of known) {
      const vector = new Float32Array(buckets);
      let sum = 0;
      for (let i = 0; i < buckets; i++) {
        if (counts[i] === 0) continue;
        vector[i] = Math.log2(1 + counts[i]!) * Math.log2((known.length + 1) / users[i]!);
        sum += vector[i]! ** 2;
      }
      const length = Math.sqrt(sum) || 1;
      for (let i = 0; i < buckets; i++) vector[i]! /= length;
      this.vectors.set(account, vector);
    }
  }

  /** Likeness of two accounts' writing, 0 to 1; null where one of them is not known. */
  likeness(a: string, b: string): number | null {
    const [x, y] = [this.vectors.get(a), this.vectors.get(b)];
    if (x === undefined || y === undefined) return null;
    let sum = 0;
    for (let i = 0; i < buckets; i++) sum += x[i]! * y[i]!;
    return sum;
  }
}

/** Hours with an act, each counted once a day, by hour of the day and whether it was a weekend. */
export class Hours {
  readonly counts = new Uint32Array(hoursOfWeek);
  private readonly seen = new Set<number>();

  /** `micros` is a time in microseconds UTC. */
  add(micros: number): void {
    const hour = Math.floor(micros / 3_600_000_000);
    if (this.seen.has(hour)) return;
    this.seen.add(hour);
    const weekday = (Math.floor(hour / 24) + 4) % 7;
    this.counts[(hour % 24) + (weekday === 0 || weekday === 6 ? 24 : 0)]!++;
  }

  get isKnown(): boolean {
    return this.seen.size >= leastHours;
  }
}

/**
 * log2 of how much better one person's habits explain two accounts' hours than two persons' (Dirichlet-multinomial).
 * `usual` is the share of each hour among all accounts; `likeness` how alike people's days are, in acts.
 */
export function hoursBits(a: Hours, b: Hours, usual: readonly number[], likeness: number): number {
  const chance = (counts: (h: number) => number): number => {
    let [sum, total] = [0, 0];
    for (let h = 0; h < hoursOfWeek; h++) {
      const prior = likeness * usual[h]!;
      sum += logGamma(prior + counts(h)) - logGamma(prior);
      total += counts(h);
    }
    return sum + logGamma(likeness) - logGamma(likeness + total);
  };
  const both = chance((h) => a.counts[h]! + b.counts[h]!);
  return (both - chance((h) => a.counts[h]!) - chance((h) => b.counts[h]!)) / Math.LN2;
}

/** ln of the gamma function (Lanczos), for x > 0. */
function logGamma(x: number): number {
  const factors = [
    76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155, 0.001208650973866179,
    -0.5395239384953e-5,
  ];
  let sum = 1.000000000190015;
  factors.forEach((factor, i) => {
    sum += factor / (x + 1 + i);
  });
  const t = x + 5.5;
  return (x + 0.5) * Math.log(t) - t + Math.log((Math.sqrt(2 * Math.PI) * sum) / x);
}
