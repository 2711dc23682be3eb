import { worldStart } from '../clock.ts';
import { type Accounts, clean } from '../people/accounts.ts';
import { crawlers } from '../people/agents.ts';
import type { Contacts } from '../people/contacts.ts';
import type { Lines } from '../people/lines.ts';
import { Dice, purpose } from '../random.ts';
import type { Board } from './board.ts';
import type { BoardDump } from './dump.ts';
import { escapeField } from './phpbb-text.ts';

const p = { profile: purpose('profile'), user: purpose('user row'), zebra: purpose('friends and foes') };
const dateFormat = 'D M d, Y g:i a';
const towns = [
  'Larkford',
  'Oosterdam',
  'Wattlebrook',
  'Steinau am Bach',
  'Pont-Clair',
  'Valdenogal',
  'Brzezina',
  'Kamisato',
];

/** Users in order of user id, with group, profile fields, friends and foes. */
export async function writeUsers(
  dump: BoardDump,
  accounts: Accounts,
  lines: Lines,
  contacts: Contacts,
  board: Board,
): Promise<void> {
  writeSystemUsers(dump);
  const dice = new Dice(accounts.world.seed);
  for (const account of accounts.byUserId) {
    writeUser(dump, accounts, lines, board, account, dice.at(account, p.user));
    writeProfile(dump, accounts, account, dice.at(account, p.profile));
    writeFriends(dump, accounts, contacts, account, dice.at(account, p.zebra));
    if (dump.full) await dump.drain();
  }
}

/** The guest account and the crawlers, which phpBB keeps as users. */
function writeSystemUsers(dump: BoardDump): void {
  const guest = { name: 'Anonymous', id: 1, group: 1, colour: '' };
  const bots = crawlers.map(({ name }, index) => ({ name, id: 3 + index, group: 6, colour: '9E8DA7' }));
  for (const { name, id, group, colour } of [guest, ...bots]) {
    dump.row('users', {
      user_id: id,
      user_type: 2,
      group_id: group,
      user_regdate: worldStart + 32_410,
      username: name,
      username_clean: clean(name),
      user_lastmark: worldStart + 32_410,
      user_lang: 'en',
      user_dateformat: dateFormat,
      user_style: 1,
      user_colour: colour,
      user_form_salt: '0'.repeat(16),
    });
    writeMembership(dump, group, id);
  }
  for (const [index, { name, agent }] of crawlers.entries()) {
    dump.row('bots', {
      bot_id: index + 1,
      bot_name: name,
      user_id: 3 + index,
      bot_agent: agent.slice(0, 60),
    });
  }
}

function writeMembership(dump: BoardDump, group: number, user: number): void {
  dump.row('user_group', { group_id: group, user_id: user, user_pending: 0 });
}

function writeUser(
  dump: BoardDump,
  accounts: Accounts,
  lines: Lines,
  board: Board,
  account: number,
  dice: Dice,
): void {
  const owner = accounts.owner(account);
  const at = accounts.registeredAt[account]!;
  const user = accounts.userId[account]!;
  const country = accounts.world.country(owner.id);
  const handle = escapeField(accounts.handles[account]!);
  const founder = account === 0;
  const posts = board.posts.written[account]!;
  const born = `${String(dice.between(1, 28)).padStart(2)}-${String(dice.between(1, 12)).padStart(2)}-${owner.born}`;
  dump.row('users', {
    user_id: user,
    user_type: founder ? 3 : 0,
    group_id: founder ? 5 : 2,
    user_ip: board.registeredFrom[account] ?? lines.home(owner.household, owner.id, at, false).ip,
    user_regdate: at,
    username: handle,
    username_clean: clean(handle),
    user_password: `$argon2id$v=19$m=65536,t=4,p=2$${dice.letters(22)}$${dice.letters(43)}`,
    user_passchg: at,
    user_email: accounts.email(account),
    user_birthday: dice.chance(0.15) ? born : '',
    user_lastvisit: board.lastSeen[account] || at,
    user_lastmark: at,
    user_lastpost_time: board.posts.lastAt[account]!,
    user_lastpage: 'index.php',
    user_warnings: board.moderation.warned.get(account) ?? 0,
    user_posts: posts,
    user_lang: country.language === 'ja' || dice.chance(0.5) ? country.language : 'en',
    user_timezone: dice.chance(0.8) ? country.zone : 'UTC',
    user_dateformat: dateFormat,
    user_style: 1,
    user_rank: founder ? 1 : 0,
    user_colour: founder ? 'AA0000' : '',
    user_sig: dice.chance(0.1) ? `<t>${owner.given} from ${dice.pick(towns)}</t>` : '',
    user_jabber: dice.chance(0.03) ? `${owner.chatName}@jabber.example` : '',
    user_form_salt: dice.letters(16),
    user_new: posts < 3 ? 1 : 0,
  });
  for (const group of founder ? [2, 5] : [2]) writeMembership(dump, group, user);
}

function writeProfile(dump: BoardDump, accounts: Accounts, account: number, dice: Dice): void {
  if (!dice.chance(0.3)) return;
  const owner = accounts.owner(account);
  const skype = dice.chance(0.12) ? owner.chatName : '';
  const web = dice.chance(0.1)
    ? `https://${owner.stem}-${accounts.world.tag('site', owner.id).toString(36)}.example/`
    : '';
  const place = dice.chance(0.7) ? dice.pick(towns) : '';
  dump.row('profile_fields_data', {
    user_id: accounts.userId[account]!,
    pf_phpbb_location: place,
    pf_phpbb_skype: skype,
    pf_phpbb_website: web,
  });
}

function writeFriends(
  dump: BoardDump,
  accounts: Accounts,
  contacts: Contacts,
  account: number,
  dice: Dice,
): void {
  const seen = new Set<number>();
  for (let n = dice.chance(0.2) ? dice.between(1, 3) : 0; n > 0; n--) {
    const other = contacts.partner(account, n);
    if (other < 0 || seen.has(other)) continue;
    seen.add(other);
    const foe = dice.chance(0.1) ? 1 : 0;
    const [user_id, zebra_id] = [accounts.userId[account]!, accounts.userId[other]!];
    dump.row('zebra', { user_id, zebra_id, friend: 1 - foe, foe });
  }
}
