import { canonicalEmail } from '../../evidence/selectors.ts';
import type { Reading } from './reading.ts';
import { atWords, commonWords, cuePattern, determiner, dotWords, knownEndings } from './words.ts';

/** What of a selector was written otherwise than its canonical form. */
export type Means = 'bracketed' | 'word' | 'padded';

/** A selector in a reading: `[from, to)` of its text. */
export interface Candidate {
  readonly kind: 'email' | 'phone' | 'messenger' | 'handle' | 'url';
  readonly from: number;
  readonly to: number;
  /** As its owner would write it, before canonical form. */
  readonly value: string;
  readonly canonical: string;
  /** Messenger or service, where one is named. */
  readonly service: string | null;
  readonly means: readonly Means[];
  /** Whether only an offering explains it (a labelled id, an obfuscated address). */
  readonly offered: boolean;
}

const any = (words: readonly string[]) => words.join('|');
const opened = '[([{<|*]';
const closed = '[)\\]}>|*]';
const atPattern = new RegExp(
  [
    '(?<symbol>@)',
    `(?<bracketed>${opened} {0,2}(?:@|a|${any(atWords)}) {0,2}${closed})`,
    `(?<=[\\p{L}\\p{N}](?:[ \\t\\n]{1,2}|[_~-]{1,2}))(?<word>${any(atWords)})(?=(?:[ \\t\\n]{1,2}|[_~-]{1,2})[\\p{L}\\p{N}])`,
  ].join('|'),
  'giu',
);
/** `noahATmailboxDOTexample` */
const shouted =
  /(?<![\p{L}\p{N}])([a-z0-9][a-z0-9._-]{1,40})AT([a-z0-9][a-z0-9-]{1,40})(?:DOT|\.)([a-z]{2,10})(?![\p{L}\p{N}])/gu;

const letter =
  'A-Za-z0-9\\u00c0-\\u024f\\u0250-\\u02af\\u0370-\\u03ff\\u0400-\\u052f\\u0531-\\u0587\\u2145-\\u2149\\u212e';
const spokenDot = `(?:\\s{1,2}|[_~-])(?:${any(dotWords)})(?:\\s{1,2}|[_~-])`;
const bracketedDot = ` {0,2}${opened} {0,2}(?:[.]|${any(dotWords)}) {0,2}${closed} {0,2}`;
const localEnd = new RegExp(`[${letter}][${letter}._%+'-]{0,63}$`, 'u');
const localDot = new RegExp(`(?:(?<spoken>${spokenDot})|(?<bracketed>${bracketedDot}))$`, 'iu');
const label = new RegExp(`[${letter}](?:[${letter}-]{0,61}[${letter}])?`, 'uy');
const separator = new RegExp(
  `(?<spoken>${spokenDot})|(?<bracketed>${bracketedDot})|(?<plain>\\s{0,2}[.。．]\\s{0,2})`,
  'iuy',
);

/** Letters before and after an at-sign that may be part of an address. */
const maxReach = 160;
const maxLabels = 8;

interface Side {
  readonly value: string;
  /** Place where it begins (local part) or ends (domain). */
  readonly edge: number;
  readonly means: readonly Means[];
}

/** Mail addresses, however written. Bounded work for each at-sign: linear in the text. */
export function findMailAddresses(reading: Reading): Candidate[] {
  const { text } = reading;
  const found: Candidate[] = [];
  let after = 0;
  for (const match of text.matchAll(atPattern)) {
    const { bracketed, word } = match.groups!;
    const begin = match.index;
    const end = begin + match[0].length;
    if (begin < after) continue;
    const local = localBefore(text, begin, after);
    if (local === null) continue;
    const spoken = word !== undefined;
    const domain = domainAfter(text, end, spoken || bracketed !== undefined);
    if (domain === null) continue;
    const means = new Set<Means>([...local.means, ...domain.means]);
    if (bracketed !== undefined) means.add('bracketed');
    if (spoken) means.add('word');
    // "an address @site.org": a space on one side of the sign only is more often prose.
    const lopsided = !spoken && local.means.includes('padded') && /[^\s]/.test(text[end] ?? '');
    if ((spoken || lopsided) && !isMeantAsAddress(text, local, domain)) continue;
    const value = `${local.value}@${domain.value}`;
    const canonical = canonicalEmail(value);
    if (canonical === null) continue;
    const unusual = means.has('word') || means.has('bracketed');
    found.push({
      kind: 'email',
      from: local.edge,
      to: domain.edge,
      value,
      canonical,
      service: null,
      means: [...means].sort(),
      offered: unusual,
    });
    after = domain.edge;
  }
  return found.length > 0 || !text.includes('AT') ? found : findShouted(text);
}

function findShouted(text: string): Candidate[] {
  const found: Candidate[] = [];
  for (const match of text.matchAll(shouted)) {
    const [whole, local, host, ending] = match as unknown as [string, string, string, string];
    const value = `${local}@${host}.${ending}`;
    const canonical = canonicalEmail(value);
    if (canonical === null || !knownEndings.has(ending)) continue;
    const [from, to] = [match.index, match.index + whole.length];
    found.push({ kind: 'email', from, to, value, canonical, service: null, means: ['word'], offered: true });
  }
  return found;
}

