/** No guilt by association: what a rule can read, and what adding contacts does to a queue. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { bandOf, indicatorKinds, rules } from '../../src/priorities/rules.ts';
import { Operation } from '../../src/store/operation.ts';
import { run } from '../../src/workbench/run.ts';
import { writeGarden } from '../support/evidence.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);

test('rules name indicators of own conduct and officers, and nothing else', () => {
  assert.deepEqual(
    [...indicatorKinds],
    ['listed file', 'access to children', 'prior record', 'other officer fact', 'administers the service'],
  );
  for (const rule of rules.rules) {
    assert.deepEqual(Object.keys(rule).sort(), ['all', 'band']);
    assert.ok(rule.all.length > 0, 'a rule without a condition would raise everybody');
    for (const kind of rule.all) assert.ok(indicatorKinds.includes(kind));
  }
});

test('indicators are found from own files, officers and the service alone', () => {
  // What the stage reads is in its statements: none touches contacts, relations or messages.
  const statements = fs.readFileSync(
    path.join(import.meta.dirname, '../../src/store/queries/files.ts'),
    'utf8',
  );
  assert.doesNotMatch(statements, /\b(from|join)\s+(contact|relation|message|known_message)\b/i);
  const stage = ['indicators.ts', 'queue.ts', 'rules.ts'].map((name) =>
    fs.readFileSync(path.join(import.meta.dirname, '../../src/priorities', name), 'utf8'),
  );
  for (const text of stage) assert.doesNotMatch(text, /queries\/(?!files)|footprint/);
});

test('more of an indicator never lowers a band, and nobody without one has a band', () => {
  assert.equal(bandOf(new Set()), null);
  const bands = 'ABCDE';
  fc.assert(
    fc.property(fc.subarray([...indicatorKinds]), fc.constantFrom(...indicatorKinds), (some, one) => {
      const before = bandOf(new Set(some));
      const more = bandOf(new Set([...some, one]));
      if (before !== null) assert.ok(bands.indexOf(more!) <= bands.indexOf(before));
    }),
    { seed: 5, numRuns: 300 },
  );
});

test('a flood of contacts with the top of the queue leaves everyone where they were', async () => {
  const garden = writeGarden(path.join(folder, 'garden'));
  const operation = Operation.open(path.join(folder, 'operation'), { actor: 'tester' });
  const custody = { authority: null, reference: null };
  const before = await run(operation, garden, custody, () => {});
  const mails = Array.from(
    { length: 300 },
    (_, i) =>
      `From x${i}@club.example Sat Jan  5 09:12:44 2019\nMessage-ID: <flood-${i}@club.example>\nDate: Sat, 5 Jan 2019 09:12:40 +0100\nFrom: member${i % 40}@club.example\nTo: tom@mail.example, rosie@mail.example\nSubject: ride\n\nAt eight.\n\n`,
  );
  fs.writeFileSync(path.join(garden, 'flood.mbox'), mails.join(''));
  const after = await run(operation, garden, custody, () => {});
  operation.close();
  assert.ok(after.contacts > before.contacts + 50);
  assert.deepEqual(after.queue, before.queue);
});
