/** A large log read in shares, several at once, is the log. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { limits } from '../../src/base/limits.ts';
import { Slots } from '../../src/base/slots.ts';
import { readExhibit } from '../../src/intake/read-exhibit.ts';
import { accessLogReader } from '../../src/intake/readers/access-log.ts';
import { sharesOf } from '../../src/intake/shares.ts';
import { bytesOfBuffer, linesWithin } from '../../src/intake/unpack.ts';
import { Vault } from '../../src/store/vault.ts';
import { readAll } from '../support/read.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);

const line = (second: number, path: string) =>
  `192.0.2.${second % 200} - - [06/Jan/2019:08:${String(Math.floor(second / 60) % 60).padStart(2, '0')}:${String(second % 60).padStart(2, '0')} +0000] "GET ${path} HTTP/1.1" 200 512 "-" "Bird/1.0"`;

async function linesOf(bytes: Buffer, from: number, to: number) {
  const file = linesWithin(bytesOfBuffer(bytes), { from, to });
  const pieces: Uint8Array[] = [];
  for await (const piece of file.chunks()) pieces.push(piece);
  const text = Buffer.concat(pieces);
  assert.equal(text.length, file.size);
  return { from: file.from, bytes: text };
}

test('shares are of one size, their number a power of two that rests on the size alone', () => {
  const count = (bytes: number) => sharesOf(bytes, limits.shareBytes).length;
  const mebibytes = (n: number) => n * 1024 * 1024;
  assert.deepEqual([0, 1, mebibytes(255)].map(count), [1, 1, 1]);
  assert.deepEqual([mebibytes(256), mebibytes(511), mebibytes(512)].map(count), [2, 2, 4]);
  assert.equal(count(mebibytes(1_000_000)), limits.maxShares);
  const shares = sharesOf(1003, 100);
  assert.equal(shares.length, 8);
  assert.deepEqual([shares[0]!.from, shares.at(-1)!.to], [0, 1003]);
  for (const [i, { from }] of shares.slice(1).entries()) assert.equal(from, shares[i]!.to);
});

test('every line is in exactly one share, whole, wherever the shares are cut', async () => {
  const text = fc.array(fc.constantFrom('\n', 'a', 'bc', '\r\n', '\0'), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 20 }), async (parts, size) => {
      const bytes = Buffer.from(parts.join(''));
      const shares = await Promise.all(
        sharesOf(bytes.length, size).map(({ from, to }) => linesOf(bytes, from, to)),
      );
      assert.deepEqual(Buffer.concat(shares.map((share) => share.bytes)), bytes);
      for (const { from, bytes: held } of shares) {
        if (held.length === 0) continue;
        assert.ok(from === 0 || bytes[from - 1] === 0x0a);
        assert.deepEqual(bytes.subarray(from, from + held.length), held);
      }
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('shares of a log give the rows and the counts that the whole log gives', async () => {
  const some = fc.oneof(
    fc.integer({ min: 0, max: 3599 }).map((second) => line(second, '/viewtopic.php?t=3')),
    fc.constantFrom('', 'no line of a log', '# a remark', `\0\0\0${line(7, '/')}`, '192.0.2.1 - - [cut'),
  );
  const log = fc.tuple(fc.array(some, { maxLength: 40 }), fc.constantFrom('\n', '\r\n'));
  await fc.assert(
    fc.asyncProperty(log, fc.integer({ min: 1, max: 900 }), async ([lines, end], size) => {
      const bytes = Buffer.from(lines.map((each) => each + end).join(''));
      const whole = await readAll(accessLogReader, bytes);
      const rows: Record<string, unknown[]> = {};
      const tallies = { rows: 0, read: 0 };
      let warnings = 0;
      for (const { from, to } of sharesOf(bytes.length, size)) {
        const share = await linesOf(bytes, from, to);
        const part = await readAll(accessLogReader, share.bytes, { from: share.from });
        for (const [table, found] of Object.entries(part.rows)) (rows[table] ??= []).push(...found);
        for (const tally of part.tallies) {
          tallies.rows += tally.rows;
          tallies.read += tally.read;
        }
        warnings += part.warnings;
      }
      assert.deepEqual(rows, whole.rows);
      assert.equal(warnings, whole.warnings);
      const sum = { rows: whole.tallies[0]?.rows ?? 0, read: whole.tallies[0]?.read ?? 0 };
      assert.deepEqual(tallies, sum);
    }),
    { seed: 2, numRuns: 200 },
  );
});

/** Puts a file into a new vault and reads it; digests of what the lake then holds, by file. */
async function reading(name: string, text: string, shareBytes: number, atOnce: number) {
  const operation = path.join(folder, `${name}-${shareBytes}-${atOnce}`);
  fs.mkdirSync(path.join(operation, 'tmp'), { recursive: true });
  const source = path.join(operation, 'access.log');
  fs.writeFileSync(source, text);
  const vault = new Vault(path.join(operation, 'vault'), path.join(operation, 'tmp'));
  const file = { path: '', name: 'access.log', ...(await vault.add(source)) };
  let told = 0;
  const progress = (bytes: number) => {
    told += bytes;
  };
  const pace = { slots: new Slots(atOnce), shareBytes };
  const { lake, ...summary } = await readExhibit(operation, vault, 'e', [file], progress, pace);
  assert.deepEqual(fs.readdirSync(path.join(operation, 'tmp')), []);
  assert.ok(told >= file.bytes, 'progress says less than was read');
  return { summary, files: lake.map(({ path, rows, sha256 }) => ({ path, rows, sha256 })) };
}

