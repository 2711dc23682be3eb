/** Linking on a board that was really run: figures against its truth, traps, explanation, review and undoing. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { compareWithTruth } from '../../src/persons/compare-with-truth.ts';
import { decide, listDecisions, undone } from '../../src/persons/decisions.ts';
import { explainPair, explainPerson } from '../../src/persons/explain.ts';
import { reviewList } from '../../src/persons/review.ts';
import type { Engine } from '../../src/store/engine.ts';
import { Operation } from '../../src/store/operation.ts';
import { build, openGeneration } from '../../src/workbench/build.ts';
import { corpora, corporaMissing } from '../support/corpora.ts';
import { temporaryFolder, waymark } from '../support/waymark.ts';

const board = path.join(corpora, 'forum', 'phpbb-3.3.10-velo');
const options = { skip: corporaMissing };
const { folder, remove } = temporaryFolder();
let operation: Operation | undefined;
after(() => {
  operation?.close();
  remove();
});

interface Truth {
  readonly accounts: { user_id: number; person: string }[];
  readonly same_person_pairs: [number, number][];
  readonly not_same_person: Record<string, [number, number][]>;
}
let truth: Truth;

before(() => {
  if (corporaMissing) return;
  const run = waymark('run', path.join(board, 'evidence'), '--operation', folder, '--json');
  assert.equal(run.code, 3, run.stderr);
  truth = JSON.parse(fs.readFileSync(path.join(board, 'truth', 'truth.json'), 'utf8')) as Truth;
  operation = Operation.openExisting(folder, { actor: 'tester' });
});

async function withEngine<T>(use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openGeneration(operation!);
  try {
    return await use(engine);
  } finally {
    engine.close();
  }
}

const personsNow = () =>
  withEngine(async (engine) => {
    const rows = await engine.rows<{ account: string; person: string }>(
      'select account, person from person order by account',
    );
    return new Map(rows.map((row) => [row.account, row.person]));
  });

const nativeId = (account: string) => account.slice(account.indexOf('/') + 1);

/** The bytes of a derived table of the generation in force. */
function tableBytes(table: string): Buffer {
  const { value } = operation!.state.one<{ value: string }>(
    "select value from setting where name = 'generation'",
  )!;
  const { path: file } = operation!.state.one<{ path: string }>(
    "select path from generation_file where generation = $value and path like '%/' || $table || '.parquet'",
    { value, table },
  )!;
  return fs.readFileSync(operation!.path(file));
}

test('F1 of at least 0.85, and no false merge', options, async () => {
  const persons = await personsNow();
  const found = new Map([...persons].map(([account, person]) => [nativeId(account), person]));
  const right = new Map(truth.accounts.map((each) => [String(each.user_id), each.person]));
  const figures = compareWithTruth(found, right);
  assert.ok(figures.f1 >= 0.85, JSON.stringify(figures));
  assert.equal(figures.falseMerges, 0);
});

test(
  'the waterfall of every true pair adds up, and each bar opens two places of the exhibit',
  options,
  async () => {
    const persons = await personsNow();
    const service = [...persons.keys()][0]!.split('/')[0]!;
    await withEngine(async (engine) => {
      let explained = 0;
      for (const [a, b] of truth.same_person_pairs) {
        const found = await explainPair(engine, `${service}/${a}`, `${service}/${b}`);
        assert.ok(Math.abs(found.bars.reduce((sum, bar) => sum + bar.counted, 0) - found.bits) < 1e-9);
        assert.equal(found.standing.kind, 'investigative score');
        assert.equal(found.population, persons.size);
        for (const bar of found.bars)
          assert.ok(bar.pointers.length === 2 && bar.pointers.every((each) => /@\d+\+\d+/.test(each)));
        if (found.bars.length > 0) explained++;
      }
      assert.ok(explained >= truth.same_person_pairs.length * 0.8);
      for (const [a, b] of truth.not_same_person.household_shares_address!) {
        const { headline } = await explainPair(engine, `${service}/${a}`, `${service}/${b}`);
        assert.ok(headline.bits < 10, `${a} and ${b}: ${headline.words}`);
      }
      await assert.rejects(explainPair(engine, `${service}/58`, 'nowhere/1'), { code: 'not-found' });
    });
  },
);

test('every person of several accounts has a certificate with its weakest cut', options, async () => {
  const persons = await personsNow();
  const counts = new Map<string, number>();
  for (const person of persons.values()) counts.set(person, (counts.get(person) ?? 0) + 1);
  await withEngine(async (engine) => {
    for (const [person, count] of counts) {
      if (count < 2) continue;
      const found = await explainPerson(engine, person);
      assert.ok(found.weakest!.bits > 0 && found.weakest!.one.length + found.weakest!.other.length === count);
    }
    await assert.rejects(explainPerson(engine, 'person-none'), { code: 'not-found' });
  });
});

test('the review list shows what both have in common and no score', options, async () => {
  const list = await withEngine((engine) => reviewList(engine, 20));
  assert.equal(list.length, 20);
  assert.doesNotMatch(JSON.stringify(list), /"bits"|"threshold"|"counted"/);
});

test(
  'a decision parts two accounts; undoing it gives back the same persons byte for byte',
  options,
  async () => {
    const tables = ['person', 'link', 'generic_selector'] as const;
    const before = tables.map(tableBytes);
    const persons = await personsNow();
    const service = [...persons.keys()][0]!.split('/')[0]!;
    const [a, b] = truth.same_person_pairs
      .map((pair) => pair.map((id) => `${service}/${id}`) as [string, string])
      .find(([x, y]) => persons.get(x) === persons.get(y))!;
    const record = (value: string) =>
      operation!.exclusively(async () => {
        decide(operation!, {
          kind: 'link',
          subject: [a, b],
          value,
          reason: 'seen on the bench',
          author: 'tester',
          time: '2026-01-01T00:00:00Z',
        });
      });
    await record('different');
    await build(operation!, () => {});
    const parted = await personsNow();
    assert.notEqual(parted.get(a), parted.get(b));
    await record(undone);
    await build(operation!, () => {});
    assert.deepEqual(tables.map(tableBytes), before);
    assert.equal(listDecisions(operation!).length, 2, 'both acts stay on record');
  },
);

test("a victim's and a suspect's account are parted until a human joins them", options, async () => {
  const persons = await personsNow();
  const service = [...persons.keys()][0]!.split('/')[0]!;
  const [a, b] = truth.same_person_pairs
    .map((pair) => pair.map((id) => `${service}/${id}`) as [string, string])
    .find(([x, y]) => persons.get(x) === persons.get(y))!;
  const record = (kind: 'fact' | 'link', subject: string[], value: string) =>
    operation!.exclusively(async () => {
      decide(operation!, {
        kind,
        subject,
        value,
        reason: 'file 7',
        author: 'tester',
        time: '2026-01-01T00:00:00Z',
      });
    });
  await record('fact', [a], 'victim');
  await record('fact', [b], 'suspect');
  await build(operation!, () => {});
  const parted = await personsNow();
  assert.notEqual(parted.get(a), parted.get(b));
  await record('link', [a, b], 'same');
  await build(operation!, () => {});
  const joined = await personsNow();
  assert.equal(joined.get(a), joined.get(b));
});
