import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { listExhibits } from '../../src/intake/exhibits.ts';
import { Operation } from '../../src/store/operation.ts';
import { addExhibits, readPending } from '../../src/workbench/intake.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);

const list = 'wie;wanneer;waar\nAnna Kettle;23-04-1970;Tulip Lane\nBo Spade;02-11-1981;Rose Lane\n';

test('a list whose columns are named beside it is one exhibit, and is read by that', async () => {
  const evidence = path.join(folder, 'evidence');
  fs.mkdirSync(evidence);
  const files: Record<string, string> = {
    'club.csv': list,
    'club.columns.yaml': 'name: wie\nbirthday: wanneer\nplace: [waar]\n',
    'shop.csv': list.replace('Bo', 'Ben'),
    'shop.csv.columns.json': '{"shoe": "wie", "name": "wie"}',
    'alone.columns.json': '{"name": "wie"}',
    'plain.csv': 'name,dob,city\nCy Rake,1990-01-02,Orchid\n',
  };
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(evidence, name), text);
  const operation = Operation.open(path.join(folder, 'operation'), {
    actor: 'tester',
    now: () => '2026-01-31T09:30:00Z',
  });
  await addExhibits(operation, evidence, { authority: 'order 12/2020', reference: null }, () => {});
  await operation.exclusively(() => readPending(operation, () => {}));
  const exhibits = new Map(listExhibits(operation).map((exhibit) => [exhibit.paths[0], exhibit]));
  const outcomes = (name: string) =>
    exhibits
      .get(name)!
      .summary!.outcomes.map((each) => `${each.path}: ${each.reader} ${each.unread ?? 'read'}`);
  assert.deepEqual(outcomes('club.csv'), [
    'club.columns.yaml: column-mapping read',
    'club.csv: person-list read',
  ]);
  assert.equal(exhibits.get('club.csv')!.summary!.counts.account, 2);
  assert.deepEqual(
    [...exhibits.get('club.csv')!.summary!.tallies],
    [
      { unit: 'mappings', rows: 1, read: 1, skipped: {} },
      { unit: 'persons', rows: 3, read: 2, skipped: { header: 1 } },
    ],
  );
  const [shop, mapping] = outcomes('shop.csv');
  assert.match(shop!, /^shop\.csv: stored-file no reader recognises this content/);
  assert.match(mapping!, /column-mapping read/);
  assert.deepEqual(
    exhibits.get('shop.csv')!.summary!.tallies.find(({ unit }) => unit === 'mappings')!.skipped,
    {
      'not usable': 1,
    },
  );
  assert.equal(exhibits.get('plain.csv')!.reader, 'person-list');
  assert.deepEqual(outcomes('alone.columns.json'), [': column-mapping read']);
});
