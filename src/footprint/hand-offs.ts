import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';
import { lineOf } from '../persons/keys.ts';
import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/hand-offs.ts';

/**
 * How sure a hand-off is. A closed scale without probabilities; docs/footprint.md gives the precision measured
 * for each on exercises.
 *
 * - firm: the account given is the one that is written to, and the other account there is known to be the
 *   taker's by something besides this very contact (person links, a selector they stated or gave).
 * - likely: both used one network line within days; or the other account is the only one that began to write
 *   with the one given in the time in question, and nobody else was waiting to.
 * - possible: several fit, or something speaks against it, or nothing was given and one contact merely ended
 *   when the other began.
 */
export const confidences = ['firm', 'likely', 'possible'] as const;
export type Confidence = (typeof confidences)[number];

/** Why, or why not: a short name, a sentence, and where it stands. */
export interface Ground {
  readonly ground: string;
  readonly text: string;
  readonly pointers: readonly string[];
}

export interface Step {
  readonly step: 'giving' | 'answer' | 'first message' | 'last before' | 'last after';
  readonly account: string;
  readonly time: number | null;
  readonly time_text: string | null;
  readonly time_zone: string | null;
  readonly pointer: string;
}

export interface HandOff {
  readonly from: string;
  readonly to: string;
  readonly fromChannel: string;
  readonly channel: string;
  readonly service: string;
  readonly style: string;
  readonly kind: string;
  readonly selector: string;
  readonly raw: string;
  readonly fromOther: string;
  readonly toOther: string;
  readonly firstWriter: 'giver' | 'taker';
  readonly givenTime: number | null;
  readonly firstTime: number | null;
  readonly messages: number;
  readonly confidence: Confidence;
  readonly reasonsFor: readonly Ground[];
  readonly reasonsAgainst: readonly Ground[];
  readonly chain: readonly Step[];
  readonly given: string;
}

const second = 1_000_000;
const day = 86_400 * second;
/** A contact that begins later than this after the giving is not taken for its consequence. */
const withinMicros = 30 * day;
/** Accounts that used one network line this close together in days. */
const lineDays = 3;
/** Accounts of one service on a line in a week, beyond which it is a public one. */
const publicLine = 5;
/** Accounts that a selector may stand for; beyond it names nobody. */
const maxAccounts = 3;
/** Accounts that began to write with the one given in the window, beyond which order tells nothing. */
const maxNewcomers = 6;
const leastBefore = 3;

interface GivenRow {
  readonly given: string;
  readonly message: string;
  readonly from_account: string;
  readonly to_account: string;
  readonly service: string;
  readonly channel: string;
  readonly selector_kind: string;
  readonly selector_service: string | null;
  readonly selector: string;
  readonly comparison_key: string;
  readonly raw: string;
  readonly style: string;
  readonly meant: 'contact' | 'mention';
  readonly time: number | null;
  readonly time_text: string | null;
  readonly time_zone: string | null;
  readonly pointers: string;
}

interface Said {
  readonly from_account: string;
  readonly to_account: string;
  readonly channel: string;
  readonly message: string;
  readonly time: number | null;
  readonly time_text: string | null;
  readonly time_zone: string | null;
  readonly opens: boolean;
  readonly pointer: string;
}

/** One giving taken with one account there and one account that writes with it. */
interface Fit {
  readonly row: GivenRow;
  readonly other: string;
  readonly taker: string;
  readonly first: Said;
  readonly firstEver: boolean;
  readonly strength: 1 | 2 | 3;
  readonly grounds: Ground[];
  readonly against: Ground[];
  readonly messages: number;
}

/**
 * Makes the table `hand_off` from `given_selector`, the persons and the traffic of the lake. Returns the number
 * of hand-offs. A hand-off is a fact about channels; it never raises anybody's priority.
 */
export async function makeHandOffs(engine: Engine): Promise<number> {
  await engine.run(sql.createHandOffs);
  const given = await engine.rows<GivenRow>(sql.allGivenSelectors);
  const found = await followGivings(engine, given);
  const silent = await findSilent(engine, found);
  await store(engine, [...found, ...silent]);
  return found.length + silent.length;
}

