import { giveBackMemory } from '../base/memory.ts';
import type { Engine, Page } from '../store/engine.ts';
import * as sql from '../store/queries/linking.ts';
import { linkingConfiguration as config } from './configuration.ts';
import { Devices } from './devices.ts';
import { handleSkeleton, handleStem, lineOf, lookAlikeKey, mailboxBare, mailboxWithoutTag } from './keys.ts';
import { shareHandOvers, shareLines } from './lines.ts';
import { NameChance, sharedRun } from './names.ts';
import { type Prior, serviceOf } from './prior.ts';
import { addReturns } from './returns.ts';

/** The kinds of evidence that are taken to be independent of one another. */
export type EvidenceGroup =
  | 'contact'
  | 'handle'
  | 'device'
  | 'return'
  | 'hand-off'
  | 'line'
  | 'name'
  | 'birth'
  | 'location'
  | 'occupation';

/** One thing that two accounts share, with the places where each shows it. */
export interface Evidence {
  readonly group: EvidenceGroup;
  /** In plain words, naming no more than the value shared. */
  readonly text: string;
  /** For one person where positive, against it where negative. */
  readonly bits: number;
  /** How many accounts share it, these two included. */
  readonly accounts: number;
  readonly pointers: readonly string[];
}

/** A value shared by so many accounts that it says nothing about two of them. */
export interface Generic {
  readonly selector: string;
  readonly canonical: string;
  readonly accounts: number;
  readonly cap: number;
}

export interface PairEvidence {
  readonly a: string;
  readonly b: string;
  readonly evidence: readonly Evidence[];
}

interface Holder {
  readonly account: string;
  readonly pointer: string;
  readonly weight: number;
}

/** Holders of each value of one kind of key. */
class Postings {
  private readonly map = new Map<string, Map<string, Holder>>();

  add(key: string, account: string, pointer: string, weight = 1): void {
    let holders = this.map.get(key);
    if (!holders) this.map.set(key, (holders = new Map()));
    const known = holders.get(account);
    if (known) holders.set(account, { account, pointer: known.pointer, weight: known.weight + weight });
    else holders.set(account, { account, pointer, weight });
  }
  /** Keys that two accounts or more, up to the cap, hold. */
  shared(cap: number): string[] {
    return [...this.map.keys()].filter((key) => {
      const { size } = this.map.get(key)!;
      return size >= 2 && size <= cap;
    });
  }
  *entries(): Generator<[string, Holder[]]> {
    for (const key of [...this.map.keys()].sort()) yield [key, [...this.map.get(key)!.values()]];
  }
}

/** Gathers what pairs of accounts share. Values over their cap become generics and join no pair. */
export class PairGatherer {
  readonly generics: Generic[] = [];
  private readonly pairs = new Map<string, Evidence[]>();

  share(
    group: EvidenceGroup,
    selector: string,
    postings: Postings,
    cap: number,
    judge: (key: string, a: Holder, b: Holder, accounts: number) => { text: string; bits: number } | null,
  ): void {
    for (const [key, holders] of postings.entries()) {
      if (holders.length < 2) continue;
      if (holders.length > cap) {
        this.generics.push({ selector, canonical: key, accounts: holders.length, cap });
        continue;
      }
      holders.sort((a, b) => (a.account < b.account ? -1 : 1));
      holders.forEach((a, i) => {
        for (const b of holders.slice(i + 1)) {
          const judged = judge(key, a, b, holders.length);
          if (!judged) continue;
          const pair = `${a.account}\n${b.account}`;
          const evidence = { group, ...judged, accounts: holders.length, pointers: [a.pointer, b.pointer] };
          const held = this.pairs.get(pair);
          if (held) held.push(evidence);
          else this.pairs.set(pair, [evidence]);
        }
      });
    }
  }

  /** Pairs in order of their accounts. */
  add(a: string, b: string, evidence: Evidence): void {
    const pair = a < b ? `${a}\n${b}` : `${b}\n${a}`;
    const held = this.pairs.get(pair);
    if (held) held.push(evidence);
    else this.pairs.set(pair, [evidence]);
  }

