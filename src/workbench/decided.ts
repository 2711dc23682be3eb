import { gradeWords, type Marking, parseGrade } from '../access/grading.ts';
import { WaymarkError } from '../base/errors.ts';
import { type PolicyName, policies } from '../persons/decision-kinds.ts';
import { type Decision, decide, listDecisions, standing } from '../persons/decisions.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { accountsOfPerson, personsOfAccounts } from '../store/queries/linking.ts';
import { accountsOfPersons } from '../store/queries/priorities.ts';

/**
 * Whether the accounts that a decision is about are still one person: `whole` when they are the person of today
 * (or more than it), `grown` when the person has further accounts that nobody decided on, `split` when they are
 * several persons today.
 */
export type Held = 'whole' | 'grown' | 'split';

/** A decision as it meets one person of today. */
export interface Bearing {
  readonly decision: Decision;
  readonly held: Held;
}

/** Who decided, when and why. */
export interface ActView {
  readonly sequence: number;
  readonly author: string;
  readonly time: string;
  readonly reason: string;
  readonly marking: MarkingView | null;
}

export interface MarkingView {
  readonly grade: string | null;
  readonly grade_words: string | null;
  readonly tlp: NonNullable<Marking['tlp']> | null;
  readonly note: string | null;
}

/** The author, time and reason that a face gives with an act, and how the act is graded. */
export interface By {
  readonly reason: string;
  readonly time: string;
  readonly marking?: Marking;
}

export function viewOfAct(decision: Decision): ActView {
  const { sequence, author, time, reason } = decision;
  return {
    sequence,
    author,
    time,
    reason,
    marking: viewOfMarking(decision.details?.marking as Marking | undefined),
  };
}

export function viewOfMarking(marking: Marking | undefined): MarkingView | null {
  if (!marking) return null;
  const { grade = null, tlp = null, note = null } = marking;
  return { grade, grade_words: grade === null ? null : gradeWords(parseGrade(grade)), tlp, note };
}

/** Records an act of the operation's actor. */
export function act(
  operation: Operation,
  decision: Pick<Decision, 'kind' | 'subject' | 'value'> & { details?: Record<string, unknown> },
  by: By,
): number {
  const marked = by.marking !== undefined && Object.keys(by.marking).length > 0;
  const details = { ...decision.details, ...(marked && { marking: by.marking }) };
  return decide(operation, {
    ...decision,
    details,
    reason: by.reason,
    author: operation.actor,
    time: by.time,
  });
}

/** The decisions that stand. */
export function decisionsInForce(operation: Operation): Decision[] {
  return standing(listDecisions(operation));
}

/** The accounts of a person of today, in order. Throws WaymarkError 'not-found'. */
export async function accountsOfToday(engine: Engine, person: string): Promise<string[]> {
  const rows = await engine.rows<{ account: string }>(accountsOfPerson, { person });
  if (rows.length > 0) return rows.map(({ account }) => account);
  throw new WaymarkError('not-found', `there is no person "${person}" in this generation`, {
    remedy: 'Persons are formed anew by each build: look the person up by handle or account.',
  });
}

/** Decisions whose subject is accounts of persons, for each person of today, in order. */
export async function bearings(
  engine: Engine,
  decisions: readonly Decision[],
): Promise<Map<string, Bearing[]>> {
  const subjects = [...new Set(decisions.flatMap(({ subject }) => subject))].sort();
  if (subjects.length === 0) return new Map();
  const personOf = new Map<string, string>();
  for (const { account, person } of await engine.rows<{ account: string; person: string }>(
    personsOfAccounts,
    {
      accounts: subjects,
    },
  ))
    personOf.set(account, person);
  const members = new Map<string, string[]>();
  const persons = [...new Set(personOf.values())].sort();
  for (const { person, account } of await engine.rows<{ person: string; account: string }>(
    accountsOfPersons,
    {
      persons,
    },
  ))
    members.set(person, [...(members.get(person) ?? []), account]);
  const found = new Map<string, Bearing[]>();
  for (const decision of decisions) {
    const subject = new Set(decision.subject);
    const met = new Set(
      decision.subject.map((account) => personOf.get(account)).filter((each) => each !== undefined),
    );
    for (const person of met) {
      const covered = members.get(person)!.every((account) => subject.has(account));
      const held: Held = !covered ? 'grown' : met.size > 1 ? 'split' : 'whole';
      found.set(person, [...(found.get(person) ?? []), { decision, held }]);
    }
  }
  return found;
}

/** A figure that the operation set for itself, or what stands until it does. */
export function policyOf(decisions: readonly Decision[], name: PolicyName): number {
  const set = decisions.findLast(({ kind, subject }) => kind === 'policy' && subject[0] === name);
  return set ? Number(set.value) : policies[name].otherwise;
}
