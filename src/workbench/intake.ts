import type { OnProgress } from '../base/progress.ts';
import { exhibitsToRead, filesOf, saveReading } from '../intake/exhibits.ts';
import { readExhibit } from '../intake/read-exhibit.ts';
import { type Custody, receiveExhibits } from '../intake/receive.ts';
import type { Refused } from '../intake/walk.ts';
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
  for (const exhibit of exhibitsToRead(operation)) {
    const stage = `reading ${exhibit.paths[0] ?? exhibit.id}`;
    let done = 0;
    const onBytes = (bytes: number) => {
      done += bytes;
      onProgress({ stage, done, total: null });
    };
    onProgress({ stage, done, total: null });
    const { lake, ...summary } = await readExhibit(
      operation.folder,
      operation.vault,
      exhibit.id,
      filesOf(operation, exhibit),
      onBytes,
    );
    const records = Object.entries(summary.counts).map(
      ([table, count]) => [`records.${table}`, count] as const,
    );
    operation.record(
      {
        action: 'exhibit.read',
        objects: [exhibit.id],
        facts: {
          ...Object.fromEntries(records),
          warnings: summary.warnings,
          unread: summary.outcomes.filter((file) => file.unread !== null).length,
        },
      },
      () => saveReading(operation, exhibit.id, lake, summary),
    );
  }
}
