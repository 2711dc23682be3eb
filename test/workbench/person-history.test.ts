/** What became of persons, worked out from the stored generations: decisions, their undoing, exhibits. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { decide } from '../../src/persons/decisions.ts';
import { Operation } from '../../src/store/operation.ts';
import { build } from '../../src/workbench/build.ts';
import { excludeExhibit } from '../../src/workbench/exclude.ts';
import { personHistory } from '../../src/workbench/person-history.ts';
import { temporaryFolder, waymark } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
let operation: Operation;
after(() => {
  operation?.close();
  remove();
});

const header = 'id,name,date_of_birth,place,email\n';
const lists = {
  'club.csv': `${header}1,Anna Kettle,1970-01-02,Upper Garden,anna@coffee.example\n2,Bo Rake,1981-03-04,Lower Garden,bo@coffee.example\n`,
  'fair.csv': `${header}9,Anna Kettle,1970-01-02,Upper Garden,anna@coffee.example\n`,
};
const quiet = () => {};

before(() => {
  const evidence = path.join(folder, 'evidence');
  fs.mkdirSync(evidence);
  for (const [name, text] of Object.entries(lists)) fs.writeFileSync(path.join(evidence, name), text);
  const run = waymark('run', evidence, '--operation', path.join(folder, 'operation'), '--json');
  assert.ok(run.code === 0 || run.code === 3, run.stderr);
  operation = Operation.openExisting(path.join(folder, 'operation'), { actor: 'tester' });
});

function persons(): Map<string, string> {
  const out = waymark('export', 'persons', '--operation', operation.folder, '--format', 'jsonl').stdout;
  const rows = out
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as { service: string; native_id: string; person_id: string });
  return new Map(rows.map((row) => [`${row.service}/${row.native_id}`, row.person_id]));
}

const ending = (id: string) => [...persons().keys()].find((account) => account.endsWith(`/${id}`))!;

const decideOn = (a: string, b: string, value: string) =>
  operation.exclusively(async () => {
    decide(operation, {
      kind: 'link',
      subject: [a, b],
      value,
      reason: 'seen at the fair',
      author: 'tester',
      time: '2026-01-01T00:00:00.000Z',
    });
  });

test('merge, split and loss of accounts are told with what brought them about', async () => {
  const [anna, bo, fair] = [ending('1'), ending('2'), ending('9')];
  const start = persons();
  assert.equal(start.get(anna), start.get(fair));
  assert.notEqual(start.get(anna), start.get(bo));
  assert.deepEqual((await personHistory(operation, start.get(anna)!)).events, []);

  await decideOn(anna, bo, 'same');
  await build(operation, quiet);
  const merged = persons();
  assert.equal(merged.get(anna), merged.get(bo));
  const person = merged.get(anna)!;
  const [merge, ...none] = (await personHistory(operation, person)).events;
  assert.deepEqual(none, []);
  assert.ok(merge!.kinds.includes('merged'));
  assert.deepEqual([...merge!.mergedFrom.flatMap((part) => part.accounts)], [bo]);
  assert.equal(merge!.causes[0]!.kind, 'decision');
  assert.match(merge!.causes[0]!.text, /decided to be "same"/);

  await decideOn(anna, bo, 'undone');
  await build(operation, quiet);
  const [split, again] = (await personHistory(operation, persons().get(anna)!)).events;
  assert.ok(split!.kinds.includes('split'));
  assert.deepEqual(split!.splitInto, [{ person: persons().get(bo)!, accounts: [bo] }]);
  assert.match(split!.causes[0]!.text, /taken back/);
  assert.deepEqual(again!.mergedFrom, merge!.mergedFrom);

  const list = operation.state.one<{ id: string }>(
    "select exhibit as id from exhibit_path where path like '%fair%'",
  )!;
  await excludeExhibit(operation, list.id, 'wrong parcel', quiet);
  const [gone] = (await personHistory(operation, persons().get(anna)!)).events;
  assert.deepEqual([gone!.gone, gone!.splitInto], [[fair], []]);
  assert.ok(gone!.causes.some((cause) => cause.kind === 'exhibit' && /taken out/.test(cause.text)));
});

test('an id of an earlier generation is followed back from the last one that knew it; an unknown one is an error', async () => {
  const anna = ending('1');
  const found = await personHistory(operation, persons().get(anna)!);
  assert.equal(found.events.length, 3);
  const told = waymark('persons', 'history', persons().get(anna)!, '--operation', operation.folder);
  assert.equal(told.code, 0, told.stderr);
  assert.match(told.stdout, /merged from/);
  await assert.rejects(personHistory(operation, 'person-000000000000'), { code: 'not-found' });
});

test('asking changes nothing: the generation built anew has the same bytes', async () => {
  const bytes = () =>
    operation.state.all<{ path: string; sha256: string }>(
      'select path, sha256 from generation_file order by path',
    );
  const before = bytes();
  await personHistory(operation, persons().get(ending('1'))!);
  await build(operation, quiet);
  assert.deepEqual(bytes(), before);
});
