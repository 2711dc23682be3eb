import { decodeLoosely } from '../../evidence/columns.ts';

/** A start, end or empty-element tag. */
export interface Tag {
  readonly kind: 'start' | 'end' | 'empty';
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Place behind its '>'. */
  readonly end: number;
  /** What could not be taken as it stands, in words; null when nothing. */
  readonly trouble: string | null;
}

/** Bytes of a name beyond which it is damage. */
const maxNameBytes = 1024;
const maxAttributes = 1000;

const slash = 47;
const equals = 61;
const greater = 62;
const noAttributes: ReadonlyMap<string, string> = new Map();

/** 1 where a byte may begin a name, 2 where it may only go on in one (XML 1.0 section 2.3, beyond ASCII any). */
const nameBytes = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 128 || /[A-Za-z_:]/.test(String.fromCharCode(byte))) return 1;
  return /[-.0-9]/.test(String.fromCharCode(byte)) ? 2 : 0;
});

/** The name that begins at a place, or null when none does. */
export function nameAt(bytes: Buffer, at: number, size: number): string | null {
  const end = nameEnd(bytes, at, size);
  return end === at ? null : bytes.toString('utf8', at, end);
}

function nameEnd(bytes: Uint8Array, at: number, size: number): number {
  if (at >= size || nameBytes[bytes[at]!] !== 1) return at;
  let end = at + 1;
  while (end < size && nameBytes[bytes[end]!] !== 0) end++;
  return end;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}

function pastSpace(bytes: Uint8Array, at: number, size: number): number {
  let next = at;
  while (next < size && isSpace(bytes[next])) next++;
  return next;
}

/** Reads the tag whose '<' stands at `at`. 'more' when it goes on beyond `size`. */
export function readTag(bytes: Buffer, at: number, size: number): Tag | 'more' | 'damaged' {
  const ends = bytes[at + 1] === slash && at + 1 < size;
  const from = ends ? at + 2 : at + 1;
  let next = nameEnd(bytes, from, size);
  if (next >= size) return next - from > maxNameBytes ? 'damaged' : 'more';
  if (next === from || next - from > maxNameBytes) return 'damaged';
  const name = bytes.toString('utf8', from, next);
  let attributes: Map<string, string> | null = null;
  let trouble: string | null = null;
  for (;;) {
    const spaced = pastSpace(bytes, next, size);
    if (spaced >= size) return 'more';
    const byte = bytes[spaced]!;
    if (byte === greater) {
      return {
        kind: ends ? 'end' : 'start',
        name,
        attributes: attributes ?? noAttributes,
        end: spaced + 1,
        trouble,
      };
    }
    if (byte === slash && !ends) {
      if (spaced + 1 >= size) return 'more';
      if (bytes[spaced + 1] !== greater) return 'damaged';
      return { kind: 'empty', name, attributes: attributes ?? noAttributes, end: spaced + 2, trouble };
    }
    if (ends || spaced === next) return 'damaged';
    const attribute = readAttribute(bytes, spaced, size);
    if (typeof attribute === 'string') return attribute;
    attributes ??= new Map();
    if (attributes.has(attribute.name)) trouble = 'an attribute is given twice; the first is taken';
    else if (attributes.size === maxAttributes) trouble = 'there are more attributes than are kept';
    else attributes.set(attribute.name, attribute.value);
    if (attribute.unresolved) trouble = 'an entity that XML does not define is kept as written';
    next = attribute.end;
  }
}

interface Attribute {
  readonly name: string;
  readonly value: string;
  readonly end: number;
  readonly unresolved: boolean;
}

function readAttribute(bytes: Buffer, at: number, size: number): Attribute | 'more' | 'damaged' {
  const nameStop = nameEnd(bytes, at, size);
  if (nameStop === at || nameStop - at > maxNameBytes) return 'damaged';
  let next = pastSpace(bytes, nameStop, size);
  if (next >= size) return 'more';
  if (bytes[next] !== equals) return 'damaged';
  next = pastSpace(bytes, next + 1, size);
  if (next >= size) return 'more';
  const quote = bytes[next]!;
  if (quote !== 34 && quote !== 39) return 'damaged';
  for (let i = next + 1; i < size; i++) {
    const byte = bytes[i]!;
    if (byte === 60) return 'damaged';
    if (byte !== quote) continue;
    // White space in a value is a blank each (XML 1.0 section 3.3.3).
    const written = decodeLoosely(bytes.subarray(next + 1, i)).replace(/[\t\r\n]/g, ' ');
    const { text, unresolved } = expandEntities(written);
    return { name: bytes.toString('utf8', at, nameStop), value: text, end: i + 1, unresolved };
  }
  return 'more';
}

const predefined: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', apos: "'", quot: '"' };

/**
 * Resolves the five predefined entities and references to characters that XML allows (section 2.2); all
 * others stay as written. Line ends become line feeds (section 2.11). What an entity gives is never looked at
 * again.
 */
export function expandEntities(written: string): { text: string; unresolved: boolean } {
  const lines = written.includes('\r') ? written.replace(/\r\n?/g, '\n') : written;
  if (!lines.includes('&')) return { text: lines, unresolved: false };
  let unresolved = false;
  const text = lines.replace(
    /&(?:#(\d{1,8})|#x([0-9a-fA-F]{1,8})|([A-Za-z]{2,4}));|&/g,
    (all, decimal, hex, name) => {
      const code =
        decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : null;
      const value =
        code !== null ? characterOf(code) : name !== undefined ? (predefined[name] ?? null) : null;
      if (value === null) unresolved = true;
      return value ?? all;
    },
  );
  return { text, unresolved };
}

function characterOf(code: number): string | null {
  const allowed =
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 32 && code < 0xd800) ||
    (code >= 0xe000 && code < 0xfffe) ||
    (code >= 0x10000 && code <= 0x10ffff);
  return allowed ? String.fromCodePoint(code) : null;
}
