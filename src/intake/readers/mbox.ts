import { limits } from '../../base/limits.ts';
import type { Input, Reader } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { asBuffer } from '../mail/charsets.ts';
import { Mailbox, type MailboxMessage } from '../mail/mailbox.ts';
import { MailRecorder } from '../mail/record.ts';
import { startsMailbox } from '../mail/separators.ts';

/**
 * Mailboxes in one file (RFC 4155): mboxo, mboxrd, mboxcl and mboxcl2, with LF or CRLF. A source pointer
 * covers the separator line and the message, without the empty line behind it. One message is held at a time;
 * one longer than `limits.maxRowBytes` is read up to there.
 */
export const mboxReader: Reader = {
  name: 'mbox',
  version: 1,
  reads: 'mailboxes in one file (mbox)',
  unit: 'file',
  sniff(head) {
    return startsMailbox(asBuffer(head)) ? 0.95 : 0;
  },
  read(input, records) {
    return readMailbox(input, records, limits.maxRowBytes);
  },
};

/** As `mboxReader.read`, with the most bytes of one message that are read. */
export async function readMailbox(input: Input, records: Records, maxMessageBytes: number): Promise<void> {
  const mailbox = new Mailbox(maxMessageBytes);
  const recorder = new MailRecorder(records);
  const take = (chunk: Uint8Array, last: boolean) => {
    for (const found of mailbox.feed(chunk, last)) {
      if (found.kind === 'message') record(found, recorder, records);
      else {
        records.skip('messages', 'no separator line in front');
        records.warn('mbox-stray', 'bytes in front of the first message', found.offset, found.length);
      }
    }
  };
  for await (const chunk of input.chunks()) take(chunk, false);
  take(new Uint8Array(0), true);
}

function record(message: MailboxMessage, recorder: MailRecorder, records: Records): void {
  const { separator, base, start, end } = message;
  if (!separator.regular) {
    records.warn(
      'mbox-separator',
      'a message starts without an empty line in front',
      base + start,
      end - start,
    );
  }
  recorder.record(message.bytes, {
    base,
    start,
    headerStart: separator.headerStart,
    end,
    quoted: message.quoted,
    truncated: message.truncated,
    envelope: { date: separator.date, sender: separator.sender === '-' ? null : separator.sender },
  });
}
