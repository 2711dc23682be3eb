import { canonicalEmail } from '../evidence/selectors.ts';
import { findHandles, findMessengers } from './given/handles.ts';
import { type Candidate, findMailAddresses } from './given/mail-addresses.ts';
import { findPhoneNumbers } from './given/phone-numbers.ts';
import { type Reading, rawOf, readText, touches } from './given/reading.ts';
import { cuePattern, dotWords, knownEndings, lookAlikes, thirdPerson } from './given/words.ts';

/** How a selector was written, the most telling way first; a hand-off may also be silent. */
export const givenStyles = [
  'two messages',
  'look-alike letters',
  'spelled out',
  'spaced',
  'bracketed',
  'plain',
] as const;
export type GivenStyle = (typeof givenStyles)[number];

/** A selector that somebody gives in a message. */
export interface GivenSelector {
  readonly kind: Candidate['kind'];
  /** Messenger or service where the text names one. */
  readonly service: string | null;
  /** As written; parts of several messages are divided by a line feed. */
  readonly raw: string;
  /** Place of `raw` in the text, in characters. */
  readonly index: number;
  /** Canonical form of what is written (src/evidence/selectors.ts). */
  readonly canonical: string;
  /**
   * The canonical form with letters of other scripts read as the Latin ones they are drawn like; equal to
   * `canonical` where there are none. For comparing only.
   */
  readonly key: string;
  readonly style: GivenStyle;
  /** contact: offered as a way to reach the writer. mention: it stands there, and no more is known. */
  readonly meant: 'contact' | 'mention';
}

/** Names that are asked for; a set, or what answers like one. */
export type KnownHandles = Pick<ReadonlySet<string>, 'has' | 'size'>;

export interface FindOptions {
  /** Canonical handles of accounts on other services; their names are found without words that offer them. */
  readonly knownHandles?: KnownHandles;
  /** Canonical addresses that are no news: those in the message's own header. */
  readonly expected?: ReadonlySet<string>;
}

/** Text longer than this is searched only so far. */
export const maxSearchedLetters = 200_000;
/** Letters at the end of one message and the beginning of the next that may hold the halves of a selector. */
const maxHalf = 160;

const none: ReadonlySet<string> = new Set();

/**
 * Selectors that a message gives to its reader: mail addresses, messenger ids, handles, phone numbers and
 * links to an account, plain or written so that no filter should see them. Quotes, signatures, header lines
 * and other links are passed over. In order of place; of two that share letters the longer stands. Never throws;
 * time is linear in the text.
 */
export function findGivenSelectors(text: string, options: FindOptions = {}): GivenSelector[] {
  const raw = text.length > maxSearchedLetters ? text.slice(0, maxSearchedLetters) : text;
  const handles = options.knownHandles ?? none;
  const hinted = hint.test(raw) || shouted.test(raw);
  const named = mixed.test(raw)
    ? handles.size > 0 || cuePattern.test(raw)
    : handles.size > 0 && cuePattern.test(raw);
  if (!hinted && !named) return [];
  const reading = readText(withoutQuotes(raw));
  const candidates = [
    ...(hinted ? findMailAddresses(reading) : []),
    ...(hinted ? findMessengers(reading) : []),
    ...(hinted ? findPhoneNumbers(reading) : []),
    ...(named || hinted ? findHandles(reading, handles) : []),
  ];
  return apart(candidates)
    .map((candidate) => givenOf(candidate, reading, null))
    .filter((given) => !options.expected?.has(given.canonical));
}

/**
 * Selectors whose parts stand in consecutive messages of one sender: what only their joined text holds.
 * `texts` are in order of time, at most a few. `parts` says how many of the messages, from the first one that
 * holds a part, the selector runs over.
 */