  evidenceOf(a: string, b: string): readonly Evidence[] {
    return this.pairs.get(a < b ? `${a}\n${b}` : `${b}\n${a}`) ?? [];
  }

  /** Pairs that have evidence of a group. */
  *pairsWith(group: EvidenceGroup): Generator<[string, string]> {
    for (const [pair, evidence] of this.pairs)
      if (evidence.some((each) => each.group === group)) yield pair.split('\n') as [string, string];
  }

  /** Pairs that share something, as "a\nb", in order. */
  keys(): string[] {
    return [...this.pairs.keys()].sort();
  }

  result(): PairEvidence[] {
    return [...this.pairs.keys()].sort().map((pair) => {
      const [a, b] = pair.split('\n') as [string, string];
      return { a, b, evidence: this.pairs.get(pair)! };
    });
  }
}

/** Everything that pairs of linkable accounts share, from the lake. */
export async function gatherEvidence(
  engine: Engine,
  linkable: ReadonlySet<string>,
  prior: Prior,
): Promise<PairGatherer> {
  const gatherer = new PairGatherer();
  await shareContacts(engine, linkable, prior, gatherer);
  await shareLines(engine, linkable, prior, gatherer);
  await shareHandOvers(engine, linkable, gatherer);
  await shareGiven(engine, linkable, prior, gatherer);
  await shareNames(engine, linkable, prior, gatherer);
  await shareAddresses(engine, linkable, gatherer);
  await addReturns(engine, prior, gatherer);
  // The engine is about to hold every request of a log.
  giveBackMemory();
  await compareDevices(engine, gatherer);
  return gatherer;
}

async function shareContacts(
  engine: Engine,
  linkable: ReadonlySet<string>,
  prior: Prior,
  gatherer: PairGatherer,
): Promise<void> {
  const mailboxes = new Postings();
  const bare = new Postings();
  const others = new Postings();
  await engine.pages(sql.statedSelectors, {}, (page) =>
    eachRow(page, (account, selector, canonical, pointer) => {
      if (!linkable.has(account)) return;
      if (selector === 'email') {
        mailboxes.add(mailboxWithoutTag(canonical), account, pointer);
        bare.add(mailboxBare(canonical), account, pointer);
      } else others.add(`${selector} ${canonical}`, account, pointer);
    }),
  );
  const cap = config.genericAccounts.selector;
  const { mailbox, nearMailbox, other } = config.contactOdds;
  // Two of millions never hold one mailbox by chance: what speaks against is that it is shared, or wrongly stated.
  const bits = (a: Holder, b: Holder, odds: number, accounts: number) =>
    prior.bits(a.account, b.account) + odds - spread(accounts);
  const same = new Set<string>();
  gatherer.share('contact', 'email', mailboxes, cap, (key, a, b, accounts) => {
    same.add(`${a.account}\n${b.account}`);
    return { text: `same mailbox ${key}`, bits: bits(a, b, mailbox, accounts) };
  });
  gatherer.share('contact', 'email', bare, cap, (key, a, b, accounts) => {
    if (same.has(`${a.account}\n${b.account}`)) return null;
    return {
      text: `mailboxes alike but for dots, hyphens or case: ${key}`,
      bits: bits(a, b, nearMailbox, accounts),
    };
  });
  gatherer.share('contact', 'contact', others, cap, (key, a, b, accounts) => ({
    text: `both state ${key}`,
    bits: bits(a, b, other, accounts),
  }));
}

/** Kinds of account whose handle is the name of a person. */
const namedByName: ReadonlySet<string> = new Set(['person record', 'mailbox', 'subscriber']);

