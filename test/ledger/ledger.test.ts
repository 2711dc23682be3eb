import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { check } from '../../src/ledger/check.ts';
import { signCheckpoint } from '../../src/ledger/checkpoint.ts';
import { encodeEntry } from '../../src/ledger/entry.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { emptyRoot, leafHash, verifyConsistency, verifyInclusion } from '../../src/ledger/merkle.ts';
import { formatProof, verifyProof } from '../../src/ledger/proof.ts';
import { LedgerReader } from '../../src/ledger/reader.ts';
import {
  entriesOf,
  entryNumber,
  filledLedger,
  key,
  origin,
  otherKey,
  quickDisk,
  snapshot,
  temporaryFolder,
} from './fixture.ts';

const options = { origin, key, disk: quickDisk };
const identity = { origin, vkeys: [key.vkey] };

test('a new ledger is empty, signed and opened again', async (context) => {
  const folder = path.join(temporaryFolder(context), 'a', 'ledger');
  const ledger = Ledger.create(folder, { origin, key });
  assert.equal(ledger.size, 0);
  assert.deepEqual(ledger.root, emptyRoot());
  assert.equal(ledger.checkpoint, signCheckpoint({ origin, size: 0, root: emptyRoot() }, key));
  assert.deepEqual([...ledger.entries()], []);
  assert.deepEqual(ledger.append([]), { first: 0, size: 0 });
  assert.deepEqual(Object.keys(snapshot(folder)), ['checkpoint']);
  assert.deepEqual(Ledger.open(folder, options).repair, { files: [], droppedEntries: 0 });
  assert.deepEqual(await check(folder, key.vkey), {
    ok: true,
    origin,
    size: 0,
    root: emptyRoot(),
    firstBadIndex: null,
    problems: [],
    problemCount: 0,
  });
});

test('a ledger begins only where there is nothing, and opens only where there is one', (context) => {
  const folder = temporaryFolder(context);
  assert.throws(() => Ledger.open(folder, options), { code: 'not-found' });
  assert.throws(() => Ledger.open(path.join(folder, 'none'), options), { code: 'not-found' });
  fs.writeFileSync(path.join(folder, 'checkpoint.tmp'), 'cut o');
  Ledger.create(folder, options);
  assert.throws(() => Ledger.create(folder, options), { code: 'usage' });
  assert.throws(() => Ledger.open(folder, { origin: 'another', key }), { code: 'integrity' });
  assert.throws(() => Ledger.open(folder, { origin, key: otherKey() }), { code: 'integrity' });
});

test('the bytes on disk do not depend on how entries were batched or on reopening', (context) => {
  const whole = temporaryFolder(context);
  filledLedger(whole, 600);
  const expected = snapshot(whole);
  assert.deepEqual(Object.keys(expected), [
    'checkpoint',
    'tile/0/000',
    'tile/0/001',
    'tile/0/002.p/88',
    'tile/1/000.p/2',
    'tile/entries/000',
    'tile/entries/001',
    'tile/entries/002.p/88',
  ]);
  assert.equal(expected['tile/0/000']!.length, 8192);
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 599 }), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, (list) => {
      const folder = fs.mkdtempSync(path.join(whole, '..', 'waymark-ledger-'));
      context.after(() => fs.rmSync(folder, { recursive: true }));
      let ledger = Ledger.create(folder, options);
      let from = 0;
      for (const to of [...list.sort((a, b) => a - b), 600]) {
        assert.deepEqual(ledger.append(entriesOf(from, to)), { first: from, size: to });
        if (to % 2 === 0) ledger = Ledger.open(folder, options);
        from = to;
      }
      assert.deepEqual(snapshot(folder), expected);
    }),
    { seed: 4, numRuns: 12 },
  );
});

