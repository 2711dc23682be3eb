import type { DumpRow } from '../../sql-dump/read-dump.ts';
import { type Board, type FindColumn, jsonOf } from './board.ts';
import type { BoardTable } from './board-table.ts';
import { readSerialized } from './php-serialized.ts';

/** Tables of what accounts did besides writing. */
export const activityTables: readonly BoardTable[] = [
  { suffix: 'sessions', needs: ['session_id', 'session_user_id', 'session_ip'], bind: bindSessions },
  { suffix: 'sessions_keys', needs: ['key_id', 'last_ip', 'last_login'], bind: bindKeys },
  { suffix: 'login_attempts', needs: ['attempt_ip', 'attempt_time'], bind: bindAttempts },
  { suffix: 'log', needs: ['log_id', 'log_operation', 'log_ip'], bind: bindLog },
  { suffix: 'warnings', needs: ['warning_id', 'user_id', 'warning_time'], bind: bindWarnings },
  { suffix: 'reports', needs: ['report_id', 'user_id', 'report_time'], bind: bindReports },
  { suffix: 'poll_votes', needs: ['poll_option_id', 'vote_user_id'], bind: bindVotes },
  { suffix: 'vote_voters', needs: ['vote_id', 'vote_user_id'], bind: bindVotes },
  { suffix: 'topics_watch', needs: ['topic_id', 'user_id'], bind: bindWatch('watches', 'topic') },
  { suffix: 'forums_watch', needs: ['forum_id', 'user_id'], bind: bindWatch('watches', 'forum') },
  { suffix: 'bookmarks', needs: ['topic_id', 'user_id'], bind: bindWatch('bookmark', 'topic') },
];

function bindSessions(board: Board, column: FindColumn) {
  const c = {
    id: column('session_id'),
    user: column('session_user_id'),
    start: column('session_start'),
    ip: column('session_ip'),
    agent: column('session_browser'),
    forwarded: column('session_forwarded_for'),
    page: column('session_page'),
  };
  return (row: DumpRow): string | null => {
    const user = row.int(c.user);
    const event = board.records.table('event');
    const set = event.column;
    set.service.text(board.service);
    set.action.text('session');
    board.accounts.set(set.account, user);
    board.setTime(event, row, c.start);
    board.setIp(set.ip, row, c.ip);
    board.setText(set.session, row, c.id);
    board.setText(set.agent, row, c.agent);
    board.setText(set.url, row, c.page);
    const forwarded = board.plain(row, c.forwarded);
    if (forwarded !== null) set.text.text(jsonOf({ forwarded_for: forwarded })!);
    event.end(row.offset, row.length);
    board.seeIp(row, user, c.ip, c.start, 'session');
    seeAgent(board, row, user, c.agent, row.int(c.start));
    return null;
  };
}

function seeAgent(board: Board, row: DumpRow, user: number, agent: number, seconds: number): void {
  if (board.isGuest(user) || row.isEmpty(agent) || !board.text.loadPlain(row, agent)) return;
  const { bytes, from, to } = board.text;
  const sighting = board.records.table('sighting');
  const { column } = sighting;
  board.accounts.set(column.account, user);
  column.selector.text('agent');
  column.raw.bytes(bytes, from, to);
  column.canonical.bytes(bytes, from, to);
  board.setSeconds(sighting, seconds);
  column.basis.text('log-derived');
  column.context.text('session');
  sighting.end(row.offset, row.length);
}

/** Logins that the board remembers ("keep me logged in"). The key itself is a secret and left out. */
function bindKeys(board: Board, column: FindColumn) {
  const c = { user: column('user_id'), ip: column('last_ip'), time: column('last_login') };
  return (row: DumpRow): string | null => {
    const user = row.int(c.user);
    const event = board.records.table('event');
    board.accounts.set(event.column.account, user);
    board.setTime(event, row, c.time);
    board.setIp(event.column.ip, row, c.ip);
    event.add({ service: board.service, action: 'remembered login' }, row.offset, row.length);
    board.seeIp(row, user, c.ip, c.time, 'login');
    return null;
  };
}

/**
 * Logins that failed. Who tried may be someone else than the holder of the account, which is why the context
 * of the address says so.
 */
function bindAttempts(board: Board, column: FindColumn) {
  const c = {
    user: column('user_id'),
    ip: column('attempt_ip'),
    time: column('attempt_time'),
    agent: column('attempt_browser'),
    forwarded: column('attempt_forwarded_for'),
    name: column('username'),
  };
  return (row: DumpRow): string | null => {
    const user = row.int(c.user);
    const event = board.records.table('event');
    if (user > 0) board.accounts.set(event.column.account, user);
    board.setTime(event, row, c.time);
    board.setIp(event.column.ip, row, c.ip);
    board.setText(event.column.agent, row, c.agent);
    const text = jsonOf({ forwarded_for: board.plain(row, c.forwarded), username: board.plain(row, c.name) });
    event.add({ service: board.service, action: 'failed login', text }, row.offset, row.length);
    board.seeIp(row, user, c.ip, c.time, 'failed login');
    return null;
  };
}

const logTypes = ['administrator', 'moderator', 'critical', 'user'];

