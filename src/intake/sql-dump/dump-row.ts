import { isAscii, isUtf8 } from 'node:buffer';
import { limits } from '../../base/limits.ts';
import { legacyDecoder, undoDoubleEncoding } from './encoding.ts';
import { maxColumns, valueKind } from './scan-row.ts';

/** What had to be done to a text so that it could be kept as UTF-8. */
export type Repair = 'double-encoded' | 'legacy-encoding' | 'text-cut';

/** Runs of bytes up to this long are handled one by one, which is then faster than a native call. */
const nearBytes = 64;

/** The next backslash or quote, or the end. */
function endOfRun(buf: Buffer, from: number, end: number, quote: number, escapes: boolean): number {
  const rest = buf.subarray(from, end);
  const slash = escapes ? rest.indexOf(92) : -1;
  const doubled = rest.indexOf(quote);
  if (slash < 0) return doubled < 0 ? end : from + doubled;
  return from + (doubled < 0 ? slash : Math.min(slash, doubled));
}

/**
 * One row of a dump. The same object is used for every row: what it holds is valid until the next one.
 *
 * `load` and `loadText` make a value ready as the bytes `value[from..to)`; these too are valid until the next
 * load. A value without escapes is not copied.
 */
export class DumpRow {
  readonly starts = new Int32Array(maxColumns);
  readonly ends = new Int32Array(maxColumns);
  readonly kinds = new Uint8Array(maxColumns);
  /** Number of values. */
  count = 0;
  /** The bytes that hold the row; values lie at `starts` to `ends` in it. */
  buf: Buffer = Buffer.alloc(0);
  /** Place of the row in the file, from its '(' to its ')'. */
  offset = 0;
  length = 0;
  /** False under NO_BACKSLASH_ESCAPES. */
  escapes = true;
  /** The value made ready by `load` or `loadText`. */
  value: Buffer = this.buf;
  from = 0;
  to = 0;

  /** `escapeAt` is the first backslash at or behind `escapeFrom`. */
  private escapeAt = -1;
  private escapeFrom = 0;
  private scratch = Buffer.allocUnsafe(64 * 1024);
  private decoder = legacyDecoder('latin1');
  private readonly repaired: (repair: Repair) => void;

  /** `repaired` is told of each text that was not plain UTF-8. */
  constructor(repaired: (repair: Repair) => void = () => {}) {
    this.repaired = repaired;
  }

  /** Points the row to the bytes that the following rows lie in. */
  attach(view: Buffer): void {
    this.buf = view;
    this.escapeAt = -1;
  }

  /** The next backslash at or behind a place; searched once for the many values that have none. */
  private nextEscape(from: number): number {
    if (this.escapeAt < from || from < this.escapeFrom) {
      const at = this.buf.indexOf(92, from);
      this.escapeAt = at < 0 ? this.buf.length : at;
      this.escapeFrom = from;
    }
    return this.escapeAt;
  }

  /** Sets the character set stated by SET NAMES, for text that is not UTF-8. */
  setCharset(charset: string): void {
    this.decoder = legacyDecoder(charset);
  }

  /** Makes the bytes of a value ready, escapes and hex undone. False when it is NULL or there is no such column. */
  load(column: number): boolean {
    if (column < 0 || column >= this.count) return false;
    const kind = this.kinds[column]!;
    if (kind === valueKind.null) return false;
    const start = this.starts[column]!;
    const end = this.ends[column]!;
    if (kind === valueKind.quoted) {
      // Quotes in it are all escaped, so that the next escape is the first thing to undo.
      if (this.escapes && this.nextEscape(start) < end) this.unescape(start, this.escapeAt, end, false);
      else this.ready(this.buf, start, end);
    } else if (kind === valueKind.doubled) this.unquote(start, end);
    else if (kind === valueKind.hex) this.unhex(start, end);
    else this.ready(this.buf, start, end);
    return true;
  }

  /**
   * Like `load`, for text: afterwards the bytes are valid UTF-8. Other bytes are read in the dump's stated
   * character set, doubly encoded UTF-8 is decoded once, and a text beyond `limits.maxTextBytes` is cut.
   */
  loadText(column: number): boolean {
    if (!this.load(column)) return false;
    if (this.from < this.to && !this.isAscii()) this.toUtf8();
    if (this.to - this.from > limits.maxTextBytes) this.cut();
    return true;
  }

  /** A text as a string; null when NULL. For columns that few rows have set. */
  text(column: number): string | null {
    return this.loadText(column) ? this.value.toString('utf8', this.from, this.to) : null;
  }

