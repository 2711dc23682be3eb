import { isAscii, isUtf8 } from 'node:buffer';
import type { ColumnData } from '../store/columns.ts';
import type { ColumnType } from './tables.ts';

export type { ColumnData };

/**
 * Column builders: a reader sets values column by column, and a batch of rows leaves as typed arrays.
 * No object is made for a row, and bytes that are already in a buffer are copied, not decoded.
 */

/** Rows in one batch; also the row-group size of the lake, and what lets dictionary codes be 16 bits wide. */
export const batchRows = 65_536;

/** Values below 0x80 are the same in all encodings found in evidence; others must be valid UTF-8 or are read as Windows-1252. */
const windows1252 = new TextDecoder('windows-1252');

/**
 * Views of the buffers that values were last taken from, since four bytes at a time are hashed, compared and
 * copied about four times as fast as one. A reader takes values from its block, from a scratch buffer or two and
 * from prepared names by turns, so a few are kept.
 */
const viewedSources: Uint8Array[] = [];
const viewsOfSources: DataView[] = [];
const keptViews = 4;
let lastView = 0;
let oldestView = 0;

function viewOf(source: Uint8Array): DataView {
  if (viewedSources[lastView] === source) return viewsOfSources[lastView]!;
  for (let i = 0; i < viewedSources.length; i++) {
    if (viewedSources[i] !== source) continue;
    lastView = i;
    return viewsOfSources[i]!;
  }
  lastView = oldestView;
  oldestView = (oldestView + 1) % keptViews;
  viewedSources[lastView] = source;
  const view = new DataView(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength);
  viewsOfSources[lastView] = view;
  return view;
}

/** Set in a word where one of its four bytes is above 0x7f. */
const highBits = 0x80808080 | 0;
/** Values longer than this are copied and examined by the engine's own routines. */
const maxWordCopyBytes = 512;

/** The number of the row being set in its batch; the columns of one table share it. */
export interface RowCounter {
  at: number;
}

/** Entries that a column begins with; most columns of most tables are never or rarely set. */
const firstEntries = 64;

export abstract class Column {
  protected count = 0;
  private readonly row: RowCounter;
  private lastRow = -1;
  /** 1 where the row has a value; kept only once a row had none. Until then the first `count` rows have one. */
  private marks = new Uint8Array(0);
  private hasGap = false;

  constructor(row: RowCounter) {
    this.row = row;
  }

  /** Counts a value of the current row; a column not marked in a row is null there. */
  protected mark(): void {
    const { at } = this.row;
    if (at === this.lastRow) throw new Error('a column is set twice in one row');
    this.lastRow = at;
    // Behind a gap the count stays below the row for the rest of the batch.
    if (this.count !== at) this.markBehindGap(at);
    this.count++;
  }

  private markBehindGap(at: number): void {
    if (at >= this.marks.length) {
      const grown = new Uint8Array(Math.min(Math.max(at + 1, this.marks.length * 4, 1024), batchRows));
      if (this.hasGap) grown.set(this.marks);
      this.marks = grown;
    }
    if (!this.hasGap) {
      this.hasGap = true;
      this.marks.fill(1, 0, this.count);
      this.marks.fill(0, this.count);
    }
    this.marks[at] = 1;
  }

  abstract text(value: string): void;
  abstract int(value: number): void;
  /** Sets UTF-8 bytes as text. Bytes that are not UTF-8 are taken as Windows-1252; returns true in that case. */
  abstract bytes(source: Uint8Array, start: number, end: number): boolean;
  abstract byteLength(): number;
  protected abstract data(present: Uint8Array): ColumnData;
  protected abstract clear(): void;

  /** Hands over the batch of `row.at` rows; the next one begins when the counter is set back to 0. */
  take(): ColumnData {
    const data: ColumnData = this.count === 0 ? { kind: 'empty' } : this.data(this.presence());
    this.count = 0;
    this.lastRow = -1;
    this.hasGap = false;
    this.clear();
    return data;
  }

