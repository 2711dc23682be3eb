import type { Engine, Page } from '../store/engine.ts';
import * as sql from '../store/queries/linking.ts';
import { linkingConfiguration as config } from './configuration.ts';
import { Devices } from './devices.ts';
import { handleSkeleton, handleStem, lineOf, mailboxBare, mailboxWithoutTag } from './keys.ts';
import { countRuns, Surprise, sharedRun } from './names.ts';

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
  keys(): Iterable<string> {
    return [...this.map.keys()].sort();
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
export async function gatherEvidence(engine: Engine, linkable: ReadonlySet<string>): Promise<PairGatherer> {
  const gatherer = new PairGatherer();
  await shareContacts(engine, linkable, gatherer);
  await shareHandles(engine, linkable, gatherer);
  await shareLines(engine, linkable, gatherer);
  await shareHandOvers(engine, linkable, gatherer);
  await shareGiven(engine, linkable, gatherer);
  await shareNames(engine, linkable, gatherer);
  await shareAddresses(engine, linkable, gatherer);
  await addReturns(engine, gatherer);
  await compareDevices(engine, gatherer);
  return gatherer;
}

async function shareContacts(
  engine: Engine,
  linkable: ReadonlySet<string>,
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
  const same = new Set<string>();
  gatherer.share('contact', 'email', mailboxes, cap, (key, a, b, accounts) => {
    same.add(`${a.account}\n${b.account}`);
    return { text: `same mailbox ${key}`, bits: config.sameMailboxBits - spread(accounts) };
  });
  gatherer.share('contact', 'email', bare, cap, (key, a, b, accounts) => {
    if (same.has(`${a.account}\n${b.account}`)) return null;
    return {
      text: `mailboxes alike but for dots, hyphens or case: ${key}`,
      bits: config.nearMailboxBits - spread(accounts),
    };
  });
  gatherer.share('contact', 'contact', others, cap, (key, _a, _b, accounts) => ({
    text: `both state ${key}`,
    bits: config.sameContactBits - spread(accounts),
  }));
}

async function shareHandles(
  engine: Engine,
  linkable: ReadonlySet<string>,
  gatherer: PairGatherer,
): Promise<void> {
  const stems = new Postings();
  const add = (account: string, handle: string | null, pointer: string) => {
    if (handle !== null && linkable.has(account)) stems.add(handleStem(handle), account, pointer);
  };
  await engine.pages(sql.linkableAccounts, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      // What stands there for a person record is the name, which is compared as one.
      if (columns[2]![r] === 'person record') continue;
      add(text(columns[0]![r]), nullable(columns[1]![r]), text(columns[3]![r]));
    }
  });
  await engine.pages(sql.formerHandles, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) add(text(columns[0]![r]), nullable(columns[1]![r]), text(columns[2]![r]));
  });
  const { least, full } = config.handleLetters;
  gatherer.share('handle', 'handle', stems, config.genericAccounts.handle, (stem, _a, _b, accounts) => {
    if (stem.length < least) return null;
    const factor = Math.min(1, (stem.length - least + 1) / (full - least + 1));
    return {
      text: `handles with the same stem "${stem}"`,
      bits: config.nearHandleBits * factor - spread(accounts),
    };
  });
}

/** Use of a line by one account within a window. */
interface LineUse {
  readonly account: string;
  readonly pointer: string;
  readonly days: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Lines used by both: within one window, or across the bound of two within its length. An IPv6 network is one
 * customer's for long, and is one window throughout.
 */
async function shareLines(
  engine: Engine,
  linkable: ReadonlySet<string>,
  gatherer: PairGatherer,
): Promise<void> {
  const payers = new Set<string>();
  await engine.pages(sql.linkableAccounts, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) if (columns[2]![r] === 'subscriber') payers.add(text(columns[0]![r]));
  });
  const lines = new Map<string, Map<number, Map<string, LineUse>>>();
  await engine.pages(sql.usedAddresses, { days: config.lineWindowDays }, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      const account = text(columns[0]![r]);
      const line = lineOf(text(columns[1]![r]));
      if (line === null || !linkable.has(account)) continue;
      const period = line.includes(':') ? 0 : Number(columns[2]![r]);
      let periods = lines.get(line);
      if (!periods) lines.set(line, (periods = new Map()));
      let uses = periods.get(period);
      if (!uses) periods.set(period, (uses = new Map()));
      const [days, first, last] = [3, 5, 6].map((column) => Number(columns[column]![r])) as [
        number,
        number,
        number,
      ];
      const held = uses.get(account);
      uses.set(account, {
        account,
        pointer: held?.pointer ?? text(columns[4]![r]),
        days: days + (held?.days ?? 0),
        first: Math.min(first, held?.first ?? first),
        last: Math.max(last, held?.last ?? last),
      });
    }
  });
  for (const line of [...lines.keys()].sort()) shareLine(line, lines.get(line)!, payers, gatherer);
}

