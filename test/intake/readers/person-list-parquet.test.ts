import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { personListReader } from '../../../src/intake/readers/person-list.ts';
import {
  parquetPersonReader,
  parquetPersonReaderFor,
} from '../../../src/intake/readers/person-list-parquet.ts';
import { mix } from '../../../src/persons/similarity.ts';
import { assertGolden, goldenText } from '../../support/golden.ts';
import { assertCountsAddUp, type ReadResult, readAll, readAtEverySeam } from '../../support/read.ts';

/** Three members of a garden club, with a list, a number and a date as the columns of Parquet have them; written by DuckDB. */
const members = fs.readFileSync(path.join(import.meta.dirname, '../../fixtures/person-list/members.parquet'));

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-parquet-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

async function copy(select: string, file: string, options: string): Promise<Buffer> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const target = path.join(folder, file);
  await connection.run(`copy (${select}) to '${target}' (${options})`);
  connection.closeSync();
  return fs.readFileSync(target);
}

const invented = `
select 'm-' || i as member_id, 'Anna' || (i % 97) as given_name, 'Kettle' || (i % 31) as surname,
       case when i % 5 > 0 then strftime(date '1950-01-13' + (i % 9999)::integer, '%d/%m/%Y') end as dob,
       'Garden ' || (i % 13) as suburb, case when i % 7 > 0 then (1000 + i % 500)::varchar end as postcode, 'tulips' as club
from range(5000) r(i) order by i`;

/** Rows without their places and without the note of the row. */
function contentOf({ rows }: ReadResult): unknown {
  return Object.entries(rows)
    .filter(([table]) => table !== 'warning')
    .map(([table, list]) => [
      table,
      list.map(({ source_offset: _, source_length: __, attributes, account, service, ...row }) => ({
        ...row,
        account: String(account).replace(/^list:[^/]*/, ''),
        attributes: String(attributes ?? '').replace(
          /"row in the file":"\d+",?|,?"row in the file":"\d+"/,
          '',
        ),
      })),
    ]);
}

test('the columns of a Parquet file become person records, wherever it is cut into pieces', async () => {
  const result = await readAtEverySeam(parquetPersonReader, members);
  assertCountsAddUp(result);
  assertGolden('person-list/members-parquet.jsonl', goldenText(result));
});

test('a Parquet list says what the same list says as CSV, under every compression that is read', async () => {
  const csv = await copy(invented, 'list.csv', 'format csv, header');
  const wanted = contentOf(await readAll(personListReader, csv));
  for (const codec of ['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli']) {
    const options = `format parquet, compression ${codec}, row_group_size 2048`;
    const bytes = await copy(invented, `${codec}.parquet`, options);
    const result = await readAll(parquetPersonReader, bytes, { chunkBytes: 4096 });
    assert.deepEqual(contentOf(result), wanted, codec);
    assert.deepEqual(result.tallies, [{ unit: 'persons', rows: 5000, read: 5000, skipped: {} }]);
  }
});

test('an account points to its row group, a sighting into it, and the row is told', async () => {
  const bytes = await copy(
    invented,
    'places.parquet',
    'format parquet, compression zstd, row_group_size 2048',
  );
  const { rows } = await readAll(parquetPersonReader, bytes);
  const groups = new Map<number, number>();
  const placeOf = new Map<unknown, readonly [number, number]>();
  rows.account!.forEach((row, i) => {
    assert.equal(JSON.parse(String(row.attributes))['row in the file'], String(i + 1));
    const place = [Number(row.source_offset), Number(row.source_length)] as const;
    assert.ok(place[0] >= 4 && place[0] + place[1] < bytes.length);
    groups.set(place[0], (groups.get(place[0]) ?? 0) + 1);
    placeOf.set(row.account, place);
  });
  assert.deepEqual([...groups.values()], [2048, 2048, 904]);
  for (const row of rows.sighting!) {
    const [offset, length] = placeOf.get(row.account)!;
    const from = Number(row.source_offset);
    assert.ok(from >= offset && from + Number(row.source_length) <= offset + length);
    assert.ok(Number(row.source_length) < length, 'narrower than the row group');
  }
});

test('a mapping names the columns', async () => {
  const bytes = await copy(
    "select 'Anna Kettle' as wie, date '1970-12-31' as wanneer",
    'm.parquet',
    'format parquet',
  );
  const mapped = parquetPersonReaderFor({ name: ['wie'], birthday: ['wanneer'] });
  const { rows } = await readAll(mapped, bytes);
  assert.deepEqual(
    rows.sighting!.map((row) => [row.selector, row.canonical]),
    [
      ['name', 'anna kettle'],
      ['birthday', '1970-12-31'],
    ],
  );
});

test('a Parquet file of something else is kept and hashed, and said to be no list', async () => {
  const bytes = await copy('select 1 as kettle, 2 as spade', 'other.parquet', 'format parquet');
  for (const each of [bytes, bytes.subarray(0, bytes.length - 3), Buffer.from('PAR1')]) {
    const { rows, warnings, tallies } = await readAll(parquetPersonReader, each);
    assert.equal(warnings, 1);
    assert.match(String(rows.warning![0]!.text), /kept and hashed/);
    assert.equal(rows.content![0]!.size, each.length);
    assert.deepEqual(tallies, [{ unit: 'files', rows: 1, read: 1, skipped: {} }]);
  }
  assert.equal(parquetPersonReader.sniff(bytes, ''), 0.6);
  assert.equal(parquetPersonReader.sniff(Buffer.from('PAR2'), ''), 0);
});

test('a compression that is not read costs its rows, which are counted', async () => {
  const bytes = await copy(
    invented,
    'lz4.parquet',
    'format parquet, compression lz4_raw, row_group_size 2048',
  );
  const result = await readAll(parquetPersonReader, bytes);
  assert.deepEqual(result.tallies, [{ unit: 'persons', rows: 5000, read: 0, skipped: { damaged: 5000 } }]);
  assert.equal(result.rows.warning!.length, 3);
});

test('one long value that stands in every row is stopped, and the rows left are counted', async () => {
  const select = "select 'Anna' as name, '1970-01-02' as dob, repeat('a', 20000) as place from range(8192)";
  const bytes = await copy(select, 'bomb.parquet', 'format parquet, compression zstd, row_group_size 2048');
  assert.ok(bytes.length < 100_000);
  const result = await readAll(parquetPersonReader, bytes);
  assertCountsAddUp(result);
  const [tally] = result.tallies;
  assert.equal(tally!.rows, 8192);
  assert.ok(tally!.read < 4096 && tally!.read > 1000, String(tally!.read));
});

test('damage of any kind is told and never thrown', async () => {
  let damaged = 0;
  for (let i = 0; i < 400; i++) {
    const bytes = Buffer.from(members);
    const at = mix(i) % bytes.length;
    bytes[at]! ^= 1 << (mix(i + 7) % 8);
    const result = await readAll(parquetPersonReader, bytes);
    assertCountsAddUp(result);
    if (result.rows.account?.length !== 3) damaged++;
  }
  assert.ok(damaged > 20, String(damaged));
  for (let length = 0; length < members.length; length += 29) {
    const { rows } = await readAll(parquetPersonReader, members.subarray(0, length));
    assert.equal(rows.content!.length, 1);
  }
});
