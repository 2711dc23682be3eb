import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';
import { formatMicros } from '../base/time.ts';
import { isCarrierNat } from '../intake/readers/carrier-nat.ts';
import { lineOf } from '../persons/keys.ts';
import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/hand-offs.ts';
import { providerOfDomain, providerOfService } from './leads/providers.ts';
import { type Registered, type Registries, readRegistries } from './place.ts';
import { addressNumber } from './place-ranges.ts';

/** A time that a request must state, as it stands in the evidence, with how its zone is known. */
export interface LeadTime {
  readonly time: number | null;
  readonly time_text: string | null;
  readonly time_zone: string | null;
  readonly zone_basis: string;
  readonly port: number | null;
  /** What happened then. */
  readonly what: string;
  readonly pointer: string;
}

export interface LeadPerson {
  readonly person: string;
  readonly handles: readonly string[];
  readonly rank: number | null;
}

/** The draft of a request to a provider. A human decides whether it is made, and under which power; never sent. */
export interface Lead {
  readonly kind: 'selector' | 'address';
  readonly provider: string | null;
  readonly providerBasis: string;
  readonly selectorKind: string;
  readonly selector: string;
  readonly persons: readonly LeadPerson[];
  readonly accounts: readonly string[];
  readonly count: number;
  readonly why: string;
  readonly ask: readonly string[];
  /** Why it cannot be asked as it stands; null when it can. */
  readonly cannot: string | null;
  readonly times: readonly LeadTime[];
  readonly pointers: readonly string[];
}

/** Leads kept of a generation; how many were left out stands with them. */
export const leadCap = 1000;
/** Times and sources in one draft; `count` says how many there are. */
const maxTimes = 10;
/** Addresses for each person: the earliest and the latest uses. */
const addressesEach = { first: 2, last: 6 };
const minute = 60_000_000;
/** The year 2191; times beyond it are no times of use. */
const latestTime = 7_000_000_000_000_000;

/**
 * Makes the table `lead`: selectors that were given, or on which a contact went on, of which no exhibit says who
 * holds them; and addresses from which the persons in the queue came, that no subscriber return answers. Those
 * that concern someone in the queue first, then by count. Returns how many are kept and left out.
 */