export function findSplitSelectors(
  texts: readonly string[],
  options: FindOptions = {},
): { readonly given: GivenSelector; readonly first: number; readonly last: number }[] {
  if (texts.length < 2) return [];
  const parts = texts.map((text, index) => {
    const clean = withoutQuotes(
      text.length > maxSearchedLetters ? text.slice(0, maxSearchedLetters) : text,
    ).trim();
    const head = index === 0 ? clean.slice(-maxHalf) : clean.slice(0, maxHalf);
    return index === texts.length - 1
      ? head
      : head.replace(/[\s.…,;:!-]+$/u, (end) => (/^\.$/.test(end) ? end : ''));
  });
  const halved = parts.length === 2 ? danglingJoin(parts[0]!, texts[1]!) : null;
  if (halved === null && !parts.slice(0, -1).some((part, index) => mayGoOn(part, parts[index + 1]!)))
    return [];
  const found: { given: GivenSelector; first: number; last: number }[] = [];
  const alone = new Set(
    texts.flatMap((text) => findGivenSelectors(text, options).map((given) => given.canonical)),
  );
  if (halved !== null && !alone.has(halved.canonical) && !options.expected?.has(halved.canonical)) {
    return [{ given: halved, first: 0, last: 1 }];
  }
  for (const joint of [' ', '']) {
    // A full stop at the end of a part may belong to the address or to the sentence.
    for (const stop of [true, false]) {
      const pieces = parts.map((part, index) =>
        index === parts.length - 1 || stop ? part.replace(/\.$/, '') : part,
      );
      const starts: number[] = [];
      let joined = '';
      for (const piece of pieces) {
        if (joined !== '') joined += joint;
        starts.push(joined.length);
        joined += piece;
      }
      const reading = readText(joined);
      const candidates = [
        ...findMailAddresses(reading),
        ...findMessengers(reading),
        ...findPhoneNumbers(reading),
      ];
      for (const candidate of apart(candidates)) {
        const { index, text } = rawOf(reading, candidate.from, candidate.to);
        const first = lastAtMost(starts, index);
        const last = lastAtMost(starts, index + text.length - 1);
        if (first === last || alone.has(candidate.canonical)) continue;
        if (options.expected?.has(candidate.canonical)) continue;
        if (found.some(({ given }) => given.canonical === candidate.canonical)) continue;
        if (!isNewWhole(candidate, alone)) continue;
        const halves = pieces.slice(first, last + 1).map((piece, at) => {
          const from = Math.max(0, index - starts[first + at]!);
          return piece.slice(from, Math.max(from, index + text.length - starts[first + at]!));
        });
        const raw = halves.join('\n');
        const given: GivenSelector = {
          ...givenOf(candidate, reading, 'two messages'),
          raw,
          meant: 'contact',
        };
        found.push({ given, first, last });
      }
    }
  }
  return found;
}

/**
 * An address whose domain is the whole of the next message ("use name @ from now on", "site.example"): the
 * at-sign need not stand at the end.
 */
function danglingJoin(first: string, second: string): GivenSelector | null {
  const domain = second.trim();
  if (domain.length > 80 || domain.split(/\s+/).length > 7) return null;
  for (const match of first.matchAll(/[\p{L}\p{N}]\s{0,2}(?:[@＠]|[([{<]\s?(?:at|@)\s?[)\]}>])/gu)) {
    const end = match.index + match[0].length;
    const half = first.slice(Math.max(0, end - maxHalf), end);
    const reading = readText(`${half} ${domain.replace(/[.!]+$/, '')}`);
    const whole = findMailAddresses(reading).find(
      (each) =>
        each.to === reading.text.length &&
        knownEndings.has(each.canonical.slice(each.canonical.lastIndexOf('.') + 1)),
    );
    if (!whole || reading.text.length - whole.to > 0) continue;
    const { text, index } = rawOf(reading, whole.from, whole.to);
    if (index >= half.length || index + text.length <= half.length) continue;
    const raw = `${half.slice(index)}\n${domain}`;
    const given = givenOf(whole, reading, 'two messages');
    return { ...given, raw, index: end - half.length + index, meant: 'contact' };
  }
  return null;
}

/** Whether what was joined is no whole selector with words of the next message at its end; a domain ends as they do. */
function isNewWhole({ kind, canonical }: Candidate, alone: ReadonlySet<string>): boolean {
  if (kind === 'email' && !knownEndings.has(canonical.slice(canonical.lastIndexOf('.') + 1))) return false;
  return ![...alone].some((known) => canonical.endsWith(known) || canonical.startsWith(known));
}

/** Whether the end of one message and the beginning of the next could be the halves of a selector. */
function mayGoOn(end: string, begin: string): boolean {
  const tail = end.slice(-40);
  const head = begin.slice(0, 40);
  return (
    /[\p{L}\p{N}@)\]}>.+(-]$/u.test(tail) &&
    /[@＠.\d]|\p{L}/u.test(head) &&
    (/[@＠]|\d/.test(tail + head) || spokenSign.test(`${tail} ${head}`))
  );
}
const spokenSign =
  /(?<![\p{L}])(?:at|arobase|arroba|chiocciola|klammeraffe|apenstaartje|małpa|malpa|snabel-a|собака|dot|punkt|punt|point|punto|ponto|kropka|точка)(?![\p{L}])/iu;

function lastAtMost(starts: readonly number[], place: number): number {
  let found = 0;
  for (let i = 0; i < starts.length; i++) if (starts[i]! <= place) found = i;
  return found;
}

