/** What the contact graph answers: over accounts and persons, with filters, caps and sources. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { WaymarkError } from '../../src/base/errors.ts';
import { Answering } from '../../src/footprint/graph/answers.ts';
import type { NetworkModel } from '../../src/footprint/graph/model.ts';
import type { ContactRow } from '../../src/footprint/graph/rows.ts';
import { derivedTables } from '../../src/store/queries/generation.ts';
import { channels, exhibits, modelOf, nodes, row, sentMatrix, someRows } from './graph-support.ts';

const broad = { fan: 500, most: 2000 } as const;

function neighboursOf(model: NetworkModel, of: string, more: object = {}) {
  return new Answering(model).neighbours({ kind: 'neighbours', of, hops: 2, filter: {}, ...broad, ...more });
}

function summaryOf(model: NetworkModel, more: object = {}) {
  return new Answering(model).summary(
    { kind: 'summary', over: 'accounts', limit: 500, filter: {}, wait: false, ...more },
    null,
  );
}

const someFilterText = fc.record(
  {
    from: fc.constantFrom('2016-07-18', '2016-07-25'),
    to: fc.constantFrom('2016-07-26', '2016-08-02'),
  },
  { requiredKeys: [] },
);

test('whatever the order of rows, every answer is the same', () => {
  fc.assert(
    fc.property(
      someRows,
      fc.infiniteStream(fc.nat()),
      fc.nat(nodes - 1),
      fc.nat(nodes - 1),
      someFilterText,
      (list, keys, a, b, filter) => {
        const shuffled = list
          .map((each) => ({ each, key: keys.next().value as number }))
          .sort((x, y) => x.key - y.key)
          .map(({ each }) => each);
        const persons = Array.from({ length: nodes }, (_, number) => `person-${number % 5}`);
        const answers = [list, shuffled].map((rows) => {
          const asked = new Answering(modelOf(rows, { persons }));
          return ['accounts', 'persons'].map((over) => [
            asked.neighbours({
              kind: 'neighbours',
              of: `board/${a}`,
              hops: 2,
              over: over as 'persons',
              filter,
              ...broad,
            }),
            asked.path({
              kind: 'path',
              a: `board/${a}`,
              b: `board/${b}`,
              over: over as 'persons',
              most: 20,
              hub: 0,
              filter,
            }),
            asked.summary({ kind: 'summary', over: over as 'persons', limit: 20, filter, wait: false }, null),
            asked.exportWays({ kind: 'export ways', over: over as 'persons', filter, after: 0 }),
          ]);
        });
        assert.deepEqual(answers[1], answers[0]);
      },
    ),
  );
});

test('edges add up: both directions, channels, reciprocity and what hidden counts say', () => {
  fc.assert(
    fc.property(someRows, fc.nat(nodes - 1), fc.integer({ min: 1, max: 4 }), (list, of, most) => {
      const model = modelOf(list);
      const sent = sentMatrix(list, { fromDay: null, toDay: null, channel: null, exhibit: null });
      const number = (id: string) => Number(id.slice('board/'.length));
      const whole = neighboursOf(model, `board/${of}`);
      assert.equal(whole.hidden.nodes, 0);
      for (const edge of whole.edges) {
        const [a, b] = [number(edge.a), number(edge.b)];
        assert.ok(a < b);
        assert.deepEqual([edge.a_to_b, edge.b_to_a], [sent[a]![b], sent[b]![a]]);
        const weaker = Math.min(sent[a]![b]!, sent[b]![a]!);
        assert.equal(edge.reciprocity, weaker / (sent[a]![b]! + sent[b]![a]!));
        const ways = (from: string) =>
          edge.ways.filter((way) => way.from === from).reduce((sum, way) => sum + way.messages, 0);
        assert.deepEqual([ways(edge.a), ways(edge.b)], [edge.a_to_b, edge.b_to_a]);
        for (const way of edge.ways) assert.ok(channels.includes(way.channel));
      }
      const capped = neighboursOf(model, `board/${of}`, { most });
      assert.ok(capped.nodes.length <= most);
      assert.equal(capped.nodes.length + capped.hidden.nodes, whole.nodes.length);
      for (const node of capped.nodes) {
        const shown = capped.edges.filter(({ a, b }) => a === node.node || b === node.node).length;
        assert.equal(node.hidden, node.neighbours - shown);
      }
    }),
  );
});

test('the summary adds up with the rows, by channel, by exhibit and over time', () => {
  fc.assert(
    fc.property(someRows, (list) => {
      const answer = summaryOf(modelOf(list));
      const sum = (of: (each: ContactRow) => number) => list.reduce((total, each) => total + of(each), 0);
      assert.equal(
        answer.totals.messages,
        sum((each) => each.firstMessages),
      );
      for (const { channel, messages } of answer.channels)
        assert.equal(
          messages,
          sum((each) => (each.channel === channel ? each.firstMessages : 0)),
        );
      for (const { exhibit, messages } of answer.exhibits)
        assert.equal(
          messages,
          sum((each) => (each.exhibit === exhibit ? each.messages : 0)),
        );
      const dated = sum((each) => (each.day === null ? 0 : each.firstMessages));
      assert.equal(
        answer.days.messages.reduce((total, each) => total + each, 0),
        dated,
      );
      const some = { from: '2016-07-18' };
      const ranged = summaryOf(modelOf(list), { filter: some });
      assert.equal(
        ranged.undated,
        sum((each) => (each.day === null ? each.firstMessages : 0)),
      );
      const degrees = new Map(answer.most.map((node) => [node.node, node.neighbours]));
      assert.equal(degrees.size, nodes - answer.totals.without_contact);
    }),
  );
});

const board = modelOf([
  row(0, 1, { messages: 3, day: 17_000, pointer: `${exhibits[0]}/a@5+9` }),
  row(0, 1, {
    messages: 2,
    day: 17_010,
    exhibit: exhibits[1]!,
    firstMessages: 0,
    pointer: `${exhibits[1]}@7+9`,
  }),
  row(1, 0, { messages: 1, day: 17_001, channel: 'chat' }),
  row(1, 2, { messages: 4, day: null, firstTime: null, lastTime: null }),
]);

test('filters: an exhibit counts all that stands in it, a range of time leaves out what has no time and says so', () => {
  const edge = (filter: object) =>
    neighboursOf(board, 'board/1', { hops: 1, filter }).edges.find(({ a }) => a === 'board/0');
  assert.equal(edge({})!.a_to_b, 3);
  assert.equal(edge({ exhibit: exhibits[1] })!.a_to_b, 2);
  assert.equal(edge({ exhibit: exhibits[1] })!.ways[0]!.pointer, `${exhibits[1]}@7+9`);
  assert.deepEqual(
    edge({ channel: 'chat' })!.ways.map(({ from, messages }) => [from, messages]),
    [['board/1', 1]],
  );
  const ranged = neighboursOf(board, 'board/1', {
    hops: 1,
    filter: { from: '2016-07-18', to: '2016-07-18' },
  });
  assert.deepEqual([ranged.reach.one, ranged.undated], [1, 4]);
  assert.deepEqual(ranged.filter, { from: '2016-07-18', to: '2016-07-18', channel: null, exhibit: null });
  const undated = neighboursOf(board, 'board/2', { hops: 1 }).edges[0]!;
  assert.deepEqual([undated.first_time, undated.last_time, undated.bursts], [null, null, []]);
});

function failure(work: () => unknown): WaymarkError {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof WaymarkError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'nothing was thrown' });
}

test('what does not exist is said plainly: accounts, persons, channels, exhibits, days', () => {
  for (const id of ['board/99', 'person-99', '', '__proto__', 'constructor'])
    assert.equal(failure(() => neighboursOf(board, id)).code, 'not-found');
  const filtered = (filter: object) => failure(() => neighboursOf(board, 'board/0', { filter }));
  assert.match(filtered({ channel: 'pigeon' }).remedy!, /chat, mail/);
  assert.equal(filtered({ exhibit: '0000000000000000' }).code, 'not-found');
  for (const from of ['2019-02-30', '2019-13-01', 'yesterday', '19-01-01'])
    assert.equal(filtered({ from }).code, 'usage');
  assert.equal(filtered({ from: '2019-01-02', to: '2019-01-01' }).code, 'usage');
  assert.equal(failure(() => neighboursOf(board, 'person-1', { over: 'accounts' })).code, 'usage');
});

test('an account without contact is an answer, not an error', () => {
  const alone = neighboursOf(board, 'board/5');
  assert.deepEqual([alone.reach.one, alone.reach.two, alone.edges, alone.nodes.length], [0, 0, [], 1]);
  assert.equal(alone.nodes[0]!.label, 'member 5');
  const none = new Answering(board).path({
    kind: 'path',
    a: 'board/0',
    b: 'board/5',
    most: 20,
    hub: 0,
    filter: {},
  });
  assert.deepEqual([none.length, none.total, none.paths], [null, 0, []]);
  assert.equal(none.nodes.length, 2);
  const itself = new Answering(board).path({
    kind: 'path',
    a: 'board/0',
    b: 'board/0',
    most: 20,
    hub: 0,
    filter: {},
  });
  assert.deepEqual([itself.length, itself.paths], [0, [['board/0']]]);
});

/** Accounts 0 and 1 are one person by evidence, 2 and 3 by decision, 4 and 5 with a pair in doubt; 6 is nobody's. */
const people = modelOf([row(0, 1), row(1, 2), row(3, 4), row(5, 6), row(7, 8), row(0, 2)], {
  persons: ['p-a', 'p-a', 'p-b', 'p-b', 'p-c', 'p-c', null, 'p-d', 'p-e'],
  links: [
    { a: 0, b: 1, bits: 20, decision: null, joined: true },
    { a: 2, b: 3, bits: 3, decision: 'same', joined: true },
    { a: 4, b: 5, bits: 25, decision: 'unsure', joined: true },
    { a: 7, b: 8, bits: 9, decision: 'unsure', joined: false },
  ],
  bands: new Map([['p-b', { band: 'B', rank: 4 }]]),
});

