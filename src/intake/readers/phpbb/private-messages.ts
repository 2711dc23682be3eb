import type { DumpRow } from '../../sql-dump/read-dump.ts';
import { type Board, type FindColumn, formatSeconds, jsonOf } from './board.ts';
import type { BoardTable } from './board-table.ts';
import { setBody, setNumber } from './posts.ts';

/**
 * Private messages of phpBB 3 and who they reached.
 *
 * Two tables say so. `privmsgs` lists who was addressed ("u_58:g_3" for a user and a group); `privmsgs_to`
 * holds one copy for each mailbox the message lies in, groups resolved to their members, but loses the row
 * when its owner deletes it. A recipient is whoever either of them names: users addressed by name come from
 * the address list (which also tells 'to' from 'bcc'), everybody else from the copies. A copy in the
 * sender's own mailbox makes nobody a recipient. A set of the pairs written so far keeps each relation
 * single, whichever table comes first; copies whose message is not read yet are held back.
 * Each copy is also an event 'mailbox copy', which keeps the folder and what was read, replied or deleted.
 */
export const privateMessageTables: readonly BoardTable[] = [
  { suffix: 'privmsgs', needs: ['msg_id', 'author_id', 'to_address', 'message_text'], bind: bindMessages },
  { suffix: 'privmsgs_to', needs: ['msg_id', 'user_id', 'author_id', 'folder_id'], bind: bindCopies },
];

/** Second members of pairs in `board.recipients` that are facts of the message, not users. */
const messageKnown = 0xffffffff;
const groupsAreBlind = 0xfffffffe;

/** Copies held back until their message is read: message, user, author, offset, length. */
const heldFields = 5;
const maxHeldCopies = 2_000_000;

function bindMessages(board: Board, column: FindColumn) {
  const c = {
    id: column('msg_id'),
    root: column('root_level'),
    author: column('author_id'),
    ip: column('author_ip'),
    time: column('message_time'),
    subject: column('message_subject'),
    text: column('message_text'),
    uid: column('bbcode_uid'),
    to: column('to_address'),
    bcc: column('bcc_address'),
    edited: column('message_edit_time'),
    edits: column('message_edit_count'),
    editor: column('message_edit_user'),
    editReason: column('message_edit_reason'),
    reported: column('message_reported'),
  };
  const attributesOf = (row: DumpRow, to: number[], bcc: number[]): string | null =>
    row.int(c.edited) > 0 || row.int(c.edits) > 0 || row.int(c.reported) === 1 || to.length + bcc.length > 0
      ? jsonOf({
          bcc_groups: nullIfEmpty(bcc.map((group) => board.group(group))),
          edited: formatSeconds(row.int(c.edited)),
          edited_by: row.int(c.editor) > 0 ? board.accounts.of(row.int(c.editor)) : null,
          edit_reason: board.plain(row, c.editReason),
          edits: row.int(c.edits),
          reported: row.int(c.reported) === 1,
          to_groups: nullIfEmpty(to.map((group) => board.group(group))),
        })
      : null;
  return (row: DumpRow): string | null => {
    const id = row.int(c.id);
    if (!Number.isSafeInteger(id)) return 'no message id';
    const author = row.int(c.author);
    const to = readAddresses(row.text(c.to));
    const bcc = readAddresses(row.text(c.bcc));
    const message = board.records.table('message');
    const set = message.column;
    board.privateMessages.set(set.message, id);
    set.service.text(board.service);
    setNumber(set.native_id, row, c.id);
    set.channel.text('private message');
    board.accounts.set(set.sender, author);
    board.setTime(message, row, c.time);
    board.setIp(set.ip, row, c.ip);
    board.setText(set.subject, row, c.subject);
    setBody(board, row, c.text, c.uid, set.body);
    set.body_format.text('bbcode');
    const root = row.int(c.root);
    board.privateMessages.set(set.thread, root > 0 ? root : id);
    if (root > 0) board.privateMessages.set(set.in_reply_to, root);
    const attributes = attributesOf(row, to.groups, bcc.groups);
    if (attributes !== null) set.attributes.text(attributes);
    message.end(row.offset, row.length);
    board.privateMessageAuthors.add(id, Math.max(author, 0));
    board.seeIp(row, author, c.ip, c.time, 'private message');
    board.recipients.add(id, messageKnown);
    if (to.groups.length === 0 && bcc.groups.length > 0) board.recipients.add(id, groupsAreBlind);
    for (const user of to.users) relate(board, 'to', id, author, user, row.offset, row.length);
    for (const user of bcc.users) relate(board, 'bcc', id, author, user, row.offset, row.length);
    return null;
  };
}