  private presence(): Uint8Array {
    const present = new Uint8Array(this.row.at);
    if (this.hasGap) present.set(this.marks.subarray(0, this.lastRow + 1));
    else present.fill(1, 0, this.count);
    return present;
  }
}

class IntColumn extends Column {
  private values = new Float64Array(firstEntries);

  override int(value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number within 2^53`);
    if (this.count === this.values.length) {
      const grown = new Float64Array(this.values.length * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.count] = value;
    this.mark();
  }
  override text(): void {
    throw new TypeError('this column holds whole numbers');
  }
  override bytes(): boolean {
    throw new TypeError('this column holds whole numbers');
  }
  override byteLength(): number {
    return this.count * 8;
  }
  protected override data(present: Uint8Array): ColumnData {
    return { kind: 'int', present, values: this.values.slice(0, this.count) };
  }
  protected override clear(): void {}
}

const noBytes = Buffer.alloc(0);
const viewOfNoBytes = new DataView(noBytes.buffer, 0, 0);

/** A growing run of bytes. */
class Arena {
  bytes: Buffer<ArrayBuffer> = noBytes;
  view = viewOfNoBytes;
  used = 0;

  reserve(more: number): void {
    if (this.used + more <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.used + more, 4096));
    this.bytes.copy(grown, 0, 0, this.used);
    this.hold(grown);
  }
  private hold(bytes: Buffer<ArrayBuffer>): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  /** Appends text as UTF-8 and returns its byte length. Lone surrogates become U+FFFD. */
  string(value: string): number {
    this.reserve(value.length * 3);
    const length = this.bytes.write(value, this.used, 'utf8');
    this.used += length;
    return length;
  }
  /** Appends bytes and tells whether all are below 0x80. */
  copy(source: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    this.reserve(length);
    let seen = 0;
    if (length <= maxWordCopyBytes) {
      const from = viewOf(source);
      const to = this.view;
      let i = start;
      let at = this.used;
      for (; i + 4 <= end; i += 4, at += 4) {
        const word = from.getInt32(i, true);
        seen |= word;
        to.setInt32(at, word, true);
      }
      for (; i < end; i++, at++) {
        const byte = source[i]!;
        seen |= byte;
        this.bytes[at] = byte;
      }
      this.used += length;
      return (seen & highBits) === 0;
    }
    const slice = source.subarray(start, end);
    this.bytes.set(slice, this.used);
    this.used += length;
    return isAscii(slice);
  }
  take(): Uint8Array {
    const out = Uint8Array.prototype.slice.call(this.bytes, 0, this.used);
    this.clear();
    return out;
  }
  clear(): void {
    this.used = 0;
    if (this.bytes.length > 64 * 1024 * 1024) this.hold(noBytes);
  }
}

/** The text of bytes in an unknown single-byte encoding or broken UTF-8. */
export function decodeLoosely(source: Uint8Array): string {
  return isUtf8(source) ? Buffer.from(source).toString('utf8') : windows1252.decode(source);
}

class TextColumn extends Column {
  private arena = new Arena();
  private lengths = new Uint32Array(firstEntries);

  private ended(length: number): void {
    if (this.count === this.lengths.length) this.lengths = grow(this.lengths);
    this.lengths[this.count] = length;
    this.mark();
  }
  override text(value: string): void {
    this.ended(this.arena.string(value));
  }
  override bytes(source: Uint8Array, start: number, end: number): boolean {
    const before = this.arena.used;
    if (this.arena.copy(source, start, end) || isUtf8(source.subarray(start, end))) {
      this.ended(end - start);
      return false;
    }
    this.arena.used = before;
    this.text(windows1252.decode(source.subarray(start, end)));
    return true;
  }
  override int(): void {
    throw new TypeError('this column holds text');
  }
  override byteLength(): number {
    return this.arena.used + this.count * 4;
  }
  protected override data(present: Uint8Array): ColumnData {
    return { kind: 'text', present, lengths: this.lengths.slice(0, this.count), bytes: this.arena.take() };
  }
  protected override clear(): void {
    this.arena.clear();
  }
}

/** Texts on their way into a dictionary. */
let scratch = Buffer.allocUnsafe(1024);

/**
 * Text kept as a dictionary. Bytes are looked up by a hash over open addressing, so a value that was seen
 * before costs no string, and the value of the row before only a comparison. A batch whose values turn out to be mostly
 * different leaves as plain text.
 */
export class TermColumn extends Column {
  private arena = new Arena();
  /** Start and length in the arena, two numbers for each code; what is looked up together lies together. */
  private places = new Uint32Array(firstEntries * 2);
  private size = 0;
  /** Code and hash, two numbers for each slot; a code of -1 marks an empty one. */
  private slots = new Int32Array(firstEntries * 4).fill(-1);
  private codes = new Uint16Array(firstEntries);
  private byText = new Map<string, number>();
  /** The row before, by text and by bytes. */
  private lastText: string | null = null;
  private lastTextCode = 0;
  private lastCode = -1;
  private hasHighByte = false;

  override text(value: string): void {
    this.set(this.codeOf(value));
  }
  /** The dictionary's code of a text. Good until the batch is taken. */
  codeOf(value: string): number {
    if (value === this.lastText) return this.lastTextCode;
    let code = this.byText.get(value);
    if (code === undefined) {
      if (scratch.length < value.length * 3) scratch = Buffer.allocUnsafe(value.length * 6);
      const length = scratch.write(value, 0, 'utf8');
      code = this.code(scratch, 0, length, this.hash(scratch, 0, length));
      this.byText.set(value, code);
    }
    this.lastText = value;
    this.lastTextCode = code;
    return code;
  }
  /** Sets the same value in rows that ended already: those from `this.count` to `rowsEnd`, all of them. */
  fill(code: number, rowsEnd: number): void {
    while (this.codes.length < rowsEnd) this.growCodes();
    this.codes.fill(code, this.count, rowsEnd);
    this.count = rowsEnd;
  }
  private set(code: number): void {
    if (this.count === this.codes.length) this.growCodes();
    this.codes[this.count] = code;
    this.mark();
  }
  private growCodes(): void {
    const grown = new Uint16Array(Math.min(this.codes.length * 4, batchRows));
    grown.set(this.codes);
    this.codes = grown;
  }
  override bytes(source: Uint8Array, start: number, end: number): boolean {
    const last = this.lastCode;
    if (last >= 0 && this.equals(last, source, start, end)) {
      this.set(last);
      return false;
    }
    const hash = this.hash(source, start, end);
    if (this.hasHighByte) {
      const slice = source.subarray(start, end);
      if (!isUtf8(slice)) {
        this.text(windows1252.decode(slice));
        return true;
      }
    }
    this.lastCode = this.code(source, start, end, hash);
    this.set(this.lastCode);
    return false;
  }
  override int(): void {
    throw new TypeError('this column holds text');
  }

  /** A hash of the bytes in two lanes of words; also finds out whether any byte is above 0x7f. */
  private hash(source: Uint8Array, start: number, end: number): number {
    const view = viewOf(source);
    let even = end - start;
    let odd = 0x811c9dc5;
    let seen = 0;
    let i = start;
    for (; i + 8 <= end; i += 8) {
      const low = view.getInt32(i, true);
      const high = view.getInt32(i + 4, true);
      seen |= low | high;
      even = Math.imul(even ^ low, 0x9e3779b1);
      odd = Math.imul(odd ^ high, 0x85ebca6b);
      even ^= even >>> 15;
      odd ^= odd >>> 13;
    }
    for (; i < end; i++) {
      const byte = source[i]!;
      seen |= byte;
      even = Math.imul(even ^ byte, 0x01000193);
    }
    this.hasHighByte = (seen & highBits) !== 0;
    const mixed = Math.imul(even ^ (even >>> 16) ^ odd, 0x9e3779b1);
    return mixed ^ (mixed >>> 15);
  }

  private code(source: Uint8Array, start: number, end: number, hash: number): number {
    const { slots } = this;
    const mask = slots.length - 2;
    let slot = (hash << 1) & mask;
    for (;;) {
      const code = slots[slot]!;
      if (code < 0) break;
      if (slots[slot + 1] === hash && this.equals(code, source, start, end)) return code;
      slot = (slot + 2) & mask;
    }
    const code = this.add(source, start, end);
    slots[slot] = code;
    slots[slot + 1] = hash;
    if (this.size * 4 > slots.length) this.rehash();
    return code;
  }
  /** Whether the value of that code has the same bytes. */
  private equals(code: number, source: Uint8Array, start: number, end: number): boolean {
    if (this.places[code * 2 + 1] !== end - start) return false;
    const view = viewOf(source);
    const { bytes, view: known } = this.arena;
    let i = start;
    let at = this.places[code * 2]!;
    for (; i + 4 <= end; i += 4, at += 4)
      if (view.getInt32(i, true) !== known.getInt32(at, true)) return false;
    for (; i < end; i++, at++) if (bytes[at] !== source[i]) return false;
    return true;
  }
  private add(source: Uint8Array, start: number, end: number): number {
    if (this.size * 2 === this.places.length) this.places = grow(this.places);
    this.places[this.size * 2] = this.arena.used;
    this.places[this.size * 2 + 1] = end - start;
    this.arena.copy(source, start, end);
    return this.size++;
  }
  private rehash(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2).fill(-1);
    const mask = this.slots.length - 2;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from]! < 0) continue;
      let slot = (old[from + 1]! << 1) & mask;
      while (this.slots[slot]! >= 0) slot = (slot + 2) & mask;
      this.slots[slot] = old[from]!;
      this.slots[slot + 1] = old[from + 1]!;
    }
  }

  override byteLength(): number {
    return this.arena.used + this.count * 2;
  }
  protected override data(present: Uint8Array): ColumnData {
    const codes = this.codes.slice(0, this.count);
    if (this.size > 64 && this.size * 2 > this.count) return this.asText(present, codes);
    return {
      kind: 'term',
      present,
      codes,
      lengths: this.lengthsOfCodes(),
      bytes: this.arena.take(),
    };
  }
  private lengthsOfCodes(): Uint32Array {
    const lengths = new Uint32Array(this.size);
    for (let code = 0; code < lengths.length; code++) lengths[code] = this.places[code * 2 + 1]!;
    return lengths;
  }
  private asText(present: Uint8Array, codes: Uint16Array): ColumnData {
    const { places } = this;
    const lengths = new Uint32Array(codes.length);
    let total = 0;
    for (let i = 0; i < codes.length; i++) total += lengths[i] = places[codes[i]! * 2 + 1]!;
    const bytes = new Uint8Array(total);
    let at = 0;
    for (let i = 0; i < codes.length; i++) {
      const from = places[codes[i]! * 2]!;
      bytes.set(this.arena.bytes.subarray(from, from + lengths[i]!), at);
      at += lengths[i]!;
    }
    return { kind: 'text', present, lengths, bytes };
  }
  protected override clear(): void {
    this.arena.clear();
    this.size = 0;
    this.slots.fill(-1);
    this.byText.clear();
    this.lastText = null;
    this.lastCode = -1;
  }
}

function grow(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(array.length * 2);
  grown.set(array);
  return grown;
}

/** A column of a table; `row` is the counter that all columns of the table share. */
export function makeColumn(type: ColumnType, row: RowCounter): Column {
  switch (type) {
    case 'int':
    case 'time':
      return new IntColumn(row);
    case 'text':
      return new TextColumn(row);
    case 'term':
      return new TermColumn(row);
  }
}