const log = `${Array.from({ length: 40_000 }, (_, i) => line(i, `/viewtopic.php?t=${i}`)).join('\n')}\n`;

test('a log is read in shares by sandboxes, to the same bytes however many there are at once', async () => {
  const [one, three] = [await reading('log', log, 1 << 20, 1), await reading('log', log, 1 << 20, 3)];
  assert.deepEqual(one, three);
  const whole = await reading('log', log, limits.shareBytes, 1);
  assert.deepEqual(one.summary, whole.summary);
  assert.deepEqual(
    one.files.map((file) => file.path),
    [0, 1, 2, 3].map((part) => `lake/event/exhibit=e/part-${part}.parquet`),
  );
  assert.equal(
    one.files.reduce((sum, { rows }) => sum + rows, 0),
    40_000,
  );
  assert.deepEqual(
    whole.files.map((file) => file.path),
    ['lake/event/exhibit=e/part-0.parquet'],
  );
});

test('a log whose later lines rest on one before them is read as a whole', async () => {
  const fields = '#Fields: date time c-ip cs-method cs-uri-stem sc-status';
  const iis = Array.from({ length: 2_000 }, (_, i) => `2019-01-06 08:00:00 192.0.2.${i % 200} GET /a 200`);
  const text = [
    log
      .slice(0, log.length / 2)
      .split('\n')
      .slice(0, -1)
      .join('\n'),
    fields,
    ...iis,
    '',
  ].join('\n');
  const whole = await reading('turning', text, limits.shareBytes, 1);
  const shared = await reading('turning', text, 1 << 20, 2);
  assert.deepEqual(shared, whole);
  assert.equal(whole.summary.counts.event, text.split('\n').length - 2);
});

test('what is packed, or begins with the fields of its lines, is not read in shares', async () => {
  const fields = '#Fields: date time c-ip cs-method cs-uri-stem sc-status\n';
  const iis = fields + '2019-01-06 08:00:00 192.0.2.7 GET /a 200\n'.repeat(120_000);
  assert.ok(iis.length > limits.maxInlineFileBytes);
  const { files, summary } = await reading('iis', iis, 1 << 20, 2);
  assert.deepEqual(
    files.map((file) => file.path),
    ['lake/event/exhibit=e/part-0.parquet'],
  );
  assert.equal(summary.counts.event, 120_000);
});
