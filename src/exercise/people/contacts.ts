import type { Language } from '../countries.ts';
import { Permutation, purpose } from '../random.ts';
import type { Accounts } from './accounts.ts';

const rounds = 8;
const p = purpose('contact round');

/**
 * Who writes to whom. In each of eight rounds everyone of a language is matched with one other, so that being
 * contacts is mutual; counts are kept for matched pairs in one array, for all others in a map.
 */
export class Contacts {
  readonly #accounts: Accounts;
  readonly #group: Uint8Array;
  readonly #rank: Int32Array;
  readonly #members: Int32Array[] = [];
  readonly #matchings: Permutation[][] = [];
  readonly #counts: Uint16Array;
  readonly #others = new Map<number, number>();

  constructor(accounts: Accounts) {
    this.#accounts = accounts;
    this.#group = new Uint8Array(accounts.count);
    this.#rank = new Int32Array(accounts.count);
    this.#counts = new Uint16Array(accounts.count * rounds);
    const numbers = new Map<Language, number>();
    const sizes: number[] = [];
    for (let account = 0; account < accounts.count; account++) {
      const language = accounts.world.language(accounts.world.accountPerson[account]!);
      if (!numbers.has(language)) sizes[numbers.size] = 0;
      const group = numbers.get(language) ?? numbers.size;
      numbers.set(language, group);
      this.#group[account] = group;
      this.#rank[account] = sizes[group]!++;
    }
    sizes.forEach((size, group) => {
      this.#members.push(new Int32Array(size));
      this.#matchings.push(
        Array.from(
          { length: rounds },
          (_, n) => new Permutation(accounts.world.seed, p, group * rounds + n, size),
        ),
      );
    });
    for (let account = 0; account < accounts.count; account++) {
      this.#members[this.#group[account]!]![this.#rank[account]!] = account;
    }
  }

  /** The contact of a round (0 to 7), or -1: nobody left, or the same human. */
  partner(account: number, round: number): number {
    const group = this.#group[account]!;
    const members = this.#members[group]!;
    const matching = this.#matchings[group]![round]!;
    const place = matching.at(this.#rank[account]!) ^ 1;
    if (place >= members.length) return -1;
    const other = members[matching.inverse(place)]!;
    const { accountPerson } = this.#accounts.world;
    return accountPerson[other] === accountPerson[account] ? -1 : other;
  }

  count(from: number, to: number): void {
    for (let round = 0; round < rounds; round++) {
      const slot = from * rounds + round;
      if (this.partner(from, round) === to && this.#counts[slot]! < 65_535) {
        this.#counts[slot]!++;
        return;
      }
    }
    const key = from * 2 ** 24 + to;
    this.#others.set(key, (this.#others.get(key) ?? 0) + 1);
  }

  /** Every pair that wrote, once: sender, recipient, messages. In order of sender. */
  *pairs(): Generator<[number, number, number]> {
    const others = [...this.#others].sort(([a], [b]) => a - b);
    let next = 0;
    for (let from = 0; from < this.#accounts.count; from++) {
      for (let round = 0; round < rounds; round++) {
        const count = this.#counts[from * rounds + round]!;
        if (count > 0) yield [from, this.partner(from, round), count];
      }
      while (next < others.length && Math.floor(others[next]![0] / 2 ** 24) === from) {
        const [key, count] = others[next++]!;
        yield [from, key % 2 ** 24, count];
      }
    }
  }
}

export const contactRounds = rounds;