async function followGivings(engine: Engine, given: readonly GivenRow[]): Promise<HandOff[]> {
  const accounts = await accountsGiven(engine, given);
  const others = [
    ...new Set([...accounts.values()].flatMap((each) => each.map(({ account }) => account))),
  ].sort();
  if (others.length === 0) return [];
  const traffic = await trafficOf(engine, others);
  const live = given.filter((row) =>
    (accounts.get(row.given) ?? []).some(({ account }) => traffic.has(account)),
  );
  const identities = await Identities.read(engine, live, traffic);
  const fits: Fit[] = [];
  for (const row of live) {
    for (const { account, byKey } of accounts.get(row.given)!) {
      fits.push(...fitsOf(row, account, byKey, traffic.get(account) ?? new Map(), identities));
    }
  }
  const chosen = choose(fits);
  const answers = await answersTo(
    engine,
    chosen.map(({ row }) => row),
  );
  const rivals = new Rivals(fits, chosen);
  return chosen.map((fit) => handOffOf(fit, rivals, answers));
}

/** For each giving, the accounts on other channels that its selector names. */
async function accountsGiven(
  engine: Engine,
  given: readonly GivenRow[],
): Promise<Map<string, { account: string; byKey: boolean }[]>> {
  const values = [...new Set(given.flatMap((row) => [row.selector, row.comparison_key]))].sort();
  const result = new Map<string, { account: string; byKey: boolean }[]>();
  if (values.length === 0) return result;
  const rows = await engine.rows<{
    kind: string;
    canonical: string;
    account: string;
    service: string | null;
  }>(sql.accountsOfSelectors, { values });
  const byValue = new Map<string, typeof rows>();
  for (const row of rows) {
    const key = `${row.kind}\n${row.canonical}`;
    byValue.set(key, [...(byValue.get(key) ?? []), row]);
  }
  for (const row of given) {
    const look = (value: string) =>
      [
        ...(byValue.get(`${row.selector_kind}\n${value}`) ?? []),
        ...(row.selector_kind === 'messenger' ? byServiceHandle(byValue, value) : []),
      ]
        .filter(({ account }) => row.channel === 'mail' || !account.startsWith(`${row.service}/`))
        .map(({ account }) => account);
    const exact = [...new Set(look(row.selector))].filter((account) => account !== row.from_account);
    const alike = row.comparison_key === row.selector || exact.length > 0 ? [] : look(row.comparison_key);
    const named = [
      ...exact.map((account) => ({ account, byKey: false })),
      ...[...new Set(alike)].map((account) => ({ account, byKey: true })),
    ];
    // The reader's own account there is no account given to them.
    const usable = named.filter(({ account }) => account !== row.to_account);
    if (usable.length > 0 && usable.length <= maxAccounts) result.set(row.given, usable);
  }
  return result;
}

function byServiceHandle<T extends { account: string; service: string | null }>(
  byValue: ReadonlyMap<string, readonly T[]>,
  value: string,
): T[] {
  const [service, ...rest] = value.split(':');
  return (byValue.get(`handle\n${rest.join(':')}`) ?? []).filter((each) => each.service === service);
}

type Traffic = Map<string, Map<string, Said[]>>;

/** For each account, the messages with each other account, both ways, in order of time. */
async function trafficOf(engine: Engine, accounts: readonly string[]): Promise<Traffic> {
  const traffic: Traffic = new Map();
  const wanted = new Set(accounts);
  const add = (account: string, other: string, said: Said) => {
    if (!wanted.has(account)) return;
    let with_ = traffic.get(account);
    if (!with_) traffic.set(account, (with_ = new Map()));
    const held = with_.get(other);
    if (held) held.push(said);
    else with_.set(other, [said]);
  };
  for (const said of await engine.rows<Said>(sql.trafficOf, { accounts: [...accounts] })) {
    add(said.from_account, said.to_account, said);
    add(said.to_account, said.from_account, said);
  }
  return traffic;
}

/** What is known of who is behind an account, besides the contact in question. */
class Identities {
  private readonly person: ReadonlyMap<string, string>;
  private readonly members: ReadonlyMap<string, readonly string[]>;
  /** Selector and account that state or gave it. */
  private readonly stated: ReadonlyMap<string, readonly { account: string; pointer: string }[]>;
  /** Account to lines: by line, the days and where they stand. */
  private readonly lines: ReadonlyMap<string, ReadonlyMap<string, readonly (readonly [number, string])[]>>;
  private readonly publicWeeks: ReadonlySet<string>;

