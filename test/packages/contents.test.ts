/** What goes into a package, out of rows as the engine gives them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectTables, countWithheldContacts } from '../../src/packages/contents.ts';
import type { Cell, Engine } from '../../src/store/engine.ts';
import * as sql from '../../src/store/queries/packages.ts';

const pointer = (letter: string, offset: number) => `${letter.repeat(16)}/board.sql@${offset}+9`;

/** An engine that answers these questions, about these persons, and no other. */
function answering(answers: Readonly<Record<string, readonly Record<string, Cell>[]>>, persons: string[]) {
  const rows = async (question: string, asked: { persons: readonly string[] }) => {
    assert.deepEqual(asked, { persons });
    return answers[question] ?? assert.fail(`not expected: ${question}`);
  };
  return { rows } as unknown as Engine;
}

test('each part is a table with what it cites, once, wherever in a row it is cited', async () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((letter, i) => pointer(letter, i * 10)) as [
    string,
    string,
    string,
    string,
  ];
  const engine = answering(
    {
      [sql.packagedAccounts]: [
        { handle: 'heron', posts: 3, pointer: a, more_pointers: JSON.stringify([b, a]) },
        { handle: '=1+1', posts: null, pointer: a, more_pointers: null },
      ],
      [sql.packagedIndicators]: [
        { kind: 'listed file', pointer: 'decision 12', against: null },
        { kind: 'report', pointer: 'decision 3', against: JSON.stringify({ pointer: c }) },
        { kind: 'report', pointer: 'decision 12', against: JSON.stringify({ why: 'corrected' }) },
        { kind: 'report', pointer: 'something an exhibit says', against: null },
      ],
      [sql.packagedLinks]: [{ evidence: JSON.stringify([{ pointers: [d, a] }, { pointers: [] }]) }],
      [sql.packagedContacts]: [],
    },
    ['p1', 'p2'],
  );
  const tables = await collectTables(engine, ['p1', 'p2'], ['accounts', 'indicators', 'links', 'contacts']);
  assert.deepEqual(
    tables.map(({ path, rows, pointers, decisions }) => ({ path, rows, pointers, decisions })),
    [
      { path: 'records/accounts.csv', rows: 2, pointers: [a, b], decisions: [] },
      { path: 'records/indicators.csv', rows: 4, pointers: [c], decisions: [3, 12] },
      { path: 'records/links.csv', rows: 1, pointers: [d, a], decisions: [] },
      { path: 'records/contacts.csv', rows: 0, pointers: [], decisions: [] },
    ],
  );
  const [head, , second] = tables[0]!.text.split('\r\n');
  assert.equal(head, 'handle,posts,pointer,more_pointers');
  // A formula is defused, and nothing is not "null".
  assert.match(second!, /^'=1\+1,,a{16}/);
  assert.equal(tables[3]!.text, '');
  assert.ok(tables.every(({ about }) => about.length > 10));
});

test('contacts with people outside the package are counted, not told', async () => {
  const engine = answering({ [sql.withheldContacts]: [{ contacts: 7 }] }, ['p1']);
  assert.equal(await countWithheldContacts(engine, ['p1']), 7);
});