/** Names by account: handles now and before, names in messengers, and the local part of stated mailboxes. */
async function readNames(
  engine: Engine,
  linkable: ReadonlySet<string>,
): Promise<Map<string, Map<string, string>>> {
  const names = new Map<string, Map<string, string>>();
  const add = (account: string, name: string | null, pointer: string) => {
    if (name === null || name === '' || !linkable.has(account)) return;
    let held = names.get(account);
    if (!held) names.set(account, (held = new Map()));
    if (!held.has(name)) held.set(name, pointer);
  };
  await engine.pages(sql.linkableAccounts, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      // What stands there is a name, not a handle.
      if (namedByName.has(text(columns[2]![r]))) continue;
      add(text(columns[0]![r]), nullable(columns[1]![r]), text(columns[3]![r]));
    }
  });
  await engine.pages(sql.formerHandles, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) add(text(columns[0]![r]), nullable(columns[1]![r]), text(columns[2]![r]));
  });
  await engine.pages(sql.statedSelectors, {}, (page) =>
    eachRow(page, (account, selector, canonical, pointer) => {
      if (selector === 'email') add(account, mailboxWithoutTag(canonical).split('@')[0]!, pointer);
      if (selector === 'messenger') add(account, canonical.replace(/^[^:]*:/, '').split('@')[0]!, pointer);
    }),
  );
  return names;
}

/**
 * Names in common: one name on two services; one stem; or, among pairs that share something already and those alike
 * at one end, a long run of letters. Each is worth what it takes for two people to come up with it.
 */
async function shareNames(
  engine: Engine,
  linkable: ReadonlySet<string>,
  prior: Prior,
  gatherer: PairGatherer,
): Promise<void> {
  const names = await readNames(engine, linkable);
  // By chance two would not come up with a rare name; but one may take on another's.
  const capped = (a: string, b: string, bits: number, odds: number) =>
    Math.min(bits, prior.bits(a, b) + odds);
  const { sameShare, stemShare, runShare, least } = config.handles;
  const whole = new NameChance([...names].map(([, held]) => [...held.keys()].map(plainName)));
  const same = new Postings();
  const stems = new Postings();
  for (const [account, held] of names) {
    for (const [name, pointer] of held) {
      same.add(plainName(name), account, pointer);
      const stem = handleStem(name);
      if (stem.length >= least) stems.add(stem, account, pointer);
    }
  }
  const lists = new Map([...names].map(([account, held]) => [account, [...held.keys()].map(handleSkeleton)]));
  const parts = new NameChance(lists.values());
  whole.count(same.shared(config.genericAccounts.handle));
  gatherer.share('handle', 'name', same, config.genericAccounts.handle, (name, a, b) => {
    if (serviceOf(a.account) === serviceOf(b.account) || name.length < least) return null;
    if (isOfMailbox(gatherer, a.account, b.account, name)) return null;
    const { bits, words } = whole.worth(name, sameShare);
    if (bits <= 0) return null;
    const text = `one name on two services, "${name}" (${words})`;
    return { text, bits: capped(a.account, b.account, bits, config.handles.sameOdds) };
  });
  const runs = new Map<string, string>();
  for (const pair of new Set([...gatherer.keys(), ...pairsAlikeAtOneEnd(lists)])) {
    const [a, b] = pair.split('\n') as [string, string];
    let longest = '';
    for (const x of names.get(a)?.keys() ?? []) {
      for (const y of names.get(b)?.keys() ?? []) {
        const run = sharedRun(x, y);
        if (run !== null && run.length > longest.length) longest = run;
      }
    }
    if (longest !== '') runs.set(pair, longest);
  }
  parts.count([...stems.shared(config.genericAccounts.handle), ...runs.values()]);
  gatherer.share('handle', 'handle', stems, config.genericAccounts.handle, (stem, a, b) => {
    if (isOfMailbox(gatherer, a.account, b.account, stem)) return null;
    const { bits, words } = parts.worth(stem, stemShare);
    if (bits <= 0) return null;
    const text = `handles with the same stem "${stem}" (${words})`;
    return { text, bits: capped(a.account, b.account, bits, config.handles.nearOdds) };
  });
  shareDrawn(names, gatherer, (a, b, bits) => capped(a, b, bits, config.handles.nearOdds));
  for (const [pair, run] of runs) {
    const [a, b] = pair.split('\n') as [string, string];
    const { bits, words, accounts } = parts.worth(run, runShare);
    if (bits <= 0 || isOfMailbox(gatherer, a, b, run)) continue;
    gatherer.add(a, b, {
      group: 'handle',
      text: `names that share "${run}" (${words})`,
      bits: capped(a, b, bits, config.handles.nearOdds),
      accounts,
      pointers: [a, b].map((account) => pointerOfRun(names.get(account)!, run)),
    });
  }
}

