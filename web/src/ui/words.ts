import { english } from '../words/en.ts';

/**
 * The page's words in the language of whoever reads. Text from exhibits never passes through here: values are
 * numbers and the page's own strings.
 */
export type Word = keyof typeof english;
export type Language = 'en' | 'de';
export type Words = Readonly<Record<Word, string>>;

export const languages: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

let words: Words = english;
let language: Language = 'en';

/** Fetches a language's words (English is always there) and makes them those of the page. */
export async function speak(chosen: Language): Promise<void> {
  words = chosen === 'de' ? (await import('../words/de.ts')).german : english;
  language = chosen;
  document.documentElement.lang = chosen;
}

export function spoken(): Language {
  return language;
}

/** The word in the language of the page. `{name}` is filled in; `one|other` is chosen by the value `n`. */
export function t(word: Word, values: Readonly<Record<string, string | number>> = {}): string {
  const forms = words[word].split('|');
  const many = typeof values.n === 'number' && values.n !== 1;
  const form = (many ? forms.at(-1) : forms[0]) ?? word;
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? value.toLocaleString(language) : value;
  });
}

/** Whether the page has a word: for closed lists of the server that it may add to. */
export function isWord(text: string): text is Word {
  return Object.hasOwn(words, text);
}

/** The page's word for one of a closed list of the server (`state`, `indicated`), or what the server calls it. */
export function named(list: string, value: string): string {
  const word = `${list}.${value}`;
  return isWord(word) ? t(word) : value;
}