function shareLine(
  line: string,
  periods: ReadonlyMap<number, ReadonlyMap<string, LineUse>>,
  payers: ReadonlySet<string>,
  gatherer: PairGatherer,
): void {
  const cap = config.genericAccounts.line;
  // Who pays for a line is no further user of it.
  const users = (accounts: Iterable<string>) => {
    let count = 0;
    for (const account of accounts) if (!payers.has(account)) count++;
    return Math.max(2, count);
  };
  const numbers = [...periods.keys()].sort((x, y) => x - y);
  const joined = new Set<string>();
  const join = (a: LineUse, b: LineUse, accounts: number) => {
    const [x, y] = a.account < b.account ? [a, b] : [b, a];
    joined.add(`${x.account}\n${y.account}`);
    gatherer.add(x.account, y.account, {
      group: 'line',
      text: `one line, ${line}, used by both within ${line.includes(':') ? 'the records' : `${config.lineWindowDays} days`} (${x.days} and ${y.days} days)`,
      bits: (line.includes(':') ? config.lineBits.networkBase : config.lineBits.base) - spread(accounts),
      accounts,
      pointers: [x.pointer, y.pointer],
    });
  };
  const sorted = (uses: ReadonlyMap<string, LineUse>) =>
    [...uses.values()].sort((x, y) => (x.account < y.account ? -1 : 1));
  for (const number of numbers) {
    const uses = sorted(periods.get(number)!);
    const accounts = users(periods.get(number)!.keys());
    if (accounts > cap) {
      gatherer.generics.push({
        selector: 'line',
        canonical: line.includes(':') ? line : `${line} period ${number}`,
        accounts,
        cap,
      });
      continue;
    }
    uses.forEach((a, i) => {
      for (const b of uses.slice(i + 1)) join(a, b, accounts);
    });
  }
  // Neighbouring windows: only pairs that no window holds together, and only lines that stay below the cap in both.
  for (const number of numbers) {
    const [before, after] = [periods.get(number)!, periods.get(number + 1)];
    if (!after) continue;
    const accounts = users(new Set([...before.keys(), ...after.keys()]));
    if (accounts > cap) continue;
    for (const a of sorted(before)) {
      for (const b of sorted(after)) {
        const pair = a.account < b.account ? `${a.account}\n${b.account}` : `${b.account}\n${a.account}`;
        if (a.account === b.account || joined.has(pair) || b.first - a.last > config.lineWindowDays) continue;
        join(a, b, accounts);
      }
    }
  }
}

/** Adds hand-overs to pairs that share a line already; on a line of many they say nothing. */
async function shareHandOvers(
  engine: Engine,
  linkable: ReadonlySet<string>,
  gatherer: PairGatherer,
): Promise<void> {
  const { seconds, leastDays, bits } = config.handOver;
  await engine.pages(sql.handOvers, { seconds }, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      const [a, b, ip] = [text(columns[0]![r]), text(columns[1]![r]), text(columns[2]![r])];
      const [days, line] = [Number(columns[3]![r]), lineOf(ip)];
      if (days < leastDays || line === null || !linkable.has(a) || !linkable.has(b)) continue;
      if (!gatherer.evidenceOf(a, b).some((each) => each.text.startsWith(`one line, ${line},`))) continue;
      const words = `one account leaves ${line} and the other takes it up within ${seconds / 60} minutes, on ${days} days`;
      const pointers = [text(columns[4]![r]), text(columns[5]![r])];
      gatherer.add(a, b, { group: 'line', text: words, bits, accounts: 2, pointers });
    }
  });
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

/** One surprising name on two services; and among pairs that share something already, names that share a part. */
async function shareNames(
  engine: Engine,
  linkable: ReadonlySet<string>,
  gatherer: PairGatherer,
): Promise<void> {
  const names = await readNames(engine, linkable);
  const same = new Postings();
  for (const [account, held] of names) {
    for (const [name, pointer] of held) same.add(name.normalize('NFKC').toLowerCase(), account, pointer);
  }
  const surprise = new Surprise(same.keys());
  gatherer.share('handle', 'name', same, config.genericAccounts.handle, (name, a, b, accounts) => {
    if (serviceOf(a.account) === serviceOf(b.account)) return null;
    const bits = surprise.of(name);
    const worth = config.sameNameBits.find(([from]) => bits >= from);
    if (!worth) return null;
    return {
      text: `one name on two services, "${name}" (${bits.toFixed(0)} bits of surprise)`,
      bits: worth[1] - spread(accounts),
    };
  });
  const lists = new Map([...names].map(([account, held]) => [account, [...held.keys()]]));
  const runs = new Map<string, string>();
  for (const pair of new Set([...gatherer.keys(), ...pairsAlikeAtOneEnd(lists)])) {
    const [a, b] = pair.split('\n') as [string, string];
    let longest = '';
    for (const x of lists.get(a) ?? []) {
      for (const y of lists.get(b) ?? []) {
        const run = sharedRun(x, y);
        if (run !== null && run.length > longest.length) longest = run;
      }
    }
    if (longest !== '') runs.set(pair, longest);
  }
  const counts = countRuns(new Set(runs.values()), lists);
  const { least, full } = config.handleLetters;
  for (const [pair, run] of runs) {
    const [a, b] = pair.split('\n') as [string, string];
    const accounts = counts.get(run) ?? 2;
    const factor = Math.min(1, (run.length - least + 1) / (full - least + 1));
    const rarity = Math.log2(lists.size / accounts);
    const pointers = [a, b].map((account) => pointerOfRun(names.get(account)!, run));
    gatherer.add(a, b, {
      group: 'handle',
      text: `names that share "${run}"`,
      bits: Math.max(0, Math.min(config.nearHandleBits * factor, rarity)),
      accounts,
      pointers,
    });
  }
}

