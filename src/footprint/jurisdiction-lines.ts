import { linkingConfiguration } from '../persons/configuration.ts';
import type { Engine } from '../store/engine.ts';
import { linesUsed } from '../store/queries/place.ts';
import type { Registered, Registries } from './place.ts';
import { addressNumber, lineOf } from './place-ranges.ts';

/** Days on which a person used addresses of one country in one way. */
export interface LineEvidence {
  readonly country: string | null;
  /** Own: few share it. Shared: many do, all of one country. Exit: its users are of several countries. */
  readonly use: 'own' | 'shared' | 'exit';
  readonly days: number;
  readonly lines: number;
  readonly account: string;
  /** Holders by their registry's id, with the AS number where it is known. */
  readonly holders: readonly string[];
  readonly against: readonly string[];
  readonly first: number;
  readonly last: number;
  /** A use, then the registry's row, by turns. */
  readonly pointers: readonly string[];
}

/** Share of a line's users from its own country below which it is an exit for people from anywhere. */
const leastHomeShare = 0.7;
const mostHolders = 3;

interface Use {
  readonly person: number;
  readonly account: string;
  readonly line: number;
  readonly month: number;
  readonly days: number;
  readonly first: number;
  readonly last: number;
  readonly pointer: string;
  readonly registered: Registered | null;
}

/** What the registries' tables say of the addresses that persons used. Nothing where there is no table. */
export async function linesOfPersons(
  engine: Engine,
  registries: Registries,
): Promise<Map<string, LineEvidence[]>> {
  if (registries.isEmpty) return new Map();
  const { persons, uses } = await readUses(engine, registries);
  const judged = judgeLines(uses);
  const found = new Map<string, LineEvidence[]>();
  let from = 0;
  while (from < uses.length) {
    const { person } = uses[from]!;
    let to = from;
    while (to < uses.length && uses[to]!.person === person) to++;
    found.set(persons[person]!, ofPerson(uses.slice(from, to), judged));
    from = to;
  }
  return found;
}

/** Uses by person, in the order of the statement; persons and lines as numbers. */
async function readUses(engine: Engine, registries: Registries) {
  const persons: string[] = [];
  const lines = new Map<bigint, number>();
  const uses: Use[] = [];
  await engine.pages(linesUsed, {}, ({ columns, rows }) => {
    const [person, account, ip, month, days, first, last, pointer] = columns as [
      string[],
      string[],
      string[],
      number[],
      number[],
      number[],
      number[],
      string[],
    ];
    for (let r = 0; r < rows; r++) {
      if (persons.at(-1) !== person[r]) persons.push(person[r]!);
      const address = addressNumber(ip[r]!);
      if (address === null) continue;
      const line = lineOf(address);
      const number = lines.get(line) ?? lines.size;
      lines.set(line, number);
      uses.push({
        person: persons.length - 1,
        account: account[r]!,
        line: number,
        month: month[r]!,
        days: days[r]!,
        first: first[r]!,
        last: last[r]!,
        pointer: pointer[r]!,
        registered: registries.find(address, first[r]!),
      });
    }
  });
  return { persons, uses };
}

interface Judged {
  readonly use: LineEvidence['use'];
  readonly users: number;
  readonly countries: number;
}

/**
 * Tells shared lines and exits from people's own: by how many persons used one in one month, and by where its users'
 * other lines lie. Who shares a line says nothing of anybody but the line.
 */
function judgeLines(uses: readonly Use[]): Map<number, Judged> {
  const users = new Map<number, Set<number>>();
  const crowded = new Set<number>();
  const inMonth = new Map<string, Set<number>>();
  for (const { person, line, month } of uses) {
    add(users, line, person);
    const crowd = add(inMonth, `${line} ${month}`, person);
    if (crowd.size > linkingConfiguration.genericAccounts.line) crowded.add(line);
  }
  const homes = homesOf(uses, crowded);
  const countryOfLine = new Map<number, string>();
  for (const { line, registered } of uses)
    if (registered?.country && !countryOfLine.has(line)) countryOfLine.set(line, registered.country);
  const judged = new Map<number, Judged>();
  for (const [line, people] of users) {
    const home = countryOfLine.get(line);
    let known = 0;
    let same = 0;
    const countries = new Set<string>();
    for (const person of people) {
      const country = homes.get(person);
      if (country === undefined) continue;
      known++;
      countries.add(country);
      if (country === home) same++;
    }
    const isExit = known >= 2 && same < known * leastHomeShare;
    const use = isExit ? 'exit' : crowded.has(line) ? 'shared' : 'own';
    judged.set(line, { use, users: people.size, countries: countries.size });
  }
  return judged;
}

