import { WaymarkError } from '../base/errors.ts';
import { type CheckResult, check } from '../ledger/check.ts';
import type { Operation } from '../store/operation.ts';

/**
 * Recomputes the whole ledger and compares it with its signed checkpoint, with the latest checkpoint that the
 * state has seen, and with any kept elsewhere. What an interrupted append left is put right first; where that
 * is not possible (a ledger that was changed, a read-only copy), it is checked as it lies.
 */
export async function checkLedger(operation: Operation, kept: readonly string[] = []): Promise<CheckResult> {
  const { folder, vkey } = operation.ledgerIdentity();
  const asItLies = () => check(folder, vkey, { witness: [...operation.checkpoints(), ...kept] });
  try {
    return await operation.exclusively(asItLies);
  } catch (error) {
    if (error instanceof WaymarkError && error.code !== 'busy') return asItLies();
    throw error;
  }
}

export interface ActView {
  readonly index: number;
  readonly time: string;
  readonly actor: string;
  readonly action: string;
  readonly objects: readonly string[];
  readonly facts: Readonly<Record<string, string | number>>;
}

/** The latest acts, newest first. */
export function listActs(operation: Operation, limit: number): ActView[] {
  const ledger = operation.readLedger();
  const acts: ActView[] = [];
  for (const { index, entry } of ledger.entries(Math.max(0, ledger.size - limit), ledger.size)) {
    acts.push({
      index,
      time: entry.time,
      actor: entry.actor,
      action: entry.action,
      objects: entry.objects,
      facts: entry.facts,
    });
  }
  return acts.reverse();
}