function localBefore(text: string, at: number, floor: number): Side | null {
  let edge = at;
  const means: Means[] = [];
  while (edge > floor && at - edge < 3 && /[\s_~-]/.test(text[edge - 1]!)) edge--;
  if (edge < at) means.push('padded');
  const limit = Math.max(floor, at - maxReach);
  let value = '';
  for (let parts = 0; parts < 6; parts++) {
    const part = localEnd.exec(text.slice(Math.max(limit, edge - 64), edge))?.[0].replace(/^[.'%+-]+/, '');
    if (!part) break;
    value = part + value;
    edge -= part.length;
    const dot = localDot.exec(text.slice(Math.max(limit, edge - 16), edge));
    if (!dot) break;
    const before = text.slice(limit, edge - dot[0].length);
    if (!localEnd.test(before.slice(-1))) break;
    means.push(dot.groups!.spoken === undefined ? 'bracketed' : 'word');
    value = `.${value}`;
    edge -= dot[0].length;
  }
  if (value.startsWith('.') || value === '' || /\.\.|[.'%+-]$/.test(value)) return null;
  return { value, edge, means };
}

/** `careful`: the at-sign was not written as one, so that the domain must end in a known way. */
function domainAfter(text: string, from: number, careful: boolean): Side | null {
  const means: Means[] = [];
  let at = from;
  while (at - from < 3 && /[\s_~-]/.test(text[at] ?? '')) at++;
  if (at > from) means.push('padded');
  const labels: string[] = [];
  const edges: { readonly edge: number; readonly means: number }[] = [];
  let joint: Means[] = [];
  while (labels.length < maxLabels && at - from < maxReach) {
    label.lastIndex = at;
    const part = label.exec(text)?.[0];
    if (part === undefined) break;
    labels.push(part);
    means.push(...joint);
    const edge = at + part.length;
    edges.push({ edge, means: means.length });
    separator.lastIndex = edge;
    const sign = separator.exec(text);
    if (!sign) break;
    if (sign.groups!.plain !== undefined && !joins(sign[0], labels, text, edge + sign[0].length)) break;
    joint = kindOf(sign);
    at = edge + sign[0].length;
  }
  // What follows the address may look like more of it: the longest part that ends as domains do stands.
  for (; labels.length >= 2; labels.pop(), edges.pop()) {
    const last = edges.at(-1)!;
    const ending = labels.at(-1)!.toLowerCase();
    const plain = last.means === 0 && !careful;
    if (!/^\p{L}{2,24}$|^xn--/u.test(ending) || (!plain && !knownEndings.has(ending))) continue;
    return { value: labels.join('.'), edge: last.edge, means: means.slice(0, last.means) };
  }
  return null;
}

function kindOf(sign: RegExpExecArray): Means[] {
  if (sign.groups!.spoken !== undefined) return ['word'];
  if (sign.groups!.bracketed !== undefined) return ['bracketed'];
  return sign[0].length > 1 ? ['padded'] : [];
}

/** Whether a full stop stands inside the domain rather than at the end of the sentence. */
function joins(sign: string, labels: readonly string[], text: string, next: number): boolean {
  if (sign.length === 1) {
    const ended = labels.length > 1 && knownEndings.has(labels.at(-1)!.toLowerCase());
    return !(ended && /\p{Lu}/u.test(text[next] ?? ''));
  }
  if (/^\s.*\s$/s.test(sign)) return true;
  const rest = /^[\p{L}]{2,10}(?![\p{L}\p{N}-])/u.exec(text.slice(next, next + 12))?.[0];
  return labels.length === 1 && rest !== undefined && rest === rest.toLowerCase() && knownEndings.has(rest);
}

/** Whether "x at y dot z" is an address and no place in a sentence ("look at shop dot com"). */
function isMeantAsAddress(text: string, local: Side, domain: Side): boolean {
  const name = local.value.toLowerCase();
  const shaped = /[\p{L}][\p{L}._+-]*\d|\d[\p{L}]|[._+]|_/u.test(name);
  const before = text.slice(Math.max(0, local.edge - 90), local.edge);
  if (!/\p{L}/u.test(name)) return false;
  if (shaped && name.length >= 3) return true;
  if (commonWords.has(name) || name.length < 2) return false;
  if (determiner.test(before.trimEnd()) && !/(?:m[ei]|nos|ci)\s+a\s*$/iu.test(before)) return false;
  const sentence = before.slice(Math.max(0, before.search(/[.!?\n][^.!?\n]*$/)));
  const words = text.split(/\s+/, 12).length;
  if (/(?:ing|ed)$/.test(name) && !/[:=]\s*$/.test(before)) return false;
  return (
    cuePattern.test(sentence) || /[:=]\s*$/.test(before) || (words <= 8 && domain.means.includes('word'))
  );
}
