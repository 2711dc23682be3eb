/** The process that derives parts of a generation, one after the other, each with an engine of its own. */
import { giveBackMemory } from '../base/memory.ts';
import { failureOf } from '../base/reported.ts';
import { KeptLearning } from '../persons/kept-learning.ts';
import { Operation } from '../store/operation.ts';
import { copyTable, tablesOf } from '../store/queries/generation.ts';
import { viewOfFile } from '../store/queries/network.ts';
import type { DeriveReport, DeriveTask } from './deriver.ts';
import { parts } from './parts.ts';
import { openRecordFiles } from './records.ts';

const [folder, actor, sources] = process.argv.slice(2) as [string, string, string];
const operation = Operation.openExisting(folder, { actor });
const kept = new KeptLearning(operation.path('generations', 'kept-learning'), sources);

async function derive({ part, lake, read, made, decided }: DeriveTask): Promise<void> {
  const engine = await openRecordFiles(operation, lake);
  try {
    for (const [table, file] of read) await engine.run(viewOfFile(table, file));
    await parts[part].derive(engine, decided, kept);
    // What deriving held: the engine needs as much to order the tables.
    giveBackMemory();
    const files = new Map(made);
    for (const table of tablesOf(part)) await engine.run(copyTable(table, files.get(table)!));
  } finally {
    engine.close();
  }
}

function tell(report: DeriveReport): void {
  process.send!(report);
}

process.on('message', (task: DeriveTask) => {
  derive(task).then(
    () => tell({ kind: 'done', memoryBytes: process.memoryUsage.rss() }),
    (error: unknown) => tell({ kind: 'failed', failure: failureOf(error) }),
  );
});
// Whoever waits is gone: what is unfinished is cleared by the next.
process.on('disconnect', () => process.exit(1));