/** Names that are drawn alike in letters of other scripts or other digits, where no stem told so already. */
function shareDrawn(
  names: ReadonlyMap<string, ReadonlyMap<string, string>>,
  gatherer: PairGatherer,
  capped: (a: string, b: string, bits: number) => number,
): void {
  const drawn = new Postings();
  const keys = [...names].map(([account, held]) =>
    [...held].map(([name, pointer]) => {
      const key = lookAlikeKey(name);
      if (key.length >= config.handles.least) drawn.add(key, account, pointer);
      return key;
    }),
  );
  const looks = new NameChance(keys);
  const cap = config.genericAccounts.handle;
  looks.count(drawn.shared(cap));
  gatherer.share('handle', 'handle', drawn, Number.POSITIVE_INFINITY, (key, a, b, accounts) => {
    const known = gatherer.evidenceOf(a.account, b.account);
    // What too many share is among the generic values by its stem.
    if (accounts > cap || known.some(({ group }) => group === 'handle' || group === 'contact')) return null;
    const { bits, words } = looks.worth(key, config.handles.stemShare);
    if (bits <= 0) return null;
    return { text: `handles that are drawn alike (${words})`, bits: capped(a.account, b.account, bits) };
  });
}

/** Whether what two names share is told already by a mailbox that both state. */
function isOfMailbox(gatherer: PairGatherer, a: string, b: string, shared: string): boolean {
  return gatherer
    .evidenceOf(a, b)
    .some((each) => each.group === 'contact' && handleSkeleton(each.text).includes(handleSkeleton(shared)));
}

/** A name without regard to case and width. */
function plainName(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** Pairs of accounts with names that begin or end alike, where few do. */
function pairsAlikeAtOneEnd(lists: ReadonlyMap<string, readonly string[]>): string[] {
  const ends = new Map<string, Set<string>>();
  const add = (end: string, account: string) => {
    const held = ends.get(end);
    if (held) held.add(account);
    else ends.set(end, new Set([account]));
  };
  const length = config.handles.end;
  for (const [account, skeletons] of lists) {
    for (const skeleton of skeletons) {
      if (skeleton.length < length) continue;
      add(`${skeleton.slice(0, length)}-`, account);
      add(`-${skeleton.slice(-length)}`, account);
    }
  }
  const pairs: string[] = [];
  for (const accounts of ends.values()) {
    if (accounts.size > config.genericAccounts.handle) continue;
    const sorted = [...accounts].sort();
    sorted.forEach((a, i) => {
      for (const b of sorted.slice(i + 1)) pairs.push(`${a}\n${b}`);
    });
  }
  return pairs;
}

function pointerOfRun(names: ReadonlyMap<string, string>, run: string): string {
  for (const [name, pointer] of names) if (handleSkeleton(name).includes(run)) return pointer;
  return '';
}

/** A full IPv6 address used by both on one day: one device, or one that several people use. */
async function shareAddresses(
  engine: Engine,
  linkable: ReadonlySet<string>,
  gatherer: PairGatherer,
): Promise<void> {
  const addresses = new Postings();
  await engine.pages(sql.sharedAddresses, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      const [account, ip] = [text(columns[0]![r]), text(columns[1]![r])];
      if (!linkable.has(account) || lineOf(ip) === null) continue;
      addresses.add(`${ip} day ${columns[2]![r]}`, account, text(columns[3]![r]));
    }
  });
  gatherer.share('device', 'address', addresses, config.genericAccounts.line, (key, _a, _b, accounts) => ({
    text: `one device's address, ${key.replace(/ day .*/, '')}, used by both on one day`,
    bits: config.device.addressBits - spread(accounts),
  }));
}

