import { parseHeader } from './headers.ts';
import { firstLineOf, type Separator, separatorAt } from './separators.ts';

/** One message of an mbox, in a buffer that is valid until the next one is asked for. */
export interface MailboxMessage {
  readonly kind: 'message';
  readonly bytes: Buffer;
  /** Place of `bytes[0]` in the file. */
  readonly base: number;
  /** The separator line, in `bytes`. */
  readonly start: number;
  /** Behind the message, without the empty line that ends it in the file. */
  readonly end: number;
  readonly separator: Separator;
  readonly quoted: boolean;
  readonly truncated: boolean;
}

/** Bytes that belong to no message, in the file. */
export interface Stray {
  readonly kind: 'stray';
  readonly offset: number;
  readonly length: number;
}

interface Found {
  readonly at: number;
  readonly separator: Separator;
}

const newline = Buffer.from('\nFrom ');
/** Blank lines in front of the first message that are waited for. */
const longestBlank = 65_536;
/** Bytes kept in front of the place being searched, so that the line before a separator can be judged. */
const keptBytes = 8;

/**
 * Cuts an mbox into messages while its bytes arrive. At most one message is held, and of that no more than
 * `maxMessageBytes`. Content-Length (mboxcl, mboxcl2) decides only where it leads exactly to a separator or
 * to the end of the file; otherwise it is taken for stale, as it mostly is.
 */
export class Mailbox {
  private readonly maxMessageBytes: number;
  private buffer: Buffer = Buffer.allocUnsafe(1024 * 1024);
  private base = 0;
  private used = 0;
  /** Where the search for the next separator goes on. */
  private scan = 0;
  private started = false;
  private message: Found | null = null;
  /** Start of bytes that belong to no message while `message` is null. */
  private strayStart = 0;
  /** The rest of a message that was cut; it is no stray. */
  private passing = false;

  constructor(maxMessageBytes: number) {
    this.maxMessageBytes = maxMessageBytes;
  }

  /** Takes in bytes and yields what they complete. `last` says that the file ends here. */
  *feed(chunk: Uint8Array, last: boolean): Generator<MailboxMessage | Stray> {
    this.append(chunk);
    if (!this.started && !this.start(last)) return;
    for (;;) {
      const found = this.findNext(last);
      if (found === 'more') {
        if (this.message && this.used - this.message.at > this.maxMessageBytes) yield this.cut();
        else if (!this.message) this.drop();
        return;
      }
      if (this.message) {
        const whole = this.take(found, last);
        if (whole === null) return;
        yield whole;
        if (this.message === null) return;
        continue;
      }
      const strayEnd = found ? found.at : this.used;
      if (!this.passing && this.base + strayEnd > this.strayStart) {
        yield { kind: 'stray', offset: this.strayStart, length: this.base + strayEnd - this.strayStart };
      }
      this.passing = false;
      if (found === null) return;
      this.open(found);
    }
  }

  private append(chunk: Uint8Array): void {
    const keep = Math.max(0, (this.message ? Math.min(this.message.at, this.scan) : this.scan) - keptBytes);
    if (this.used + chunk.length > this.buffer.length) {
      const live = this.used - keep;
      const needed = live + chunk.length;
      // Growing whenever half is in use keeps the cost of moving bytes in proportion to the bytes read.
      const target = needed * 2 > this.buffer.length ? Buffer.allocUnsafe(needed * 2) : this.buffer;
      this.buffer.copy(target, 0, keep, this.used);
      this.buffer = target;
      this.base += keep;
      this.used = live;
      this.scan -= keep;
      if (this.message)
        this.message = {
          ...this.message,
          at: this.message.at - keep,
          separator: moved(this.message.separator, keep),
        };
    }
    this.buffer.set(chunk, this.used);
    this.used += chunk.length;
  }

  /** Judges the first line of the file; false while it is not all there. */
  private start(last: boolean): boolean {
    const at = firstLineOf(this.buffer.subarray(0, this.used));
    if (!last && this.used - at < 5 && this.used < longestBlank) return false;
    const found =
      this.buffer.toString('latin1', at, Math.min(this.used, at + 4)) === 'From'
        ? separatorAt(this.buffer, at, this.used, true, last)
        : null;
    if (found === 'more') return false;
    this.started = true;
    if (found !== null) this.open({ at, separator: found });
    else this.scan = Math.max(0, at - 1);
    return true;
  }

