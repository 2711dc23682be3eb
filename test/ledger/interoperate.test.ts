/** The ledger read by an independent implementation: Go's golang.org/x/mod/sumdb, where the machine has it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { formatOffer } from '../../src/ledger/offer.ts';
import { verifyProof } from '../../src/ledger/proof.ts';
import { Witness } from '../../src/ledger/witness.ts';
import { entriesOf, filledLedger, key, origin, temporaryFolder } from './fixture.ts';

const program = path.join(import.meta.dirname, 'go');
const go = spawnSync('go', ['build', '-o', '/dev/null', '.'], { cwd: program, encoding: 'utf8' });
const skip =
  go.status === 0
    ? false
    : 'this machine has no Go, or not the module golang.org/x/mod: run it where both are';

const size = 3000;
const witnessed = 1234;

test('Go’s sumdb opens the checkpoint, authenticates every entry, and proves what we prove', {
  skip,
}, (context) => {
  const folder = temporaryFolder(context);
  const place = path.join(folder, 'ledger');
  const ledger = filledLedger(place, witnessed);
  const old = path.join(folder, 'old');
  fs.writeFileSync(old, ledger.checkpoint);
  ledger.append(entriesOf(witnessed, size));
  const run = (vkey: string) =>
    spawnSync('go', ['run', '.', place, vkey, old], { cwd: program, encoding: 'utf8' });
  const read = run(key.vkey);
  assert.equal(read.status, 0, read.stderr);
  const lines = read.stdout.trim().split('\n');
  assert.equal(lines[0], `entries ${size}`);
  const base64 = (hash: Uint8Array) => Buffer.from(hash).toString('base64');
  const told = (letter: string) =>
    lines.filter((line) => line.startsWith(`${letter} `)).map((line) => line.slice(2));
  assert.deepEqual(told('P'), ledger.proveInclusion(Math.floor(size / 3)).map(base64));
  assert.deepEqual(told('T'), ledger.proveConsistency(witnessed).map(base64));
  const bundle = path.join(place, 'tile', 'entries', '003');
  const bytes = fs.readFileSync(bundle);
  bytes[bytes.length - 5]! ^= 1;
  fs.writeFileSync(bundle, bytes);
  assert.notEqual(run(key.vkey).status, 0, 'and it notices a changed entry');
});

test('Go opens a cosigned checkpoint with the cosignature beside the signature', { skip }, (context) => {
  const folder = temporaryFolder(context);
  const place = path.join(folder, 'ledger');
  const ledger = filledLedger(place, 40);
  const witness = Witness.init(path.join(folder, 'witness'), 'office.example/witness');
  const { note } = witness.accept(formatOffer(ledger, 0), 1_679_315_147, key.vkey);
  const cosigned = path.join(folder, 'cosigned');
  fs.writeFileSync(cosigned, note);
  const read = spawnSync('go', ['run', '.', place, key.vkey, cosigned], { cwd: program, encoding: 'utf8' });
  assert.equal(read.status, 0, read.stderr);
});

test('a proof of ours leads from the entry to the root that was signed', (context) => {
  const ledger = filledLedger(path.join(temporaryFolder(context), 'ledger'), 10);
  const [entry] = ledger.entries(4, 5);
  const hashes = ledger.proveInclusion(4).map((hash) => Buffer.from(hash).toString('base64'));
  const proof = ['c2sp.org/tlog-proof@v1', 'index 4', ...hashes, '', ledger.checkpoint].join('\n');
  assert.deepEqual(verifyProof(proof, entry!.bytes, { origin, vkeys: [key.vkey] }), { index: 4, size: 10 });
});
