import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { decodeLoosely } from '../../evidence/columns.ts';

/** Text made from bytes, and whether the stated charset had to be set aside to make it. */
export interface Decoded {
  readonly text: string;
  readonly guessed: boolean;
}

/** Names seen in mail that the WHATWG Encoding Standard does not list, and what they mean there. */
const aliases: Record<string, string> = {
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  'cp-850': 'ibm850',
  'iso-10646-ucs-2': 'utf-16be',
  'ms-ansi': 'windows-1252',
  'x-gbk': 'gbk',
  'x-sjis-jp': 'shift_jis',
  'windows-936': 'gbk',
  'windows-949': 'euc-kr',
};

const decoders = new Map<string, TextDecoder | null>();
/** Distinct charset names kept; hostile mail can state any number of them. */
const maxDecoders = 256;

function decoderOf(charset: string): TextDecoder | null {
  const known = decoders.get(charset);
  if (known !== undefined) return known;
  let decoder: TextDecoder | null = null;
  try {
    decoder = new TextDecoder(aliases[charset] ?? charset);
  } catch {
    // An unknown name: the caller falls back and says so.
  }
  if (decoders.size < maxDecoders) decoders.set(charset, decoder);
  return decoder;
}

/**
 * Bytes in a charset as text. `charset` is the name as stated (any case), or null where none is stated.
 * ASCII, UTF-8 and unknown names fall back to UTF-8 and then Windows-1252; `guessed` tells when the stated
 * name could not be honoured. Names follow the WHATWG Encoding Standard, as browsers and mailers do
 * (iso-8859-1 means windows-1252, gb2312 means gbk). Never throws.
 */
export function decodeCharset(bytes: Uint8Array, charset: string | null): Decoded {
  if (bytes.length === 0) return { text: '', guessed: false };
  const name = charset === null ? '' : charset.trim().toLowerCase();
  const sevenBit = isAscii(bytes);
  if (name === '' || name === 'us-ascii' || name === 'ascii' || name === 'utf-8' || name === 'utf8') {
    if (sevenBit) return { text: asBuffer(bytes).toString('latin1'), guessed: false };
    const utf8 = isUtf8(bytes);
    return { text: decodeLoosely(bytes), guessed: !(utf8 && (name === '' || name.startsWith('utf'))) };
  }
  if (sevenBit && /^(?:unicode-1-1-)?utf-7$/.test(name)) {
    return { text: decodeUtf7(asBuffer(bytes).toString('latin1')), guessed: false };
  }
  const decoder = decoderOf(name);
  if (decoder === null) return { text: decodeLoosely(bytes), guessed: true };
  // Single-byte and most double-byte charsets are ASCII below 0x80; ISO-2022, HZ and UTF-16 are not.
  if (sevenBit && /^(iso-8859|windows|koi8|gb|big5|euc|macintosh|ibm|cp|x-mac)/.test(name)) {
    return { text: asBuffer(bytes).toString('latin1'), guessed: false };
  }
  return { text: decoder.decode(bytes), guessed: decoder.encoding === 'replacement' };
}

/** UTF-7 (RFC 2152), which the Encoding Standard leaves out: '+' starts base64 of UTF-16, '+-' is a plus. */
function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)(-?)/g, (whole, shifted: string, end: string) => {
    if (shifted === '') return end === '-' ? '+' : whole;
    const units = Buffer.from(shifted, 'base64');
    return units
      .subarray(0, units.length & ~1)
      .swap16()
      .toString('utf16le')
      .toWellFormed();
  });
}

/** The same bytes as a Buffer, not copied. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
