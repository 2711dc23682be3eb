import { createHash, randomBytes } from 'node:crypto';

/** Time without a request, and time in all, after which a session ends; time for which a typed password counts. */
export const sessionMs = { idle: 30 * 60_000, whole: 12 * 3_600_000, confirmed: 5 * 60_000 } as const;

/** A session of somebody who logged in. Times are milliseconds of the clock that is given. */
export interface Visit {
  readonly user: string;
  readonly began: number;
  readonly seen: number;
  /** When the password was last typed. */
  readonly confirmed: number;
}

/**
 * The sessions of one server, by their tokens. A token is held by its hash only; all end with the process. The
 * clock is given with each call.
 */
export class Sessions {
  private readonly visits = new Map<string, Visit>();

  /** Begins a session and returns its token: 256 random bits. */
  begin(user: string, now: number): string {
    const token = randomBytes(32).toString('base64url');
    this.visits.set(keyOf(token), { user, began: now, seen: now, confirmed: now });
    return token;
  }

  /** The session of a token, which counts as used now; null where there is none or it has ended. */
  use(token: string, now: number): Visit | null {
    return this.renew(token, now, {});
  }

  /** Remembers that the password was typed again. Null where there is no such session. */
  confirm(token: string, now: number): Visit | null {
    return this.renew(token, now, { confirmed: now });
  }

  /** Whether a session stands, without counting as a use of it. */
  stands(token: string, now: number): boolean {
    const visit = this.visits.get(keyOf(token));
    return visit !== undefined && !hasEnded(visit, now);
  }

  end(token: string): void {
    this.visits.delete(keyOf(token));
  }

  /** Ends all sessions of a user: after a change of password, roles or standing. */
  endAllOf(user: string): void {
    for (const [key, visit] of this.visits) if (visit.user === user) this.visits.delete(key);
  }

  private renew(token: string, now: number, change: Partial<Visit>): Visit | null {
    const key = keyOf(token);
    const visit = this.visits.get(key);
    if (visit === undefined) return null;
    if (hasEnded(visit, now)) {
      this.visits.delete(key);
      return null;
    }
    const used = { ...visit, ...change, seen: now };
    this.visits.set(key, used);
    return used;
  }
}

/** Whether the password was typed a moment ago. */
export function isConfirmed(visit: Visit, now: number): boolean {
  return now - visit.confirmed < sessionMs.confirmed;
}

function hasEnded(visit: Visit, now: number): boolean {
  return now - visit.seen >= sessionMs.idle || now - visit.began >= sessionMs.whole;
}

function keyOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
