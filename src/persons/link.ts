import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';
import { giveBackMemory } from '../base/memory.ts';
import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/linking.ts';
import { type Constraints, clusterPairs } from './clustering.ts';
import { linkingConfiguration as config } from './configuration.ts';
import { DecidedWeights } from './decided-weights.ts';
import { type Decision, linkDecisions, pairKey } from './decisions.ts';
import {
  bitsBesidesHousehold,
  type Evidence,
  type Generic,
  gatherEvidence,
  isFromRecords,
  isPersonal,
  type PairEvidence,
  totalBits,
} from './evidence.ts';
import type { KeptLearning } from './kept-learning.ts';
import {
  type LearnedRecords,
  learnRecords,
  type PersonRecords,
  readPersonRecords,
  recordEvidence,
  recordGenerics,
} from './person-records.ts';
import { Prior } from './prior.ts';
import { readRoles } from './roles.ts';

/** A judged pair of accounts. */
export interface Link {
  readonly a: string;
  readonly b: string;
  /** Evidence for one person, without any prior. An investigative score until calibrated on local decisions. */
  readonly bits: number;
  readonly decision: 'same' | 'different' | 'unsure' | null;
  /** Bits from which a pair is proposed: the rarity of one person's pairs among all. */
  readonly threshold: number;
  readonly evidence: PairEvidence['evidence'];
}

/** Rows written to the engine in one statement. */
const insertRows = 20_000;

/**
 * Proposes which accounts are one person: makes the engine's tables `person`, `link` and `generic_selector`
 * and returns the number of persons. A person is provisional; decisions of humans come first. `kept` is where what lists
 * teach is kept from one time to the next; it changes no result.
 */
export async function linkPersons(
  engine: Engine,
  decisions: readonly Decision[],
  kept: KeptLearning | null = null,
): Promise<number> {
  const linked = await link(engine, decisions, kept);
  const count = new Set(linked.persons.values()).size;
  giveBackMemory();
  await store(engine, linked);
  return count;
}

/** What is to be stored of linking. */
interface Linked {
  readonly accounts: readonly string[];
  readonly persons: ReadonlyMap<string, string>;
  /** Given up as it is stored: at 50,000 members it is more than a gigabyte. */
  readonly links: Link[];
  readonly generics: readonly Generic[];
}

async function link(
  engine: Engine,
  decisions: readonly Decision[],
  kept: KeptLearning | null,
): Promise<Linked> {
  const accounts: string[] = [];
  const listed = new Set<string>();
  await engine.pages(sql.linkableAccounts, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      accounts.push(String(columns[0]![r]));
      if (columns[2]![r] === 'person record') listed.add(String(columns[0]![r]));
    }
  });
  accounts.sort(byText);
  const linkable = new Set(accounts);
  const prior = new Prior(accounts);
  const gatherer = await gatherEvidence(engine, linkable, prior);
  const records = await readPersonRecords(engine, linkable);
  const roles = await readRoles(engine, decisions);
  const learned = learnRecords(records, constraintsOf(records.accounts, decisions, roles), kept);
  const links = judge(gatherer.result(), decisions, prior);
  // Records of a list are compared with one another alone, by what the list taught of how common that is.
  const bar = (a: string, b: string, taught: number) =>
    listed.has(a) && listed.has(b) ? taught : Math.max(taught + config.suretyBits, prior.bar(a, b));
  const joined = learned ? addRecordLinks(links, records, learned, decisions, bar) : links;
  const persons = cluster(accounts, joined, roles, new Set(records.accounts));
  const generics = [...gatherer.generics, ...(learned ? recordGenerics(records, learned) : [])];
  return { accounts, persons, links: shown(joined, persons), generics };
}

/** Pairs worth showing: those with evidence of weight, and those a human decided. */
export function judge(
  pairs: readonly PairEvidence[],
  decisions: readonly Decision[],
  prior: Pick<Prior, 'bar' | 'bits'>,
): Link[] {
  const decided = linkDecisions(decisions);
  const weights = new DecidedWeights(pairs, decisions, prior);
  const links: Link[] = [];
  for (const pair of pairs) {
    const { a, b } = pair;
    const evidence = weights.of(pair);
    const key = pairKey(a, b);
    const decision = (decided.get(key)?.value ?? null) as Link['decision'];
    decided.delete(key);
    links.push({ a, b, bits: totalBits(evidence), decision, threshold: prior.bar(a, b), evidence });
  }
  for (const { subject, value } of decided.values()) {
    const [a, b] = [...subject].sort(byText) as [string, string];
    const threshold = prior.bar(a, b);
    links.push({ a, b, bits: 0, decision: value as Link['decision'], threshold, evidence: [] });
  }
  return links.sort(byPair);
}

