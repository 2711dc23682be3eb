/**
 * Adding to what is linked already: 10,000 accounts to 900,000 at once, and then one by one.
 * `node --max-old-space-size=6000 bench/linking-incremental.ts <folder of linking-speed> [base] [added]`
 */
import * as path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { learn } from '../src/persons/learn.ts';
import { LinkIndex } from '../src/persons/link-index.ts';
import { type FieldPlan, PopulationBuilder } from '../src/persons/population.ts';

const [folder, base, added] = [
  process.argv[2] ?? '/tmp/linking-speed',
  Number(process.argv[3] ?? 900_000),
  Number(process.argv[4] ?? 10_000),
];
const singles = 500;
const fields: FieldPlan[] = [
  { name: 'name', kind: 'words', group: 'name' },
  { name: 'dob', kind: 'date', group: 'birth' },
  { name: 'city', kind: 'text', group: 'location' },
  { name: 'email', kind: 'code', group: 'contact' },
];

type Rows = (string | null)[][];

async function read(): Promise<Rows> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = await connection.runAndReadAll(
    `select first_name || ' ' || surname, dob, city, email from '${path.join(folder, 'people-1000000.parquet')}' order by hash(unique_id) limit ${base + added + singles}`,
  );
  return rows.getRows() as Rows;
}

function addTo(builder: PopulationBuilder, rows: Rows): void {
  for (const row of rows) {
    for (const [f, value] of row.entries()) builder.set(f, value);
    builder.end();
  }
}

const rows = await read();
const sample = new PopulationBuilder(fields);
addTo(sample, rows.slice(0, 50_000));
const { weights } = learn(sample.finish());
const builder = new PopulationBuilder(fields);
addTo(builder, rows.slice(0, base));
const built = performance.now();
const index = new LinkIndex(builder, weights);
const ready = performance.now();
process.stdout.write(`index of ${base}: ${((ready - built) / 1000).toFixed(1)} s\n`);
addTo(builder, rows.slice(base, base + added));
const start = performance.now();
const touched = index.update();
process.stdout.write(
  `${added} added, candidates and scores: ${((performance.now() - start) / 1000).toFixed(2)} s, ${touched.size} accounts touched, ${index.pairs().length} pairs kept\n`,
);
const times: number[] = [];
for (let i = 0; i < singles; i++) {
  addTo(builder, rows.slice(base + added + i, base + added + i + 1));
  const from = performance.now();
  index.update();
  times.push(performance.now() - from);
}
times.sort((x, y) => x - y);
process.stdout.write(
  `one account: median ${times[singles >> 1]!.toFixed(2)} ms, p95 ${times[Math.floor(singles * 0.95)]!.toFixed(2)} ms, most ${times.at(-1)!.toFixed(1)} ms; resident ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB\n`,
);
