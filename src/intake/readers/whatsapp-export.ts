import { sha256Hex } from '../../base/hash.ts';
import { limits } from '../../base/limits.ts';
import { decodeLoosely } from '../../evidence/columns.ts';
import type { Input, Reader } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { canonicalSelector } from '../../evidence/selectors.ts';
import { accountOf } from '../../evidence/tables.ts';
import { baseName, headOf } from '../byte-window.ts';
import { eachLine } from './web-log/log-lines.ts';
import { attachedFile, type ChatLine, chatLine, judgeChat } from './whatsapp-export/chat-line.ts';

/** Bytes of one message beyond which its further lines are left out; WhatsApp allows 65,536 characters. */
const maxMessageBytes = 1024 * 1024;
/** Senders whose accounts are told once each. */
const maxRemembered = 100_000;
const judgedLines = 200;

/**
 * Chats that WhatsApp exports as text. A sender that is a phone number is the account `whatsapp/<number>`. Any
 * other name is what the exporting phone calls somebody, and holds in this file alone: its account is
 * `whatsapp:<file name>-<first digits of the head's hash>/<name>`. The text states no zone, and the order of
 * day and month depends on the phone, so times stay as written. Who else is in the chat is not stated: nobody
 * is taken as addressed. Tally unit `messages`; what the program itself says is skipped as 'notice'.
 */
export const whatsappExportReader: Reader = {
  name: 'whatsapp-export',
  version: 1,
  reads: 'chats exported by WhatsApp as text',
  unit: 'file',

  sniff(head: Uint8Array): number {
    const text = decodeLoosely(head.subarray(0, head.lastIndexOf(10) + 1));
    const lines = text.split(/\r?\n/, judgedLines).filter((line) => line !== '');
    return judgeChat(lines);
  },

  async read(input: Input, records: Records): Promise<void> {
    const head = await headOf(input, limits.sniffBytes);
    const stem =
      baseName(input.name)
        .replace(/\.txt$/i, '')
        .replaceAll('/', '_') || 'chat';
    const chat = new Chat(records, `whatsapp:${stem}-${sha256Hex(head).slice(0, 6)}`);
    await eachLine(input, {
      line: (bytes, start, end, offset) =>
        chat.line(decodeLoosely(bytes.subarray(start, end)), offset + start, end - start),
      padding: (offset, length) => records.warn('nul-bytes', 'NUL bytes stand before a line', offset, length),
      overlong: (offset, length) => chat.overlong(offset, length),
    });
    chat.end();
  },
};

class Chat {
  private readonly records: Records;
  private readonly service: string;
  private readonly told = new Set<string>();
  private open: { line: ChatLine; texts: string[]; offset: number; end: number } | null = null;

  constructor(records: Records, service: string) {
    this.records = records;
    this.service = service;
  }

  line(text: string, offset: number, length: number): void {
    const { records, open } = this;
    const line = chatLine(text);
    if (line !== null) {
      this.end();
      this.open = { line, texts: [line.text], offset, end: offset + length };
    } else if (open === null) {
      if (text.trim() === '') return;
      records.skip('messages', 'before the first message');
      records.warn('chat-line', 'the line belongs to no message', offset, length);
    } else if (offset + length - open.offset > maxMessageBytes) {
      records.warn('chat-message-cut', 'a message is longer than is kept', offset, length);
    } else {
      open.texts.push(text);
      // Blank lines at the end are no part of the message.
      if (text.trim() !== '') open.end = offset + length;
    }
  }

  overlong(offset: number, length: number): void {
    this.end();
    this.records.skip('messages', 'line too long');
    this.records.warn('line-too-long', 'the line is longer than is read', offset, length);
  }

  /** Ends the message that is open. */
  end(): void {
    const { records, service, open } = this;
    this.open = null;
    if (open === null) return;
    if (open.line.sender === null) {
      records.skip('messages', 'notice');
      return;
    }
    const { offset } = open;
    const length = open.end - offset;
    const { sender } = open.line;
    const account = this.account(sender, offset, length);
    const time = { time_text: open.line.time };
    const key = `${service}/chat/${offset}`;
    const body = open.texts.join('\n').trimEnd();
    const row = {
      message: key,
      service,
      native_id: String(offset),
      channel: 'chat',
      sender: account,
      sender_name: sender,
      ...time,
      body,
      body_format: 'plain',
      thread: service,
    };
    records.table('message').add(row, offset, length);
    const file = attachedFile(body);
    if (file !== null) {
      records
        .table('file')
        .add({ service, account, message: key, name: file, stored_name: file, ...time }, offset, length);
    }
    records.read('messages');
  }

  private account(sender: string, offset: number, length: number): string {
    const phone = sender.startsWith('+') ? canonicalSelector('phone', sender) : null;
    const service = phone === null ? this.service : 'whatsapp';
    const nativeId = phone ?? sender;
    const account = accountOf(service, nativeId);
    if (this.told.has(account)) return account;
    if (this.told.size < maxRemembered) this.told.add(account);
    const row = { account, service, native_id: nativeId, handle: sender, kind: 'member' };
    this.records.table('account').add(row, offset, length);
    const about = { account, raw: sender, context: 'sender' };
    const sighting =
      phone === null
        ? { ...about, selector: 'name', canonical: canonicalSelector('name', sender), basis: 'mentioned' }
        : { ...about, selector: 'phone', canonical: phone, basis: 'provider-verified' };
    this.records.table('sighting').add(sighting, offset, length);
    return account;
  }
}
