import { worldEnd } from '../clock.ts';
import { type Accounts, clean, firstMemberId } from '../people/accounts.ts';
import { crawlers } from '../people/agents.ts';
import type { Contacts } from '../people/contacts.ts';
import type { Lines } from '../people/lines.ts';
import { Dice, purpose } from '../random.ts';
import type { Board } from './board.ts';
import { forums } from './board-parts.ts';
import { writeForums, writeSettings } from './board-settings.ts';
import { writeUsers } from './board-users.ts';
import type { BoardDump } from './dump.ts';
import type { BoardTable } from './phpbb-schema.ts';
import { escapeField } from './phpbb-text.ts';

const p = purpose('remembered login');

/** The tables that are written once, after the last day. */
export async function writeStillTables(
  dump: BoardDump,
  accounts: Accounts,
  lines: Lines,
  contacts: Contacts,
  board: Board,
): Promise<void> {
  writeSettings(dump, board);
  writeForums(dump, accounts, board);
  await writeUsers(dump, accounts, lines, contacts, board);
  writeSessions(dump, accounts, board);
  writeFailedLogins(dump, accounts, board);
  writeKeys(dump, accounts, board);
  writeWarnings(dump, accounts, board);
}

function writeSessions(dump: BoardDump, accounts: Accounts, board: Board): void {
  const sessions = board.sessions.map(({ session, at }) => ({
    session_id: session.id,
    session_user_id: accounts.userId[session.account]!,
    session_last_visit: at,
    session_start: session.start,
    session_time: at,
    session_ip: session.ip,
    session_browser: session.agent.slice(0, 149),
    session_page: 'index.php',
  }));
  sessions.sort((a, b) => (a.session_id < b.session_id ? -1 : 1));
  for (const row of sessions) dump.row('sessions', row);
}

function writeFailedLogins(dump: BoardDump, accounts: Accounts, board: Board): void {
  for (const { session, at } of board.failedLogins) {
    const username = escapeField(accounts.handles[session.account]!);
    dump.row('login_attempts', {
      attempt_ip: session.ip,
      attempt_browser: session.agent.slice(0, 149),
      attempt_time: at,
      user_id: accounts.userId[session.account]!,
      username,
      username_clean: clean(username),
    });
  }
}

/** Logins that the board remembers for its members. */
function writeKeys(dump: BoardDump, accounts: Accounts, board: Board): void {
  const dice = new Dice(accounts.world.seed);
  const keys: { key_id: string; user_id: number; last_ip: string; last_login: number }[] = [];
  for (let account = 0; account < accounts.count; account++) {
    const key = dice.at(account, p);
    const last_ip = board.lastIp[account];
    if (last_ip === undefined || !key.chance(0.3)) continue;
    const user_id = accounts.userId[account]!;
    keys.push({ key_id: key.hex(32), user_id, last_ip, last_login: board.lastSeen[account]! });
  }
  keys.sort((a, b) => (a.key_id < b.key_id ? -1 : 1));
  for (const row of keys) dump.row('sessions_keys', row);
}

function writeWarnings(dump: BoardDump, accounts: Accounts, board: Board): void {
  board.moderation.warnings.forEach(({ account, post, at }, index) => {
    const user_id = accounts.userId[account]!;
    dump.row('warnings', {
      warning_id: index + 1,
      user_id,
      post_id: post,
      warning_time: Math.min(at, worldEnd),
    });
  });
}

/** The next AUTO_INCREMENT values. */
export function nextIds(board: Board, accounts: Accounts): Partial<Record<BoardTable, number>> {
  return {
    attachments: board.attachments.lastId + 1,
    banlist: board.moderation.lastBan + 1,
    bots: crawlers.length + 1,
    forums: forums.length + 2,
    groups: 8,
    log: board.moderation.lastLog + 1,
    posts: board.posts.lastId + 1,
    privmsgs: board.messages.lastId + 1,
    reports: board.moderation.lastReport + 1,
    reports_reasons: 5,
    topics: board.topics.lastId + 1,
    users: firstMemberId + accounts.count - 1,
    warnings: board.moderation.warnings.length + 1,
  };
}