/** Pairs of accounts with names that begin or end alike, where few do. */
function pairsAlikeAtOneEnd(lists: ReadonlyMap<string, readonly string[]>): string[] {
  const ends = new Map<string, Set<string>>();
  const add = (end: string, account: string) => {
    const held = ends.get(end);
    if (held) held.add(account);
    else ends.set(end, new Set([account]));
  };
  const length = config.handleLetters.end;
  for (const [account, names] of lists) {
    for (const name of names) {
      const skeleton = handleSkeleton(name);
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

function serviceOf(account: string): string {
  return account.slice(0, account.indexOf('/'));
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

/** Adds accounts made soon after a ban to pairs that share a line already. */
async function addReturns(engine: Engine, gatherer: PairGatherer): Promise<void> {
  const { days } = config.returned;
  await engine.pages(sql.returnsAfterBans, { days }, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      const [banned, made, after] = [text(columns[0]![r]), text(columns[1]![r]), Number(columns[2]![r])];
      if (!gatherer.evidenceOf(banned, made).some((each) => each.group === 'line')) continue;
      const pointers = [text(columns[3]![r]), text(columns[4]![r])];
      const bits = after <= config.returned.soonDays ? config.returned.soonBits : config.returned.bits;
      const words = `one account banned, the other made ${after.toFixed(1)} days later on a line of the first`;
      gatherer.add(banned, made, {
        group: 'return',
        text: words,
        bits,
        accounts: 2,
        pointers: banned < made ? pointers : pointers.reverse(),
      });
    }
  });
}

/**
 * Accounts elsewhere that an account gives in private messages, and nobody else does: its own, or one it speaks of.
 * Where the account given talks with somebody new soon after, that speaks for the giver's own; and for the reader
 * being whom it talks with.
 */
async function shareGiven(
  engine: Engine,
  linkable: ReadonlySet<string>,
  gatherer: PairGatherer,
): Promise<void> {
  const { names, accounts } = await namesElsewhere(engine, linkable);
  if (names.length === 0) return;
  const { givenBits, takenUpBits, takerBits, days } = config.given;
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
      const [taker, partner] = [nullable(columns[4]![r]), nullable(columns[6]![r])];
      const words = `gives "${word}" in a private message, and nobody else does: its own, or another's`;
      add(sender, named, 'contact', words, givenBits, [pointer, pointer]);
      if (partner === null) continue;
      const talk = text(columns[7]![r]);
      const later = `${Number(columns[8]![r]).toFixed(1)} hours later "${word}" talks with somebody new`;
      add(sender, named, 'hand-off', `after it is given, ${later}`, takenUpBits, [pointer, talk]);
      if (taker !== null && taker !== sender && Number(columns[5]![r]) === 1)
        add(taker, partner, 'hand-off', `is given "${word}", and ${later}`, takerBits, [pointer, talk]);
    }
  });
}

/** Mailboxes and user names that stand for one account outside the board, in order. Everyday words are none. */
async function namesElsewhere(
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
      if (account.startsWith('mail/') && selector === 'email') add(canonical.toLowerCase(), account);
      if (selector === 'messenger' && canonical.startsWith(`${serviceOf(account)}:`))
        add(canonical.slice(canonical.indexOf(':') + 1).toLowerCase(), account);
    }),
  );
  const names = [...named.keys()].filter((word) => named.get(word)!.size === 1).sort();
  return { names, accounts: names.map((word) => [...named.get(word)!][0]!) };
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
 * same story again; lines add a little for each further window, up to the cap; what person records say was
 * counted as it occurs together and adds up.
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
  const { perDoubling, cap } = config.lineBits;
  let sum = 0;
  evidence
    .filter((each) => each.group === 'line')
    .sort(strongerFirst)
    .forEach((each, index) => {
      const handOver = !each.text.startsWith('one line,');
      const added =
        index === 0 || handOver
          ? Math.max(0, each.bits)
          : perDoubling * (Math.log2(index + 1) - Math.log2(index));
      const counted = Math.min(cap - sum, added);
      sum += counted;
      bars.push({ ...each, counted });
    });
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
