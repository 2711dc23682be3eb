/** A generation in parts: the queue first, the rest after it, each a pure function of what it declares. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { WaymarkError } from '../../src/base/errors.ts';
import { decide } from '../../src/persons/decisions.ts';
import { generationPath } from '../../src/store/lake.ts';
import { Operation } from '../../src/store/operation.ts';
import { derivedTables, partNames, partOf, tablesOf } from '../../src/store/queries/generation.ts';
import { showBoard } from '../../src/workbench/board.ts';
import { build, deriveAside, openGeneration, partsToCome } from '../../src/workbench/build.ts';
import { sourcesFrom } from '../../src/workbench/deriving-sources.ts';
import { addExhibits } from '../../src/workbench/intake.ts';
import { readQueue } from '../../src/workbench/overview.ts';
import { parts, withNeeded } from '../../src/workbench/parts.ts';
import { writeGarden } from '../support/evidence.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const garden = writeGarden(path.join(folder, 'garden'));
const silent = () => {};
let next = 0;

async function readGarden(): Promise<Operation> {
  const operation = Operation.open(path.join(folder, `operation-${next++}`), {
    actor: 'tester',
    now: () => '2026-01-31T09:30:00Z',
  });
  await addExhibits(operation, garden, { authority: null, reference: null }, silent);
  return operation;
}

function hashes(operation: Operation, id: string): Map<string, string> {
  const rows = operation.state.all<{ path: string; sha256: string }>(
    'select path, sha256 from generation_file where generation = $id order by path',
    { id },
  );
  return new Map(rows.map(({ path: file, sha256 }) => [path.basename(file, '.parquet'), sha256]));
}

function acts(operation: Operation): { action: string; facts: Readonly<Record<string, unknown>> }[] {
  const ledger = operation.readLedger();
  return [...ledger.entries(0, ledger.size)].map(({ entry }) => entry);
}

const undisturbed = await readGarden();
const whole = await build(undisturbed, silent);
after(() => undisturbed.close());

test('every table has its part, and a part reads only parts before it', () => {
  assert.deepEqual(partNames.flatMap(tablesOf), derivedTables);
  for (const name of partNames)
    for (const read of parts[name].reads) assert.ok(partNames.indexOf(read) < partNames.indexOf(name), name);
  assert.deepEqual(withNeeded(['queue'], partNames), ['contacts', 'given', 'persons', 'queue']);
});

test('the queue can be read before the rest is derived, and the rest says that it is still to come', async () => {
  const operation = await readGarden();
  let asked = 0;
  await build(operation, silent, async ({ id, summary }) => {
    const toCome = partsToCome(operation, id);
    assert.deepEqual(toCome, ['hand-offs', 'timeline', 'clocks', 'places']);
    const engine = await openGeneration(operation);
    try {
      assert.equal((await readQueue(engine)).length, summary.queued);
      assert.ok(summary.queued > 0);
      assert.equal((await showBoard(operation, engine)).generation, id);
      for (const table of toCome.flatMap(tablesOf)) {
        assert.ok(engine.lacks(table));
        await assert.rejects(engine.rows(`select * from ${table}`), (error: unknown) => {
          assert.ok(error instanceof WaymarkError);
          assert.equal(error.code, 'not-derived');
          assert.match(error.message, new RegExp(partOf(table)));
          return true;
        });
        asked++;
      }
    } finally {
      engine.close();
    }
  });
  assert.ok(asked > 5);
  assert.deepEqual(partsToCome(operation, whole.id), []);
  assert.deepEqual(hashes(operation, whole.id), hashes(undisturbed, whole.id));
  operation.close();
});

test('a build cut off after the queue goes on there: nothing is derived twice, and the bytes are the same', async () => {
  const operation = await readGarden();
  const cut = new Error('cut off');
  await assert.rejects(
    build(operation, silent, () => {
      throw cut;
    }),
    cut,
  );
  const before = hashes(operation, whole.id);
  assert.deepEqual(
    [...before.keys()].map((table) => partOf(table as 'queue')).sort(),
    [
      ...['contacts', 'given', 'persons', 'queue'].flatMap((name) =>
        tablesOf(name as 'queue').map(() => name),
      ),
    ].sort(),
  );
  const stages: string[] = [];
  const resumed = await build(operation, ({ stage }) => stages.push(stage));
  assert.deepEqual(
    stages.filter((stage) => stage !== 'reading'),
    ['hand-offs', 'timeline', 'clocks', 'places'].map((name) => parts[name as 'places'].stage),
  );
  assert.deepEqual(resumed, whole);
  assert.deepEqual(hashes(operation, whole.id), hashes(undisturbed, whole.id));
  assert.equal(acts(operation).filter(({ action }) => action === 'generation.build').length, 1);
  operation.close();
});

test('after a decision only what depends on it is derived again; the result is that of deriving all', async () => {
  const [operation, fresh] = [await readGarden(), await readGarden()];
  await build(operation, silent);
  for (const each of [operation, fresh]) {
    await each.exclusively(async () => {
      decide(each, {
        kind: 'link',
        subject: ['phpbb:garden.example_board/3', 'phpbb:garden.example_board/4'],
        value: 'different',
        reason: 'seen together',
        author: 'tester',
        time: '2026-01-31T09:30:00Z',
      });
    });
  }
  const stages: string[] = [];
  const { id } = await build(operation, ({ stage }) => stages.push(stage));
  const anew = await build(fresh, silent);
  assert.equal(id, anew.id);
  assert.notEqual(id, whole.id);
  assert.deepEqual(hashes(operation, id), hashes(fresh, id));
  const taken = acts(operation)
    .filter(({ action, facts }) => action === 'generation.part' && facts.from === whole.id)
    .map(({ facts }) => facts.part);
  for (const name of ['contacts', 'timeline', 'clocks']) {
    assert.ok(taken.includes(name), `${name} was derived again`);
    assert.ok(!stages.includes(parts[name as 'clocks'].stage), name);
  }
  assert.ok(stages.includes(parts.persons.stage));
  for (const each of [operation, fresh]) each.close();
});

test('a part that was taken over and no longer holds the recorded bytes is not used', async () => {
  const operation = await readGarden();
  const { id } = await build(operation, silent);
  const file = operation.path(generationPath(id, 'timeline'));
  const bytes = fs.readFileSync(file);
  bytes[bytes.length >> 1]! ^= 1;
  fs.writeFileSync(file, bytes);
  await operation.exclusively(async () => {
    decide(operation, {
      kind: 'fact',
      subject: ['phpbb:garden.example_board/3'],
      value: 'prior record',
      reason: 'file 12',
      author: 'tester',
      time: '2026-01-31T09:30:00Z',
    });
  });
  await assert.rejects(build(operation, silent), (error: unknown) => {
    assert.ok(error instanceof WaymarkError);
    assert.equal(error.code, 'integrity');
    return true;
  });
  operation.close();
});

test('deriving aside gives the same tables and derives no part that they do not need', async () => {
  const aside = undisturbed.path('tmp', 'aside');
  const stages: string[] = [];
  await undisturbed.exclusively(() =>
    deriveAside(undisturbed, {}, ['queue', 'hand_off'], aside, ({ stage }) => stages.push(stage)),
  );
  assert.deepEqual(fs.readdirSync(aside).sort(), ['hand_off.parquet', 'queue.parquet']);
  assert.ok(!stages.includes(parts.timeline.stage));
  for (const table of ['queue', 'hand_off'] as const) {
    const stored = undisturbed.path(generationPath(whole.id, table));
    assert.deepEqual(fs.readFileSync(path.join(aside, `${table}.parquet`)), fs.readFileSync(stored), table);
  }
});

test('the sources that make a generation are found from where deriving begins', () => {
  const found = sourcesFrom(['workbench/parts.ts', 'store/lake.ts']);
  for (const file of [
    'persons/link.ts',
    'footprint/clock-skew.ts',
    'priorities/rank.ts',
    'store/queries/timeline.ts',
    'store/engine.ts',
    // Started as a process, not imported.
    'store/engine-child.ts',
    'base/time.ts',
  ])
    assert.ok(found.has(file), file);
  for (const file of found.keys()) assert.ok(!/^(http|cli|exercise)\//.test(file), file);
});
