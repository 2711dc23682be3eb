import { decodeCharset } from './charsets.ts';
import { decodeBase64 } from './transfer.ts';

/** Header text: encoded words (RFC 2047, with RFC 2231 language tags) and raw 8-bit text. */

const encodedWord = /=\?([^?\s*]{1,64})(?:\*[^?\s]*)?\?([bBqQ])\?([^?\r\n]*)\?=/g;

/**
 * Header text with its encoded words decoded. Words next to one another in the same charset are joined
 * before they are decoded, since mailers split characters between words. What is no encoded word stays.
 * The text is one character a byte (latin1), as header values are kept; 8-bit bytes outside encoded words
 * are UTF-8 or else Windows-1252.
 */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return decodeRaw(text);
  let out = '';
  let last = 0;
  let pending: Buffer[] = [];
  let charset = '';
  const flush = () => {
    if (pending.length > 0) out += decodeCharset(Buffer.concat(pending), charset).text;
    pending = [];
  };
  for (const match of text.matchAll(encodedWord)) {
    const between = text.slice(last, match.index);
    const joins = pending.length > 0 && /^\s*$/.test(between);
    const name = match[1]!.toLowerCase();
    if (!joins || name !== charset) flush();
    if (!joins) out += decodeRaw(between);
    charset = name;
    pending.push(wordBytes(match[2]!, match[3]!));
    last = match.index + match[0].length;
  }
  flush();
  return out + decodeRaw(text.slice(last));
}

function wordBytes(encoding: string, text: string): Buffer {
  const source = Buffer.from(text, 'latin1');
  if (encoding === 'b' || encoding === 'B') {
    return Buffer.from(decodeBase64(source, 0, source.length).bytes);
  }
  const plain = text
    .replaceAll('_', ' ')
    .replace(/=([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}

/** One character a byte becomes text: UTF-8 where valid, else Windows-1252. */
export function decodeRaw(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) >= 0x80) return decodeCharset(Buffer.from(text, 'latin1'), null).text;
  }
  return text;
}
