import type { Marking } from '../access/grading.ts';
import { WaymarkError } from '../base/errors.ts';
import { listExhibits } from '../intake/exhibits.ts';
import type { gradedThings, PolicyName } from '../persons/decision-kinds.ts';
import { listDecisions as allDecisions, detailsOf, undo, undoneBy } from '../persons/decisions.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { accountExists } from '../store/queries/views.ts';
import { type DecisionView, viewOfDecision } from './categories.ts';
import { act, type By, decisionsInForce, type MarkingView, viewOfAct, viewOfMarking } from './decided.ts';

export interface DecisionsView {
  readonly decisions: readonly DecisionView[];
  readonly total: number;
  readonly more: boolean;
}

/** What humans decided, latest first; `kind` '' for all. */
export function listDecisions(
  operation: Operation,
  kind: string,
  limit: number,
  offset: number,
): DecisionsView {
  const all = allDecisions(operation);
  const undone = undoneBy(all);
  const shown = all.filter((decision) => kind === '' || decision.kind === kind).reverse();
  const decisions = shown.slice(offset, offset + limit).map((decision) => viewOfDecision(decision, undone));
  return { decisions, total: shown.length, more: offset + decisions.length < shown.length };
}

/** Takes a decision back; both stay on record. Throws WaymarkError 'not-found', 'usage'. */
export function undoDecision(operation: Operation, sequence: number, by: By): number {
  return undo(operation, sequence, { reason: by.reason, time: by.time, author: operation.actor });
}

/** Throws WaymarkError 'not-found' for an account that the generation does not know. */
export async function assertKnown(engine: Engine, accounts: readonly string[]): Promise<void> {
  for (const account of accounts) {
    if ((await engine.rows(accountExists, { account })).length > 0) continue;
    throw new WaymarkError('not-found', `there is no account "${account}"`, {
      remedy: 'Accounts are written service/native id, as "persons" shows them.',
    });
  }
}

/** A fact that an officer answers for. Counts from the next build on. */
export function recordFact(operation: Operation, account: string, fact: string, by: By): number {
  const value = fact.trim().toLowerCase().replace(/\s+/g, ' ');
  return act(operation, { kind: 'fact', subject: [account], value }, by);
}

/** The result of an accredited tool that somebody ran. It is stored and shown; nothing is computed. */
export interface RiskAssessment {
  readonly account: string;
  readonly tool: string;
  readonly version: string;
  readonly result: string;
  readonly assessor: string;
}

export function recordRisk(
  operation: Operation,
  { account, result, tool, version, assessor }: RiskAssessment,
  by: By,
): number {
  const details = { tool, version, assessor };
  return act(operation, { kind: 'risk assessment', subject: [account], value: result, details }, by);
}

export function decideLink(operation: Operation, a: string, b: string, verdict: string, by: By): number {
  return act(operation, { kind: 'link', subject: [a, b], value: verdict }, by);
}

/**
 * Grades an exhibit, a record (by its pointer) or a decision (by its number). Throws WaymarkError 'not-found' for
 * a thing that is not there, 'usage' for what no scheme knows.
 */
export function grade(operation: Operation, what: (typeof gradedThings)[number], id: string, by: By): number {
  const exhibit = what === 'exhibit' ? id : (/^([0-9a-f]{16})/.exec(id)?.[1] ?? '');
  const known =
    what === 'decision'
      ? allDecisions(operation).some(({ sequence }) => String(sequence) === id)
      : listExhibits(operation).some((each) => each.id === exhibit);
  if (!known) {
    throw new WaymarkError('not-found', `there is no ${what} "${id}"`, {
      remedy: 'Name an exhibit by its id, a record by its source pointer, a decision by its number.',
    });
  }
  const value = [by.marking?.grade, by.marking?.tlp && `TLP:${by.marking.tlp}`]
    .filter((part) => part)
    .join(' ');
  return act(operation, { kind: 'grade', subject: [what, id], value: value || 'note' }, by);
}

/** The grade in force of each graded thing, by `<what> <id>`. */
export function gradesInForce(operation: Operation): Map<string, MarkingView> {
  const found = new Map<string, MarkingView>();
  for (const decision of decisionsInForce(operation)) {
    if (decision.kind !== 'grade') continue;
    const { marking } = detailsOf('grade', decision);
    const view = viewOfMarking(marking as Marking | undefined);
    if (view) found.set(decision.subject.join(' '), view);
  }
  return found;
}

/** Sets a figure of the operation's own policy. Throws WaymarkError 'usage'. */
export function setPolicy(operation: Operation, name: PolicyName, value: string, by: By): number {
  return act(operation, { kind: 'policy', subject: [name], value }, by);
}

/** How a reason is graded: the record itself, else the decision that it is, else the exhibit that it stands in. */
export function markingsOf(
  operation: Operation,
): (reason: { readonly pointer: string }) => MarkingView | null {
  const grades = gradesInForce(operation);
  const own = new Map(
    decisionsInForce(operation).map((decision) => [
      `decision ${decision.sequence}`,
      viewOfAct(decision).marking,
    ]),
  );
  return ({ pointer }) =>
    grades.get(pointer) ??
    grades.get(`record ${pointer}`) ??
    own.get(pointer) ??
    grades.get(`exhibit ${pointer.slice(0, 16)}`) ??
    null;
}
