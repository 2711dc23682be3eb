import { canonicalIp } from '../../../evidence/selectors.ts';

/** Whom a log line names as the client. */
export interface Client {
  /** IP address in its canonical form, or the host name as logged, or null ('-', a local socket). */
  readonly address: string | null;
  /** Source port, where the format logs one ('192.0.2.1:50122', '[2001:db8::1]:50122'). */
  readonly port: number | null;
}

/** Distinct spellings kept; a log with more IPv6 clients than this only reads some of them twice. */
const maxKnown = 65_536;

const none: Client = { address: null, port: null };

/**
 * Understands the client fields that are not plain dotted IPv4: IPv6 (bracketed, with a zone, IPv4-mapped),
 * an address with its port, a host name (Apache's HostnameLookups), '-' or 'unix:'. Remembers what it has seen.
 */
export class Clients {
  private readonly known = new Map<string, Client | null>();

  /** The client, or null when the text can be none. */
  find(text: string): Client | null {
    let client = this.known.get(text);
    if (client === undefined) {
      if (this.known.size >= maxKnown) this.known.clear();
      client = readClient(text);
      this.known.set(text, client);
    }
    return client;
  }
}

/** Reads one client field; null when it can be no client. */
export function readClient(text: string): Client | null {
  if (text === '-' || text === 'unix:') return none;
  const isBalanced = text.startsWith('[') === text.endsWith(']');
  const address = isBalanced ? canonicalIp(text) : null;
  if (address !== null) return { address, port: null };
  const withPort = /^(\[[0-9A-Fa-f:.]+(?:%[\w.~-]+)?\]|[^:[\]]+):(\d{1,5})$/.exec(text);
  const name = withPort ? withPort[1]! : text;
  const port = withPort ? Number(withPort[2]) : null;
  if (port !== null && port > 65_535) return null;
  const ported = withPort ? canonicalIp(name) : null;
  if (ported !== null) return { address: ported, port };
  return isHostName(name) ? { address: name, port } : null;
}

/** A name as DNS and local networks use it: letters, digits, '-', '_' and dots, not digits and dots alone. */
export function isHostName(text: string): boolean {
  return /^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/.test(text) && /[A-Za-z]/.test(text);
}

/** The host of a logged virtual host ('forum.example:443', '[2001:db8::1]:80', 'forum.example'), or null. */
export function readHost(text: string): string | null {
  const name = text.replace(/:\d{1,5}$/, '');
  if (/^\[[0-9A-Fa-f:.]+\]$/.test(name) || canonicalIp(name) !== null || isHostName(name)) return name;
  return null;
}
