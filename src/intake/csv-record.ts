import { type Column, decodeLoosely } from '../evidence/columns.ts';

/** Fields in one record beyond which it is taken as damaged. */
const maxFields = 4096;

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;

/** Where the scan of an unfinished record stands. */
const atFieldStart = 0;
const inPlain = 1;
const inQuoted = 2;
const afterQuote = 3;
const afterQuoteReturn = 4;
type State = 0 | 1 | 2 | 3 | 4;

export type ScanResult = 'whole' | 'more' | 'damaged';

/**
 * One record of a CSV file, by RFC 4180 with any one-byte delimiter: fields are places in a buffer, not
 * strings. The object is used again for every record; it and its bytes are valid only during the visit.
 */
export class CsvRecord {
  /** Place in the file and length in bytes, without the line end. */
  offset = 0;
  length = 0;
  /** Number of fields; 0 for a blank line and for a damaged record. */
  count = 0;
  /**
   * The bytes do not follow the grammar: text after a closing quote, a quote that never closes, more than
   * 4096 fields, or more bytes than the caller allows. Such a record is one line long, so that an
   * unclosed quote costs its own line and not those after it.
   */
  damaged = false;

  /** What the places of `start` and `end` refer to; for reading fields without making an object. */
  bytes: Uint8Array = new Uint8Array(0);
  private base = 0;
  private starts = new Uint32Array(64);
  private ends = new Uint32Array(64);
  /** 1 where the field holds doubled quotes. */
  private doubled = new Uint8Array(64);
  private at = 0;
  private state: State = atFieldStart;
  private hasDoubled: 0 | 1 = 0;
  private readonly delimiter: number;

  constructor(delimiter: number) {
    this.delimiter = delimiter;
  }

  /** The text of a field: UTF-8, else Windows-1252. '' for a field that the record does not have. */
  text(field: number): string {
    const slice = this.slice(field);
    return decodeLoosely(slice);
  }

  /** Copies a field into a column. True when its bytes were not UTF-8 and were read as Windows-1252. */
  copyTo(column: Column, field: number): boolean {
    const slice = this.slice(field);
    return column.bytes(slice, 0, slice.length);
  }

  /** The bytes of a field without its quotes, valid during the visit. Empty for a field that is not there. */
  slice(field: number): Uint8Array {
    if (field < 0 || field >= this.count) return new Uint8Array(0);
    const start = this.base + this.starts[field]!;
    const end = this.base + this.ends[field]!;
    return this.doubled[field] === 1 ? undouble(this.bytes, start, end) : this.bytes.subarray(start, end);
  }

  /** Where a field begins in `bytes`, after its quote. The field must be there; doubled quotes are still doubled. */
  start(field: number): number {
    return this.base + this.starts[field]!;
  }

  /** Where a field ends in `bytes`, before its quote. */
  end(field: number): number {
    return this.base + this.ends[field]!;
  }

  /** Starts a record at `base`. */
  begin(): void {
    this.count = 0;
    this.damaged = false;
    this.at = 0;
    this.state = atFieldStart;
    this.hasDoubled = 0;
  }

  /** Bytes of the record, with its line end, that were scanned so far. */
  get scanned(): number {
    return this.at;
  }

  /**
   * Goes on scanning the record that starts at `base`, up to `size`. Each byte is looked at once, however
   * many pieces the record arrives in. `final`: nothing follows `size`.
   */
  scan(bytes: Uint8Array, base: number, size: number, final: boolean): ScanResult {
    this.bytes = bytes;
    this.base = base;
    const { delimiter } = this;
    let state = this.state;
    let i = base + this.at;
    for (; i < size; i++) {
      let byte = bytes[i]!;
      if (state === inPlain) {
        while (byte !== delimiter && byte !== lineFeed && ++i < size) byte = bytes[i]!;
        if (i === size) break;
        if (byte === lineFeed) return this.finish(i, 1);
        if (!this.field(i)) return 'damaged';
        state = atFieldStart;
      } else if (state === inQuoted) {
        while (byte !== quote && ++i < size) byte = bytes[i]!;
        if (i === size) break;
        state = afterQuote;
      } else if (state === atFieldStart) {
        this.starts[this.count] = i - base;
        if (byte === quote) {
          this.starts[this.count] = i - base + 1;
          state = inQuoted;
        } else if (byte === delimiter) {
          if (!this.field(i)) return 'damaged';
        } else if (byte === lineFeed) {
          return this.finish(i, 1);
        } else {
          state = inPlain;
        }
      } else if (state === afterQuote) {
        if (byte === quote) {
          this.hasDoubled = 1;
          state = inQuoted;
        } else if (byte === delimiter) {
          if (!this.field(i - 1)) return 'damaged';
          state = atFieldStart;
        } else if (byte === lineFeed) {
          return this.finishQuoted(i, 1, 1);
        } else if (byte === carriageReturn) {
          state = afterQuoteReturn;
        } else {
          return 'damaged';
        }
      } else {
        return byte === lineFeed ? this.finishQuoted(i, 2, 1) : 'damaged';
      }
    }
    this.at = i - base;
    this.state = state;
    if (!final) return 'more';
    return this.atEnd(size, state);
  }

  private atEnd(size: number, state: State): ScanResult {
    if (state === inQuoted) return 'damaged';
    if (state === afterQuote) return this.finishQuoted(size, 1, 0);
    if (state === afterQuoteReturn) return this.finishQuoted(size, 2, 0);
    if (state === atFieldStart) this.starts[this.count] = size - this.base;
    return this.finish(size, 0);
  }

  /** Ends the record at a line feed or the end of the file, at `end`; a carriage return before it is no text. */
  private finish(end: number, terminator: number): ScanResult {
    const start = this.base + this.starts[this.count]!;
    const cut = end > start && this.bytes[end - 1] === carriageReturn ? end - 1 : end;
    this.at = end - this.base + terminator;
    this.length = cut - this.base;
    if (this.length === 0) return 'whole';
    return this.field(cut) ? 'whole' : 'damaged';
  }

  /** The same after a closing quote, which lies `back` bytes before `end`. */
  private finishQuoted(end: number, back: number, terminator: number): ScanResult {
    this.at = end - this.base + terminator;
    this.length = end - back + 1 - this.base;
    return this.field(end - back) ? 'whole' : 'damaged';
  }

  /** Ends a field; false when there are too many. */
  private field(end: number): boolean {
    const { count } = this;
    if (count === maxFields) return false;
    if (count + 1 === this.starts.length) this.grow();
    this.ends[count] = end - this.base;
    this.doubled[count] = this.hasDoubled;
    this.hasDoubled = 0;
    this.count = count + 1;
    return true;
  }

  private grow(): void {
    const { starts, ends, doubled } = this;
    this.starts = new Uint32Array(starts.length * 2);
    this.starts.set(starts);
    this.ends = new Uint32Array(ends.length * 2);
    this.ends.set(ends);
    this.doubled = new Uint8Array(doubled.length * 2);
    this.doubled.set(doubled);
  }
}

function undouble(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const out = new Uint8Array(end - start);
  let to = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    out[to++] = byte;
    if (byte === quote) i++;
  }
  return out.subarray(0, to);
}
