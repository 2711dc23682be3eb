/** No guilt by association: what a rule can read, and what adding contacts does to a queue. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { type IndicatorRow, rank } from '../../src/priorities/rank.ts';
import { bandOf, indicatorKinds, lowerOf, raiseOf, type Seen } from '../../src/priorities/rules.ts';
import { brought, defaultScheme } from '../../src/priorities/schemes.ts';
import { Operation } from '../../src/store/operation.ts';
import { run } from '../../src/workbench/run.ts';
import { writeGarden } from '../support/evidence.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);

const seen = (indicator: Seen['indicator'], more: Partial<Seen> = {}): Seen => ({
  indicator,
  contested: false,
  tool: null,
  result: null,
  ...more,
});
const anySeen = fc
  .array(fc.constantFrom(...indicatorKinds), { maxLength: 6 })
  .map((kinds) => kinds.map((kind) => seen(kind)));
const place = (band: string | null) =>
  band === null ? 99 : defaultScheme.bands.findIndex((each) => each.band === band);

test('rules name indicators of own conduct and officers, and nothing else', () => {
  assert.deepEqual(indicatorKinds, [
    'listed file',
    'provider report',
    'access to children',
    'prior record',
    'accredited risk assessment',
    'other officer fact',
    'administers the service',
  ]);
  for (const { scheme } of brought) {
    for (const rule of scheme.rules) {
      assert.deepEqual(Object.keys(rule).sort(), ['all', 'band']);
      assert.ok(rule.all.length > 0, 'a rule without a condition would raise everybody');
      for (const { indicator } of rule.all) assert.ok(indicatorKinds.includes(indicator));
    }
  }
});

test('indicators are found from own files, officers, providers and the service alone', () => {
  // What the stage reads is in its statements: none touches contacts, relations, messages or hand-offs.
  const folderOf = (...parts: string[]) => path.join(import.meta.dirname, '../../src', ...parts);
  for (const name of ['files.ts', 'priorities.ts']) {
    const statements = fs.readFileSync(folderOf('store/queries', name), 'utf8');
    assert.doesNotMatch(
      statements,
      /\b(from|join)\s+(contact|relation|message|known_message|hand_off|attributed_request|link)\b/i,
      name,
    );
  }
  const stage = fs
    .readdirSync(folderOf('priorities'))
    .filter((name) => name.endsWith('.ts') && name !== 'children.ts');
  assert.ok(stage.length >= 8);
  for (const name of stage) {
    const text = fs.readFileSync(folderOf('priorities', name), 'utf8');
    assert.doesNotMatch(text, /queries\/(?!files|priorities)|footprint|priorities\/children/, name);
  }
});

test('by default an accredited result ranks nobody; a scheme that names it ranks that tool and result', () => {
  const result = seen('accredited risk assessment', { tool: 'Example Tool', result: 'Very High' });
  assert.equal(bandOf([result], defaultScheme), null);
  const scheme = brought[1]!.scheme;
  assert.equal(bandOf([result], scheme), 'B');
  assert.equal(bandOf([{ ...result, result: 'low' }], scheme), null);
  assert.equal(bandOf([{ ...result, tool: 'other tool' }], scheme), null);
  assert.equal(bandOf([result, seen('listed file')], scheme), 'A');
});

test('more of an indicator never lowers a band, and nobody without one has a band', () => {
  assert.equal(bandOf([], defaultScheme), null);
  fc.assert(
    fc.property(anySeen, fc.constantFrom(...indicatorKinds), (some, one) => {
      const before = bandOf(some, defaultScheme);
      assert.ok(place(bandOf([...some, seen(one)], defaultScheme)) <= place(before));
    }),
    { seed: 5, numRuns: 300 },
  );
});

test('what would change a band does change it, and no smaller change does', () => {
  fc.assert(
    fc.property(anySeen, (some) => {
      const band = bandOf(some, defaultScheme);
      const raise = raiseOf(some, defaultScheme);
      if (raise) {
        const added = [...some, ...raise.indicators.map((kind) => seen(kind as Seen['indicator']))];
        assert.equal(bandOf(added, defaultScheme), raise.band);
        assert.ok(place(raise.band) < place(band));
        if (raise.indicators.length > 1)
          for (const kind of indicatorKinds) assert.equal(bandOf([...some, seen(kind)], defaultScheme), band);
      } else assert.equal(band, 'A');
      const lower = lowerOf(some, defaultScheme);
      assert.equal(lower === null, band === null);
      if (lower) {
        const left = some.filter(({ indicator }) => !lower.indicators.includes(indicator));
        assert.equal(bandOf(left, defaultScheme), lower.band);
        assert.ok(place(lower.band) > place(band));
        if (lower.indicators.length > 1)
          for (const kind of indicatorKinds)
            assert.equal(
              bandOf(
                some.filter(({ indicator }) => indicator !== kind),
                defaultScheme,
              ),
              band,
            );
      }
    }),
    { seed: 6, numRuns: 400 },
  );
});

const row = (
  person: string,
  indicator: Seen['indicator'],
  more: Partial<IndicatorRow> = {},
): IndicatorRow => ({
  person,
  account: `board/${person}`,
  indicator,
  text: 'a fact',
  pointer: '0123456789abcdef@0+1',
  more_pointers: '[]',
  against: null,
  time: null,
  standing: 'counts',
  facts: null,
  ...more,
});

test('the order of indicators says nothing; what is withdrawn or a victim’s counts nothing; contested files count less', () => {
  const against = JSON.stringify({ text: 'known good', pointer: 'x' });
  const rows = [
    row('ann', 'listed file'),
    row('ann', 'listed file', { pointer: 'p2' }),
    row('bob', 'listed file', { against }),
    row('bob', 'listed file', { pointer: 'p2', against }),
    row('bob', 'listed file', { pointer: 'p3' }),
    row('cid', 'provider report', { standing: 'withdrawn', against }),
    row('cid', 'prior record'),
    row('dee', 'listed file', { standing: 'victim' }),
    row('eve', 'provider report', { standing: 'withdrawn', against }),
  ];
  const expected = [
    ['ann', 'C'],
    ['bob', 'C'],
    ['cid', 'D'],
  ];
  const result = (given: readonly IndicatorRow[]) =>
    rank(given, defaultScheme).map(({ person, band }) => [person, band]);
  assert.deepEqual(result(rows), expected);
  assert.deepEqual(result([...rows].reverse()), expected);
  assert.equal(rank(rows, defaultScheme)[2]!.rows.length, 2, 'what was withdrawn stays shown');
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
  // The flood reveals a mailbox at Rosie's registered address, which is hers; it says nothing of conduct.
  const board = (queue: typeof after.queue) =>
    queue.map(({ rank, band, reasons, accounts }) => ({
      rank,
      band,
      reasons,
      accounts: accounts.filter(({ account }) => !account.startsWith('mail/')),
    }));
  assert.deepEqual(board(after.queue), board(before.queue));
});
