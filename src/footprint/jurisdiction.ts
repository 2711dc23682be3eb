import { canonicalJson } from '../base/json.ts';
import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/place.ts';
import { ownActs } from '../store/queries/timeline.ts';
import { estimateClock, type HabitsEstimate } from './habits.ts';
import { type LineEvidence, linesOfPersons } from './jurisdiction-lines.ts';
import { readRegistries } from './place.ts';
import {
  clocksOfCountry,
  countriesOfLanguage,
  countriesOfPhone,
  countryName,
  countryOfDomain,
  countryOfPlace,
  countryOfZone,
} from './place-countries.ts';

/**
 * Points that pieces of evidence give a country: an investigative score that is stated and measured on exercises,
 * not a likelihood. They add up; what several pieces have in common is not taken off.
 */
export const jurisdictionConfiguration = {
  /** Days on addresses registered in a country: for the first day, for each doubling, and at most. */
  line: { base: 2, perDoubling: 1, most: 8 },
  /** What of that remains for lines that strangers share but whose users are of that country. */
  sharedLine: 0.4,
  /** And for exits, whose users come from several countries: enough to be seen as an alternative, no more. */
  exitLine: 0.1,
  phone: { 'provider-verified': 5, 'self-declared': 4 },
  place: { 'installation address': 6, 'billing address': 3, 'provider-verified': 4, 'self-declared': 3 },
  /** The address or number of the subscriber whose line the account used: often another of the household. */
  subscriber: 4,
  timeZone: 3,
  mailDomain: 2,
  /** These only weigh countries that something else names. */
  language: 1,
  habits: 1,
  /** A zone or language that more of a service's accounts have is its default and says nothing. */
  defaultShare: 0.5,
  leastAccounts: 20,
  /**
   * Score and share from which a country is stated; below, the ranking is shown and the answer is "not known". A time
   * zone that somebody set, alone, is not enough.
   */
  leastScore: 3.5,
  leastShare: 0.45,
  /** Seconds by which a provider's asked time may differ from a use of the address. */
  askedSeconds: 2,
  /** Pointers kept with a piece of evidence. */
  pointers: 4,
} as const;

/** A piece of evidence with the countries it speaks for. */
export interface PlaceEvidence {
  readonly kind:
    | 'line'
    | 'phone'
    | 'place'
    | 'time zone'
    | 'language'
    | 'subscriber'
    | 'habits'
    | 'mail domain';
  readonly countries: readonly string[];
  readonly score: number;
  readonly text: string;
  readonly account: string;
  /** What speaks against the piece itself. */
  readonly against: readonly string[];
  readonly first: number | null;
  readonly last: number | null;
  readonly pointers: readonly string[];
}

export interface Candidate {
  readonly country: string;
  readonly score: number;
  readonly share: number;
}

export interface Jurisdiction {
  readonly candidates: readonly Candidate[];
  /** Whether the first candidate is stated as likely. */
  readonly likely: boolean;
  readonly why: string;
}

const weighing: ReadonlySet<string> = new Set(['language', 'habits']);

/**
 * Ranks the countries that evidence names by the sum of its points. Language and habits count only for countries
 * that something else names. Ties go to the first code in the alphabet.
 */
export function rankCountries(evidence: readonly PlaceEvidence[]): Jurisdiction {
  const { leastScore, leastShare } = jurisdictionConfiguration;
  const scores = new Map<string, number>();
  for (const { kind, countries, score } of evidence) {
    if (weighing.has(kind) || score <= 0) continue;
    for (const country of countries)
      scores.set(country, (scores.get(country) ?? 0) + score / countries.length);
  }
  for (const { kind, countries, score } of evidence) {
    if (!weighing.has(kind)) continue;
    for (const country of countries) {
      const before = scores.get(country);
      if (before !== undefined) scores.set(country, before + score);
    }
  }
  const total = [...scores.values()].reduce((sum, score) => sum + score, 0);
  const candidates = [...scores]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([country, score]) => ({ country, score, share: score / total }));
  const [best, second] = candidates;
  if (!best) return { candidates, likely: false, why: 'nothing in the exhibits names a country' };
  if (best.score < leastScore) {
    return {
      candidates,
      likely: false,
      why: `too little evidence: ${points(best.score)}, ${leastScore} are needed`,
    };
  }
  if (best.share < leastShare || best.score === second?.score) {
    return { candidates, likely: false, why: `the evidence is divided over ${candidates.length} countries` };
  }
  const rest = second ? `; next ${countryName(second.country)} with ${points(second.score)}` : '';
  return { candidates, likely: true, why: `${points(best.score)}, ${percent(best.share)} of all${rest}` };
}

