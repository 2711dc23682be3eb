import { type Client, Clients, readHost } from './client.ts';
import { LogTime, logTimeBytes } from './log-time.ts';

/** 1 for the bytes that mean something inside a quoted field. */
const meaning = new Uint8Array(256);
const space = 0x20;
const quote = 0x22;
const backslash = 0x5c;
const dash = 0x2d;
const equals = 0x3d;
const questionMark = 0x3f;
const dot = 0x2e;
for (const byte of [space, quote, backslash, equals, questionMark, dot]) meaning[byte] = 1;

/** Longest client, host or user field that is looked at. */
const maxHeadBytes = 1024;

/** Byte length of a phpBB session id (32 hexadecimal digits). */
export const sessionIdBytes = 32;

/** Why a line could not be read. */
export type LineFault = 'client not understood' | 'no time in brackets' | 'no request' | 'no status';

/**
 * One line of the Common Log Format and what is built on it (Apache `common`, `combined`, `vhost_combined`;
 * nginx `combined`), as places in the block's bytes:
 *
 *     [host[:port]] client identity user [time] "request" status bytes ["referrer" "agent" [more fields]]
 *
 * Quoted fields end at a quote that is not escaped and is followed by what must follow; so a quote that some
 * servers leave unescaped inside a field does not end it. Escapes (\" and \xNN) are left as written.
 * The same object is used for every line: no object and, for IPv4 lines, no string is made.
 * A place of -1 means the field is absent or '-'.
 */
export class CommonLogLine {
  /** Set for clients other than plain IPv4, which stands at clientStart..clientEnd. */
  client: Client | null = null;
  clientStart = 0;
  clientEnd = 0;
  host: string | null = null;
  user: string | null = null;
  timeStart = 0;
  micros = 0;
  requestStart = 0;
  requestEnd = 0;
  /** End of the method, or -1 when the request is not '<method> <url>[ HTTP/...]'. */
  methodEnd = -1;
  urlStart = -1;
  urlEnd = -1;
  /** First '?' of the URL, or its end. */
  queryStart = -1;
  /** First '.php' of the URL that ends a path segment. */
  phpStart = -1;
  status = -1;
  size = -1;
  referrerStart = -1;
  referrerEnd = -1;
  agentStart = -1;
  agentEnd = -1;
  /** Session id in the URL, else in the referrer. */
  sessionStart = -1;
  /** The line ends inside a field. */
  isCut = false;
  readonly time = new LogTime();
  private readonly clients = new Clients();

  /** Reads bytes[start..end), a line without its line feed. Returns why it could not, or null. */
  read(bytes: Buffer, start: number, end: number): LineFault | null {
    this.isCut = false;
    this.methodEnd = this.urlStart = this.urlEnd = this.queryStart = this.phpStart = this.sessionStart = -1;
    this.status = this.size = this.referrerStart = this.agentStart = -1;
    const fault = this.readHead(bytes, start, end);
    if (fault !== null) return fault;
    const open = this.timeStart + logTimeBytes + 2;
    if (open >= end || bytes[open] !== quote) return 'no request';
    const after = this.readRequest(bytes, open + 1, end);
    if (after < 0) return 'no status';
    if (after < end) this.readTail(bytes, after, end);
    return null;
  }

  /** Client, user and time; sets timeStart. */
  private readHead(bytes: Buffer, start: number, end: number): LineFault | null {
    const clientEnd = plainIpv4End(bytes, start, end);
    if (
      clientEnd > 0 &&
      clientEnd + 7 + logTimeBytes < end &&
      bytes[clientEnd + 1] === dash &&
      bytes[clientEnd + 2] === space &&
      bytes[clientEnd + 3] === dash &&
      bytes[clientEnd + 4] === space &&
      bytes[clientEnd + 5] === 0x5b
    ) {
      this.clientStart = start;
      this.clientEnd = clientEnd;
      this.client = this.host = this.user = null;
      this.timeStart = clientEnd + 6;
      if (bytes[this.timeStart + logTimeBytes] !== 0x5d) return 'no time in brackets';
      this.micros = this.time.read(bytes, this.timeStart);
      return Number.isNaN(this.micros) ? 'no time in brackets' : null;
    }
    return this.readAnyHead(bytes, start, end);
  }

