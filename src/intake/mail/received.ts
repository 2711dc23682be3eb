import type { Stamp } from '../../base/time.ts';
import { canonicalIp } from '../../evidence/selectors.ts';
import { parseDate } from './dates.ts';

/** One relay's trace line (RFC 5321 section 4.4), as that relay states it. */
export interface Hop {
  readonly from: string | null;
  readonly by: string | null;
  /** The public address the relay says it was handed the message by; null when it names none. */
  readonly ip: string | null;
  readonly time: Stamp | null;
}

/** Trace lines kept of one message. */
export const maxHops = 30;

/** Characters of a trace line that are looked at. */
const longestTrace = 4096;

/**
 * Reads one Received field. The address is looked for in the 'from' clause only: first in the comment, where
 * the relay writes what it saw on the connection, then in the name the peer gave itself.
 */
export function parseReceived(text: string): Hop {
  const stop = text.lastIndexOf(';');
  const time = stop < 0 ? null : parseDate(text.slice(stop + 1));
  const trace = text.slice(0, Math.min(stop < 0 ? text.length : stop, longestTrace));
  const { by, comments } = outline(trace);
  const server = by < 0 ? null : (/^[^\s;()]+/.exec(trace.slice(by).trimStart())?.[0] ?? null);
  const peer = /^\s*from\s+([^\s;()]*)/i.exec(trace);
  if (!peer) return { from: null, by: server, ip: null, time };
  const clause = by < 0 ? trace : trace.slice(0, by);
  return { from: peer[1] || null, by: server, ip: publicIpIn(comments) ?? publicIpIn(clause), time };
}

/** Where the server's name follows the word 'by' (-1 without one), and the comments in front of it. */
function outline(trace: string): { by: number; comments: string } {
  let depth = 0;
  let opened = 0;
  let comments = '';
  for (let i = 0; i < trace.length; i++) {
    const code = trace.charCodeAt(i);
    if (code === 40) {
      if (depth++ === 0) opened = i;
    } else if (code === 41) {
      if (depth > 0 && --depth === 0) comments += trace.slice(opened, i + 1);
    } else if (depth === 0 && (code | 32) === 98 && (trace.charCodeAt(i + 1) | 32) === 121) {
      const before = i === 0 ? 32 : trace.charCodeAt(i - 1);
      const after = trace.charCodeAt(i + 2);
      if ((before <= 32 || before === 41) && after <= 32) return { by: i + 2, comments };
    }
  }
  return { by: -1, comments };
}

const v4Shape = /(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})/g;
const v6Shape = /(?:IPv6:)?((?:[0-9a-f]{0,4}:){2,7}[0-9a-f.]{0,15})/gi;
const part = /[\w.:-]/;

/** The first public address in free text, canonical; null when there is none. */
export function publicIpIn(text: string): string | null {
  let found: string | null = null;
  let place = text.length;
  for (const match of text.matchAll(v4Shape)) {
    const before = text.charAt(match.index - 1);
    const after = text.charAt(match.index + match[0].length);
    const alone = !part.test(before) && !/[\w.-]/.test(after);
    const ip = alone && match.slice(1).every((octet) => Number(octet) < 256) ? canonicalIp(match[0]) : null;
    if (ip !== null && isPublicIp(ip)) {
      found = ip;
      place = match.index;
      break;
    }
  }
  if (!text.includes(':')) return found;
  for (const match of text.matchAll(v6Shape)) {
    if (match.index >= place) break;
    if (part.test(text.charAt(match.index - 1))) continue;
    const ip = canonicalIp(match[1]!);
    if (ip !== null && isPublicIp(ip)) return ip;
  }
  return found;
}

/**
 * Whether a canonical address can name a subscriber: not private, loopback, link-local, carrier-internal or
 * multicast (RFC 6890). Documentation ranges count as public; they do not occur outside exercises.
 */
export function isPublicIp(ip: string): boolean {
  if (ip.includes(':')) return !/^(?:::1?$|f[cdef]|0*:)/i.test(ip) && !ip.startsWith('64:ff9b::');
  const dot = ip.indexOf('.');
  const a = Number(ip.slice(0, dot));
  const b = Number(ip.slice(dot + 1, ip.indexOf('.', dot + 1)));
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if (a === 100 && b >= 64 && b < 128) return false;
  if (a === 172 && b >= 16 && b < 32) return false;
  return !((a === 192 && b === 168) || (a === 169 && b === 254));
}