/** A link of person records before its evidence is spelled out, which is done for those alone that are kept. */
interface RecordLink extends Link {
  readonly spell: () => Link;
}

/** Adds what person records say to the links, with the threshold that was learned. */
function addRecordLinks(
  links: readonly Link[],
  records: PersonRecords,
  learned: LearnedRecords,
  decisions: readonly Decision[],
  bar: (a: string, b: string, taught: number) => number,
): Link[] {
  const all = new Map(links.map((link) => [pairKey(link.a, link.b), link]));
  const decided = linkDecisions(decisions);
  const place = new Map(records.accounts.map((account, index) => [account, index]));
  const taught = -learned.weights.priorBits;
  const judged = new Set<string>();
  const add = (x: number, y: number, bits: number) => {
    const [i, j] = records.accounts[x]! < records.accounts[y]! ? [x, y] : [y, x];
    const [a, b] = [records.accounts[i]!, records.accounts[j]!];
    const key = `${a}\n${b}`;
    const held = all.get(key);
    const decision = (held?.decision ?? decided.get(key)?.value ?? null) as Link['decision'];
    judged.add(key);
    const base = { a, b, bits: bits + (held?.bits ?? 0), decision, threshold: bar(a, b, taught) };
    const spell = (): Link => {
      const evidence: Evidence[] = [...(held?.evidence ?? []), ...recordEvidence(records, learned, i, j)];
      return { ...base, bits: totalBits(evidence), evidence };
    };
    all.set(key, held ? spell() : ({ ...base, evidence: [], spell } as RecordLink));
  };
  const { pairs } = learned;
  for (let i = 0; i < pairs.length; i++) {
    const held = pairs.bits[i]! > -4;
    if (held) add(pairs.a[i]!, pairs.b[i]!, pairs.bits[i]! + taught);
  }
  for (const link of links) {
    const [i, j] = [place.get(link.a), place.get(link.b)];
    if (i === undefined || j === undefined || judged.has(pairKey(link.a, link.b))) continue;
    let sum = 0;
    learned.comparisons.forEach((comparison, c) => {
      sum += learned.weights.bits[c]![comparison.level(i, j)]!;
    });
    add(i, j, sum);
  }
  return [...all.values()].sort(byPair);
}

/** The links that are stored: every one of accounts and decisions, of person records the strongest of each. */
function shown(links: readonly Link[], persons: ReadonlyMap<string, string>): Link[] {
  const kept = new Map<string, number>();
  const strongest = links
    .filter((link) => 'spell' in link && link.decision === null)
    .sort((x, y) => y.bits - x.bits || byPair(x, y))
    .filter((link) => {
      const [p, q] = [kept.get(link.a) ?? 0, kept.get(link.b) ?? 0];
      if (p >= config.linksPerRecord && q >= config.linksPerRecord) return false;
      if (persons.get(link.a) !== persons.get(link.b) && (p > 0 || q > 0) && !proposes(link)) return false;
      kept.set(link.a, p + 1);
      kept.set(link.b, q + 1);
      return true;
    });
  const others = links.filter((link) => !('spell' in link) || link.decision !== null);
  return [...others, ...strongest]
    .map((link) => ('spell' in link ? (link as RecordLink).spell() : link))
    .sort(byPair);
}

/** Whether the evidence of a pair is enough to propose one person. */
export function proposes(link: Link): boolean {
  if (link.decision === 'same') return true;
  if (link.decision !== null) return false;
  return margin(link) > 0;
}

/**
 * Bits above the threshold; never above nought where nothing speaks for one person but what a household or the buyers of
 * one model of telephone share.
 */
function margin(link: Link): number {
  const over = link.bits - link.threshold;
  if ('spell' in link || isFromRecords(link.evidence)) return over;
  const besides = bitsBesidesHousehold(link.evidence);
  if (over >= 0 && besides >= config.personalBits && isPersonal(link.evidence)) return Math.max(over, 0.01);
  // Sharing a little is not evidence against: it weighs no worse than sharing nothing.
  return Math.max(Math.min(config.clustering.unseenBits, link.bits), Math.min(over, -0.01));
}