/** Letters with digits or an underscore among them, as handles have: a cheap look before the search. */
const mixed = /[a-z\u00c0-\u052f]\d|\d[a-z]|\w_\w/i;
/** Letters and words without which there is no address, id or number to find: a cheap look before the search. */
const hint =
  /[@＠﹫]|\+\s?\d|\d(?:[ ()/.-]{0,2}\d){6}|(?:[([{<|*]\s{0,2}(?:a|at|ät)\s{0,2}[)\]}>|*])|(?:dot|punkt|punt|point|punto|ponto|kropka|prick|piste|te[čc]ka|nokta|точка|тчк|крапка|ドット|نقطة)[\s_~)\]}-]|t\.me|discord|telegram|\bkik\b|wickr|skype|signal|threema|session|\btox\b|matrix|element|jabber|xmpp|\bicq\b|snap|insta|viber|whatsapp|wa\.me|\S \S \S \S \S|zero|\boh\b|\bnull?\b|zéro|cero|ноль/i;
const shouted = /[a-z0-9]AT[a-z0-9]/;

/**
 * The same cheap look for the lake's engine (RE2 over the text in lower case): a message that it does not match, and
 * that stands beside none that does, is not read. Few classes and no folding, so that it runs at the speed of
 * reading. What it misses, a name of letters alone after a word that offers it, `offeredWord` is for.
 */
export const searchHint = [
  '[@＠﹫0-9_]',
  '[(\\[{<|*] ?(?:a|at|ät) ?[)\\]}>|*]',
  `(?:${dotWords.join('|')})[\\s_~)\\]}-]`,
  't\\.me|discord|telegram|kik|wickr|skype|signal|threema|session|matrix|element|jabber|xmpp|icq|snapchat|insta|viber|whatsapp',
  '[^\\s] [^\\s] [^\\s] [^\\s] [^\\s]',
  'zero|null|zéro|cero|ноль',
  '^\\s*[.]?[a-z0-9.-]+[.][a-z]{2,10}\\s*$',
  '[\\x{ad}\\x{200b}-\\x{200f}\\x{2060}-\\x{2064}\\x{3000}\\x{ff01}-\\x{ff5e}\\x{24b6}-\\x{24e9}\\x{1d400}-\\x{1d7ff}\\x{1f130}-\\x{1f169}]',
].join('|');

/** For the lake's engine: words of six letters or more right after one that offers, as `findHandles` wants them. */
export const offeredWord = [
  '(?:(?:^|\\s)(?:at|on|under|as|via|by|to|is|me|use|using|an|auf|unter|als|über|ist|à|sous|sur|comme|a|en|bajo|como|es|em|por|op|onder|naar|na|pod|jako|на|под|как|по|è|su|come|på|som|under) |[:=]\\s?|[\\x{3040}-\\x{30ff}\\x{4e00}-\\x{9fff}\\x{600}-\\x{6ff}]\\s?)',
  '["\'«„“(@]?([a-z\\x{c0}-\\x{24f}\\x{370}-\\x{52f}][a-z\\x{c0}-\\x{24f}\\x{370}-\\x{52f}.-]{4,30}[a-z\\x{c0}-\\x{24f}\\x{370}-\\x{52f}])',
].join('');

/** Of candidates that share letters the longest stands; of equals the one found first. */
function apart(candidates: readonly Candidate[]): Candidate[] {
  const order = candidates.map((candidate, rank) => ({ candidate, rank }));
  order.sort(
    (x, y) => x.candidate.from - y.candidate.from || y.candidate.to - x.candidate.to || x.rank - y.rank,
  );
  const kept: Candidate[] = [];
  for (const { candidate } of order) {
    const last = kept.at(-1);
    if (last === undefined || candidate.from >= last.to) kept.push(candidate);
    else if (candidate.to - candidate.from > last.to - last.from) kept[kept.length - 1] = candidate;
  }
  return kept;
}

function givenOf(candidate: Candidate, reading: Reading, style: GivenStyle | null): GivenSelector {
  const { from, to, kind, service, canonical } = candidate;
  const raw = rawOf(reading, from, to);
  const key = keyOf(candidate);
  const written = style ?? styleOf(candidate, reading, key !== canonical);
  const { text } = reading;
  const before = text.slice(Math.max(0, from - 100), from);
  const after = text.slice(to, to + 60);
  const sentence = before.slice(Math.max(0, before.search(/[.!?\n](?=\s)[^.!?\n]*$/)));
  const others = thirdPerson.test(sentence);
  const alone =
    text.length < 200 &&
    text
      .replace(/[^\s]+/g, 'w')
      .trim()
      .split(/\s+/).length <= 6;
  const hidden = written !== 'plain';
  const offered =
    !others && (candidate.offered || hidden || cuePattern.test(sentence) || cuePattern.test(after) || alone);
  return {
    kind,
    service,
    raw: raw.text,
    index: raw.index,
    canonical,
    key,
    style: written,
    meant: offered ? 'contact' : 'mention',
  };
}

