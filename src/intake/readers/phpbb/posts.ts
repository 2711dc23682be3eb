import type { DumpRow } from '../../sql-dump/read-dump.ts';
import { type Board, type FindColumn, formatSeconds, jsonOf } from './board.ts';
import type { BoardTable } from './board-table.ts';

/** Tables of posts and what belongs to them. phpBB 2.0 keeps posts in two tables; see post-headers.ts. */
export const postTables: readonly BoardTable[] = [
  { suffix: 'posts', needs: ['post_id', 'poster_id', 'poster_ip', 'post_text'], bind: bindPosts },
  { suffix: 'drafts', needs: ['draft_id', 'draft_message'], bind: bindDrafts },
  {
    suffix: 'attachments',
    needs: ['attach_id', 'physical_filename', 'real_filename'],
    bind: bindAttachments,
  },
  { suffix: 'forums', needs: ['forum_id', 'forum_name'], bind: bindForums },
  { suffix: 'topics', needs: ['topic_id', 'topic_title', 'topic_poster', 'poll_title'], bind: bindTopics },
];

const visibilities = ['awaiting approval', 'visible', 'soft-deleted', 'awaiting re-approval'];

/** Posts of phpBB 3. `post_visibility` since 3.1, `post_approved` before. */
function bindPosts(board: Board, column: FindColumn) {
  const c = {
    id: column('post_id'),
    topic: column('topic_id'),
    forum: column('forum_id'),
    poster: column('poster_id'),
    ip: column('poster_ip'),
    time: column('post_time'),
    name: column('post_username'),
    subject: column('post_subject'),
    text: column('post_text'),
    uid: column('bbcode_uid'),
    visibility: column('post_visibility'),
    approved: column('post_approved'),
    edits: column('post_edit_count'),
    edited: column('post_edit_time'),
    deleted: column('post_delete_time'),
    reported: column('post_reported'),
  };
  const attributes = bindPostAttributes(board, column);
  return (row: DumpRow): string | null => {
    const id = row.int(c.id);
    if (!Number.isSafeInteger(id)) return 'no post id';
    const poster = row.int(c.poster);
    const message = board.records.table('message');
    const set = message.column;
    // Values from the same bytes are set one after another.
    board.posts.set(set.message, id);
    board.accounts.set(set.sender, poster);
    setNumber(set.native_id, row, c.id);
    setNumber(set.thread, row, c.topic);
    board.setIp(set.ip, row, c.ip);
    set.service.text(board.service);
    set.channel.text('post');
    board.setText(set.sender_name, row, c.name);
    board.setTime(message, row, c.time);
    board.setText(set.subject, row, c.subject);
    setBody(board, row, c.text, c.uid, set.body);
    set.body_format.text('bbcode');
    if (board.text.quotedPost > 0) board.posts.set(set.in_reply_to, board.text.quotedPost);
    set.place.text(board.forum(row.int(c.forum)));
    const state = c.visibility >= 0 ? visibilities[row.int(c.visibility)] : visibilities[row.int(c.approved)];
    if (state !== undefined) set.state.text(state);
    if (
      row.int(c.edits) > 0 ||
      row.int(c.edited) > 0 ||
      row.int(c.deleted) > 0 ||
      row.int(c.reported) === 1
    ) {
      const text = attributes(row);
      if (text !== null) set.attributes.text(text);
    }
    message.end(row.offset, row.length);
    board.postAuthors.add(id, Math.max(poster, 0));
    board.seeIp(row, poster, c.ip, c.time, 'post');
    return null;
  };
}

function bindPostAttributes(board: Board, column: FindColumn) {
  const c = {
    edited: column('post_edit_time'),
    edits: column('post_edit_count'),
    editReason: column('post_edit_reason'),
    editor: column('post_edit_user'),
    deleted: column('post_delete_time'),
    deleteReason: column('post_delete_reason'),
    deleter: column('post_delete_user'),
    reported: column('post_reported'),
  };
  const account = (user: number) => (user > 0 ? board.accounts.of(user) : null);
  return (row: DumpRow): string | null =>
    jsonOf({
      deleted: formatSeconds(row.int(c.deleted)),
      deleted_by: account(row.int(c.deleter)),
      delete_reason: board.plain(row, c.deleteReason),
      edited: formatSeconds(row.int(c.edited)),
      edited_by: account(row.int(c.editor)),
      edit_reason: board.plain(row, c.editReason),
      edits: row.int(c.edits),
      reported: row.int(c.reported) === 1,
    });
}

