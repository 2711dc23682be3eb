/** Each planted fault is looked for where a user would see it, and what is not found says so. */
import assert from 'node:assert/strict';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { type FaultKind, faultKinds } from '../../src/exercise/faults.ts';
import { generateExercise } from '../../src/exercise/generate.ts';
import { Operation } from '../../src/store/operation.ts';
import { openGeneration } from '../../src/workbench/build.ts';
import { run } from '../../src/workbench/run.ts';
import { type FaultScore, scoreFaults } from '../../src/workbench/score-faults.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);

interface Solved {
  readonly scores: ReadonlyMap<FaultKind, FaultScore>;
  readonly logs: number;
}

async function solve(
  name: string,
  members: number,
  seed: string,
  faults: readonly FaultKind[],
): Promise<Solved> {
  const exercise = path.join(folder, name);
  await generateExercise(exercise, { members, seed, faults });
  const operation = Operation.open(path.join(folder, `${name}-operation`), { actor: 'tester' });
  const custody = { authority: null, reference: null };
  await run(operation, path.join(exercise, 'evidence'), custody, () => {});
  const engine = await openGeneration(operation);
  try {
    const scores = await scoreFaults(operation, engine, path.join(exercise, 'truth'));
    const [counts] = await engine.rows<{ logs: number }>(
      'select sum(logs)::bigint as logs from completeness',
    );
    return { scores: new Map(scores.map((each) => [each.fault, each])), logs: counts!.logs };
  } finally {
    engine.close();
    operation.close();
  }
}

test('planted faults are found where a user sees them', async () => {
  // A seed of which a provider's report can be withdrawn.
  const planted = faultKinds.filter((fault) => fault !== 'truncated dump');
  const { scores, logs } = await solve('broken', 300, '3', planted);
  assert.deepEqual([...scores.keys()], planted);
  for (const score of scores.values()) {
    assert.ok(score.planted > 0, score.fault);
    assert.ok(score.where.length > 0);
    // What is not found is told as such.
    assert.ok(score.found === score.planted || score.missed.length > 0, score.fault);
  }
  for (const fault of ['mixed encodings', 'clock skew', 'late correction'] as const)
    assert.equal(scores.get(fault)!.found, scores.get(fault)!.planted, fault);
  assert.match(scores.get('clock skew')!.said[0]!, /: 437 s ahead/);
  assert.match(scores.get('duplicated exhibit')!.said[0]!, /mailbox-copy\.mbox are exhibit [0-9a-f]{16}$/);
  // A board keeps sessions for an hour: most requests are known by address and second.
  assert.ok(logs > 100, `${logs} requests of persons in the queue`);
});

test('a truncated dump is found, and a sound exercise has no faults to find', async () => {
  const { scores } = await solve('short', 60, 'score', ['truncated dump']);
  const score = scores.get('truncated dump')!;
  assert.deepEqual([score.planted, score.found], [1, 1]);
  assert.match(score.said[0]!, /board\.sql\.gz: .*end of file/);
  assert.deepEqual([...(await solve('sound', 60, 'score', [])).scores], []);
});
