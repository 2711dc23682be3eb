import type { Engine, Page } from '../store/engine.ts';
import * as sql from '../store/queries/linking.ts';
import { linkingConfiguration as config } from './configuration.ts';
import { handleStem, lineOf, mailboxBare, mailboxWithoutTag } from './keys.ts';

/** The kinds of evidence that are taken to be independent of one another. */
export type EvidenceGroup = 'contact' | 'handle' | 'line' | 'name' | 'birth' | 'location' | 'occupation';

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

async function shareLines(
  engine: Engine,
  linkable: ReadonlySet<string>,
  gatherer: PairGatherer,
): Promise<void> {
  const lines = new Postings();
  await engine.pages(sql.usedAddresses, { days: config.lineWindowDays }, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      const account = text(columns[0]![r]);
      const line = lineOf(text(columns[1]![r]));
      if (line !== null && linkable.has(account)) {
        lines.add(`${line} period ${columns[2]![r]}`, account, text(columns[4]![r]), Number(columns[3]![r]));
      }
    }
  });
  const { base } = config.lineBits;
  gatherer.share('line', 'line', lines, config.genericAccounts.line, (key, a, b, accounts) => ({
    text: `one line, ${key.replace(/ period .*/, '')}, used by both within ${config.lineWindowDays} days (${a.weight} and ${b.weight} days)`,
    bits: base - spread(accounts),
  }));
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
  for (const group of ['contact', 'handle'] as const) {
    const sorted = evidence.filter((each) => each.group === group).sort(strongerFirst);
    sorted.forEach((each, index) => {
      bars.push({ ...each, counted: index === 0 ? Math.max(0, each.bits) : 0 });
    });
  }
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
