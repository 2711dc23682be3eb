import { domainToASCII } from 'node:url';

/**
 * Selectors: values that can identify. The raw text is always kept beside the canonical form. A canonical
 * form only removes differences that the protocol itself ignores (letter case of a domain, zeros of an IPv6
 * address); what a provider may ignore besides (dots, plus tags) is a matter for linking, not for evidence.
 */
export const selectorKinds = [
  'email',
  'handle',
  'ip',
  'phone',
  'url',
  'domain',
  'name',
  'birthday',
  'agent',
  'session',
  'messenger',
  'key',
  'place',
] as const;
export type SelectorKind = (typeof selectorKinds)[number];

/** The canonical form, or null when the raw text is no value of that kind. */
export function canonicalSelector(kind: SelectorKind, raw: string): string | null {
  const text = raw.normalize('NFKC').trim();
  if (text === '') return null;
  switch (kind) {
    case 'email':
      return canonicalEmail(text);
    case 'ip':
      return canonicalIp(text);
    case 'phone':
      return canonicalPhone(text);
    case 'domain':
      return canonicalDomain(text);
    case 'url':
      return canonicalUrl(text);
    case 'handle':
    case 'messenger':
    case 'name':
      return text.toLowerCase().replace(/\s+/gu, ' ');
    default:
      return text;
  }
}

/** Lower case; the domain in its ASCII form (RFC 5891). Local parts are case-insensitive at every provider in use. */
export function canonicalEmail(text: string): string | null {
  const match = /^<?([^\s@<>"(),:;[\]\\]{1,64})@([^\s@<>]{1,253})>?$/u.exec(text.normalize('NFKC').trim());
  if (!match) return null;
  const domain = canonicalDomain(match[2]!.replace(/\.$/, ''));
  return domain === null ? null : `${match[1]!.toLowerCase()}@${domain}`;
}

export function canonicalDomain(text: string): string | null {
  const ascii = domainToASCII(text.toLowerCase().replace(/\.$/, ''));
  return /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/.test(ascii)
    ? ascii
    : null;
}

/** E.164 where the text states a country ('+' or '00'); else the digits alone, which no two countries share safely. */
export function canonicalPhone(text: string): string | null {
  if (!/^[+()\d\s./-]+$/.test(text)) return null;
  const digits = text.replace(/\D/g, '');
  if (digits.length < 7 || digits.length > 15) return null;
  if (text.startsWith('+')) return `+${digits}`;
  return digits.startsWith('00') ? `+${digits.slice(2)}` : digits;
}

export function canonicalUrl(text: string): string | null {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `http://${text}`);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}

/** IPv4 in dotted decimal; IPv6 as RFC 5952 writes it; IPv4-mapped IPv6 as the IPv4 it is. */
export function canonicalIp(text: string): string | null {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (v4) {
    const parts = v4.slice(1).map(Number);
    return parts.every((part) => part < 256) ? parts.join('.') : null;
  }
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!bare.includes(':') || !/^[0-9a-f:.]+$/i.test(bare)) return null;
  try {
    const host = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
    const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
    if (!mapped) return host;
    const high = Number.parseInt(mapped[1]!, 16);
    const low = Number.parseInt(mapped[2]!, 16);
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  } catch {
    return null;
  }
}
