import type { Context } from 'hono';
import type { Actor } from '../access/can.ts';
import { WaymarkError } from '../base/errors.ts';
import type { Guest, LogIn } from './log-in.ts';

/** How a request came in: who acts, and how they logged in where the operation has users. */
export interface Entry {
  readonly actor: Actor;
  /** Null for the single user of a machine. */
  readonly logIn: LogIn | null;
  /** Null for the single user, and for whoever has not logged in. */
  readonly guest: Guest | null;
  /** Gives the browser the token of a session, or takes it away. */
  readonly giveCookie: (c: Context, token: string | null) => void;
}

const name = 'entry';

export function enter(c: Context, entry: Entry): void {
  c.set(name as never, entry as never);
}

export function entryOf(c: Context): Entry {
  return c.get(name as never) as Entry;
}

/** The log-in and who is logged in. Throws WaymarkError 'usage' where the operation has no users. */
export function guestOf(c: Context): { logIn: LogIn; guest: Guest } {
  const { logIn, guest } = entryOf(c);
  if (logIn && guest) return { logIn, guest };
  throw new WaymarkError('usage', 'nobody is logged in here', {
    remedy: 'This operation has no users, or the session has ended.',
  });
}
