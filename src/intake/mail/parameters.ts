import { decodeCharset } from './charsets.ts';
import { decodeWords } from './words.ts';

/** A field such as Content-Type or Content-Disposition: a value and its parameters (RFC 2045, RFC 2231). */
export interface Parameterised {
  /** Lower case, without parameters; '' when the field is empty. */
  readonly value: string;
  /** Decoded parameters by lower-case name. */
  readonly parameters: ReadonlyMap<string, string>;
}

const maxParameters = 100;
/** Characters of a field that are looked at. */
const longestField = 16_384;

/** Reads a parameterised field; `field` is unfolded, one character a byte. Never throws. */
export function parseParameters(field: string): Parameterised {
  const text = field.slice(0, longestField);
  const parameters = new Map<string, string>();
  const stop = text.indexOf(';');
  const value = (stop < 0 ? text : text.slice(0, stop))
    .replace(/\([^()]*\)/g, '')
    .trim()
    .toLowerCase();
  if (stop < 0) return { value, parameters };
  const raw = new Map<string, string>();
  let at = stop + 1;
  while (at < text.length && raw.size < maxParameters) {
    const equals = text.indexOf('=', at);
    if (equals < 0) break;
    const semicolon = text.indexOf(';', at);
    if (semicolon >= 0 && semicolon < equals) {
      at = semicolon + 1;
      continue;
    }
    const name = text
      .slice(at, equals)
      .replace(/\([^()]*\)/g, '')
      .trim()
      .toLowerCase();
    const read = readValue(text, equals + 1);
    if (name !== '' && !raw.has(name)) raw.set(name, read.value);
    at = read.next;
  }
  for (const [name, each] of raw) if (!name.includes('*')) parameters.set(name, decodeWords(each));
  joinExtended(raw, parameters);
  return { value, parameters };
}

/** A token or quoted string from `from`; `next` is behind the semicolon that ends it. */
function readValue(text: string, from: number): { value: string; next: number } {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  if (text[at] !== '"') {
    const semicolon = text.indexOf(';', at);
    const next = semicolon < 0 ? text.length : semicolon;
    return { value: withoutComment(text.slice(at, next).trim()), next: next + 1 };
  }
  let value = '';
  let i = at + 1;
  for (; i < text.length && text[i] !== '"'; i++) {
    // Windows paths are sent with single backslashes; only quotes and backslashes are taken as escaped.
    if (text[i] === '\\' && (text[i + 1] === '"' || text[i + 1] === '\\')) i++;
    value += text[i];
  }
  const semicolon = text.indexOf(';', i);
  return { value, next: (semicolon < 0 ? text.length : semicolon) + 1 };
}

/** A token without the comment that may follow it. */
function withoutComment(token: string): string {
  const open = token.endsWith(')') ? token.lastIndexOf('(') : -1;
  return open > 0 ? token.slice(0, open).trimEnd() : token;
}

/** RFC 2231: `name*=charset'lang'text` and `name*0*=...; name*1=...`. */
function joinExtended(raw: ReadonlyMap<string, string>, parameters: Map<string, string>): void {
  const names = new Set<string>();
  for (const name of raw.keys()) if (name.includes('*')) names.add(name.slice(0, name.indexOf('*')));
  for (const name of names) {
    const pieces: Buffer[] = [];
    let charset: string | null = null;
    const first = raw.has(`${name}*`) ? `${name}*` : raw.has(`${name}*0*`) ? `${name}*0*` : `${name}*0`;
    for (let index = 0; index < maxParameters; index++) {
      const key =
        index === 0 ? first : raw.has(`${name}*${index}*`) ? `${name}*${index}*` : `${name}*${index}`;
      let value = raw.get(key);
      if (value === undefined) break;
      if (key.endsWith('*')) {
        if (index === 0) {
          const stated = /^([^']*)'[^']*'(.*)$/s.exec(value);
          if (stated) {
            charset = stated[1]!;
            value = stated[2]!;
          }
        }
        value = value.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        );
      }
      pieces.push(Buffer.from(value, 'latin1'));
    }
    if (pieces.length === 0) continue;
    const joined = Buffer.concat(pieces);
    // The extended form is the fuller one where both are given (RFC 5987 section 4.2 says the same for HTTP).
    parameters.set(
      name,
      charset === null ? decodeWords(joined.toString('latin1')) : decodeCharset(joined, charset).text,
    );
  }
}
