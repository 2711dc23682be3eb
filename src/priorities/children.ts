import { sha256Hex } from '../base/hash.ts';
import type { Decision } from '../persons/decisions.ts';
import { roleOf, roles } from '../persons/roles.ts';
import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/children.ts';
import { officerFacts } from '../store/queries/files.ts';

/**
 * A place that puts a child on the safeguarding list: a case number, and an account that is named with it, its
 * own or that of somebody linked. Nothing here describes a child, and nothing here ranks an adult.
 */
interface ChildSource {
  readonly caseNumber: string;
  readonly account: string;
  /** The account is stated to be the child's own. */
  readonly own: boolean;
  readonly basis: string;
  readonly text: string;
  readonly pointer: string;
}

/**
 * Gathers who is at risk from exhibits and officers' facts: the fact 'child case', and accounts that a provider
 * or an officer names as a victim's. Makes the tables `child_source` and `completeness`; `decisions` are those
 * that stand. Returns the number of children.
 */
export async function listChildrenAtRisk(engine: Engine, decisions: readonly Decision[]): Promise<number> {
  await engine.run(sql.createChildSources);
  const sources = [
    ...(await inFacts(engine)),
    ...decisions.flatMap((decision) => inDecision(decision)),
    ...(await inReports(engine)),
  ];
  if (sources.length > 0) {
    await engine.run(sql.insertChildSources, {
      case_number: sources.map((source) => source.caseNumber),
      account: sources.map((source) => source.account),
      own: sources.map((source) => String(source.own)),
      basis: sources.map((source) => source.basis),
      text: sources.map((source) => source.text),
      pointer: sources.map((source) => source.pointer),
    });
  }
  await engine.run(sql.makeCompleteness);
  return new Set(sources.map((source) => source.caseNumber)).size;
}

/** A case number in its one spelling: letter case and spacing tell no two children apart. */
export function caseNumberOf(text: string): string {
  return text.normalize('NFKC').trim().replace(/\s+/g, ' ').toUpperCase();
}

/** The number of a child who has none yet: opaque, the same for the same account. */
export function victimCase(account: string): string {
  return `V-${sha256Hex(account).slice(0, 10).toUpperCase()}`;
}

async function inFacts(engine: Engine): Promise<ChildSource[]> {
  const found: ChildSource[] = [];
  for (const { account, fact, text, pointer } of await engine.rows<{
    account: string;
    fact: string;
    text: string | null;
    pointer: string;
  }>(officerFacts)) {
    found.push(...fromFact(account, fact, text ?? '', pointer, `an officer entered "${fact}"`));
  }
  return found;
}

function inDecision(decision: Decision): ChildSource[] {
  const pointer = `decision ${decision.sequence}`;
  const by = `entered by ${decision.author}`;
  if (decision.kind === 'fact')
    return fromFact(decision.subject[0]!, decision.value, decision.reason, pointer, by);
  if (decision.kind !== 'category' || decision.value !== 'victim') return [];
  return decision.subject.map((account) => ({
    caseNumber: victimCase(decision.subject[0]!),
    account,
    own: true,
    basis: 'category victim',
    text: by,
    pointer,
  }));
}

function fromFact(account: string, fact: string, text: string, pointer: string, said: string): ChildSource[] {
  const reference = text.split(';')[0]!.trim();
  if (/^child case\b/.test(fact)) {
    // Without a number the child is listed all the same, under the place where the fact stands.
    const caseNumber =
      reference === '' ? `C-${sha256Hex(pointer).slice(0, 10).toUpperCase()}` : caseNumberOf(reference);
    return [{ caseNumber, account, own: false, basis: 'officer fact', text: said, pointer }];
  }
  if (roleOf(fact) !== roles.victim) return [];
  return [
    { caseNumber: victimCase(account), account, own: true, basis: 'officer fact', text: said, pointer },
  ];
}

async function inReports(engine: Engine): Promise<ChildSource[]> {
  const found: ChildSource[] = [];
  for (const { account, pointer } of await engine.rows<{ account: string; pointer: string }>(
    sql.victimsInReports,
  )) {
    const text = "a provider's report names this account as a victim's";
    found.push({
      caseNumber: victimCase(account),
      account,
      own: true,
      basis: 'provider report',
      text,
      pointer,
    });
  }
  for (const { account, reported, pointer } of await engine.rows<{
    account: string;
    reported: string;
    pointer: string;
  }>(sql.reportedBesideVictims)) {
    const text = 'the same report is about this account';
    found.push({
      caseNumber: victimCase(account),
      account: reported,
      own: false,
      basis: 'provider report',
      text,
      pointer,
    });
  }
  return found;
}
