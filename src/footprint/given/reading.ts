/**
 * A text as a reader takes it, with the way back to the text as written: compatibility letters (full-width,
 * mathematical, circled) as plain ones, invisible characters gone, letters written apart drawn together.
 * `start[i]` is the place in the raw text of letter `i`; `start[text.length]` is its end.
 */
export interface Reading {
  readonly raw: string;
  readonly text: string;
  /** Null where each letter stands at its own place. */
  readonly start: Uint32Array | null;
  /** Places (in `text`) that were changed by folding, and those drawn together: [from, to) pairs in order. */
  readonly folded: readonly (readonly [number, number])[];
  readonly joined: readonly (readonly [number, number])[];
}

const compatibility =
  /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u3000\uff01-\uff5e\u24b6-\u24e9\ufe52\ufe6b\u2024\uff61]|\ud835[\udc00-\udfff]|\ud83c[\udd30-\udd69]/;
const compatibilityAll = new RegExp(compatibility.source, 'g');
/** Single letters, each followed by one space; the shortest run that cannot be prose. */
const apart = /(?<![^\s:;,("'«„=])(?:[\p{L}\p{N}._+@-] ){4,80}[\p{L}\p{N}._+@-](?=$|[\s,;!?)"'».])/gu;

export function readText(raw: string): Reading {
  const folded: [number, number][] = [];
  let text = raw;
  let start: number[] | null = null;
  if (compatibility.test(raw)) {
    start = [];
    let out = '';
    let from = 0;
    const keep = (to: number) => {
      for (let i = from; i < to; i++) start!.push(i);
      out += raw.slice(from, to);
    };
    for (const match of raw.matchAll(compatibilityAll)) {
      keep(match.index);
      from = match.index + match[0].length;
      const plain = plainOf(match[0]);
      for (let i = 0; i < plain.length; i++) start.push(match.index);
      const last = folded.at(-1);
      // Of an invisible letter the place before it is marked, so that one inside a selector shows.
      const marked = plain === '' ? Math.max(0, out.length - 1) : out.length;
      const end = plain === '' ? out.length : out.length + plain.length;
      if (match[0] !== '\u3000' && end > marked) {
        if (last && last[1] >= marked) last[1] = Math.max(last[1], end);
        else folded.push([marked, end]);
      }
      out += plain;
    }
    keep(raw.length);
    start.push(raw.length);
    text = out;
  }
  return drawTogether(raw, text, start, folded);
}

function plainOf(letters: string): string {
  if (/[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/.test(letters)) return '';
  const code = letters.codePointAt(0)!;
  if (code >= 0x1f130 && code <= 0x1f149) return String.fromCharCode(code - 0x1f130 + 65);
  if (code >= 0x1f150 && code <= 0x1f169) return String.fromCharCode(code - 0x1f150 + 65);
  if (code === 0xff61) return '.';
  return letters.normalize('NFKC');
}

function drawTogether(
  raw: string,
  text: string,
  start: number[] | null,
  folded: [number, number][],
): Reading {
  const joined: [number, number][] = [];
  if (!/\S \S \S \S \S/.test(text)) {
    return { raw, text, start: start && Uint32Array.from(start), folded, joined };
  }
  const places: number[] = [];
  let out = '';
  let from = 0;
  const keep = (to: number) => {
    for (let i = from; i < to; i++) places.push(start ? start[i]! : i);
    out += text.slice(from, to);
  };
  for (const match of text.matchAll(apart)) {
    if (!/[\p{L}\p{N}]/u.test(match[0])) continue;
    const skipped = leadingWord(text, match.index, match[0]);
    const begin = match.index + skipped;
    keep(begin);
    const first = out.length;
    for (let i = begin; i < match.index + match[0].length; i += 1) {
      if (text[i] === ' ') continue;
      places.push(start ? start[i]! : i);
      out += text[i];
    }
    from = match.index + match[0].length;
    joined.push([first, out.length]);
  }
  if (joined.length === 0) return { raw, text, start: start && Uint32Array.from(start), folded, joined };
  keep(text.length);
  places.push(raw.length);
  // Folded places move; only whether something was folded within a selector matters, so they are found anew.
  const moved = folded.length === 0 ? [] : refold(raw, out, places);
  return { raw, text: out, start: Uint32Array.from(places), folded: moved, joined };
}

function refold(raw: string, text: string, places: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (let i = 0; i < text.length; i++) if (raw[places[i]!] !== text[i]) found.push([i, i + 1]);
  return found;
}

/** Letters at the front of a run that are a word of one letter ("escríbeme a n o a"), with their space. */
function leadingWord(text: string, index: number, run: string): number {
  const first = run[0]!;
  if (!/[aàáвкуос]/iu.test(first)) return 0;
  // A letter of another script than the run is no part of it; "a" is one after a verb that takes it.
  if (first > '\u007f') return /^[\x00-\x7f]/.test(run.slice(2)) ? 2 : 0;
  const before = text.slice(Math.max(0, index - 16), index);
  return /\p{L}(?:me|mi|nos|ci)\s$|(?:correo|mejor|meglio|melhor)\s$/iu.test(before) ? 2 : 0;
}

/** The raw text of [from, to) of a reading. */
export function rawOf(reading: Reading, from: number, to: number): { text: string; index: number } {
  if (reading.start === null) return { text: reading.raw.slice(from, to), index: from };
  const index = reading.start[from]!;
  return { text: reading.raw.slice(index, endOf(reading, to)), index };
}

/** Place after the last raw letter that letter `to - 1` stands for. */
function endOf({ start, raw }: Reading, to: number): number {
  const last = start![to - 1]!;
  const point = raw.codePointAt(last)!;
  return last + (point > 0xffff ? 2 : 1);
}

/** Whether one of the places, which stand in order, shares a letter with [from, to). */
export function touches(places: readonly (readonly [number, number])[], from: number, to: number): boolean {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]![1] > from) high = middle;
    else low = middle + 1;
  }
  return low < places.length && places[low]![0] < to;
}
