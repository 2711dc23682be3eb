import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decide } from '../../src/persons/decisions.ts';
import { openGeneration } from '../../src/workbench/build.ts';
import { pairsToJudge, showCertificate, showPair } from '../../src/workbench/pairs.ts';
import { type Fixture, makeOperation } from '../http/fixture.ts';

const [anna, other] = ['mail/anna.lind@velo.example', 'mail/annalind@velo.example'];
let fixture: Fixture;

before(async () => {
  fixture = await makeOperation();
});

after(() => fixture.remove());

async function withEngine<T>(work: (engine: Awaited<ReturnType<typeof openGeneration>>) => Promise<T>) {
  const engine = await openGeneration(fixture.operation);
  try {
    return await work(engine);
  } finally {
    engine.close();
  }
}

test('a pair to judge stands side by side without its score', () =>
  withEngine(async (engine) => {
    const { pairs, open, judged } = await pairsToJudge(fixture.operation, engine, 50);
    assert.equal(judged, 0);
    assert.equal(pairs.length, open, 'a short list holds every open pair');
    const pair = pairs.find(({ a, b }) => a.account === anna && b.account === other)!;
    assert.doesNotMatch(JSON.stringify(pair), /"(bits|counted|threshold|decision)"/);
    assert.equal(pair.a.messages, 1);
    assert.deepEqual(pair.a.selectors.map(({ selector, canonical }) => `${selector} ${canonical}`).sort(), [
      'email anna.lind@velo.example',
      'name anna lind',
    ]);
    assert.ok(pair.shown.length > 0 && pair.shown.every(({ pointers }) => pointers.length > 0));
  }));

test('the score of a pair is the sum of its pieces, and a person is explained link by link', () =>
  withEngine(async (engine) => {
    const pair = await showPair(fixture.operation, engine, other, anna);
    assert.deepEqual([pair.a, pair.b, pair.judged], [anna, other, null]);
    const sum = pair.bars.reduce((total, { counted }) => total + counted, 0);
    assert.ok(Math.abs(sum - pair.bits) < 1e-9, `${sum} ${pair.bits}`);
    assert.deepEqual(
      pair.sides.map(({ account }) => account),
      [anna, other],
    );
    const certificate = await showCertificate(engine, pair.sides[0].person);
    assert.equal(certificate.bridge, true, 'two accounts hang on one link');
    assert.deepEqual(certificate.links[0]!.bars, pair.bars);
    await assert.rejects(showPair(fixture.operation, engine, anna, 'mail/nobody@hill.example'), {
      code: 'not-found',
    });
  }));

test('what was judged leaves the list at once and is named with the pair, before any build', () =>
  withEngine(async (engine) => {
    const before = await pairsToJudge(fixture.operation, engine, 50);
    await fixture.operation.exclusively(async () => {
      decide(fixture.operation, {
        kind: 'link',
        subject: [anna, other],
        value: 'unsure',
        reason: 'one name, two hands',
        author: 'officer-1',
        time: '2026-01-05T10:00:00Z',
      });
    });
    const { pairs, open, judged } = await pairsToJudge(fixture.operation, engine, 50);
    assert.deepEqual([open, judged, pairs.length], [before.open - 1, 1, before.pairs.length - 1]);
    const pair = await showPair(fixture.operation, engine, anna, other);
    assert.deepEqual([pair.judged?.value, pair.decision], ['unsure', null]);
  }));