test('persons: accounts add up, contact inside one person is none, and each edge says how sure its ends are', () => {
  const answer = neighboursOf(people, 'p-b');
  assert.equal(answer.over, 'persons');
  const certain = Object.fromEntries(answer.nodes.map(({ node, certainty }) => [node, certainty]));
  assert.deepEqual(certain, { 'p-a': 'proposed', 'p-b': 'decided', 'p-c': 'unsure', 'board/6': 'stated' });
  const edges = Object.fromEntries(answer.edges.map((edge) => [`${edge.a} ${edge.b}`, edge]));
  assert.equal(edges['p-a p-b']!.a_to_b, 2);
  assert.equal(edges['p-a p-b']!.certainty, 'proposed');
  assert.equal(edges['p-b p-c']!.certainty, 'unsure');
  assert.equal(edges['board/6 p-c']!.certainty, 'unsure');
  assert.deepEqual([answer.nodes[0]!.band, answer.nodes[0]!.rank], ['B', 4]);
  assert.equal(summaryOf(people, { over: 'persons' }).totals.inside, 1);
  assert.deepEqual(
    answer.links.shown.map(({ account_a, certainty }) => [account_a, certainty]),
    [
      ['board/4', 'unsure'],
      ['board/0', 'proposed'],
      ['board/2', 'decided'],
    ],
  );
  const doubtful = neighboursOf(people, 'p-d', { hops: 1 });
  assert.equal(doubtful.edges[0]!.certainty, 'stated');
  assert.deepEqual(
    doubtful.links.shown.map((link) => [link.node_a, link.node_b, link.certainty]),
    [['p-d', 'p-e', 'unsure']],
  );
  // An account asked for among persons stands for its person; among accounts for itself.
  assert.equal(neighboursOf(people, 'board/2', { over: 'persons' }).of, 'p-b');
  const account = neighboursOf(people, 'board/2', { hops: 1 });
  assert.ok(account.nodes.every(({ certainty }) => certainty === 'stated'));
  assert.equal(account.nodes.length, 3);
});

