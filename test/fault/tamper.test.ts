/** One changed byte in any kind of stored file is found, and named. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import type { Finding } from '../../src/workbench/doctor.ts';
import { writeGarden } from '../support/evidence.ts';
import { temporaryFolder, waymark } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const operation = path.join(folder, 'operation');
waymark('run', writeGarden(path.join(folder, 'garden')), '--operation', operation);

function filesUnder(name: string): string[] {
  return fs
    .readdirSync(path.join(operation, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

function flipOneBit(file: string, at: number): () => void {
  const original = fs.readFileSync(file);
  const changed = Buffer.from(original);
  changed[at]! ^= 1;
  fs.chmodSync(file, 0o600);
  fs.writeFileSync(file, changed);
  return () => fs.writeFileSync(file, original);
}

test('the operation is sound to begin with', () => {
  const doctor = waymark('doctor', '--operation', operation, '--json');
  assert.equal(doctor.code, 0, doctor.stdout);
});

for (const kind of ['vault', 'lake', 'generations', 'ledger']) {
  test(`a flipped bit in any file of ${kind}/ is found and the file named`, () => {
    const files = filesUnder(kind);
    assert.ok(files.length > 0);
    // Every file of a kind is stored alike: three of them, at three places each.
    for (const file of [files[0]!, files[files.length >> 1]!, files.at(-1)!]) {
      const size = fs.statSync(file).size;
      for (const at of new Set([0, size >> 1, size - 1])) {
        const restore = flipOneBit(file, at);
        const doctor = waymark('doctor', '--operation', operation, '--json');
        restore();
        assert.equal(doctor.code, 1, `${file} at ${at} of ${size}`);
        const bad = doctor
          .json<{ findings: Finding[] }>()
          .findings.filter((finding) => finding.level === 'bad');
        const name =
          kind === 'vault'
            ? path.basename(file)
            : path.relative(kind === 'ledger' ? path.join(operation, 'ledger') : operation, file);
        assert.ok(
          bad.some((finding) => finding.found.includes(name)),
          `${name} at ${at}: ${JSON.stringify(bad)}`,
        );
      }
    }
    assert.equal(waymark('doctor', '--operation', operation).code, 0, 'sound again once restored');
  });
}

test('a changed lake file is refused before any answer is drawn from it', () => {
  const file = filesUnder('lake').find((each) => each.includes('message'))!;
  const restore = flipOneBit(file, fs.statSync(file).size >> 1);
  const queue = waymark('queue', '--operation', operation);
  restore();
  assert.equal(queue.code, 1);
  assert.match(queue.stderr, /differs from what was recorded/);
  assert.ok(queue.stderr.includes(path.relative(operation, file)), queue.stderr);
});

test('a ledger cut short, or put back to an earlier state, is found', () => {
  const ledger = path.join(operation, 'ledger');
  const kept = path.join(folder, 'kept');
  const copy = (from: string, to: string) => {
    fs.rmSync(to, { recursive: true, force: true });
    fs.cpSync(from, to, { recursive: true });
  };
  copy(ledger, kept);
  const checkpoint = path.join(folder, 'checkpoint');
  waymark(
    'persons',
    'decide',
    'mail/ben@garden.example',
    'mail/anna@velo.example',
    '--as',
    'unsure',
    '--reason',
    'a test',
    '--operation',
    operation,
  );
  fs.copyFileSync(path.join(ledger, 'checkpoint'), checkpoint);
  const current = path.join(folder, 'current');
  copy(ledger, current);
  copy(kept, ledger);
  const rolledBack = waymark('ledger', 'check', '--operation', operation, '--json');
  assert.equal(rolledBack.code, 1, 'the state remembers a later checkpoint');
  const again = waymark(
    'persons',
    'decide',
    'mail/ben@garden.example',
    'mail/anna@velo.example',
    '--as',
    'same',
    '--reason',
    'a test',
    '--operation',
    operation,
  );
  assert.equal(again.code, 1, 'nothing is appended to a ledger that was put back');
  const witnessed = waymark('ledger', 'check', '--checkpoint', checkpoint, '--operation', operation);
  assert.equal(witnessed.code, 1);
  copy(current, ledger);
  assert.equal(waymark('ledger', 'check', '--checkpoint', checkpoint, '--operation', operation).code, 0);
});
