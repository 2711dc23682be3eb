import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { Operation } from '../../src/store/operation.ts';
import { build } from '../../src/workbench/build.ts';
import { addExhibits } from '../../src/workbench/intake.ts';
import { inventRecords } from '../persons/support.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);

const { records } = inventRecords(80);
const list = (name: string, from: number, to: number) => {
  const lines = records.slice(from, to).map((record, i) => [`m${from + i}`, ...record].join(','));
  fs.mkdirSync(path.join(folder, name));
  fs.writeFileSync(path.join(folder, name, `${name}.csv`), `id,name,dob,city\n${lines.join('\n')}\n`);
};
list('club', 0, 90);
list('shop', 90, records.length);
fs.mkdirSync(path.join(folder, 'mail'));
fs.writeFileSync(
  path.join(folder, 'mail', 'note.mbox'),
  'From a@b Mon Jan  7 10:00:00 2019\nFrom: a@kettle.example\nTo: b@spade.example\nSubject: Tea\nDate: Mon, 7 Jan 2019 10:00:00 +0000\n\nThe kettle is on.\n',
);

/** Hashes of the tables of persons after each of the exhibits has arrived and was built on. */
async function arrive(name: string, exhibits: readonly string[][]) {
  const operation = Operation.open(path.join(folder, name), {
    actor: 'tester',
    now: () => '2026-01-31T09:30:00Z',
  });
  const kept: string[] = [];
  for (const together of exhibits) {
    for (const each of together)
      await addExhibits(
        operation,
        path.join(folder, each),
        { authority: 'order 1', reference: null },
        () => {},
      );
    await build(operation, () => {});
    kept.push(fs.readFileSync(operation.path('generations', 'kept-learning')).toString('hex', 0, 32));
  }
  const generation = operation.state.one<{ value: string }>(
    "select value from setting where name = 'generation'",
  )!;
  const files = operation.state.all<{ path: string; sha256: string }>(
    'select path, sha256 from generation_file where generation = $id order by path',
    { id: generation.value },
  );
  return { kept, files };
}

test('what lists taught is kept while other exhibits arrive, and any order of arrival gives the same bytes', async () => {
  const once = await arrive('once', [['club', 'shop', 'mail']]);
  const steps = await arrive('steps', [['club', 'shop'], ['mail']]);
  const other = await arrive('other', [['mail', 'shop'], ['club']]);
  assert.deepEqual(steps.files, once.files);
  assert.deepEqual(other.files, once.files);
  assert.ok(once.files.some((file) => file.path.endsWith('person.parquet')));
  assert.equal(steps.kept[0], steps.kept[1], 'a mail changes nothing of what lists teach');
  assert.notEqual(other.kept[0], other.kept[1]);
  assert.equal(other.kept[1], once.kept[0]);
});
