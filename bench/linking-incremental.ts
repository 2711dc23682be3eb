/**
 * Adding to what is linked already: 10,000 accounts to 900,000 at once, beside working out all of them, and then one by
 * one.
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

function timed<T>(work: () => T): { result: T; seconds: number; text: string } {
  const [from, used] = [performance.now(), process.cpuUsage()];
  const result = work();
  const seconds = (performance.now() - from) / 1000;
  const processor = process.cpuUsage(used).user / 1e6;
  return { result, seconds, text: `${seconds.toFixed(2)} s (processor ${processor.toFixed(2)} s)` };
}

/** Pairs with an added account, with their bits, in order. */
function ofNew(): string[] {
  const { length, a, b, bits } = index.pairs();
  const list: string[] = [];
  for (let i = 0; i < length; i++) if (b[i]! >= base) list.push(`${a[i]} ${b[i]} ${bits[i]}`);
  return list.sort();
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
const adding = timed(() => index.update());
const found = ofNew();
const whole = timed(() => index.rebuild());
process.stdout.write(
  `${added} added, candidates and scores: ${adding.text}, ${adding.result.size} accounts touched, ${found.length} pairs kept\n` +
    `all ${base + added}, candidates, scores and persons: ${whole.text} (${(whole.seconds / adding.seconds).toFixed(0)} times); ` +
    `pairs of the added: ${found.join() === ofNew().join() ? 'the same' : 'NOT THE SAME'}\n`,
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
