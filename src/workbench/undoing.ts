import type { Action } from '../access/can.ts';
import type { DecisionKind } from '../persons/decision-kinds.ts';
import { type Decision, listDecisions } from '../persons/decisions.ts';
import type { Operation } from '../store/operation.ts';

/** Who may make a decision may take it back: undoing is no way around a permission. */
export const actionOfKind: Readonly<Record<DecisionKind, Action>> = {
  link: 'decision.record',
  fact: 'decision.record',
  'risk assessment': 'decision.record',
  grade: 'decision.record',
  note: 'decision.record',
  review: 'person.decide',
  category: 'person.decide',
  outcome: 'person.decide',
  child: 'child.decide',
  'child state': 'child.decide',
  'child urgency': 'child.decide',
  'child owner': 'child.decide',
  rules: 'rules.adopt',
  policy: 'policy.set',
  authority: 'authority.withdraw',
  request: 'request.make',
  answer: 'request.answer',
  export: 'policy.set',
  'carried out': 'policy.set',
  undo: 'decision.record',
};

/**
 * The decision that is at stake when one is taken back: taking back a taking back makes the first one stand again.
 * Null where there is none of that number.
 */
export function decisionBehind(operation: Operation, sequence: number): Decision | null {
  const all = new Map(listDecisions(operation).map((decision) => [decision.sequence, decision]));
  let made = all.get(sequence);
  while (made?.kind === 'undo') made = all.get(Number(made.subject[0]));
  return made ?? null;
}
