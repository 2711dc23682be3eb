import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { frameEntry } from '../../src/ledger/bundle.ts';
import { check, maxProblems } from '../../src/ledger/check.ts';
import { signCheckpoint } from '../../src/ledger/checkpoint.ts';
import { readRegularFile } from '../../src/ledger/disk.ts';
import { encodeEntry } from '../../src/ledger/entry.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { emptyRoot, leafHash } from '../../src/ledger/merkle.ts';
import {
  entriesOf,
  entryNumber,
  filledLedger,
  key,
  origin,
  otherKey,
  snapshot,
  temporaryFolder,
} from './fixture.ts';

/** Writes bytes in place of a file, checks, and puts the file back. */
async function checkWith(folder: string, file: string, bytes: Uint8Array | null) {
  const full = path.join(folder, file);
  const before = fs.readFileSync(full);
  if (bytes === null) fs.rmSync(full);
  else fs.writeFileSync(full, bytes);
  const result = await check(folder, key.vkey);
  fs.writeFileSync(full, before);
  assert.equal(result.ok, result.problemCount === 0);
  return result;
}

function bytesOf(folder: string, file: string): Buffer {
  return fs.readFileSync(path.join(folder, file));
}

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

test('every byte of a small ledger: a flipped bit is found and its file named', async (context) => {
  const folder = temporaryFolder(context);
  filledLedger(folder, 3);
  const starts = [0, 1, 2].map((n) =>
    entriesOf(0, n)
      .map((each) => frameEntry(encodeEntry(each)).length)
      .reduce((a, b) => a + b, 0),
  );
  for (const file of Object.keys(snapshot(folder))) {
    const bytes = bytesOf(folder, file);
    for (let at = 0; at < bytes.length; at++) {
      const result = await checkWith(folder, file, flipped(bytes, at * 8 + (at % 8)));
      assert.ok(!result.ok, `${file} byte ${at}`);
      assert.equal(result.problems[0]!.file, file, `byte ${at}`);
      if (file.startsWith('tile/entries')) {
        assert.equal(
          result.firstBadIndex,
          starts.findLastIndex((start) => start <= at),
          `byte ${at}`,
        );
      } else if (file.startsWith('tile/0')) {
        assert.deepEqual(
          result.problems.map(({ index }) => index),
          [Math.floor(at / 32)],
        );
      }
    }
  }
  assert.ok((await check(folder, key.vkey)).ok);
});

test('a ledger with three levels of tiles: bits anywhere, and every file cut, doubled, gone', async (context) => {
  const folder = temporaryFolder(context);
  filledLedger(folder, 65_536 + 300);
  const files = Object.keys(snapshot(folder)).filter((file) => /checkpoint|tile\/[12]|\/25[67]/.test(file));
  assert.deepEqual(
    files.filter((file) => !file.startsWith('tile/entries') && !file.startsWith('tile/0')),
    ['checkpoint', 'tile/1/000', 'tile/1/001.p/1', 'tile/2/000.p/1'],
  );
  for (const [i, file] of files.entries()) {
    const bytes = bytesOf(folder, file);
    const bit = (i * 7919 * 8 + 13 * i) % (bytes.length * 8);
    const flip = await checkWith(folder, file, flipped(bytes, bit));
    assert.equal(flip.problems[0]?.file, file);
    if (/^tile\/[012]/.test(file)) {
      const [, level, index] = /^tile\/(\d)\/(\d{3})/.exec(file)!;
      const hash = Number(index) * 256 + Math.floor(bit / 256);
      assert.equal(flip.firstBadIndex, hash * 256 ** Number(level), file);
      assert.equal(flip.problemCount, 1);
    }
    if (i % 3 !== 0) continue;
    for (const other of [bytes.subarray(0, -1), Buffer.alloc(0), Buffer.concat([bytes, bytes]), null]) {
      const result = await checkWith(folder, file, other);
      assert.ok(!result.ok && result.problems[0]!.file === file, `${file} ${other?.length}`);
    }
  }
  assert.ok((await check(folder, key.vkey)).ok);
});

