import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Constraints, clusterPairs } from '../../src/persons/clustering.ts';
import { groupsOf } from './support.ts';

const settings = { unseenBits: -2, leastBits: -8, mostBits: 8 };
const free: Constraints = { same: [], different: [] };
const size = 12;
const account = fc.integer({ min: 0, max: size - 1 });
const pair = fc.tuple(account, account).filter(([a, b]) => a < b);
const edges = fc.uniqueArray(fc.tuple(pair, fc.integer({ min: -40, max: 40 })), {
  maxLength: 40,
  selector: ([[a, b]]) => `${a} ${b}`,
});
const seed = { seed: 20260101, numRuns: 300 };

function cluster(
  list: readonly (readonly [readonly [number, number], number])[],
  constraints = free,
): Uint32Array {
  const pairs = {
    length: list.length,
    a: Uint32Array.from(list, ([[a]]) => a),
    b: Uint32Array.from(list, ([[, b]]) => b),
    bits: Float32Array.from(list, ([, bits]) => bits / 4),
  };
  return clusterPairs(size, pairs, constraints, settings);
}

test('the order of the pairs changes nothing', () => {
  fc.assert(
    fc.property(edges, fc.integer(), (list, turn) => {
      const shift = list.length === 0 ? 0 : Math.abs(turn) % list.length;
      const turned = [...list.slice(shift), ...list.slice(0, shift)].reverse();
      assert.deepEqual(cluster(list), cluster(turned));
    }),
    seed,
  );
});

test('what a human held apart is never together, whatever the evidence and however many steps between', () => {
  fc.assert(
    fc.property(edges, fc.array(pair, { maxLength: 6 }), (list, different) => {
      const found = cluster(list, { same: [], different });
      for (const [a, b] of different) assert.notEqual(found[a], found[b]);
    }),
    seed,
  );
});

test('what a human put together is together', () => {
  fc.assert(
    fc.property(edges, fc.array(pair, { maxLength: 6 }), (list, same) => {
      const found = cluster(list, { same, different: [] });
      for (const [a, b] of same) assert.equal(found[a], found[b]);
    }),
    seed,
  );
});

test("a victim's account and a suspect's are never joined by evidence, only by a human", () => {
  fc.assert(
    fc.property(
      edges,
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: size, maxLength: size }),
      (list, roles) => {
        const found = cluster(list, { ...free, roles: Uint8Array.from(roles) });
        for (let a = 0; a < size; a++) {
          for (let b = 0; b < size; b++) {
            if (roles[a] === 1 && roles[b] === 2) assert.notEqual(found[a], found[b]);
          }
        }
      },
    ),
    seed,
  );
  const roles = Uint8Array.from({ length: size }, (_, i) => (i === 0 ? 1 : i === 1 ? 2 : 0));
  const joined = cluster([[[0, 1], 40]], { same: [[0, 1]], different: [], roles });
  assert.equal(joined[0], joined[1]);
});

test('chains do not make hairballs: two groups held by one pair stay two where the rest speaks against', () => {
  const inside = [
    [0, 1],
    [0, 2],
    [1, 2],
    [3, 4],
    [3, 5],
    [4, 5],
  ] as const;
  const list = [
    ...inside.map((each) => [each, 24] as const),
    [[2, 3], 24] as const,
    ...[
      [0, 3],
      [1, 4],
      [2, 5],
      [0, 5],
    ].map((each) => [each as unknown as readonly [number, number], -30] as const),
  ];
  assert.deepEqual(groupsOf(cluster(list).slice(0, 6), [0, 1, 2, 3, 4, 5]), ['0 1 2', '3 4 5']);
});
