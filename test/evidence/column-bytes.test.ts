import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { batchRows } from '../../src/evidence/columns.ts';
import { Records } from '../../src/evidence/records.ts';
import { type Row, rowsOf } from '../../src/evidence/rows.ts';

/** Few letters and lengths, so that values share their length, words and ends. */
const piece = fc.constantFrom('a', 'b', 'ab', 'aaaa', 'aaab', 'baaa', 'abababab', 'é', '日本');
const value = fc.oneof(
  fc.array(piece, { maxLength: 8 }).map((pieces) => Buffer.from(pieces.join(''))),
  fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes)),
  fc.integer({ min: 500, max: 530 }).map((length) => Buffer.alloc(length, 'tea ')),
);

function textOf(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : new TextDecoder('windows-1252').decode(bytes);
}

test('bytes come back exactly from text and term columns, at any place of any buffer', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), fc.boolean(), (values, isOneBuffer) => {
      const rows: Row[] = [];
      const records = new Records('', (batch) => rows.push(...rowsOf(batch)));
      const { column } = records.table('event');
      const whole = Buffer.concat(values);
      let at = 0;
      for (const each of values) {
        const [source, start] = isOneBuffer ? [whole, at] : [each, 0];
        const isLoose = !isUtf8(each);
        assert.equal(column.agent.bytes(source, start, start + each.length), isLoose);
        assert.equal(column.url.bytes(source, start, start + each.length), isLoose);
        column.referrer.text(textOf(each));
        records.table('event').end(at, each.length);
        at += each.length;
      }
      records.finish();
      assert.deepEqual(
        rows.map(({ agent, url, referrer }) => [agent, url, referrer]),
        values.map((each) => [textOf(each), textOf(each), textOf(each)]),
      );
    }),
    { seed: 6, numRuns: 300 },
  );
});

test('a batch stands alone, though its first value is the last of the batch before', () => {
  const agent = Buffer.from('Mozilla/5.0');
  const last: Row[] = [];
  const records = new Records('', (batch) => last.splice(0, last.length, ...rowsOf(batch)));
  const { column } = records.table('event');
  for (let i = 0; i < batchRows + 2; i++) {
    column.agent.bytes(agent, 0, agent.length);
    column.action.text('request');
    records.table('event').end(i, 1);
  }
  records.finish();
  assert.deepEqual(
    last.map((row) => [row.agent, row.action, row.source_offset]),
    [batchRows, batchRows + 1].map((offset) => ['Mozilla/5.0', 'request', offset]),
  );
});
