import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { WaymarkError } from '../../src/base/errors.ts';
import { batchRows } from '../../src/evidence/columns.ts';
import { decodeBatch, encodeBatch } from '../../src/evidence/frames.ts';
import { type Batch, Records } from '../../src/evidence/records.ts';
import { type Row, rowsOf } from '../../src/evidence/rows.ts';

function collect(fill: (records: Records) => void): Batch[] {
  const batches: Batch[] = [];
  const records = new Records('inner/path', (batch) => batches.push(batch));
  fill(records);
  records.finish();
  return batches;
}

const value = fc.option(fc.string({ unit: 'binary', maxLength: 60 }), { nil: null });
const row = fc.record({ raw: value, selector: value, port: fc.option(fc.maxSafeInteger(), { nil: null }) });

test('rows survive building, encoding and decoding', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 300 }), (rows) => {
      const batches = collect((records) => {
        rows.forEach((each, index) => {
          records.table('sighting').add(each, index, 1);
        });
      });
      const back = batches.flatMap((batch) => rowsOf(decodeBatch(encodeBatch(batch))));
      assert.deepEqual(
        back.map(({ raw, selector, port, source_path, source_offset }) => ({
          raw,
          selector,
          port,
          source_path,
          source_offset,
        })),
        rows.map((each, index) => ({
          raw: each.raw === null ? null : each.raw.toWellFormed(),
          selector: each.selector === null ? null : each.selector.toWellFormed(),
          port: each.port,
          source_path: 'inner/path',
          source_offset: index,
        })),
      );
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('bytes that are not UTF-8 are read as Windows-1252 and reported', () => {
  const batches = collect((records) => {
    const { column } = records.table('message');
    assert.equal(column.subject.bytes(Buffer.from('caf\u00e9', 'latin1'), 0, 4), true);
    assert.equal(column.channel.bytes(Buffer.from('caf\u00e9', 'utf8'), 0, 5), false);
    records.table('message').end(0, 4);
  });
  const [row] = rowsOf(batches[0]!) as [Row];
  assert.equal(row.subject, 'caf\u00e9');
  assert.equal(row.channel, 'caf\u00e9');
});

test('batches leave at their row limit and nothing is lost', () => {
  const rows = batchRows + 10;
  const batches = collect((records) => {
    for (let i = 0; i < rows; i++)
      records.table('event').add({ status: i, ip: `address ${i % 3}`, url: `/page/${i}` }, i, 1);
  });
  assert.deepEqual(
    batches.map((batch) => batch.rows),
    [batchRows, 10],
  );
  const last = rowsOf(batches[1]!).at(-1)!;
  assert.equal(last.url, `/page/${rows - 1}`);
  assert.equal(last.ip, `address ${(rows - 1) % 3}`);
});

test('a damaged batch is refused with a sandbox error, never misread or crashed on', () => {
  const [batch] = collect((records) => {
    for (let i = 0; i < 40; i++)
      records
        .table('sighting')
        .add({ raw: `v\u00e9lo ${i}`, selector: i % 2 ? 'ip' : 'email', port: i }, i, 1);
  });
  const good = encodeBatch(batch!);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bad = Uint8Array.from(good);
      bad[at]! ^= flip;
      try {
        rowsOf(decodeBatch(bad));
      } catch (error) {
        assert.ok(error instanceof WaymarkError && error.code === 'sandbox', String(error));
      }
    }),
    { seed: 2, numRuns: 3000 },
  );
  for (let cut = 0; cut < good.length; cut += 7) {
    assert.throws(
      () => decodeBatch(good.subarray(0, cut)),
      (error) => error instanceof WaymarkError,
    );
  }
});