  /** A whole number, whether written bare or quoted; NaN when it is none or lies beyond 2^53. */
  int(column: number): number {
    if (column < 0 || column >= this.count || this.kinds[column] === valueKind.null) return Number.NaN;
    const { buf } = this;
    const end = this.ends[column]!;
    let i = this.starts[column]!;
    const negative = buf[i] === 45;
    if (negative) i++;
    if (i >= end || end - i > 16 || this.kinds[column]! > valueKind.quoted) return Number.NaN;
    let number = 0;
    for (; i < end; i++) {
      const digit = buf[i]! - 48;
      if (digit < 0 || digit > 9) return Number.NaN;
      number = number * 10 + digit;
    }
    if (number > Number.MAX_SAFE_INTEGER) return Number.NaN;
    return negative ? -number : number;
  }

  isEmpty(column: number): boolean {
    if (column < 0 || column >= this.count) return true;
    return this.kinds[column] === valueKind.null || this.starts[column] === this.ends[column];
  }

  private ready(value: Buffer, from: number, to: number): void {
    this.value = value;
    this.from = from;
    this.to = to;
  }

  private isAscii(): boolean {
    const { value, to } = this;
    if (to - this.from > 64) return isAscii(value.subarray(this.from, to));
    for (let i = this.from; i < to; i++) if (value[i]! >= 0x80) return false;
    return true;
  }

  private unquote(start: number, end: number): void {
    const { buf } = this;
    const quote = buf[start - 1]!;
    let i = start;
    const near = Math.min(start + nearBytes, end);
    while (i < near && buf[i] !== 92 && buf[i] !== quote) i++;
    if (i === near && near < end) i = endOfRun(buf, i, end, quote, this.escapes);
    if (i === end) this.ready(buf, start, end);
    else this.unescape(start, i, end, true);
  }

  /** Escapes as in the MySQL manual, "String Literals"; \% and \_ keep their backslash. */
  private unescape(start: number, first: number, end: number, isDoubled: boolean): void {
    const { buf, escapes } = this;
    const quote = buf[start - 1]!;
    this.reserve(end - start);
    const { scratch } = this;
    buf.copy(scratch, 0, start, first);
    let to = first - start;
    const special = escapes ? 92 : quote;
    for (let i = first; i < end; ) {
      let c = buf[i]!;
      if (c === 92 && escapes && i + 1 < end) {
        c = buf[i + 1]!;
        if (c === 110) c = 10;
        else if (c === 114) c = 13;
        else if (c === 116) c = 9;
        else if (c === 48) c = 0;
        else if (c === 98) c = 8;
        else if (c === 90) c = 26;
        else if (c === 37 || c === 95) scratch[to++] = 92;
        scratch[to++] = c;
        i += 2;
      } else if (c === quote) {
        scratch[to++] = c;
        i += 2;
      } else {
        const near = Math.min(i + nearBytes, end);
        do {
          scratch[to++] = c;
          c = buf[++i]!;
        } while (i < near && c !== special && c !== quote);
        if (i < near || i === end) continue;
        // A long run without escapes is copied natively.
        const run = isDoubled ? endOfRun(buf, i, end, quote, escapes) : Math.min(this.nextEscape(i), end);
        buf.copy(scratch, to, i, run);
        to += run - i;
        i = run;
      }
    }
    this.ready(scratch, 0, to);
  }

  private unhex(start: number, end: number): void {
    const digits = this.buf.toString('latin1', start, end);
    const bytes = Buffer.from(digits.length % 2 === 1 ? `0${digits}` : digits, 'hex');
    this.ready(bytes, 0, bytes.length);
  }

  private toUtf8(): void {
    const bytes = this.value.subarray(this.from, this.to);
    if (!isUtf8(bytes)) {
      const text = Buffer.from(this.decoder.decode(bytes), 'utf8');
      this.ready(text, 0, text.length);
      this.repaired('legacy-encoding');
      return;
    }
    const once = undoDoubleEncoding(bytes);
    if (once === null) return;
    this.ready(once, 0, once.length);
    this.repaired('double-encoded');
  }

  private cut(): void {
    let to = this.from + limits.maxTextBytes;
    while ((this.value[to]! & 0xc0) === 0x80) to--;
    this.to = to;
    this.repaired('text-cut');
  }

  private reserve(bytes: number): void {
    if (this.scratch.length < bytes)
      this.scratch = Buffer.allocUnsafe(Math.max(bytes, this.scratch.length * 2));
    else if (this.scratch.length > 8 * 1024 * 1024 && bytes < 64 * 1024)
      this.scratch = Buffer.allocUnsafe(64 * 1024);
  }
}
