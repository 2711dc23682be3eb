import { worldStart } from '../clock.ts';
import type { Accounts } from '../people/accounts.ts';
import type { Board } from './board.ts';
import { boardName, firstForum, forums, serverName } from './board-parts.ts';
import type { BoardDump } from './dump.ts';
import { escapeField } from './phpbb-text.ts';

const settings: Readonly<Record<string, string>> = {
  allow_attachments: '1',
  allow_privmsg: '1',
  board_email: `harbourmaster@${serverName}`,
  board_startdate: String(worldStart + 32_400),
  board_timezone: 'Europe/Amsterdam',
  cookie_name: 'phpbb3_aw7k2',
  default_lang: 'en',
  script_path: '/',
  server_name: serverName,
  server_protocol: 'http://',
  session_length: '3600',
  site_desc: 'Bicycles, beans, bread and beds',
  sitename: boardName,
  upload_path: 'files',
  version: '3.3.10',
};

/** phpBB's own groups: name, colour, place in the legend. */
const groups: readonly (readonly [string, string, number])[] = [
  ['GUESTS', '', 0],
  ['REGISTERED', '', 0],
  ['REGISTERED_COPPA', '', 0],
  ['GLOBAL_MODERATORS', '00AA00', 1],
  ['ADMINISTRATORS', 'AA0000', 2],
  ['BOTS', '9E8DA7', 0],
  ['NEWLY_REGISTERED', '', 0],
];

const reasons: readonly (readonly [string, string])[] = [
  ['warez', 'The post contains links to pirated software.'],
  ['spam', 'The post is only there to advertise something.'],
  ['off_topic', 'The post is off topic.'],
  ['other', 'None of the other reasons fits; see the further information.'],
];

/** Settings, groups and reasons for reports. */
export function writeSettings(dump: BoardDump, board: Board): void {
  const counts = { num_posts: String(board.posts.lastId), num_topics: String(board.topics.lastId) };
  const all = Object.entries({ ...settings, ...counts }).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, value] of all) {
    const is_dynamic = name in counts ? 1 : 0;
    dump.row('config', { config_name: name, config_value: escapeField(value), is_dynamic });
  }
  groups.forEach(([name, colour, legend], index) => {
    dump.row('groups', {
      group_id: index + 1,
      group_type: 3,
      group_founder_manage: name === 'ADMINISTRATORS' ? 1 : 0,
      group_name: name,
      group_colour: colour,
      group_receive_pm: 1,
      group_legend: legend,
      group_max_recipients: 5,
    });
  });
  for (const [index, [title, text]] of reasons.entries()) {
    const order = { reason_id: index + 1, reason_order: index + 1 };
    dump.row('reports_reasons', { ...order, reason_title: title, reason_description: text });
  }
}

/** The category and its forums, with their counts and last posts. */
export function writeForums(dump: BoardDump, accounts: Accounts, board: Board): void {
  const name = escapeField(boardName);
  const right = 2 + forums.length * 2;
  dump.row('forums', { forum_id: 1, left_id: 1, right_id: right, forum_name: name });
  const parents = `a:1:{i:1;a:2:{i:0;s:${Buffer.byteLength(name)}:"${name}";i:1;i:0;}}`;
  forums.forEach((title, index) => {
    const last = board.topics.forumLast[index];
    const lastPost = last && {
      forum_last_post_id: last.lastPost,
      forum_last_poster_id: accounts.userId[last.lastPoster]!,
      forum_last_post_subject: escapeField(`Re: ${last.title}`),
      forum_last_post_time: last.lastAt,
      forum_last_poster_name: escapeField(accounts.handles[last.lastPoster]!),
    };
    dump.row('forums', {
      forum_id: index + firstForum,
      parent_id: 1,
      left_id: index * 2 + 2,
      right_id: index * 2 + 3,
      forum_parents: parents,
      forum_name: title,
      forum_desc: `About ${title.toLowerCase()}`,
      forum_type: 1,
      ...lastPost,
      forum_flags: 112,
      forum_posts_approved: board.topics.forumPosts[index]!,
      forum_topics_approved: board.topics.forumTopics[index]!,
    });
  });
}