function points(score: number): string {
  return `${score.toFixed(1)} points`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Makes the tables `place_evidence` and `jurisdiction`. Needs persons and the timeline. */
export async function placePersons(engine: Engine): Promise<{ placed: number }> {
  const accounts = await engine.rows<AccountRow>(sql.accountsForPlace);
  const persons = [...new Set(accounts.map((row) => row.person))].sort();
  const evidence = new Map<string, PlaceEvidence[]>(persons.map((person) => [person, []]));
  const add = (person: string, piece: PlaceEvidence | null) => {
    if (piece) evidence.get(person)?.push(piece);
  };
  const lines = await linesOfPersons(engine, await readRegistries(engine));
  for (const [person, pieces] of lines) for (const piece of pieces) add(person, lineEvidence(piece));
  const stated = await engine.rows<StatedRow>(sql.statedForPlace);
  for (const row of stated) add(row.person, statedEvidence(row));
  for (const [person, piece] of mailDomains(accounts, stated)) add(person, piece);
  for (const [person, piece] of await subscriberEvidence(engine, stated)) add(person, piece);
  for (const [person, piece] of settingsEvidence(accounts)) add(person, piece);
  await addHabits(engine, accounts, evidence);
  return write(engine, persons, evidence);
}

interface AccountRow {
  readonly person: string;
  readonly account: string;
  readonly service: string;
  readonly native_id: string;
  readonly kind: string | null;
  readonly attributes: string | null;
  readonly pointer: string;
}

interface StatedRow {
  readonly person: string;
  readonly account: string;
  readonly selector: 'phone' | 'place' | 'email';
  readonly raw: string;
  readonly canonical: string | null;
  readonly basis: 'self-declared' | 'provider-verified';
  readonly context: string;
  readonly pointer: string;
}

function lineEvidence(line: LineEvidence): PlaceEvidence {
  const { base, perDoubling, most } = jurisdictionConfiguration.line;
  const { sharedLine, exitLine } = jurisdictionConfiguration;
  const factor = { own: 1, shared: sharedLine, exit: exitLine }[line.use];
  const score =
    line.country === null
      ? 0
      : factor * Math.min(most, base + perDoubling * Math.log2(Math.max(1, line.days)));
  const where =
    line.country === null
      ? 'that no registry table gives a country'
      : `registered in ${countryName(line.country)}`;
  const holders = line.holders.length > 0 ? ` (${line.holders.join(', ')})` : '';
  const kindOf = { own: '', shared: 'shared ', exit: 'shared ' }[line.use];
  return {
    kind: 'line',
    countries: line.country === null ? [] : [line.country],
    score,
    text: `used ${line.lines} ${kindOf}${line.lines === 1 ? 'address' : 'addresses'} ${where} on ${line.days} ${line.days === 1 ? 'day' : 'days'}${holders}`,
    account: line.account,
    against: line.against,
    first: line.first,
    last: line.last,
    pointers: line.pointers.slice(0, jurisdictionConfiguration.pointers),
  };
}

function statedEvidence(row: StatedRow): PlaceEvidence | null {
  if (row.selector === 'email') return null;
  const found = countriesOfStated(row);
  if (found.length === 0) return null;
  const { phone, place } = jurisdictionConfiguration;
  const score =
    row.selector === 'phone'
      ? phone[row.basis]
      : (place[row.context as keyof typeof place] ?? place[row.basis]);
  const against = found.length > 1 ? [`the number may be of ${found.length} countries`] : [];
  const names = found.map(countryName).join(' or ');
  const by = row.basis === 'provider-verified' ? 'by its provider' : 'by itself';
  return {
    kind: row.selector,
    countries: found,
    score,
    text: `a ${row.selector === 'phone' ? 'number' : 'place'} in ${names} is stated of the account ${by} (${row.context})`,
    account: row.account,
    against,
    first: null,
    last: null,
    pointers: [row.pointer],
  };
}

function countriesOfStated(row: StatedRow): readonly string[] {
  if (row.selector === 'phone') return row.canonical === null ? [] : countriesOfPhone(row.canonical);
  const country = countryOfPlace(row.raw);
  return country === null ? [] : [country];
}

/** Each country once a person, from addresses stated and mailboxes used. */
function mailDomains(
  accounts: readonly AccountRow[],
  stated: readonly StatedRow[],
): [string, PlaceEvidence][] {
  const found: [string, PlaceEvidence][] = [];
  const seen = new Set<string>();
  const note = (person: string, account: string, address: string, pointer: string) => {
    const domain = address.slice(address.lastIndexOf('@') + 1);
    const country = address.includes('@') ? countryOfDomain(domain) : null;
    if (country === null || seen.has(`${person}\n${country}`)) return;
    seen.add(`${person}\n${country}`);
    const piece: PlaceEvidence = {
      kind: 'mail domain',
      countries: [country],
      score: jurisdictionConfiguration.mailDomain,
      text: `has a mail address under the domain of ${countryName(country)}`,
      account,
      against: ['anybody can have such an address'],
      first: null,
      last: null,
      pointers: [pointer],
    };
    found.push([person, piece]);
  };
  for (const row of stated)
    if (row.selector === 'email' && row.canonical) note(row.person, row.account, row.canonical, row.pointer);
  for (const row of accounts)
    if (row.service === 'mail') note(row.person, row.account, row.native_id, row.pointer);
  return found;
}

interface SubscriberRow {
  readonly person: string;
  readonly subscriber: string;
  readonly account: string;
  readonly times: number;
  readonly first_time: number;
  readonly last_time: number;
  readonly pointer: string;
  readonly answer_pointer: string;
}

async function subscriberEvidence(
  engine: Engine,
  stated: readonly StatedRow[],
): Promise<[string, PlaceEvidence][]> {
  const facts = new Map<string, StatedRow[]>();
  for (const row of stated) {
    if (row.selector === 'email' || row.basis !== 'provider-verified') continue;
    facts.set(row.account, [...(facts.get(row.account) ?? []), row]);
  }
  const rows = await engine.rows<SubscriberRow>(sql.subscribersOfAccounts, {
    seconds: jurisdictionConfiguration.askedSeconds,
  });
  const found: [string, PlaceEvidence][] = [];
  for (const row of rows) {
    const countries = new Map<string, string>();
    for (const fact of facts.get(row.subscriber) ?? []) {
      const [country, ...more] = countriesOfStated(fact);
      if (country && more.length === 0 && !countries.has(country)) countries.set(country, fact.pointer);
    }
    for (const [country, pointer] of countries) {
      found.push([
        row.person,
        {
          kind: 'subscriber',
          countries: [country],
          score: jurisdictionConfiguration.subscriber / countries.size,
          text: `used a line whose subscriber's provider states ${countryName(country)}`,
          account: row.account,
          against: ['a subscriber pays for a line; others may use it'],
          first: row.first_time,
          last: row.last_time,
          pointers: [row.pointer, row.answer_pointer, pointer],
        },
      ]);
    }
  }
  return found;
}

/** What accounts have set: zone and language, unless it is the service's default. */
function settingsEvidence(accounts: readonly AccountRow[]): [string, PlaceEvidence][] {
  const settings = accounts.map((row) => ({ row, set: settingsOf(row.attributes) }));
  const defaults = new Set<string>();
  const { defaultShare, leastAccounts, timeZone, language } = jurisdictionConfiguration;
  for (const name of ['time_zone', 'language'] as const) {
    const counts = new Map<string, Map<string, number>>();
    for (const { row, set } of settings) {
      const value = set[name];
      if (value === undefined) continue;
      const ofService = counts.get(row.service) ?? new Map<string, number>();
      counts.set(row.service, ofService);
      ofService.set(value, (ofService.get(value) ?? 0) + 1);
    }
    for (const [service, values] of counts) {
      const total = [...values.values()].reduce((sum, count) => sum + count, 0);
      for (const [value, count] of values)
        if (total >= leastAccounts && count > total * defaultShare)
          defaults.add(`${service}\n${name}\n${value}`);
    }
  }
  const found: [string, PlaceEvidence][] = [];
  for (const { row, set } of settings) {
    const common = { account: row.account, first: null, last: null, pointers: [row.pointer] };
    const zone = set.time_zone;
    const country = zone === undefined ? null : countryOfZone(zone);
    if (country !== null) {
      const isDefault = defaults.has(`${row.service}\ntime_zone\n${zone}`);
      const text = `the account is set to the time zone ${zone}`;
      const against = isDefault ? ['most accounts of this service have it: it counts nothing'] : [];
      const score = isDefault ? 0 : timeZone;
      found.push([row.person, { ...common, kind: 'time zone', countries: [country], score, text, against }]);
    }
    const tongue = set.language;
    const countries = tongue === undefined ? [] : countriesOfLanguage(tongue);
    if (countries.length > 0) {
      const isDefault = defaults.has(`${row.service}\nlanguage\n${tongue}`);
      const text = `the account is set to the language "${tongue}"`;
      const against = isDefault
        ? ['most accounts of this service have it: it counts nothing']
        : ['a language alone names no country'];
      const score = isDefault ? 0 : language;
      found.push([row.person, { ...common, kind: 'language', countries, score, text, against }]);
    }
  }
  return found;
}

function settingsOf(attributes: string | null): { time_zone?: string; language?: string } {
  if (attributes === null) return {};
  try {
    const { time_zone, language } = JSON.parse(attributes) as Record<string, unknown>;
    return {
      ...(typeof time_zone === 'string' ? { time_zone } : {}),
      ...(typeof language === 'string' ? { language } : {}),
    };
  } catch {
    return {};
  }
}

/** The clock that a person's habits show, for each person with enough acts. */
async function addHabits(
  engine: Engine,
  accounts: readonly AccountRow[],
  evidence: ReadonlyMap<string, PlaceEvidence[]>,
): Promise<void> {
  const firstAccount = new Map<string, AccountRow>();
  for (const row of accounts) if (!firstAccount.has(row.person)) firstAccount.set(row.person, row);
  let person: string | null = null;
  let times: number[] = [];
  let pointers: string[] = [];
  const finish = () => {
    const pieces = person === null ? undefined : evidence.get(person);
    if (!pieces) return;
    const account = firstAccount.get(person!)!.account;
    const piece = habitsEvidence(estimateClock(times), rankCountries(pieces), account, times, pointers);
    if (piece) pieces.push(piece);
  };
  await engine.pages(ownActs, { person: '' }, ({ columns, rows }) => {
    const [who, time, pointer] = columns as [string[], number[], string[]];
    for (let r = 0; r < rows; r++) {
      if (who[r] !== person) {
        finish();
        [person, times, pointers] = [who[r]!, [], []];
      }
      times.push(time[r]!);
      if (pointers.length < 2) pointers.push(pointer[r]!);
    }
  });
  finish();
}

/** Habits speak for those of the countries named by other evidence whose clocks carry most of the likelihood. */
function habitsEvidence(
  estimate: HabitsEstimate,
  { candidates }: Jurisdiction,
  account: string,
  times: readonly number[],
  pointers: readonly string[],
): PlaceEvidence | null {
  if (estimate.verdict !== 'range') return null;
  const shares = candidates.map(({ country }) => ({
    country,
    share: clocksOfCountry(country).reduce((sum, key) => sum + (estimate.byOffset.get(key) ?? 0), 0),
  }));
  const most = Math.max(0, ...shares.map(({ share }) => share));
  const countries = shares
    .filter(({ share }) => share > 0 && share >= most / 2)
    .map(({ country }) => country);
  return {
    kind: 'habits',
    countries,
    score: jurisdictionConfiguration.habits,
    text: `hours of activity: ${estimate.why} in winter`,
    account,
    against: ['an estimate from habits: people also work nights and rise early'],
    first: times[0]!,
    last: times.at(-1)!,
    pointers,
  };
}

async function write(
  engine: Engine,
  persons: readonly string[],
  evidence: ReadonlyMap<string, readonly PlaceEvidence[]>,
): Promise<{ placed: number }> {
  await engine.run(sql.createPlaceEvidence);
  await engine.run(sql.createJurisdictions);
  const pieces = new Rows(engine, sql.insertPlaceEvidence);
  const standings = new Rows(engine, sql.insertJurisdictions);
  let placed = 0;
  for (const person of persons) {
    const all = evidence.get(person)!;
    let row = 0;
    for (const piece of all) {
      const countries = piece.countries.length > 0 ? piece.countries : [''];
      for (const country of countries) {
        const { kind, text, account, pointers, first, last } = piece;
        const score = weighing.has(kind) ? piece.score : piece.score / countries.length;
        await pieces.add({
          person,
          kind,
          country,
          score: String(country === '' ? 0 : score),
          text,
          account,
          against: canonicalJson(piece.against),
          first: first === null ? '' : String(first),
          last: last === null ? '' : String(last),
          pointers: canonicalJson(pointers),
          row: String(row++),
        });
      }
    }
    const { candidates, likely, why } = rankCountries(all);
    if (likely) placed++;
    const listed = candidates.length > 0 ? candidates : [{ country: '', score: 0, share: 0 }];
    for (const [index, { country, score, share }] of listed.entries()) {
      await standings.add({
        person,
        standing: String(index + 1),
        country,
        score: String(score),
        share: String(share),
        likely: likely && index === 0 ? 'yes' : 'no',
        why: index === 0 ? why : '',
        reasons: canonicalJson(reasonsFor(all, country)),
      });
    }
  }
  await pieces.flush();
  await standings.flush();
  return { placed };
}

/** What speaks for a country, and what for others and so against it, in a line each. */
function reasonsFor(evidence: readonly PlaceEvidence[], country: string) {
  const speaking = evidence.filter(({ countries, score }) => countries.length > 0 && score > 0);
  return {
    for: speaking.filter(({ countries }) => countries.includes(country)).map(lineOf),
    against: speaking.filter(({ countries }) => !countries.includes(country)).map(lineOf),
  };
}

function lineOf({ kind, text, score, pointers }: PlaceEvidence) {
  return { kind, text, score, pointer: pointers[0] ?? null };
}

const rowsAtOnce = 20_000;

/** Gathers rows for a statement that takes columns as lists. */
class Rows {
  private readonly engine: Engine;
  private readonly statement: string;
  private columns: Record<string, string[]> = {};
  private rows = 0;

  constructor(engine: Engine, statement: string) {
    this.engine = engine;
    this.statement = statement;
  }

  async add(row: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(row)) {
      const column = this.columns[name];
      if (column) column.push(value);
      else this.columns[name] = [value];
    }
    if (++this.rows >= rowsAtOnce) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.rows === 0) return;
    const { columns } = this;
    this.columns = {};
    this.rows = 0;
    await this.engine.run(this.statement, columns);
  }
}
