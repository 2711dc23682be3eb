/** The process that makes a search index: reads the lake, writes one file, says how far it is, ends. */
import { failureOf } from '../base/reported.ts';
import { Operation } from '../store/operation.ts';
import { type IndexingReport, makeSearchIndex } from './search-index.ts';
import type { Sight } from './sight.ts';

function tell(report: IndexingReport): Promise<void> {
  return new Promise((resolve) => process.send!(report, () => resolve()));
}

const [folder, actor] = process.argv.slice(2) as [string, string];
// Whoever waits is gone: what is unfinished is cleared by the next.
process.on('disconnect', () => process.exit(1));
const sight = await new Promise<Sight>((resolve) => process.once('message', resolve));
try {
  const operation = Operation.openExisting(folder, { actor });
  try {
    const index = await makeSearchIndex(
      operation,
      (progress) => void tell({ kind: 'progress', ...progress }),
      sight,
    );
    await tell({ kind: 'done', index });
  } finally {
    operation.close();
  }
} catch (error) {
  await tell({ kind: 'failed', failure: failureOf(error) });
}
process.exit(0);
