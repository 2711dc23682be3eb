import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { skeletonOf } from '../../src/persons/confusables.ts';
import { handleStem, lookAlikeKey } from '../../src/persons/keys.ts';

/** Pairs that Unicode's table of confusables has, in scripts of the west, the east and of mathematics. */
const drawnAlike = [
  ['paypal', 'раураӀ'],
  ['scope', 'ѕсоре'],
  ['Ivan', 'lvan'],
  ['corner', 'comer'],
  ['0scar', 'Oscar'],
  ['Ruby', 'ℜ𝘂ᖯʏ'],
  ['tea', 'te\u200da'],
  ['café', 'cafe\u0301'],
  ['Cherokee', 'Ꮯherokee'],
  ['gamma', 'ɡamma'],
] as const;

test('texts that are drawn alike have one skeleton, and one key as handles', () => {
  for (const [one, other] of drawnAlike) {
    assert.equal(skeletonOf(one), skeletonOf(other), `${one} ${other}`);
    assert.equal(lookAlikeKey(one), lookAlikeKey(other), `${one} ${other}`);
  }
  assert.notEqual(skeletonOf('kettle'), skeletonOf('pedal'));
});

test('handles of one name in other case, with other separators, digits for letters or accents have one key', () => {
  for (const other of ['IVAN_kettle', 'ivan.kettle', 'Iván-Kettle', 'ivank3ttl3', 'lvankettle', 'іvаnkеttlе'])
    assert.equal(lookAlikeKey(other), lookAlikeKey('Ivan Kettle'), other);
  assert.notEqual(lookAlikeKey('Ivan Kettle'), lookAlikeKey('Iva Kettle'));
});

test('a skeleton is one throughout, never longer without bound, and never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const skeleton = skeletonOf(text);
      assert.equal(skeletonOf(text.normalize('NFC')), skeletonOf(text.normalize('NFD')));
      assert.ok(skeleton.length <= text.normalize('NFD').length * 20 + 1);
      assert.equal(lookAlikeKey(text), lookAlikeKey(`\u200b${text}\ufe0f`));
      assert.equal(typeof handleStem(text), 'string');
    }),
    { seed: 20261128, numRuns: 300 },
  );
});