  /** The head where it is not '<IPv4> - - [time]'. */
  private readAnyHead(bytes: Buffer, start: number, end: number): LineFault | null {
    const open = this.findTime(bytes, start, end);
    if (open < 0) return 'no time in brackets';
    const fields = bytes.toString('latin1', start, open - 1).split(' ');
    if (fields.length < 3) return 'client not understood';
    const isHostFirst = fields.length > 3 && this.isHostField(fields[0]!, fields[1]!);
    this.host = isHostFirst ? readHost(fields[0]!) : null;
    if (isHostFirst) fields.shift();
    if (fields.length < 3) return 'client not understood';
    this.client = this.clients.find(fields[0]!);
    if (this.client === null) return 'client not understood';
    const userStart = start + (isHostFirst ? bytes.indexOf(space, start) + 1 - start : 0);
    const skipped = fields[0]!.length + fields[1]!.length + 2;
    const user = bytes.toString('utf8', userStart + skipped, open - 1);
    this.user = user === '-' || user === '' || user === '""' ? null : user;
    return null;
  }

  /**
   * Whether four or more fields before the time begin with a virtual host, and not with a client whose user
   * name holds spaces: the second field is then a client, where it would else be the identity ('-').
   */
  private isHostField(first: string, second: string): boolean {
    if (second === '-' || readHost(first) === null) return false;
    const client = this.clients.find(second);
    if (client?.address == null) return false;
    return /:\d{1,5}$/.test(first) || /^[\d.]+$|:/.test(client.address);
  }

  /** The first '[' that opens a time; sets timeStart. */
  private findTime(bytes: Buffer, start: number, end: number): number {
    const limit = Math.min(end - logTimeBytes - 3, start + maxHeadBytes);
    for (let open = start + 1; open < limit; open++) {
      if (bytes[open] !== 0x5b || bytes[open - 1] !== space) continue;
      const close = open + 1 + logTimeBytes;
      // Only the server can write '] "': in a user name it escapes the quote.
      if (bytes[close] !== 0x5d || bytes[close + 1] !== space || bytes[close + 2] !== quote) continue;
      const micros = this.time.read(bytes, open + 1);
      if (Number.isNaN(micros)) continue;
      this.micros = micros;
      this.timeStart = open + 1;
      return open;
    }
    return -1;
  }

  /** Returns where the fields after the status and size begin, `end` where the line ends, -1 without a status. */
  private readRequest(bytes: Buffer, start: number, end: number): number {
    this.requestStart = start;
    let i = start;
    // RFC 9110 lets a method be any token; all in use are upper-case letters, some with '-' or '_'.
    while (i < end && isMethodByte(bytes[i]!)) i++;
    const isRequest = i > start && i < end && bytes[i] === space;
    let lastSpace = -1;
    if (isRequest) {
      this.methodEnd = i++;
      this.urlStart = i;
    }
    for (; i < end; i++) {
      const byte = bytes[i]!;
      if (meaning[byte] === 0) continue;
      if (byte === quote) {
        if (isStatusAt(bytes, i + 1, end)) break;
      } else if (byte === backslash) i++;
      else if (byte === space) lastSpace = i;
      else if (byte === questionMark) {
        if (this.queryStart < 0) this.queryStart = i;
      } else if (byte === equals) this.noteSession(bytes, i, end);
      else if (this.phpStart < 0 && this.queryStart < 0 && isPhpAt(bytes, i, end)) this.phpStart = i;
    }
    const close = i < end ? i : this.unusualClose(bytes, start, end);
    if (close === -2) return -1;
    this.requestEnd = isUnset(bytes, start, close) ? start : close;
    if (isRequest) this.endUrl(bytes, lastSpace, close);
    return i < end ? this.readStatus(bytes, i + 2, end) : end;
  }

  /** A request that no status follows: it ends with the line (which is then cut), or else is none (-2). */
  private unusualClose(bytes: Buffer, start: number, end: number): number {
    let close = -1;
    for (let i = start; i < end; i++) {
      if (bytes[i] === backslash) i++;
      else if (bytes[i] === quote) {
        close = i;
        break;
      }
    }
    if (close >= 0 && close + 4 < end) return -2;
    this.isCut = true;
    return close < 0 ? end : close;
  }

  private endUrl(bytes: Buffer, lastSpace: number, close: number): void {
    const hasVersion =
      lastSpace >= this.urlStart &&
      bytes[lastSpace + 1] === 0x48 &&
      bytes[lastSpace + 2] === 0x54 &&
      bytes[lastSpace + 3] === 0x54 &&
      bytes[lastSpace + 4] === 0x50 &&
      bytes[lastSpace + 5] === 0x2f;
    this.urlEnd = hasVersion ? lastSpace : close;
    if (this.urlEnd === this.urlStart) this.methodEnd = this.urlStart = this.urlEnd = -1;
    if (this.queryStart < 0 || this.queryStart > this.urlEnd) this.queryStart = this.urlEnd;
    if (this.phpStart >= this.queryStart) this.phpStart = -1;
  }

