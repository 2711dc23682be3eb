/** Given selectors: the sentences of every style, look-alikes, and hostile text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findGivenSelectors, findSplitSelectors } from '../../src/footprint/given-selectors.ts';
import { giving, notGiving, split } from './given-sentences.ts';

for (const [style, sentences] of Object.entries(giving)) {
  test(`${style}: what is given is found once, as a contact, written that way`, () => {
    for (const [text, canonical] of sentences) {
      const found = findGivenSelectors(text);
      const hit = found.find((each) => each.canonical === canonical);
      assert.ok(hit, `${text}: found ${JSON.stringify(found.map((each) => each.canonical))}`);
      assert.equal(hit.style, style, text);
      assert.equal(hit.meant, 'contact', text);
      assert.equal(found.filter((each) => each.canonical === canonical).length, 1);
      assert.ok(found.length <= 2, text);
      assert.equal(text.slice(hit.index, hit.index + hit.raw.length), hit.raw, text);
    }
  });
}

test('halves in two or three messages are joined, and only halves', () => {
  for (const [texts, canonical] of split) {
    const found = findSplitSelectors(texts);
    assert.deepEqual(
      found.map(({ given, first, last }) => [given.canonical, given.style, first, last]),
      [[canonical, 'two messages', 0, texts.length - 1]],
    );
    assert.equal(found[0]!.given.raw.split('\n').length, texts.length);
  }
  for (const texts of [
    ['mail gerda@postbox.org', 'ok thanks'],
    ['see you', 'at the club.example'],
    ['gerda@postbox.org.', 'com is not it'],
    ['ring +447700900123', '45 minutes later'],
  ])
    assert.deepEqual(findSplitSelectors(texts), [], texts.join(' | '));
});

test('what only looks like a selector is none', () => {
  const wrong = notGiving.filter((text) => findGivenSelectors(text).some((each) => each.meant === 'contact'));
  assert.deepEqual(wrong, []);
});

test('an address of a third person is a mention, one of the header is no news', () => {
  const [shop] = findGivenSelectors(
    'For tyres write to them, the shop has the address tyres@shop.org and is friendly',
  );
  assert.equal(shop?.meant, 'mention');
  const expected = new Set(['gerda@postbox.org']);
  assert.deepEqual(findGivenSelectors('mail me at gerda@postbox.org', { expected }), []);
});

test('letters drawn alike give a key for comparing and leave the text as it is', () => {
  const [found] = findGivenSelectors('write to me at gеrda@postbox.org');
  assert.equal(found!.raw, 'gеrda@postbox.org');
  assert.equal(found!.key, 'gerda@postbox.org');
  assert.notEqual(found!.canonical, found!.key);
  const [cyrillic] = findGivenSelectors('пиши: вася@почта.рф');
  assert.equal(cyrillic!.key, cyrillic!.canonical);
});

test('a name that another service knows is found without words that offer it', () => {
  const knownHandles = new Set(['mossy_harvest9', 'sundial']);
  const found = findGivenSelectors('there I am mossy_harvest9 by the way', { knownHandles });
  assert.deepEqual(
    found.map(({ canonical }) => canonical),
    ['mossy_harvest9'],
  );
  assert.deepEqual(findGivenSelectors('the sundial stands in the garden', { knownHandles }), []);
});

const pieces = [
  '@',
  ' at ',
  ' dot ',
  '.',
  'a',
  ' ',
  '[at]',
  '(',
  '+',
  '0',
  '7',
  '\n',
  '> ',
  '[quote]',
  'kik: ',
  't.me/',
  'ａ',
  'е',
  '😀',
  '\ud83c',
];

test('any text is searched without a crash, and every place is one of the text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...pieces)).map((each) => each.join('')),
  );
  fc.assert(
    fc.property(text, text, (a, b) => {
      for (const each of findGivenSelectors(a)) {
        assert.equal(a.slice(each.index, each.index + each.raw.length), each.raw);
        assert.ok(each.canonical !== '');
      }
      findSplitSelectors([a, b]);
    }),
    { numRuns: 500 },
  );
});

/** Each would keep a search that goes back and forth busy for hours; `bench hand-offs` gives the times. */
const hostile =
  'a.a.a@@|a at a dot |a |@|[quote]|+0 |kik kik is |> a@b.c\n|one |ａ＠|a_|t.me/|write to me at |x@y.|wrote: |my my my ';

test('hostile text of 200,000 letters is searched to its end', () => {
  for (const piece of hostile.split('|')) {
    const text = `${piece.repeat(Math.ceil(199_000 / piece.length)).slice(0, 199_000)}\n\nmail me at gerda@postbox.org`;
    const found = findGivenSelectors(text);
    // An unclosed quote swallows what follows it.
    const canonicals = found.map((each) => each.canonical);
    assert.equal(canonicals.includes('gerda@postbox.org'), piece !== '[quote]', piece);
  }
});
