import { WaymarkError } from '../base/errors.ts';
import type { TwoPersonAct } from '../persons/decision-kinds.ts';
import { type Decision, listDecisions, standing } from '../persons/decisions.ts';
import type { Operation } from '../store/operation.ts';
import { act, type By, decisionsInForce } from './decided.ts';
import { hasUsers } from './users.ts';

/**
 * Acts that one person asks for and another approves. Each step is a decision: the request names exactly what the
 * act is done to, the answer names the request, and carrying it out uses the answer up.
 */
export interface Matter {
  readonly act: TwoPersonAct;
  /** Exactly what it is done to; the order does not count. */
  readonly what: readonly string[];
}

export interface RequestView extends Matter {
  readonly sequence: number;
  readonly author: string;
  readonly time: string;
  readonly reason: string;
  readonly answer: {
    readonly sequence: number;
    readonly value: 'approved' | 'refused';
    readonly author: string;
    readonly time: string;
    readonly reason: string;
  } | null;
  readonly used: boolean;
}

export interface Approval {
  readonly persons: 1 | 2;
  /** Number of the request; null where one person is enough. */
  readonly request: number | null;
}

/** Days after which an approval counts no more. */
export const approvalDays = 7;

const policyFor = { export: 'persons needed to export', erasure: 'persons needed to erase' } as const;

/**
 * How many persons an act needs: what the operation decided, else two where it has users, and one where a single
 * person works on a machine of their own, who has nobody to ask.
 */
export function personsNeeded(operation: Operation, act: TwoPersonAct): 1 | 2 {
  const set = decisionsInForce(operation).findLast(
    ({ kind, subject }) => kind === 'policy' && subject[0] === policyFor[act],
  );
  if (set) return set.value === '2' ? 2 : 1;
  return hasUsers(operation) ? 2 : 1;
}

/** Asks a second person for an act. Returns the number of the request. */
export function requestAct(operation: Operation, { act: value, what }: Matter, by: By): number {
  return act(operation, { kind: 'request', subject: inOrder(what), value }, by);
}

/** Throws WaymarkError 'not-found', 'usage' for a request that is answered, 'denied' to whoever asked. */
export function answerRequest(
  operation: Operation,
  sequence: number,
  value: 'approved' | 'refused',
  by: By,
): number {
  const request = listRequests(operation).find((each) => each.sequence === sequence);
  if (!request) {
    throw new WaymarkError('not-found', `there is no request ${sequence}`, {
      remedy: '"request list" shows them with their numbers.',
    });
  }
  if (request.answer) throw new WaymarkError('usage', `request ${sequence} is answered already`);
  if (request.author === operation.actor) {
    throw new WaymarkError('denied', 'nobody answers their own request', {
      remedy: 'Let another person look at it.',
    });
  }
  return act(operation, { kind: 'answer', subject: [String(sequence)], value }, by);
}

/** Requests that stand, latest first. */
export function listRequests(operation: Operation): RequestView[] {
  const decisions = standing(listDecisions(operation));
  const about = (kind: Decision['kind']) =>
    new Map(decisions.filter((each) => each.kind === kind).map((each) => [Number(each.subject[0]), each]));
  const answers = about('answer');
  const done = about('carried out');
  return decisions
    .filter(({ kind }) => kind === 'request')
    .map(({ sequence, subject, value, author, time, reason }) => {
      const answer = answers.get(sequence);
      return {
        sequence,
        act: value as TwoPersonAct,
        what: subject,
        author,
        time,
        reason,
        answer: answer
          ? {
              sequence: answer.sequence,
              value: answer.value as 'approved' | 'refused',
              author: answer.author,
              time: answer.time,
              reason: answer.reason,
            }
          : null,
        used: done.has(sequence),
      };
    })
    .reverse();
}

/**
 * That the act may be carried out by the operation's actor now. Throws WaymarkError 'denied' where two persons are
 * needed and no approval by another stands for exactly this.
 */
export function assertTwoPersons(operation: Operation, matter: Matter, now: string): Approval {
  const persons = personsNeeded(operation, matter.act);
  if (persons === 1) return { persons, request: null };
  const wanted = JSON.stringify(inOrder(matter.what));
  const same = listRequests(operation).filter(
    (each) => each.act === matter.act && JSON.stringify(inOrder(each.what)) === wanted && !each.used,
  );
  const found = same.find(
    ({ author, answer }) =>
      author === operation.actor &&
      answer !== null &&
      answer.value === 'approved' &&
      answer.author !== author &&
      isRecent(answer.time, now),
  );
  if (found) return { persons, request: found.sequence };
  throw new WaymarkError('denied', `two persons are needed for this ${matter.act}`, {
    where: matter.what.slice(0, 5).join(', '),
    remedy: remedyFor(operation, matter.act, same),
  });
}

/** Uses an approval up; with one person there is none. */
export function carriedOut(operation: Operation, { request }: Approval, by: By): void {
  if (request !== null) {
    act(operation, { kind: 'carried out', subject: [String(request)], value: 'done' }, by);
  }
}

function remedyFor(operation: Operation, name: TwoPersonAct, same: readonly RequestView[]): string {
  if (!hasUsers(operation)) {
    return `This operation has no users, so there is no second person: add users ("user add"), or decide that one person is enough ("policy set '${policyFor[name]}' 1"), which is recorded.`;
  }
  const open = same.find(({ answer }) => answer === null);
  return open
    ? `Request ${open.sequence} waits for the answer of another person.`
    : 'Request it ("request make"), and let another person approve it.';
}

function isRecent(time: string, now: string): boolean {
  return Date.parse(now) - Date.parse(time) < approvalDays * 86_400_000;
}

function inOrder(what: readonly string[]): string[] {
  return [...new Set(what)].sort();
}
