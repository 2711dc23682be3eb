/**
 * The one tokenizer: what a text is searched by. The index stores what `indexText` gives, and queries go through
 * the same rules, so that what was typed in one form is found in another.
 *
 * - NFKC, lower case, digits of every script as 0-9. Diacritics of Latin and Greek are folded (é e, ß ss, ø o);
 *   Cyrillic keeps its letters (й is not и) but ё is е and stress marks go; Arabic loses tatweel and harakat, and
 *   forms of one letter are one (أ إ آ as ا, ى ی as ي, ة as ه, ک as ك); Hebrew loses its points.
 * - Characters nobody sees (zero width, bidi marks, soft hyphen, variation selectors) are taken out, so that they
 *   split no word.
 * - A token is a run of letters, marks and digits; all else separates. An emoji is a token of its own.
 * - Scripts written without spaces (Han, Kana, Hangul, Thai, Lao, Khmer, Myanmar) become pairs of characters and
 *   a last single one: 自転車 is 自転 転車 車. Every character starts one token, so any piece of a run is found as
 *   a phrase and a single character as a prefix, and no dictionary decides where words end.
 *
 * Not folded: simplified and traditional Han, hiragana and katakana, look-alike letters of two scripts.
 */

/** Changes whenever the tokens of any text do: an index of another version is made anew. */
export const tokenizerVersion = 1;

const separator = 0;
const letter = 1;
/** Written without spaces. */
const packed = 2;
const ignored = 3;
/** A token by itself. */
const symbol = 4;
/** Becomes several letters; see `expansions`. */
const expanded = 5;
const surrogate = 6;

const space = 32;
const asciiOnly = /^[\x00-\x7f]*$/;

/**
 * The text as the index takes it: split at everything in ASCII that is neither letter nor digit, and nowhere
 * else, with ASCII letters in either case, it gives exactly `tokensOf(text)`. ASCII text is that already.
 */
export function indexText(text: string): string {
  return asciiOnly.test(text) ? text : fold(text);
}

/** The tokens of a text in order. */
export function tokensOf(text: string): string[] {
  const folded = asciiOnly.test(text) ? text.toLowerCase() : fold(text);
  return folded.match(/[^\x00-\x2f\x3a-\x60\x7b-\x7f]+/g) ?? [];
}

/** What to look for when a piece of text was typed. */
export interface Phrase {
  /** Tokens that stand one after the other; none where the text holds no letter, digit or emoji. */
  readonly tokens: readonly string[];
  /** Whether the last token is the start of one only. */
  readonly open: boolean;
}

/** The tokens to look for: as `tokensOf`, but a run without spaces may go on in the text where the query ends. */
export function phraseOf(text: string): Phrase {
  const tokens = tokensOf(text);
  const last = tokens.at(-1);
  if (last === undefined || !isPackedCharacter(last)) return { tokens, open: false };
  const before = tokens.at(-2);
  const endsRun = before !== undefined && isPackedPair(before);
  return endsRun ? { tokens: tokens.slice(0, -1), open: false } : { tokens, open: true };
}

/** Whether a token is a pair or a single character of a script without spaces: such tokens have no spelling. */
export function isPacked(token: string): boolean {
  return isPackedCharacter(token) || isPackedPair(token);
}

function isPackedCharacter(token: string): boolean {
  const code = token.codePointAt(0)!;
  return token.length === (code > 0xffff ? 2 : 1) && classOf(code) === packed;
}

function isPackedPair(token: string): boolean {
  const first = token.codePointAt(0)!;
  const rest = token.slice(first > 0xffff ? 2 : 1);
  return rest !== '' && classOf(first) === packed && isPackedCharacter(rest);
}

let buffer = new Uint16Array(1 << 14);

function fold(text: string): string {
  const { classes, folded } = tables();
  const source = text.normalize('NFKC');
  // A character of a packed run gives itself twice and two spaces; an expanded one at most four letters.
  const room = source.length * 6 + 8;
  if (buffer.length < room) buffer = new Uint16Array(room);
  const out = buffer;
  let length = 0;
  /** The last character of a packed run that goes on; 0 outside. */
  let run = 0;
  for (let i = 0; i < source.length; i++) {
    let code = source.charCodeAt(i);
    let kind = classes[code]!;
    if (kind === letter && run === 0) {
      out[length++] = folded[code]!;
      continue;
    }
    if (kind === ignored) continue;
    if (kind === surrogate) {
      code = source.codePointAt(i)!;
      if (code > 0xffff) i++;
      kind = classOf(code);
      if (kind === ignored) continue;
      if (kind === letter) code = foldAstral(code);
    } else if (kind === letter) code = folded[code]!;
    if (kind === packed) {
      if (run === 0) out[length++] = space;
      else {
        length = put(out, length, run);
        length = put(out, length, code);
        out[length++] = space;
      }
      run = code;
      continue;
    }
    if (run !== 0) {
      length = put(out, length, run);
      out[length++] = space;
      run = 0;
    }
    if (kind === letter) length = put(out, length, code);
    else if (kind === expanded)
      for (const piece of expansions.get(code)!) out[length++] = piece.charCodeAt(0);
    else {
      out[length++] = space;
      if (kind === symbol) {
        length = put(out, length, code);
        out[length++] = space;
      }
    }
  }
  if (run !== 0) length = put(out, length, run);
  return Buffer.from(out.buffer, 0, length * 2).toString('utf16le');
}