  private constructor(parts: {
    person: ReadonlyMap<string, string>;
    members: ReadonlyMap<string, readonly string[]>;
    stated: ReadonlyMap<string, readonly { account: string; pointer: string }[]>;
    lines: ReadonlyMap<string, ReadonlyMap<string, readonly (readonly [number, string])[]>>;
    publicWeeks: ReadonlySet<string>;
  }) {
    this.person = parts.person;
    this.members = parts.members;
    this.stated = parts.stated;
    this.lines = parts.lines;
    this.publicWeeks = parts.publicWeeks;
  }

  static async read(engine: Engine, given: readonly GivenRow[], traffic: Traffic): Promise<Identities> {
    const counterparts = [...traffic.values()].flatMap((each) => [...each.keys()]);
    const accounts = [
      ...new Set([...given.flatMap((row) => [row.from_account, row.to_account]), ...counterparts]),
    ].sort();
    const person = new Map<string, string>();
    const members = new Map<string, string[]>();
    for (const row of await engine.rows<{ account: string; person: string }>(sql.personsOf, { accounts }))
      person.set(row.account, row.person);
    for (const row of await engine.rows<{ person: string; account: string }>(sql.accountsBeside, {
      accounts,
    }))
      members.set(row.person, [...(members.get(row.person) ?? []), row.account]);
    const stated = new Map<string, { account: string; pointer: string }[]>();
    for (const row of given) {
      if (row.meant !== 'contact') continue;
      const key = `${row.selector_kind}\n${row.selector}`;
      const pointer = (JSON.parse(row.pointers) as string[])[0]!;
      stated.set(key, [...(stated.get(key) ?? []), { account: row.from_account, pointer }]);
    }
    const { lines, publicWeeks } = await readLines(engine, accounts);
    return new Identities({ person, members, stated, lines, publicWeeks });
  }

  personOf(account: string): string | null {
    return this.person.get(account) ?? null;
  }

  /**
   * Grounds for taking the two accounts for one human's, how strong they are, and what speaks against; -1 when
   * the other is rather somebody else's.
   */
  compare(taker: string, other: string): { strength: 1 | 2 | 3 | -1; grounds: Ground[]; against: Ground[] } {
    const grounds: Ground[] = [];
    let strength: 1 | 2 | 3 = 1;
    const [mine, theirs] = [this.personOf(taker), this.personOf(other)];
    if (mine !== null && mine === theirs) {
      grounds.push({
        ground: 'one person',
        text: `${taker} and ${other} are taken for one person by other evidence`,
        pointers: [],
      });
      strength = 3;
    }
    for (const given of this.givenAs(other)) {
      if (given.account !== taker) continue;
      grounds.push({
        ground: 'gave it',
        text: `${taker} gave ${other} as theirs in another message`,
        pointers: [given.pointer],
      });
      strength = 3;
    }
    const line = this.sharedLine(taker, other);
    if (line) {
      grounds.push(line);
      if (strength < 3) strength = 2;
    }
    if (strength === 3) return { strength, grounds, against: [] };
    const service = taker.slice(0, taker.indexOf('/') + 1);
    const elsewhere = (this.members.get(theirs ?? '') ?? []).find(
      (account) => account !== taker && account.startsWith(service),
    );
    const given = this.givenAs(other).some(({ account }) => account !== taker);
    if (given || (elsewhere !== undefined && strength === 1)) return { strength: -1, grounds, against: [] };
    if (elsewhere === undefined) return { strength, grounds, against: [] };
    // People have second accounts: a shared line stands against the other link.
    const text = `${other} is taken for that of ${elsewhere} by other evidence`;
    return { strength, grounds, against: [{ ground: "another's account", text, pointers: [] }] };
  }

  private givenAs(account: string): readonly { account: string; pointer: string }[] {
    const native = account.slice(account.indexOf('/') + 1);
    return account.startsWith('mail/') ? (this.stated.get(`email\n${native}`) ?? []) : [];
  }

