import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeComparisons } from '../../src/persons/comparisons.ts';
import { scorePair } from '../../src/persons/learn.ts';
import { type FieldPlan, PopulationBuilder } from '../../src/persons/population.ts';
import { Reach } from '../../src/persons/reach.ts';

const plans: readonly FieldPlan[] = [
  { name: 'name', kind: 'words', group: 'name' },
  { name: 'birthday', kind: 'date', group: 'birth' },
  { name: 'place', kind: 'text', group: 'location' },
  { name: 'postcode', kind: 'code', group: 'location' },
  { name: 'gender', kind: 'category', group: 'birth' },
];

const letters = fc.string({ unit: fc.constantFrom(...'abcéжz 019-'), maxLength: 7 });
/** Words that are alike in each of the ways that count. */
const kin = fc.constantFrom(
  ...['anna', 'bnna', 'ann', 'a', 'kathryn', 'katherine', 'cathrine', 'kettle', 'kettel', 'mettle'],
  ...[
    'lower garden',
    'upper garden',
    'garden',
    'martha',
    'marhta',
    'abce',
    'xbce',
    'christine',
    'christopher',
  ],
);
const words = fc
  .array(fc.oneof(letters, { weight: 3, arbitrary: kin }), { maxLength: 3 })
  .map((list) => list.join(' '));
const date = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'0129-'), maxLength: 11 }),
  fc
    .tuple(fc.constantFrom('1970', '1971', '1980', '0000'), fc.nat(12), fc.nat(12))
    .map(([y, m, d]) => `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`),
);
/** Each field of an account: values of it, none to two. */
const account = fc.tuple(
  ...[words, date, words, letters, letters].map((value) => fc.array(value, { maxLength: 2 })),
);

test('no pair scores higher than it is said to reach, whatever the weights', () => {
  fc.assert(
    fc.property(
      fc.array(account, { minLength: 2, maxLength: 8 }),
      fc.array(fc.double({ min: -9, max: 20, noNaN: true }), { minLength: 16, maxLength: 16 }),
      fc.nat(8),
      (accounts, drawn, first) => {
        const builder = new PopulationBuilder(plans);
        const add = (list: typeof accounts) => {
          for (const fields of list) {
            fields.forEach((values, f) => {
              for (const value of values) builder.set(f, value);
            });
            builder.end();
          }
        };
        add(accounts.slice(0, first));
        const before = builder.grown(null, 4);
        const comparisons = makeComparisons(before);
        const bits = comparisons.map(({ levels }, c) =>
          levels.map((_, level) => (level === 0 ? 0 : drawn[(level * 3 + c) % drawn.length]!)),
        );
        const weights = { priorBits: -5, bits, m: bits, u: bits };
        const reach = new Reach(before, comparisons, weights);
        add(accounts.slice(first));
        const population = builder.grown(before, 4);
        reach.take(population, makeComparisons(population));
        const learned = { comparisons: makeComparisons(population), weights };
        for (let a = 0; a < accounts.length; a++) {
          for (let b = 0; b < accounts.length; b++) {
            const score = scorePair(learned, a, b);
            assert.ok(reach.mayExceed(score - 1e-9, a, b), `${a} ${b}: ${score}`);
          }
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test('pairs that share too little are passed over without comparing them', () => {
  const builder = new PopulationBuilder(plans);
  for (const [name, day, place] of [
    ['anna kettle', '1970-01-02', 'garden'],
    ['anna kettle', '1970-01-02', 'garden'],
    ['bert spade', '1981-12-30', 'orchid'],
  ] as const) {
    builder.set(0, name);
    builder.set(1, day);
    builder.set(2, place);
    builder.end();
  }
  const population = builder.finish();
  const bits = makeComparisons(population).map(({ levels }) =>
    levels.map((_, level) => (level === 0 ? 0 : level < 4 ? -3 : 6)),
  );
  const reach = new Reach(population, makeComparisons(population), { priorBits: -5, bits, m: bits, u: bits });
  assert.ok(reach.mayExceed(0, 0, 1));
  assert.ok(!reach.mayExceed(0, 0, 2));
});
