/** kill -9 at any moment loses nothing that was acknowledged, and the next run goes on to the same result. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { Operation } from '../../src/store/operation.ts';
import type { RunResult } from '../../src/workbench/run.ts';
import { writeGarden } from '../support/evidence.ts';
import { temporaryFolder, waymark } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const garden = writeGarden(path.join(folder, 'garden'));
const entry = path.join(import.meta.dirname, '..', '..', 'src', 'cli', 'waymark.ts');
const kills = Number(process.env.WAYMARK_KILLS ?? 12);

/** Starts a run and kills the whole process group after a while. Returns whether it was still running. */
function killedRun(operation: string, afterMs: number): Promise<boolean> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', entry, 'run', garden, '--operation', operation, '--json'],
    {
      stdio: 'ignore',
      detached: true,
    },
  );
  return new Promise((resolve) => {
    const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), afterMs);
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code === null);
    });
  });
}

/** What has been acknowledged: ledger entries, and exhibits with their records. */
function acknowledged(folderOf: string): { entries: number; read: Set<string> } {
  if (!fs.existsSync(path.join(folderOf, 'operation.json'))) return { entries: 0, read: new Set() };
  const operation = Operation.openExisting(folderOf, { actor: 'tester' });
  const entries = operation.readLedger().size;
  const read = new Set(
    operation.state
      .all<{ id: string }>("select id from exhibit where status in ('read', 'unread')")
      .map((row) => row.id),
  );
  operation.close();
  return { entries, read };
}

test(`${kills} kills at any moment: nothing acknowledged is lost, and the result is that of an undisturbed run`, async () => {
  const undisturbed = waymark(
    'run',
    garden,
    '--operation',
    path.join(folder, 'undisturbed'),
    '--json',
  ).json<RunResult>();
  const duration = (undisturbed.seconds.intake + undisturbed.seconds.build + 1.5) * 1000;
  let interrupted = 0;
  let operation = path.join(folder, 'killed-0');
  let before = acknowledged(operation);
  for (let kill = 0; kill < kills; kill++) {
    // Spread over the run without a random number: the same moments in each run of the test, give or take the machine.
    const stillRunning = await killedRun(operation, (((kill * 7) % kills) + 0.5) * (duration / kills));
    if (stillRunning) interrupted++;
    const now = acknowledged(operation);
    assert.ok(now.entries >= before.entries, 'the ledger became shorter');
    for (const id of before.read) assert.ok(now.read.has(id), `exhibit ${id} was read and no longer is`);
    before = now;
    if (!stillRunning) {
      operation = path.join(folder, `killed-${kill + 1}`);
      before = acknowledged(operation);
    }
  }
  assert.ok(interrupted >= kills / 3, `only ${interrupted} runs were interrupted`);
  const finished = waymark('run', garden, '--operation', operation, '--json');
  assert.equal(finished.code, 0, finished.stderr);
  const result = finished.json<RunResult>();
  assert.equal(result.generation, undisturbed.generation);
  assert.deepEqual(result.queue, undisturbed.queue);
  assert.deepEqual(result.exhibits, undisturbed.exhibits);
  const check = waymark('ledger', 'check', '--operation', operation, '--json');
  assert.equal(check.code, 0, check.stdout);
  assert.deepEqual(fs.readdirSync(path.join(operation, 'tmp')), []);
});

test('two processes cannot work on one operation at once', async () => {
  const where = path.join(folder, 'busy');
  waymark('run', garden, '--operation', where);
  const operation = Operation.openExisting(where, { actor: 'tester' });
  await operation.exclusively(async () => {
    const other = waymark('run', garden, '--operation', where);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /another process is working/);
    assert.equal(waymark('queue', '--operation', where).code, 0, 'reading goes on');
  });
  operation.close();
  assert.equal(waymark('run', garden, '--operation', where).code, 0);
});