/**
 * Mailboxes and names that an account gives in private, and nobody else does: its own, or one it speaks of. Where the
 * account given talks with somebody new soon after, that speaks for the giver's own; and for the reader being whom it
 * talks with.
 */
async function shareGiven(
  engine: Engine,
  linkable: ReadonlySet<string>,
  prior: Prior,
  gatherer: PairGatherer,
): Promise<void> {
  const { names, accounts } = await namesGiven(engine, linkable);
  if (names.length === 0) return;
  const { offeredOdds, mentionedOdds, takenUp, taker: takes, soonDays, days } = config.given;
  const add = (a: string, b: string, group: EvidenceGroup, words: string, bits: number, of: string[]) => {
    if (a !== b && linkable.has(a) && linkable.has(b))
      gatherer.add(a, b, { group, text: words, bits, accounts: 2, pointers: a < b ? of : [...of].reverse() });
  };
  const parameters = { names, accounts, seconds: days * 86_400 };
  await engine.pages(sql.givenAccounts, parameters, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      const [sender, named, word, pointer] = [0, 1, 2, 3].map((c) => text(columns[c]![r])) as [
        string,
        string,
        string,
        string,
      ];
      const [taker, partner] = [text(columns[4]![r]), nullable(columns[6]![r])];
      const isOffered = columns[9]![r] === true;
      const how = text(columns[10]![r]) === 'plain' ? '' : ` (${text(columns[10]![r])})`;
      const words = `${isOffered ? 'offers' : 'gives'} "${word}"${how} in private, and nobody else does: its own, or another's`;
      const odds = isOffered ? offeredOdds : mentionedOdds;
      add(sender, named, 'contact', words, prior.bits(sender, named) + odds, [pointer, pointer]);
      if (partner === null) continue;
      const talk = text(columns[7]![r]);
      const hours = Number(columns[8]![r]);
      const isSoon = hours <= soonDays * 24;
      const later = `${hours.toFixed(1)} hours later "${word}" talks with somebody new`;
      const upBits = isSoon ? takenUp.soonBits : takenUp.laterBits;
      add(sender, named, 'hand-off', `after it is given, ${later}`, upBits, [pointer, talk]);
      if (taker !== sender && Number(columns[5]![r]) === 1) {
        const bits = prior.bits(taker, partner) + (isSoon ? takes.soonOdds : takes.laterOdds);
        add(taker, partner, 'hand-off', `is given "${word}", and ${later}`, bits, [pointer, talk]);
      }
    }
  });
}

/**
 * Mailboxes, with the accounts that state them, and user names that stand for one account elsewhere, in order. Everyday
 * words are none.
 */
async function namesGiven(
  engine: Engine,
  linkable: ReadonlySet<string>,
): Promise<{ names: string[]; accounts: string[] }> {
  const named = new Map<string, Set<string>>();
  const add = (word: string, account: string) => {
    if (!linkable.has(account) || !/[@\d]/.test(word) || word.length < 6) return;
    const held = named.get(word);
    if (held) held.add(account);
    else named.set(word, new Set([account]));
  };
  await engine.pages(sql.statedSelectors, {}, (page) =>
    eachRow(page, (account, selector, canonical) => {
      if (selector === 'email') add(canonical.toLowerCase(), account);
      if (selector === 'messenger' && canonical.startsWith(`${serviceOf(account)}:`))
        add(canonical.slice(canonical.indexOf(':') + 1).toLowerCase(), account);
    }),
  );
  const cap = config.genericAccounts.selector;
  const pairs = [...named.keys()].sort().flatMap((word) => {
    const accounts = [...named.get(word)!].sort();
    return accounts.length > (word.includes('@') ? cap : 1)
      ? []
      : accounts.map((account) => ({ word, account }));
  });
  return { names: pairs.map(({ word }) => word), accounts: pairs.map(({ account }) => account) };
}

/** Compares the browsers of pairs that share something already. */
async function compareDevices(engine: Engine, gatherer: PairGatherer): Promise<void> {
  const pairs = gatherer.keys();
  const devices = new Devices();
  await engine.pages(sql.usedBrowsers, { days: config.lineWindowDays }, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      devices.add(text(columns[0]![r]), text(columns[1]![r]), Number(columns[2]![r]), text(columns[3]![r]));
    }
  });
  for (const pair of pairs) {
    const [a, b] = pair.split('\n') as [string, string];
    for (const each of devices.compare(a, b)) gatherer.add(a, b, each);
  }
}

