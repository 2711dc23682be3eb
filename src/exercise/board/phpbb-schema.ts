/**
 * The tables of a phpBB 3.3 board that the exercise fills, as CREATE TABLE statements in MariaDB's spelling.
 * Column list: `name type[=default]`, types as below; `id:` marks the AUTO_INCREMENT column.
 * i/m/s/t = int, mediumint, smallint, tinyint (u before: unsigned) with display width; v = varchar,
 * x = varchar under unicode_ci, c = char, text, mtext = mediumtext. Keys: `p:` primary, `u:` unique.
 */
const layouts = {
  attachments: {
    columns: `attach_id id:ui10, post_msg_id ui10, topic_id ui10, in_message ut1, poster_id ui10,
      is_orphan ut1=1, physical_filename v255, real_filename v255, download_count um8,
      attach_comment text, extension v100, mimetype v100, filesize ui20, filetime ui11, thumbnail ut1`,
    keys: [
      'p:attach_id',
      'filetime filetime',
      'post_msg_id post_msg_id',
      'topic_id topic_id',
      'poster_id poster_id',
      'is_orphan is_orphan',
    ],
  },
  banlist: {
    columns: `ban_id id:ui10, ban_userid ui10, ban_ip v40, ban_email v100, ban_start ui11, ban_end ui11,
      ban_exclude ut1, ban_reason v255, ban_give_reason v255`,
    keys: [
      'p:ban_id',
      'ban_end ban_end',
      'ban_user ban_userid,ban_exclude',
      'ban_email ban_email,ban_exclude',
      'ban_ip ban_ip,ban_exclude',
    ],
  },
  bots: {
    columns: `bot_id id:ui10, bot_active ut1=1, bot_name v255, user_id ui10, bot_agent v255, bot_ip v255`,
    keys: ['p:bot_id', 'bot_active bot_active'],
  },
  config: {
    columns: `config_name v255, config_value v255, is_dynamic ut1`,
    keys: ['p:config_name', 'is_dynamic is_dynamic'],
  },
  forums: {
    columns: `forum_id id:um8, parent_id um8, left_id um8, right_id um8, forum_parents mtext, forum_name v255,
      forum_desc text, forum_desc_bitfield v255, forum_desc_options ui11=7, forum_desc_uid v8,
      forum_link v255, forum_password v255, forum_style um8, forum_image v255, forum_rules text,
      forum_rules_link v255, forum_rules_bitfield v255, forum_rules_options ui11=7, forum_rules_uid v8,
      forum_topics_per_page us4, forum_type t4, forum_status t4, forum_last_post_id ui10,
      forum_last_poster_id ui10, forum_last_post_subject v255, forum_last_post_time ui11,
      forum_last_poster_name v255, forum_last_poster_colour v6, forum_flags t4=32,
      display_on_index ut1=1, enable_indexing ut1=1, enable_icons ut1=1, enable_prune ut1,
      prune_next ui11, prune_days um8, prune_viewed um8, prune_freq um8, display_subforum_list ut1=1,
      display_subforum_limit ut1, forum_options ui20, forum_posts_approved um8,
      forum_posts_unapproved um8, forum_posts_softdeleted um8, forum_topics_approved um8,
      forum_topics_unapproved um8, forum_topics_softdeleted um8, enable_shadow_prune ut1,
      prune_shadow_days um8=7, prune_shadow_freq um8=1, prune_shadow_next i11`,
    keys: ['p:forum_id', 'left_right_id left_id,right_id', 'forum_lastpost_id forum_last_post_id'],
  },
  groups: {
    columns: `group_id id:um8, group_type t4=1, group_founder_manage ut1, group_skip_auth ut1, group_name v255,
      group_desc text, group_desc_bitfield v255, group_desc_options ui11=7, group_desc_uid v8,
      group_display ut1, group_avatar v255, group_avatar_type v255, group_avatar_width us4,
      group_avatar_height us4, group_rank um8, group_colour v6, group_sig_chars um8,
      group_receive_pm ut1, group_message_limit um8, group_legend um8, group_max_recipients um8`,
    keys: ['p:group_id', 'group_legend_name group_legend,group_name'],
  },
  log: {
    columns: `log_id id:ui10, log_type t4, user_id ui10, forum_id um8, topic_id ui10, post_id ui10,
      reportee_id ui10, log_ip v40, log_time ui11, log_operation text, log_data mtext`,
    keys: [
      'p:log_id',
      'log_type log_type',
      'forum_id forum_id',
      'topic_id topic_id',
      'reportee_id reportee_id',
      'user_id user_id',
      'log_time log_time',
    ],
  },
  login_attempts: {
    columns: `attempt_ip v40, attempt_browser v150, attempt_forwarded_for v255, attempt_time ui11,
      user_id ui10, username v255=0, username_clean v255=0`,
    keys: [
      'att_ip attempt_ip,attempt_time',
      'att_for attempt_forwarded_for,attempt_time',
      'att_time attempt_time',
      'user_id user_id',
    ],
  },
  posts: {
    columns: `post_id id:ui10, topic_id ui10, forum_id um8, poster_id ui10, icon_id um8, poster_ip v40,
      post_time ui11, post_reported ut1, enable_bbcode ut1=1, enable_smilies ut1=1,
      enable_magic_url ut1=1, enable_sig ut1=1, post_username v255, post_subject x255, post_text mtext,
      post_checksum v32, post_attachment ut1, bbcode_bitfield v255, bbcode_uid v8,
      post_postcount ut1=1, post_edit_time ui11, post_edit_reason v255, post_edit_user ui10,
      post_edit_count us4, post_edit_locked ut1, post_visibility t3, post_delete_time ui11,
      post_delete_reason v255, post_delete_user ui10`,
    keys: [
      'p:post_id',
      'forum_id forum_id',
      'topic_id topic_id',
      'poster_ip poster_ip',
      'poster_id poster_id',
      'tid_post_time topic_id,post_time',
      'post_username post_username',
      'post_visibility post_visibility',
    ],
  },
  privmsgs: {
    columns: `msg_id id:ui10, root_level um8, author_id ui10, icon_id um8, author_ip v40, message_time ui11,
      enable_bbcode ut1=1, enable_smilies ut1=1, enable_magic_url ut1=1, enable_sig ut1=1,
      message_subject v255, message_text mtext, message_edit_reason v255, message_edit_user ui10,
      message_attachment ut1, bbcode_bitfield v255, bbcode_uid v8, message_edit_time ui11,
      message_edit_count us4, to_address text, bcc_address text, message_reported ut1`,
    keys: [
      'p:msg_id',
      'author_ip author_ip',
      'message_time message_time',
      'author_id author_id',
      'root_level root_level',
    ],
  },
  privmsgs_to: {
    columns: `msg_id ui10, user_id ui10, author_id ui10, pm_deleted ut1, pm_new ut1=1, pm_unread ut1=1,
      pm_replied ut1, pm_marked ut1, pm_forwarded ut1, folder_id i11`,
    keys: ['msg_id msg_id', 'author_id author_id', 'usr_flder_id user_id,folder_id'],
  },
  profile_fields_data: {
    columns: `user_id ui10, pf_phpbb_interests mtext, pf_phpbb_occupation mtext, pf_phpbb_facebook v255,
      pf_phpbb_icq v255, pf_phpbb_youtube v255, pf_phpbb_location v255, pf_phpbb_twitter v255,
      pf_phpbb_skype v255, pf_phpbb_website v255, pf_phpbb_yahoo v255`,
    keys: ['p:user_id'],
  },
  reports: {
    columns: `report_id id:ui10, reason_id us4, post_id ui10, user_id ui10, user_notify ut1, report_closed ut1,
      report_time ui11, report_text mtext, pm_id ui10, reported_post_enable_bbcode ut1=1,
      reported_post_enable_smilies ut1=1, reported_post_enable_magic_url ut1=1,
      reported_post_text mtext, reported_post_uid v8, reported_post_bitfield v255`,
    keys: ['p:report_id', 'post_id post_id', 'pm_id pm_id'],
  },
  reports_reasons: {
    columns: `reason_id id:us4, reason_title v255, reason_description mtext, reason_order us4`,
    keys: ['p:reason_id'],
  },
  sessions: {
    columns: `session_id c32, session_user_id ui10, session_last_visit ui11, session_start ui11,
      session_time ui11, session_ip v40, session_browser v150, session_forwarded_for v255,
      session_page v255, session_viewonline ut1=1, session_autologin ut1, session_admin ut1,
      session_forum_id um8`,
    keys: [
      'p:session_id',
      'session_time session_time',
      'session_user_id session_user_id',
      'session_fid session_forum_id',
    ],
  },
  sessions_keys: {
    columns: `key_id c32, user_id ui10, last_ip v40, last_login ui11`,
    keys: ['p:key_id,user_id', 'last_login last_login'],
  },
  topics: {
    columns: `topic_id id:ui10, forum_id um8, icon_id um8, topic_attachment ut1, topic_reported ut1,
      topic_title x255, topic_poster ui10, topic_time ui11, topic_time_limit ui11, topic_views um8,
      topic_status t3, topic_type t3, topic_first_post_id ui10, topic_first_poster_name x255,
      topic_first_poster_colour v6, topic_last_post_id ui10, topic_last_poster_id ui10,
      topic_last_poster_name v255, topic_last_poster_colour v6, topic_last_post_subject v255,
      topic_last_post_time ui11, topic_last_view_time ui11, topic_moved_id ui10, topic_bumped ut1,
      topic_bumper um8, poll_title v255, poll_start ui11, poll_length ui11, poll_max_options t4=1,
      poll_last_vote ui11, poll_vote_change ut1, topic_visibility t3, topic_delete_time ui11,
      topic_delete_reason v255, topic_delete_user ui10, topic_posts_approved um8,
      topic_posts_unapproved um8, topic_posts_softdeleted um8`,
    keys: [
      'p:topic_id',
      'forum_id forum_id',
      'forum_id_type forum_id,topic_type',
      'last_post_time topic_last_post_time',
      'fid_time_moved forum_id,topic_last_post_time,topic_moved_id',
      'topic_visibility topic_visibility',
      'forum_vis_last forum_id,topic_visibility,topic_last_post_id',
      'latest_topics forum_id,topic_last_post_time,topic_last_post_id,topic_moved_id',
    ],
  },
  user_group: {
    columns: `group_id um8, user_id ui10, group_leader ut1, user_pending ut1=1`,
    keys: ['group_id group_id', 'user_id user_id', 'group_leader group_leader'],
  },
  users: {
    columns: `user_id id:ui10, user_type t2, group_id um8=3, user_permissions mtext, user_perm_from um8,
      user_ip v40, user_regdate ui11, username v255, username_clean v255, user_password v255,
      user_passchg ui11, user_email v100, user_birthday v10, user_lastvisit ui11, user_lastmark ui11,
      user_lastpost_time ui11, user_lastpage v200, user_last_confirm_key v10, user_last_search ui11,
      user_warnings t4, user_last_warning ui11, user_login_attempts t4, user_inactive_reason t2,
      user_inactive_time ui11, user_posts um8, user_lang v30, user_timezone v100,
      user_dateformat v64=d_M_Y_H:i, user_style um8, user_rank um8, user_colour v6,
      user_new_privmsg i4, user_unread_privmsg i4, user_last_privmsg ui11, user_message_rules ut1,
      user_full_folder i11=-3, user_emailtime ui11, user_topic_show_days us4,
      user_topic_sortby_type v1=t, user_topic_sortby_dir v1=d, user_post_show_days us4,
      user_post_sortby_type v1=t, user_post_sortby_dir v1=a, user_notify ut1, user_notify_pm ut1=1,
      user_notify_type t4, user_allow_pm ut1=1, user_allow_viewonline ut1=1,
      user_allow_viewemail ut1=1, user_allow_massemail ut1=1, user_options ui11=230271,
      user_avatar v255, user_avatar_type v255, user_avatar_width us4, user_avatar_height us4,
      user_sig mtext, user_sig_bbcode_uid v8, user_sig_bbcode_bitfield v255, user_jabber v255,
      user_actkey v32, reset_token v64, reset_token_expiration ui11, user_newpasswd v255,
      user_form_salt v32, user_new ut1=1, user_reminded t4, user_reminded_time ui11`,
    keys: [
      'p:user_id',
      'u:username_clean username_clean',
      'user_birthday user_birthday',
      'user_type user_type',
      'user_email user_email',
    ],
  },
  warnings: {
    columns: `warning_id id:um8, user_id ui10, post_id ui10, log_id ui10, warning_time ui11`,
    keys: ['p:warning_id'],
  },
  zebra: {
    columns: `user_id ui10, zebra_id ui10, friend ut1, foe ut1`,
    keys: ['p:user_id,zebra_id'],
  },
} as const;

