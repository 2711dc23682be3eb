/** The kernel of the contact graph against slow and plain ways of finding the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { burstSettings, type DayCount, findBursts, leastForBurst } from '../../src/footprint/graph/bursts.ts';
import { communitiesOf } from '../../src/footprint/graph/communities.ts';
import { buildContactGraph, eachNeighbour } from '../../src/footprint/graph/contact-graph.ts';
import { choose, pairsOf } from '../../src/footprint/graph/describe.ts';
import { everything } from '../../src/footprint/graph/filter.ts';
import { placeNodes } from '../../src/footprint/graph/layout.ts';
import { betweennessOf, coresOf, linksOf, pageRankOf } from '../../src/footprint/graph/measures.ts';
import { degreeOf, neighbourhood, pairsAmong } from '../../src/footprint/graph/neighbourhood.ts';
import { PathFinder } from '../../src/footprint/graph/paths.ts';
import { randomFrom } from '../../src/footprint/graph/random.ts';
import { neighboursIn, nodes, row, rowsOf, sentMatrix, someFilter, someRows } from './graph-support.ts';

/** Steps from a node to each other. */
function stepsFrom(
  sent: number[][],
  start: number,
  mayPass: (node: number) => boolean = () => true,
): number[] {
  const steps = sent.map(() => Number.POSITIVE_INFINITY);
  steps[start] = 0;
  for (let round = 0; round < sent.length; round++) {
    for (let n = 0; n < sent.length; n++) {
      if (steps[n] === Number.POSITIVE_INFINITY || (n !== start && !mayPass(n))) continue;
      for (const other of neighboursIn(sent, n)) steps[other] = Math.min(steps[other]!, steps[n]! + 1);
    }
  }
  return steps;
}

test('each neighbour comes once, in order, and degrees add up', () => {
  fc.assert(
    fc.property(someRows, (list) => {
      const graph = buildContactGraph(nodes, rowsOf(list));
      const sent = sentMatrix(
        list.map((each) => ({ ...each, firstMessages: each.messages })),
        everything,
      );
      for (let n = 0; n < nodes; n++) {
        const found: number[] = [];
        eachNeighbour(graph, n, (other) => found.push(other));
        assert.deepEqual(found, neighboursIn(sent, n));
        assert.equal(graph.neighbours[n], found.length);
      }
    }),
  );
});

test('nodes within two steps are those of a plain search, under any range of time', () => {
  fc.assert(
    fc.property(someRows, someFilter, fc.nat(nodes - 1), (list, filter, start) => {
      const graph = buildContactGraph(nodes, rowsOf(list));
      const sent = sentMatrix(list, filter);
      const steps = stepsFrom(sent, start);
      const found = neighbourhood(graph, start, 2, filter, { fan: 100, most: 100 });
      const expected = (hop: number) => steps.flatMap((each, node) => (each === hop ? [node] : []));
      const actual = (hop: number) =>
        found.found.flatMap((each) => (each.hop === hop ? [each.node] : [])).sort((x, y) => x - y);
      for (const hop of [0, 1, 2]) assert.deepEqual(actual(hop), expected(hop));
      assert.equal(found.one, expected(1).length);
      assert.equal(found.two, expected(2).length);
      for (const { node } of found.found) {
        const { neighbours, sent: out, received } = degreeOf(graph, node, filter);
        assert.equal(neighbours, neighboursIn(sent, node).length);
        assert.equal(
          out,
          sent[node]!.reduce((sum, each) => sum + each, 0),
        );
        assert.equal(
          received,
          sent.reduce((sum, each) => sum + each[node]!, 0),
        );
      }
    }),
  );
});

test('pairs among nodes are the same whether a hub is walked or looked up', () => {
  fc.assert(
    fc.property(someRows, someFilter, fc.uniqueArray(fc.nat(nodes - 1)), (list, filter, chosen) => {
      // Contacts of node 0 beyond the chosen ones make it a hub.
      const crowd = Array.from({ length: 200 }, (_, i) => row(0, nodes + i));
      const graph = buildContactGraph(nodes + 200, rowsOf([...list, ...crowd]));
      const sent = sentMatrix(list, filter);
      const expected = chosen.flatMap((a) =>
        chosen
          .filter((b) => a < b && sent[a]![b]! + sent[b]![a]! > 0)
          .map((b) => `${a} ${b} ${sent[a]![b]! + sent[b]![a]!}`),
      );
      const found = pairsAmong(graph, chosen, filter).map(({ a, b, messages }) => `${a} ${b} ${messages}`);
      assert.deepEqual(found.sort(), expected.sort());
    }),
  );
});

