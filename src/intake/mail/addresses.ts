import { canonicalEmail } from '../../evidence/selectors.ts';
import { decodeWords } from './words.ts';

/** One mailbox of an address field. */
export interface Address {
  /** Display name, or the comment that stands in for one; null without either. */
  readonly name: string | null;
  /** The address as written; null where the entry has a name only. */
  readonly address: string | null;
  /** The address in canonical form; null where it is none, is masked, or is missing. */
  readonly canonical: string | null;
}

/** Mailboxes read from one field; a message to more is recorded with these. */
export const maxAddresses = 5000;

/**
 * An address list (RFC 5322 section 3.4 with the obsolete forms): groups, comments, quoted names, source
 * routes, encoded words, and the ways list archives veil an '@' (`alice at example.org`). Members of a group
 * are listed, its name is not. `text` is unfolded, one character a byte. Never throws.
 */
export function parseAddresses(text: string): Address[] {
  const plain = /^[\w.+-]+@[\w.-]+$/.exec(text);
  if (plain) return [addressOf('', '', text)];
  const list: Address[] = [];
  let phrase = '';
  let comment = '';
  let angle: string | null = null;
  const flush = () => {
    const entry = entryOf(phrase, comment, angle);
    if (entry) list.push(entry);
    phrase = '';
    comment = '';
    angle = null;
  };
  for (let i = 0; i < text.length && list.length < maxAddresses; ) {
    const char = text[i]!;
    if (char === '"') {
      const end = quotedEnd(text, i);
      phrase += text.slice(i, end);
      i = end;
    } else if (char === '(') {
      const end = commentEnd(text, i);
      const inside = text.slice(i + 1, text[end - 1] === ')' ? end - 1 : end);
      if (/^at$/i.test(inside.trim()) && phrase.trim() !== '') phrase += ' at ';
      else comment = comment === '' ? inside : `${comment} ${inside}`;
      i = end;
    } else if (char === '<') {
      const end = angleEnd(text, i);
      angle = text.slice(i + 1, text[end - 1] === '>' ? end - 1 : end);
      i = end;
    } else if (char === ',' || char === ';') {
      flush();
      i++;
    } else if (char === ':' && angle === null && !phrase.includes('@')) {
      phrase = '';
      i++;
    } else if (char === '=' && text[i + 1] === '?') {
      const end = wordEnd(text, i);
      phrase += text.slice(i, end);
      i = end;
    } else {
      phrase += char;
      i++;
    }
  }
  flush();
  return list;
}

function quotedEnd(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

function commentEnd(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return i + 1;
  }
  return text.length;
}

function angleEnd(text: string, from: number): number {
  const close = text.indexOf('>', from);
  if (close >= 0) return close + 1;
  const comma = text.indexOf(',', from);
  return comma < 0 ? text.length : comma;
}

/** Behind an encoded word, so that a comma or colon inside it divides nothing; else behind the '='. */
function wordEnd(text: string, from: number): number {
  const charset = text.indexOf('?', from + 2);
  const encoding = charset < 0 || charset - from > 80 ? -1 : text.indexOf('?', charset + 1);
  const end = encoding < 0 || encoding - charset > 2 ? -1 : text.indexOf('?=', encoding + 1);
  return end < 0 ? from + 1 : end + 2;
}

function entryOf(phrase: string, comment: string, angle: string | null): Address | null {
  if (angle !== null) {
    const routed = angle.startsWith('@') ? angle.slice(angle.indexOf(':') + 1) : angle;
    return addressOf(phrase, comment, routed.trim());
  }
  const bare = phrase.trim();
  if (bare === '') return comment.trim() === '' ? null : addressOf('', comment, '');
  if (bare.includes('@') || isVeiled(bare)) {
    // Without angle brackets, words in front of the address can only be a name.
    const space = Math.max(bare.lastIndexOf(' '), bare.lastIndexOf('\t'));
    const last = bare.slice(space + 1);
    const named = space >= 0 && last.includes('@');
    return named ? addressOf(bare.slice(0, space), comment, last) : addressOf('', comment, bare);
  }
  return addressOf(bare, '', '');
}

/** Longer text is no address (RFC 5321 section 4.5.3.1) in any spelling. */
const longestAddress = 400;

const veils: readonly RegExp[] = [
  /^([^\s@]+)\s+at\s+([^\s@]+\.[^\s@]+)$/i,
  /^([^\s@]+)\s*[[{]at[\]}]\s*([^\s@]+\.[^\s@]+)$/i,
];

function isVeiled(text: string): boolean {
  return text.length <= longestAddress && veils.some((veil) => veil.test(text));
}

/** Archives cut the local part ("ali...@example.org") or starve it of letters; such text names nobody. */
function isMasked(address: string): boolean {
  return /\.\.\.@|^[.*x]+@|\*|@(?:xxx+|\.\.\.)/i.test(address);
}

function addressOf(phrase: string, comment: string, address: string): Address {
  const name = nameOf(phrase) ?? nameOf(comment);
  if (address === '') return { name, address: null, canonical: null };
  const written = decodeWords(address).replace(/^'(.*)'$/, '$1');
  let spelt = written;
  if (written.length <= longestAddress) for (const veil of veils) spelt = spelt.replace(veil, '$1@$2');
  return { name, address: written, canonical: isMasked(spelt) ? null : canonicalOf(spelt) };
}

function nameOf(raw: string): string | null {
  const unquoted = raw.includes('"')
    ? raw.replace(/"((?:[^"\\]|\\.)*)"?/gs, (_, inside: string) => inside.replace(/\\(.)/gs, '$1'))
    : raw;
  const name = decodeWords(unquoted).replace(/\s+/g, ' ').trim();
  return name === '' ? null : name;
}

/** Canonical forms already made: a mailbox holds the same few thousand addresses again and again. */
const canonicals = new Map<string, string | null>();
const maxCanonicals = 20_000;

function canonicalOf(address: string): string | null {
  if (address.length > longestAddress) return null;
  const known = canonicals.get(address);
  if (known !== undefined) return known;
  const canonical = canonicalEmail(address);
  if (canonicals.size >= maxCanonicals) canonicals.clear();
  canonicals.set(address, canonical);
  return canonical;
}
