import { findSelectors } from '../../../evidence/find-selectors.ts';
import { canonicalSelector, type SelectorKind } from '../../../evidence/selectors.ts';
import type { DumpRow } from '../../sql-dump/read-dump.ts';
import { type Board, type FindColumn, formatSeconds, jsonOf } from './board.ts';
import type { BoardTable } from './board-table.ts';

/** Tables about people: users, their profiles, bans, groups and lists of friends. */
export const peopleTables: readonly BoardTable[] = [
  { suffix: 'users', needs: ['user_id', 'username', 'user_regdate'], bind: bindUsers },
  { suffix: 'profile_fields_data', needs: ['user_id'], bind: bindProfileFields },
  { suffix: 'banlist', needs: ['ban_id', 'ban_userid', 'ban_ip'], bind: bindBans },
  { suffix: 'groups', needs: ['group_id', 'group_name', 'group_type'], bind: bindGroups },
  { suffix: 'user_group', needs: ['group_id', 'user_id', 'user_pending'], bind: bindMembers },
  { suffix: 'zebra', needs: ['user_id', 'zebra_id', 'friend', 'foe'], bind: bindContacts },
];

/** Networks whose names phpBB's profile holds, by column. */
const messengers: Record<string, string> = {
  user_icq: 'icq',
  user_aim: 'aim',
  user_yim: 'yahoo',
  user_msnm: 'msn',
  user_jabber: 'jabber',
  pf_phpbb_icq: 'icq',
  pf_phpbb_aol: 'aim',
  pf_phpbb_yahoo: 'yahoo',
  pf_phpbb_wlm: 'msn',
  pf_phpbb_skype: 'skype',
};

/** Names on other sites, which are names of accounts there. */
const otherSites = new Set([
  'pf_phpbb_facebook',
  'pf_phpbb_twitter',
  'pf_phpbb_youtube',
  'pf_phpbb_googleplus',
]);

const userTypes = ['active', 'inactive', 'ignored', 'founder'];

/**
 * Accounts. Guests and crawlers (user_type 2) are kind 'system'. The status is 'banned' where a ban without
 * an end names the user, else what user_type says. Passwords, activation keys, form salts and the like are
 * left out on purpose: they identify nobody and would be dangerous to keep.
 */
function bindUsers(board: Board, column: FindColumn) {
  const c = {
    id: column('user_id'),
    type: column('user_type'),
    active: column('user_active'),
    level: column('user_level'),
    name: column('username'),
    registered: column('user_regdate'),
    ip: column('user_ip'),
    mail: column('user_email'),
    birthday: column('user_birthday'),
    website: column('user_website'),
    place: column('user_from'),
    signature: column('user_sig'),
    signatureUid: column('user_sig_bbcode_uid'),
  };
  const stated = attributeColumns(column);
  const networks = Object.keys(messengers)
    .map((name) => [column(name), messengers[name]!] as const)
    .filter(([at]) => at >= 0);
  return (row: DumpRow): string | null => {
    const id = row.int(c.id);
    if (!Number.isSafeInteger(id)) return 'no user id';
    const account = board.records.table('account');
    const handle = board.plain(row, c.name);
    const isSystem = id <= 1 || row.int(c.type) === 2;
    const signature = readSignature(board, row, c.signature, c.signatureUid);
    board.setTime(account, row, c.registered);
    account.add(
      {
        account: board.accounts.of(id),
        service: board.service,
        native_id: String(id),
        handle,
        kind: isSystem ? 'system' : 'member',
        status: statusOf(board, row, id, c),
        attributes: jsonOf({ ...attributesOf(board, row, id, stated), signature }),
      },
      row.offset,
      row.length,
    );
    if (isSystem) return null;
    const declare = (selector: SelectorKind, raw: string | null) => {
      if (raw !== null) board.see(row, id, { selector, raw, basis: 'self-declared', context: 'profile' });
    };
    declare('handle', handle);
    declare('email', board.plain(row, c.mail));
    declare('url', board.plain(row, c.website));
    declare('place', board.plain(row, c.place));
    seeBirthday(board, row, id, c.birthday);
    for (const [at, network] of networks) seeMessenger(board, row, id, network, board.plain(row, at));
    board.seeIp(row, id, c.ip, c.registered, 'registration');
    if (signature !== null) seeWritten(board, row, id, signature, 'signature');
    return null;
  };
}

