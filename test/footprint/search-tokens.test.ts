import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editDistance, nearTerms } from '../../src/footprint/search/fuzzy.ts';
import { keysToFind, nameKeys } from '../../src/footprint/search/names.ts';
import { indexText, phraseOf, tokensOf } from '../../src/footprint/search/tokens.ts';

/** Texts and their tokens, to be read by people. */
const golden: readonly (readonly [script: string, text: string, tokens: string])[] = [
  ['Latin', 'The Chain-Ring doesn’t fit', 'the chain ring doesn t fit'],
  ['Latin, accents', 'Café Straße Łódź smørrebrød İzmir', 'cafe strasse lodz smorrebrod izmir'],
  ['Latin, taken apart', 'e\u0301te\u0301', 'ete'],
  ['Cyrillic', 'Ёлка, МОЙ велосипед, молоко\u0301, їжак', 'елка мой велосипед молоко їжак'],
  ['Greek', 'Ποδήλατο ΣΊΣΥΦΟΣ ποδηλάτης', 'ποδηλατο σισυφοσ ποδηλατησ'],
  ['Arabic', 'دَرَّاجَـــة أحمد إلى ١٢٣', 'دراجه احمد الي 123'],
  ['Persian', 'کتاب گلی', 'كتاب گلي'],
  ['Hebrew', 'שָׁלוֹם אופניים', 'שלום אופניים'],
  ['Devanagari', 'साइकिल की दुकान', 'साइकिल की दुकान'],
  ['Japanese', '自転車に乗る', '自転 転車 車に に乗 乗る る'],
  ['half width', 'ｶﾒﾗ ＡＢＣ１', 'カメ メラ ラ abc1'],
  ['Chinese beside digits', '3杯咖啡', '3 杯咖 咖啡 啡'],
  ['Korean', '자전거 길', '자전 전거 거 길'],
  ['Thai', 'กาแฟ', 'กา าแ แฟ ฟ'],
  ['astral', '𠮷野家 𝐁𝐢𝐤𝐞', '𠮷野 野家 家 bike'],
  ['emoji', 'ride 🚲☕️!', 'ride 🚲 ☕'],
  ['unseen characters', 'bi\u200bcy\u00adcle \u202egar\u202cden', 'bicycle garden'],
  ['addresses', 'anna.lind@velo.example +49-170', 'anna lind velo example 49 170'],
  ['half of a character', 'a\ud800b \u0000c', 'a b c'],
];

test('tokens in many scripts', () => {
  for (const [script, text, tokens] of golden) assert.equal(tokensOf(text).join(' '), tokens, script);
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(...'aB1 -é\u0301自車ёДÏςأ\u0640ก🚲𠮷\u200bß'.split(''), '🚲', '𠮷'),
    maxLength: 20,
  }),
);

test('what the index takes splits into the tokens, and tokens are tokens of themselves', () => {
  const splitByIndex = (text: string) =>
    text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).match(/[^\x00-\x2f\x3a-\x60\x7b-\x7f]+/g) ?? [];
  fc.assert(
    fc.property(anyText, (text) => {
      const tokens = tokensOf(text);
      assert.deepEqual(splitByIndex(indexText(text)), tokens);
      for (const token of tokens) assert.notEqual(token, '');
    }),
    { numRuns: 3000, seed: 5 },
  );
});

test('every piece of a text without spaces is found in it', () => {
  const letters = [...'自転車庭花茶กาแฟขฃあいう'];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 12 }),
      fc.nat(11),
      fc.integer({ min: 1, max: 12 }),
      (text, from, length) => {
        const piece = text.slice(from % text.length, (from % text.length) + length);
        const { tokens, open } = phraseOf(piece.join(''));
        const all = tokensOf(text.join(''));
        const stands = (at: number) =>
          tokens.every((token, i) =>
            open && i === tokens.length - 1 ? all[at + i]?.startsWith(token) : all[at + i] === token,
          );
        assert.ok(
          all.some((_, at) => stands(at)),
          `${piece.join('')} in ${text.join('')}`,
        );
      },
    ),
    { numRuns: 1000, seed: 6 },
  );
});

/** The textbook matrix. */
function slowDistance(a: readonly string[], b: readonly string[]): number {
  const d = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)]);
  for (let j = 0; j <= b.length; j++) d[0]![j] = j;
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      d[i]![j] = Math.min(d[i - 1]![j]! + 1, d[i]![j - 1]! + 1, d[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        d[i]![j] = Math.min(d[i]![j]!, d[i - 2]![j - 2]! + 1);
    }
  return d[a.length]![b.length]!;
}

test('edits are counted in characters, and the quick filters lose nothing', () => {
  const word = fc.array(fc.constantFrom('a', 'b', 'c', 'ж', 'я', '🚲'), { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 20 }), fc.constantFrom(1, 2), (typed, others, most) => {
      const terms = [...new Set(others.map((each) => each.join('')))];
      const byLength = new Map<number, string[]>();
      for (const term of terms)
        byLength.set([...term].length, [...(byLength.get([...term].length) ?? []), term]);
      const found = nearTerms(typed.join(''), most, (length) => byLength.get(length) ?? []);
      const expected = terms.filter((term) => slowDistance(typed, [...term]) <= most);
      assert.deepEqual(found.map(({ term }) => term).sort(), expected.sort());
      for (const { term, distance } of found) assert.equal(distance, slowDistance(typed, [...term]));
    }),
    { numRuns: 1500, seed: 7 },
  );
  assert.equal(editDistance([...'bicycle'], [...'bicylce'], 2), 1);
  assert.equal(editDistance([...'велосипед'], [...'велосепет'], 2), 2);
  assert.equal(editDistance([...'abc'], [...'xyz'], 2), 3);
});

/** Names in two scripts, each to be found by the other. */
const sameName = [
  ['Юрий', 'Yuri'],
  ['Юрий', 'Jurij'],
  ['Петров', 'Petroff'],
  ['Александр', 'Alexander'],
  ['Чайковский', 'Tschaikowski'],
  ['Наталья', 'Natalia'],
  ['Шевченко', 'Shevchenko'],
  ['Жуков', 'Zhukov'],
  ['Пётр', 'Pyotr'],
  ['Γιώργος', 'Giorgos'],
  ['Παπαδόπουλος', 'Papadopoulos'],
  ['Ευαγγελία', 'Evangelia'],
  ['محمد', 'Muhammad'],
  ['محمد', 'Mohamed'],
  ['خالد', 'Khalid'],
  ['שלום', 'Shalom'],
] as const;

test('a name in another script is found both ways, other names are not', () => {
  const finds = (typed: string, name: string) =>
    keysToFind(typed).some((key) => nameKeys(name).includes(key));
  for (const [name, latin] of sameName) {
    assert.ok(finds(latin, name), `${latin} finds ${name}`);
    assert.ok(finds(name, latin), `${name} finds ${latin}`);
  }
  assert.ok(!finds('Ivan', 'Юрий'));
  assert.ok(!finds('Yuri', 'Jurij'), 'within one script nothing is compared by sound');
  assert.deepEqual(keysToFind('自転車'), []);
});
