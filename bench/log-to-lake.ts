import { addExhibit } from './dump-to-lake.ts';
import { countLines, freshFolder, members, plainEvidence } from './support/evidence.ts';
import { measure } from './support/measure.ts';
import { benchProgram } from './support/programs.ts';
import { compare } from './support/rounds.ts';

/**
 * A web server's log, from the file to the lake, against two yardsticks: counting its lines, and DuckDB's own
 * CSV reader to Parquet once it is told the columns. The latter splits at spaces and keeps text; ours also hashes
 * and copies the original, works in a sandbox, reads times, names what phpBB was asked for, and keeps the byte
 * place of every line. Promise: within twice DuckDB's time.
 */
export async function logToLake(rounds: number): Promise<void> {
  const { log } = await plainEvidence(members);
  const folder = () => `${freshFolder('duckdb')}/log.parquet`;
  await compare({
    bench: 'log-to-lake',
    unit: 'lines',
    amount: countLines(log),
    rounds,
    contenders: [
      addExhibit('waymark exhibit add', log),
      { name: 'duckdb read_csv', run: () => measure(benchProgram('duckdb-log.ts', log, folder())) },
      { name: 'wc -l', run: () => measure({ program: 'wc', args: ['-l', log] }) },
    ],
  });
}
