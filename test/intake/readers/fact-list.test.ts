import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMicros } from '../../../src/base/time.ts';
import { enteredAt, factListReader } from '../../../src/intake/readers/fact-list.ts';
import { assertGolden, goldenText } from '../../support/golden.ts';
import { readAll } from '../../support/read.ts';

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

const list = [
  'service,native_id,fact,reference,officer,entered_at',
  'velo,12,access to children,CASE-17,"Officer, A.",2019-01-06T09:00:54+01:00',
  'velo,12,Prior  Record,CASE-18,B.,2019-01-06T08:00Z',
  'velo,a/b,coaches a youth cycling club,,,',
  'velo,13,prior record,CASE-19,B.,2019-01-06 08:00:00',
  'velo,13,prior record,CASE-19,B.,last week',
  '',
  ',13,prior record,CASE-20,B.,',
  've/lo,13,prior record,CASE-20,B.,',
  'velo,,prior record,CASE-20,B.,',
  'velo,14,,CASE-20,B.,',
  'velo,15,"prior" record,CASE-20,B.,',
  '"velo","16","a ""quoted""\nfact","CASE-21","C.","2019-02-28T23:59:59.5-0330"',
].join('\r\n');

test('facts become events, and every row is accounted for', async () => {
  const results = [];
  for (const chunkBytes of [1, 7, 4096])
    results.push(await readAll(factListReader, bytesOf(list), { chunkBytes }));
  for (const result of results) assert.deepEqual(result, results[0]);
  assert.equal(factListReader.sniff(bytesOf(list), ''), 0.95);
  assertGolden('fact-list/facts.jsonl', goldenText(results[0]!));
});

test('columns in another order and dialect', async () => {
  const text = '\ufeffFACT;entered_at;officer;reference;native_id;service\nprior record;;B.;R;7;velo\n';
  assert.equal(factListReader.sniff(bytesOf(text), ''), 0.95);
  const { rows } = await readAll(factListReader, bytesOf(text));
  const { action, account, text: said } = rows.event![0]!;
  assert.deepEqual([action, account, said], ['officer fact: prior record', 'velo/7', 'R; B.']);
});

test('only a header with all six columns is claimed', async () => {
  for (const text of [
    '',
    'service,native_id,fact\n',
    'name,email\na,b\n',
    list.split('\r\n').slice(1).join('\n'),
  ]) {
    assert.equal(factListReader.sniff(bytesOf(text), ''), 0);
  }
  const { rows, tallies } = await readAll(factListReader, bytesOf('name,email\na,b\n'));
  assert.equal(rows.event, undefined);
  assert.deepEqual(tallies, [{ unit: 'facts', rows: 2, read: 0, skipped: { header: 1, 'no header': 1 } }]);
  assert.equal(rows.warning!.length, 1);
});

test('times: only a real time with a zone is resolved', () => {
  const resolved = (text: string) => {
    const micros = enteredAt(text)?.micros ?? null;
    return micros === null ? null : formatMicros(micros);
  };
  assert.equal(resolved('2019-01-06T09:00:54+01:00'), '2019-01-06T08:00:54Z');
  assert.equal(resolved('2019-01-06T08:00Z'), '2019-01-06T08:00:00Z');
  assert.equal(resolved('2019-03-01T00:30:00.1234567-03'), '2019-03-01T03:30:00.123456Z');
  assert.equal(resolved('2020-02-29T23:59:59+0530'), '2020-02-29T18:29:59Z');
  for (const text of [
    '2019-01-06T08:00:00',
    '2019-02-29T08:00:00Z',
    '2019-13-01T08:00:00Z',
    '2019-01-06T24:00:00Z',
    '2019-01-06T08:60:00Z',
    '2019-01-06T08:00:00+15:00',
    '06.01.2019 08:00 Z',
    '2019-01-06',
  ]) {
    assert.equal(enteredAt(text)!.micros, null, text);
    assert.equal(enteredAt(text)!.text, text);
  }
  assert.equal(enteredAt(''), null);
});
