/** The small exercise end to end: written, read, linked, ranked, and compared with its answers. */
import assert from 'node:assert/strict';
import * as path from 'node:path';
import { after, test } from 'node:test';
import type { RunResult } from '../../src/workbench/run.ts';
import type { Score } from '../../src/workbench/score.ts';
import { temporaryFolder, waymark } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const exercise = path.join(folder, 'exercise');
const operation = path.join(folder, 'operation');

test('the exercise is read whole, and solved as far as it must be', () => {
  assert.equal(waymark('exercise', exercise, '--members', '200', '--seed', '7').code, 0);
  const run = waymark('run', path.join(exercise, 'evidence'), '--operation', operation, '--json');
  const { exhibits, unread } = run.json<RunResult>();
  assert.deepEqual(unread, []);
  assert.equal(run.code, 0, run.stderr);
  for (const each of exhibits) {
    for (const { unit, rows, read, skipped } of each.rows) {
      assert.equal(
        rows,
        read + Object.values(skipped).reduce((sum, count) => sum + count, 0),
        `${each.path} ${unit}`,
      );
    }
  }
  const score = waymark(
    'exercise',
    'score',
    '--truth',
    path.join(exercise, 'truth'),
    '--operation',
    operation,
    '--json',
  ).json<Score>();
  assert.deepEqual([score.contacts.precision, score.contacts.recall], [1, 1]);
  assert.equal(score.linking.falseMerges, 0);
  assert.ok(score.linking.recall >= 0.5, `recall ${score.linking.recall}`);
  assert.equal(score.queue.found.at(-1)!.targets, score.queue.targets);
  assert.equal(score.queue.falselyQueued, 0);
  assert.ok(score.children.expected > 0);
  assert.equal(score.children.found.at(-1)!.children, score.children.expected);
});

test('the score of a wrong truth is an error, not a number', () => {
  const nothing = waymark('exercise', 'score', '--truth', folder, '--operation', operation);
  assert.equal(nothing.code, 1);
  assert.match(nothing.stderr, /truth file cannot be read/);
});