/**
 * Forms persons from the links by correlation clustering, under what humans decided. `records` are the accounts
 * that are person records. Returns each account's person; ids are derived from the first account of the person.
 */
export function cluster(
  accounts: readonly string[],
  links: readonly Link[],
  roles: ReadonlyMap<string, number> = new Map(),
  records: ReadonlySet<string> = new Set(),
): Map<string, string> {
  const sorted = [...accounts].sort(byText);
  const place = new Map(sorted.map((account, index) => [account, index]));
  const inside = links.filter((link) => place.has(link.a) && place.has(link.b));
  const undecided = inside.filter((link) => link.decision === null || link.decision === 'unsure');
  const pairs = {
    length: undecided.length,
    a: Uint32Array.from(undecided, (link) => Math.min(place.get(link.a)!, place.get(link.b)!)),
    b: Uint32Array.from(undecided, (link) => Math.max(place.get(link.a)!, place.get(link.b)!)),
    bits: Float32Array.from(undecided, (link) =>
      link.decision === 'unsure' ? Math.min(margin(link), -0.01) : margin(link),
    ),
  };
  const decided = (value: string) =>
    inside
      .filter((link) => link.decision === value)
      .map((link) => [place.get(link.a)!, place.get(link.b)!] as const);
  const clusters = clusterPairs(
    sorted.length,
    pairs,
    {
      same: decided('same'),
      different: decided('different'),
      roles: Uint8Array.from(sorted, (account) => roles.get(account) ?? 0),
      records: Uint8Array.from(sorted, (account) => (records.has(account) ? 1 : 0)),
    },
    config.clustering,
  );
  return new Map(accounts.map((account) => [account, personId(sorted[clusters[place.get(account)!]!]!)]));
}

function constraintsOf(
  accounts: readonly string[],
  decisions: readonly Decision[],
  roles: ReadonlyMap<string, number>,
): Constraints {
  const place = new Map(accounts.map((account, index) => [account, index]));
  const pairs = (value: string) =>
    [...linkDecisions(decisions).values()]
      .filter(
        (decision) => decision.value === value && decision.subject.every((account) => place.has(account)),
      )
      .map((decision) => [place.get(decision.subject[0]!)!, place.get(decision.subject[1]!)!] as const);
  return {
    same: pairs('same'),
    different: pairs('different'),
    roles: Uint8Array.from(accounts, (account) => roles.get(account) ?? 0),
  };
}

async function store(engine: Engine, { accounts, persons, links, generics }: Linked): Promise<void> {
  await engine.run(sql.createPersons);
  await engine.run(sql.createLinks);
  await engine.run(sql.createGenerics);
  for (const part of parts(accounts)) {
    await engine.run(sql.insertPersons, {
      persons: part.map((account) => persons.get(account)!),
      accounts: part,
    });
  }
  while (links.length > 0) {
    const part = links.splice(-insertRows);
    await engine.run(sql.insertLinks, {
      a: part.map((link) => link.a),
      b: part.map((link) => link.b),
      bits: part.map((link) => link.bits.toFixed(3)),
      decisions: part.map((link) => link.decision ?? ''),
      thresholds: part.map((link) => link.threshold.toFixed(3)),
      evidence: part.map((link) => canonicalJson(link.evidence)),
    });
  }
  for (const part of parts(generics)) {
    await engine.run(sql.insertGenerics, {
      selectors: part.map((generic) => generic.selector),
      canonicals: part.map((generic) => generic.canonical),
      accounts: part.map((generic) => String(generic.accounts)),
      caps: part.map((generic) => String(generic.cap)),
    });
  }
}

/** Order of code units, the same everywhere. */
function byText(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0;
}

function byPair(x: Link, y: Link): number {
  return byText(x.a, y.a) || byText(x.b, y.b);
}

export function personId(firstAccount: string): string {
  return `person-${sha256Hex(firstAccount).slice(0, 12)}`;
}

function* parts<T>(items: readonly T[]): Generator<T[]> {
  for (let at = 0; at < items.length; at += insertRows) yield items.slice(at, at + insertRows);
}
