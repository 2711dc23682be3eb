import { isUtf8 } from 'node:buffer';
import { canonicalJson } from '../../../base/json.ts';
import { type Records, stampColumns } from '../../../evidence/records.ts';
import { baseName } from '../../byte-window.ts';
import { enteredAt } from '../fact-list.ts';
import { Authors, type Said, service } from './authors.ts';
import {
  type Channel,
  channelOf,
  idOf,
  type Members,
  memberOf,
  objectOf,
  objectsOf,
  textOf,
} from './shape.ts';

/** Who writes in a direct channel: Discord allows ten. Beyond this the file is none, and nobody is addressed. */
export const maxParticipants = 50;

/** Turns the messages of one file into records. */
export class ChatMessages {
  private readonly records: Records;
  private readonly authors: Authors;
  /** Accounts that write in a direct channel; empty in every other. */
  private readonly participants: ReadonlySet<string>;
  private guild: Members | null = null;
  private channelMembers: Members | null = null;
  private channel: Channel = channelOf(null, null);
  private stated = -1;
  private seen = 0;
  private lastId = '';

  constructor(records: Records, participants: ReadonlySet<string>) {
    this.records = records;
    this.authors = new Authors(records);
    this.participants = participants;
  }

  root(key: string, json: string): void {
    if (key === 'guild') this.guild = objectOf(json);
    else if (key === 'channel') this.channelMembers = objectOf(json);
    else if (key === 'messageCount' && /^\d{1,15}$/.test(json)) this.stated = Number(json);
    this.channel = channelOf(this.guild, this.channelMembers);
  }

  lost(offset: number, length: number, entry: boolean): void {
    if (entry) {
      this.records.skip('messages', 'damaged');
      this.seen++;
    }
    const text =
      length === 0 ? 'the file ends before its last bracket' : 'the JSON is damaged here and was passed over';
    this.records.warn('chat-damaged', text, offset, length);
  }

  entry(bytes: Uint8Array, offset: number): void {
    const { records } = this;
    const { length } = bytes;
    this.seen++;
    const message = objectOf(bytes);
    const id = idOf(message);
    if (message === null) {
      records.skip('messages', 'damaged');
      records.warn('chat-damaged', 'the message is no valid JSON', offset, length);
    } else if (id === null) {
      records.skip('messages', 'no id');
      records.warn('chat-incomplete', 'the message states no id', offset, length);
    } else {
      if (!isUtf8(bytes)) {
        records.warn('not-utf8', 'the message is not UTF-8 and was read as Windows-1252', offset, length);
      }
      if (id === this.lastId) {
        records.warn('chat-repeated-id', 'the message has the id of the one before it', offset, length);
      }
      this.lastId = id;
      this.message(message, id, { stamp: enteredAt(textOf(message, 'timestamp') ?? ''), offset, length });
      records.read('messages');
    }
  }

  /** Compares what was found with what the file itself says it holds. */
  end(): void {
    if (this.channel.id === null) {
      this.records.warn('chat-channel', 'the file does not say which channel it holds', 0, 0);
    }
    if (this.stated >= 0 && this.stated !== this.seen) {
      this.records.warn('chat-count', 'the file states another number of messages than it holds', 0, 0);
    }
    if (this.channel.direct && this.participants.size < 2) {
      const text = 'fewer than two people write in this direct channel: to whom is not known';
      this.records.warn('chat-recipients', text, 0, 0);
    }
  }

  private message(message: Members, id: string, said: Said): void {
    const { records, channel } = this;
    const { offset, length, stamp } = said;
    if (stamp?.micros == null) {
      records.warn('chat-time', 'the message states no time with a zone', offset, length);
    }
    const author = memberOf(message, 'author');
    const sender = this.authors.tell(author, said, false);
    if (sender === null) records.warn('chat-incomplete', 'the message states no author', offset, length);
    const key = keyOf(id);
    const row = {
      message: key,
      service,
      native_id: id,
      channel: 'chat',
      sender,
      sender_name: textOf(author, 'nickname') ?? textOf(author, 'name'),
      ...stampColumns(stamp),
      body: typeof message.content === 'string' ? message.content : null,
      body_format: 'plain',
      thread: channel.id === null ? null : `${service}/channel/${channel.id}`,
      place: channel.place,
      in_reply_to: this.repliesTo(message),
      attributes: attributesOf(message),
    };
    records.table('message').add(row, offset, length);
    this.files(message, key, sender, said);
    if (sender === null) return;
    for (const other of this.participants) {
      if (other !== sender) this.relate('to', sender, other, key, said);
    }
    for (const user of objectsOf(message.mentions)) {
      const mentioned = this.authors.tell(user, said, true);
      if (mentioned !== null) this.relate('mentions', sender, mentioned, key, said);
    }
  }

  private repliesTo(message: Members): string | null {
    if (message.type !== 'Reply') return null;
    const id = textOf(memberOf(message, 'reference'), 'messageId');
    return id === null ? null : keyOf(id);
  }

  private relate(relation: string, from: string, to: string, object: string, said: Said): void {
    const row = { relation, from_account: from, to_account: to, object, ...stampColumns(said.stamp) };
    this.records.table('relation').add(row, said.offset, said.length);
  }

  private files(message: Members, key: string, account: string | null, said: Said): void {
    for (const attachment of objectsOf(message.attachments)) {
      const url = textOf(attachment, 'url');
      const size = attachment.fileSizeBytes;
      const row = {
        service,
        native_id: idOf(attachment),
        account,
        message: key,
        name: textOf(attachment, 'fileName'),
        stored_name: url === null || /^https?:/i.test(url) ? null : baseName(url),
        size: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : null,
        ...stampColumns(said.stamp),
      };
      this.records.table('file').add(row, said.offset, said.length);
    }
  }
}

function keyOf(id: string): string {
  return `${service}/chat/${id}`;
}

/** What a message states besides, as canonical JSON; null when there is nothing. */
function attributesOf(message: Members): string | null {
  const type = textOf(message, 'type');
  const refersTo = textOf(memberOf(message, 'reference'), 'messageId');
  let reactions = 0;
  for (const { count } of objectsOf(message.reactions)) {
    if (typeof count === 'number' && Number.isSafeInteger(count) && count > 0) reactions += count;
  }
  const facts = {
    call_ended: textOf(message, 'callEndedTimestamp') ?? undefined,
    edited: textOf(message, 'timestampEdited') ?? undefined,
    embeds: objectsOf(message.embeds).length || undefined,
    pinned: message.isPinned === true ? true : undefined,
    reactions: reactions || undefined,
    refers_to: type !== 'Reply' && refersTo !== null ? refersTo : undefined,
    stickers: objectsOf(message.stickers).length || undefined,
    type: type === null || type === 'Default' ? undefined : type,
  };
  return Object.values(facts).every((value) => value === undefined) ? null : canonicalJson(facts);
}
