import { skeletonOf } from './confusables.ts';

/**
 * Comparison keys: forms under which values that a person may vary fall together. They are for comparing only;
 * what is shown and exported is always what the exhibit says.
 */

/** Letters that are drawn alike, as far as handles use them (a small part of UTS 39's confusables). */
const lookAlikes: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '|': 'l',
  а: 'a',
  в: 'b',
  е: 'e',
  ё: 'e',
  і: 'i',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  α: 'a',
  β: 'b',
  ε: 'e',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
};

/** What people in chats add to say where they are, after a separator. */
const whereabouts = /[_\-.](away|afk|busy|brb|bbl|gone|home|laptop|lunch|out|sleep(ing)?|work|zz+)$/;

/**
 * The stem of a handle: compatibility forms and accents folded, whatever follows a bar or bracket and words of
 * whereabouts taken off, separators and closing digits gone, look-alike letters made one. Empty when nothing is
 * left.
 */
export function handleStem(handle: string): string {
  const folded = handle.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const head = folded.replace(/[|[\](){}`^\\].*$/u, '').replace(whereabouts, '');
  const bare = (head.length >= 3 ? head : folded).replace(/[\s._\-~+|[\](){}`^\\]+/gu, '');
  const withoutDigits = bare.replace(/\d+$/u, '');
  const stem = withoutDigits === '' ? bare : withoutDigits;
  return Array.from(stem, (letter) => lookAlikes[letter] ?? letter).join('');
}

/** A handle with separators gone, accents folded and look-alike letters made one, digits and all. */
export function handleSkeleton(handle: string): string {
  const folded = handle.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const bare = folded.replace(/[\s._\-~+|[\](){}`^\\]+/gu, '');
  return Array.from(bare, (letter) => lookAlikes[letter] ?? letter).join('');
}

/**
 * The key of a handle as it looks: letters of whatever script that are drawn alike, digits written for letters,
 * capitals and small ones, separators and marks all fall together. Two handles with one skeleton (UTS 39) have one key.
 */
export function lookAlikeKey(handle: string): string {
  const folded = skeletonOf(handle).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const bare = folded.replace(/[\s._\-~+|[\](){}`^\\]+/gu, '');
  // A capital I is drawn like a small l, and is the capital of a small i.
  return Array.from(bare, (letter) => lookAlikes[letter] ?? letter)
    .join('')
    .replaceAll('i', 'l');
}

/** The mailbox without its tag: everything from '+' to '@' taken off. */
export function mailboxWithoutTag(email: string): string {
  return email.replace(/^([^+@]+)\+[^@]*@/u, '$1@');
}

/**
 * The mailbox without tag, dots and hyphens. At some providers these are one mailbox, at others not, so that it
 * counts less than an exact match.
 */
export function mailboxBare(email: string): string {
  const [local, domain] = mailboxWithoutTag(email).split('@') as [string, string];
  return `${local.replace(/[.\-_]/g, '')}@${domain}`;
}

/**
 * The line behind an address: an IPv4 address, or the first 64 bits of an IPv6 address (one customer's
 * network). Null for addresses that by their range never stand for one customer: carrier NAT (RFC 6598),
 * private, loopback and link-local networks.
 */
export function lineOf(ip: string): string | null {
  if (ip.includes(':')) {
    if (/^(::1$|fe[89ab]|f[cd])/i.test(ip)) return null;
    const [head] = ip.split('::') as [string];
    const groups = head.split(':');
    return `${[0, 1, 2, 3].map((i) => groups[i] || '0').join(':')}::/64`;
  }
  const [a, b] = ip.split('.').map(Number) as [number, number];
  const shared =
    (a === 100 && b >= 64 && b < 128) ||
    a === 10 ||
    a === 127 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254);
  return shared ? null : ip;
}