test('70,000 entries in one batch: the files the specification counts', async (context) => {
  const folder = temporaryFolder(context);
  filledLedger(folder, 70_000);
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = files
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  const under = (prefix: string): number => paths.filter((file) => file.startsWith(prefix)).length;
  assert.deepEqual(['tile/entries/', 'tile/0/', 'tile/1/', 'tile/2/'].map(under), [274, 274, 2, 1]);
  assert.equal(paths.length, 274 + 274 + 2 + 1 + 1);
  assert.equal(fs.statSync(path.join(folder, 'tile/0/273.p/112')).size, 112 * 32);
  assert.equal(fs.statSync(path.join(folder, 'tile/1/001.p/17')).size, 17 * 32);
  const seen: number[] = [];
  const result = await check(folder, key.vkey, { onProgress: (done) => seen.push(done) });
  assert.deepEqual([result.ok, result.size], [true, 70_000]);
  assert.equal(seen.at(-1), 70_000);
  const ledger = new LedgerReader(folder, identity);
  assert.deepEqual(
    [...ledger.entries(65_530, 65_540)].map(({ entry }) => entry.facts.number),
    Array.from({ length: 10 }, (_, i) => 65_530 + i),
  );
  for (const index of [0, 255, 256, 65_535, 65_536, 69_999]) {
    const leaf = leafHash(encodeEntry(entryNumber(index)));
    for (const size of [70_000, 69_889, 65_537, 65_536, 257, 1].filter((each) => each > index)) {
      const proof = ledger.proveInclusion(index, size);
      assert.ok(verifyInclusion(leaf, index, size, ledger.rootAt(size), proof), `${index} in ${size}`);
    }
  }
});

test('any two sizes are consistent, and each earlier root is the checkpoint of that time', (context) => {
  const folder = temporaryFolder(context);
  const ledger = Ledger.create(folder, options);
  const roots: Buffer[] = [ledger.root];
  for (let number = 0; number < 530; number++) {
    ledger.append([entryNumber(number)]);
    roots.push(ledger.root);
  }
  const size = fc.integer({ min: 0, max: 530 });
  fc.assert(
    fc.property(size, size, (a, b) => {
      const [first, second] = [Math.min(a, b), Math.max(a, b)];
      const proof = ledger.proveConsistency(first, second);
      assert.deepEqual(ledger.rootAt(first), roots[first]);
      assert.ok(verifyConsistency(first, roots[first]!, second, roots[second]!, proof));
      if (first === second || first === 0) return;
      assert.ok(!verifyConsistency(first, roots[first - 1]!, second, roots[second]!, proof));
      assert.ok(!verifyConsistency(first, roots[first]!, second, roots[second - 1]!, proof));
    }),
    { seed: 9162, numRuns: 300 },
  );
});

test('ranges outside the ledger are refused', (context) => {
  const ledger = filledLedger(temporaryFolder(context), 3);
  for (const [from, to] of [
    [-1, 2],
    [2, 1],
    [0, 4],
    [0.5, 2],
    [0, 2.5],
  ] as const) {
    assert.throws(() => [...ledger.entries(from, to)], { code: 'usage' });
    assert.throws(() => ledger.proveConsistency(from, to), { code: 'usage' });
  }
  assert.throws(() => ledger.proveInclusion(3), { code: 'usage' });
  assert.throws(() => ledger.proveInclusion(2, 2), { code: 'usage' });
  assert.throws(() => ledger.proveInclusion(0, 4), { code: 'usage' });
  assert.throws(() => ledger.rootAt(4), { code: 'usage' });
  assert.deepEqual(
    [...ledger.entries(1, 2)].map(({ index }) => index),
    [1],
  );
});

test('an invalid entry leaves the ledger as it was', (context) => {
  const folder = temporaryFolder(context);
  const ledger = filledLedger(folder, 3);
  const before = snapshot(folder);
  const bad = { ...entryNumber(4), actor: 'a keen gardener' };
  assert.throws(() => ledger.append([entryNumber(3), bad]), { code: 'usage' });
  assert.deepEqual(snapshot(folder), before);
  assert.deepEqual(ledger.append([entryNumber(3)]), { first: 3, size: 4 });
});

test('a second writer is found before it signs another history', async (context) => {
  const folder = temporaryFolder(context);
  const one = filledLedger(folder, 3);
  const two = Ledger.open(folder, options);
  one.append([entryNumber(3)]);
  assert.throws(() => two.append([entryNumber(99)]), { code: 'busy' });
  assert.throws(() => two.append([entryNumber(99)]), { code: 'storage' });
  assert.deepEqual(one.append([entryNumber(4)]), { first: 4, size: 5 });
  assert.ok((await check(folder, key.vkey)).ok);
});

test('opening refuses a changed right edge and changes nothing', (context) => {
  const folder = temporaryFolder(context);
  filledLedger(folder, 300);
  for (const file of ['tile/entries/001.p/44', 'tile/0/001.p/44', 'tile/1/000.p/1']) {
    const full = path.join(folder, file);
    const bytes = fs.readFileSync(full);
    const spoil = [bytes.with(bytes.length - 1, 0x00), bytes.subarray(1), Buffer.concat([bytes, bytes])];
    for (const spoilt of spoil) {
      fs.writeFileSync(full, spoilt);
      const before = snapshot(folder);
      assert.throws(() => Ledger.open(folder, options), { code: 'integrity' }, file);
      assert.deepEqual(snapshot(folder), before);
    }
    fs.rmSync(full);
    assert.throws(() => Ledger.open(folder, options), { code: 'integrity' });
    fs.writeFileSync(full, bytes);
  }
  fs.appendFileSync(path.join(folder, 'checkpoint'), Buffer.of(0xff));
  assert.throws(() => Ledger.open(folder, options), { code: 'unreadable' });
});