  private sharedLine(a: string, b: string): Ground | null {
    const [mine, theirs] = [this.lines.get(a), this.lines.get(b)];
    if (!mine || !theirs) return null;
    const days = new Set<number>();
    const pointers: string[] = [];
    const shared: string[] = [];
    for (const [line, used] of [...theirs].sort(([x], [y]) => (x < y ? -1 : 1))) {
      for (const [on, pointer] of used) {
        const near = mine.get(line)?.find(([at]) => Math.abs(at - on) <= lineDays);
        if (!near || this.publicWeeks.has(`${line}\n${Math.floor(on / 7)}`)) continue;
        if (!shared.includes(line)) {
          shared.push(line);
          if (pointers.length < 6) pointers.push(near[1], pointer);
        }
        days.add(on);
      }
    }
    if (days.size === 0) return null;
    const text = `${a} and ${b} used the same network line within ${lineDays} days of each other, on ${days.size} day${days.size === 1 ? '' : 's'}`;
    return { ground: 'one line', text, pointers };
  }
}

async function readLines(engine: Engine, accounts: readonly string[]) {
  const lines = new Map<string, Map<string, [number, string][]>>();
  const ips = new Map<string, string>();
  await engine.pages(sql.addressesUsed, { accounts: [...accounts] }, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      const [account, ip, on, pointer] = columns.map((column) => column[r]) as [
        string,
        string,
        number,
        string,
      ];
      const line = lineOf(ip);
      if (line === null) continue;
      ips.set(ip, line);
      let held = lines.get(account);
      if (!held) lines.set(account, (held = new Map()));
      const used = held.get(line);
      if (used) used.push([on, pointer]);
      else held.set(line, [[on, pointer]]);
    }
  });
  const publicWeeks = new Set<string>();
  await engine.pages(sql.addressUsers, { ips: [...ips.keys()].sort() }, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      if ((columns[2]![r] as number) > publicLine)
        publicWeeks.add(`${ips.get(columns[0]![r] as string)!}\n${columns[1]![r]}`);
    }
  });
  return { lines, publicWeeks };
}

/** Every account that wrote with the one given in the time in question, with what speaks for and against it. */
function fitsOf(
  row: GivenRow,
  other: string,
  byKey: boolean,
  traffic: ReadonlyMap<string, readonly Said[]>,
  identities: Identities,
): Fit[] {
  const fits: Fit[] = [];
  if (row.time === null) return fits;
  const given = row.time;
  const giver = identities.personOf(row.from_account);
  const owner = identities.personOf(other);
  for (const [taker, said] of traffic) {
    if (taker === row.from_account || taker === row.to_account) continue;
    if (owner !== null && owner === identities.personOf(taker)) continue;
    const timed = said.filter((each) => each.time !== null);
    const after = timed.filter((each) => each.time! >= given && each.time! - given <= withinMicros);
    if (after.length === 0) continue;
    const firstEver = timed[0]!.time! >= given;
    const { strength, grounds, against } = identities.compare(row.to_account, taker);
    if (strength === -1) continue;
    if (strength === 1 && row.meant === 'mention') continue;
    if (byKey) {
      const text = 'the selector fits the account only when letters drawn alike are taken for the same';
      against.push({ ground: 'look-alike letters', text, pointers: [] });
    }
    if (
      owner !== null &&
      giver !== null &&
      owner !== giver &&
      identities.compare(row.from_account, other).strength === -1
    ) {
      const text = `${other} is taken for somebody else's by other evidence`;
      against.push({ ground: "another's account", text, pointers: [] });
    }
    if (!firstEver) {
      const text = `${other} and ${taker} had written to each other before`;
      against.push({ ground: 'earlier contact', text, pointers: [timed[0]!.pointer] });
    }
    // Where they were in contact already, what begins anew is the consequence, not the next of an old thread.
    const first = (firstEver ? undefined : after.find((each) => each.opens)) ?? after[0]!;
    const messages = timed.filter((each) => each.time! >= first.time!).length;
    fits.push({ row, other, taker, first, firstEver, strength, grounds, against, messages });
  }
  // Of an account that many begin to write with, the order tells nothing.
  const strangers = fits.filter(({ strength, firstEver }) => strength === 1 && firstEver).length;
  return strangers > maxNewcomers ? fits.filter(({ strength }) => strength > 1) : fits;
}

