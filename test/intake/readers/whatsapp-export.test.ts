import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { whatsappExportReader } from '../../../src/intake/readers/whatsapp-export.ts';
import { readers } from '../../../src/intake/readers.ts';
import { corpora, corporaMissing } from '../../support/corpora.ts';
import { assertGolden, goldenText } from '../../support/golden.ts';
import { type ReadResult, readAll } from '../../support/read.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'fixtures', 'whatsapp-export');
const fixture = (name: string) => new Uint8Array(fs.readFileSync(path.join(folder, name)));

async function readAtEverySeam(bytes: Uint8Array, sizes = [1, 7, 4096, 1024 * 1024]): Promise<ReadResult> {
  const results = [];
  for (const chunkBytes of sizes)
    results.push(await readAll(whatsappExportReader, bytes, { chunkBytes, name: 'chat.txt' }));
  for (const result of results) assert.deepEqual(result, results[0]);
  for (const { rows, read, skipped } of results[0]!.tallies) {
    assert.equal(
      rows,
      Object.values(skipped).reduce((sum, count) => sum + count, read),
    );
  }
  return results[0]!;
}

for (const name of ['android', 'ios']) {
  test(`a chat as ${name} writes it`, async () => {
    const bytes = fixture(`${name}.txt`);
    for (const reader of readers) {
      const sure = reader.sniff(bytes, 'chat.txt');
      assert.ok(reader === whatsappExportReader ? sure > 0.8 : sure < 0.5, `${reader.name} ${sure}`);
    }
    const result = await readAtEverySeam(bytes);
    assert.equal(result.warnings, 0);
    for (const row of result.rows.message!) assert.equal(row.time, null);
    assertGolden(`whatsapp-export/${name}.jsonl`, goldenText(result));
  });
}

test('logs of programs are not claimed', () => {
  for (const text of [
    '',
    '[2019-04-16 02:09:11] production.ERROR: pump stopped\n[2019-04-16 02:09:12] production.INFO: pump on\n',
    '2019-04-16, 02:09 - WARNING: low\n2019-04-16, 02:10 - INFO: ok\n',
    '[16/Apr/2019:02:09:11 +0000] "GET / HTTP/1.1"\n',
    'a bicycle\n20.10.19, 10:17 - Ida: Kettle on?\n20.10.19, 10:17 - Ida: Kettle on?\n',
    '20.10.19, 10:17 - nobody speaks\n20.10.19, 10:17 - nobody speaks\n',
  ]) {
    assert.equal(whatsappExportReader.sniff(Buffer.from(text), 'chat.txt'), 0, text);
  }
});

test('any mutation: nothing thrown, counts add up, the same at every seam', async () => {
  const whole = fixture('android.txt');
  const put = fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes));
  const change = fc.record({ at: fc.nat(whole.length - 1), remove: fc.nat(40), put });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      let bytes: Buffer = Buffer.from(whole);
      for (const { at, remove, put: added } of changes) {
        bytes = Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + remove)]);
      }
      await readAtEverySeam(new Uint8Array(bytes), [13, 1_000_000]);
    }),
    { seed: 51, numRuns: 150 },
  );
});

test('every message of the corpus chats is read', { skip: corporaMissing }, async () => {
  const under = path.join(corpora, 'chat', 'whatsapp');
  const counts = JSON.parse(fs.readFileSync(path.join(corpora, 'expected_counts.json'), 'utf8'));
  for (const name of fs.readdirSync(under)) {
    const bytes = new Uint8Array(fs.readFileSync(path.join(under, name)));
    assert.ok(whatsappExportReader.sniff(bytes.subarray(0, 65_536), name) >= 0.7, name);
    const { tallies, rows } = await readAtEverySeam(bytes, [4096, 1_000_000]);
    // One message a line in these; the count of lines has a blank last one in it.
    const blank = Buffer.from(bytes).toString().endsWith('\n\n') ? 1 : 0;
    assert.equal(tallies[0]!.rows, counts[`chat/whatsapp/${name}`].lines - blank, name);
    assert.equal(rows.message!.length, tallies[0]!.read);
    assert.equal(rows.warning, undefined);
  }
});
