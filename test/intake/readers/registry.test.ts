import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { registryReader } from '../../../src/intake/readers/registry.ts';
import { readers } from '../../../src/intake/readers.ts';
import { assertGolden, goldenText } from '../../support/golden.ts';
import { assertCountsAddUp, readAll, readAtEverySeam } from '../../support/read.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'fixtures', 'registry');
const bytes = fs.readFileSync(path.join(folder, 'delegated-invented-extended'));
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

test('an extended table with damaged lines, whole and at every seam', async () => {
  const result = await readAtEverySeam(registryReader, bytes);
  assertCountsAddUp(result);
  assertGolden('registry/delegated-invented-extended.jsonl', goldenText(result));
});

test('the table finds its reader, and other formats do not', () => {
  const best = readers.reduce((a, b) => (b.sniff(bytes, 'x') > a.sniff(bytes, 'x') ? b : a));
  assert.equal(best.name, 'registry');
  for (const text of ['a|b|c|d\n', 'one;two\n', '{"a":1}\n', '# only a comment\n', '']) {
    assert.equal(registryReader.sniff(bytesOf(text), 'delegated-ripencc-latest'), 0, text);
  }
});

test('a heading without a day, and none, leave the ranges without a day and say so', async () => {
  const row = 'x|NL|ipv4|192.0.2.0|256|20110412|allocated';
  for (const [text, code] of [
    [`2|x|latest|1|19830705|sometime|+0000\n${row}\n`, 'registry-day'],
    [`${row}\n`, 'registry-heading'],
  ] as const) {
    const { rows } = await readAll(registryReader, bytesOf(text));
    assert.equal(rows.registry_range![0]!.snapshot, null);
    assert.ok(rows.warning!.some((warning) => warning.code === code));
  }
});

test('a table that was cut off differs from what its heading promises', async () => {
  const text = '2|x|20200101|2|19830705|20200101|+0000\nx|NL|ipv4|192.0.2.0|256|20110412|allocated\n';
  const { rows } = await readAll(registryReader, bytesOf(text));
  assert.deepEqual(
    rows.warning!.map((warning) => warning.code),
    ['registry-count'],
  );
});

test('whatever stands in a line, the reader ends and its counts add up', async () => {
  const cell = fc.oneof(
    fc.constantFrom('ipv4', 'ipv6', 'asn', 'NL', '192.0.2.0', '2001:db8::', '256', '20200101', '2', '*'),
    fc.string({ maxLength: 12 }),
  );
  const lines = fc.array(
    fc.array(cell, { maxLength: 9 }).map((cells) => cells.join('|')),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(lines, async (each) => {
      const text = bytesOf(each.join('\n'));
      registryReader.sniff(text, '');
      assertCountsAddUp(await readAll(registryReader, text, { chunkBytes: 5 }));
    }),
    { numRuns: 200 },
  );
});
