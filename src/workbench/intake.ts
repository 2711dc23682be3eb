import * as os from 'node:os';
import type { OnProgress } from '../base/progress.ts';
import { Slots } from '../base/slots.ts';
import { type Exhibit, exhibitsToRead, filesOf, saveReading } from '../intake/exhibits.ts';
import { readExhibit } from '../intake/read-exhibit.ts';
import { type Custody, type Received, receiveExhibits } from '../intake/receive.ts';
import type { Operation } from '../store/operation.ts';
import { assertCustodyOpen, whyExhibitClosed } from './scope.ts';

/**
 * Exhibits, or shares of a large one, read at once: one more than there are processors, for one always waits for its sandbox to start or for the
 * disk. This process checks and stores what all of them send; with more than four it would hold them back.
 */
const lanes = Math.min(os.availableParallelism() + 1, 4);

/** Takes in and reads everything under a path. Returns what became of each exhibit, and what was refused. */
export async function addExhibits(
  operation: Operation,
  start: string,
  custody: Custody,
  onProgress: OnProgress,
): Promise<Received> {
  assertCustodyOpen(operation, custody.authority, operation.time());
  return operation.exclusively(async () => {
    const received = await receiveExhibits(operation, start, custody, onProgress);
    await readPending(operation, onProgress);
    return received;
  });
}

/**
 * Reads the exhibits that still have to be read, the largest first and several at once, each recorded as soon as
 * it is done. Those whose authority does not stand now stay unread.
 */
export async function readPending(operation: Operation, onProgress: OnProgress): Promise<void> {
  const now = operation.time();
  const pending = exhibitsToRead(operation)
    .filter((exhibit) => whyExhibitClosed(operation, exhibit, now) === null)
    .sort((a, b) => b.bytes - a.bytes || (a.id < b.id ? -1 : 1));
  const total = pending.reduce((sum, exhibit) => sum + exhibit.bytes, 0);
  let done = 0;
  const queue = pending.values();
  const slots = new Slots(lanes);
  let isStopped = false;
  const lane = async () => {
    for (const exhibit of queue) {
      if (isStopped) return;
      const name = exhibit.paths[0] ?? exhibit.id;
      let read = 0;
      const onBytes = (bytes: number) => {
        // Some bytes are read twice: to tell the format, or by an archive's index.
        const counted = Math.min(bytes, exhibit.bytes - read);
        read += counted;
        done += counted;
        onProgress({ stage: 'reading', done, total, what: name });
      };
      onBytes(0);
      await readOne(operation, exhibit, onBytes, slots).catch((error: unknown) => {
        isStopped = true;
        throw error;
      });
      onBytes(exhibit.bytes);
    }
  };
  // A lane that fails stops handing out; the others end what they are at, so that nothing is left half recorded.
  const results = await Promise.allSettled(Array.from({ length: lanes }, lane));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function readOne(
  operation: Operation,
  exhibit: Exhibit,
  onBytes: (bytes: number) => void,
  slots: Slots,
): Promise<void> {
  const files = filesOf(operation, exhibit);
  const reading = await readExhibit(operation.folder, operation.vault, exhibit.id, files, onBytes, { slots });
  const { lake, ...summary } = reading;
  const facts: Record<string, number> = {
    warnings: summary.warnings,
    unread: summary.outcomes.filter((file) => file.unread !== null).length,
  };
  for (const [table, count] of Object.entries(summary.counts)) facts[`records.${table}`] = count;
  operation.record({ action: 'exhibit.read', objects: [exhibit.id], facts }, () =>
    saveReading(operation, exhibit.id, lake, summary),
  );
}
