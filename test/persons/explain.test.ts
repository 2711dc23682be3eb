import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Decision,
  linkDecisions,
  pairKey,
  standingDecisions,
  undone,
} from '../../src/persons/decisions.ts';
import type { Evidence } from '../../src/persons/evidence.ts';
import { calibrationFrom, certify, explainLink } from '../../src/persons/explain.ts';
import { cluster, judge, type Link } from '../../src/persons/link.ts';
import { drawWeights, pickForReview, type ReviewLink } from '../../src/persons/review.ts';
import { roleOf, roles } from '../../src/persons/roles.ts';
import { weakestCut } from '../../src/persons/weakest-cut.ts';

const piece = (group: Evidence['group'], bits: number, text = `${group} ${bits}`): Evidence => ({
  group,
  text,
  bits,
  accounts: 2,
  pointers: ['aaaaaaaaaaaaaaaa@0+1', 'aaaaaaaaaaaaaaaa@5+1'],
});
const link = (a: string, b: string, bits: number, decision: Link['decision'] = null): Link => ({
  a,
  b,
  bits,
  decision,
  threshold: 14,
  evidence: bits === 0 ? [] : [piece('contact', bits)],
});
const context = { population: 100, calibration: null };

test('a waterfall adds up, evidence against among it, and names the removal that changes the words', () => {
  const evidence = [
    piece('contact', 21),
    piece('contact', 20),
    piece('line', 5, 'one line, x'),
    piece('birth', -7),
  ];
  const found = explainLink({ ...link('s/1', 's/2', 0), evidence }, context);
  assert.equal(found.bits, 21 + 5 - 7);
  assert.equal(
    found.bars.reduce((sum, bar) => sum + bar.counted, 0),
    found.bits,
  );
  assert.equal(found.bars.find((bar) => bar.group === 'birth')!.counted, -7);
  assert.equal(found.standing.kind, 'investigative score');
  // The line is shared by whoever lives there: against the household it counts for nothing.
  assert.deepEqual(
    [found.headline.against, found.headline.bits],
    ['someone of the same household or line', 14],
  );
  assert.equal(found.pivot!.text, 'birth -7');
  assert.notEqual(found.pivot!.from, found.pivot!.to);
  const alone = explainLink(
    { ...link('s/1', 's/2', 0), evidence: [piece('line', 5, 'one line, x')] },
    context,
  );
  assert.equal(alone.headline.words, 'no support either way');
});

test('a certificate names the weakest cut, the bridge and what is missing', () => {
  const accounts = ['s/1', 's/2', 's/3', 's/4'];
  const links = [link('s/1', 's/2', 30), link('s/2', 's/3', 15), link('s/3', 's/4', 28)];
  const found = certify('p', accounts, links, context);
  assert.deepEqual([found.weakest!.one, found.weakest!.bits, found.bridge], [['s/3', 's/4'], 15, true]);
  assert.deepEqual([found.pairs, found.pairsWithoutEvidence], [6, 3]);
  assert.equal(weakestCut(['s/1'], []), null);
});

const decision = (sequence: number, subject: string[], value: string): Decision => ({
  sequence,
  kind: 'link',
  subject,
  value,
  reason: 'seen',
  author: 'tester',
  time: '2026-01-01T00:00:00Z',
});

test('decisions: the last stands, and undoing gives back exactly what stood before', () => {
  const before = [decision(1, ['s/1', 's/2'], 'same')];
  const pairs = [{ a: 's/1', b: 's/3', evidence: [piece('contact', 30)] }];
  const accounts = ['s/1', 's/2', 's/3'];
  const persons = (decisions: Decision[]) =>
    JSON.stringify([...cluster(accounts, judge(pairs, decisions, { bar: () => 14, bits: () => 8 }))]);
  const after = [...before, decision(2, ['s/3', 's/1'], 'different'), decision(3, ['s/1', 's/3'], undone)];
  assert.notEqual(persons(after.slice(0, 2)), persons(before));
  assert.equal(persons(after), persons(before));
  assert.deepEqual(standingDecisions(after), standingDecisions(before));
  assert.equal(linkDecisions(after).get(pairKey('s/1', 's/3')), undefined);
});

const many: ReviewLink[] = Array.from({ length: 2000 }, (_, i) => ({
  a: `s/${i}`,
  b: `t/${i}`,
  bits: (i % 100) - 40,
  threshold: 14,
  decision: null,
}));

test('the review list mixes uncertain, stratified and random pairs, in an order that tells nothing', () => {
  const picked = pickForReview(many, 100);
  assert.equal(picked.length, 100);
  assert.deepEqual(pickForReview([...many].reverse(), 100), picked);
  const near = picked.filter((each) => Math.abs(each.bits - 14) <= 2).length;
  const strata = new Set(picked.map((each) => Math.floor(each.bits / 5)));
  assert.ok(near >= 45 && near <= 70, `${near} uncertain`);
  assert.ok(strata.size >= 15, `${strata.size} strata`);
  const sorted = [...picked].sort((x, y) => x.bits - y.bits);
  assert.notDeepEqual(picked, sorted);
  const decided = many.map((each) => ({ ...each, decision: 'same' as const }));
  assert.deepEqual(pickForReview(decided, 10), []);
});

test('only pairs drawn without regard to their doubt calibrate, each for those it stands for', () => {
  const weights = drawWeights(many);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  assert.ok(Math.abs(total - many.length) < many.length * 0.15, `they stand for ${total}`);
  assert.equal(calibrationFrom(many), null);
  const judged = many.map((each) => ({
    ...each,
    decision: each.bits > 14 ? ('same' as const) : ('different' as const),
  }));
  const calibration = calibrationFrom(judged)!;
  assert.ok(calibration.samePairs >= 20 && calibration.differentPairs >= 20 && calibration.most! > 0);
  const found = explainLink(link('s/1', 't/1', 400), { population: 100, calibration });
  assert.equal(found.standing.kind, 'likelihood ratio');
  assert.equal(found.headline.bits, calibration.most);
});

test('roles by the words of a fact', () => {
  assert.deepEqual(
    [
      'Victim',
      'victim of 2011/4',
      'suspect',
      'Suspected',
      'convicted 2009',
      'victims group leader',
      'prior record',
    ].map(roleOf),
    [roles.victim, roles.victim, roles.suspect, roles.suspect, roles.suspect, 0, 0],
  );
});
