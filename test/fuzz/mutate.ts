import { Dice, purpose, type Seed } from '../../src/exercise/random.ts';

/**
 * Damaged and twisted forms of well-formed files. Input `n` is a function of (seed, n), so that a finding is named by
 * two numbers and can be made again. Mutations keep to a format's own pieces (words, numbers, quoted texts, lines) as
 * often as they hit single bytes, since most random bytes end at a reader's first check.
 */

/** Values that parsers trip over: edges of numbers, pieces of formats, names of JavaScript's own, broken encodings. */
const nasty: readonly Buffer[] = [
  ...[
    '0',
    '-1',
    '255',
    '65536',
    '2147483648',
    '4294967295',
    '9007199254740993',
    '99999999999999999999999',
    '1e309',
  ],
  ...['NaN', 'null', 'true', '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', ''],
  ...[
    '"',
    "'",
    '""',
    "\\'",
    '\\',
    '`',
    ',',
    ';',
    '\t',
    '\r',
    '\n',
    '\r\n',
    '\n\n',
    '\u0000',
    '\u2028',
    '\ufeff',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '<',
    '>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '&b;',
  ],
  ...[
    'From ',
    'From a@b.example Sat Jan  5 09:12:44 2019\n',
    '--x\n',
    '--x--\n',
    'Content-Type: multipart/mixed; boundary=x\n\n',
  ],
  ...[
    'Content-Transfer-Encoding: base64\n',
    '=?utf-8?b?',
    '?=',
    '=?x-none?q?=FF?=',
    'INSERT INTO ',
    ' VALUES (',
    '/*!40101',
    '*/',
    '-- ',
  ],
  ...[
    'CREATE TABLE `a` (',
    '0x',
    "_binary '",
    '2019-02-30 25:61:61',
    '0000-00-00',
    '31/Dec/9999:23:59:60 +9999',
    '-271821-04-20T00:00:00Z',
  ],
  ...[
    '127.0.0.1',
    '999.999.999.999',
    '::ffff:1.2.3.4',
    '[::',
    '%00',
    '%',
    '%zz',
    '\u202e',
    '\u{1f6b2}',
    'İ',
    'ﬀ',
  ],
  '['.repeat(3000),
  '('.repeat(3000),
  '<a>'.repeat(2000),
  'a'.repeat(20_000),
  '>'.repeat(500),
]
  .map((text) => (Buffer.isBuffer(text) ? text : Buffer.from(text)))
  .concat(
    [
      [0xff],
      [0xc3],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xff, 0xfe, 0x41, 0x00],
      [0x1f, 0x8b, 8],
      [0x50, 0x4b, 3, 4],
    ].map((bytes) => Buffer.from(bytes)),
  );

const maxMutations = 8;
/** Inputs stay small, so that a million of them take minutes. */
const maxInputBytes = 64 * 1024;
const what = purpose('fuzz input');

/** Input number `n`: one of the well-formed files with one to eight mutations; every 64th is left as it is. */
export function inputOf(seed: Seed, n: number, wellFormed: readonly Buffer[]): Buffer {
  const dice = new Dice(seed).at(n, what);
  let bytes = dice.pick(wellFormed);
  if (n % 64 === 0) return bytes;
  for (let left = dice.between(1, maxMutations); left > 0; left--) {
    bytes = dice.pick(mutations)(bytes, dice, dice.pick(wellFormed)).subarray(0, maxInputBytes);
  }
  return bytes;
}

type Mutation = (bytes: Buffer, dice: Dice, other: Buffer) => Buffer;

const mutations: readonly Mutation[] = [
  // Single bytes.
  (bytes, dice) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[dice.below(changed.length)]! ^= 1 << dice.below(8);
    return changed;
  },
  (bytes, dice) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[dice.below(changed.length)] = dice.below(256);
    return changed;
  },
  (bytes, dice) => bytes.subarray(0, dice.below(bytes.length + 1)),
  (bytes, dice) => bytes.subarray(dice.below(bytes.length + 1)),
  // Spans of bytes.
  (bytes, dice) => replaced(bytes, span(bytes, dice), Buffer.alloc(0)),
  (bytes, dice) => {
    const [from, to] = span(bytes, dice);
    return replaced(bytes, [to, to], bytes.subarray(from, to));
  },
  (bytes, dice, other) => replaced(bytes, span(bytes, dice), other.subarray(...span(other, dice))),
  // Pieces of the format: words, numbers, quoted texts.
  (bytes, dice) => replaced(bytes, token(bytes, dice), dice.pick(nasty)),
  (bytes, dice) => {
    const [from] = token(bytes, dice);
    return replaced(bytes, [from, from], dice.pick(nasty));
  },
  (bytes, dice, other) => replaced(bytes, token(bytes, dice), other.subarray(...token(other, dice))),
  (bytes, dice) => replaced(bytes, token(bytes, dice), bytes.subarray(...token(bytes, dice))),
  // Lines.
  (bytes, dice) => replaced(bytes, line(bytes, dice), Buffer.alloc(0)),
  (bytes, dice) => {
    const [from, to] = line(bytes, dice);
    return replaced(bytes, [to, to], bytes.subarray(from, to));
  },
  (bytes, dice, other) => {
    const [from] = line(bytes, dice);
    return replaced(bytes, [from, from], other.subarray(...line(other, dice)));
  },
];

type Span = readonly [from: number, to: number];

function replaced(bytes: Buffer, [from, to]: Span, by: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(to)]);
}

function span(bytes: Buffer, dice: Dice): Span {
  const from = dice.below(bytes.length + 1);
  return [from, Math.min(bytes.length, from + dice.below(64))];
}

function line(bytes: Buffer, dice: Dice): Span {
  const at = dice.below(bytes.length + 1);
  const end = bytes.indexOf(0x0a, at);
  return [bytes.lastIndexOf(0x0a, Math.max(at - 1, 0)) + 1, end < 0 ? bytes.length : end + 1];
}

/** The run of letters, of digits, or of others that a place lies in; of a quoted text, the whole of it. */
function token(bytes: Buffer, dice: Dice): Span {
  if (bytes.length === 0) return [0, 0];
  const at = dice.below(bytes.length);
  const quote = bytes[at]!;
  if (quote === 0x22 || quote === 0x27) {
    const end = bytes.indexOf(quote, at + 1);
    if (end > 0) return [at, end + 1];
  }
  const kind = kindOf(quote);
  let from = at;
  let to = at + 1;
  while (from > 0 && kindOf(bytes[from - 1]!) === kind) from--;
  while (to < bytes.length && kindOf(bytes[to]!) === kind) to++;
  return [from, to];
}

function kindOf(byte: number): 'digit' | 'letter' | 'other' {
  if (byte >= 0x30 && byte <= 0x39) return 'digit';
  return byte >= 0x80 || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) ? 'letter' : 'other';
}
