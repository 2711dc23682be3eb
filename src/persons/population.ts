/**
 * What is known of each account, as dictionary codes in typed arrays: the form in which pairs are compared.
 * Code 0 is "not known", which is never evidence.
 */

/** How the values of a field are compared. */
export type FieldKind = 'words' | 'date' | 'text' | 'code' | 'category';

/** A field: its name, how it is compared, and the group of comparisons that tell the same story. */
export interface FieldPlan {
  readonly name: string;
  readonly kind: FieldKind;
  readonly group: string;
}

/** One field of all accounts. Accounts may have several values (words of a name). */
export interface Field extends FieldPlan {
  /** Values of account `i` are `codes[starts[i]]` to `codes[starts[i + 1] - 1]`, ascending, without repeats. */
  readonly starts: Uint32Array;
  readonly codes: Uint32Array;
  /** Text of each code; '' for 0. */
  readonly texts: readonly string[];
  /**
   * How many accounts held each code when rarity was counted; a code that came later has no entry, and counts as
   * held by one.
   */
  readonly holders: Uint32Array;
}

export interface Population {
  readonly size: number;
  /** Accounts among which rarity was counted. */
  readonly countedSize: number;
  readonly fields: readonly Field[];
}

class Codes {
  private list = new Uint32Array(1024);
  length = 0;
  push(value: number): void {
    if (this.length === this.list.length) {
      const grown = new Uint32Array(this.length * 2);
      grown.set(this.list);
      this.list = grown;
    }
    this.list[this.length++] = value;
  }
  take(room: number): Uint32Array {
    const taken = new Uint32Array(this.length + room);
    taken.set(this.list.subarray(0, this.length));
    return taken;
  }
  copyInto(target: Uint32Array, from: number): boolean {
    if (this.length > target.length) return false;
    target.set(this.list.subarray(from, this.length), from);
    return true;
  }
}

class FieldBuilder {
  readonly plan: FieldPlan;
  private readonly dictionary = new Map<string, number>();
  private readonly texts: string[] = [''];
  private readonly starts = new Codes();
  private readonly codes = new Codes();
  private held: number[] = [];

  constructor(plan: FieldPlan) {
    this.plan = plan;
    this.starts.push(0);
  }

  add(text: string): void {
    if (text === '') return;
    let code = this.dictionary.get(text);
    if (code === undefined) {
      code = this.texts.length;
      this.dictionary.set(text, code);
      this.texts.push(text);
    }
    if (!this.held.includes(code)) this.held.push(code);
  }

  end(): void {
    if (this.held.length > 1) this.held.sort((a, b) => a - b);
    for (const code of this.held) this.codes.push(code);
    this.starts.push(this.codes.length);
    if (this.held.length > 0) this.held = [];
  }

  /** The field, with room for what may be added later; `holders` stay as they were at the first finish. */
  finish(before: Field | null, room: number): Field {
    const codes = this.codes.take(room);
    let holders = before?.holders;
    if (holders === undefined) {
      holders = new Uint32Array(this.texts.length);
      for (let i = 0; i < this.codes.length; i++) holders[codes[i]!]!++;
    }
    return { ...this.plan, starts: this.starts.take(room), codes, texts: this.texts, holders };
  }

  /** Copies accounts added since `account` into a field that has room for them; false where it has not. */
  copyInto(field: Field, account: number): boolean {
    return (
      this.starts.copyInto(field.starts, account) && this.codes.copyInto(field.codes, field.starts[account]!)
    );
  }
}

/** Builds a population account by account: set fields, then end the account. */
export class PopulationBuilder {
  private readonly builders: FieldBuilder[];
  private size = 0;

  constructor(plans: readonly FieldPlan[]) {
    this.builders = plans.map((plan) => new FieldBuilder(plan));
  }

  /** Adds a canonical text under the field at `index`; words are split and folded here. */
  set(index: number, text: string | null): void {
    if (text === null || text === '') return;
    const builder = this.builders[index]!;
    if (builder.plan.kind === 'words') for (const word of wordsOf(text)) builder.add(word);
    else builder.add(builder.plan.kind === 'date' ? text.replace(/\D/g, '') : foldText(text));
  }

  end(): void {
    for (const builder of this.builders) builder.end();
    this.size++;
  }

  finish(): Population {
    return this.grown(null, 0);
  }

  /** Accounts so far. */
  get count(): number {
    return this.size;
  }

  /**
   * The population with the accounts added since `before`, counting rarity as it was then. Where `before` has
   * room for them its arrays are used further, so that what was made of them stays right.
   */
  grown(before: Population | null, room: number): Population {
    const fits =
      before !== null &&
      this.builders.every((builder, f) => builder.copyInto(before.fields[f]!, before.size));
    return {
      size: this.size,
      countedSize: before?.countedSize ?? this.size,
      fields: fits
        ? before.fields
        : this.builders.map((builder, f) => builder.finish(before?.fields[f] ?? null, room)),
    };
  }
}

const ascii = /^[\x20-\x7e]*$/;

/** Lower case without accents, single spaces. */
export function foldText(text: string): string {
  const folded = ascii.test(text) ? text : text.normalize('NFKD').replace(/\p{M}/gu, '');
  return folded.toLowerCase().replace(/\s+/g, ' ').trim();
}

/** Words that say nothing of whom a name means. */
const stopWords = new Set([
  'of',
  'the',
  'de',
  'van',
  'von',
  'la',
  'le',
  'and',
  'mr',
  'mrs',
  'ms',
  'miss',
  'dr',
]);

/** Letters and digits between anything else, folded. */
export function wordsOf(text: string): string[] {
  const words = foldText(text).split(/[^\p{L}\p{N}]+/u);
  return words.filter((word) => word !== '' && !stopWords.has(word));
}