export async function makeLeads(engine: Engine): Promise<{ leads: number; leftOut: number }> {
  await engine.run(sql.createLeads);
  const all = [...(await selectorLeads(engine)), ...(await addressLeads(engine))];
  const best = (lead: Lead) =>
    Math.min(...lead.persons.map(({ rank }) => rank ?? Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
  const order = all
    .map((lead) => ({ lead, rank: best(lead) }))
    .sort(
      (x, y) =>
        byRank(x.rank, y.rank) ||
        Number(x.lead.cannot !== null) - Number(y.lead.cannot !== null) ||
        y.lead.count - x.lead.count ||
        byText(x.lead.kind, y.lead.kind) ||
        byText(x.lead.selector, y.lead.selector) ||
        byText(idOf(x.lead), idOf(y.lead)),
    );
  const kept = order.slice(0, leadCap);
  const leftOut = order.length - kept.length;
  if (kept.length > 0) await store(engine, kept, leftOut);
  return { leads: kept.length, leftOut };
}

interface GivenRow {
  readonly from_account: string;
  readonly to_account: string;
  readonly service: string;
  readonly channel: string;
  readonly selector_kind: string;
  readonly selector_service: string | null;
  readonly selector: string;
  readonly comparison_key: string;
  readonly style: string;
  readonly meant: string;
  readonly time: number | null;
  readonly time_text: string | null;
  readonly time_zone: string | null;
  readonly pointers: string;
}

interface FoundRow {
  readonly from_account: string;
  readonly to_account: string;
  readonly from_other_account: string;
  readonly to_other_account: string;
  readonly channel: string;
  readonly confidence: string;
  readonly first_time: number | null;
  readonly chain: string;
}

/** A selector with all that the lake says of it. */
interface Gathered {
  readonly kind: string;
  readonly service: string | null;
  readonly selector: string;
  readonly givers: Set<string>;
  readonly readers: Set<string>;
  readonly times: LeadTime[];
  readonly pointers: Set<string>;
  readonly whys: Set<string>;
  lookAlike: string | null;
  count: number;
}

async function selectorLeads(engine: Engine): Promise<Lead[]> {
  const gathered = new Map<string, Gathered>();
  const gather = (kind: string, service: string | null, selector: string): Gathered => {
    const key = `${kind}\n${selector}`;
    let held = gathered.get(key);
    if (!held) {
      held = {
        kind,
        service,
        selector,
        givers: new Set(),
        readers: new Set(),
        times: [],
        pointers: new Set(),
        whys: new Set(),
        lookAlike: null,
        count: 0,
      };
      gathered.set(key, held);
    }
    return held;
  };
  for (const row of await engine.rows<GivenRow>(sql.allGivenSelectors)) {
    if (row.meant !== 'contact') continue;
    const lead = gather(row.selector_kind, row.selector_service, row.selector);
    const pointers = JSON.parse(row.pointers) as string[];
    lead.givers.add(row.from_account);
    lead.readers.add(row.to_account);
    lead.count++;
    lead.whys.add(`given in a ${row.channel} (${row.style})`);
    if (row.comparison_key !== row.selector) lead.lookAlike = row.comparison_key;
    for (const pointer of pointers) lead.pointers.add(pointer);
    lead.times.push({
      ...stampOf(row),
      port: null,
      what: `given in a ${row.channel}`,
      pointer: pointers.at(-1)!,
    });
  }
  await addFound(engine, gather);
  const covered = await readCovered(engine);
  const people = await peopleOf(engine, [...gathered.values()]);
  return [...gathered.values()].filter((each) => !covered(each)).map((each) => selectorLead(each, people));
}

/** The accounts on which contacts went on: the taker's account there is somebody's whom nobody has asked about. */
async function addFound(
  engine: Engine,
  gather: (kind: string, service: string | null, selector: string) => Gathered,
): Promise<void> {
  for (const row of await engine.rows<FoundRow>(sql.handOffsFound)) {
    const slash = row.to_other_account.indexOf('/');
    const [service, native] = [row.to_other_account.slice(0, slash), row.to_other_account.slice(slash + 1)];
    const lead = service === 'mail' ? gather('email', null, native) : gather('account', service, native);
    const chain = JSON.parse(row.chain) as {
      step: string;
      time: number | null;
      time_text: string | null;
      time_zone: string | null;
      pointer: string;
    }[];
    const first = chain.find(({ step }) => step === 'first message');
    lead.givers.add(row.to_account);
    lead.readers.add(row.from_account);
    lead.count++;
    lead.whys.add(`a contact went on from it by ${row.channel} (${row.confidence})`);
    if (!first) continue;
    lead.pointers.add(first.pointer);
    lead.times.push({
      ...stampOf(first),
      port: null,
      what: `first message by ${row.channel}`,
      pointer: first.pointer,
    });
  }
}

/** Whether an exhibit already says who holds a selector, or holds its traffic. */
async function readCovered(engine: Engine): Promise<(lead: Gathered) => boolean> {
  const accounts = new Set<string>();
  for (const query of [sql.mailboxOwners, sql.chatAccounts])
    for (const { account } of await engine.rows<{ account: string }>(query)) accounts.add(account);
  const answered = new Set<string>();
  for (const { kind, canonical } of await engine.rows<{ kind: string; canonical: string }>(
    sql.answeredSelectors,
  ))
    answered.add(`${kind}\n${canonical}`);
  const chatHandles = new Set<string>();
  for (const row of await engine.rows<{ kind: string; canonical: string; account: string }>(
    sql.accountsOfSelectors,
    {
      values: await handlesOf(engine, accounts),
    },
  ))
    if (accounts.has(row.account)) chatHandles.add(`${row.kind}\n${row.canonical}`);
  return ({ kind, selector, service }) =>
    answered.has(`${kind}\n${selector}`) ||
    (kind === 'email' && accounts.has(`mail/${selector}`)) ||
    (kind === 'account' && accounts.has(`${service}/${selector}`)) ||
    chatHandles.has(`${kind}\n${selector}`);
}

async function handlesOf(engine: Engine, accounts: ReadonlySet<string>): Promise<string[]> {
  const rows = await engine.rows<{ service: string; handle: string }>(sql.handlesByService);
  const services = new Set([...accounts].map((account) => account.slice(0, account.indexOf('/'))));
  const handles = rows.filter(({ service }) => services.has(service));
  return [...new Set(handles.flatMap(({ service, handle }) => [handle, `${service}:${handle}`]))].sort();
}

type People = (accounts: readonly string[]) => LeadPerson[];

async function peopleOf(engine: Engine, leads: readonly Gathered[]): Promise<People> {
  const accounts = [...new Set(leads.flatMap(({ givers, readers }) => [...givers, ...readers]))].sort();
  const person = new Map<string, string>();
  if (accounts.length > 0) {
    for (const row of await engine.rows<{ account: string; person: string }>(sql.personsOf, { accounts }))
      person.set(row.account, row.person);
  }
  const known = await readPersons(engine, [...new Set(person.values())].sort());
  return (list) => {
    const persons = [
      ...new Set(list.map((account) => person.get(account)).filter((each) => each !== undefined)),
    ];
    return persons
      .map((each) => known.get(each)!)
      .filter((each) => each !== undefined)
      .sort((x, y) => (x.rank ?? 1e9) - (y.rank ?? 1e9) || byText(x.person, y.person))
      .slice(0, maxTimes);
  };
}

async function readPersons(engine: Engine, persons: string[]): Promise<Map<string, LeadPerson>> {
  const known = new Map<string, { person: string; handles: string[]; rank: number | null }>();
  if (persons.length === 0) return known;
  const rows = await engine.rows<{
    person: string;
    account: string;
    handle: string | null;
    rank: number | null;
  }>(sql.personHandles, { persons });
  for (const { person, account, handle, rank } of rows) {
    const held = known.get(person) ?? { person, handles: [], rank };
    if (held.handles.length < 5) held.handles.push(handle ?? account);
    known.set(person, held);
  }
  return known;
}

function selectorLead(each: Gathered, people: People): Lead {
  const { kind, selector, service } = each;
  const { provider, basis, value } = providerOf(kind, selector, service);
  const times = [...each.times].sort(byTime);
  const shown = times.length <= maxTimes ? times : [...times.slice(0, 3), ...times.slice(3 - maxTimes)];
  const span = spanOf(times.map(({ time }) => time).filter((time) => time !== null));
  const persons = people([...each.givers, ...each.readers]);
  const ask = [
    `who holds ${value}: name, date of birth, postal address, phone numbers, recovery addresses, payment details, other accounts of the same holder`,
    `when and from where it was created: UTC second, IP address and source port`,
    `logins ${span}: UTC second, IP address and source port of each`,
    `keep the content of the account as it is until an order for it is made`,
  ];
  const alike =
    each.lookAlike === null ? '' : `; letters drawn alike may stand for ${each.lookAlike}: ask about both`;
  const unnamed =
    kind === 'handle' ? 'the message does not say on which service this name is: find that out first' : null;
  return {
    kind: 'selector',
    provider,
    providerBasis: basis,
    selectorKind: kind,
    selector: value,
    persons,
    accounts: [...each.givers].sort().slice(0, maxTimes),
    count: each.count,
    why: `${[...each.whys].sort().join('; ')}; no exhibit says who holds it${alike}`,
    ask,
    cannot: unnamed,
    times: shown,
    pointers: [...each.pointers].sort().slice(0, maxTimes),
  };
}

/** Thirty days before the first time to thirty after the last; `times` are in order. */
function spanOf(times: readonly number[]): string {
  const [first, last] = [times[0], times.at(-1)];
  if (
    first === undefined ||
    last === undefined ||
    Math.abs(first) > latestTime ||
    Math.abs(last) > latestTime
  )
    return 'over its whole life';
  const month = 30 * 1440 * minute;
  return `from ${formatMicros(first - month)} to ${formatMicros(last + month)} (UTC)`;
}

function providerOf(kind: string, selector: string, service: string | null) {
  if (kind === 'email') {
    const domain = selector.slice(selector.lastIndexOf('@') + 1);
    return { ...providerOfDomain(domain), value: selector };
  }
  if (kind === 'messenger') {
    const [name, ...rest] = selector.split(':');
    return { ...providerOfService(name!), value: `${rest.join(':')} (${name})` };
  }
  if (kind === 'account') return { ...providerOfService(service!), value: `${selector} (${service})` };
  if (kind === 'url') return { ...providerOfDomain(new URL(selector).hostname), value: selector };
  if (kind === 'phone')
    return {
      provider: null,
      basis: "the number's operator on that day: ask the numbering authority first",
      value: selector,
    };
  return { provider: null, basis: 'the service is not named', value: selector };
}

interface LoginRow {
  readonly person: string;
  readonly account: string;
  readonly ip: string | null;
  readonly raw: string | null;
  readonly port: number | null;
  readonly time: number | null;
  readonly time_text: string | null;
  readonly time_zone: string | null;
  readonly context: string | null;
  readonly pointer: string;
}

interface AnswerRow {
  readonly service: string;
  readonly action: 'lease' | 'subscriber at time';
  readonly ip: string;
  readonly port: number | null;
  readonly time: number | null;
  readonly text: string;
}

async function addressLeads(engine: Engine): Promise<Lead[]> {
  const queued = await engine.rows<{ rank: number; person: string }>(sql.queuedPersons);
  const persons = [...new Set(queued.map(({ person }) => person))];
  if (persons.length === 0) return [];
  const answers = new Answers(await engine.rows<AnswerRow>(sql.answeredAddresses));
  const known = await readPersons(engine, persons);
  const logins = await engine.rows<LoginRow>(sql.loginsOf, { persons });
  const byPerson = Map.groupBy(logins, ({ person }) => person);
  const registries = await readRegistries(engine);
  return [...byPerson].flatMap(([person, rows]) =>
    addressesOf(rows, answers, registries, known.get(person)!),
  );
}

/** The earliest and the latest uses of each unanswered address of a person. */
function addressesOf(
  rows: readonly LoginRow[],
  answers: Answers,
  registries: Registries,
  person: LeadPerson,
): Lead[] {
  const open = rows.filter((row) => isPublic(row.ip) && !answers.answers(row));
  const byAddress = Map.groupBy(open, ({ ip, raw }) => ip ?? raw ?? '');
  const addresses = [...byAddress.keys()];
  const wanted = new Set([
    ...addresses.slice(0, addressesEach.first),
    ...lastUsed(byAddress).slice(-addressesEach.last),
  ]);
  return addresses
    .filter((address) => wanted.has(address))
    .map((address) =>
      addressLead(address, byAddress.get(address)!, answers, registries, person, addresses.length),
    );
}

function lastUsed(byAddress: ReadonlyMap<string, readonly LoginRow[]>): string[] {
  const latest = (rows: readonly LoginRow[]) => rows.reduce((most, { time }) => Math.max(most, time ?? 0), 0);
  return [...byAddress]
    .sort(([x, a], [y, b]) => latest(a) - latest(b) || byText(x, y))
    .map(([address]) => address);
}

function addressLead(
  address: string,
  rows: readonly LoginRow[],
  answers: Answers,
  registries: Registries,
  person: LeadPerson,
  open: number,
): Lead {
  const askable = rows.filter((row) => row.time !== null && (row.port !== null || !isCarrierNat(address)));
  // Behind a carrier only a use with its port can be asked about.
  const usable = askable.length > 0 ? askable : rows;
  const times = [...usable.slice(0, 1), ...usable.slice(1).slice(-3)].map((row) => ({
    ...stampOf(row),
    port: row.port,
    what: row.context ?? 'use',
    pointer: row.pointer,
  }));
  const neighbour = answers.neighbour(address);
  const registered = registeredAt(registries, address, usable);
  const shared = isCarrierNat(address);
  const cannot =
    askable.length > 0
      ? null
      : rows.every(({ time }) => time === null)
        ? 'no use of this address states its time zone: an hour off names another customer'
        : 'a carrier shares this address among many customers, and no use of it states the source port';
  return {
    kind: 'address',
    provider: neighbour,
    providerBasis: [
      neighbour === null
        ? 'who was assigned the block on that day: see the registry of the region'
        : 'a return of this provider answers a neighbouring address: check who was assigned the block on that day',
      ...(registered === null ? [] : [registeredText(registered)]),
    ].join('; '),
    selectorKind: 'ip',
    selector: address,
    persons: [person],
    accounts: [...new Set(rows.map(({ account }) => account))].sort(),
    count: rows.length,
    why: `used by ${person.handles.join(', ')}; no subscriber return answers it (${open} such addresses of this person; the first ${addressesEach.first} and last ${addressesEach.last} are drafted)`,
    ask: [
      `to whom ${address} was assigned at ${shared ? 'each UTC second and source port' : 'each UTC second'} listed: customer, installation address, billing address, contact`,
      'from when to when the assignment lasted, and in which time zone the answer is written',
      ...(shared
        ? []
        : [
            'whether the address was shared among customers then; if so, only second and source port tell them apart',
          ]),
    ],
    cannot,
    times,
    pointers: [
      ...rows.slice(0, maxTimes).map(({ pointer }) => pointer),
      ...(registered === null ? [] : [registered.pointer]),
    ],
  };
}

/** What the registry's table nearest to the first use with a time says. */
function registeredAt(registries: Registries, address: string, rows: readonly LoginRow[]): Registered | null {
  const time = rows.find((row) => row.time !== null)?.time ?? null;
  const number = addressNumber(address);
  return time === null || number === null ? null : registries.find(number, time);
}

function registeredText({ registry, snapshot, distanceDays, holder, asNumber, country }: Registered): string {
  const who = [
    holder === null ? 'a holder it does not name' : `holder ${holder}`,
    ...(asNumber === null ? [] : [`AS${asNumber}`]),
    ...(country === null ? [] : [country]),
  ].join(', ');
  const days = Math.abs(distanceDays);
  const apart = days >= 730 ? `${Math.floor(days / 365)} years` : `${days} ${days === 1 ? 'day' : 'days'}`;
  const when =
    days === 0 ? 'the day of the use' : `${apart} ${distanceDays > 0 ? 'before' : 'after'} the use`;
  const weak = days > farDays ? '; blocks change hands in such a time' : '';
  return `the table of ${registry} of ${snapshot} (${when}${weak}) gives the block to ${who}`;
}

/** Days beyond which a registry's table says little of who held a block. */
const farDays = 365;

/** What subscriber returns say, looked up by address and time. */
class Answers {
  private readonly exact = new Map<string, AnswerRow[]>();
  private readonly networks: AnswerRow[] = [];
  private readonly near = new Map<string, Set<string>>();

  constructor(rows: readonly AnswerRow[]) {
    for (const row of rows) {
      if (row.ip === null) continue;
      if (row.ip.includes('/')) this.networks.push(row);
      else this.exact.set(row.ip, [...(this.exact.get(row.ip) ?? []), row]);
      const block = blockOf(row.ip.replace(/\/.*$/, ''));
      this.near.set(block, (this.near.get(block) ?? new Set()).add(row.service));
    }
  }

  answers({ ip, time, port }: LoginRow): boolean {
    if (ip === null || time === null) return false;
    const line = lineOf(ip);
    const fitting = [
      ...(this.exact.get(ip) ?? []),
      ...this.networks.filter(
        (row) => ip.includes(':') && row.ip.endsWith('/64') && lineOf(row.ip.replace(/\/.*$/, '')) === line,
      ),
    ];
    return fitting.some((row) => {
      if (row.action === 'lease') {
        const { to_micros: to } = JSON.parse(row.text) as { to_micros?: number };
        return row.time !== null && time >= row.time && (to === undefined || time <= to);
      }
      const near = row.time !== null && Math.abs(row.time - time) <= minute;
      return near && (!isCarrierNat(ip) || (row.port !== null && row.port === port));
    });
  }

  /** The only provider that answered for the block around an address; null where there is none or are several. */
  neighbour(ip: string): string | null {
    const services = this.near.get(blockOf(ip));
    return services?.size === 1
      ? [...services][0]!.replace(/^subscriber:(.+)-[0-9a-f]{6}$/, 'the sender of $1')
      : null;
  }
}

function blockOf(ip: string): string {
  return ip.includes(':') ? ip.split(':').slice(0, 3).join(':') : ip.split('.').slice(0, 3).join('.');
}

/** Whether an address can be anybody's: not of an inner network. Carriers' shared ones are; they need the port. */
function isPublic(ip: string | null): boolean {
  return ip === null || isCarrierNat(ip) || lineOf(ip) !== null;
}

function stampOf({ time, time_text, time_zone }: Pick<LeadTime, 'time' | 'time_text' | 'time_zone'>) {
  const zone_basis =
    time === null
      ? 'no zone is stated: the UTC second is not known'
      : time_zone === 'epoch'
        ? 'seconds since 1970 UTC, as the software stores them'
        : `the zone ${time_zone ?? ''} is stated with the time`;
  return { time, time_text, time_zone, zone_basis };
}

async function store(
  engine: Engine,
  leads: readonly { readonly lead: Lead; readonly rank: number }[],
  leftOut: number,
): Promise<void> {
  await engine.run(sql.insertLeads, {
    rank: leads.map((_, index) => String(index + 1)),
    lead: leads.map(({ lead }) => idOf(lead)),
    kind: leads.map(({ lead }) => lead.kind),
    provider: leads.map(({ lead }) => lead.provider ?? ''),
    providerBasis: leads.map(({ lead }) => lead.providerBasis),
    selectorKind: leads.map(({ lead }) => lead.selectorKind),
    selector: leads.map(({ lead }) => lead.selector),
    queueRank: leads.map(({ rank }) => (Number.isFinite(rank) ? String(rank) : '')),
    persons: leads.map(({ lead }) => canonicalJson(lead.persons)),
    accounts: leads.map(({ lead }) => canonicalJson(lead.accounts)),
    count: leads.map(({ lead }) => String(lead.count)),
    why: leads.map(({ lead }) => lead.why),
    ask: leads.map(({ lead }) => canonicalJson(lead.ask)),
    cannot: leads.map(({ lead }) => lead.cannot ?? ''),
    times: leads.map(({ lead }) => canonicalJson(lead.times)),
    pointers: leads.map(({ lead }) => canonicalJson(lead.pointers)),
    leftOut: leads.map(() => String(leftOut)),
  });
}

function idOf({ kind, selectorKind, selector, persons }: Lead): string {
  const whose = kind === 'address' ? persons.map(({ person }) => person).join(' ') : '';
  return `lead-${sha256Hex([kind, selectorKind, selector, whose].join('\n')).slice(0, 12)}`;
}

/** Infinity, nobody in the queue, is no less than itself. */
function byRank(x: number, y: number): number {
  return x === y ? 0 : x < y ? -1 : 1;
}

/** UTC first, as it is known; what has none stands last, in the order of its text. */
function byTime(x: LeadTime, y: LeadTime): number {
  const [a, b] = [x.time ?? Number.MAX_SAFE_INTEGER, y.time ?? Number.MAX_SAFE_INTEGER];
  return a - b || byText(x.time_text ?? '', y.time_text ?? '') || byText(x.pointer, y.pointer);
}

function byText(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0;
}
