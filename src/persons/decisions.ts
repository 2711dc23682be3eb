import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import type { Operation } from '../store/operation.ts';

/** What a human decided. Append-only: a later decision on the same subject stands in place of the earlier. */
export interface Decision {
  readonly sequence: number;
  /** `link`: subject is two accounts, value same | different | unsure. `fact`: subject is an account, value the fact. */
  readonly kind: 'link' | 'fact';
  readonly subject: readonly string[];
  readonly value: string;
  readonly reason: string;
  readonly author: string;
  readonly time: string;
}

interface DecisionRow extends Omit<Decision, 'subject'> {
  readonly subject: string;
}

export function listDecisions(operation: Operation): Decision[] {
  return operation.state
    .all<DecisionRow>(
      'select sequence, kind, subject, value, reason, author, time from decision order by sequence',
    )
    .map((row) => ({ ...row, subject: JSON.parse(row.subject) as string[] }));
}

/** Records a decision. Throws WaymarkError 'usage' without a reason. */
export function decide(operation: Operation, decision: Omit<Decision, 'sequence'>): void {
  if (decision.reason.trim() === '') {
    throw new WaymarkError('usage', 'a decision needs a reason', {
      remedy: 'Say in a sentence why: it is what a court will read.',
    });
  }
  const subject = JSON.stringify(decision.kind === 'link' ? [...decision.subject].sort() : decision.subject);
  const digest = sha256Hex(JSON.stringify([decision.kind, subject, decision.value, decision.reason]));
  operation.record({ action: `decision.${decision.kind}`, objects: [], facts: { digest } }, () => {
    operation.state.run(
      'insert into decision (kind, subject, value, reason, author, time) values ($kind, $subject, $value, $reason, $author, $time)',
      { ...decision, subject },
    );
  });
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
