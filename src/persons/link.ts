import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';
import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/linking.ts';
import { linkingConfiguration as config } from './configuration.ts';
import { type Decision, linkDecisions, pairKey } from './decisions.ts';
import { gatherEvidence, type PairEvidence, totalBits } from './evidence.ts';

/** A judged pair of accounts. */
export interface Link {
  readonly a: string;
  readonly b: string;
  readonly bits: number;
  readonly decision: 'same' | 'different' | 'unsure' | null;
  readonly evidence: PairEvidence['evidence'];
}

/** Rows written to the engine in one statement. */
const insertRows = 20_000;

/**
 * Proposes which accounts are one person: makes the engine's tables `person`, `link` and `generic_selector`
 * and returns the number of persons. A person is provisional; decisions of humans come first.
 */
export async function linkPersons(engine: Engine, decisions: readonly Decision[]): Promise<number> {
  const accounts: string[] = [];
  await engine.pages(sql.linkableAccounts, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) accounts.push(String(columns[0]![r]));
  });
  const gatherer = await gatherEvidence(engine, new Set(accounts));
  const links = judge(gatherer.result(), decisions);
  const persons = cluster(accounts, links);
  await engine.run(sql.createPersons);
  await engine.run(sql.createLinks);
  await engine.run(sql.createGenerics);
  for (const part of parts([...persons])) {
    await engine.run(sql.insertPersons, {
      persons: part.map(([, person]) => person),
      accounts: part.map(([account]) => account),
    });
  }
  for (const part of parts(links)) {
    await engine.run(sql.insertLinks, {
      a: part.map((link) => link.a),
      b: part.map((link) => link.b),
      bits: part.map((link) => link.bits.toFixed(3)),
      decisions: part.map((link) => link.decision ?? ''),
      evidence: part.map((link) => canonicalJson(link.evidence)),
    });
  }
  for (const part of parts(gatherer.generics)) {
    await engine.run(sql.insertGenerics, {
      selectors: part.map((generic) => generic.selector),
      canonicals: part.map((generic) => generic.canonical),
      accounts: part.map((generic) => String(generic.accounts)),
      caps: part.map((generic) => String(generic.cap)),
    });
  }
  return new Set(persons.values()).size;
}

/** Pairs worth showing: those with evidence of weight, and those a human decided. */
export function judge(pairs: readonly PairEvidence[], decisions: readonly Decision[]): Link[] {
  const decided = linkDecisions(decisions);
  const links: Link[] = [];
  for (const { a, b, evidence } of pairs) {
    const key = pairKey(a, b);
    const decision = (decided.get(key)?.value ?? null) as Link['decision'];
    decided.delete(key);
    links.push({ a, b, bits: totalBits(evidence), decision, evidence });
  }
  for (const { subject, value } of decided.values()) {
    const [a, b] = [...subject].sort() as [string, string];
    links.push({ a, b, bits: 0, decision: value as Link['decision'], evidence: [] });
  }
  return links.sort((x, y) => (pairKey(x.a, x.b) < pairKey(y.a, y.b) ? -1 : 1));
}

/** Whether the evidence of a pair is enough to propose one person. */
export function proposes(link: Link): boolean {
  if (link.decision === 'same') return true;
  if (link.decision !== null || link.bits < config.proposeBits) return false;
  const groups = new Set(link.evidence.filter((each) => each.bits > 0).map((each) => each.group));
  return groups.size > 1 || link.bits >= config.aloneBits;
}

/**
 * Joins accounts along proposed links, strongest first; a join that would bring together two accounts that a
 * human decided to be different is left out. Returns each account's person; ids are derived from the first
 * account of the person.
 */
export function cluster(accounts: readonly string[], links: readonly Link[]): Map<string, string> {
  const members = new Map(accounts.map((account) => [account, [account]]));
  const different = new Set(
    links.filter((link) => link.decision === 'different').map((link) => pairKey(link.a, link.b)),
  );
  const strength = (link: Link) => (link.decision === 'same' ? Number.POSITIVE_INFINITY : link.bits);
  const proposed = links
    .filter((link) => proposes(link) && members.has(link.a) && members.has(link.b))
    .sort((x, y) => strength(y) - strength(x) || (pairKey(x.a, x.b) < pairKey(y.a, y.b) ? -1 : 1));
  for (const { a, b } of proposed) {
    const [one, other] = [members.get(a)!, members.get(b)!];
    if (one === other) continue;
    if (different.size > 0 && one.some((x) => other.some((y) => different.has(pairKey(x, y))))) continue;
    const joined = [...one, ...other];
    for (const account of joined) members.set(account, joined);
  }
  const persons = new Map<string, string>();
  for (const account of accounts) {
    const group = members.get(account)!;
    persons.set(account, personId([...group].sort()[0]!));
  }
  return persons;
}

function personId(firstAccount: string): string {
  return `person-${sha256Hex(firstAccount).slice(0, 12)}`;
}

function* parts<T>(items: readonly T[]): Generator<T[]> {
  for (let at = 0; at < items.length; at += insertRows) yield items.slice(at, at + insertRows);
}
