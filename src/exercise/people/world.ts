import { type Country, countries, type Language } from '../countries.ts';
import { Dice, draw, Permutation, purpose, type Seed } from '../random.ts';
import { mailHosts } from './words/handles.ts';
import { familyNames, givenNames, romanGiven } from './words/names.ts';

/** How second accounts come about. `first` is everyone's first account. */
export const accountKinds = [
  'first',
  'name variant',
  'plus tag',
  'same mailbox',
  'ban evasion',
  'unrelated handle',
] as const;
export type AccountKind = (typeof accountKinds)[number];

/** One human of the world. Everything but the household is a function of (seed, person). */
export type Person = {
  readonly id: number;
  readonly household: number;
  readonly country: number;
  readonly given: string;
  readonly family: string;
  /** Latin letters only, lower case, for handles and addresses. */
  readonly stem: string;
  readonly born: number;
  readonly phone: string;
  readonly privateMail: string;
  readonly chatName: string;
  readonly chatId: string;
  /** Local hours at which sessions start, most usual first. */
  readonly hours: readonly number[];
  /** Workplace number, or -1. */
  readonly employer: number;
  readonly usesMobile: boolean;
  readonly usesVpn: boolean;
  readonly usesTor: boolean;
  readonly usesLibrary: boolean;
};

const p = {
  accounts: purpose('accounts of a person'),
  size: purpose('household size'),
  country: purpose('household country'),
  person: purpose('person'),
};
const dayHours = [
  [19, 20, 21, 22, 18, 23, 20, 21],
  [6, 7, 8, 12, 18, 7, 8, 20],
  [22, 23, 0, 1, 21, 23, 0, 20],
  [12, 13, 17, 18, 20, 9, 10, 15],
  [9, 10, 11, 14, 15, 16, 10, 11],
];
const memoLimit = 65_536;

/**
 * Households, the people in them, and which accounts are whose. Holds a few typed arrays (about 20 bytes an
 * account); people are made on demand.
 */
export class World {
  readonly seed: Seed;
  readonly members: number;
  readonly people: number;
  readonly households: number;
  /** Per account, in order of making: its person, and how it came about (index of accountKinds). */
  readonly accountPerson: Int32Array;
  readonly accountKind: Uint8Array;
  /** Per person: first account and household. A person's accounts are consecutive. */
  readonly firstAccount: Int32Array;
  readonly personHousehold: Int32Array;
  readonly householdCountry: Uint8Array;
  readonly #memo = new Map<number, Person>();
  readonly #tags = new Map<string, Permutation>();
  readonly #dice: Dice;

  constructor(seed: Seed, members: number) {
    this.seed = seed;
    this.members = members;
    this.#dice = new Dice(seed);
    this.accountPerson = new Int32Array(members);
    this.accountKind = new Uint8Array(members);
    const firsts = new Int32Array(members + 1);
    const households = new Int32Array(members);
    const homeCountry = new Uint8Array(members);
    const weights = countries.map((country) => country.weight);
    let account = 0;
    let person = 0;
    let household = 0;
    while (account < members) {
      const dice = this.#dice.at(household, p.size);
      const size = 1 + dice.weighted([88, 9, 2, 1]);
      // Account 0 is the board's founder, whose server stands in the Netherlands.
      homeCountry[household] = household === 0 ? 0 : this.#dice.at(household, p.country).weighted(weights);
      for (let i = 0; i < size && account < members; i++) {
        firsts[person] = account;
        households[person] = household;
        account = this.#addAccounts(person, account);
        person++;
      }
      household++;
    }
    firsts[person] = members;
    this.people = person;
    this.households = household;
    this.firstAccount = firsts.slice(0, person + 1);
    this.personHousehold = households.slice(0, person);
    this.householdCountry = homeCountry.slice(0, household);
  }

  #addAccounts(person: number, account: number): number {
    const dice = this.#dice.at(person, p.accounts);
    const count = person === 0 ? 1 : 1 + dice.weighted([865, 108, 27]);
    for (let i = 0; i < count && account < this.members; i++) {
      this.accountPerson[account] = person;
      this.accountKind[account] = i === 0 ? 0 : 1 + dice.weighted([28, 14, 14, 22, 22]);
      account++;
    }
    return account;
  }

  /**
   * A number for thing `id` of one kind (0 to size - 1): no two things of a kind share it, and it tells nothing
   * about the same thing's number of another kind.
   */
  tag(kind: string, id: number, size = 2 ** 28): number {
    let numbers = this.#tags.get(kind);
    if (!numbers) this.#tags.set(kind, (numbers = new Permutation(this.seed, purpose(kind), 0, size)));
    return numbers.at(id);
  }

  country(person: number): Country {
    return countries[this.householdCountry[this.personHousehold[person]!]!]!;
  }

  language(person: number): Language {
    return this.country(person).language;
  }

  person(id: number): Person {
    const known = this.#memo.get(id);
    if (known) return known;
    if (this.#memo.size >= memoLimit) this.#memo.clear();
    const made = this.#make(id);
    this.#memo.set(id, made);
    return made;
  }

  #make(id: number): Person {
    const dice = this.#dice.at(id, p.person);
    const household = this.personHousehold[id]!;
    const country = countries[this.householdCountry[household]!]!;
    const language = country.language;
    const given = dice.below(givenNames[language].length);
    const families = familyNames[language];
    const family = families[draw(this.seed, household, p.person, 7) % families.length]!;
    const stem = plain(romanGiven[language]?.[given] ?? givenNames[language][given]!) || 'member';
    const born = dice.between(1948, 1998);
    const number = String(this.tag('phone', id, 90_000_000)).padStart(8, '0');
    const base = stem + dice.pick(['', '.', '_']) + this.tag('mail', id).toString(36);
    return {
      id,
      household,
      country: this.householdCountry[household]!,
      given: givenNames[language][given]!,
      family,
      stem,
      born,
      phone: `+${country.dial}${dice.between(1, 9)}${number}`,
      privateMail: `${base}@${dice.pick(mailHosts)}`,
      chatName: `${stem}${this.tag('chat name', id).toString(36)}`,
      chatId: `4${String(this.tag('chat', id)).padStart(10, '0')}20190107`,
      hours: dayHours[dice.weighted([45, 15, 15, 15, 10])]!,
      employer: dice.chance(0.6) ? this.#employer(household, dice) : -1,
      usesMobile: dice.chance(0.55),
      usesVpn: dice.chance(0.08),
      usesTor: dice.chance(0.02),
      usesLibrary: dice.chance(0.05),
    };
  }

  /** Workplaces stand in one country each: number `n` in country `n % countries.length`. */
  get employers(): number {
    return Math.max(1, Math.ceil(this.members / 25 / countries.length)) * countries.length;
  }

  #employer(household: number, dice: Dice): number {
    const each = this.employers / countries.length;
    return dice.below(each) * countries.length + this.householdCountry[household]!;
  }
}

/** Lower-case ASCII letters of a name, accents removed. */
export function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
}