export type BoardTable = keyof typeof layouts;
export const boardTables = Object.keys(layouts) as BoardTable[];

const wholeNumbers: Record<string, string> = { i: 'int', m: 'mediumint', s: 'smallint', t: 'tinyint' };

function columnType(code: string): string {
  const [kind, fallback] = code.replace(/^id:/, '').split('=') as [string, string?];
  if (kind === 'text' || kind === 'mtext') return `${kind === 'text' ? 'text' : 'mediumtext'} NOT NULL`;
  const [, unsigned, letter, width] = /^(u?)([imstvxc])(\d+)$/.exec(kind)!;
  const whole = wholeNumbers[letter!];
  if (whole) {
    const end = code.startsWith('id:') ? 'AUTO_INCREMENT' : `DEFAULT ${fallback ?? 0}`;
    return `${whole}(${width})${unsigned ? ' unsigned' : ''} NOT NULL ${end}`;
  }
  const collation = letter === 'x' ? ' CHARACTER SET utf8mb3 COLLATE utf8mb3_unicode_ci' : '';
  return `${letter === 'c' ? 'char' : 'varchar'}(${width})${collation} NOT NULL DEFAULT '${(fallback ?? '').replaceAll('_', ' ')}'`;
}

function keyText(key: string): string {
  const [head, columns] = key.split(' ') as [string, string?];
  const list = (columns ?? head.replace(/^[pu]:/, '')).split(',').map((name) => `\`${name}\``);
  if (key.startsWith('p:')) return `PRIMARY KEY (${list.join(',')})`;
  return `${key.startsWith('u:') ? 'UNIQUE ' : ''}KEY \`${head.replace(/^u:/, '')}\` (${list.join(',')})`;
}

