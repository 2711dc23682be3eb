import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { maxCheckpointBytes, parseCheckpoint, verifyCheckpoint } from '../../src/ledger/checkpoint.ts';
import { cosign, verifyCosignatures } from '../../src/ledger/cosignature.ts';
import { createKey, loadKey, parseVkey, parseWitnessKey } from '../../src/ledger/key.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { emptyRoot } from '../../src/ledger/merkle.ts';
import { formatOffer, parseOffer } from '../../src/ledger/offer.ts';
import { Witness } from '../../src/ledger/witness.ts';
import { entriesOf, filledLedger, key, origin, publishedPem, quickDisk, temporaryFolder } from './fixture.ts';

const seconds = 1_679_315_147;
const witnessKey = loadKey('office.example/witness', publishedPem, undefined, 'witness');

test('a cosignature is made as C2SP tlog-cosignature says: key type 4, time, the checkpoint’s own lines', () => {
  const public4 = Buffer.from(witnessKey.vkey.split('+').slice(2).join('+'), 'base64');
  assert.equal(public4[0], 4);
  const note = `${origin}\n12\n${emptyRoot().toString('base64')}\n\n— x AAAAAAAA\n`;
  const checkpoint = parseCheckpoint(note);
  const line = cosign(checkpoint, witnessKey, seconds);
  const bytes = Buffer.from(/^— office\.example\/witness (\S+)\n$/u.exec(line)![1]!, 'base64');
  assert.equal(bytes.length, 4 + 8 + 64);
  assert.deepEqual(bytes.subarray(0, 4), witnessKey.keyId);
  assert.equal(Number(bytes.readBigUInt64BE(4)), seconds);
  const said = `cosignature/v1\ntime ${seconds}\n${checkpoint.text}`;
  assert.ok(parseWitnessKey(witnessKey.vkey).verifies(said, bytes.subarray(12)));
  assert.throws(() => parseVkey(witnessKey.vkey), { code: 'usage' }, 'no log key');
  assert.throws(() => parseWitnessKey(key.vkey), { code: 'usage' }, 'no witness key');
});