  private open(found: Found): void {
    this.message = found;
    this.scan = found.separator.headerStart - 1;
  }

  private findNext(last: boolean): Found | 'more' | null {
    for (;;) {
      const hit = this.buffer.subarray(0, this.used).indexOf(newline, this.scan);
      if (hit < 0) {
        this.scan = Math.max(this.scan, this.used - newline.length + 1);
        return last ? null : 'more';
      }
      const found = separatorAt(this.buffer, hit + 1, this.used, false, last);
      this.scan = hit;
      if (found === 'more') return 'more';
      if (found !== null) return { at: hit + 1, separator: found };
      this.scan = hit + 1;
    }
  }

  /** The open message up to `next` or where its Content-Length ends it; null while that cannot be told. */
  private take(next: Found | null, last: boolean): MailboxMessage | null {
    const { at, separator } = this.message!;
    let end = next;
    let quoted = true;
    if (next !== null) {
      const stated = this.statedEnd(next.at, last);
      if (stated === 'more') return null;
      if (stated !== null) {
        quoted = false;
        end = stated === 'end' ? null : stated;
      }
    }
    const stop = end === null ? this.used : end.at;
    const truncated = stop - at > this.maxMessageBytes;
    const message: MailboxMessage = {
      kind: 'message',
      bytes: this.buffer.subarray(0, this.used),
      base: this.base,
      start: at,
      end: truncated ? at + this.maxMessageBytes : withoutEmptyLine(this.buffer, separator.headerStart, stop),
      separator,
      quoted,
      truncated,
    };
    if (end === null) {
      this.message = null;
      this.scan = this.used;
    } else this.open(end);
    return message;
  }

  /**
   * Where Content-Length ends the open message when that lies behind the separator found at `candidate`:
   * the separator there, 'end' for the end of the file, null when there is none or it leads nowhere.
   */
  private statedEnd(candidate: number, last: boolean): Found | 'end' | 'more' | null {
    const { at, separator } = this.message!;
    const head = this.buffer.subarray(
      separator.headerStart,
      Math.min(candidate, separator.headerStart + 65_536),
    );
    if (!head.includes('ontent-Length:') && !head.includes('ontent-length:')) return null;
    const header = parseHeader(this.buffer, separator.headerStart, candidate);
    const text = header.raw('content-length');
    if (text === null || !/^\d{1,12}$/.test(text)) return null;
    const target = header.bodyStart + Number(text);
    if (target <= candidate || target - at > this.maxMessageBytes) return null;
    if (target + 2048 > this.used && !last) return 'more';
    if (target > this.used) return null;
    let line = target;
    while (line < this.used && line < target + 4 && (this.buffer[line] === 10 || this.buffer[line] === 13))
      line++;
    if (line === this.used) return 'end';
    if (
      line === 0 ||
      this.buffer[line - 1] !== 10 ||
      this.buffer.toString('latin1', line, line + 5) !== 'From '
    )
      return null;
    const found = separatorAt(this.buffer, line, this.used, false, last);
    return found === null || found === 'more' ? null : { at: line, separator: found };
  }

  /** The first bytes of a message that is longer than may be held; the rest is passed over. */
  private cut(): MailboxMessage {
    const { at, separator } = this.message!;
    this.message = null;
    this.passing = true;
    return {
      kind: 'message',
      bytes: this.buffer.subarray(0, this.used),
      base: this.base,
      start: at,
      end: at + this.maxMessageBytes,
      separator,
      quoted: true,
      truncated: true,
    };
  }

  /** Forgets bytes that belong to no message and hold no separator. */
  private drop(): void {
    if (this.passing) this.strayStart = this.base + this.scan;
  }
}

function moved(separator: Separator, by: number): Separator {
  return { ...separator, headerStart: separator.headerStart - by };
}

function withoutEmptyLine(bytes: Uint8Array, start: number, end: number): number {
  if (end - 2 < start || bytes[end - 1] !== 10) return end;
  const before = bytes[end - 2] === 13 ? end - 2 : end - 1;
  return before > start && bytes[before - 1] === 10 ? before : end;
}
