import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Who may speak to the server: whoever holds the address it printed. The key in that address is exchanged for
 * a cookie that scripts cannot read and other sites cannot send. Both end with the process.
 */
export class Session {
  /** Part of the printed address. */
  readonly key: string;
  private readonly token: string;

  constructor() {
    this.key = randomBytes(32).toString('base64url');
    this.token = randomBytes(32).toString('base64url');
  }

  /** The Set-Cookie header for a holder of the key, or null. */
  exchange(key: string, port: number): string | null {
    if (!same(key, this.key)) return null;
    return cookieOf(this.token, port, false);
  }

  /** Whether a Cookie header carries the token. */
  holds(cookies: string | undefined, port: number): boolean {
    return tokensIn(cookies, port).some((token) => same(token, this.token));
  }
}

/** Cookies are shared by all ports of a machine, so the port is part of the name. */
function cookieName(port: number): string {
  return `waymark-${port}`;
}

/** A Set-Cookie header that scripts cannot read and other sites cannot send. `secure` behind a TLS proxy. */
export function cookieOf(token: string, port: number, secure: boolean): string {
  return `${cookieName(port)}=${token}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}

/** A Set-Cookie header that takes the cookie away. */
export function noCookie(port: number, secure: boolean): string {
  return `${cookieOf('', port, secure)}; Max-Age=0`;
}

/** The tokens that a Cookie header carries. */
export function tokensIn(cookies: string | undefined, port: number): string[] {
  const name = `${cookieName(port)}=`;
  return (cookies ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(name))
    .map((part) => part.slice(name.length));
}

/** Compares in a time that tells nothing about where two texts differ. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
