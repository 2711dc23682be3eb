import assert from 'node:assert/strict';
import { test } from 'node:test';
import { german } from '../../web/src/words/de.ts';
import { english } from '../../web/src/words/en.ts';

const words = Object.keys(english) as (keyof typeof english)[];
const blanks = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

test('every word stands in both languages, with the same blanks', () => {
  assert.ok(words.length > 200, `${words.length} words`);
  assert.deepEqual(Object.keys(german).sort(), [...words].sort());
  for (const word of words) {
    assert.deepEqual(blanks(german[word]), blanks(english[word]), word);
    assert.notEqual(german[word].trim(), '', word);
  }
});

test('what has two forms counts something', () => {
  for (const [language, texts] of Object.entries({ english, german })) {
    for (const word of words) {
      const forms = texts[word].split('|');
      assert.ok(forms.length <= 2, `${language} ${word}`);
      if (forms.length === 2) assert.ok(texts[word].includes('{n}') || word === 'person.provisional', word);
    }
  }
});
