import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { parseMapping } from '../../src/intake/person-list/columns.ts';
import { canonicalBirthday, dateOrderOf } from '../../src/intake/person-list/dates.ts';
import { personListReader, personListReaderFor } from '../../src/intake/readers/person-list.ts';
import { corpora, corporaMissing } from '../support/corpora.ts';
import { assertGolden, goldenText } from '../support/golden.ts';
import { readAll } from '../support/read.ts';

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

const list = [
  'rec_id,given_name,surname,date_of_birth,suburb,postcode,email,club',
  'm-1,Anna,Kettle,23/04/1970,Upper Garden,1234,Anna@Coffee.Example,bicycle',
  'm-2,"Lee, J.",Spade,1970-13-40,,,,',
  '',
  ',Bo,"Rake',
  ' and Hoe",1.2.1980,"Lower ""Garden""",9,no mail,',
  'm-3,,,,,,,bicycle',
  'm-4,Ann"a,x,,,,,',
  'm-4,"Ann"a,x,,,,,',
].join('\r\n');

test('rows become person records, and every row is accounted for', async () => {
  const results = [];
  for (const chunkBytes of [1, 7, 4096, 1024 * 1024]) {
    results.push(await readAll(personListReader, bytesOf(list), { chunkBytes, name: 'members.csv' }));
  }
  for (const result of results) assert.deepEqual(result, results[0]);
  const [tally] = results[0]!.tallies;
  const left = Object.values(tally!.skipped).reduce((sum, count) => sum + count, 0);
  assert.equal(tally!.rows, tally!.read + left);
  assertGolden('person-list/members.jsonl', goldenText(results[0]!));
});

test('the bytes a record points to are its row', async () => {
  const bytes = bytesOf(list);
  const { rows } = await readAll(personListReader, bytes, { chunkBytes: 7 });
  for (const row of [...rows.account!, ...rows.sighting!]) {
    const text = Buffer.from(bytes)
      .subarray(Number(row.source_offset), Number(row.source_offset) + Number(row.source_length))
      .toString();
    assert.ok(list.includes(text) && text.length > 4);
    if (row.native_id !== undefined && String(row.native_id).startsWith('m-'))
      assert.ok(text.includes(String(row.native_id)));
  }
});

test('only lists of people are claimed', () => {
  for (const [text, expected] of [
    [list, 0.8],
    ['name;dob;city\nA B;1970-01-01;X\n', 0.8],
    ['service,native_id,fact\na,b,c\n', 0],
    ['name,size,md5\na,1,2\n', 0],
    ['id,name,place\n1,kettle,shelf\n', 0],
    ['', 0],
    ['surname,dob\nno second field\nno second field\n', 0],
  ] as const) {
    assert.equal(personListReader.sniff(bytesOf(text), ''), expected, text);
  }
});

test('a given mapping names the columns', async () => {
  const mapping = parseMapping('{"name": "wie", "birthday": "wanneer", "street": ["straat", "nr."]}');
  const text = 'wanneer;wie;straat;nr.\n12/31/1970;Anna Kettle;Tulip Lane;7\n';
  const { rows } = await readAll(personListReaderFor(mapping), bytesOf(text));
  assert.deepEqual(
    rows.sighting!.map((row) => [row.selector, row.canonical]),
    [
      ['name', 'anna kettle'],
      ['birthday', '1970-12-31'],
      ['address', 'tulip lane 7'],
    ],
  );
  const yaml = 'name: wie\nbirthday: wanneer # as written\nstreet: [straat, nr.]\n';
  assert.deepEqual(parseMapping(yaml), mapping);
  const aliases = `a: &a [x]\n${'b: [*a, *a, *a, *a]\n'.replace('b', 'name')}`;
  for (const wrong of [
    '{',
    '[]',
    '{"shoe": "a"}',
    '{"name": 3}',
    '',
    'name',
    '{"__proto__": "a"}',
    aliases,
  ]) {
    assert.throws(() => parseMapping(wrong), { code: 'usage' }, wrong);
  }
});

test('dates: the order is told by the column, and slips are kept', () => {
  assert.deepEqual(dateOrderOf(['1/2/1970', '13/2/1970']), { order: 'day first', sure: true });
  assert.deepEqual(dateOrderOf(['1/2/1970', '2/13/1970']), { order: 'month first', sure: true });
  assert.deepEqual(dateOrderOf(['1/2/1970']), { order: 'day first', sure: false });
  assert.deepEqual(dateOrderOf(['1970-01-02']), { order: 'day first', sure: true });
  assert.equal(canonicalBirthday('19560409', 'day first'), '1956-04-09');
  assert.equal(canonicalBirthday('1956-86-18', 'day first'), '1956-86-18');
  assert.equal(canonicalBirthday('1.2.1980', 'month first'), '1980-01-02');
  assert.equal(canonicalBirthday('spring', 'day first'), null);
});

test('the FEBRL lists are read whole', { skip: corporaMissing }, async () => {
  const bytes = fs.readFileSync(path.join(corpora, 'er', 'febrl', 'dataset3.csv'));
  assert.equal(personListReader.sniff(bytes.subarray(0, 65536), ''), 0.8);
  const { rows, tallies } = await readAll(personListReader, bytes, { chunkBytes: 4096 });
  assert.deepEqual(tallies, [{ unit: 'persons', rows: 5001, read: 5000, skipped: { header: 1 } }]);
  assert.equal(new Set(rows.account!.map((row) => row.account)).size, 5000);
});