/** One fit for each giving: the best known first, then the one that followed soonest; a stranger is taken once. */
function choose(fits: readonly Fit[]): Fit[] {
  const delay = (fit: Fit) => fit.first.time! - fit.row.time!;
  const order = [...fits].sort(
    (x, y) =>
      y.strength - x.strength ||
      Number(y.firstEver) - Number(x.firstEver) ||
      delay(x) - delay(y) ||
      byText(x.row.given, y.row.given) ||
      byText(x.taker, y.taker),
  );
  const served = new Set<string>();
  const takerOf = new Map<string, string>();
  const chosen: Fit[] = [];
  for (const fit of order) {
    if (served.has(fit.row.given)) continue;
    const holder = takerOf.get(fit.taker);
    if (holder !== undefined && holder !== fit.row.to_account) continue;
    // An account that nothing else is known of, and that wrote before, is theirs only if it was so at an earlier giving.
    if (fit.strength === 1 && !fit.firstEver && holder === undefined) continue;
    served.add(fit.row.given);
    takerOf.set(fit.taker, fit.row.to_account);
    chosen.push(fit);
  }
  return chosen.sort((x, y) => byText(x.row.given, y.row.given));
}

/** What else would fit: the other accounts for a giving, the other givings for an account. */
class Rivals {
  private readonly byGiven = new Map<string, Fit[]>();
  private readonly byTaker = new Map<string, Fit[]>();
  private readonly chosenOf = new Map<string, Fit[]>();
  private readonly known: ReadonlySet<string>;
  private readonly settled: ReadonlySet<string>;

  constructor(fits: readonly Fit[], chosen: readonly Fit[]) {
    const add = (map: Map<string, Fit[]>, key: string, fit: Fit) => {
      const held = map.get(key);
      if (held) held.push(fit);
      else map.set(key, [fit]);
    };
    for (const fit of fits) {
      if (fit.strength > 1 || !fit.firstEver) continue;
      add(this.byGiven, fit.row.given, fit);
      add(this.byTaker, fit.taker, fit);
    }
    for (const fit of chosen) add(this.chosenOf, `${fit.taker}\n${fit.row.to_account}`, fit);
    const sure = chosen.filter(({ strength }) => strength > 1);
    this.known = new Set(sure.map(({ taker }) => taker));
    this.settled = new Set(sure.map(({ row }) => row.given));
  }

  /** Other accounts, of which nobody is known, that began to write with the one given in that time. */
  accounts({ row, taker }: Fit): Fit[] {
    return (this.byGiven.get(row.given) ?? []).filter(
      (each) => each.taker !== taker && !this.known.has(each.taker),
    );
  }

  /** Other readers who had been given the account and are not known to have taken it up as somebody. */
  readers({ row, taker }: Fit): Fit[] {
    return (this.byTaker.get(taker) ?? []).filter(
      (each) => each.row.to_account !== row.to_account && !this.settled.has(each.row.given),
    );
  }

  /** Whether the earlier contact on that channel followed from an earlier giving to the same reader. */
  isRepeat(fit: Fit): boolean {
    const all = this.chosenOf.get(`${fit.taker}\n${fit.row.to_account}`) ?? [];
    return all.some((each) => each !== fit && each.row.time! < fit.row.time!);
  }
}

function handOffOf(fit: Fit, others: Rivals, answers: ReadonlyMap<string, readonly Said[]>): HandOff {
  const { row, first, other, taker, strength } = fit;
  const reasonsFor: Ground[] = [
    {
      ground: 'the account given',
      text: `${first.from_account === taker ? taker : other} wrote to ${first.from_account === taker ? other : taker} ${inWords(first.time! - row.time!)} after ${other} was given`,
      pointers: [first.pointer],
    },
    ...fit.grounds,
  ];
  const against = [...fit.against];
  if (strength === 1) {
    reasonsFor.push(
      fit.firstEver
        ? { ground: 'began then', text: `${taker} had never written with ${other} before`, pointers: [] }
        : {
            ground: 'given again',
            text: `${taker} was taken for ${row.to_account}'s at an earlier giving to them`,
            pointers: [],
          },
    );
    const rivals = others.accounts(fit);
    if (rivals.length > 0) {
      const text = `${rivals.length} other account${rivals.length === 1 ? '' : 's'} began to write with ${other} in that time as well`;
      against.push({
        ground: 'others began',
        text,
        pointers: rivals.slice(0, 5).map((each) => each.first.pointer),
      });
    }
    const waiting = others.readers(fit);
    if (waiting.length > 0) {
      const text = `${new Set(waiting.map((each) => each.row.to_account)).size} other reader(s) had been given ${other} in that time as well`;
      against.push({
        ground: 'others were given it',
        text,
        pointers: waiting.slice(0, 5).map((each) => pointersOf(each.row)[0]!),
      });
    }
  }
  const answer = answers.get(row.given)?.find((each) => each.time! <= first.time!);
  if (answer) {
    const text = `${row.to_account} wrote back before the first message there`;
    reasonsFor.push({ ground: 'answered', text, pointers: [answer.pointer] });
  }
  return {
    from: row.from_account,
    to: row.to_account,
    fromChannel: row.channel,
    channel: first.channel,
    service: other.slice(0, other.indexOf('/')),
    style: row.style,
    kind: row.selector_kind,
    selector: row.selector,
    raw: row.raw,
    fromOther: other,
    toOther: taker,
    firstWriter: first.from_account === taker ? 'taker' : 'giver',
    givenTime: row.time,
    firstTime: first.time,
    messages: fit.messages,
    confidence: confidenceOf(strength, against, others.isRepeat(fit)),
    reasonsFor,
    reasonsAgainst: against,
    chain: chainOf(row, answer, first),
    given: row.given,
  };
}