function statusOf(
  board: Board,
  row: DumpRow,
  id: number,
  c: { readonly type: number; readonly active: number; readonly level: number },
): string | null {
  if (board.bans.get(id) === 0) return 'banned';
  if (c.type >= 0) return userTypes[row.int(c.type)] ?? null;
  if (row.int(c.active) === 0) return 'inactive';
  return ['active', 'administrator', 'moderator'][row.int(c.level)] ?? null;
}

/** Facts kept as attributes, by column: how they are named, and how they are read. */
const attributeNames: Record<string, [string, 'text' | 'number' | 'time']> = {
  user_lang: ['language', 'text'],
  user_timezone: ['time_zone', 'text'],
  user_dateformat: ['date_format', 'text'],
  user_from: ['place', 'text'],
  user_occ: ['occupation', 'text'],
  user_interests: ['interests', 'text'],
  user_avatar: ['avatar', 'text'],
  user_lastvisit: ['last_visit', 'time'],
  user_lastpost_time: ['last_post', 'time'],
  user_inactive_time: ['inactive_since', 'time'],
  user_passchg: ['password_changed', 'time'],
  user_emailtime: ['last_mail_sent', 'time'],
  user_last_warning: ['last_warning', 'time'],
  user_posts: ['posts', 'number'],
  user_warnings: ['warnings', 'number'],
  user_rank: ['rank', 'number'],
  user_login_attempts: ['failed_logins', 'number'],
  user_inactive_reason: ['inactive_reason', 'number'],
};

function attributeColumns(column: FindColumn) {
  return Object.entries(attributeNames)
    .map(([name, [as, type]]) => ({ at: column(name), as, type }))
    .filter(({ at }) => at >= 0);
}

function attributesOf(board: Board, row: DumpRow, id: number, columns: ReturnType<typeof attributeColumns>) {
  const facts: Record<string, unknown> = {};
  for (const { at, as, type } of columns) {
    if (type === 'text') facts[as] = board.plain(row, at);
    else facts[as] = type === 'number' ? row.int(at) : formatSeconds(row.int(at));
  }
  const until = board.bans.get(id);
  if (until) facts.banned_until = formatSeconds(until);
  return facts;
}

function readSignature(board: Board, row: DumpRow, at: number, uidAt: number): string | null {
  if (row.isEmpty(at)) return null;
  const uid = row.isEmpty(uidAt) ? '' : (row.text(uidAt) ?? '');
  return board.text.loadBody(row, at, uid) && !board.text.isEmpty ? board.text.text() : null;
}

/** phpBB writes ' 4- 7-1985'; parts that were not given are 0. */
function seeBirthday(board: Board, row: DumpRow, user: number, at: number): void {
  const raw = board.plain(row, at);
  const match = raw === null ? null : /^\s*(\d{1,2})-\s*(\d{1,2})-\s*(\d{1,4})$/.exec(raw);
  if (!match) return;
  const [day, month, year] = match.slice(1).map(Number) as [number, number, number];
  if (day === 0 && month === 0 && year === 0) return;
  const two = (number: number) => String(number).padStart(2, '0');
  const whole = day > 0 && day < 32 && month > 0 && month < 13 && year > 0;
  const canonical = whole ? `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}` : null;
  board.see(row, user, {
    selector: 'birthday',
    raw: raw!,
    canonical,
    basis: 'self-declared',
    context: 'profile',
  });
}

/** The canonical form of a messenger name carries its network: equal names on two networks are two people's. */
function seeMessenger(board: Board, row: DumpRow, user: number, network: string, raw: string | null): void {
  const name = raw === null ? null : canonicalSelector('messenger', raw);
  if (name === null) return;
  board.see(row, user, {
    selector: 'messenger',
    raw: raw!,
    canonical: `${network}:${name}`,
    basis: 'self-declared',
    context: 'profile',
  });
}

/** Selectors that an account writes about itself in free text, each once. */
function seeWritten(board: Board, row: DumpRow, user: number, text: string, context: string): void {
  const seen = new Set<string>();
  for (const { kind, raw, canonical } of findSelectors(text)) {
    if (seen.has(`${kind} ${canonical}`)) continue;
    seen.add(`${kind} ${canonical}`);
    board.see(row, user, { selector: kind, raw, canonical, basis: 'self-declared', context });
  }
}