  private readStatus(bytes: Buffer, start: number, end: number): number {
    let i = start;
    if (bytes[i] === dash) i++;
    else {
      this.status = (bytes[i]! - 48) * 100 + (bytes[i + 1]! - 48) * 10 + bytes[i + 2]! - 48;
      i += 3;
    }
    if (++i >= end) {
      this.isCut = true;
      return end;
    }
    let size = 0;
    const first = i;
    while (i < end && isDigit(bytes[i]!)) size = size * 10 + bytes[i++]! - 48;
    if (i > first && i - first < 16 && (i === end || bytes[i] === space)) this.size = size;
    else while (i < end && bytes[i] !== space) i++;
    return i < end ? i + 1 : end;
  }

  /** Referrer and agent: the first two quoted fields, before which some formats log plain numbers. */
  private readTail(bytes: Buffer, start: number, end: number): void {
    let i = start;
    for (let plain = 0; i < end && bytes[i] !== quote && plain < 6; plain++) {
      const gap = bytes.indexOf(space, i);
      if (gap < 0 || gap >= end) return;
      i = gap + 1;
    }
    if (i >= end || bytes[i] !== quote) return;
    const referrer = i + 1;
    i = this.closingQuote(bytes, referrer, end, true);
    if (!isUnset(bytes, referrer, i)) {
      this.referrerStart = referrer;
      this.referrerEnd = i;
    }
    if (i + 2 >= end || bytes[i + 2] !== quote) return;
    const agent = i + 3;
    // Most lines end with the agent, whose end is then found without looking at each of its bytes.
    const close = bytes.indexOf(quote, agent);
    i =
      close === end - 1 && bytes[close - 1] !== backslash
        ? close
        : this.closingQuote(bytes, agent, end, false);
    if (!isUnset(bytes, agent, i)) {
      this.agentStart = agent;
      this.agentEnd = i;
    }
  }

  /** The quote that closes the field, or `end` where the line is cut. */
  private closingQuote(bytes: Buffer, start: number, end: number, hasSession: boolean): number {
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      if (meaning[byte] === 0) continue;
      if (byte === quote) {
        if (i + 1 === end || bytes[i + 1] === space) return i;
      } else if (byte === backslash) i++;
      else if (byte === equals && hasSession && this.sessionStart < 0) this.noteSession(bytes, i, end);
    }
    this.isCut = true;
    return end;
  }

  /** Takes note of 'sid=' and 32 hexadecimal digits, where `at` is the '='. */
  private noteSession(bytes: Buffer, at: number, end: number): void {
    if (bytes[at - 1] !== 0x64 || bytes[at - 2] !== 0x69 || bytes[at - 3] !== 0x73) return;
    const before = bytes[at - 4];
    if (before !== questionMark && before !== 0x26 && before !== 0x3b) return;
    let i = at + 1;
    while (i < end && isHex(bytes[i]!)) i++;
    if (i - at - 1 === sessionIdBytes) this.sessionStart = at + 1;
  }
}

/** End of a dotted IPv4 address that a space follows, or -1 where something else stands. */
function plainIpv4End(bytes: Uint8Array, start: number, end: number): number {
  let dots = 0;
  let part = -1;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte >= 48 && byte <= 57) {
      if (part === 0) return -1;
      part = (part < 0 ? 0 : part * 10) + byte - 48;
      if (part > 255) return -1;
    } else if (part < 0) return -1;
    else if (byte === dot && dots < 3) {
      dots++;
      part = -1;
    } else return byte === space && dots === 3 ? i : -1;
  }
  return -1;
}

/** Whether a space, a status (three digits or '-') and the field's end stand here. */
function isStatusAt(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 1 >= end || bytes[at] !== space) return false;
  if (bytes[at + 1] === dash) return at + 2 >= end || bytes[at + 2] === space;
  if (at + 3 >= end || !isDigit(bytes[at + 1]!) || !isDigit(bytes[at + 2]!) || !isDigit(bytes[at + 3]!)) {
    return false;
  }
  return at + 4 >= end || bytes[at + 4] === space;
}

/** Whether '.php' ends a path segment here. */
function isPhpAt(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 4 >= end || bytes[at + 1] !== 0x70 || bytes[at + 2] !== 0x68 || bytes[at + 3] !== 0x70)
    return false;
  const next = bytes[at + 4];
  return next === questionMark || next === space || next === 0x2f || next === quote;
}

function isUnset(bytes: Uint8Array, start: number, end: number): boolean {
  return end === start || (end === start + 1 && bytes[start] === dash);
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function isHex(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70);
}

function isMethodByte(byte: number): boolean {
  return (byte >= 65 && byte <= 90) || byte === dash || byte === 0x5f;
}
