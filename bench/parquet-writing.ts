import { freshFolder } from './support/evidence.ts';
import { measure } from './support/measure.ts';
import { benchProgram } from './support/programs.ts';
import { compare } from './support/rounds.ts';

const rows = 2_000_000;

/**
 * Eight log-like columns to Parquet, value by value from JavaScript: our writer against the engine's appender and
 * COPY. Neither is told the values as bytes, which is how readers feed ours; so this is the slower of our ways.
 */
export async function parquetWriting(rounds: number): Promise<void> {
  const contender = (name: string, way: string) => ({
    name,
    run: () =>
      measure(benchProgram('write-parquet.ts', way, String(rows), `${freshFolder('parquet')}/log.parquet`)),
  });
  await compare({
    bench: 'parquet-writing',
    unit: 'rows',
    amount: rows,
    rounds,
    contenders: [contender('waymark', 'ours'), contender('duckdb appender', 'appender')],
  });
}