test('cosignatures: strangers are ignored, a known witness’s must verify, the time is under it', () => {
  const checkpoint = parseCheckpoint(`${origin}\n12\n${emptyRoot().toString('base64')}\n\n— x AAAAAAAA\n`);
  const line = cosign(checkpoint, witnessKey, seconds);
  const known = [parseWitnessKey(witnessKey.vkey)];
  const read = (lines: string) => parseCheckpoint(`${checkpoint.text}\n— x AAAAAAAA\n${lines}`);
  assert.deepEqual(verifyCosignatures(read(line), known), [
    { witness: 'office.example/witness', keyId: witnessKey.keyId.toString('hex'), seconds },
  ]);
  assert.deepEqual(verifyCosignatures(read(line), []), []);
  const bytes = Buffer.from(line.split(' ')[2]!, 'base64');
  for (const at of [4, 11, 12, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1;
    const forged = read(`— office.example/witness ${changed.toString('base64')}\n`);
    assert.throws(() => verifyCosignatures(forged, known), { code: 'integrity' });
  }
  const short = read(`— office.example/witness ${bytes.subarray(0, 40).toString('base64')}\n`);
  assert.throws(() => verifyCosignatures(short, known), { code: 'integrity' });
  for (const time of [0, -1, 1.5, Number.NaN]) {
    assert.throws(() => cosign(checkpoint, witnessKey, time), { code: 'usage' });
  }
});

test('an offer is the body of a tlog-witness request, and is judged by its form', (context) => {
  const ledger = filledLedger(path.join(temporaryFolder(context), 'ledger'), 300, 100);
  const text = formatOffer(ledger, 100);
  const lines = text.split('\n');
  assert.equal(lines[0], 'old 100');
  assert.equal(lines.indexOf(''), 1 + ledger.proveConsistency(100).length);
  const { old, proof, note } = parseOffer(text);
  assert.deepEqual([old, proof, note], [100, ledger.proveConsistency(100), ledger.checkpoint]);
  assert.deepEqual(parseOffer(formatOffer(ledger, 0)).proof, []);
  const hash = `${emptyRoot().toString('base64')}\n`;
  for (const bad of [
    '',
    'old 1',
    text.replace('old 100', 'old 0100'),
    text.replace('old 100', 'old 9007199254740993'),
    text.replace('old 100', 'new 100'),
    `old 1\n${hash.repeat(64)}\n${ledger.checkpoint}`,
    `old 1\nAAAA\n\n${ledger.checkpoint}`,
    `old 1\n!\n\n${ledger.checkpoint}`,
    text + 'x'.repeat(2 * maxCheckpointBytes),
  ]) {
    assert.throws(() => parseOffer(bad), { code: 'unreadable' }, bad.slice(0, 60));
  }
  assert.throws(() => formatOffer(ledger, 301), { code: 'usage' });
});

test('a witness cosigns what extends what it cosigned last, and remembers it', (context) => {
  const folder = temporaryFolder(context);
  const ledger = filledLedger(path.join(folder, 'ledger'), 3);
  const made = Witness.init(path.join(folder, 'witness'), 'office.example/witness');
  assert.throws(() => Witness.init(path.join(folder, 'witness'), 'again'), { code: 'usage' });
  const known = [parseWitnessKey(made.vkey)];

  assert.throws(() => made.accept(formatOffer(ledger, 0), seconds), {
    code: 'usage',
    message: /not been seen/,
  });
  const first = made.accept(formatOffer(ledger, 0), seconds, key.vkey);
  assert.deepEqual([first.origin, first.before, first.size], [origin, 0, 3]);
  const checkpoint = verifyCheckpoint(first.note, [key.vkey], origin);
  assert.deepEqual(
    verifyCosignatures(checkpoint, known).map((each) => each.seconds),
    [seconds],
  );

  ledger.append(entriesOf(3, 700));
  const witness = Witness.open(path.join(folder, 'witness'));
  assert.throws(
    () => witness.accept(formatOffer(ledger, 0), seconds),
    /begins at 0 entries, 3 were cosigned/,
  );
  const second = witness.accept(formatOffer(ledger, 3), seconds + 60, key.vkey);
  assert.deepEqual([second.before, second.size], [3, 700]);
  assert.deepEqual(
    witness.witnessed(origin).map(({ size }) => size),
    [3, 700],
  );
  const again = witness.accept(formatOffer(ledger, 700), seconds + 120);
  assert.equal(again.note.match(/witness/g)?.length, 1, 'offered again, one line of ours');
  const carriedBack = witness.accept(`old 700\n\n${again.note}`, seconds + 180);
  assert.equal(
    carriedBack.note.match(/office\.example/g)?.length,
    1,
    'our earlier line gives way to the new one',
  );
  assert.deepEqual(witness.witnessed('another'), []);
});

test('a fork, a ledger cut short and another key are refused, and nothing is remembered of them', (context) => {
  const folder = temporaryFolder(context);
  const place = path.join(folder, 'ledger');
  const ledger = filledLedger(place, 3);
  const witness = Witness.init(path.join(folder, 'witness'), 'office.example/witness');
  fs.cpSync(place, path.join(folder, 'fork'), { recursive: true });
  fs.cpSync(place, path.join(folder, 'old'), { recursive: true });
  ledger.append(entriesOf(3, 10));
  witness.accept(formatOffer(ledger, 0), seconds, key.vkey);

  const cut = Ledger.open(path.join(folder, 'old'), { origin, key, disk: quickDisk });
  assert.throws(() => witness.accept(`old 10\n\n${cut.checkpoint}`, seconds), {
    code: 'integrity',
    message: /first bad index 3: 10 entries were cosigned here, 3 are left/,
  });
  const fork = Ledger.open(path.join(folder, 'fork'), { origin, key, disk: quickDisk });
  fork.append(entriesOf(100, 107));
  assert.throws(() => witness.accept(formatOffer(fork, 10), seconds), {
    code: 'integrity',
    message: /first bad index between 0 and 9: they are not the entries cosigned here/,
  });
  fork.append(entriesOf(107, 120));
  assert.throws(() => witness.accept(formatOffer(fork, 10), seconds), {
    code: 'integrity',
    message: /first bad index between 0 and 9: the proof does not extend/,
  });
  const other = createKey(origin);
  assert.throws(
    () => witness.accept(formatOffer(ledger, 10), seconds, other.vkey),
    /known here by another key/,
  );
  assert.throws(() => witness.accept(formatOffer(ledger, 10), seconds, 'nonsense'), { code: 'usage' });
  const strangers = Ledger.create(path.join(folder, 'stranger'), {
    origin,
    key: loadKey(origin, other.privatePem),
    disk: quickDisk,
  });
  assert.throws(
    () => witness.accept(`old 10\n\n${strangers.checkpoint}`, seconds),
    /not signed by a known key/,
  );
  assert.deepEqual(
    witness.witnessed(origin).map(({ size }) => size),
    [10],
  );
});

test('a witness whose files were changed does not open', (context) => {
  const folder = path.join(temporaryFolder(context), 'witness');
  assert.throws(() => Witness.open(folder), { code: 'not-found' });
  const { name, vkey } = Witness.init(folder, 'office.example/witness');
  const file = path.join(folder, 'witness.json');
  fs.writeFileSync(file, JSON.stringify({ name: 'somebody.else', vkey }));
  assert.throws(() => Witness.open(folder), { code: 'integrity' });
  for (const text of ['{', 'null', '7']) {
    fs.writeFileSync(file, text);
    assert.throws(() => Witness.open(folder), { code: 'unreadable' });
  }
  fs.writeFileSync(file, JSON.stringify({ name, vkey }));
  assert.equal(Witness.open(folder).vkey, vkey);
});