/** What is lost because more than two accounts share a value. */
function spread(accounts: number): number {
  return Math.log2(accounts / 2);
}

/** A piece of evidence with what it adds to the total; 0 where a stronger one tells the same story. */
export interface Bar extends Evidence {
  readonly counted: number;
}

const recordGroups = ['name', 'birth', 'location', 'occupation'] as const;

/**
 * What each piece of evidence adds. Of contacts and of handles the strongest counts, since the others tell the
 * same story again; what lines are worth was counted for all of a pair together and is divided among them; what
 * person records say was counted as it occurs together and adds up.
 */
export function barsOf(evidence: readonly Evidence[]): Bar[] {
  const bars: Bar[] = [];
  for (const group of ['contact', 'handle', 'return', 'hand-off'] as const) {
    const sorted = evidence.filter((each) => each.group === group).sort(strongerFirst);
    sorted.forEach((each, index) => {
      bars.push({ ...each, counted: index === 0 ? Math.max(0, each.bits) : 0 });
    });
  }
  bars.push(...deviceBars(evidence));
  for (const each of evidence) if (each.group === 'line') bars.push({ ...each, counted: each.bits });
  for (const group of recordGroups) {
    for (const each of evidence) if (each.group === group) bars.push({ ...each, counted: each.bits });
  }
  return bars;
}

/** Each class of device counts once, and of addresses one; together up to the cap, and as far against. */
function deviceBars(evidence: readonly Evidence[]): Bar[] {
  const bars: Bar[] = [];
  let sum = 0;
  let addressed = false;
  const sorted = evidence.filter((each) => each.group === 'device').sort(strongerFirst);
  for (const each of sorted) {
    const address = isAddress(each);
    const counted = address && addressed ? 0 : Math.min(config.device.cap - sum, each.bits);
    addressed ||= address;
    sum += counted;
    bars.push({ ...each, counted });
  }
  return bars;
}

/**
 * Whether something speaks for one person that neither a household nor buyers of one model of telephone share:
 * lines, places and browsers alone are never enough.
 */
export function isPersonal(evidence: readonly Evidence[]): boolean {
  return barsOf(evidence).some(
    (bar) =>
      bar.counted >= config.personalBits &&
      bar.group !== 'line' &&
      bar.group !== 'location' &&
      (bar.group !== 'device' || isAddress(bar)),
  );
}

function isAddress(evidence: Evidence): boolean {
  return evidence.text.startsWith("one device's address");
}

/** The bits of what people of one household do not share anyway. */
export function bitsBesidesHousehold(evidence: readonly Evidence[]): number {
  return barsOf(evidence)
    .filter((bar) => bar.group !== 'line' && bar.group !== 'location')
    .reduce((sum, bar) => sum + bar.counted, 0);
}

function strongerFirst(x: Evidence, y: Evidence): number {
  return y.bits - x.bits || (x.text < y.text ? -1 : x.text > y.text ? 1 : 0);
}

/** The bits of a pair: the sum of what its evidence adds. */
export function totalBits(evidence: readonly Evidence[]): number {
  return barsOf(evidence).reduce((sum, bar) => sum + bar.counted, 0);
}

/** Whether a pair has evidence of person records, whose bits were learned. */
export function isFromRecords(evidence: readonly Evidence[]): boolean {
  return evidence.some((each) => (recordGroups as readonly string[]).includes(each.group));
}

function eachRow(page: Page, visit: (a: string, b: string, c: string, d: string) => void): void {
  const [a, b, c, d] = page.columns as [unknown[], unknown[], unknown[], unknown[]];
  for (let r = 0; r < page.rows; r++) visit(text(a[r]), text(b[r]), text(c[r]), text(d[r]));
}

function text(value: unknown): string {
  return String(value);
}

function nullable(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
