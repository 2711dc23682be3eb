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

  /** Cookies are shared by all ports of a machine, so the port is part of the name. */
  cookieName(port: number): string {
    return `waymark-${port}`;
  }

  /** The Set-Cookie header for a holder of the key, or null. */
  exchange(key: string, port: number): string | null {
    if (!same(key, this.key)) return null;
    return `${this.cookieName(port)}=${this.token}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** Whether a Cookie header carries the token. */
  holds(cookies: string | undefined, port: number): boolean {
    const name = `${this.cookieName(port)}=`;
    return (cookies ?? '')
      .split(';')
      .map((part) => part.trim())
      .some((part) => part.startsWith(name) && same(part.slice(name.length), this.token));
  }
}

/** Compares in a time that tells nothing about where two texts differ. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