function confidenceOf(strength: 1 | 2 | 3, against: readonly Ground[], repeat: boolean): Confidence {
  const grave = against.filter(({ ground }) => !(repeat && ground === 'earlier contact'));
  const level = strength === 3 ? 0 : 1;
  return confidences[Math.min(2, level + Math.min(1, grave.length))]!;
}

function chainOf(row: GivenRow, answer: Said | undefined, first: Said): Step[] {
  const stamp = ({ time, time_text, time_zone }: Said | GivenRow) => ({ time, time_text, time_zone });
  return [
    ...pointersOf(row).map((pointer) => ({
      step: 'giving' as const,
      account: row.from_account,
      ...stamp(row),
      pointer,
    })),
    ...(answer
      ? [{ step: 'answer' as const, account: answer.from_account, ...stamp(answer), pointer: answer.pointer }]
      : []),
    { step: 'first message' as const, account: first.from_account, ...stamp(first), pointer: first.pointer },
  ];
}

function pointersOf(row: GivenRow): string[] {
  return JSON.parse(row.pointers) as string[];
}

/** What the reader wrote back on the first channel after each giving, in order of time. */
async function answersTo(engine: Engine, rows: readonly GivenRow[]): Promise<Map<string, Said[]>> {
  const answers = new Map<string, Said[]>();
  if (rows.length === 0) return answers;
  const said = await engine.rows<Said>(sql.trafficBetween, {
    a: rows.map((row) => row.from_account),
    b: rows.map((row) => row.to_account),
  });
  const byPair = Map.groupBy(
    said.filter(({ time }) => time !== null),
    ({ from_account, to_account }) => `${from_account}\n${to_account}`,
  );
  for (const row of rows) {
    const back = byPair.get(`${row.to_account}\n${row.from_account}`) ?? [];
    answers.set(
      row.given,
      back.filter((each) => row.time !== null && each.time! >= row.time),
    );
  }
  return answers;
}

interface Moved {
  readonly one: string;
  readonly other: string;
  readonly before: string;
  readonly after: string;
  readonly messages_before: number;
  readonly messages_after: number;
  readonly last_time: number;
  readonly first_time: number;
  readonly ended: string;
  readonly began: string;
}

/**
 * Two persons whose private contact on a forum ended when one elsewhere began, though no selector was seen to be given.
 * Never more than possible: people stop writing for many reasons.
 */
async function findSilent(engine: Engine, found: readonly HandOff[]): Promise<HandOff[]> {
  const told = new Set(
    found.flatMap(({ fromOther, toOther }) => [`${fromOther}\n${toOther}`, `${toOther}\n${fromOther}`]),
  );
  const moved = await engine.rows<Moved>(sql.movedContacts, {
    least: leastBefore,
    within: withinMicros / second,
  });
  const fresh = moved.filter(({ began }) => !told.has(began.replace('\u001f', '\n')));
  if (fresh.length === 0) return [];
  const pairs = fresh.flatMap(({ ended, began }) =>
    [ended, began].map((pair) => pair.split('\u001f') as [string, string]),
  );
  const said = await engine.rows<Said>(sql.trafficBetween, {
    a: pairs.map(([a]) => a),
    b: pairs.map(([, b]) => b),
  });
  return fresh.flatMap((each) => {
    const [from, to] = each.ended.split('\u001f') as [string, string];
    const [firstFrom, firstTo] = each.began.split('\u001f') as [string, string];
    const last = said.findLast(
      (one) => one.from_account === from && one.to_account === to && one.time === each.last_time,
    );
    const first = said.find(
      (one) => one.from_account === firstFrom && one.to_account === firstTo && one.time === each.first_time,
    );
    return last && first ? [silentOf(each, last, first)] : [];
  });
}

