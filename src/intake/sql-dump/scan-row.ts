import type { DumpRow } from './dump-row.ts';
import type { DumpWindow } from './dump-window.ts';

/** What a scanner returns instead of a position: the window ends first, or the bytes are no SQL values. */
export const needMore = -1;
export const malformed = -2;

/**
 * How a value is written. `bits` is b'0101'; `raw` is a number, a word such as TRUE, or a function call;
 * `doubled` is a quoted string that holds a doubled quote.
 */
export const valueKind = { null: 0, raw: 1, quoted: 2, hex: 3, bits: 4, doubled: 5 } as const;

/** The most columns that MySQL and MariaDB allow a table. */
export const maxColumns = 4096;

/** Bytes that a number, a word or a character-set introducer is made of: 0-9 A-Z a-z + - . _ @ $. */
const isWord = new Uint8Array(256);
for (const range of ['09', 'AZ', 'az', '++', '--', '..', '__', '@@', '$$']) {
  isWord.fill(1, range.charCodeAt(0), range.charCodeAt(1) + 1);
}

/** Strings up to this long are scanned byte by byte, which is then faster than a native search. */
const nearBytes = 64;

/**
 * The place of the quote that closes a string whose text begins at `from`. A doubled quote is text; so is one
 * behind an odd number of backslashes, unless the dump was made under NO_BACKSLASH_ESCAPES.
 */
export function stringEnd(window: DumpWindow, from: number, quote: number, escapes: boolean): number {
  const { buf, end } = window;
  const special = escapes ? 92 : quote;
  let i = from;
  for (;;) {
    const near = i + nearBytes;
    let c = buf[i]!;
    while (c !== quote && c !== special && i < near) c = buf[++i]!;
    if (c === 92 && escapes) {
      i += 2;
      if (i >= end) return needMore;
      continue;
    }
    if (c !== quote) {
      if (i >= end) return needMore;
      i = window.view.indexOf(quote, i);
      if (i < 0) return needMore;
      if (escapes) {
        let run = i;
        while (run > from && buf[run - 1] === 92) run--;
        if (((i - run) & 1) === 1) {
          i++;
          continue;
        }
      }
    }
    if (i + 1 >= end && !window.last) return needMore;
    if (buf[i + 1] !== quote) return i;
    window.sawDoubled = true;
    i += 2;
  }
}

/** The place behind the parenthesis that closes the one before `from`. */
function closingParenthesis(window: DumpWindow, from: number, escapes: boolean): number {
  const { buf, end } = window;
  let depth = 1;
  for (let i = from; i < end; i++) {
    const c = buf[i]!;
    if (c > 41) {
      if (c === 59) return malformed;
      continue;
    }
    if (c === 40) depth++;
    else if (c === 41) {
      if (--depth === 0) return i + 1;
    } else if (c === 39 || c === 34) {
      i = stringEnd(window, i + 1, c, escapes);
      if (i < 0) return i;
    }
  }
  return needMore;
}

/**
 * Passes over a row whose '(' is at `at` and returns the place behind its ')'. Values are not looked at,
 * beyond what tells a damaged row: a semicolon or NUL outside strings, or a string not followed by a
 * delimiter.
 */
export function skipRow(window: DumpWindow, at: number, escapes: boolean): number {
  const { buf, end } = window;
  let depth = 1;
  for (let i = at + 1; ; ) {
    const c = buf[i++]!;
    if (c > 41) {
      if (c === 59) return malformed;
      continue;
    }
    if (c === 39 || c === 34) {
      i = stringEnd(window, i, c, escapes);
      if (i < 0) return i;
      const after = buf[++i]!;
      if (after === 44) i++;
      else if (after !== 41 && after !== 32 && (after < 9 || after > 13))
        return i >= end ? needMore : malformed;
    } else if (c === 41) {
      if (--depth === 0) return i;
    } else if (c === 40) depth++;
    else if (c === 0) return i > end ? needMore : malformed;
  }
}

/**
 * Reads a row whose '(' is at `at` into `row` and returns the place behind its ')'. Every value must be
 * whole and well-formed; nothing is decoded yet.
 */
export function scanRow(window: DumpWindow, at: number, row: DumpRow, escapes: boolean): number {
  const { buf, end } = window;
  const { starts, ends, kinds } = row;
  row.count = 0;
  let count = 0;
  let i = at + 1;
  for (;;) {
    let c = buf[i]!;
    while (c === 32 || (c >= 9 && c <= 13)) c = buf[++i]!;
    let from = i;
    let kind: number = valueKind.raw;
    if (isWord[c] === 1) {
      do c = buf[++i]!;
      while (isWord[c] === 1);
      const length = i - from;
      if (buf[from] === 95 && (c === 32 || c === 39 || c === 34)) {
        // A character-set introducer such as _binary: what follows is the value.
        while (c === 32) c = buf[++i]!;
        from = i;
        while (isWord[c] === 1) c = buf[++i]!;
      }
      if (c === 39 || c === 34) {
        kind = i === from ? valueKind.quoted : prefixKind(buf[from]!, i - from);
        if (kind < 0) return malformed;
        from = i + 1;
        window.sawDoubled = false;
        i = stringEnd(window, from, c, escapes);
        if (i < 0) return i;
        if (window.sawDoubled && kind === valueKind.quoted) kind = valueKind.doubled;
        ends[count] = i++;
      } else if (c === 40) {
        i = closingParenthesis(window, i + 1, escapes);
        if (i < 0) return i;
        ends[count] = i;
      } else {
        ends[count] = i;
        if (length === 4 && isNull(buf, from)) kind = valueKind.null;
        else if (buf[from] === 48 && (buf[from + 1]! | 32) === 120) {
          kind = valueKind.hex;
          from += 2;
        }
      }
    } else if (c === 39 || c === 34) {
      from = i + 1;
      window.sawDoubled = false;
      i = stringEnd(window, from, c, escapes);
      if (i < 0) return i;
      kind = window.sawDoubled ? valueKind.doubled : valueKind.quoted;
      ends[count] = i++;
    } else if (c === 41 && count === 0) {
      return i + 1;
    } else return i >= end ? needMore : malformed;
    if (i >= end) return needMore;
    starts[count] = from;
    kinds[count] = kind;
    count++;
    c = buf[i]!;
    while (c === 32 || (c >= 9 && c <= 13)) c = buf[++i]!;
    if (c === 41) {
      row.count = count;
      return i + 1;
    }
    if (c !== 44) return i >= end ? needMore : malformed;
    if (count === maxColumns) return malformed;
    i++;
  }
}

/** The kind of a string with a one-letter prefix: X'41', B'01', N'text'; malformed for any other. */
function prefixKind(letter: number, length: number): number {
  const lower = letter | 32;
  if (length !== 1) return malformed;
  if (lower === 120) return valueKind.hex;
  if (lower === 98) return valueKind.bits;
  return lower === 110 ? valueKind.quoted : malformed;
}

function isNull(buf: Uint8Array, at: number): boolean {
  return (
    (buf[at]! | 32) === 110 &&
    (buf[at + 1]! | 32) === 117 &&
    (buf[at + 2]! | 32) === 108 &&
    (buf[at + 3]! | 32) === 108
  );
}