test('which of entry and leaf hash was changed is told apart at the edge and below full tiles', async (context) => {
  const folder = temporaryFolder(context);
  filledLedger(folder, 600);
  const place = fc.record({ at: fc.nat(), bit: fc.nat() });
  await fc.assert(
    fc.asyncProperty(place, async ({ at, bit }) => {
      const files = Object.keys(snapshot(folder));
      const file = files[at % files.length]!;
      const bytes = bytesOf(folder, file);
      const result = await checkWith(folder, file, flipped(bytes, bit % (bytes.length * 8)));
      const named = new Set(result.problems.map((problem) => problem.file));
      if (file === 'checkpoint') assert.equal(result.problems[0]!.file, file);
      else assert.deepEqual([...named], [file]);
    }),
    { seed: 5, numRuns: 150 },
  );
});

test('entry and leaf hash changed together do not hash to the signed root', async (context) => {
  for (const size of [3, 256, 300]) {
    const folder = temporaryFolder(context);
    filledLedger(folder, size);
    const forged = temporaryFolder(context);
    const entries = entriesOf(0, size).with(2, entryNumber(2000));
    Ledger.create(forged, { origin, key: otherKey() });
    fs.rmSync(path.join(forged, 'checkpoint'));
    Ledger.create(forged, { origin, key }).append(entries);
    fs.cpSync(path.join(folder, 'checkpoint'), path.join(forged, 'checkpoint'));
    const result = await check(forged, key.vkey);
    assert.deepEqual(result.problems, [
      { what: 'the entries do not hash to the root that was signed', file: 'checkpoint' },
    ]);
  }
});

test('with every place but one level in agreement, that level is named', async (context) => {
  const folder = temporaryFolder(context);
  filledLedger(folder, 300);
  const bundle = bytesOf(folder, 'tile/entries/000');
  const forged = frameEntry(encodeEntry(entryNumber(5)));
  const start = entriesOf(0, 5).reduce((sum, each) => sum + frameEntry(encodeEntry(each)).length, 0);
  forged[forged.indexOf('coffee') + 2] = 0x67;
  forged.copy(bundle, start);
  const tile = bytesOf(folder, 'tile/0/000');
  leafHash(forged.subarray(2)).copy(tile, 5 * 32);
  fs.writeFileSync(path.join(folder, 'tile/0/000'), tile);
  const result = await checkWith(folder, 'tile/entries/000', bundle);
  assert.deepEqual(
    result.problems.map(({ file, index }) => [file, index]),
    [
      ['tile/1/000.p/1', 0],
      ['checkpoint', undefined],
    ],
  );
});

test('a leaf hash is judged even when the tile above is unreadable', async (context) => {
  const folder = temporaryFolder(context);
  filledLedger(folder, 300);
  fs.rmSync(path.join(folder, 'tile/1/000.p/1'));
  const result = await checkWith(folder, 'tile/0/000', flipped(bytesOf(folder, 'tile/0/000'), 2561));
  assert.deepEqual(
    result.problems.map(({ file, index }) => [file, index]),
    [
      ['tile/0/000', 10],
      ['tile/1/000.p/1', 0],
    ],
  );
});

test('a dropped tail', async (context) => {
  const folder = temporaryFolder(context);
  const ledger = filledLedger(folder, 700);
  for (const file of ['tile/entries/002.p/188', 'tile/0/002.p/188']) fs.rmSync(path.join(folder, file));
  const result = await check(folder, key.vkey);
  assert.equal(result.firstBadIndex, 512);
  assert.deepEqual(result.problems.at(-1), {
    what: 'entries 512 to 699 could not be checked',
    file: 'checkpoint',
    index: 512,
  });
  const shorter = temporaryFolder(context);
  filledLedger(shorter, 512);
  assert.ok((await check(shorter, key.vkey)).ok, 'alone it looks whole');
  const witnessed = await check(shorter, key.vkey, { witness: [ledger.checkpoint] });
  assert.deepEqual(witnessed.problems, [
    { what: '700 entries were witnessed, 512 are left', file: 'witness 1', index: 512 },
  ]);
});

test('a fork is found with earlier checkpoints, and the range it began in is named', async (context) => {
  const folder = temporaryFolder(context);
  const ledger = Ledger.create(folder, { origin, key });
  const notes: string[] = [];
  for (const size of [0, 100, 256, 400, 500]) {
    ledger.append(entriesOf(ledger.size, size));
    notes.push(ledger.checkpoint);
  }
  const witness = notes.toReversed();
  assert.ok((await check(folder, key.vkey, { witness })).ok);
  const fork = temporaryFolder(context);
  filledLedger(fork, 300).append(entriesOf(1300, 1700));
  const result = await check(fork, key.vkey, { witness });
  assert.deepEqual(result.problems, [
    { what: 'entries 256 to 399 are not those witnessed', file: 'witness 2', index: 256 },
    { what: 'entries 256 to 499 are not those witnessed', file: 'witness 1', index: 256 },
  ]);
  const foreign = signCheckpoint({ origin, size: 100, root: emptyRoot() }, otherKey());
  const unsigned = await check(folder, key.vkey, { witness: ['', foreign] });
  assert.deepEqual(
    unsigned.problems.map(({ file }) => file),
    ['witness 1', 'witness 2'],
  );
});

