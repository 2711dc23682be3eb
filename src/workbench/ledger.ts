import { WaymarkError } from '../base/errors.ts';
import { type CheckResult, check } from '../ledger/check.ts';
import type { Operation } from '../store/operation.ts';
import { keptCheckpoints, readVouchers, type Vouchers } from './witnesses.ts';

/** Whether the ledger is whole, and who else has seen it. */
export interface LedgerCheck extends CheckResult {
  /** Who cosigned what size and when, and which sizes are time stamped. */
  readonly vouchers: Vouchers;
}

/**
 * Recomputes the whole ledger and compares it with its signed checkpoint, with the latest checkpoint that the
 * state has seen, and with any that witnesses cosigned or that are kept elsewhere. What an interrupted append left is put right first; where that
 * is not possible (a ledger that was changed, a read-only copy), it is checked as it lies.
 */
export async function checkLedger(operation: Operation, kept: readonly string[] = []): Promise<LedgerCheck> {
  const { folder, vkey } = operation.ledgerIdentity();
  const asItLies = async () => {
    const witness = [...operation.checkpoints(), ...keptCheckpoints(operation), ...kept];
    const result = await check(folder, vkey, { witness });
    const vouchers = await vouchersOf(operation);
    return { ...result, ok: result.ok && vouchers.problems.length === 0, vouchers };
  };
  try {
    return await operation.exclusively(asItLies);
  } catch (error) {
    if (error instanceof WaymarkError && error.code !== 'busy') return asItLies();
    throw error;
  }
}

/** A ledger too damaged to be read has nothing that vouches for it. */
async function vouchersOf(operation: Operation): Promise<Vouchers> {
  try {
    return await readVouchers(operation);
  } catch {
    return { cosigned: [], stamped: [], requested: [], problems: [] };
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
