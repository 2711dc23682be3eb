import type { Field, Population } from './population.ts';
import { type Postings, PostingsBuilder } from './postings.ts';
import { hashText, mix } from './similarity.ts';

/** Accounts that may share a key before it is generic. */
export const genericCap = 120;

/**
 * Keys under which accounts meet: each value of its own, pairs of words, and a word's first letters with a
 * date, place or code. Each kind of key survives another kind of slip.
 */
export function makePostings(population: Population, cap = genericCap): Postings {
  const builder = new PostingsBuilder();
  const maker = new KeyMaker(population);
  for (let account = 0; account < population.size; account++) {
    maker.each(account, (hash) => builder.add(hash, account));
  }
  return builder.finish(population.size, cap);
}

/** Most words of one name that are combined; longer names are cut here, not in the comparison. */
const maxWords = 6;

/** Makes the keys of an account. The same values make the same keys in every population. */
export class KeyMaker {
  private readonly population: Population;
  private readonly own: readonly Uint32Array[];
  private readonly beginnings: readonly Uint32Array[];

  constructor(population: Population) {
    this.population = population;
    this.own = population.fields.map((field) =>
      Uint32Array.from(field.texts, (text) => hashText(text, hashText(field.name))),
    );
    this.beginnings = population.fields.map((field) =>
      field.kind === 'words' ? Uint32Array.from(field.texts, beginningOf) : new Uint32Array(0),
    );
  }

  each(account: number, visit: (hash: number) => void): void {
    const { fields } = this.population;
    fields.forEach((field, f) => {
      if (field.kind === 'category') return;
      const from = field.starts[account]!;
      const to = Math.min(field.starts[account + 1]!, from + maxWords);
      for (let i = from; i < to; i++) {
        const hash = this.ownHash(f, field.codes[i]!);
        visit(hash);
        if (field.kind === 'words') {
          for (let j = i + 1; j < to; j++) visit(mix(hash ^ Math.imul(this.ownHash(f, field.codes[j]!), 31)));
        } else {
          this.withWords(account, hash, visit);
        }
      }
    });
  }

  /** What a key of an account is made of, in plain words; null where the account does not make it. */
  describe(account: number, wanted: number): string | null {
    const { fields } = this.population;
    const words = fields.findIndex((field) => field.kind === 'words');
    for (const [f, field] of fields.entries()) {
      if (field.kind === 'category') continue;
      const texts = this.textsOf(account, f);
      for (const [i, text] of texts.entries()) {
        const hash = hashText(text, hashText(field.name));
        if (hash === wanted) return `${field.name} "${text}"`;
        if (field.kind === 'words') {
          const other = texts
            .slice(i + 1)
            .find((each) => mix(hash ^ Math.imul(hashText(each, hashText(field.name)), 31)) === wanted);
          if (other !== undefined) return `${field.name} "${text}" with "${other}"`;
        } else if (words >= 0) {
          const beginning = this.textsOf(account, words)
            .map((each) => each.slice(0, 3))
            .find((each) => mix(hash ^ Math.imul(hashText(each, 77), 17)) === wanted);
          if (beginning !== undefined)
            return `${field.name} "${text}" with ${fields[words]!.name} beginning "${beginning}"`;
        }
      }
    }
    return null;
  }

  private textsOf(account: number, f: number): string[] {
    const { starts, codes, texts } = this.population.fields[f]!;
    const to = Math.min(starts[account + 1]!, starts[account]! + maxWords);
    return Array.from(codes.subarray(starts[account]!, to), (code) => texts[code]!);
  }

  /** A value together with the first letters of each word of the first words field. */
  private withWords(account: number, hash: number, visit: (hash: number) => void): void {
    const f = this.population.fields.findIndex((field) => field.kind === 'words');
    if (f < 0) return;
    const field = this.population.fields[f] as Field;
    const from = field.starts[account]!;
    const to = Math.min(field.starts[account + 1]!, from + maxWords);
    for (let i = from; i < to; i++) visit(mix(hash ^ Math.imul(this.beginningHash(f, field.codes[i]!), 17)));
  }

  /** Hashes made beforehand for the texts there were; of later ones made when asked for. */
  private ownHash(f: number, code: number): number {
    const known = this.own[f]!;
    if (code < known.length) return known[code]!;
    const field = this.population.fields[f]!;
    return hashText(field.texts[code]!, hashText(field.name));
  }

  private beginningHash(f: number, code: number): number {
    const known = this.beginnings[f]!;
    return code < known.length ? known[code]! : beginningOf(this.population.fields[f]!.texts[code]!);
  }
}

function beginningOf(text: string): number {
  return hashText(text.slice(0, 3), 77);
}
