import type { DumpRow } from '../../sql-dump/read-dump.ts';
import { type Board, type FindColumn, formatSeconds, jsonOf } from './board.ts';
import type { BoardTable } from './board-table.ts';
import { IdMap } from './id-map.ts';
import { setBody, setNumber } from './posts.ts';

/**
 * Messages of phpBB 2.0, which keeps the header and the text of a message in two tables. Headers are held in
 * flat arrays until the text arrives (dumps have `posts` before `posts_text`); the message points to the
 * text's row and states the header's place in its attributes, while the address points to the header's row.
 *
 * When a recipient first reads a private message, phpBB 2.0 copies it for the sender: the copies (types 2 and
 * 4) of a message that is there are counted as such, and where only the copy is left it stands for the message.
 */
export const version2Tables: readonly BoardTable[] = [
  { suffix: 'posts', needs: ['post_id', 'poster_id', 'poster_ip', 'post_time'], bind: bindPostHeaders },
  { suffix: 'posts_text', needs: ['post_id', 'post_text'], bind: bindPostTexts },
  { suffix: 'privmsgs', needs: ['privmsgs_id', 'privmsgs_from_userid'], bind: bindMessageHeaders },
  { suffix: 'privmsgs_text', needs: ['privmsgs_text_id', 'privmsgs_text'], bind: bindMessageTexts },
];

/** Whole numbers of a header, by place in a record. */
const f = {
  id: 0,
  topic: 1,
  forum: 2,
  from: 3,
  to: 4,
  time: 5,
  edited: 6,
  edits: 7,
  offset: 8,
  length: 9,
  used: 10,
  type: 11,
  copy: 12,
} as const;
const fields = 13;
/** 104 bytes each. */
const maxHeaders = 4_000_000;

/** Headers waiting for their text. */
class Headers {
  private numbers = new Float64Array(fields * 1024);
  private readonly slots = new IdMap();
  readonly names = new Map<number, string>();
  readonly addresses: string[] = [];
  size = 0;

  add(values: readonly number[]): number | null {
    if (this.size === maxHeaders || !this.slots.add(values[f.id]!, this.size)) return null;
    if ((this.size + 1) * fields > this.numbers.length) {
      const grown = new Float64Array(this.numbers.length * 2);
      grown.set(this.numbers);
      this.numbers = grown;
    }
    this.numbers.set(values, this.size * fields);
    return this.size++;
  }
  slot(id: number): number | undefined {
    return this.slots.get(id);
  }
  at(slot: number, field: number): number {
    return this.numbers[slot * fields + field]!;
  }
  /** True when this very row was read before. */
  holds(id: number, offset: number): boolean {
    const slot = this.slots.get(id);
    return slot !== undefined && this.at(slot, f.offset) === offset;
  }
  use(slot: number): void {
    this.numbers[slot * fields + f.used] = 1;
  }
}

const headersOf = new WeakMap<Board, { posts: Headers; messages: Headers }>();

function headers(board: Board): { posts: Headers; messages: Headers } {
  let both = headersOf.get(board);
  if (!both) {
    both = { posts: new Headers(), messages: new Headers() };
    headersOf.set(board, both);
    const { posts, messages } = both;
    board.closing.push(() => {
      for (const [held, channel] of [
        [posts, 'post'],
        [messages, 'private message'],
      ] as const) {
        for (let slot = 0; slot < held.size; slot++) {
          if (held.at(slot, f.used) === 1) continue;
          setHeader(board, held, slot, channel);
          board.records.table('message').end(held.at(slot, f.offset), held.at(slot, f.length));
          board.records.warn(
            'text-missing',
            'a message has no text',
            held.at(slot, f.offset),
            held.at(slot, f.length),
          );
        }
      }
    });
  }
  return both;
}

/** True for a table of texts none of whose headers were read. */
export function isHeadless(board: Board, suffix: string): boolean {
  if (suffix === 'posts_text') return headers(board).posts.size === 0;
  return suffix === 'privmsgs_text' && headers(board).messages.size === 0;
}

/** Sets what a header says of the message at hand. */
function setHeader(board: Board, held: Headers, slot: number, channel: 'post' | 'private message'): void {
  const message = board.records.table('message');
  const set = message.column;
  const id = held.at(slot, f.id);
  (channel === 'post' ? board.posts : board.privateMessages).set(set.message, id);
  set.service.text(board.service);
  set.native_id.text(String(id));
  set.channel.text(channel);
  board.accounts.set(set.sender, held.at(slot, f.from));
  board.setSeconds(message, held.at(slot, f.time));
  const name = held.names.get(slot);
  if (name !== undefined) (channel === 'post' ? set.sender_name : set.subject).text(name);
  if (held.addresses[slot]) set.ip.text(held.addresses[slot]);
  if (channel === 'post') {
    set.thread.text(String(held.at(slot, f.topic)));
    set.place.text(board.forum(held.at(slot, f.forum)));
    set.state.text('visible');
  }
  set.attributes.text(
    jsonOf({
      edited: formatSeconds(held.at(slot, f.edited)),
      edits: held.at(slot, f.edits),
      header: { length: held.at(slot, f.length), offset: held.at(slot, f.offset) },
      mailbox: channel === 'post' ? null : (mailboxes[held.at(slot, f.type)] ?? null),
    })!,
  );
}

function addressOf(board: Board, row: DumpRow, column: number): string {
  return board.loadIp(row, column) ? row.value.toString('latin1', row.from, row.to) : '';
}