function nullIfEmpty<T>(list: T[]): T[] | null {
  return list.length === 0 ? null : list;
}

/** "u_58:g_3" as users and groups. */
function readAddresses(text: string | null): { users: number[]; groups: number[] } {
  const users: number[] = [];
  const groups: number[] = [];
  for (const part of text ? text.split(':') : []) {
    const match = /^([ug])_(\d{1,9})$/.exec(part.trim());
    if (match) (match[1] === 'u' ? users : groups).push(Number(match[2]));
  }
  return { users, groups };
}

function relate(
  board: Board,
  relation: string,
  id: number,
  from: number,
  to: number,
  offset: number,
  length: number,
): void {
  if (!board.recipients.add(id, to)) return;
  const builder = board.records.table('relation');
  const { column } = builder;
  column.relation.text(relation);
  board.accounts.set(column.from_account, from);
  board.accounts.set(column.to_account, to);
  board.privateMessages.set(column.object, id);
  builder.end(offset, length);
}

const folders: Record<string, string> = {
  '-4': 'held',
  '-3': 'not yet fetched',
  '-2': 'outbox',
  '-1': 'sent',
  '0': 'inbox',
};

const flagNames = ['deleted', 'forwarded', 'marked', 'replied', 'unread'];

/**
 * What a mailbox copy states, as canonical JSON before and behind the message's number. Few combinations
 * occur, so each is made once.
 */
function copyFacts(
  board: Board,
  made: Map<number, [string, string]>,
  folder: number,
  flags: number,
): [string, string] {
  const key = folder * 32 + flags;
  let facts = made.get(key);
  if (!facts) {
    const set = flagNames.map((name, bit) => [name, (flags & (1 << bit)) !== 0]);
    const mark = board.privateMessages.of(0);
    const text = jsonOf({
      ...Object.fromEntries(set),
      folder: folders[String(folder)] ?? `folder ${folder}`,
      message: mark,
    })!;
    const json = JSON.stringify(mark);
    const at = text.indexOf(json) + json.length - 2;
    facts = [text.slice(0, at), text.slice(at + 1)];
    if (made.size < 10_000) made.set(key, facts);
  }
  return facts;
}

function bindCopies(board: Board, column: FindColumn) {
  const c = {
    id: column('msg_id'),
    user: column('user_id'),
    author: column('author_id'),
    folder: column('folder_id'),
  };
  const flagColumns = flagNames.map((name) => column(`pm_${name}`));
  const texts = new Map<number, [string, string]>();
  const held: number[] = [];
  board.closing.push(() => {
    for (let i = 0; i < held.length; i += heldFields)
      reach(board, held[i]!, held[i + 1]!, held[i + 2]!, held[i + 3]!, held[i + 4]!);
  });
  return (row: DumpRow): string | null => {
    const id = row.int(c.id);
    const user = row.int(c.user);
    const author = row.int(c.author);
    if (!Number.isSafeInteger(id) || !Number.isSafeInteger(user)) return 'no message or user id';
    const folder = row.int(c.folder);
    const event = board.records.table('event');
    board.accounts.set(event.column.account, user);
    board.accounts.set(event.column.target, author);
    event.column.service.text(board.service);
    event.column.action.text('mailbox copy');
    let flags = 0;
    for (let i = 0; i < flagNames.length; i++) if (row.int(flagColumns[i]!) === 1) flags |= 1 << i;
    const text = copyFacts(board, texts, folder, flags);
    event.column.text.text(text[0] + id + text[1]);
    event.end(row.offset, row.length);
    if (user === author) return null;
    if (board.recipients.has(id, messageKnown) || held.length >= maxHeldCopies * heldFields)
      reach(board, id, user, author, row.offset, row.length);
    else held.push(id, user, author, row.offset, row.length);
    return null;
  };
}

/** A recipient known from a copy only. */
function reach(board: Board, id: number, user: number, author: number, offset: number, length: number): void {
  relate(board, board.recipients.has(id, groupsAreBlind) ? 'bcc' : 'to', id, author, user, offset, length);
}
