import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { type Batch, Records } from '../../src/evidence/records.ts';
import { type Row, rowsOf } from '../../src/evidence/rows.ts';
import { columnsOf } from '../../src/evidence/tables.ts';
import { ParquetFile } from '../../src/store/parquet/file.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-parquet-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
after(() => connection.closeSync());

const columns = columnsOf('sighting').map(([name, type]) => ({
  name,
  type: type === 'int' || type === 'time' ? ('int' as const) : ('text' as const),
}));

let made = 0;

async function writeFile(batches: Batch[]): Promise<{ file: string; sha256: string; rows: number }> {
  const file = path.join(folder, `${made++}.parquet`);
  const parquet = new ParquetFile(`${file}.tmp`, file, columns);
  for (const batch of batches) void parquet.write(batch.rows, batch.columns);
  const { sha256, rows } = await parquet.close();
  return { file, sha256, rows };
}

async function readBack(file: string): Promise<Row[]> {
  const result = await connection.runAndReadAll(`select * from read_parquet('${file}')`);
  return result
    .getRowObjects()
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === 'bigint' ? Number(value) : (value as string | null),
        ]),
      ),
    );
}

function batchesOf(rows: readonly object[]): Batch[] {
  const batches: Batch[] = [];
  const records = new Records('p', (batch) => batches.push(batch));
  rows.forEach((row, index) => {
    records.table('sighting').add(row, index, 5);
  });
  records.finish();
  return batches;
}

test('an independent engine reads back exactly what was written', async () => {
  const text = fc.option(
    fc.string({ unit: 'binary', maxLength: 40 }).map((value) => value.toWellFormed()),
    { nil: null },
  );
  const number = fc.option(
    fc.oneof(
      fc.maxSafeInteger(),
      fc.integer(),
      fc.constantFrom(0, 2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 51, 1.6e15),
    ),
    { nil: null },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ raw: text, selector: text, port: number, time: number }), {
        minLength: 1,
        maxLength: 400,
      }),
      async (rows) => {
        const batches = batchesOf(rows);
        const { file } = await writeFile(batches);
        assert.deepEqual(await readBack(file), batches.flatMap(rowsOf));
      },
    ),
    { seed: 3, numRuns: 60 },
  );
});

test('many row groups, wide deltas and large dictionaries are read back', async () => {
  const rows = Array.from({ length: 150_000 }, (_, i) => ({
    raw: `value ${i}`,
    selector: `term ${i % 5000}`,
    port: (i * 7919) % 65536,
    time: 1_546_300_800_000_000 + i * 1_000_003,
    context: i % 3 === 0 ? null : 'post',
  }));
  const batches = batchesOf(rows);
  assert.ok(batches.length > 2);
  const { file, rows: written } = await writeFile(batches);
  assert.equal(written, rows.length);
  const back = await readBack(file);
  assert.deepEqual(
    back.map(({ raw, selector, port, time, context }) => ({ raw, selector, port, time, context })),
    rows,
  );
});

test('equal rows give equal bytes, and the reported hash is the hash of the file', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => ({ raw: `r${i % 7}`, time: i }));
  const [a, b] = [await writeFile(batchesOf(rows)), await writeFile(batchesOf(rows))];
  assert.equal(a.sha256, b.sha256);
  assert.equal(a.sha256, createHash('sha256').update(fs.readFileSync(a.file)).digest('hex'));
  assert.equal(fs.existsSync(`${a.file}.tmp`), false);
});

test('statistics let the engine skip row groups', async () => {
  const rows = Array.from({ length: 140_000 }, (_, i) => ({ time: i }));
  const { file } = await writeFile(batchesOf(rows));
  const meta = await connection.runAndReadAll(
    `select row_group_id, stats_min_value, stats_max_value from parquet_metadata('${file}') where path_in_schema = 'time' order by 1`,
  );
  assert.deepEqual(
    meta.getRows().map(([, least, most]) => [Number(least), Number(most)]),
    [
      [0, 65535],
      [65536, 131071],
      [131072, 139999],
    ],
  );
});