function bindPostHeaders(board: Board, column: FindColumn) {
  const c = {
    id: column('post_id'),
    topic: column('topic_id'),
    forum: column('forum_id'),
    poster: column('poster_id'),
    ip: column('poster_ip'),
    time: column('post_time'),
    name: column('post_username'),
    edited: column('post_edit_time'),
    edits: column('post_edit_count'),
  };
  const { posts } = headers(board);
  return (row: DumpRow): string | null => {
    const number = (at: number) => row.int(at) || 0;
    const id = number(c.id);
    if (posts.holds(id, row.offset)) return null;
    const poster = number(c.poster);
    const slot = posts.add([
      id,
      number(c.topic),
      number(c.forum),
      poster,
      0,
      number(c.time),
      number(c.edited),
      number(c.edits),
      row.offset,
      row.length,
    ]);
    if (slot === null) return posts.size === maxHeaders ? 'too many headers to hold' : 'post id repeated';
    posts.addresses.push(addressOf(board, row, c.ip));
    const name = board.plain(row, c.name);
    if (name !== null) posts.names.set(slot, name);
    board.seeIp(row, poster, c.ip, c.time, 'post');
    return null;
  };
}

function bindPostTexts(board: Board, column: FindColumn) {
  const c = {
    id: column('post_id'),
    uid: column('bbcode_uid'),
    subject: column('post_subject'),
    text: column('post_text'),
  };
  const { posts } = headers(board);
  return (row: DumpRow): string | null => {
    const message = board.records.table('message');
    const set = message.column;
    const slot = posts.slot(row.int(c.id));
    if (slot !== undefined && posts.at(slot, f.used) === 1) return 'post id repeated';
    if (slot === undefined) {
      board.posts.set(set.message, row.int(c.id));
      set.service.text(board.service);
      setNumber(set.native_id, row, c.id);
      set.channel.text('post');
      set.state.text('header missing');
    } else {
      posts.use(slot);
      setHeader(board, posts, slot, 'post');
    }
    board.setText(set.subject, row, c.subject);
    setBody(board, row, c.text, c.uid, set.body);
    set.body_format.text('bbcode');
    message.end(row.offset, row.length);
    return null;
  };
}

const copyReason = 'copy of a private message already read';
const mailboxes = ['read', 'new', 'sent copy', 'saved', 'saved copy', 'unread'];

function bindMessageHeaders(board: Board, column: FindColumn) {
  const c = {
    id: column('privmsgs_id'),
    type: column('privmsgs_type'),
    subject: column('privmsgs_subject'),
    from: column('privmsgs_from_userid'),
    to: column('privmsgs_to_userid'),
    time: column('privmsgs_date'),
    ip: column('privmsgs_ip'),
  };
  const { messages } = headers(board);
  const seen = new Set<string>();
  return (row: DumpRow): string | null => {
    const number = (at: number) => row.int(at) || 0;
    const id = number(c.id);
    const held = messages.slot(id);
    if (held !== undefined && messages.holds(id, row.offset))
      return messages.at(held, f.copy) === 1 ? copyReason : null;
    const [from, to, time] = [number(c.from), number(c.to), number(c.time)];
    const subject = board.plain(row, c.subject) ?? '';
    // A copy has the same sender, recipient, second and subject.
    const identity = `${from} ${to} ${time} ${subject}`;
    if (seen.has(identity)) {
      const slot = messages.add([
        id,
        0,
        0,
        from,
        to,
        time,
        0,
        0,
        row.offset,
        row.length,
        1,
        number(c.type),
        1,
      ]);
      if (slot !== null) messages.addresses.push('');
      return copyReason;
    }
    const slot = messages.add([id, 0, 0, from, to, time, 0, 0, row.offset, row.length, 0, number(c.type)]);
    if (slot === null)
      return messages.size === maxHeaders ? 'too many headers to hold' : 'message id repeated';
    seen.add(identity);
    messages.addresses.push(addressOf(board, row, c.ip));
    if (subject !== '') messages.names.set(slot, subject);
    board.seeIp(row, from, c.ip, c.time, 'private message');
    const relation = board.records.table('relation');
    board.setSeconds(relation as never, time);
    relation.add(
      {
        relation: 'to',
        from_account: board.accounts.of(from),
        to_account: board.accounts.of(to),
        object: board.privateMessages.of(id),
      },
      row.offset,
      row.length,
    );
    return null;
  };
}

function bindMessageTexts(board: Board, column: FindColumn) {
  const c = {
    id: column('privmsgs_text_id'),
    uid: column('privmsgs_bbcode_uid'),
    text: column('privmsgs_text'),
  };
  const { messages } = headers(board);
  return (row: DumpRow): string | null => {
    const message = board.records.table('message');
    const set = message.column;
    const slot = messages.slot(row.int(c.id));
    if (slot !== undefined && messages.at(slot, f.used) === 1) return copyReason;
    if (slot === undefined) {
      board.privateMessages.set(set.message, row.int(c.id));
      set.service.text(board.service);
      setNumber(set.native_id, row, c.id);
      set.channel.text('private message');
      set.state.text('header missing');
    } else {
      messages.use(slot);
      setHeader(board, messages, slot, 'private message');
    }
    setBody(board, row, c.text, c.uid, set.body);
    set.body_format.text('bbcode');
    message.end(row.offset, row.length);
    return null;
  };
}
