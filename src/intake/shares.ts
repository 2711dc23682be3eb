import { limits } from '../base/limits.ts';
import type { Slots } from '../base/slots.ts';
import type { LakeFile, Load } from '../evidence/load.ts';
import type { Tally } from '../evidence/records.ts';
import type { TableName } from '../evidence/tables.ts';
import type { FileOutcome } from './read-child.ts';
import type { ExhibitFile } from './read-exhibit.ts';
import type { Span } from './unpack.ts';

/** Everything that reading an exhibit gave: what to record, and what was left unread and why. */
export interface Reading {
  readonly lake: LakeFile[];
  readonly outcomes: FileOutcome[];
  readonly counts: Partial<Record<TableName, number>>;
  readonly tallies: Tally[];
  readonly warnings: number;
}

export interface Totals {
  readonly counts: Partial<Record<TableName, number>>;
  readonly tallies: Tally[];
  readonly warnings: number;
}

/** What came of reading files once: all of them, or the one on which the sandbox ended. */
export type Attempt =
  | { readonly reading: { totals: Totals; outcomes: FileOutcome[] } }
  | { readonly failed: ExhibitFile; readonly reason: string };

/** Spans of one size that make up a file: the largest power of two that leaves each so many bytes. */
export function sharesOf(bytes: number, shareBytes: number): Span[] {
  const most = Math.min(limits.maxShares, Math.max(1, Math.floor(bytes / shareBytes)));
  const shares = 2 ** Math.floor(Math.log2(most));
  const edge = (index: number) => Math.floor((bytes / shares) * index);
  return Array.from({ length: shares }, (_, index) => ({ from: edge(index), to: edge(index + 1) }));
}

/**
 * Reads the shares of a file, each into its load, and adds up what they gave; null, with nothing left of it, where one of
 * them could not be read to its end: the file is then read as a whole.
 */
export async function readShares(
  loads: readonly Load[],
  slots: Slots,
  read: (load: Load, index: number) => Promise<Attempt>,
): Promise<Reading | null> {
  let isStopped = false;
  const readOne = async (load: Load, index: number) => {
    // Those that have not begun need not, once one of them was not read.
    if (isStopped) return null;
    try {
      const attempt = await read(load, index);
      if ('reading' in attempt && attempt.reading.outcomes.every(({ unread }) => unread === null)) {
        return attempt.reading;
      }
    } catch (error) {
      isStopped = true;
      throw error;
    }
    isStopped = true;
    return null;
  };
  const attempts = await Promise.allSettled(
    loads.map((load, index) => slots.use(() => readOne(load, index))),
  );
  const failed = attempts.find((attempt) => attempt.status === 'rejected');
  const readings = attempts.map((attempt) => (attempt.status === 'fulfilled' ? attempt.value : null));
  if (failed || !readings.every((reading) => reading !== null)) {
    for (const load of loads) await load.discard();
    if (failed) throw failed.reason;
    return null;
  }
  const lake = (await Promise.all(loads.map((load) => load.finish()))).flat();
  return { lake, ...sumOf(readings.map(({ totals }) => totals)), outcomes: readings[0]!.outcomes };
}

function sumOf(totals: readonly Totals[]): Totals {
  const counts: Partial<Record<TableName, number>> = {};
  const tallies = new Map<string, Tally>();
  let warnings = 0;
  for (const each of totals) {
    warnings += each.warnings;
    for (const [table, rows] of Object.entries(each.counts) as [TableName, number][]) {
      counts[table] = (counts[table] ?? 0) + rows;
    }
    for (const { unit, rows, read, skipped } of each.tallies) {
      const sum = tallies.get(unit) ?? { unit, rows: 0, read: 0, skipped: {} };
      sum.rows += rows;
      sum.read += read;
      for (const [reason, skips] of Object.entries(skipped)) {
        sum.skipped[reason] = (sum.skipped[reason] ?? 0) + skips;
      }
      tallies.set(unit, sum);
    }
  }
  return { counts, tallies: [...tallies.values()], warnings };
}