/** The board's own log. Renamings and changed addresses in it are also sightings of the account concerned. */
function bindLog(board: Board, column: FindColumn) {
  const c = {
    type: column('log_type'),
    user: column('user_id'),
    forum: column('forum_id'),
    topic: column('topic_id'),
    post: column('post_id'),
    target: column('reportee_id'),
    ip: column('log_ip'),
    time: column('log_time'),
    operation: column('log_operation'),
    data: column('log_data'),
  };
  return (row: DumpRow): string | null => {
    const user = row.int(c.user);
    const target = row.int(c.target);
    const operation = row.text(c.operation) ?? '';
    const data = readData(board, row, c.data);
    const post = row.int(c.post);
    const event = board.records.table('event');
    board.accounts.set(event.column.account, user);
    if (target > 0) board.accounts.set(event.column.target, target);
    board.setTime(event, row, c.time);
    board.setIp(event.column.ip, row, c.ip);
    const text = jsonOf({
      data: data.length === 0 ? null : data,
      forum: row.int(c.forum),
      post: post > 0 ? board.posts.of(post) : null,
      topic: row.int(c.topic),
      type: logTypes[row.int(c.type)],
    });
    event.add({ service: board.service, action: operation, text }, row.offset, row.length);
    board.seeIp(row, user, c.ip, c.time, 'board log');
    seeChange(board, row, target > 0 ? target : user, operation, data, row.int(c.time));
    return null;
  };
}

function readData(board: Board, row: DumpRow, column: number): string[] {
  if (row.isEmpty(column) || !row.load(column)) return [];
  const values = readSerialized(row.value.subarray(row.from, row.to));
  if (values === null) {
    const text = board.plain(row, column);
    return text === null ? [] : [text];
  }
  return values.map(decodeReferences);
}

/** The five references that htmlspecialchars() writes. */
function decodeReferences(text: string): string {
  const signs: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#039': "'" };
  return text.replace(/&(amp|lt|gt|quot|#039);/g, (_, name: string) => signs[name]!);
}

/** LOG_USER_UPDATE_NAME holds the old and the new name; LOG_USER_UPDATE_EMAIL the name, old and new address. */
function seeChange(
  board: Board,
  row: DumpRow,
  user: number,
  operation: string,
  data: string[],
  seconds: number,
): void {
  const basis = 'log-derived';
  if (operation === 'LOG_USER_UPDATE_NAME' && data.length === 2) {
    board.see(row, user, { selector: 'handle', raw: data[0]!, basis, context: 'former name', seconds });
    board.see(row, user, { selector: 'handle', raw: data[1]!, basis, context: 'new name', seconds });
  } else if (operation === 'LOG_USER_UPDATE_EMAIL' && data.length === 3) {
    board.see(row, user, { selector: 'email', raw: data[1]!, basis, context: 'former e-mail', seconds });
    board.see(row, user, { selector: 'email', raw: data[2]!, basis, context: 'new e-mail', seconds });
  }
}

function bindWarnings(board: Board, column: FindColumn) {
  const c = { user: column('user_id'), post: column('post_id'), time: column('warning_time') };
  return (row: DumpRow): string | null => {
    const event = board.records.table('event');
    board.accounts.set(event.column.target, row.int(c.user));
    board.setTime(event, row, c.time);
    const post = row.int(c.post);
    const text = jsonOf({ message: post > 0 ? board.posts.of(post) : null });
    event.add({ service: board.service, action: 'warning', text }, row.offset, row.length);
    return null;
  };
}

/** The target is the author of what was reported, where that stands before the reports, as dumps have it. */
function bindReports(board: Board, column: FindColumn) {
  const c = {
    user: column('user_id'),
    post: column('post_id'),
    message: column('pm_id'),
    time: column('report_time'),
    closed: column('report_closed'),
    text: column('report_text'),
  };
  return (row: DumpRow): string | null => {
    const post = row.int(c.post);
    const privateMessage = row.int(c.message);
    const author = post > 0 ? board.postAuthors.get(post) : board.privateMessageAuthors.get(privateMessage);
    const event = board.records.table('event');
    board.accounts.set(event.column.account, row.int(c.user));
    if (author !== undefined) board.accounts.set(event.column.target, author);
    board.setTime(event, row, c.time);
    const message =
      post > 0 ? board.posts.of(post) : privateMessage > 0 ? board.privateMessages.of(privateMessage) : null;
    const text = jsonOf({ closed: row.int(c.closed) === 1, message, text: board.plain(row, c.text) });
    event.add({ service: board.service, action: 'report', text }, row.offset, row.length);
    return null;
  };
}

/** Votes carry an address but no time, so they give no sighting. */
function bindVotes(board: Board, column: FindColumn) {
  const c = {
    topic: column('topic_id'),
    vote: column('vote_id'),
    option: column('poll_option_id'),
    user: column('vote_user_id'),
    ip: column('vote_user_ip'),
  };
  return (row: DumpRow): string | null => {
    const event = board.records.table('event');
    board.accounts.set(event.column.account, row.int(c.user));
    board.setIp(event.column.ip, row, c.ip);
    const text = jsonOf({ option: row.int(c.option), poll: row.int(c.vote), topic: row.int(c.topic) });
    event.add({ service: board.service, action: 'vote', text }, row.offset, row.length);
    return null;
  };
}

function bindWatch(relation: string, what: 'topic' | 'forum') {
  return (board: Board, column: FindColumn) => {
    const user = column('user_id');
    const id = column(`${what}_id`);
    return (row: DumpRow): string | null => {
      const object = what === 'forum' ? board.forum(row.int(id)) : `topic ${row.int(id)}`;
      board.records
        .table('relation')
        .add({ relation, from_account: board.accounts.of(row.int(user)), object }, row.offset, row.length);
      return null;
    };
  };
}
