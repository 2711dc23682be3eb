import type { OnProgress } from '../base/progress.ts';
import type { Custody } from '../intake/receive.ts';
import type { Refused } from '../intake/walk.ts';
import type { Operation } from '../store/operation.ts';
import { build, type Generation, openGeneration } from './build.ts';
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
  /** `queue`: from the beginning of the build until the queue stood; `build`: until all was derived. */
  readonly seconds: { readonly intake: number; readonly queue: number; readonly build: number };
}

/** What there is when the queue stands and the rest is still to be derived. */
export type QueueStands = Omit<RunResult, 'seconds'>;

/**
 * Takes in and reads everything under a path, builds a generation, and returns the queue. `onQueue` is given it as
 * soon as it stands.
 */
export async function run(
  operation: Operation,
  start: string,
  custody: Custody,
  onProgress: OnProgress,
  onQueue: (stands: QueueStands) => void = () => {},
): Promise<RunResult> {
  const began = performance.now();
  const { refused } = await addExhibits(operation, start, custody, onProgress);
  const read = performance.now();
  let result: QueueStands | undefined;
  let inForce = read;
  await build(operation, onProgress, async (generation) => {
    inForce = performance.now();
    result = await queueOf(operation, generation, refused);
    onQueue(result);
  });
  const built = performance.now();
  return {
    ...result!,
    seconds: { intake: seconds(read - began), queue: seconds(inForce - read), build: seconds(built - read) },
  };
}

async function queueOf(
  operation: Operation,
  { id, summary }: Generation,
  refused: readonly Refused[],
): Promise<QueueStands> {
  const engine = await openGeneration(operation);
  try {
    const { exhibits, unread } = await intakeView(operation, engine, refused);
    return {
      operation: operation.folder,
      generation: id,
      exhibits,
      unread,
      accounts: summary.accounts,
      persons: summary.persons,
      contacts: summary.contacts,
      queue: await readQueue(engine),
    };
  } finally {
    engine.close();
  }
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}
