import type { OnProgress } from '../base/progress.ts';
import type { Custody } from '../intake/receive.ts';
import type { Operation } from '../store/operation.ts';
import { build, openGeneration } from './build.ts';
import { addExhibits } from './intake.ts';
import { type ExhibitView, intakeView, type QueueEntry, readQueue } from './overview.ts';

/** The whole journey: what `run` prints. */
export interface RunResult {
  readonly operation: string;
  readonly generation: string;
  readonly exhibits: readonly ExhibitView[];
  readonly unread: readonly { path: string; reason: string }[];
  readonly accounts: number;
  readonly persons: number;
  readonly contacts: number;
  readonly queue: readonly QueueEntry[];
  readonly seconds: { readonly intake: number; readonly build: number };
}

/** Takes in and reads everything under a path, builds a generation, and returns the queue. */
export async function run(
  operation: Operation,
  start: string,
  custody: Custody,
  onProgress: OnProgress,
): Promise<RunResult> {
  const began = performance.now();
  const refused = await addExhibits(operation, start, custody, onProgress);
  const read = performance.now();
  const generation = await build(operation, onProgress);
  const built = performance.now();
  const engine = await openGeneration(operation);
  try {
    const { exhibits, unread } = await intakeView(operation, engine, refused);
    return {
      operation: operation.folder,
      generation: generation.id,
      exhibits,
      unread,
      accounts: generation.summary.accounts,
      persons: generation.summary.persons,
      contacts: generation.summary.contacts,
      queue: await readQueue(engine),
      seconds: { intake: seconds(read - began), build: seconds(built - read) },
    };
  } finally {
    engine.close();
  }
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}