test('a hub shows its strongest neighbours up to the cap, and counts all', () => {
  const list = Array.from({ length: 500 }, (_, i) =>
    row(0, i + 1, { messages: 1 + (i % 7), firstMessages: 1 + (i % 7) }),
  );
  const graph = buildContactGraph(501, rowsOf(list));
  const { found, one, two } = neighbourhood(graph, 0, 2, everything, { fan: 10, most: 300 });
  assert.equal(one, 500);
  assert.equal(two, 0);
  assert.deepEqual(
    found.map(({ node }) => node),
    [0, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70],
  );
  // Seen from a leaf, the hub's other neighbours are two steps away, and capped too.
  const leaf = neighbourhood(graph, 1, 2, everything, { fan: 10, most: 8 });
  assert.deepEqual([leaf.one, leaf.two, leaf.found.length], [1, 499, 8]);
});

function allShortest(sent: number[][], a: number, b: number, mayPass: (node: number) => boolean): number[][] {
  const steps = stepsFrom(sent, a, mayPass);
  if (steps[b] === Number.POSITIVE_INFINITY) return [];
  let paths = [[a]];
  for (let step = 1; step <= steps[b]!; step++) {
    paths = paths.flatMap((path) => {
      const last = path.at(-1)!;
      if (last !== a && !mayPass(last)) return [];
      return neighboursIn(sent, last)
        .filter((next) => steps[next] === step)
        .map((next) => [...path, next]);
    });
  }
  return paths.filter((path) => path.at(-1) === b);
}

test('all shortest paths are found and counted, also when hubs are not walked through', () => {
  fc.assert(
    fc.property(
      someRows,
      someFilter,
      fc.nat(nodes - 1),
      fc.nat(nodes - 1),
      fc.option(fc.integer({ min: 1, max: 4 })),
      (list, filter, a, b, hub) => {
        const graph = buildContactGraph(nodes, rowsOf(list));
        const sent = sentMatrix(list, filter);
        const expected = allShortest(sent, a, b, (node) => hub === null || graph.neighbours[node]! <= hub);
        const finder = new PathFinder(graph);
        // Asked twice, so that what one search leaves behind would show.
        finder.find(b, a, filter, { most: 2, hub });
        const found = finder.find(a, b, filter, { most: 1000, hub });
        assert.deepEqual(found.paths, expected);
        assert.equal(found.total, expected.length);
        assert.equal(found.length, expected.length === 0 ? null : expected[0]!.length - 1);
        assert.deepEqual(finder.find(a, b, filter, { most: 2, hub }).paths, expected.slice(0, 2));
      },
    ),
    { numRuns: 500 },
  );
});

test('more paths than can be listed are counted, and a very long path is no trouble', () => {
  // Diamonds in a row: each doubles the number of paths.
  const diamonds = Array.from({ length: 60 }, (_, i) => {
    const at = i * 3;
    return [row(at, at + 1), row(at, at + 2), row(at + 1, at + 3), row(at + 2, at + 3)];
  }).flat();
  const graph = buildContactGraph(181, rowsOf(diamonds));
  const found = new PathFinder(graph).find(0, 180, everything, { most: 5, hub: null });
  assert.deepEqual([found.length, found.total, found.isExact, found.paths.length], [120, 2 ** 60, false, 5]);
  const chain = buildContactGraph(30_001, rowsOf(Array.from({ length: 30_000 }, (_, i) => row(i, i + 1))));
  assert.equal(new PathFinder(chain).find(0, 30_000, everything, { most: 5, hub: null }).length, 30_000);
});

const somePairs = fc.uniqueArray(
  fc
    .tuple(fc.nat(nodes - 1), fc.nat(nodes - 1), fc.integer({ min: 1, max: 9 }))
    .filter(([a, b]) => a !== b)
    .map(([a, b, messages]) => ({ a: Math.min(a, b), b: Math.max(a, b), messages })),
  { selector: ({ a, b }) => a * nodes + b, maxLength: 20 },
);

function linksFrom(list: readonly { a: number; b: number; messages: number }[], size = nodes) {
  return linksOf(size, {
    a: Uint32Array.from(list, ({ a }) => a),
    b: Uint32Array.from(list, ({ b }) => b),
    messages: Float64Array.from(list, ({ messages }) => messages),
  });
}

test('cores are those of taking nodes away one by one', () => {
  fc.assert(
    fc.property(somePairs, (list) => {
      const expected = new Array<number>(nodes).fill(0);
      for (let k = 1; k < nodes; k++) {
        const left = new Set(Array.from({ length: nodes }, (_, node) => node));
        const degree = (node: number) =>
          list.filter(({ a, b }) => (a === node && left.has(b)) || (b === node && left.has(a))).length;
        for (let gone = true; gone; ) {
          const weak = [...left].filter((node) => degree(node) < k);
          for (const node of weak) left.delete(node);
          gone = weak.length > 0;
        }
        for (const node of left) expected[node] = k;
      }
      assert.deepEqual([...coresOf(linksFrom(list))], expected);
    }),
  );
});

