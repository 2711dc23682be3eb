import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { boardName, forums } from '../../src/exercise/board/board-parts.ts';
import { countries } from '../../src/exercise/countries.ts';
import { generateExercise } from '../../src/exercise/generate.ts';
import { lexicons, Writer } from '../../src/exercise/people/text.ts';
import { handleFirst, handleSecond, mailHosts } from '../../src/exercise/people/words/handles.ts';
import { familyNames, givenNames, romanGiven } from '../../src/exercise/people/words/names.ts';
import { seedOf } from '../../src/exercise/random.ts';
import { readDumpTables } from './read-dump.ts';

/** Whatever the exercise writes must be made of words that stand in its own lists, where a reviewer can read them. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
}

const allStems = [...Object.values(givenNames).flat(), ...Object.values(romanGiven).flat()]
  .map((name) =>
    name
      .normalize('NFKD')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase(),
  )
  .filter((stem) => stem !== '');

const known = new Set<string>();
const learn = (texts: Iterable<string>) => {
  for (const text of texts) for (const word of wordsOf(text)) known.add(word);
};
for (const lexicon of Object.values(lexicons)) {
  learn(Object.values(lexicon.slots).flat());
  learn([lexicon.titles, lexicon.sentences, lexicon.greetings, lexicon.closings].flat());
  learn([lexicon.handOffs, lexicon.agreements].flat().map((text) => text.replace('{selector}', ' ')));
  learn(lexicon.slips.flat());
}
for (const names of [givenNames, familyNames, romanGiven]) learn(Object.values(names).flat());
const scripts = /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u;
const japanese = Object.values(lexicons.ja.slots)
  .flat()
  .concat(lexicons.ja.sentences, lexicons.ja.titles)
  .join(' ');

function unknownWords(text: string): string[] {
  return wordsOf(text).filter((word) => {
    // Japanese has no spaces, so words run together; every character must at least come from the lists.
    if (scripts.test(word)) return [...word].some((letter) => !japaneseLetters.has(letter));
    return !known.has(word);
  });
}
const japaneseLetters = new Set([...japanese, ...Object.values(lexicons.ja).flat().join('')]);

test('every text a writer makes, in every language, consists of listed words', () => {
  const writer = new Writer(seedOf('lexicon'));
  for (const { language } of countries) {
    for (let person = 0; person < 60; person++) {
      const texts = [
        writer.title(person, language, person),
        writer.body(person, language, person * 7, 'Jan'),
      ];
      texts.push(writer.agreement(person, language, person), writer.handOff(person, language, person, '42'));
      assert.deepEqual(unknownWords(texts.join('\n')), [], `person ${person}, ${language}`);
    }
  }
});

test('the check finds a foreign word', () => {
  assert.deepEqual(unknownWords('The chain is quixotic'), ['quixotic']);
});

test('the texts of a whole board consist of listed words, handles and selectors', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-lexicon-'));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  await generateExercise(path.join(folder, 'e'), { members: 80, seed: 'lexicon' });
  const dump = fs.readFileSync(path.join(folder, 'e/evidence/agency-nl/server/board.sql.gz'));
  const tables = readDumpTables(gunzipSync(dump).toString());
  const users = tables.users!.map((row) => row.username!);
  for (const handle of users.slice(6)) {
    const words = wordsOf(handle.replace(/([a-z])([A-Z])/g, '$1 $2'));
    for (const word of words) assert.ok(made(word), `handle ${handle}`);
  }
  learn(mailHosts.concat(forums, boardName, 'at', 'dot', 'quote'));
  const handOffs = fs.readFileSync(path.join(folder, 'e/truth/hand_offs.csv'), 'utf8');
  learn(handOffs.split('\n').map((line) => line.split(',')[5] ?? ''));
  const texts = [...tables.posts!.flatMap((row) => [row.post_subject!, row.post_text!])];
  texts.push(...tables.privmsgs!.flatMap((row) => [row.message_subject!, row.message_text!]));
  for (const text of texts) {
    const bare = text.replace(/<s>.*?<\/s>|<e>.*?<\/e>|<[^>]*>/g, ' ').replace(/&[#\w]+;/g, ' ');
    const unknown = unknownWords(bare).filter((word) => word !== 're' && word.length > 1);
    assert.deepEqual(unknown, [], text);
  }
});

/** Is the word put together from the handle lists and names alone? Leet digits and doubled letters aside. */
function made(word: string): boolean {
  if (word === '') return true;
  const parts = [
    ...handleFirst,
    ...handleSecond,
    ...allStems,
    'the',
    'two',
    'again',
    'new',
    'x',
    's',
    'harbourmaster',
  ];
  const squeezed = word.replace(/([aeiou])\1/g, '$1');
  return parts.some((part) => {
    const short = part.replace(/([aeiou])\1/g, '$1');
    if (squeezed === short || short.startsWith(squeezed) || short.endsWith(squeezed)) return true;
    return squeezed.startsWith(short) && made(squeezed.slice(short.length));
  });
}
