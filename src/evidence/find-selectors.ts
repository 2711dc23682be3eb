import { canonicalSelector, type SelectorKind } from './selectors.ts';

/** A selector written in running text, with its place in characters. */
export interface FoundSelector {
  readonly kind: SelectorKind;
  readonly raw: string;
  readonly canonical: string;
  readonly index: number;
}

/**
 * Messengers and services whose ids people write as "<name>: <id>". The id's form is the service's own where
 * it is fixed, else a handle.
 */
export const messengers: readonly {
  readonly service: string;
  readonly names: readonly string[];
  readonly id: RegExp;
}[] = [
  { service: 'threema', names: ['threema id', 'threema'], id: /^@?([\p{L}\p{N}_.-]{3,32})/u },
  { service: 'telegram', names: ['telegram', 'tg'], id: /^@?([a-z0-9_]{4,32})/iu },
  { service: 'kik', names: ['kik'], id: /^@?([a-z0-9_.]{2,30})/iu },
  { service: 'wickr', names: ['wickr me', 'wickr'], id: /^@?([\p{L}\p{N}_.-]{3,32})/u },
  { service: 'skype', names: ['skype'], id: /^@?((?:live:)?[a-z0-9_.,-]{4,40})/iu },
  { service: 'discord', names: ['discord'], id: /^@?([\p{L}\p{N}_.]{2,32}(?:#\d{4})?)/u },
  { service: 'signal', names: ['signal'], id: /^@?([\p{L}\p{N}_]{3,32}\.\d{2,9})/u },
  { service: 'session', names: ['session id'], id: /^(05[0-9a-f]{64})/iu },
  { service: 'tox', names: ['tox id', 'tox'], id: /^([0-9a-f]{76})/iu },
  { service: 'matrix', names: ['matrix', 'element'], id: /^(@[a-z0-9._=/-]+:[a-z0-9.-]+)/iu },
  { service: 'jabber', names: ['jabber', 'xmpp'], id: /^([^\s@<>"]{1,64}@[a-z0-9.-]{3,100})/iu },
  { service: 'icq', names: ['icq'], id: /^(?:uin\s*)?(\d[\d-]{4,11}\d)/iu },
  { service: 'snapchat', names: ['snapchat', 'snap'], id: /^@?([a-z][a-z0-9_.-]{2,14})/iu },
  { service: 'instagram', names: ['instagram', 'insta'], id: /^@?([a-z0-9_.]{2,30})/iu },
  { service: 'viber', names: ['viber'], id: /^(\+?\d[\d\s-]{6,16}\d)/u },
  { service: 'whatsapp', names: ['whatsapp'], id: /^(\+?\d[\d\s-]{6,16}\d)/u },
];

const byName = new Map(
  messengers.flatMap(({ service, names, id }) => names.map((name) => [name, { service, id }] as const)),
);
const namePattern = new RegExp(
  `(?<![\\p{L}\\p{N}])(${[...byName.keys()].sort((a, b) => b.length - a.length).join('|')})\\s*(?:[:=]|\\bis\\b|(?=@))\\s*`,
  'giu',
);
const localPartEnd = /[^\s@<>"'(),:;[\]\\]{1,64}$/u;
const mailDomain = /(?:[\p{L}\p{N}-]{1,63}\.){1,8}[\p{L}\p{N}-]{2,63}/uy;
const urlPattern = /\b(?:https?:\/\/|www\.)[^\s<>"'\]]{3,500}/giu;
/** With a country code, or a leading 0 as people write numbers within their country. */
const phonePattern = /(?<![\p{L}\p{N}.+-])(?:\+|0)\d(?:[ ()/.-]{0,2}\d){6,13}(?![\p{L}\p{N}])/gu;

/** Text longer than this is searched only so far; signatures and messages are shorter. */
const maxSearchedLetters = 200_000;

/**
 * Selectors written in text: mail addresses, links, phone numbers, and ids of messengers
 * that are named beside them. Ordered by place; a value inside another (a Jabber id is no mail address too)
 * is found once. What a text mentions need not be its author's own: the caller states the basis.
 */
export function findSelectors(text: string): FoundSelector[] {
  const searched = text.slice(0, maxSearchedLetters);
  const candidates: FoundSelector[] = [];
  const add = (kind: SelectorKind, raw: string, index: number, canonical: string | null) => {
    if (canonical !== null) candidates.push({ kind, raw, canonical, index });
  };
  for (const match of searched.matchAll(namePattern)) {
    const messenger = byName.get(match[1]!.toLowerCase().replace(/\s+/g, ' '))!;
    const from = match.index + match[0].length;
    const id = messenger.id.exec(searched.slice(from, from + 120));
    if (!id) continue;
    const raw = id[1]!.replace(/[.,-]+$/, '');
    const canonical = canonicalSelector('messenger', raw);
    add(
      'messenger',
      raw,
      from + id[0].indexOf(id[1]!),
      canonical === null ? null : `${messenger.service}:${canonical}`,
    );
  }
  for (const match of searched.matchAll(urlPattern)) {
    const raw = match[0].replace(/[.,;:!?)]+$/, '');
    add('url', raw, match.index, canonicalSelector('url', raw));
  }
  for (let at = searched.indexOf('@'); at >= 0; at = searched.indexOf('@', at + 1)) {
    const local = localPartEnd.exec(searched.slice(Math.max(0, at - 64), at))?.[0];
    mailDomain.lastIndex = at + 1;
    const domain = local && mailDomain.exec(searched)?.[0];
    if (domain)
      add('email', `${local}@${domain}`, at - local.length, canonicalSelector('email', `${local}@${domain}`));
  }
  for (const match of searched.matchAll(phonePattern))
    add('phone', match[0], match.index, canonicalSelector('phone', match[0]));
  return withoutOverlaps(candidates);
}

/** Of candidates that share letters the one found first by `findSelectors` stands: a labelled id before all others. */
function withoutOverlaps(candidates: readonly FoundSelector[]): FoundSelector[] {
  const order = candidates.map((candidate, rank) => ({ candidate, rank }));
  order.sort((a, b) => a.candidate.index - b.candidate.index || a.rank - b.rank);
  const kept: { candidate: FoundSelector; rank: number }[] = [];
  for (const next of order) {
    const last = kept.at(-1);
    const overlaps =
      last !== undefined && next.candidate.index < last.candidate.index + last.candidate.raw.length;
    if (!overlaps) kept.push(next);
    else if (next.rank < last.rank) kept[kept.length - 1] = next;
  }
  return kept.map(({ candidate }) => candidate);
}