/** The country in which a person was on most days, on lines that no crowd shares. */
function homesOf(uses: readonly Use[], crowded: ReadonlySet<number>): Map<number, string> {
  const days = new Map<number, Map<string, number>>();
  for (const { person, line, registered, days: mask } of uses) {
    const country = registered?.country;
    if (!country || crowded.has(line)) continue;
    const known = days.get(person) ?? new Map<string, number>();
    days.set(person, known);
    known.set(country, (known.get(country) ?? 0) + bits(mask));
  }
  const homes = new Map<number, string>();
  for (const [person, countries] of days) {
    const [best] = [...countries].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    homes.set(person, best![0]);
  }
  return homes;
}

function ofPerson(uses: readonly Use[], judged: ReadonlyMap<number, Judged>): LineEvidence[] {
  const groups = new Map<string, Use[]>();
  for (const each of uses) {
    const key = `${each.registered?.country ?? ''} ${judged.get(each.line)!.use}`;
    const known = groups.get(key);
    if (known) known.push(each);
    else groups.set(key, [each]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => evidenceOf(group, judged.get(group[0]!.line)!.use, judged));
}

function evidenceOf(
  uses: readonly Use[],
  use: LineEvidence['use'],
  judged: ReadonlyMap<number, Judged>,
): LineEvidence {
  const inOrder = [...uses].sort((a, b) => a.first - b.first || (a.pointer < b.pointer ? -1 : 1));
  const days = new Map<number, number>();
  const holders = new Map<string, number>();
  for (const { month, days: mask, registered } of uses) {
    days.set(month, (days.get(month) ?? 0) | mask);
    const { holder, asNumber, registry } = registered ?? {};
    const name = holder ? `${registry} ${holder}${asNumber ? `, AS${asNumber}` : ''}` : null;
    if (name) holders.set(name, (holders.get(name) ?? 0) + bits(mask));
  }
  const ranked = [...holders].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
  const shown = ranked.slice(0, mostHolders);
  if (ranked.length > mostHolders) shown.push(`and ${ranked.length - mostHolders} more holders`);
  const [first] = inOrder;
  const farthest = inOrder.at(-1)!;
  const pointers = [first!, farthest].flatMap(({ pointer, registered }) =>
    registered ? [pointer, registered.pointer] : [pointer],
  );
  return {
    country: first!.registered?.country ?? null,
    use,
    days: [...days.values()].reduce((sum, mask) => sum + bits(mask), 0),
    lines: new Set(uses.map(({ line }) => line)).size,
    account: first!.account,
    holders: shown,
    against: [...sharing(uses, use, judged), ...distances(uses)],
    first: first!.first,
    last: Math.max(...uses.map(({ last }) => last)),
    pointers: [...new Set(pointers)],
  };
}

function sharing(
  uses: readonly Use[],
  use: LineEvidence['use'],
  judged: ReadonlyMap<number, Judged>,
): string[] {
  if (use === 'own') return [];
  let users = 0;
  let countries = 0;
  for (const { line } of uses) {
    users = Math.max(users, judged.get(line)!.users);
    countries = Math.max(countries, judged.get(line)!.countries);
  }
  if (use === 'shared') return [`up to ${users} persons used such a line: it counts less`];
  return [
    `up to ${users} persons used such a line, whose other lines lie in up to ${countries} countries: it counts next to nothing`,
  ];
}

/** How far the registries' tables lie from the uses. */
function distances(uses: readonly Use[]): string[] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const { registered } of uses) {
    if (!registered) continue;
    least = Math.min(least, registered.distanceDays);
    most = Math.max(most, registered.distanceDays);
  }
  const said: string[] = [];
  if (most > 0) said.push(`the registry's table is up to ${most} days older than the use`);
  if (least < 0) said.push(`the registry's table is up to ${-least} days younger than the use`);
  return said;
}

function bits(mask: number): number {
  let left = mask;
  let count = 0;
  for (; left !== 0; left &= left - 1) count++;
  return count;
}

function add<K>(sets: Map<K, Set<number>>, key: K, value: number): Set<number> {
  let set = sets.get(key);
  if (!set) sets.set(key, (set = new Set()));
  set.add(value);
  return set;
}
