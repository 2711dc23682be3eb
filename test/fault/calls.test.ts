/** A file-system call that fails, or a process that dies at one: said clearly, nothing acknowledged lost, and the next run ends as if nothing had been. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { RunResult } from '../../src/workbench/run.ts';
import { writeGarden } from '../support/evidence.ts';
import { temporaryFolder, waymark } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const garden = writeGarden(path.join(folder, 'garden'));
const entry = path.join(import.meta.dirname, '..', '..', 'src', 'cli', 'waymark.ts');
const breakCall = pathToFileURL(path.join(import.meta.dirname, 'break-call.ts')).href;
/** Places tried for each way of failing; all of them with `WAYMARK_CALLS=all`. */
const places = process.env.WAYMARK_CALLS ?? '2';

function runBroken(operation: string, n: number, how: string) {
  return spawnSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--import',
      breakCall,
      entry,
      'run',
      garden,
      '--operation',
      operation,
      '--json',
    ],
    {
      encoding: 'utf8',
      env: { ...process.env, WAYMARK_ACTOR: 'tester', WAYMARK_BREAK: `${operation} ${n} ${how}` },
    },
  );
}

const sound = waymark('run', garden, '--operation', path.join(folder, 'sound'), '--json').json<RunResult>();
const counted = path.join(folder, 'counted');
assert.equal(runBroken(counted, 0, 'count').status, 0);
const calls = Number(fs.readFileSync(`${counted}.calls`, 'utf8'));

test('the calls that change an operation are seen', () => {
  assert.ok(calls > 100, String(calls));
});

/** Spread evenly over the run, the same each time, another set for each way of failing. */
function chosen(shift: number): number[] {
  if (places === 'all') return Array.from({ length: calls }, (_, index) => index + 1);
  const count = Number(places);
  return Array.from({ length: count }, (_, index) => 1 + Math.floor(((index + shift) * calls) / count));
}

for (const [how, shift] of [
  ['EIO', 0.2],
  ['ENOSPC', 0.5],
  ['kill', 0.8],
] as const) {
  test(`${how} at any file-system call: nothing acknowledged is lost, and the next run ends like an undisturbed one`, () => {
    for (const n of chosen(shift)) {
      const operation = path.join(folder, `${how}-${n}`);
      const broken = runBroken(operation, n, how);
      const where = `${how} at call ${n} of ${calls}`;
      if (how !== 'kill' && broken.status !== 0 && broken.status !== 3) {
        // A line for a person: what failed, where. Never a stack, which would be a fault of our own.
        assert.match(broken.stderr, new RegExp(`${how}|Check free space`), `${where}: ${broken.stderr}`);
        assert.doesNotMatch(broken.stderr, /\n\s+at /, `${where}: ${broken.stderr}`);
      }
      const next = waymark('run', garden, '--operation', operation, '--json');
      assert.equal(next.code, 0, `${where}, then: ${next.stderr}`);
      const result = next.json<RunResult>();
      assert.equal(result.generation, sound.generation, where);
      assert.deepEqual(result.queue, sound.queue, where);
      const check = waymark('ledger', 'check', '--operation', operation, '--json');
      assert.equal(check.code, 0, `${where}, then: ${check.stdout}`);
      assert.deepEqual(fs.readdirSync(path.join(operation, 'tmp')), [], where);
      fs.rmSync(operation, { recursive: true });
    }
  });
}
