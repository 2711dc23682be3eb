/** Every target takes a few hundred damaged inputs; `npm run fuzz` gives it millions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeInput, tryInput } from './fuzz.ts';
import { type Target, targets } from './targets.ts';

const inputs = 200;
const seed = 20;

for (const target of targets) {
  test(`${target.name}: damaged input is read or refused in good order, and accounted for`, async () => {
    for (let n = 0; n < inputs; n++) assert.equal(await tryInput(target, seed, n), null);
  });
}

test('the same numbers make the same input, other numbers another', () => {
  const [target] = targets;
  const made = (n: number) => madeInput(target!, seed, n).bytes.toString('latin1');
  assert.equal(made(5), made(5));
  assert.equal(new Set([1, 2, 3, 4, 5].map(made)).size, 5);
});

test('what a target does wrong is found', async () => {
  const wrong: Target = {
    name: 'wrong',
    wellFormed: [Buffer.from('a kettle, a spade')],
    async take(bytes) {
      if (bytes.includes(0x5b)) throw new Error('a bracket');
    },
  };
  const found = [];
  for (let n = 0; n < inputs; n++) found.push(await tryInput(wrong, seed, n));
  const first = found.find((each) => each !== null)!;
  assert.equal(first.what, 'Error: a bracket');
  assert.deepEqual(await tryInput(wrong, seed, first.n), first);
  const polluting: Target = {
    ...wrong,
    async take() {
      Object.defineProperty(Object.prototype, 'planted', { value: 1, configurable: true });
    },
  };
  try {
    assert.match((await tryInput(polluting, seed, 1))!.what, /what all objects have/);
  } finally {
    Reflect.deleteProperty(Object.prototype, 'planted');
  }
});
