import type { Engine, Page } from '../store/engine.ts';
import * as sql from '../store/queries/linking.ts';
import { linkingConfiguration as config } from './configuration.ts';
import { handleStem, lineOf, mailboxBare, mailboxWithoutTag } from './keys.ts';

/** The three kinds of evidence that are taken to be independent of one another. */
export type EvidenceGroup = 'contact' | 'handle' | 'line';

/** One thing that two accounts share, with the places where each shows it. */
export interface Evidence {
  readonly group: EvidenceGroup;
  /** In plain words, naming no more than the value shared. */
  readonly text: string;
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
    for (let r = 0; r < rows; r++) add(text(columns[0]![r]), nullable(columns[1]![r]), text(columns[3]![r]));
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

/** What is lost because more than two accounts share a value. */
function spread(accounts: number): number {
  return Math.log2(accounts / 2);
}

/**
 * The bits of a pair: within a group the strongest counts, since its members tell the same story twice; lines
 * seen in several windows add a little each, up to the cap. Groups add up.
 */
export function totalBits(evidence: readonly Evidence[]): number {
  const { perDoubling, cap } = config.lineBits;
  let total = 0;
  for (const group of ['contact', 'handle'] as const) {
    total += Math.max(0, ...evidence.filter((each) => each.group === group).map((each) => each.bits));
  }
  const windows = evidence.filter((each) => each.group === 'line');
  if (windows.length > 0) {
    const best = Math.max(...windows.map((each) => each.bits));
    total += Math.min(cap, Math.max(0, best + perDoubling * Math.log2(windows.length)));
  }
  return total;
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
