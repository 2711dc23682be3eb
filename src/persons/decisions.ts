import { WaymarkError } from '../base/errors.ts';
import { canonicalJson } from '../base/json.ts';
import type { Operation } from '../store/operation.ts';
import { type Category, checkDecision, type DecisionKind, type DetailsOf } from './decision-kinds.ts';

/**
 * What a human decided: the one store of human acts. Append-only: a later decision on the same subject stands
 * in place of the earlier, and `undo` takes one back; all stay on record.
 */
export interface Decision {
  readonly sequence: number;
  readonly kind: DecisionKind;
  /** What it is about: accounts, a case number, ... as `decision-kinds.ts` says for each kind. */
  readonly subject: readonly string[];
  readonly value: string;
  readonly reason: string;
  readonly author: string;
  readonly time: string;
  /** Further facts of the act, by kind. */
  readonly details?: Readonly<Record<string, unknown>> | null;
}

interface DecisionRow extends Omit<Decision, 'subject' | 'details'> {
  readonly subject: string;
  readonly details: string | null;
}

/** Every decision ever made, in order. For what holds now, see `standing`. */
export function listDecisions(operation: Operation): Decision[] {
  return operation.state
    .all<DecisionRow>(
      'select sequence, kind, subject, value, reason, author, time, details from decision order by sequence',
    )
    .map((row) => ({
      ...row,
      subject: JSON.parse(row.subject) as string[],
      details: row.details === null ? null : (JSON.parse(row.details) as Record<string, unknown>),
    }));
}

/**
 * Records a decision and returns its number. Throws WaymarkError 'usage' without a reason, or where kind,
 * subject, value or details are not as they must be.
 */
export function decide(operation: Operation, decision: Omit<Decision, 'sequence'>): number {
  if (decision.reason.trim() === '') {
    throw new WaymarkError('usage', 'a decision needs a reason', {
      remedy: 'Say in a sentence why: it is what a court will read.',
    });
  }
  const { kind, reason, author, time } = decision;
  const checked = checkDecision(kind, decision.subject, decision.value, decision.details ?? {});
  const subject = JSON.stringify(checked.subject);
  const details = checked.details === null ? null : canonicalJson(checked.details);
  const action = `decision.${kind.replaceAll(' ', '-')}`;
  const what = canonicalJson({ value: checked.value, details: checked.details });
  const note = { reason, about: checked.subject, what };
  const { sequence } = operation.state.one<{ sequence: number }>(
    'select coalesce(max(sequence), 0) + 1 as sequence from decision',
  )!;
  operation.record({ action, objects: [], facts: { decision: sequence }, note }, () => {
    operation.state.run(
      'insert into decision (sequence, kind, subject, value, reason, author, time, details) values ($sequence, $kind, $subject, $value, $reason, $author, $time, $details)',
      { sequence, kind, subject, value: checked.value, reason, author, time, details },
    );
  });
  return sequence;
}

/**
 * Records that a decision is taken back. Throws WaymarkError 'not-found', or 'usage' for one that is taken back
 * already.
 */
export function undo(
  operation: Operation,
  sequence: number,
  by: Pick<Decision, 'reason' | 'author' | 'time'>,
): number {
  const all = listDecisions(operation);
  if (!all.some((decision) => decision.sequence === sequence)) {
    throw new WaymarkError('not-found', `there is no decision ${sequence}`, {
      remedy: '"decisions" lists them with their numbers.',
    });
  }
  if (undoneBy(all).has(sequence)) {
    throw new WaymarkError('usage', `decision ${sequence} is taken back already`);
  }
  return decide(operation, { kind: 'undo', subject: [String(sequence)], value: 'undone', ...by });
}

/** For each decision that was taken back, the decision that did so. An `undo` can itself be taken back. */
export function undoneBy(decisions: readonly Decision[]): Map<number, number> {
  const undone = new Map<number, number>();
  for (const decision of [...decisions].reverse()) {
    if (decision.kind === 'undo' && !undone.has(decision.sequence))
      undone.set(Number(decision.subject[0]), decision.sequence);
  }
  return undone;
}

/** The decisions that were not taken back, in order, without the acts of taking back. */
export function standing(decisions: readonly Decision[]): Decision[] {
  const undone = undoneBy(decisions);
  return decisions.filter(({ kind, sequence }) => kind !== 'undo' && !undone.has(sequence));
}

/** The details of a decision of a known kind, as they were checked when it was recorded. */
export function detailsOf<K extends DecisionKind>(kind: K, decision: Decision): DetailsOf<K> {
  if (decision.kind !== kind) throw new TypeError(`decision ${decision.sequence} is no ${kind}`);
  return (decision.details ?? {}) as DetailsOf<K>;
}

/** The decision in force for each pair: the last one on it; none where the last one takes back what stood. */
export function linkDecisions(decisions: readonly Decision[]): Map<string, Decision> {
  const inForce = new Map<string, Decision>();
  for (const decision of decisions) {
    if (decision.kind !== 'link') continue;
    const key = pairKey(decision.subject[0]!, decision.subject[1]!);
    if (decision.value === undone) inForce.delete(key);
    else inForce.set(key, decision);
  }
  return inForce;
}

/** Value of a decision that takes back what was decided of a pair: nothing is in force then, as before. */
export const undone = 'undone';

/** The link decisions that still stand, in order of their subjects: what linking depends on, and all of it. */
export function standingDecisions(
  decisions: readonly Decision[],
): { subject: readonly string[]; value: string }[] {
  const inForce = linkDecisions(decisions);
  return [...inForce.keys()]
    .sort()
    .map((key) => ({ subject: key.split('\n'), value: inForce.get(key)!.value }));
}

export function pairKey(a: string, b: string): string {
  return a < b ? `${a}\n${b}` : `${b}\n${a}`;
}

/** The category in force for each account that a human classified: the last decision on it. */
export function accountCategories(decisions: readonly Decision[]): Map<string, Category> {
  const inForce = new Map<string, Category>();
  for (const decision of decisions) {
    if (decision.kind !== 'category') continue;
    for (const account of decision.subject) inForce.set(account, decision.value as Category);
  }
  return inForce;
}