function silentOf(moved: Moved, last: Said, first: Said): HandOff {
  const [from, to] = [last.from_account, last.to_account].sort(byText) as [string, string];
  const text = `after ${moved.messages_before} private messages nothing more was written there, and ${inWords(moved.first_time - moved.last_time)} later ${first.from_account} wrote to ${first.to_account}`;
  const stamp = ({ time, time_text, time_zone }: Said) => ({ time, time_text, time_zone });
  return {
    from,
    to,
    fromChannel: moved.before,
    channel: moved.after,
    service: first.from_account.slice(0, first.from_account.indexOf('/')),
    style: 'silent',
    kind: '',
    selector: '',
    raw: '',
    fromOther: first.to_account,
    toOther: first.from_account,
    firstWriter: 'taker',
    givenTime: moved.last_time,
    firstTime: moved.first_time,
    messages: moved.messages_after,
    confidence: 'possible',
    reasonsFor: [{ ground: 'one ended, the other began', text, pointers: [last.pointer, first.pointer] }],
    reasonsAgainst: [
      {
        ground: 'nothing given',
        text: 'no message was seen in which one gives the other a selector',
        pointers: [],
      },
    ],
    chain: [
      { step: 'last before', account: last.from_account, ...stamp(last), pointer: last.pointer },
      { step: 'first message', account: first.from_account, ...stamp(first), pointer: first.pointer },
    ],
    given: '',
  };
}

const insertRows = 10_000;

async function store(engine: Engine, handOffs: readonly HandOff[]): Promise<void> {
  const accounts = [...new Set(handOffs.flatMap(({ from, to }) => [from, to]))].sort();
  const persons = new Map<string, string>();
  if (accounts.length > 0) {
    for (const row of await engine.rows<{ account: string; person: string }>(sql.personsOf, { accounts }))
      persons.set(row.account, row.person);
  }
  const number = (value: number | null) => (value === null ? '' : String(value));
  for (let at = 0; at < handOffs.length; at += insertRows) {
    const part = handOffs.slice(at, at + insertRows);
    await engine.run(sql.insertHandOffs, {
      handOff: part.map(idOf),
      from: part.map((each) => each.from),
      to: part.map((each) => each.to),
      fromPerson: part.map((each) => persons.get(each.from) ?? ''),
      toPerson: part.map((each) => persons.get(each.to) ?? ''),
      fromChannel: part.map((each) => each.fromChannel),
      channel: part.map((each) => each.channel),
      service: part.map((each) => each.service),
      style: part.map((each) => each.style),
      kind: part.map((each) => each.kind),
      selector: part.map((each) => each.selector),
      raw: part.map((each) => each.raw),
      fromOther: part.map((each) => each.fromOther),
      toOther: part.map((each) => each.toOther),
      firstWriter: part.map((each) => each.firstWriter),
      givenTime: part.map((each) => number(each.givenTime)),
      firstTime: part.map((each) => number(each.firstTime)),
      delay: part.map((each) =>
        each.firstTime === null || each.givenTime === null
          ? ''
          : String(Math.floor((each.firstTime - each.givenTime) / second)),
      ),
      messages: part.map((each) => String(each.messages)),
      confidence: part.map((each) => each.confidence),
      reasonsFor: part.map((each) => canonicalJson(each.reasonsFor)),
      reasonsAgainst: part.map((each) => canonicalJson(each.reasonsAgainst)),
      chain: part.map((each) => canonicalJson(each.chain)),
      given: part.map((each) => each.given),
    });
  }
}

function idOf({ given, from, to, channel, fromOther, toOther, firstTime }: HandOff): string {
  const parts = [given, from, to, channel, fromOther, toOther, String(firstTime)];
  return `hand-off-${sha256Hex(parts.join('\n')).slice(0, 12)}`;
}

/** A time span as people say it. */
function inWords(micros: number): string {
  const minutes = micros / (60 * second);
  if (minutes < 90) return `${Math.round(minutes)} minute(s)`;
  const hours = minutes / 60;
  return hours < 48 ? `${Math.round(hours)} hours` : `${Math.round(hours / 24)} days`;
}

function byText(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0;
}
