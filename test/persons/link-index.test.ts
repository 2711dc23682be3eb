import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { learn } from '../../src/persons/learn.ts';
import { LinkIndex } from '../../src/persons/link-index.ts';
import { PopulationBuilder } from '../../src/persons/population.ts';
import { inventRecords, populationOf, type TestRecord, testFields } from './support.ts';

const { records } = inventRecords(400);
const first = Math.floor(records.length * 0.6);
const { weights } = learn(populationOf(records.slice(0, first)));

function addTo(builder: PopulationBuilder, list: readonly TestRecord[]): void {
  for (const record of list) {
    for (const [field, value] of record.entries()) builder.set(field, value);
    builder.end();
  }
}

function indexOf(cap: number, parts: readonly number[]): LinkIndex {
  const builder = new PopulationBuilder(testFields);
  addTo(builder, records.slice(0, first));
  const index = new LinkIndex(builder, weights, undefined, cap);
  index.rebuild();
  let at = first;
  for (const part of parts) {
    addTo(builder, records.slice(at, at + part));
    at += part;
    index.cluster(index.update());
  }
  return index;
}

const sorted = (index: LinkIndex) => {
  const { a, b, bits } = index.pairs();
  return Array.from(a, (x, i) => `${x} ${b[i]} ${bits[i]}`).sort();
};

for (const cap of [5, 20, 120]) {
  test(`adding accounts gives exactly what working out all of them gives (cap ${cap})`, () => {
    const left = records.length - first;
    const added = indexOf(cap, [1, 1, 50, 3, left - 55]);
    const pairs = sorted(added);
    const clusters = added.clusters.slice();
    added.rebuild();
    assert.deepEqual(pairs, sorted(added));
    assert.deepEqual(clusters, added.clusters);
    const atOnce = indexOf(cap, [left]);
    assert.deepEqual(sorted(atOnce), pairs);
    assert.deepEqual(atOnce.clusters, clusters);
    assert.ok(new Set(clusters).size < records.length * 0.7, 'persons were formed at all');
  });
}

test('the room kept for new accounts may run out without any change in the result', () => {
  const builder = new PopulationBuilder(testFields);
  addTo(builder, records.slice(0, 10));
  const index = new LinkIndex(builder, weights);
  index.rebuild();
  for (let round = 0; round < 12; round++) addTo(builder, records);
  index.cluster(index.update());
  const [pairs, clusters] = [sorted(index), index.clusters.slice()];
  assert.ok(index.size > 4096 + 10);
  index.rebuild();
  assert.deepEqual(pairs, sorted(index));
  assert.deepEqual(clusters, index.clusters);
});

test('however the accounts are divided among additions, pairs and persons are the same', () => {
  const step = fc.integer({ min: 1, max: records.length });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), fc.constantFrom(3, 20, 120), (cuts, cap) => {
      const bounds = [...new Set(cuts.filter((cut) => cut > first)), records.length].sort((a, b) => a - b);
      const parts = bounds.map((bound, i) => bound - (i === 0 ? first : bounds[i - 1]!));
      const [divided, whole] = [indexOf(cap, parts), indexOf(cap, [records.length - first])];
      assert.deepEqual(sorted(divided), sorted(whole));
      assert.deepEqual(divided.clusters, whole.clusters);
      whole.rebuild();
      assert.deepEqual(sorted(divided), sorted(whole));
      assert.deepEqual(divided.clusters, whole.clusters);
    }),
    { numRuns: 25 },
  );
});
