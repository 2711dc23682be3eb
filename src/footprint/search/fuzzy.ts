/**
 * Words within one or two edits (a character put in, left out, replaced, or two neighbours swapped), counted in
 * characters, not bytes. Restricted Damerau-Levenshtein: no part is edited twice.
 */

/** The distance of two words, or `most + 1` when it is more than `most`. */
export function editDistance(a: readonly string[], b: readonly string[], most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min(replaced, last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        distance = Math.min(distance, beforeLast[j - 2]! + 1);
      row.push(distance);
      if (distance < least) least = distance;
    }
    // A later row may reach back two rows by a swap, so that both must be beyond.
    if (least > most && Math.min(...last) > most) return most + 1;
    beforeLast = last;
    last = row;
  }
  return Math.min(last[b.length]!, most + 1);
}

export interface NearTerm {
  readonly term: string;
  readonly distance: number;
}

/** Edits that a word may be away from what is looked for, where nothing is said: one for short words. */
export function usualDistance(characters: number): number {
  return characters < 6 ? 1 : 2;
}

/** Terms within `most` edits of a word, nearest first. `termsOfLength` is the vocabulary by number of characters. */
export function nearTerms(
  word: string,
  most: number,
  termsOfLength: (length: number) => readonly string[],
): NearTerm[] {
  const letters = [...word];
  const bag = bagOf(word);
  const near: NearTerm[] = [];
  for (let length = Math.max(1, letters.length - most); length <= letters.length + most; length++) {
    const terms = termsOfLength(length);
    const bags = bagsOf(terms);
    for (let i = 0; i < terms.length; i++) {
      // Each edit changes at most two kinds of character: the cheap question that answers for nearly all.
      if (bits(bag ^ bags[i]!) > 2 * most) continue;
      const term = terms[i]!;
      const distance = editDistance(letters, [...term], most);
      if (distance <= most) near.push({ term, distance });
    }
  }
  return near.sort((a, b) => a.distance - b.distance || (a.term < b.term ? -1 : a.term > b.term ? 1 : 0));
}

const knownBags = new WeakMap<readonly string[], Int32Array>();

/** The bags of a list of terms, made once as long as the list lives. */
function bagsOf(terms: readonly string[]): Int32Array {
  let bags = knownBags.get(terms);
  if (!bags) {
    bags = Int32Array.from(terms, bagOf);
    knownBags.set(terms, bags);
  }
  return bags;
}

/** Which kinds of character a word has, folded into 32 bits; those beyond the basic plane are left out. */
function bagOf(word: string): number {
  let bag = 0;
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i);
    if ((unit & 0xf800) !== 0xd800) bag |= 1 << (unit & 31);
  }
  return bag;
}

function bits(value: number): number {
  let count = value - ((value >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
