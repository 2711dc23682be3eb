import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CsvDialect, detectCsv, eachCsvRecord } from '../../src/intake/csv.ts';
import { inputOf } from '../support/read.ts';

interface Seen {
  readonly fields: string[];
  readonly offset: number;
  readonly length: number;
  readonly damaged: boolean;
}

const comma: CsvDialect = { delimiter: 44, start: 0 };
const chunkSizes = [1, 7, 4096, 1024 * 1024];

async function split(
  bytes: Uint8Array,
  dialect: CsvDialect,
  chunkBytes: number,
  options: { maxRecordBytes?: number } = {},
): Promise<Seen[]> {
  const seen: Seen[] = [];
  await eachCsvRecord(
    inputOf(bytes, { chunkBytes }),
    dialect,
    (record) => {
      const fields = Array.from({ length: record.count }, (_, field) => record.text(field));
      seen.push({ fields, offset: record.offset, length: record.length, damaged: record.damaged });
    },
    options,
  );
  return seen;
}

/** Reads at every chunk size and insists that they agree. */
async function splitAll(
  text: string | Uint8Array,
  dialect = comma,
  options: { maxRecordBytes?: number } = {},
): Promise<Seen[]> {
  const bytes = new Uint8Array(typeof text === 'string' ? Buffer.from(text) : text);
  const results = [];
  for (const size of chunkSizes) results.push(await split(bytes, dialect, size, options));
  for (const result of results) assert.deepEqual(result, results[0]);
  return results[0]!;
}

const delimiter = fc.constantFrom(',', ';', '\t', '|');
const piece = fc.constantFrom(
  'a',
  'bicycle',
  'café',
  '"',
  ',',
  ';',
  '\t',
  '|',
  '\n',
  '\r',
  '\r\n',
  ' ',
  '咖啡',
);
const field = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
const record = fc.array(field, { minLength: 1, maxLength: 5 });

function write(value: string, mark: string, always: boolean): string {
  return always || value === '' || /["\r\n]/.test(value) || value.includes(mark)
    ? `"${value.replaceAll('"', '""')}"`
    : value;
}

test('records of any dialect come back exactly, with their places', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 1, maxLength: 12 }),
      delimiter,
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.boolean(),
      async (records, mark, lineEnd, always, lastEnd) => {
        const lines = records.map((each) => each.map((value) => write(value, mark, always)).join(mark));
        const text = lines.join(lineEnd) + (lastEnd ? lineEnd : '');
        const bytes = Buffer.from(text);
        const seen = await splitAll(bytes, { delimiter: mark.charCodeAt(0), start: 0 });
        assert.deepEqual(
          seen.map((each) => each.fields),
          records,
        );
        assert.deepEqual(
          seen.map((each) => bytes.toString('utf8', each.offset, each.offset + each.length)),
          lines,
        );
      },
    ),
    { seed: 11, numRuns: 150 },
  );
});

test('random bytes: every byte is in a record or a line end, at every chunk size', async () => {
  const byte = fc.constantFrom(34, 44, 10, 13, 97, 0xe9, 0);
  await fc.assert(
    fc.asyncProperty(fc.array(byte, { maxLength: 60 }), async (values) => {
      const bytes = Buffer.from(values);
      let at = 0;
      for (const each of await splitAll(bytes)) {
        assert.match(bytes.toString('latin1', at, each.offset), /^(\r?\n)?$/);
        at = each.offset + each.length;
      }
      assert.match(bytes.toString('latin1', at), /^(\r?\n|\r)?$/);
    }),
    { seed: 12, numRuns: 600 },
  );
});

test('a quote that never closes costs its own line', async () => {
  const seen = await splitAll('a,b\n"bell,1\r\ngear,2\nchain,3\n');
  assert.deepEqual(seen, [
    { fields: ['a', 'b'], offset: 0, length: 3, damaged: false },
    { fields: [], offset: 4, length: 7, damaged: true },
    { fields: ['gear', '2'], offset: 13, length: 6, damaged: false },
    { fields: ['chain', '3'], offset: 20, length: 7, damaged: false },
  ]);
});

test('text after a closing quote is damage; a quote inside plain text is text', async () => {
  const seen = await splitAll('"28" wheel",1\n28" wheel,2\n');
  assert.deepEqual(
    seen.map(({ fields, damaged }) => ({ fields, damaged })),
    [
      { fields: [], damaged: true },
      { fields: ['28" wheel', '2'], damaged: false },
    ],
  );
});

test('records over the limit are damaged, at every chunk size alike', async () => {
  const long = 'x'.repeat(50);
  const seen = await splitAll(
    `a,b\n${long},c\r\n"${long}\n${long}",d\n1234567890,12345678\r\nlast\n`,
    comma,
    {
      maxRecordBytes: 19,
    },
  );
  assert.deepEqual(
    seen.map(({ offset, length, damaged }) => [offset, length, damaged]),
    [
      [0, 3, false],
      [4, 52, true],
      [58, 51, true],
      [110, 53, true],
      [164, 19, false],
      [185, 4, false],
    ],
  );
});

test('blank lines are records without fields', async () => {
  const seen = await splitAll('a\n\n\r\nb');
  assert.deepEqual(
    seen.map((each) => each.fields),
    [['a'], [], [], ['b']],
  );
});

test('more than 4096 fields are damage, not memory', async () => {
  const seen = await splitAll(`${','.repeat(5000)}\na,b\n`);
  assert.deepEqual(
    seen.map((each) => [each.damaged, each.fields.length, each.length]),
    [
      [true, 0, 5000],
      [false, 2, 3],
    ],
  );
});

test('the delimiter is told from the head', () => {
  const rows = (mark: string) =>
    Buffer.from(['name', 'a, b; c', 'x'].map((v) => `"${v}"${mark}1${mark}2\n`).join(''));
  for (const mark of [',', ';', '\t', '|']) {
    assert.deepEqual(detectCsv(rows(mark)), { delimiter: mark.charCodeAt(0), start: 0 });
  }
  assert.deepEqual(detectCsv(Buffer.from('\ufeffname;x\nbell;1,5\ngear;2,5\n')), { delimiter: 59, start: 3 });
  assert.deepEqual(detectCsv(Buffer.from('sep=;\r\na,b;c\n')), { delimiter: 59, start: 7 });
  assert.deepEqual(detectCsv(Buffer.from('alone\nbell\n')), { delimiter: 44, start: 0 });
});

test('Windows-1252 text is read as such', async () => {
  const seen = await splitAll(Buffer.from('caf\xe9,1\n', 'latin1'));
  assert.deepEqual(seen[0]!.fields, ['café', '1']);
});