/** Copies a whole number as it is written. */
export function setNumber(
  to: { bytes(source: Uint8Array, start: number, end: number): boolean },
  row: DumpRow,
  column: number,
): void {
  if (Number.isNaN(row.int(column)) || !row.load(column)) return;
  to.bytes(row.value, row.from, row.to);
}

/** The readable text of a message; afterwards `board.text.quotedPost` is that of this text. */
export function setBody(
  board: Board,
  row: DumpRow,
  column: number,
  uidColumn: number,
  to: { bytes(source: Uint8Array, start: number, end: number): boolean },
): void {
  const uid = row.isEmpty(uidColumn) ? '' : (row.text(uidColumn) ?? '');
  if (board.text.loadBody(row, column, uid)) to.bytes(board.text.bytes, board.text.from, board.text.to);
}

/** Messages that were begun and kept, never sent. */
function bindDrafts(board: Board, column: FindColumn) {
  const c = {
    id: column('draft_id'),
    user: column('user_id'),
    topic: column('topic_id'),
    forum: column('forum_id'),
    time: column('save_time'),
    subject: column('draft_subject'),
    text: column('draft_message'),
  };
  return (row: DumpRow): string | null => {
    const id = row.int(c.id);
    if (!Number.isSafeInteger(id)) return 'no draft id';
    const message = board.records.table('message');
    board.setTime(message, row, c.time);
    board.setText(message.column.subject, row, c.subject);
    setBody(board, row, c.text, -1, message.column.body);
    message.add(
      {
        message: `${board.service}/draft/${id}`,
        service: board.service,
        native_id: String(id),
        channel: 'draft',
        sender: board.accounts.of(row.int(c.user)),
        body_format: 'bbcode',
        thread: row.int(c.topic) > 0 ? String(row.int(c.topic)) : null,
        place: row.int(c.forum) > 0 ? board.forum(row.int(c.forum)) : null,
        state: 'draft',
      },
      row.offset,
      row.length,
    );
    return null;
  };
}

/** `stored_name` is the name in the board's `files` folder, which is what `content.name` holds. */
function bindAttachments(board: Board, column: FindColumn) {
  const c = {
    id: column('attach_id'),
    message: column('post_msg_id'),
    inMessage: column('in_message'),
    poster: column('poster_id'),
    orphan: column('is_orphan'),
    stored: column('physical_filename'),
    name: column('real_filename'),
    type: column('mimetype'),
    size: column('filesize'),
    time: column('filetime'),
  };
  return (row: DumpRow): string | null => {
    const file = board.records.table('file');
    const set = file.column;
    set.service.text(board.service);
    setNumber(set.native_id, row, c.id);
    board.accounts.set(set.account, row.int(c.poster));
    const message = row.int(c.message);
    const isOrphan = row.int(c.orphan) === 1;
    if (message > 0 && !isOrphan)
      (row.int(c.inMessage) === 1 ? board.privateMessages : board.posts).set(set.message, message);
    board.setText(set.name, row, c.name);
    board.setText(set.stored_name, row, c.stored);
    board.setText(set.media_type, row, c.type);
    if (row.int(c.size) >= 0) set.size.int(row.int(c.size));
    board.setTime(file, row, c.time);
    if (isOrphan) set.state.text('orphan');
    file.end(row.offset, row.length);
    return null;
  };
}

function bindForums(board: Board, column: FindColumn) {
  const id = column('forum_id');
  const name = column('forum_name');
  return (row: DumpRow): string | null => {
    const value = board.plain(row, name);
    if (value !== null && board.forums.size < 100_000) board.forums.set(row.int(id), value);
    return 'used for names of forums';
  };
}

/** A topic's heading repeats its first post; what stands nowhere else is the question of a poll. */
function bindTopics(board: Board, column: FindColumn) {
  const c = {
    id: column('topic_id'),
    poster: column('topic_poster'),
    title: column('poll_title'),
    start: column('poll_start'),
  };
  return (row: DumpRow): string | null => {
    const title = board.plain(row, c.title);
    if (title === null) return 'repeats its posts';
    const event = board.records.table('event');
    board.accounts.set(event.column.account, row.int(c.poster));
    board.setTime(event, row, c.start);
    const text = jsonOf({ question: title, topic: row.int(c.id) });
    event.add({ service: board.service, action: 'poll', text }, row.offset, row.length);
    return null;
  };
}
