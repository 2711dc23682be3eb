import { limits } from '../../base/limits.ts';
import type { Input, Reader } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { asBuffer } from '../mail/charsets.ts';
import { isField, nextLine, parseHeader } from '../mail/headers.ts';
import { MailRecorder } from '../mail/record.ts';
import { firstLineOf } from '../mail/separators.ts';

/**
 * One message a file: .eml, Maildir, MH and news spools (RFC 5322). A message longer than
 * `limits.maxRowBytes` is read up to there. A leading 'From ' line is passed over; Apple's .emlx frames the
 * message with its length and a property list, which are left out.
 */
export const emlReader: Reader = {
  name: 'mail',
  version: 1,
  reads: 'single mails (.eml, Maildir, MH)',
  unit: 'item',
  sniff(head) {
    return sniffMail(asBuffer(head));
  },
  async read(input, records) {
    const { bytes, truncated } = await firstBytes(input, limits.maxRowBytes);
    readMail(bytes, truncated, input.name, records);
  },
};

const telling = [
  'received',
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'return-path',
  'delivered-to',
  'cc',
  'in-reply-to',
  'references',
  'reply-to',
  'sender',
  'content-type',
  'x-mailer',
];

/** Two telling fields make a mail; each more makes it surer. Every line of the head must be part of a header. */
function sniffMail(head: Buffer): number {
  const start = messageStart(head);
  if (!isField(head, start, head.length) || head.toString('latin1', start, start + 5) === 'From ') return 0;
  const header = parseHeader(head, start, head.length);
  if (header.damagedAt >= 0 && header.size < 4) return 0;
  let score = 0;
  for (const name of telling) if (header.has(name)) score++;
  return score < 2 ? 0 : Math.min(0.9, 0.4 + score * 0.1);
}

/** First byte of the header: behind a byte order mark, blank lines and the length line of an .emlx. */
function messageStart(bytes: Buffer): number {
  const start = firstLineOf(bytes);
  const length = /^\d{1,12}[ \t]*\r?\n/.exec(bytes.toString('latin1', start, start + 32));
  return length ? start + length[0].length : start;
}

function readMail(bytes: Buffer, truncated: boolean, name: string, records: Records): void {
  let start = messageStart(bytes);
  let end = bytes.length;
  if (start > 0) {
    const length = Number.parseInt(bytes.toString('latin1', 0, start), 10);
    if (length > 0 && start + length <= bytes.length) end = start + length;
  }
  if (bytes.toString('latin1', start, start + 5) === 'From ') start = nextLine(bytes, start, end);
  if (parseHeader(bytes, start, end).size === 0) {
    records.skip('messages', 'no header field');
    records.warn('mail-no-header', 'the file holds no header field', 0, bytes.length);
    return;
  }
  new MailRecorder(records).record(bytes, {
    base: 0,
    start,
    headerStart: start,
    end,
    quoted: false,
    truncated,
    flags: flagsOf(name),
  });
}

/** Maildir's flags behind ':2,' (or ';2,' and '!2,' where a colon is not allowed); the name is only a hint. */
function flagsOf(name: string): string | null {
  return /[:;!]2,([A-Za-z]{1,26})$/.exec(name)?.[1] ?? null;
}

async function firstBytes(input: Input, maxBytes: number): Promise<{ bytes: Buffer; truncated: boolean }> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of input.chunks()) {
    const take = Math.min(chunk.length, maxBytes - size);
    pieces.push(Buffer.from(chunk.subarray(0, take)));
    size += take;
    if (take < chunk.length) return { bytes: Buffer.concat(pieces), truncated: true };
  }
  return { bytes: Buffer.concat(pieces), truncated: false };
}
