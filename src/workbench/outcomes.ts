import type { OutcomeKind } from '../persons/decision-kinds.ts';
import { detailsOf } from '../persons/decisions.ts';
import { caseNumberOf } from '../priorities/children.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { accountsOfToday, act, type By, bearings, decisionsInForce } from './decided.ts';

/** An arrest, charge, conviction, referral or a child safeguarded, as a human recorded it. */
export interface Outcome {
  readonly sequence: number;
  readonly kind: OutcomeKind;
  readonly country: string;
  readonly agency: string;
  readonly date: string;
  readonly case: string | null;
  /** The persons of today whose accounts it is about. */
  readonly persons: readonly string[];
  readonly accounts: readonly string[];
  readonly reason: string;
  readonly author: string;
  readonly time: string;
}

export interface NewOutcome {
  readonly kind: OutcomeKind;
  /** ISO 3166-1, two capital letters. */
  readonly country: string;
  readonly agency: string;
  /** Day on which it happened, ISO 8601. */
  readonly date: string;
  /** Case number of the child; needed for a child safeguarded. */
  readonly case?: string | undefined;
}

/** Outcomes that stand, in the order in which they were recorded. */
export async function listOutcomes(operation: Operation, engine: Engine): Promise<Outcome[]> {
  const decisions = decisionsInForce(operation).filter(({ kind }) => kind === 'outcome');
  const persons = new Map<number, string[]>();
  for (const [person, met] of await bearings(engine, decisions))
    for (const { decision } of met)
      persons.set(decision.sequence, [...(persons.get(decision.sequence) ?? []), person]);
  return decisions.map((decision) => {
    const { sequence, value, subject, reason, author, time } = decision;
    const { country, agency, date, case: caseNumber } = detailsOf('outcome', decision);
    return {
      sequence,
      kind: value as OutcomeKind,
      country,
      agency,
      date,
      case: caseNumber ?? null,
      persons: (persons.get(sequence) ?? []).sort(),
      accounts: subject,
      reason,
      author,
      time,
    };
  });
}

/** Records an outcome of a person of today; "undo" takes it back. Throws WaymarkError 'not-found', 'usage'. */
export async function recordOutcome(
  operation: Operation,
  engine: Engine,
  person: string,
  outcome: NewOutcome,
): Promise<(by: By) => number> {
  const subject = await accountsOfToday(engine, person);
  const { kind, country, agency, date } = outcome;
  const details = {
    person,
    country,
    agency,
    date,
    ...(outcome.case !== undefined && { case: caseNumberOf(outcome.case) }),
  };
  return (by) => act(operation, { kind: 'outcome', subject, value: kind, details }, by);
}
