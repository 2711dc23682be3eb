import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { KeptLearning } from '../../src/persons/kept-learning.ts';
import { learnRecords, type PersonRecords } from '../../src/persons/person-records.ts';
import { temporaryFolder } from '../support/waymark.ts';
import { inventRecords, populationOf, type TestRecord } from './support.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const { records } = inventRecords(120);
const free = { same: [], different: [] };
let next = 0;

function recordsOf(list: readonly TestRecord[]): PersonRecords {
  const accounts = list.map((_, i) => `list:x/${i}`);
  return { accounts, population: populationOf(list), pointers: list.map(() => []) };
}

function plain(learned: ReturnType<typeof learnRecords>) {
  if (learned === null) return null;
  const { weights, generics, pairs, comparisons } = learned;
  return { weights, generics, pairs, levels: comparisons.map(({ field, levels }) => [field, levels]) };
}

test('whatever comes in whatever order, what is kept gives exactly what learning anew gives', () => {
  const part = fc.record({
    upTo: fc.integer({ min: 0, max: records.length }),
    different: fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 2 }),
    damage: fc.option(fc.nat(2000), { freq: 6 }),
  });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (steps) => {
      const file = path.join(folder, `kept-${next++}`);
      for (const { upTo, different, damage } of [...steps, ...steps]) {
        const given = recordsOf(records.slice(0, upTo));
        const constraints = {
          same: [],
          different: different.filter(([a, b]) => a < b && b < upTo),
        };
        if (damage !== null && fs.existsSync(file)) {
          const bytes = fs.readFileSync(file);
          bytes[damage % bytes.length]! ^= 4;
          fs.writeFileSync(file, bytes);
        }
        const kept = new KeptLearning(file, 'this code');
        assert.deepEqual(
          plain(learnRecords(given, constraints, kept)),
          plain(learnRecords(given, constraints)),
        );
      }
    }),
    { numRuns: 40 },
  );
});

test('the same records are not learned from twice; others, other decisions and other code are', () => {
  const file = path.join(folder, 'kept');
  const [all, fewer] = [recordsOf(records), recordsOf(records.slice(1))];
  const kept = new KeptLearning(file, 'this code');
  const before = plain(learnRecords(all, free, kept));
  const lesson = kept.read(kept.keyOf(all.population, free));
  assert.deepEqual(lesson!.pairs, before!.pairs);
  const time = fs.statSync(file).mtimeMs;
  learnRecords(recordsOf(records), free, kept);
  assert.equal(fs.statSync(file).mtimeMs, time, 'not written again');
  const keys = [
    kept.keyOf(all.population, free),
    kept.keyOf(fewer.population, free),
    kept.keyOf(all.population, { same: [[0, 1]], different: [] }),
    kept.keyOf(all.population, { same: [], different: [[0, 1]] }),
    kept.keyOf(all.population, { ...free, roles: new Uint8Array(records.length) }),
    new KeptLearning(file, 'other code').keyOf(all.population, free),
  ];
  assert.equal(new Set(keys).size, keys.length);
  for (const key of keys.slice(1)) assert.equal(kept.read(key), null);
});
