import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { linkingConfiguration as config } from '../../src/persons/configuration.ts';
import { changeOf, kindOf } from '../../src/persons/decided-weights.ts';
import { type Decision, undone } from '../../src/persons/decisions.ts';
import type { Evidence, PairEvidence } from '../../src/persons/evidence.ts';
import { cluster, judge, type Link } from '../../src/persons/link.ts';
import { Prior } from '../../src/persons/prior.ts';

const size = 60;
const accounts = Array.from({ length: size }, (_, i) => `s/${100 + i}`);
const prior = new Prior(accounts);

const piece = (group: Evidence['group'], bits: number, text: string): Evidence => ({
  group,
  text,
  bits,
  accounts: 2,
  pointers: ['aaaaaaaaaaaaaaaa@0+1', 'aaaaaaaaaaaaaaaa@5+1'],
});
/** Neighbours share a stem and, every third time, a line. */
const pairs: PairEvidence[] = accounts.slice(1).map((b, i) => ({
  a: accounts[i]!,
  b,
  evidence: [
    piece('handle', 9, `handles with the same stem "kettle${i}" (chosen by 1 in 900)`),
    ...(i % 3 === 0 ? [piece('line', 5, `one line, 192.0.2.${i}, used by both within 30 days`)] : []),
  ],
}));
const decisionOn = (sequence: number, i: number, value: string): Decision => ({
  sequence,
  kind: 'link',
  subject: [accounts[i]!, accounts[i + 1]!],
  value,
  reason: 'seen',
  author: 'tester',
  time: '2026-01-01T00:00:00Z',
});
const decide = (values: readonly (readonly [number, string])[]) =>
  values.map(([i, value], k) => decisionOn(k + 1, i, value));
const linkOf = (links: readonly Link[], i: number) =>
  links.find((link) => link.a === accounts[i] && link.b === accounts[i + 1])!;
const bytesOf = (decisions: readonly Decision[]) => {
  const links = judge(pairs, decisions, prior);
  return JSON.stringify([links, [...cluster(accounts, links)]]);
};

const someDecisions = fc.uniqueArray(
  fc.tuple(fc.integer({ min: 0, max: size - 2 }), fc.constantFrom('same', 'different', 'unsure')),
  { selector: ([i]) => i, maxLength: 30 },
);

test('undoing decisions restores every link and person to the byte', () => {
  fc.assert(
    fc.property(someDecisions, someDecisions, (before, more) => {
      const kept = decide(before);
      const known = new Set(before.map(([i]) => i));
      const added = more
        .filter(([i]) => !known.has(i))
        .map(([i, value], k) => decisionOn(kept.length + k + 1, i, value));
      const taken = added.map((each, k) => ({
        ...each,
        sequence: kept.length + added.length + k + 1,
        value: undone,
      }));
      assert.equal(bytesOf([...kept, ...added, ...taken]), bytesOf(kept));
    }),
    { seed: 20261124, numRuns: 60 },
  );
});

test('the order of decisions and of pairs changes nothing', () => {
  fc.assert(
    fc.property(someDecisions, fc.integer(), (values, seed) => {
      const decisions = decide(values);
      const turned = decisions.map((each, k) => ({ ...each, sequence: decisions.length - k })).reverse();
      const shuffled = [...pairs].sort((x, y) => ((x.b.length * seed) % 7) - ((y.a.length * seed) % 5));
      const of = (list: readonly PairEvidence[], taken: readonly Decision[]) =>
        JSON.stringify(judge(list, taken, prior));
      assert.equal(of(shuffled, turned), of(pairs, decisions));
    }),
    { seed: 20261125, numRuns: 40 },
  );
});

test('pairs found the same raise what their evidence is worth elsewhere, pairs found different lower it, within bounds', () => {
  const open = 50;
  const bitsAfter = (value: string, count: number) =>
    linkOf(judge(pairs, decide(Array.from({ length: count }, (_, i) => [i, value] as const)), prior), open);
  const stated = bitsAfter('same', 0).bits;
  let [up, down] = [stated, stated];
  for (const count of [1, 5, 20, 45]) {
    const [same, different] = [bitsAfter('same', count), bitsAfter('different', count)];
    assert.ok(same.bits >= up && different.bits <= down, `${count}: ${same.bits}, ${different.bits}`);
    [up, down] = [same.bits, different.bits];
  }
  assert.ok(up > stated + 0.2 && down < stated - 0.2);
  const [told] = bitsAfter('same', 45).evidence;
  assert.match(told!.text, /\+\d\.\d bits by other pairs with it, 45 decided the same and 0 different$/);
  const counts = fc.tuple(fc.nat(100_000), fc.nat(100_000), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(counts, ([same, different, share]) => {
      const change = changeOf({ same, different, foreseen: (same + different) * share });
      assert.ok(Math.abs(change) <= config.decided.mostBits);
      if (same === 0) assert.ok(change <= 1e-9);
      if (different === 0) assert.ok(change >= -1e-9);
    }),
    { seed: 20261126, numRuns: 300 },
  );
});

test("decisions as foreseen change nothing, and a pair's own decision never its own score", () => {
  assert.equal(changeOf({ same: 30, different: 10, foreseen: 30 }), 0);
  const alone = judge(pairs, decide([[7, 'same']]), prior);
  const none = judge(pairs, [], prior);
  assert.equal(linkOf(alone, 7).bits, linkOf(none, 7).bits);
  assert.deepEqual(linkOf(alone, 7).evidence, linkOf(none, 7).evidence);
});

test('two accounts decided different are never one person, whatever decisions teach', () => {
  fc.assert(
    fc.property(someDecisions, (values) => {
      const decisions = decide(values);
      const persons = cluster(accounts, judge(pairs, decisions, prior));
      for (const { subject, value } of decisions) {
        if (value !== 'different') continue;
        assert.notEqual(persons.get(subject[0]!), persons.get(subject[1]!));
      }
    }),
    { seed: 20261127, numRuns: 60 },
  );
});

test('kinds of evidence are told apart by their words', () => {
  assert.equal(kindOf(piece('line', 1, 'one line, 2001:db8:0:1::/64, used by both')), 'one network');
  assert.equal(kindOf(piece('line', 1, 'one line, 192.0.2.1, used by both: much')), 'one address');
  assert.equal(kindOf(piece('return', 1, 'one account banned, the other made')), 'return');
  assert.equal(
    kindOf(piece('device', -4, 'different phone browsers in the same months: a; b')),
    'different phone browsers',
  );
});