function styleOf(candidate: Candidate, reading: Reading, lookAlike: boolean): GivenStyle {
  const { from, to, means } = candidate;
  if (lookAlike || touches(reading.folded, from, to)) return 'look-alike letters';
  if (means.includes('word')) return 'spelled out';
  if (touches(reading.joined, from, to)) return 'spaced';
  if (means.includes('bracketed')) return 'bracketed';
  return means.includes('padded') ? 'spaced' : 'plain';
}

/** Letters drawn like Latin ones as these, where Latin letters stand beside them or nothing else does. */
function keyOf({ kind, value, canonical, service }: Candidate): string {
  if (!/[^\x00-\x7f]/.test(value)) return canonical;
  const latin = Array.from(value.normalize('NFKC'), (letter) => lookAlikes.get(letter) ?? letter).join('');
  if (/[^\x00-\x7f]/.test(latin)) return canonical;
  if (kind === 'email') return canonicalEmail(latin) ?? canonical;
  if (kind === 'handle') return latin.replace(/^@/, '').toLowerCase();
  return kind === 'messenger' ? `${service}:${latin.replace(/^@/, '').toLowerCase()}` : canonical;
}

/**
 * The text with spaces in place of what its writer did not write to give: quoted lines and quotes, header lines of
 * a forwarded mail, what follows a signature's mark, and web addresses that lead to no account.
 */
function withoutQuotes(text: string): string {
  let out = text;
  const blank = (part: string) => part.replace(/[^\n]/g, ' ');
  if (/^[ \t]*\w{0,4}[>|]/m.test(out)) out = out.replace(/^[ \t]*\w{0,4}[>|].*$/gm, blank);
  if (out.includes('[quote')) out = withoutBlocks(out, '[quote', '[/quote]');
  if (/\n-- ?\r?\n/.test(out)) {
    const at = out.search(/\n-- ?\r?\n/);
    out = out.slice(0, at) + blank(out.slice(at));
  }
  if (headerLine.test(out)) out = out.replace(headerLines, blank);
  if (/:\/\/|www\./i.test(out)) {
    out = out.replace(/\b(?:h(?:tt|xx)ps?:\/\/|ftp:\/\/|www\.)[^\s<>"'\]]{3,500}/gi, (link) =>
      accountLink.test(link) ? link : blank(link),
    );
  }
  return out;
}
const accountLink =
  /^(?:h(?:tt|xx)ps?:\/\/)?(?:www\.)?(?:t\.me|telegram\.me|wa\.me|instagram\.com|snapchat\.com|kik\.me|threema\.id|matrix\.to|discord(?:app)?\.(?:gg|com)|chat\.whatsapp\.com|signal\.(?:me|group)|join\.skype\.com|m\.me|facebook\.com|vk\.com)\//i;
const headerNames =
  'from|to|cc|bcc|reply-to|sender|return-path|message-id|in-reply-to|references|list-[a-z]+|delivered-to|von|an|de|à|para|van|aan|da|a|od|do|от|кому|mailing list|unsubscribe';
const headerLine = new RegExp(`^[ \\t]*(?:${headerNames}) ?:.*@|wrote:|schrieb|a écrit|unsubscribe`, 'im');
const headerLines = new RegExp(
  `^[ \\t]*(?:${headerNames}) ?:.*@.*$|^.{0,200}(?:wrote:|schrieb.{0,60}:|a écrit ?:|escribió:|schreef.{0,60}:|пиш[её]т:)[ \\t]*$|^.*(?:unsubscribe|mailing list).*$`,
  'gim',
);

function withoutBlocks(text: string, open: string, close: string): string {
  let out = '';
  let at = 0;
  for (;;) {
    const from = text.indexOf(open, at);
    if (from < 0) return out + text.slice(at);
    let depth = 1;
    let to = from + open.length;
    while (depth > 0) {
      const end = text.indexOf(close, to);
      if (end < 0) {
        to = text.length;
        break;
      }
      for (let next = text.indexOf(open, to); next >= 0 && next < end; next = text.indexOf(open, next + 1))
        depth++;
      depth--;
      to = end + close.length;
    }
    out += text.slice(at, from) + text.slice(from, to).replace(/[^\n]/g, ' ');
    at = to;
  }
}
