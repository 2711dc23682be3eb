import { isUtf8 } from 'node:buffer';
import { decodeLoosely } from '../../evidence/columns.ts';
import type { Input, Reader } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { ErrorEntries, isEntryStart } from './web-log/error-entry.ts';
import { eachLine, type LineSink, maxLineBytes } from './web-log/log-lines.ts';

const unit = 'lines';

/** Longest entry that is read, over all its lines. */
const maxEntryBytes = maxLineBytes;

const notices = /^(notice|info|debug|trace\d)$/;

/** Gathers the lines of each entry and writes it as an `event` row. */
class ErrorLog implements LineSink {
  private readonly records: Records;
  private readonly entries = new ErrorEntries();
  /** The entry's lines so far, with a line feed between them. */
  private text = Buffer.allocUnsafe(16 * 1024);
  private textBytes = 0;
  private entryStart = -1;
  private entryEnd = 0;
  private isFull = false;
  private hasLooseText = false;

  constructor(records: Records) {
    this.records = records;
  }

  line(bytes: Buffer, start: number, end: number, offset: number): void {
    if (start === end) {
      this.records.skip(unit, 'empty line');
    } else if (isEntryStart(bytes, start, end)) {
      this.finish();
      this.entryStart = offset + start;
      this.append(bytes, start, end, offset);
    } else if (this.entryStart < 0) {
      this.refuse('no entry it belongs to', offset + start, end - start);
    } else if (this.isFull || this.textBytes + end - start > maxEntryBytes) {
      this.isFull = true;
      this.refuse('entry too long', offset + start, end - start);
    } else this.append(bytes, start, end, offset);
  }

  padding(offset: number, length: number): void {
    this.records.warn(
      'nul-bytes',
      'NUL bytes before a line: the log was cut while it was written',
      offset,
      length,
    );
  }

  overlong(offset: number, length: number): void {
    this.refuse('line too long', offset, length);
    // What follows cannot be told from further lines of this one.
    this.finish();
  }

  /** Writes the entry that was gathered. */
  finish(): void {
    if (this.entryStart < 0) return;
    const bytes = this.text.subarray(0, this.textBytes);
    const [offset, length] = [this.entryStart, this.entryEnd - this.entryStart];
    const entry = this.entries.read(decodeLoosely(bytes));
    this.entryStart = -1;
    this.textBytes = 0;
    this.isFull = false;
    // isEntryStart has seen the same head.
    if (entry === null) throw new Error('an entry of the error log has lost its head');
    if (!this.hasLooseText && !isUtf8(bytes)) {
      this.hasLooseText = true;
      this.records.warn('not-utf8', 'an entry is not UTF-8 and was read as Windows-1252', offset, length);
    }
    if (entry.isAmbiguous) {
      this.records.warn(
        'client-ambiguous',
        'the entry names more than one client; none is taken',
        offset,
        length,
      );
    }
    this.records.table('event').add(
      {
        action: notices.test(entry.level) ? 'server notice' : 'server error',
        time_text: entry.timeText,
        ip: entry.client?.address ?? null,
        port: entry.client?.port ?? null,
        host: entry.host,
        method: entry.method,
        url: entry.url,
        referrer: entry.referrer,
        text: entry.message,
      },
      offset,
      length,
    );
  }

  private append(bytes: Buffer, start: number, end: number, offset: number): void {
    const needed = this.textBytes + 1 + end - start;
    if (needed > this.text.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.text.length * 2));
      this.text.copy(grown, 0, 0, this.textBytes);
      this.text = grown;
    }
    if (this.textBytes > 0) this.text[this.textBytes++] = 0x0a;
    bytes.copy(this.text, this.textBytes, start, end);
    this.textBytes += end - start;
    this.entryEnd = offset + end;
    this.records.read(unit);
  }

  private refuse(reason: string, offset: number, length: number): void {
    this.records.skip(unit, reason);
    this.records.warn('line-unreadable', `not read as part of an error log: ${reason}`, offset, length);
  }
}

/** The share of the head's lines that begin an entry; the rest may be further lines of one. */
function entryShare(head: Uint8Array): number {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  let lines = 0;
  let entries = 0;
  for (let start = 0; start < bytes.length && lines < 200; ) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed < 0 ? bytes.length : feed;
    while (start < end && bytes[start] === 0) start++;
    if (end > start && bytes[start] !== 0x0d) {
      lines++;
      if (isEntryStart(bytes, start, end)) entries++;
    }
    start = end + 1;
  }
  return lines === 0 ? 0 : entries / lines;
}

/** Web server error logs as `event` rows, a row for each entry. Their times name no zone, so `time` is null. */
export const errorLogReader: Reader = {
  name: 'error-log',
  version: 1,
  reads: 'Web server error logs: nginx, Apache 2.2 and 2.4',
  unit: 'file',
  sniff(head) {
    const share = entryShare(head);
    return share < 0.2 ? 0 : 0.5 + share * 0.45;
  },
  async read(input: Input, records: Records): Promise<void> {
    const log = new ErrorLog(records);
    await eachLine(input, log);
    log.finish();
  },
};
