import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { areWordsAlike, makeComparisons, mayBeAlike } from '../../src/persons/comparisons.ts';
import { PopulationBuilder } from '../../src/persons/population.ts';
import { letterMask } from '../../src/persons/similarity.ts';
import { inventRecords, populationOf, testFields } from './support.ts';

test('the quick look at letters never rules out words that are alike', () => {
  const word = fc.stringMatching(/^[abcdé9ñz]{1,9}$/);
  let alike = 0;
  let ruledOut = 0;
  fc.assert(
    fc.property(word, word, fc.nat(9), fc.boolean(), (a, other, at, slip) => {
      const b = slip ? `${a.slice(0, at)}${other.slice(0, 1)}${a.slice(at + 1)}` : other;
      const may = mayBeAlike(a, b, letterMask(a), letterMask(b));
      if (areWordsAlike(a, b)) {
        alike++;
        assert.ok(may, `${a} ${b}`);
      } else if (!may) ruledOut++;
    }),
    { seed: 20260103, numRuns: 20_000 },
  );
  assert.ok(alike > 1000 && ruledOut > 1000, `${alike} alike, ${ruledOut} ruled out`);
});

test('levels are the same whether values were known from the start or came later', () => {
  const { records } = inventRecords(120);
  const whole = makeComparisons(populationOf(records));
  const builder = new PopulationBuilder(testFields);
  const add = (from: number, to: number) => {
    for (const record of records.slice(from, to)) {
      for (const [field, value] of record.entries()) builder.set(field, value);
      builder.end();
    }
  };
  add(0, 40);
  const first = builder.grown(null, 100_000);
  const comparisons = makeComparisons(first);
  add(40, records.length);
  assert.equal(builder.grown(first, 100_000).fields, first.fields);
  // Rarity was counted on the first records alone; levels that do not hang on it are the same.
  const dates = 1;
  for (let a = 0; a < records.length; a++) {
    for (let b = a + 1; b < records.length; b++) {
      const [later, sooner] = [comparisons[dates]!.level(a, b), whole[dates]!.level(a, b)];
      if (later < 4 || sooner < 4) assert.equal(later, sooner, `${records[a]} ${records[b]}`);
      assert.equal(comparisons[0]!.level(a, b) < 4, whole[0]!.level(a, b) < 4);
    }
  }
});

test('dates of any year: two neighbouring digits swapped are one slip', () => {
  for (const [a, b] of [
    ['1970-01-23', '1970-01-32'],
    ['8971-12-01', '8791-12-01'],
    ['9070-01-23', '0970-01-23'],
  ] as const) {
    const population = populationOf([
      ['a', a, ''],
      ['b', b, ''],
    ]);
    assert.equal(makeComparisons(population)[1]!.level(0, 1), 3, `${a} ${b}`);
  }
});