test('opening with witnessed checkpoints refuses a ledger that does not extend them', (context) => {
  const folder = temporaryFolder(context);
  const ledger = filledLedger(folder, 300);
  const witnessed = ledger.checkpoint;
  const copy = path.join(temporaryFolder(context), 'copy');
  fs.cpSync(folder, copy, { recursive: true });
  ledger.append(entriesOf(300, 700));
  assert.equal(Ledger.open(folder, { ...options, witness: [witnessed] }).size, 700);
  const later = ledger.checkpoint;
  assert.throws(() => Ledger.open(copy, { ...options, witness: [later] }), {
    code: 'integrity',
    message: /does not extend its checkpoint of 700/,
  });
  const fork = Ledger.open(copy, options);
  fork.append(entriesOf(1300, 1800));
  assert.throws(() => Ledger.open(copy, { ...options, witness: [later] }), { code: 'integrity' });
  assert.throws(() => Ledger.open(folder, { ...options, witness: ['no checkpoint'] }), { code: 'integrity' });
});

test('a change of key: the last checkpoint of the old key is accepted, the next is signed by the new', (context) => {
  const folder = temporaryFolder(context);
  filledLedger(folder, 3);
  const next = otherKey();
  const ledger = Ledger.open(folder, { origin, key: next, earlierVkeys: [key.vkey] });
  ledger.append([entryNumber(3)]);
  assert.equal(new LedgerReader(folder, { origin, vkeys: [next.vkey] }).size, 4);
  assert.throws(() => new LedgerReader(folder, identity), { code: 'integrity' });
});

test('reading finds a changed entry', (context) => {
  const folder = temporaryFolder(context);
  const ledger = filledLedger(folder, 30);
  const file = path.join(folder, 'tile/entries/000.p/30');
  const bytes = fs.readFileSync(file);
  bytes[bytes.indexOf('exhibit:17') + 8] = 0x39;
  fs.writeFileSync(file, bytes);
  assert.throws(() => [...ledger.entries()], { code: 'integrity', message: /entry 17 / });
  assert.equal([...ledger.entries(18)].length, 12);
  fs.truncateSync(file, 100);
  assert.throws(() => [...ledger.entries()], { code: 'integrity' });
});

test('a proof text verifies offline, for its entry, ledger and key alone', (context) => {
  const ledger = filledLedger(temporaryFolder(context), 300);
  for (const index of [0, 17, 256, 299]) {
    const proof = formatProof(ledger, index);
    const entry = encodeEntry(entryNumber(index));
    assert.deepEqual(verifyProof(proof, entry, identity), { index, size: 300 });
    const withExtra = proof.replace('\nindex', '\nextra AAAA\nindex');
    assert.deepEqual(verifyProof(withExtra, entry, identity), { index, size: 300 });
    const refused = (text: string, bytes = entry, who = identity): void =>
      assert.throws(() => verifyProof(text, bytes, who), { code: 'integrity' });
    refused(proof, encodeEntry(entryNumber(index + 1)));
    refused(proof, entry, { origin: 'another', vkeys: [key.vkey] });
    refused(proof, entry, { origin, vkeys: [otherKey().vkey] });
    refused(proof.replace('@v1', '@v2'));
    refused(proof.replace(/index .*/, 'index 01'));
    refused(proof.replace(/index .*\n/, ''));
    refused(proof.replace(/\n\n/, '\n'));
    refused(proof.replace(`index ${index}`, `index ${index + 1}`));
    refused(proof.replace('\n\n', '\nnot base64\n\n'));
    refused(proof.replace('\n\n', `${'\nAAAA'.repeat(60)}\n\n`));
    refused(proof + 'x'.repeat(300_000));
    refused(proof, Buffer.alloc(65_536));
    refused('');
    refused('c2sp.org/tlog-proof@v1\n\n');
    for (let at = 0; at < proof.indexOf('\n\n'); at++) {
      refused(`${proof.slice(0, at)}${proof[at] === 'B' ? 'C' : 'B'}${proof.slice(at + 1)}`);
    }
  }
});
