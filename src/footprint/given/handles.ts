import { messengers } from '../../evidence/find-selectors.ts';
import { canonicalSelector, canonicalUrl } from '../../evidence/selectors.ts';
import type { Candidate } from './mail-addresses.ts';
import type { Reading } from './reading.ts';
import { commonWords, cuePattern, dotWords, slashWords } from './words.ts';

const byName = new Map(messengers.flatMap((each) => each.names.map((name) => [name, each] as const)));
const names = [...byName.keys()].sort((a, b) => b.length - a.length).join('|');
/** Small words between a messenger's name and the id: "kik: x", "telegram is @x", "skype name = x". */
const between =
  '(?:[ ]?(?:[:=→>,-]|\\bis\\b|\\bist\\b|\\best\\b|\\bes\\b|\\bè\\b|\\bat\\b|\\bas\\b|\\bon\\b|\\bunder\\b|\\bals\\b|\\bid\\b|\\bname\\b|\\bnick\\b|\\buser(?:name)?\\b|\\bhandle\\b|\\bnumber\\b|\\bme\\b|\\bmy\\b|\\bunter\\b|\\bcomo\\b|\\bcomme\\b|\\bto\\b|\\badd\\b)){0,4}[ ]{0,2}';
const labelled = new RegExp(`(?<![\\p{L}\\p{N}/.@])(?:${names})(?![\\p{L}\\p{N}])(?:'s)?${between}`, 'giu');
/** "x on telegram", "@x at kik" */
const labelledAfter = new RegExp(
  `(?<![\\p{L}\\p{N}@/._-])(@?[\\p{L}\\p{N}][\\p{L}\\p{N}_.-]{2,31}(?:#\\d{4})?),? \\(?(?:on|at|in|auf|bei|op|sur|en|su|na|в) (${names})(?![\\p{L}\\p{N}])`,
  'giu',
);
/** Links that lead to one account or invite into one conversation. */
const inviteHosts: readonly (readonly [host: string, service: string | null, path: RegExp])[] = [
  ['t.me', 'telegram', /^\/([a-z0-9_]{4,32})\/?$/i],
  ['telegram.me', 'telegram', /^\/([a-z0-9_]{4,32})\/?$/i],
  ['wa.me', 'whatsapp', /^\/\+?(\d{7,15})\/?$/],
  ['instagram.com', 'instagram', /^\/([a-z0-9_.]{2,30})\/?$/i],
  ['snapchat.com', 'snapchat', /^\/add\/([a-z][a-z0-9_.-]{2,14})\/?$/i],
  ['kik.me', 'kik', /^\/([a-z0-9_.]{2,30})\/?$/i],
  ['threema.id', 'threema', /^\/([a-z0-9]{8})\/?$/i],
  ['matrix.to', 'matrix', /^\/#\/(@[^/?]+)$/i],
  ['discord.gg', null, /^\/[\w-]{2,}/],
  ['discord.com', null, /^\/(?:invite|users)\/[\w-]{2,}/],
  ['discordapp.com', null, /^\/(?:invite|users)\/[\w-]{2,}/],
  ['chat.whatsapp.com', null, /^\/[\w-]{8,}/],
  ['signal.me', null, /^\/#/],
  ['signal.group', null, /^\/#/],
  ['join.skype.com', null, /^\/[\w-]{4,}/],
  ['m.me', null, /^\/[\w.-]{3,}/],
  ['facebook.com', null, /^\/(?:profile\.php|messages\/|[\w.]{5,}\/?$)/],
  ['vk.com', null, /^\/[\w.]{3,}\/?$/],
];
const linkPattern = new RegExp(
  `(?<![\\p{L}\\p{N}@])(?:h(?:tt|xx)ps?:\\/\\/(?:www\\.)?)?((?:${inviteHosts.map(([host]) => host.replaceAll('.', '(?:\\.|\\[\\.\\]| (?:DOTS) )')).join('|')})(?:\\/| (?:SLASHES) )[^\\s<>"'\\]]{2,200})`
    .replaceAll('DOTS', dotWords.join('|'))
    .replaceAll('SLASHES', slashWords.join('|')),
  'giu',
);

/** A word that could be the name of an account: letters with digits or an underscore among them, and no measure. */
export function looksLikeHandle(word: string): boolean {
  const bare = word.replace(/^@/, '');
  if (bare.length < 5 || bare.length > 32 || commonWords.has(bare.toLowerCase())) return false;
  const letters = bare.match(/\p{L}/gu)?.length ?? 0;
  const digits = bare.match(/\d/g)?.length ?? 0;
  if (letters < 3 || /\.[a-z]{2,5}$/i.test(bare)) return false;
  if (/^[\p{Lu}]{1,5}[-_.]?\d+[\p{Lu}]?$|^\d+(?:[.,]\d+)?\p{L}{1,4}$|^[0-9a-f]{16,}$/u.test(bare))
    return false;
  if (/^(?:19|20)\d\d[a-z]{3,}$|^[a-z]{3,9}(?:19|20)\d\d$/i.test(bare) && letters > 12) return false;
  return digits > 0 || /\p{L}_\p{L}/u.test(bare);
}

/** Ids of messengers that are named beside them, and links that lead to an account. */
export function findMessengers(reading: Reading): Candidate[] {
  const { text } = reading;
  const found: Candidate[] = [];
  const add = (service: string, raw: string, from: number, length: number) => {
    const canonical = canonicalSelector('messenger', raw.replace(/^@(?!.*:)/, ''));
    if (canonical === null) return;
    const value = raw;
    const to = from + length;
    found.push({
      kind: 'messenger',
      from,
      to,
      value,
      canonical: `${service}:${canonical}`,
      service,
      means: [],
      offered: true,
    });
  };
  for (const match of text.matchAll(labelled)) {
    const from = match.index + match[0].length;
    const name = new RegExp(`^(?:${names})`, 'iu').exec(match[0])![0].toLowerCase().replace(/\s+/g, ' ');
    const { service, id } = byName.get(name)!;
    const rest = text.slice(from, from + 120).replace(/^["'«„“(]/, '');
    const skipped = text[from] !== undefined && rest[0] !== text[from] ? 1 : 0;
    const hit = id.exec(rest);
    if (!hit) continue;
    const raw = hit[1]!.replace(/[.,_-]+$/, '');
    const stated = /[:=]\s*["'«„“(]?$/.test(text.slice(match.index, from + skipped)) || rest.startsWith('@');
    if (isNoId(service, raw, stated, match[0])) continue;
    add(service, raw, from + skipped + hit[0].indexOf(hit[1]!), raw.length);
  }
  for (const match of text.matchAll(labelledAfter)) {
    const [, raw, name] = match as unknown as [string, string, string];
    const { service, id } = byName.get(name.toLowerCase())!;
    const hit = id.exec(raw);
    if (!hit || hit[0].length !== raw.length || !(looksLikeHandle(raw) || raw.startsWith('@'))) continue;
    add(service, hit[1]!, match.index + raw.indexOf(hit[1]!), hit[1]!.length);
  }
  return [...found, ...findLinks(text)];
}

const fixedForm = new Set(['session', 'tox', 'matrix', 'jabber', 'icq', 'viber', 'whatsapp', 'signal']);

/** Whether what follows a messenger's name is the sentence going on. */
function isNoId(service: string, raw: string, stated: boolean, lead: string): boolean {
  if (raw.length < 3 || commonWords.has(raw.toLowerCase())) return true;
  if (fixedForm.has(service)) return false;
  if (service === 'element' || service === 'matrix') return true;
  if (looksLikeHandle(raw) || /#\d{4}$/.test(raw)) return false;
  if (stated) return false;
  return !/(?:\bis|\bist|\best|\bes|\bè|name|nick|user|handle|\bid)\s*$/i.test(lead);
}

function findLinks(text: string): Candidate[] {
  const found: Candidate[] = [];
  for (const match of text.matchAll(linkPattern)) {
    const raw = match[1]!.replace(/[.,;:!?)]+$/, '');
    const written = raw
      .replace(new RegExp(` (?:${slashWords.join('|')}) `, 'giu'), '/')
      .replace(new RegExp(` (?:${dotWords.join('|')}) |\\[\\.\\]`, 'giu'), '.');
    const url = canonicalUrl(`https://${written}`);
    if (url === null) continue;
    const { hostname, pathname, hash } = new URL(url);
    const known = inviteHosts.find(([host]) => host === hostname);
    const path = known?.[2].exec(`${pathname}${hash}`);
    if (!known || !path) continue;
    const from = match.index + match[0].indexOf(match[1]!);
    const means = written === raw ? [] : (['word'] as const);
    const span = { from, to: from + raw.length, value: raw, means, offered: true };
    const id = path[1];
    if (known[1] !== null && id !== undefined) {
      const canonical = known[1] === 'whatsapp' ? `+${id}` : id.toLowerCase();
      found.push({ ...span, kind: 'messenger', canonical: `${known[1]}:${canonical}`, service: known[1] });
    } else found.push({ ...span, kind: 'url', canonical: url, service: null });
  }
  return found;
}

const word =
  /(?<![\p{L}\p{N}@/._-])@?[A-Za-z0-9\u00c0-\u024f\u0370-\u052f][A-Za-z0-9\u00c0-\u024f\u0370-\u052f_.-]{3,31}(?![\p{L}\p{N}@/_-])/gu;
const offeringEnd =
  /(?:[:=]|(?<![\p{L}\p{N}])(?:at|on|under|as|via|by|to|is|me|use|using|an|auf|unter|als|über|ist|à|sous|sur|comme|a|en|bajo|como|es|em|por|op|onder|als|naar|via|na|pod|jako|на|под|как|по|è|su|come|på|som|under))\s*["'«„“(]?$|[\u3040-\u30ff\u4e00-\u9fff\u0600-\u06ff]\s*$/iu;

/**
 * Bare names of accounts. Where nobody says on which service, only the words around them tell: an offer
 * ("write to me at ...") right before a word that looks like a handle, or a name that another channel knows.
 */
export function findHandles(
  reading: Reading,
  knownHandles: Pick<ReadonlySet<string>, 'has' | 'size'>,
): Candidate[] {
  const { text } = reading;
  const found: Candidate[] = [];
  const cue = cuePattern.test(text);
  if (!cue && knownHandles.size === 0) return found;
  for (const match of text.matchAll(word)) {
    const value = match[0].replace(/[.-]+$/, '');
    const canonical = canonicalSelector('handle', value.replace(/^@/, ''));
    if (canonical === null) continue;
    const known = knownHandles.has(canonical);
    const shaped = looksLikeHandle(value);
    if (!shaped && !(known && canonical.length >= 6 && !commonWords.has(canonical))) continue;
    // The half of an address whose other half comes in the next message.
    if (
      /^\s{0,2}(?:@|[([{<]\s?at\b)/iu.test(
        text.slice(match.index + value.length, match.index + value.length + 6),
      )
    )
      continue;
    const before = text.slice(Math.max(0, match.index - 90), match.index);
    const sentence = before.slice(Math.max(0, before.search(/[.!?\n](?=\s)[^.!?\n]*$/)));
    const offered = cue && cuePattern.test(sentence) && offeringEnd.test(sentence.trimEnd());
    if (!offered && !(known && shaped)) continue;
    const [from, to] = [match.index, match.index + value.length];
    found.push({ kind: 'handle', from, to, value, canonical, service: null, means: [], offered });
  }
  return found;
}