test('a checkpoint of another key, another ledger, or none', async (context) => {
  const folder = temporaryFolder(context);
  filledLedger(folder, 5);
  const stranger = await check(folder, otherKey().vkey);
  assert.deepEqual(stranger.problems, [
    { what: 'the checkpoint is not signed by a known key', file: 'checkpoint' },
  ]);
  assert.equal(stranger.size, 5);
  assert.ok((await check(folder, [otherKey().vkey, key.vkey])).ok);
  const elsewhere = await check(folder, key.vkey, { origin: 'unit.example/another' });
  assert.deepEqual(elsewhere.problems, [
    { what: 'the checkpoint belongs to another ledger', file: 'checkpoint' },
  ]);
  fs.rmSync(path.join(folder, 'checkpoint'));
  const none = await check(folder, key.vkey);
  assert.equal(none.problems[0]!.what, 'is missing');
  assert.deepEqual([none.ok, none.origin, none.size, none.root], [false, null, null, null]);
  assert.equal(none.problemCount, 1, 'there is nothing to compare the rest with');
  const nowhere = await check(path.join(folder, 'none'), key.vkey);
  assert.deepEqual([nowhere.ok, nowhere.problemCount], [false, 1]);
  await assert.rejects(check(folder, 'nonsense'), { code: 'usage' });
  await assert.rejects(check(folder, []), { code: 'usage' });
});

test('files too many, links, folders and giants in place of files', async (context) => {
  const folder = temporaryFolder(context);
  filledLedger(folder, 5);
  for (const file of ['notes.txt', 'checkpoint.tmp', 'tile/0/000', 'tile/0/000.p/4', 'tile/1/000.p/1']) {
    fs.mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), 'x');
    const result = await check(folder, key.vkey);
    assert.deepEqual(
      result.problems.map((problem) => problem.file),
      [file],
    );
    fs.rmSync(path.join(folder, file));
  }
  const bundle = path.join(folder, 'tile/entries/000.p/5');
  fs.truncateSync(bundle, 20_000_000);
  assert.equal((await check(folder, key.vkey)).problems[0]!.what, 'is longer than possible');
  fs.rmSync(bundle);
  fs.mkdirSync(bundle);
  assert.equal((await check(folder, key.vkey)).problems[0]!.what, 'is not a regular file');
  fs.rmdirSync(bundle);
  if (process.platform === 'win32') return;
  fs.symlinkSync('/dev/zero', bundle);
  assert.equal((await check(folder, key.vkey)).problems[0]!.what, 'is not a regular file');
});

test('a regular file that the disk refuses to read', { skip: process.platform !== 'linux' }, () => {
  const read = () => readRegularFile('/proc/self', 'mem', 100);
  assert.throws(read, { code: 'storage', where: 'mem', message: 'could not be read' });
});

test('problems beyond a cap are counted, and the smallest index is known all the same', async (context) => {
  const folder = temporaryFolder(context);
  filledLedger(folder, 200);
  for (let i = 0; i < maxProblems + 50; i++) fs.writeFileSync(path.join(folder, `notes-${i}`), '');
  const result = await check(folder, key.vkey);
  assert.equal(result.problems.length, maxProblems);
  assert.equal(result.problemCount, maxProblems + 50);
});

test('entries that no encoder wrote are named even when their hashes agree', async (context) => {
  const folder = temporaryFolder(context);
  const entry = Buffer.from('{"text":"tulips"}');
  const root = leafHash(entry);
  for (const [file, bytes] of [
    ['checkpoint', Buffer.from(signCheckpoint({ origin, size: 1, root }, key))],
    ['tile/0/000.p/1', root],
    ['tile/entries/000.p/1', frameEntry(entry)],
  ] as const) {
    fs.mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), bytes);
  }
  const result = await check(folder, key.vkey);
  assert.deepEqual(result.problems, [
    {
      what: 'not a ledger entry: an entry has exactly action, actor, facts, objects, time',
      file: 'tile/entries/000.p/1',
      index: 0,
    },
  ]);
});