function put(out: Uint16Array, at: number, code: number): number {
  if (code < 0x10000) {
    out[at] = code;
    return at + 1;
  }
  out[at] = 0xd800 + ((code - 0x10000) >> 10);
  out[at + 1] = 0xdc00 + ((code - 0x10000) & 0x3ff);
  return at + 2;
}

interface Tables {
  /** Class of each UTF-16 code unit. */
  readonly classes: Uint8Array;
  /** What a letter becomes. */
  readonly folded: Uint16Array;
}

let made: Tables | undefined;
const expansions = new Map<number, string>();
const astral = new Map<number, number>();

/** Made once, when the first text beyond ASCII comes. */
function tables(): Tables {
  if (made) return made;
  const classes = new Uint8Array(0x10000);
  const folded = new Uint16Array(0x10000);
  for (let code = 0; code < 0x10000; code++) {
    classes[code] = code >= 0xd800 && code < 0xe000 ? surrogate : kindOf(code);
    if (classes[code] !== letter) continue;
    const becomes = foldLetter(String.fromCharCode(code));
    if (becomes.length === 1) folded[code] = becomes.charCodeAt(0);
    else {
      classes[code] = expanded;
      expansions.set(code, becomes);
    }
  }
  made = { classes, folded };
  return made;
}

function classOf(code: number): number {
  if (code < 0x10000) return tables().classes[code]!;
  let kind = astral.get(code);
  if (kind === undefined) {
    kind = kindOf(code);
    astral.set(code, kind);
  }
  return kind;
}

const unseen = /^[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]$/u;
/** Marks that are not part of a word's spelling: Latin, Greek, Cyrillic, Hebrew and Arabic ones, and tatweel. */
const strippedMarks: readonly (readonly [from: number, to: number])[] = [
  [0x0300, 0x036f],
  [0x0483, 0x0487],
  [0x0591, 0x05bd],
  [0x05bf, 0x05bf],
  [0x05c1, 0x05c2],
  [0x05c4, 0x05c5],
  [0x05c7, 0x05c7],
  [0x0610, 0x061a],
  [0x0640, 0x0640],
  [0x064b, 0x065f],
  [0x0670, 0x0670],
  [0x06d6, 0x06dc],
  [0x06df, 0x06e8],
  [0x06ea, 0x06ed],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x20d0, 0x20ff],
];
const withoutSpaces =
  /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]$/u;
const wordCharacter = /^[\p{L}\p{M}\p{N}\p{Co}\p{Regional_Indicator}]$/u;
const digit = /^\p{Nd}$/u;
const pictograph = /^[\p{Extended_Pictographic}]$/u;

function kindOf(code: number): number {
  if (code >= 0xd800 && code < 0xe000) return separator;
  const text = String.fromCodePoint(code);
  if (strippedMarks.some(([from, to]) => code >= from && code <= to) || unseen.test(text)) return ignored;
  if (digit.test(text)) return letter;
  if (wordCharacter.test(text)) return withoutSpaces.test(text) ? packed : letter;
  return pictograph.test(text) ? symbol : separator;
}

/** Letters that Unicode does not take apart, and forms of one letter. */
const own: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ς: 'σ',
  ё: 'е',
  ѐ: 'е',
  ѝ: 'и',
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ٱ: 'ا',
  ى: 'ي',
  ی: 'ي',
  ئ: 'ي',
  ؤ: 'و',
  ة: 'ه',
  ہ: 'ه',
  ک: 'ك',
};

function foldLetter(character: string): string {
  if (digit.test(character)) return String(digitValue(character.codePointAt(0)!));
  const lower = character.toLowerCase();
  const apart = lower.normalize('NFD');
  const plain = /^[\p{Script=Latin}\p{Script=Greek}]/u.test(apart)
    ? apart.replace(/\p{M}/gu, '').normalize('NFC')
    : lower;
  return [...plain].map((each) => own[each] ?? each).join('');
}

function foldAstral(code: number): number {
  return foldLetter(String.fromCodePoint(code)).codePointAt(0)!;
}

/** Digits of a script stand in a row from zero to nine. */
function digitValue(code: number): number {
  let zero = code;
  while (digit.test(String.fromCodePoint(zero - 1))) zero--;
  return (code - zero) % 10;
}
