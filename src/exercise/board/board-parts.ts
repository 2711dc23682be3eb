import type { Accounts } from '../people/accounts.ts';
import type { Contacts } from '../people/contacts.ts';
import type { Lines } from '../people/lines.ts';
import type { Sightings } from '../people/sightings.ts';
import type { Writer } from '../people/text.ts';
import { draw, purpose } from '../random.ts';
import type { AccessLogs } from './access-logs.ts';
import type { BoardDump } from './dump.ts';
import type { Session } from './events.ts';

export const serverName = 'forum.allotmentwheel.example';
/** The board's accounts are named `<service>/<user_id>`. */
export const service = `phpbb:${serverName}`;
export const site = `http://${serverName}`;
export const boardName = 'Allotment & Wheel';

/** The board's forums; the first has number `firstForum`, for number 1 is the category they stand in. */
export const forums = [
  'Riding and routes',
  'Workshop',
  'Beans and brewing',
  'Kitchen garden',
  'Bread and dough',
  'Stamps and postmarks',
  'Swap and sell',
  'Other languages',
] as const;
export const firstForum = 2;

/** What the board is made from and writes to. */
export type BoardParts = {
  readonly accounts: Accounts;
  readonly contacts: Contacts;
  readonly lines: Lines;
  readonly writer: Writer;
  readonly dump: BoardDump;
  readonly logs: AccessLogs;
  readonly sightings: Sightings;
  readonly filesFolder: string;
  /** Accounts whose board notices are wanted. */
  readonly noticesFor: ReadonlySet<number>;
  /** Posts to write in Windows-1252, as [from, to) epoch seconds. */
  readonly otherEncoding: readonly [number, number] | undefined;
};

const p = purpose('board choice');

/** A 32-bit choice that depends on who does something, when, and what is chosen (`n`). */
export function choice(parts: BoardParts, at: number, session: Session, n: number): number {
  return draw(parts.accounts.world.seed, at ^ (session.account * 977), p, n);
}

/** phpBB's per-text bbcode_uid. */
export function textUid(number: number): string {
  return (Math.imul(number, 0x9e3779b1) >>> 0).toString(36).padStart(7, '1');
}
