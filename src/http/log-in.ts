import type { Actor } from '../access/can.ts';
import { type Cost, usualCost } from '../access/password.ts';
import { isConfirmed, Sessions, sessionMs, type Visit } from '../access/sessions.ts';
import { Tries } from '../access/tries.ts';
import { WaymarkError } from '../base/errors.ts';
import type { Operation } from '../store/operation.ts';
import { findUser, setPassword, tryPassword, type User } from '../workbench/users.ts';

/** Somebody who is logged in. */
export interface Guest {
  readonly token: string;
  readonly user: User;
  readonly visit: Visit;
}

export interface LogInOptions {
  /** Runs an act that is recorded, in its turn. */
  readonly record: (act: () => void) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** Of passwords that are set here. */
  readonly cost?: Cost;
}

/** Passwords that may wait to be checked: each takes 64 MiB and a fifth of a second. */
const mostWaiting = 20;

/** Log-in by name and password for the users of an operation: sessions, tries, locks. */
export class LogIn {
  private readonly operation: Operation;
  private readonly record: LogInOptions['record'];
  private readonly clock: () => number;
  private readonly cost: Cost;
  private readonly sessions = new Sessions();
  private readonly tries = new Tries();
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(operation: Operation, { record, clock = Date.now, cost = usualCost }: LogInOptions) {
    this.operation = operation;
    this.record = record;
    this.clock = clock;
    this.cost = cost;
  }

  /** Begins a session and returns its token. Throws WaymarkError 'denied', saying nothing of what was wrong. */
  async begin(name: string, password: string): Promise<string> {
    await this.check(name, password);
    await this.record(() =>
      this.operation.as(name, () =>
        this.operation.record({ action: 'session.begin', objects: [name], facts: {} }),
      ),
    );
    return this.sessions.begin(name, this.clock());
  }

  /** Counts the password as typed now. Throws WaymarkError 'denied'. */
  async confirm({ token, user }: Guest, password: string): Promise<void> {
    await this.check(user.name, password);
    this.sessions.confirm(token, this.clock());
  }

  /** A user's new password of their own; ends their other sessions and begins one. Returns its token. */
  async change({ user: { name } }: Guest, password: string, next: string): Promise<string> {
    await this.check(name, password);
    const act = await this.inTurn(() => setPassword(this.operation, name, next, this.cost));
    await this.record(act);
    this.sessions.endAllOf(name);
    return this.sessions.begin(name, this.clock());
  }

  /** Who holds the token; null where nobody does, or the user is no longer there. Counts as a use. */
  guest(token: string): Guest | null {
    const visit = this.sessions.use(token, this.clock());
    if (visit === null) return null;
    const user = findUser(this.operation, visit.user);
    if (user?.status === 'active') return { token, user, visit };
    this.sessions.end(token);
    return null;
  }

  /** Whether the token still lets in; asking does not count as a use. */
  stands(token: string): boolean {
    return this.sessions.stands(token, this.clock());
  }

  async end({ token, user: { name } }: Guest): Promise<void> {
    this.sessions.end(token);
    await this.record(() => this.operation.record({ action: 'session.end', objects: [name], facts: {} }));
  }

  endAllOf(user: string): void {
    this.sessions.endAllOf(user);
  }

  /** Runs work that costs as much as checking a password, one at a time. Throws WaymarkError 'busy'. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.waiting >= mostWaiting) {
      throw new WaymarkError('busy', 'too many log in at once', { remedy: 'Try again in a moment.' });
    }
    this.waiting++;
    const result = this.last.then(work).finally(() => this.waiting--);
    this.last = result.catch(() => {});
    return result;
  }

  /** Who somebody is to `can`. */
  actorOf(guest: Guest | null): Actor {
    const operation = this.operation.ledgerIdentity().origin;
    if (guest === null) return { id: 'visitor', roles: ['visitor'], operation, confirmed: false };
    const { user, visit } = guest;
    const roles = user.must_change ? (['newcomer'] as const) : user.roles;
    return { id: user.name, roles, operation, confirmed: isConfirmed(visit, this.clock()) };
  }

  /** When a session ends if nothing more happens, and when it ends in any case: UTC. */
  endsOf({ visit }: Guest): { idle: string; whole: string; confirmed: boolean } {
    return {
      idle: new Date(visit.seen + sessionMs.idle).toISOString(),
      whole: new Date(visit.began + sessionMs.whole).toISOString(),
      confirmed: isConfirmed(visit, this.clock()),
    };
  }

  private async check(name: string, password: string): Promise<void> {
    const wait = this.tries.take(name, this.clock());
    if (wait > 0) {
      throw new WaymarkError('busy', 'there were too many tries', {
        remedy: `Try again in ${Math.ceil(wait / 1000)} seconds.`,
      });
    }
    const tried = await this.inTurn(() => tryPassword(this.operation, name, password, this.record));
    if (tried === 'right') return;
    if (tried === 'locked now') this.sessions.endAllOf(name);
    throw new WaymarkError('denied', 'this name and password do not let in', {
      remedy:
        'Check both. After 100 wrong passwords in a row a user is locked until an administrator opens the lock.',
    });
  }
}