test('betweenness from every node is the share of shortest paths through each', () => {
  fc.assert(
    fc.property(somePairs, (list) => {
      const sent = Array.from({ length: nodes }, () => new Array<number>(nodes).fill(0));
      for (const { a, b } of list) sent[a]![b] = 1;
      const expected = new Array<number>(nodes).fill(0);
      for (let s = 0; s < nodes; s++) {
        for (let t = 0; t < nodes; t++) {
          if (s === t) continue;
          const paths = allShortest(sent, s, t, () => true);
          for (const path of paths) for (const node of path.slice(1, -1)) expected[node]! += 1 / paths.length;
        }
      }
      const { share } = betweennessOf(linksFrom(list));
      for (let n = 0; n < nodes; n++)
        assert.ok(Math.abs(share[n]! - expected[n]! / ((nodes - 1) * (nodes - 2))) < 1e-9);
    }),
  );
});

test('sampled betweenness is the same every time and near the whole', () => {
  const random = randomFrom(5);
  const list = new Map<number, { a: number; b: number; messages: number }>();
  for (let i = 0; i < 1500; i++) {
    const [x, y] = [Math.floor(400 * random() ** 2), Math.floor(400 * random() ** 2)];
    if (x !== y)
      list.set(Math.min(x, y) * 400 + Math.max(x, y), { a: Math.min(x, y), b: Math.max(x, y), messages: 1 });
  }
  const links = linksFrom([...list.values()], 400);
  const few = { seed: 1, mostPivots: 100, mostSteps: 1e9 };
  const [once, again] = [betweennessOf(links, undefined, few), betweennessOf(links, undefined, few)];
  assert.deepEqual(once, again);
  assert.equal(once.pivots, 100);
  const whole = betweennessOf(links, undefined, { ...few, mostPivots: 400 });
  const first = (values: Float64Array) => values.indexOf(Math.max(...values));
  assert.equal(first(once.share), first(whole.share));
});

test('page rank is the fixed point of its own definition', () => {
  fc.assert(
    fc.property(someRows, (list) => {
      const kept = list.filter(({ firstMessages }) => firstMessages > 0);
      const graph = buildContactGraph(nodes, rowsOf(kept));
      const rank = pageRankOf({ nodes, start: graph.outStart, to: graph.to, messages: graph.messages });
      assert.ok(Math.abs(rank.reduce((sum, each) => sum + each, 0) - 1) < 1e-9);
      const sent = sentMatrix(kept, everything);
      const out = sent.map((each) => each.reduce((sum, messages) => sum + messages, 0));
      for (let n = 0; n < nodes; n++) {
        let expected = 0.15 / nodes;
        for (let m = 0; m < nodes; m++)
          expected += 0.85 * rank[m]! * (out[m] === 0 ? 1 / nodes : sent[m]![n]! / out[m]!);
        assert.ok(Math.abs(rank[n]! - expected) < 1e-6);
      }
    }),
  );
});

test('communities hang together, do not depend on the order of pairs, and part two rings of friends', () => {
  fc.assert(
    fc.property(somePairs, fc.infiniteStream(fc.nat()), (list, keys) => {
      const shuffled = list
        .map((pair) => ({ pair, key: keys.next().value as number }))
        .sort((x, y) => x.key - y.key)
        .map(({ pair }) => pair);
      const found = communitiesOf(linksFrom(list));
      assert.deepEqual(found, communitiesOf(linksFrom(shuffled)));
      for (const community of new Set(found)) {
        const members = [...found.keys()].filter((node) => found[node] === community);
        if (community === -1) {
          for (const node of members) assert.ok(!list.some(({ a, b }) => a === node || b === node));
          continue;
        }
        const inside = Array.from({ length: nodes }, () => new Array<number>(nodes).fill(0));
        for (const { a, b } of list) if (members.includes(a) && members.includes(b)) inside[a]![b] = 1;
        const steps = stepsFrom(inside, members[0]!);
        for (const node of members) assert.ok(Number.isFinite(steps[node]));
      }
    }),
  );
  const ring = (first: number) =>
    [0, 1, 2, 3].flatMap((i) =>
      [0, 1, 2, 3].filter((j) => j > i).map((j) => ({ a: first + i, b: first + j, messages: 5 })),
    );
  const two = communitiesOf(linksFrom([...ring(0), ...ring(4), { a: 3, b: 4, messages: 1 }]));
  assert.deepEqual([...two], [0, 0, 0, 0, 1, 1, 1, 1, -1]);
});

