import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { errorLogReader } from '../../../src/intake/readers/error-log.ts';
import { assertGolden, goldenText } from '../../support/golden.ts';
import { readAll } from '../../support/read.ts';

const fixtures = path.join(import.meta.dirname, '..', '..', 'fixtures', 'web-log');

function fixture(name: string): Uint8Array {
  return new Uint8Array(fs.readFileSync(path.join(fixtures, name)));
}

async function readText(text: string) {
  return readAll(errorLogReader, new TextEncoder().encode(text));
}

for (const name of ['nginx-error.log', 'apache-error.log']) {
  test(`${name} gives the records of its golden file, whatever the pieces it comes in`, async () => {
    const bytes = fixture(name);
    const text = goldenText(await readAll(errorLogReader, bytes));
    assertGolden(`web-log/${name}.txt`, text);
    for (const chunkBytes of [1, 7, 4096]) {
      assert.equal(
        goldenText(await readAll(errorLogReader, bytes, { chunkBytes })),
        text,
        `${chunkBytes} bytes`,
      );
    }
    assert.ok(errorLogReader.sniff(bytes, 'no-hint') > 0.5);
  });
}

test('other text is not taken for an error log', () => {
  const access = fixture('access.log');
  assert.equal(errorLogReader.sniff(access, 'error.log'), 0);
  for (const text of [
    '',
    '\n',
    '2019/01/09 18:15:10 the seeds came\n',
    '[Fri Sep 09 10:42:29 2011] tea\n',
    '[error] tea\n',
  ]) {
    assert.equal(errorLogReader.sniff(new TextEncoder().encode(text), 'error.log'), 0, text);
  }
});

test('a record spans all lines of its entry, and its time fixes no moment', async () => {
  const entry = '2019/01/09 18:15:11 [error] 1#2: *3 first\n  second\n\nthird';
  const { rows, tallies } = await readText(`${entry}\n2019/01/09 18:15:12 [warn] 1#2: next\n\n`);
  const [first, next] = rows.event!;
  assert.deepEqual([first!.source_offset, first!.source_length], [0, entry.length]);
  assert.deepEqual([next!.source_offset, next!.source_length], [entry.length + 1, 36]);
  assert.equal(first!.text, 'first\n  second\nthird');
  assert.deepEqual([first!.time, first!.time_zone, first!.time_text], [null, null, '2019/01/09 18:15:11']);
  assert.deepEqual(tallies, [{ unit: 'lines', rows: 6, read: 4, skipped: { 'empty line': 2 } }]);
});

test('a client that visitors could have forged is not taken', async () => {
  const real = ', client: 192.0.2.1, server: garden.example';
  const forged = ', client: 203.0.113.9, server: garden.example';
  const cases: [string, string | null][] = [
    [`broken${real}, request: "GET / HTTP/1.1"`, '192.0.2.1'],
    [`broken${forged}${real}, request: "GET / HTTP/1.1"`, null],
    [`broken${real}, request: "GET /${forged} HTTP/1.1"`, null],
    [`broken${real}, request: "GET / HTTP/1.1", host: "garden.example", referrer: "x${forged}"`, null],
  ];
  for (const [message, ip] of cases) {
    const { rows } = await readText(`2019/01/09 18:15:11 [error] 1#2: *3 ${message}\n`);
    assert.equal(rows.event![0]!.ip, ip, message);
    assert.deepEqual(rows.warning?.map(({ code }) => code) ?? [], ip === null ? ['client-ambiguous'] : []);
  }
});

const good = Buffer.concat([fixture('nginx-error.log'), fixture('apache-error.log')]);
const mutation = fc.record({
  at: fc.nat(good.length - 1),
  remove: fc.nat(30),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc
      .constantFrom('"', '\n', '[', '] ', ', client: ', ', referrer: "', '\0', '\r')
      .map((text) => Buffer.from(text)),
  ),
});

test('damaged logs never throw, and every line is read or skipped', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      fc.nat(100),
      async (mutations, piece) => {
        let file = good;
        for (const { at, remove, insert } of mutations) {
          const from = Math.min(at, file.length);
          file = Buffer.concat([file.subarray(0, from), insert, file.subarray(from + remove)]);
        }
        const bytes = new Uint8Array(file);
        const result = await readAll(errorLogReader, bytes, { chunkBytes: piece + 1 });
        assert.deepEqual(await readAll(errorLogReader, bytes), result);
        const feeds = bytes.filter((byte) => byte === 0x0a).length;
        const { rows, read, skipped } = result.tallies[0]!;
        assert.equal(rows, feeds + (bytes.at(-1) === 0x0a ? 0 : 1));
        assert.equal(read + Object.values(skipped).reduce((sum, count) => sum + count, 0), rows);
      },
    ),
    { seed: 5, numRuns: 400 },
  );
});

const size = 1024 * 1024 - 200;
const adversarial: [string, string][] = [
  ['clients', `2019/01/09 18:15:11 [error] 1#2: ${', client: a, server: '.repeat(size / 21)}`],
  [
    'referrers',
    `2019/01/09 18:15:11 [error] 1#2: x, client: a, server: b${', referrer: "'.repeat(size / 13)}`,
  ],
  ['groups', `[Fri Sep 09 10:42:29 2011] [error] ${'[pid 1] '.repeat(size / 8)}`],
  ['referers', `[Fri Sep 09 10:42:29 2011] [error] ${', referer: '.repeat(size / 11)}`],
  ['further lines', `2019/01/09 18:15:11 [error] 1#2: x\n${'tea\n'.repeat(size / 4)}`],
  ['digits', '1'.repeat(size)],
];
for (const [name, text] of adversarial) {
  test(`a MiB of ${name} takes under a second`, async () => {
    const before = performance.now();
    await readText(text);
    assert.ok(performance.now() - before < 1000, `${performance.now() - before} ms`);
  });
}

test('an entry that is too long is cut off with a warning, and the next one is read', async () => {
  const line = `${'tea '.repeat(25_000)}\n`;
  const start = '2019/01/09 18:15:11 [error] 1#2: x\n';
  const { rows, tallies } = await readText(`${start}${line.repeat(12)}${start}`);
  assert.deepEqual(tallies, [{ unit: 'lines', rows: 14, read: 12, skipped: { 'entry too long': 2 } }]);
  assert.equal(rows.event!.length, 2);
  assert.equal(rows.warning!.length, 2);
});
