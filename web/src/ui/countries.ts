import { spoken } from './words.ts';

/** A country of ISO 3166-1 by its name in the page's language, with its letters: "Netherlands (NL)". */
export function countryName(letters: string): string {
  try {
    const name = new Intl.DisplayNames([spoken()], { type: 'region' }).of(letters);
    return name === undefined || name === letters ? letters : `${name} (${letters})`;
  } catch {
    return letters;
  }
}