test('places are the same every time, apart from one another, and only for those in contact', async () => {
  const list = [
    { a: 0, b: 1, messages: 3 },
    { a: 1, b: 2, messages: 1 },
    { a: 4, b: 5, messages: 2 },
  ];
  const links = linksFrom(list);
  const steps: number[] = [];
  const once = await placeNodes(links, communitiesOf(links), (done) => void steps.push(done));
  const again = await placeNodes(linksFrom([...list].reverse()), communitiesOf(links));
  assert.deepEqual(once, again);
  assert.ok(steps.length > 0 && steps.at(-1) === steps.length);
  const places = new Set([0, 1, 2, 4, 5].map((node) => `${once.x[node]} ${once.y[node]}`));
  assert.equal(places.size, 5);
  assert.deepEqual([once.x[3], once.y[3]], [0, 0]);
});

test('what is shown of a network too large is its busiest nodes and strongest pairs', () => {
  const list = [
    ...Array.from({ length: 6 }, (_, i) => row(0, i + 1, { messages: i + 1, firstMessages: i + 1 })),
    row(1, 2),
    row(7, 8, { messages: 50, firstMessages: 50 }),
  ];
  const graph = buildContactGraph(nodes, rowsOf(list));
  const pairs = pairsOf(graph);
  const shown = choose(graph, pairs, { nodes: 4, edges: 3 });
  assert.deepEqual([...shown.nodes], [0, 1, 2, 3]);
  assert.deepEqual([...shown.pairs.messages], [3, 2, 1]);
  assert.deepEqual([shown.allNodes, shown.allPairs], [9, 8]);
});

/** The cost of a course of states, day by day, as the documentation words it. */
function costOf(days: readonly DayCount[], states: readonly boolean[]): number {
  const first = days[0]!.day;
  const span = days.at(-1)!.day - first + 1;
  const usual = days.reduce((sum, { messages }) => sum + messages, 0) / span;
  let cost = 0;
  for (let at = 0; at < span; at++) {
    const messages = days.find(({ day }) => day === first + at)?.messages ?? 0;
    const rate = states[at] ? usual * burstSettings.timesUsual : usual;
    cost += rate - messages * Math.log(rate);
    if (states[at] && !states[at - 1]) cost += burstSettings.gamma * Math.log(span);
  }
  return cost;
}

test('bursts are the cheapest course of states', () => {
  const series = fc
    .uniqueArray(
      fc.record({ day: fc.nat(9), messages: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 30 })) }),
      {
        selector: ({ day }) => day,
        minLength: 1,
      },
    )
    .map((days) => days.sort((x, y) => x.day - y.day));
  let withBursts = 0;
  fc.assert(
    fc.property(series, (days) => {
      const first = days[0]!.day;
      const span = days.at(-1)!.day - first + 1;
      const bursts = findBursts(days);
      if (bursts.length > 0) withBursts++;
      const messages = days.reduce((sum, day) => sum + day.messages, 0);
      assert.ok(messages >= leastForBurst || bursts.length === 0);
      const states = Array.from({ length: span }, (_, at) =>
        bursts.some(({ fromDay, toDay }) => fromDay <= first + at && first + at <= toDay),
      );
      let cheapest = Number.POSITIVE_INFINITY;
      for (let bits = 0; bits < 2 ** span; bits++) {
        const course = Array.from({ length: span }, (_, at) => ((bits >> at) & 1) === 1);
        cheapest = Math.min(cheapest, costOf(days, course));
      }
      assert.ok(costOf(days, states) <= cheapest + 1e-9);
      const calm = costOf(
        days,
        states.map(() => false),
      );
      const saved = bursts.reduce((sum, { bits }) => sum + bits * Math.LN2, 0);
      assert.ok(Math.abs(calm - costOf(days, states) - saved) < 1e-6);
    }),
    { numRuns: 300 },
  );
  assert.ok(withBursts > 10);
});

test('a busy fortnight in a quiet year stands out; an even year has none', () => {
  const quiet = Array.from({ length: 12 }, (_, month) => ({ day: month * 30, messages: 1 }));
  const busy = Array.from({ length: 14 }, (_, day) => ({ day: 181 + day, messages: 4 }));
  const [burst, ...others] = findBursts([...quiet, ...busy].sort((x, y) => x.day - y.day));
  assert.deepEqual(others, []);
  assert.ok(burst!.fromDay >= 180 && burst!.toDay <= 194);
  assert.equal(burst!.messages >= 56, true);
  assert.deepEqual(findBursts(Array.from({ length: 365 }, (_, day) => ({ day, messages: 2 }))), []);
  assert.deepEqual(findBursts([]), []);
  assert.deepEqual(findBursts([{ day: 5, messages: 1000 }]), []);
});
