import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { estimateClock, hoursOfDay, isSummer, longestGaps } from '../../src/footprint/habits.ts';

const start = Date.UTC(2019, 0, 7);
const day = 86_400_000;

/** Times of somebody who is active at these hours of their own clock on every third day of `days`. */
function acts(days: number, hours: readonly number[], offset: (at: number) => number): number[] {
  const times: number[] = [];
  for (let n = 0; n < days; n += 3) {
    for (const hour of hours) {
      const local = start + n * day + hour * 3_600_000;
      times.push((local - offset(local) * 60_000) * 1000);
    }
  }
  return times;
}

/** A day as most people have it. */
const usualHours = [8, 10, 12, 13, 15, 17, 18, 19, 20, 20, 21, 21, 22, 23];

test('a usual day tells its offset within an hour, anywhere', () => {
  for (const offset of [-480, -300, 0, 60, 330, 540, 720]) {
    const estimate = estimateClock(acts(300, usualHours, () => offset));
    const [best] = estimate.candidates;
    assert.ok(Math.abs(best!.offset - offset) <= 60, `${offset}: ${best!.offset}`);
    assert.ok(estimate.candidates.every(({ share }) => share <= best!.share));
  }
});

test('thousands of acts make a range hardly narrower than dozens: a person is one person', () => {
  const [few, many] = [30, 3000].map((days) => estimateClock(acts(days, usualHours, () => 60)));
  for (const { range, verdict } of [few!, many!]) {
    assert.equal(verdict, 'range');
    assert.ok(range!.from <= 60 && range!.to >= 60 && range!.share >= 0.8);
  }
  assert.ok(many!.range!.to - many!.range!.from >= 240);
});

test('a range holds its share and no narrower one does', () => {
  const times = fc.array(fc.integer({ min: 0, max: 3e15 }), { minLength: 60, maxLength: 90 });
  fc.assert(
    fc.property(times, (list) => {
      const { range, byOffset } = estimateClock(list);
      if (range === null) return;
      const share = (from: number, to: number) =>
        [...byOffset].reduce((sum, [key, part]) => {
          const offset = Number(key.split(' ')[0]);
          return offset >= from && offset <= to ? sum + part : sum;
        }, 0);
      assert.ok(Math.abs(share(range.from, range.to) - range.share) < 1e-9 && range.share >= 0.8 - 1e-9);
      const width = range.to - range.from;
      for (let from = -660; from <= 840; from += 15) assert.ok(share(from, from + width - 15) < 0.8);
    }),
    { numRuns: 20 },
  );
});

test('clocks that go forward in summer tell their rule', () => {
  for (const [rule, winter] of [
    ['eu', 60],
    ['us', -300],
    ['south', 600],
    ['fixed', 180],
  ] as const) {
    const local = (at: number) => winter + (isSummer(at - winter * 60_000, rule) ? 60 : 0);
    const [best] = estimateClock(acts(450, usualHours, local)).candidates;
    assert.equal(best!.rule, rule);
  }
});

test('few acts, and acts at every hour, tell nothing', () => {
  const few = estimateClock(acts(6, usualHours, () => 60));
  assert.equal(few.verdict, 'cannot tell');
  assert.deepEqual(few.candidates, []);
  const always = estimateClock(
    acts(
      200,
      Array.from({ length: 24 }, (_, hour) => hour),
      () => 0,
    ),
  );
  assert.equal(always.verdict, 'cannot tell');
});

test('the shares of all candidates are one, whatever the times and their order', () => {
  const times = fc.array(fc.integer({ min: -1e15, max: 4e15 }), { minLength: 40, maxLength: 80 });
  fc.assert(
    fc.property(times, (list) => {
      const estimate = estimateClock(list);
      const total = [...estimate.byOffset.values()].reduce((sum, share) => sum + share, 0);
      assert.ok(estimate.byOffset.size === 0 || Math.abs(total - 1) < 1e-9);
      assert.deepEqual(estimateClock([...list].reverse()), estimate);
    }),
    { numRuns: 30 },
  );
});

test('summer time begins and ends on the days of each rule', () => {
  const at = (text: string) => Date.parse(text);
  assert.equal(isSummer(at('2019-03-31T00:59:59Z'), 'eu'), false);
  assert.equal(isSummer(at('2019-03-31T01:00:00Z'), 'eu'), true);
  assert.equal(isSummer(at('2019-10-27T01:00:00Z'), 'eu'), false);
  assert.equal(isSummer(at('2019-03-10T07:00:00Z'), 'us'), true);
  assert.equal(isSummer(at('2019-11-03T06:00:00Z'), 'us'), false);
  assert.equal(isSummer(at('2019-01-15T00:00:00Z'), 'south'), true);
  assert.equal(isSummer(at('2019-07-15T00:00:00Z'), 'south'), false);
  assert.equal(isSummer(at('2019-12-25T00:00:00Z'), 'south'), true);
});

test('gaps come longest first with the acts on both sides; hours are counted in UTC', () => {
  const list = [0, 1, 5, 6, 20].map((n) => ({ time: n * day * 1000, pointer: `p${n}` }));
  const gaps = longestGaps(list, 2);
  assert.deepEqual(
    gaps.map(({ days, before, after }) => [days, before, after]),
    [
      [14, 'p6', 'p20'],
      [4, 'p1', 'p5'],
    ],
  );
  assert.deepEqual(longestGaps(list.slice(0, 1), 5), []);
  const hours = hoursOfDay([{ time: -1, pointer: 'before 1970' }, ...list]);
  assert.equal(hours[23], 1);
  assert.equal(hours[0], 5);
});
