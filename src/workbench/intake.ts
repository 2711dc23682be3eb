import type { OnProgress } from '../base/progress.ts';
import { type Exhibit, exhibitsToRead, filesOf, saveReading } from '../intake/exhibits.ts';
import { readExhibit, Sandboxes } from '../intake/read-exhibit.ts';
import { type Custody, receiveExhibits } from '../intake/receive.ts';
import type { Refused } from '../intake/walk.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Operation } from '../store/operation.ts';

/** Takes in and reads everything under a path. Returns what was refused at the door. */
export async function addExhibits(
  operation: Operation,
  start: string,
  custody: Custody,
  onProgress: OnProgress,
): Promise<Refused[]> {
  return operation.exclusively(async () => {
    const refused = await receiveExhibits(operation, start, custody, onProgress);
    await readPending(operation, onProgress);
    return refused;
  });
}

/** Reads the exhibits that still have to be read, each recorded as soon as it is done. */
export async function readPending(operation: Operation, onProgress: OnProgress): Promise<void> {
  const pending = exhibitsToRead(operation);
  const sandboxes = new Sandboxes();
  try {
    for (const [index, exhibit] of pending.entries()) {
      await readOne(operation, exhibit, onProgress, (descriptors) =>
        sandboxes.take(descriptors, index + 1 < pending.length),
      );
    }
  } finally {
    sandboxes.close();
  }
}

async function readOne(
  operation: Operation,
  exhibit: Exhibit,
  onProgress: OnProgress,
  takeSandbox: (descriptors: readonly number[]) => Sandbox,
): Promise<void> {
  const stage = `reading ${exhibit.paths[0] ?? exhibit.id}`;
  const files = filesOf(operation, exhibit);
  let done = 0;
  const onBytes = (bytes: number) => {
    done += bytes;
    onProgress({ stage, done, total: null });
  };
  onProgress({ stage, done, total: null });
  const reading = await readExhibit(
    operation.folder,
    operation.vault,
    exhibit.id,
    files,
    onBytes,
    takeSandbox,
  );
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
