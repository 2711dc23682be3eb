import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CoUse } from '../../src/persons/co-use.ts';

type Event = readonly [line: number, day: number, account: number];
const settings = { most: 4, accounts: 64, workers: 2 };

/** The same by the plain definition. */
function plainly(events: readonly Event[]): Map<string, [lines: number, bits: number]> {
  const byLine = new Map<number, Event[]>();
  for (const event of events) byLine.set(event[0], [...(byLine.get(event[0]) ?? []), event]);
  const found = new Map<string, [number, number]>();
  for (const list of byLine.values()) {
    const users = new Set(list.map(([, , account]) => account)).size;
    const pairs = new Set<string>();
    for (const day of new Set(list.map(([, each]) => each))) {
      const group = [...new Set(list.filter((each) => each[1] === day).map((each) => each[2]))].sort(
        (x, y) => x - y,
      );
      if (group.length < 2 || group.length > settings.most) continue;
      group.forEach((a, i) => {
        for (const b of group.slice(i + 1)) pairs.add(`${a} ${b}`);
      });
    }
    for (const pair of pairs) {
      const [lines, bits] = found.get(pair) ?? [0, 0];
      found.set(pair, [lines + 1, bits + Math.log2(settings.accounts / users)]);
    }
  }
  return found;
}

async function byKernel(events: readonly Event[]): Promise<Map<string, [number, number]>> {
  const kernel = new CoUse(events.length, settings);
  for (let at = 0; at < events.length; at += 7) {
    const part = events.slice(at, at + 7);
    const column = (c: 0 | 1 | 2) => part.map((event) => event[c]);
    kernel.add(column(0), column(1), column(2), part.length);
  }
  const { length, a, b, lines, bits } = await kernel.pairs();
  const found = new Map<string, [number, number]>();
  for (let i = 0; i < length; i++) found.set(`${a[i]} ${b[i]}`, [lines[i]!, bits[i]!]);
  assert.equal(found.size, length);
  return found;
}

test('the kernel finds what the definition says, whatever the order of the events', async () => {
  const event = fc.tuple(
    fc.oneof(fc.nat(5), fc.constantFrom(256, 4_294_967_295, 65_537)),
    fc.constantFrom(0, 1, 2, 1023),
    fc.nat(11),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 120 }), async (events) => {
      const expected = plainly(events);
      for (const list of [events, [...events].reverse()]) {
        const found = await byKernel(list);
        assert.deepEqual([...found.keys()].sort(), [...expected.keys()].sort());
        for (const [pair, [lines, bits]] of expected) {
          assert.equal(found.get(pair)![0], lines);
          assert.ok(Math.abs(found.get(pair)![1] - bits) < 1e-4);
        }
      }
    }),
    { seed: 20260104, numRuns: 12 },
  );
});

test('many pairs: the table grows, and nothing is lost', async () => {
  const accounts = 3000;
  const kernel = new CoUse(accounts * 40, { most: 20, accounts, workers: 2 });
  const seen = new Set<string>();
  for (let line = 0; line < 6000; line++) {
    const group = Array.from({ length: 19 }, (_, i) => (line * 7 + i * (1 + (line % 151))) % accounts);
    const distinct = [...new Set(group)].sort((x, y) => x - y);
    distinct.forEach((a, i) => {
      for (const b of distinct.slice(i + 1)) seen.add(`${a} ${b}`);
    });
    kernel.add(
      group.map(() => line),
      group.map(() => 3),
      group,
      group.length,
    );
  }
  const { length } = await kernel.pairs();
  assert.equal(length, seen.size);
  assert.ok(length > 100_000);
});

test('what has no room is refused, not cut', () => {
  const kernel = new CoUse(1, settings);
  assert.throws(() => kernel.add([1], [1024], [1], 1), RangeError);
  assert.throws(() => kernel.add([1], [1], [64], 1), RangeError);
  assert.throws(() => kernel.add([1, 2], [1, 1], [1, 2], 2), RangeError);
  assert.throws(() => new CoUse(1, { ...settings, accounts: 2 ** 23 }), RangeError);
});
