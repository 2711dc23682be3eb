import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bestBits,
  boundsOf,
  calibrate,
  calibrated,
  cllr,
  cllrMin,
  verbalBand,
} from '../../src/persons/calibration.ts';
import { learn } from '../../src/persons/learn.ts';
import { monotone } from '../../src/persons/weights.ts';
import { draw, groupsOf, inventRecords, populationOf } from './support.ts';

test('persons of invented records are found, and twenty orders of arrival give the same ones', () => {
  const { records, person } = inventRecords(300);
  const order = records.map((_, i) => i);
  let first: string[] | null = null;
  for (let turn = 0; turn < 20; turn++) {
    const shuffled = [...order].sort(
      (x, y) => draw(x * 31 + turn * 1009, 1e6) - draw(y * 31 + turn * 1009, 1e6) || x - y,
    );
    const { clusters, guard } = learn(populationOf(shuffled.map((i) => records[i]!)));
    assert.equal(guard, null);
    const groups = groupsOf(clusters, shuffled);
    if (first === null) first = groups;
    else assert.deepEqual(groups, first, `order ${turn}`);
  }
  const truth = groupsOf(person, order);
  const right = first!.filter((group) => truth.includes(group)).length;
  assert.ok(right / truth.length > 0.9, `${right} of ${truth.length} persons exactly`);
});

test('the learned shares come near the true ones of data made by them', () => {
  const { records, person } = inventRecords(1500);
  const { comparisons, weights } = learn(populationOf(records));
  const truth = comparisons.map((comparison) => comparison.levels.map(() => 0));
  const members = new Map<number, number[]>();
  for (const [i, p] of person.entries()) members.set(p, [...(members.get(p) ?? []), i]);
  for (const list of members.values()) {
    list.forEach((a, i) => {
      for (const b of list.slice(i + 1))
        for (const [c, comparison] of comparisons.entries()) truth[c]![comparison.level(a, b)]!++;
    });
  }
  comparisons.forEach((comparison, c) => {
    const known = truth[c]!.reduce((sum, count, level) => sum + (level === 0 ? 0 : count), 0);
    truth[c]!.forEach((count, level) => {
      if (level === 0) return;
      const off = Math.abs(weights.m[c]![level]! - count / known);
      assert.ok(off <= 0.05, `${comparison.field}, ${comparison.levels[level]}: off by ${off.toFixed(3)}`);
    });
  });
});

test('calibrated on the pairs of half the persons, the chances told for the other half come true within 0.05', () => {
  const { records, person } = inventRecords(1500);
  const { pairs } = learn(populationOf(records));
  const half = (persons: number) => {
    const bits: number[] = [];
    const same: number[] = [];
    for (let i = 0; i < pairs.length; i++) {
      const [p, q] = [person[pairs.a[i]!]!, person[pairs.b[i]!]!];
      if (p % 2 !== persons || q % 2 !== persons) continue;
      bits.push(pairs.bits[i]!);
      same.push(p === q ? 1 : 0);
    }
    return { bits, same };
  };
  const [train, held] = [half(0), half(1)];
  const calibration = calibrate(train);
  const alike = train.same.reduce((sum, each) => sum + each, 0);
  const prior = Math.log2(alike / (train.same.length - alike));
  const bins = Array.from({ length: 10 }, () => ({ told: 0, true: 0, count: 0 }));
  held.bits.forEach((bits, i) => {
    const chance = 1 / (1 + 2 ** -(calibrated(calibration, bits) + prior));
    const bin = bins[Math.min(9, Math.floor(chance * 10))]!;
    bin.told += chance;
    bin.true += held.same[i]!;
    bin.count++;
  });
  const error = bins.reduce((sum, bin) => sum + Math.abs(bin.told - bin.true), 0) / held.bits.length;
  assert.ok(held.bits.length > 1000 && error <= 0.05, `expected calibration error ${error.toFixed(4)}`);
  const lr = held.bits.map((bits) => calibrated(calibration, bits));
  assert.ok(cllr({ bits: lr, same: held.same }) < 0.3);
});

test('cost: nothing known costs 1, certainty nothing, and the best calibration never more', () => {
  const same = [1, 0, 1, 0];
  assert.equal(cllr({ bits: [0, 0, 0, 0], same }), 1);
  assert.ok(cllr({ bits: [40, -40, 40, -40], same }) < 1e-9);
  // By hand: (log2(1 + 1/4) + log2(1 + 1/2)) / 2, and log2(1 + 1/4) for the other kind, halved.
  const expected = ((Math.log2(1.25) + Math.log2(1.5)) / 2 + Math.log2(1.25)) / 2;
  assert.ok(Math.abs(cllr({ bits: [2, 1, -2], same: [1, 1, 0] }) - expected) < 1e-12);
  const bits = [3, 1, 2, -1, 0.5, -2, 4, 1.5];
  const kinds = [1, 0, 1, 0, 1, 0, 0, 1];
  assert.ok(cllrMin({ bits, same: kinds }) <= cllr({ bits, same: kinds }));
  assert.deepEqual([...bestBits({ bits: [1, 2], same: [1, 0] })], [0, 0]);
});

test('calibration finds the line that made the data, and is held within what the pairs support', () => {
  const bits: number[] = [];
  const same: number[] = [];
  for (let i = 0; i < 4000; i++) {
    const score = (draw(i, 4001) / 4000 - 0.5) * 24;
    const chance = 1 / (1 + 2 ** -(0.5 * score));
    bits.push(score);
    same.push(draw(i + 90_000, 10_000) / 10_000 < chance ? 1 : 0);
  }
  const found = calibrate({ bits, same });
  assert.ok(Math.abs(found.slope - 0.5) < 0.05 && Math.abs(found.offset) < 0.15, JSON.stringify(found));
  assert.equal(calibrated(found, 1000), found.most);
  assert.equal(calibrated(found, -1000), found.least);
  // A hundred pairs of two persons that never mislead support no more than 101.
  const clear = boundsOf(
    Array.from({ length: 200 }, (_, i) => (i < 100 ? 50 : -50)),
    Array.from({ length: 200 }, (_, i) => i < 100),
  );
  assert.ok(Math.abs(clear.most! - Math.log2(101)) < 1e-9 && Math.abs(clear.least! + Math.log2(101)) < 1e-9);
  assert.deepEqual(boundsOf([5, -5], [1, 0]), { least: null, most: null });
});

test('verbal bands on either side', () => {
  assert.equal(verbalBand(0.5), 'no support either way');
  assert.equal(verbalBand(5), 'moderate support that they are one person');
  assert.equal(verbalBand(-12), 'strong support that they are two persons');
  assert.equal(verbalBand(30), 'extremely strong support that they are one person');
});

test('rising sequences', () => {
  assert.deepEqual(monotone([1, 3, 2, 4], [1, 1, 1, 1]), [1, 2.5, 2.5, 4]);
});