/** Further profile fields, which administrators may define: one event a row, and sightings for known ones. */
function bindProfileFields(board: Board, column: FindColumn, columns: readonly string[]) {
  const id = column('user_id');
  const fields = columns.map((name, at) => ({ name, at })).filter(({ name }) => name.startsWith('pf_'));
  return (row: DumpRow): string | null => {
    const user = row.int(id);
    const facts: Record<string, string> = {};
    for (const { name, at } of fields) {
      const value = board.plain(row, at);
      if (value === null) continue;
      facts[name.replace(/^pf_(?:phpbb_)?/, '')] = value;
      if (messengers[name] !== undefined) seeMessenger(board, row, user, messengers[name], value);
      else if (otherSites.has(name))
        board.see(row, user, {
          selector: 'handle',
          raw: value,
          basis: 'self-declared',
          context: 'account elsewhere',
        });
      else if (name === 'pf_phpbb_website')
        board.see(row, user, { selector: 'url', raw: value, basis: 'self-declared', context: 'profile' });
      else if (name === 'pf_phpbb_location')
        board.see(row, user, { selector: 'place', raw: value, basis: 'self-declared', context: 'profile' });
      else seeWritten(board, row, user, value, 'profile');
    }
    const text = jsonOf(facts);
    if (text === null || !Number.isSafeInteger(user)) return 'no field is filled in';
    board.records
      .table('event')
      .add(
        { service: board.service, action: 'profile', account: board.accounts.of(user), text },
        row.offset,
        row.length,
      );
    return null;
  };
}

/** Bans of users, addresses and e-mail patterns. */
function bindBans(board: Board, column: FindColumn) {
  const c = {
    user: column('ban_userid'),
    ip: column('ban_ip'),
    mail: column('ban_email'),
    start: column('ban_start'),
    end: column('ban_end'),
    exclude: column('ban_exclude'),
    reason: column('ban_reason'),
    shown: column('ban_give_reason'),
  };
  return (row: DumpRow): string | null => {
    const user = row.int(c.user);
    const isExempt = row.int(c.exclude) === 1;
    if (user !== 0 && !isExempt && Number.isSafeInteger(user)) board.bans.set(user, row.int(c.end) || 0);
    const event = board.records.table('event');
    board.setTime(event, row, c.start);
    board.setIp(event.column.ip, row, c.ip);
    event.add(
      {
        service: board.service,
        action: isExempt ? 'ban exemption' : 'ban',
        target: Number.isSafeInteger(user) && user !== 0 ? board.accounts.of(user) : null,
        text: jsonOf({
          email: board.plain(row, c.mail),
          reason: board.plain(row, c.reason),
          reason_shown: board.plain(row, c.shown),
          until: formatSeconds(row.int(c.end)),
        }),
      },
      row.offset,
      row.length,
    );
    return null;
  };
}

function bindGroups(board: Board, column: FindColumn) {
  const id = column('group_id');
  const name = column('group_name');
  return (row: DumpRow): string | null => {
    const value = board.plain(row, name);
    if (value !== null && board.groups.size < 100_000) board.groups.set(row.int(id), value);
    return 'used for names of groups';
  };
}

function bindMembers(board: Board, column: FindColumn) {
  const c = {
    group: column('group_id'),
    user: column('user_id'),
    pending: column('user_pending'),
    leader: column('group_leader'),
  };
  return (row: DumpRow): string | null => {
    const user = row.int(c.user);
    if (!Number.isSafeInteger(user)) return 'no user id';
    const relation = row.int(c.pending) === 1 ? 'applicant' : row.int(c.leader) === 1 ? 'leader' : 'member';
    board.records
      .table('relation')
      .add(
        { relation, from_account: board.accounts.of(user), object: board.group(row.int(c.group)) },
        row.offset,
        row.length,
      );
    return null;
  };
}

function bindContacts(board: Board, column: FindColumn) {
  const c = {
    user: column('user_id'),
    other: column('zebra_id'),
    friend: column('friend'),
    foe: column('foe'),
  };
  return (row: DumpRow): string | null => {
    const relation = row.int(c.friend) === 1 ? 'friend' : row.int(c.foe) === 1 ? 'foe' : null;
    if (relation === null) return 'neither friend nor foe';
    board.records.table('relation').add(
      {
        relation,
        from_account: board.accounts.of(row.int(c.user)),
        to_account: board.accounts.of(row.int(c.other)),
      },
      row.offset,
      row.length,
    );
    return null;
  };
}
