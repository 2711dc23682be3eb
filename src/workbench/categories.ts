import type { Category } from '../persons/decision-kinds.ts';
import { accountCategories, type Decision, listDecisions, standing, undoneBy } from '../persons/decisions.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { accountsOfPersons } from '../store/queries/priorities.ts';
import {
  type ActView,
  accountsOfToday,
  act,
  type Bearing,
  type By,
  bearings,
  decisionsInForce,
  policyOf,
  viewOfAct,
} from './decided.ts';

/** What humans decided of a person, and whether it still fits the person of today. */
export interface PersonStanding {
  readonly person: string;
  /** Where the accounts of a person have different ones, all of them, for a human to sort out. */
  readonly category: string;
  readonly cleared: boolean;
  /** Day from which a cleared person's records are due for erasure, by the operation's policy. */
  readonly eraseAfter: string | null;
  readonly decisions: readonly (DecisionView & { readonly held: Bearing['held'] })[];
}

export interface DecisionView extends ActView {
  readonly kind: string;
  readonly subject: readonly string[];
  readonly value: string;
  /** Further facts of the act, as JSON. */
  readonly details: string | null;
  /** Number of the decision that took it back. */
  readonly undone: number | null;
}

export function viewOfDecision(decision: Decision, undone: ReadonlyMap<number, number>): DecisionView {
  const { marking: _, ...details } = (decision.details ?? {}) as Record<string, unknown>;
  return {
    ...viewOfAct(decision),
    kind: decision.kind,
    subject: decision.subject,
    value: decision.value,
    details: Object.keys(details).length === 0 ? null : JSON.stringify(details),
    undone: undone.get(decision.sequence) ?? null,
  };
}

const ofPersons: readonly Decision['kind'][] = [
  'review',
  'category',
  'outcome',
  'fact',
  'risk assessment',
  'link',
];

/** Throws WaymarkError 'not-found'. */
export async function showStanding(
  operation: Operation,
  engine: Engine,
  person: string,
): Promise<PersonStanding> {
  const accounts = await accountsOfToday(engine, person);
  const all = listDecisions(operation);
  const undone = undoneBy(all);
  const own = new Set(accounts);
  const about = all.filter(
    ({ kind, subject }) => ofPersons.includes(kind) && subject.some((account) => own.has(account)),
  );
  const met = (await bearings(engine, about)).get(person) ?? [];
  const inForce = standing(all);
  const cleared = clearedBy(met.filter(({ decision }) => !undone.has(decision.sequence)));
  return {
    person,
    category: categoryOf(accounts, accountCategories(inForce)),
    cleared: cleared !== null,
    eraseAfter: cleared && eraseAfter(cleared, inForce),
    decisions: met.map(({ decision, held }) => ({ ...viewOfDecision(decision, undone), held })),
  };
}

/** Puts all accounts of a person into a category. Counts from the next build on. Throws WaymarkError. */
export async function classify(
  operation: Operation,
  engine: Engine,
  person: string,
  category: Category,
): Promise<(by: By) => number> {
  const subject = await accountsOfToday(engine, person);
  return (by) => act(operation, { kind: 'category', subject, value: category, details: { person } }, by);
}

/** The category of a person with these accounts; everyone starts as an unclassified contact. */
export function categoryOf(accounts: readonly string[], categories: ReadonlyMap<string, Category>): string {
  const found = [
    ...new Set(accounts.map((account) => categories.get(account)).filter((each) => each !== undefined)),
  ];
  return found.length === 0 ? 'unclassified contact' : found.sort().join(' and ');
}

/** The review by which a person is cleared: the last one, if it covers all of the person's accounts. */
export function clearedBy(met: readonly Bearing[]): Decision | null {
  const last = met.findLast(({ decision }) => decision.kind === 'review');
  return last && last.held !== 'grown' && last.decision.value === 'cleared' ? last.decision : null;
}

/** The day from which a cleared person's records are due for erasure. */
export function eraseAfter(cleared: Decision, decisions: readonly Decision[]): string {
  const days = policyOf(decisions, 'days until a cleared person is due for erasure');
  return new Date(Date.parse(cleared.time) + days * 86_400_000).toISOString().slice(0, 10);
}

export interface ClearedPerson {
  readonly person: string;
  readonly accounts: readonly string[];
  readonly since: string;
  readonly eraseAfter: string;
  readonly decision: number;
}

/** Cleared persons, those due for erasure first. */
export async function listCleared(operation: Operation, engine: Engine): Promise<ClearedPerson[]> {
  const decisions = decisionsInForce(operation);
  const reviews = decisions.filter(({ kind }) => kind === 'review');
  const found: ClearedPerson[] = [];
  const persons = await clearedPersons(engine, reviews);
  const members = new Map<string, string[]>();
  for (const { person, account } of await engine.rows<{ person: string; account: string }>(
    accountsOfPersons,
    {
      persons: [...persons.keys()].sort(),
    },
  ))
    members.set(person, [...(members.get(person) ?? []), account]);
  for (const [person, decision] of persons) {
    found.push({
      person,
      accounts: members.get(person) ?? [],
      since: decision.time,
      eraseAfter: eraseAfter(decision, decisions),
      decision: decision.sequence,
    });
  }
  return found.sort((x, y) =>
    x.eraseAfter < y.eraseAfter ? -1 : x.eraseAfter > y.eraseAfter ? 1 : x.person < y.person ? -1 : 1,
  );
}

/** Persons of today who are cleared, with the review that says so. */
export async function clearedPersons(
  engine: Engine,
  decisions: readonly Decision[],
): Promise<Map<string, Decision>> {
  const reviews = decisions.filter(({ kind }) => kind === 'review');
  const found = new Map<string, Decision>();
  for (const [person, met] of await bearings(engine, reviews)) {
    const cleared = clearedBy(met);
    if (cleared) found.set(person, cleared);
  }
  return found;
}
