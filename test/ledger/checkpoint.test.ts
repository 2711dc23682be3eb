import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import {
  maxCheckpointBytes,
  parseCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from '../../src/ledger/checkpoint.ts';
import { createKey, loadKey, parseVkey, readKeyFile, writeKeyFile } from '../../src/ledger/key.ts';
import { emptyRoot } from '../../src/ledger/merkle.ts';
import { key, origin, otherKey, publishedPem, temporaryFolder } from './fixture.ts';

const root = emptyRoot();
const note = signCheckpoint({ origin, size: 12, root }, key);

test('the example note of the Go note package verifies', () => {
  const published = parseVkey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
  const text =
    'If you think cryptography is the answer to your problem,\n' +
    "then you don't know what your problem is.\n";
  const signature = Buffer.from(
    'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=',
    'base64',
  );
  assert.deepEqual(signature.subarray(0, 4), published.keyId);
  assert.ok(published.verifies(text, signature.subarray(4)));
  assert.ok(!published.verifies(`${text} `, signature.subarray(4)));
});

test('the key of RFC 8032 gives its published public half', () => {
  const encoded = Buffer.from(key.vkey.split('+').slice(2).join('+'), 'base64').toString('hex');
  assert.equal(encoded, '01d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
});

test('a checkpoint, spelled out', () => {
  const lines = note.split('\n');
  assert.deepEqual(lines.slice(0, 4), [origin, '12', root.toString('base64'), '']);
  assert.equal(lines.length, 6);
  assert.match(lines[4]!, /^— unit\.example\/operation-bicycle [A-Za-z0-9+/]{91}=$/);
  const { size, root: read } = verifyCheckpoint(note, [key.vkey], origin);
  assert.deepEqual([size, read], [12, root]);
});

test('any changed bit of a checkpoint is refused', () => {
  const bytes = Buffer.from(note);
  for (let at = 0; at < bytes.length * 8; at++) {
    const copy = Buffer.from(bytes);
    copy[at >> 3]! ^= 1 << (at & 7);
    assert.throws(() => verifyCheckpoint(copy.toString(), [key.vkey], origin), { code: 'integrity' });
  }
});

test('signatures of unknown keys are ignored; a bad one of a known key rejects the note', () => {
  const other = otherKey('witness.example/1');
  const line = signCheckpoint({ origin, size: 12, root }, other).split('\n').at(-2)!;
  const both = `${note}${line}\n`;
  assert.equal(verifyCheckpoint(both, [key.vkey], origin).size, 12);
  assert.equal(verifyCheckpoint(both, [other.vkey, key.vkey], origin).signatures.length, 2);
  const wrong = signCheckpoint({ origin, size: 13, root }, other).split('\n').at(-2)!;
  assert.throws(() => verifyCheckpoint(`${note}${wrong}\n`, [key.vkey, other.vkey], origin), {
    code: 'integrity',
    message: 'the checkpoint has a signature that does not verify',
  });
  assert.throws(() => verifyCheckpoint(note, [other.vkey], origin), /not signed by a known key/);
  assert.throws(() => verifyCheckpoint(note, [otherKey().vkey], origin), /not signed by a known key/);
  assert.throws(() => verifyCheckpoint(note, [key.vkey], 'another'), /belongs to another ledger/);
});

test('extension lines are allowed by the specification and covered by the signature', () => {
  const text = `${origin}\n12\n${root.toString('base64')}\nextension\n`;
  const signature = Buffer.concat([key.keyId, key.sign(text)]).toString('base64');
  assert.equal(verifyCheckpoint(`${text}\n— ${key.name} ${signature}\n`, [key.vkey], origin).size, 12);
});

test('malformed notes', () => {
  const body = `${origin}\n12\n${root.toString('base64')}\n`;
  const signature = note.slice(body.length + 1);
  for (const [text, what] of [
    ['', /no signatures/],
    [body, /no signatures/],
    [`${body}\n`, /malformed signature/],
    [note.slice(0, -1), /no signatures/],
    [`${note}— short AAAAAA==\n`, /malformed signature/],
    [`${note}— spelled AAAAAAB=\n`, /malformed signature/],
    [`${note}\0`, /control characters/],
    [note.replace('unit', '\ud800'), /control characters/],
    [`\n12\n\n${signature}`, /origin and a size/],
    [`${origin}\n\n${signature}`, /origin and a size/],
    [`${origin}\n012\n${root.toString('base64')}\n\n${signature}`, /origin and a size/],
    [`${origin}\n9007199254740992\n${root.toString('base64')}\n\n${signature}`, /origin and a size/],
    [`${origin}\n12\n\n${signature}`, /root hash/],
    [`${origin}\n12\nAAAA\n\n${signature}`, /root hash/],
    [`${body}\nmore\n\n${signature}`, /empty line/],
    [note + 'x'.repeat(maxCheckpointBytes), /too long/],
  ] as const) {
    assert.throws(() => parseCheckpoint(text), { code: 'integrity', message: what }, JSON.stringify(text));
  }
  assert.throws(() => signCheckpoint({ origin: 'two\nlines', size: 0, root }, key), { code: 'usage' });
});

test('keys: names, verification text, passphrase', () => {
  for (const name of ['', 'a b', 'a+b', 'a\u00a0b', 'a\nb', '\ud800', 'x'.repeat(201)]) {
    assert.throws(() => createKey(name), { code: 'usage' });
    assert.throws(() => loadKey(name, publishedPem), { code: 'usage' });
  }
  const created = createKey(origin, 'four tulips');
  assert.match(created.privatePem, /ENCRYPTED/);
  assert.equal(loadKey(origin, created.privatePem, 'four tulips').vkey, created.vkey);
  assert.throws(() => loadKey(origin, created.privatePem, 'five'), { code: 'unreadable' });
  assert.throws(() => loadKey(origin, created.privatePem), { code: 'unreadable' });
  const rsa = generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  assert.throws(() => loadKey(origin, rsa), { code: 'unreadable', message: /not an Ed25519/ });
  for (const text of [
    'nonsense',
    created.vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+'),
    created.vkey.replace('+A', '+B'),
    `x${created.vkey}`,
    created.vkey.slice(0, -1),
  ]) {
    assert.throws(() => parseVkey(text), { code: 'usage' }, text);
  }
});

test('key files are for their owner alone and never overwritten', (context) => {
  const folder = temporaryFolder(context);
  const file = path.join(folder, 'ledger.key');
  const created = createKey(origin);
  writeKeyFile(file, created);
  assert.equal(readKeyFile(file, origin).vkey, created.vkey);
  assert.throws(() => writeKeyFile(file, createKey(origin)), { code: 'storage' });
  assert.equal(fs.readFileSync(file, 'utf8'), created.privatePem);
  assert.throws(() => readKeyFile(path.join(folder, 'none'), origin), { code: 'not-found' });
  if (process.platform === 'win32') return;
  assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  fs.chmodSync(file, 0o640);
  assert.throws(() => readKeyFile(file, origin), { code: 'denied' });
});