test('a path between an account and a person is one of persons', () => {
  const found = new Answering(people).path({
    kind: 'path',
    a: 'board/0',
    b: 'board/6',
    over: undefined,
    most: 20,
    hub: 0,
    filter: {},
  });
  assert.deepEqual([found.over, found.length], ['accounts', null]);
  const persons = new Answering(people).path({
    kind: 'path',
    a: 'board/0',
    b: 'p-c',
    most: 20,
    hub: 0,
    filter: {},
  });
  assert.deepEqual(persons.paths, [['p-a', 'p-b', 'p-c']]);
  assert.equal(persons.edges.length, 2);
  for (const edge of persons.edges) assert.ok(edge.ways.every(({ pointer }) => pointer.includes('@')));
});

test('an export by parts holds every node and way once', () => {
  const crowd = Array.from({ length: 12_000 }, (_, i) => row(i, i + 1));
  const model = modelOf(
    crowd,
    { persons: new Array(12_001).fill(null), handles: new Array(12_001).fill(null) },
    12_001,
  );
  const asked = new Answering(model);
  const ways = new Set<string>();
  const ids = new Set<string>();
  let parts = 0;
  for (let after: number | null = 0; after !== null; parts++) {
    const part: ReturnType<Answering['exportWays']> = asked.exportWays({
      kind: 'export ways',
      over: 'accounts',
      filter: {},
      after,
    });
    for (const way of part.ways) ways.add(`${way.from} ${way.to}`);
    after = part.after;
  }
  for (let after: number | null = 0; after !== null; parts++) {
    const part: ReturnType<Answering['exportNodes']> = asked.exportNodes({
      kind: 'export nodes',
      over: 'accounts',
      filter: {},
      after,
    });
    for (const node of part.nodes) ids.add(node.node);
    after = part.after;
  }
  assert.deepEqual([ways.size, ids.size], [12_000, 12_001]);
  assert.ok(parts > 4);
});

test('nothing that ranks can read communities or measures: no import, and no table holds them', () => {
  const source = path.join(import.meta.dirname, '..', '..', 'src');
  const files = fs
    .readdirSync(path.join(source, 'priorities'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'));
  assert.ok(files.length > 2);
  for (const file of files) {
    const text = fs.readFileSync(path.join(source, 'priorities', file), 'utf8');
    assert.doesNotMatch(text, /footprint\/graph|queries\/network/, file);
  }
  for (const table of derivedTables) assert.doesNotMatch(table, /communit|measure|centrality|between/);
  const graph = fs.readdirSync(path.join(source, 'footprint', 'graph'));
  for (const file of graph) {
    const text = fs.readFileSync(path.join(source, 'footprint', 'graph', file), 'utf8');
    assert.doesNotMatch(text, /create table|insert into|Math\.random|Date\.now/, file);
  }
});