/** The columns of a table in order, with the value a row has where nothing is said. */
export function columnsOf(table: BoardTable): { name: string; fallback: string | number }[] {
  return layouts[table].columns.split(',').map((column) => {
    const [name, code] = column.trim().split(' ') as [string, string];
    const [kind, fallback] = code.replace(/^id:/, '').split('=') as [string, string?];
    return {
      name,
      fallback: /^u?[imst]\d/.test(kind) ? Number(fallback ?? 0) : (fallback ?? '').replaceAll('_', ' '),
    };
  });
}

/** CREATE TABLE as mariadb-dump prints it. `next` is the next id of the AUTO_INCREMENT column, if any. */
export function createTable(table: BoardTable, next: number): string {
  const { columns, keys } = layouts[table];
  const lines = columns.split(',').map((column) => {
    const [name, code] = column.trim().split(' ') as [string, string];
    return `  \`${name}\` ${columnType(code)}`;
  });
  const counter = columns.includes(' id:') && next > 1 ? ` AUTO_INCREMENT=${next}` : '';
  const body = [...lines, ...keys.map((key) => `  ${keyText(key)}`)].join(',\n');
  return `CREATE TABLE \`phpbb_${table}\` (\n${body}\n) ENGINE=InnoDB${counter} DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;\n`;
}
