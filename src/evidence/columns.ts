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
 * A view of the buffer that values were last taken from. A reader takes row after row from one block, and
 * four bytes at a time are hashed, compared and copied about four times as fast as one.
 */
let viewedSource = new Uint8Array(0);
let viewOfSource = new DataView(viewedSource.buffer);

function viewOf(source: Uint8Array): DataView {
  if (source !== viewedSource) {
    viewedSource = source as Uint8Array<ArrayBuffer>;
    viewOfSource = new DataView(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength);
  }
  return viewOfSource;
}

/** Set in a word where one of its four bytes is above 0x7f. */
const highBits = 0x80808080 | 0;
/** Values longer than this are copied and examined by the engine's own routines. */
const maxWordCopyBytes = 512;

export abstract class Column {
  /** 1 where the row has a value. One byte a row. */
  protected present = new Uint8Array(batchRows);
  protected count = 0;
  protected row = 0;

  /** Ends the row; a column not set in it is null there. */
  endRow(): void {
    this.row++;
  }

  protected mark(): void {
    if (this.present[this.row] === 1) throw new Error('a column is set twice in one row');
    this.present[this.row] = 1;
    this.count++;
  }

  abstract text(value: string): void;
  abstract int(value: number): void;
  /** Sets UTF-8 bytes as text. Bytes that are not UTF-8 are taken as Windows-1252; returns true in that case. */
  abstract bytes(source: Uint8Array, start: number, end: number): boolean;
  abstract byteLength(): number;
  protected abstract data(present: Uint8Array): ColumnData;
  protected abstract clear(): void;

  /** Hands over the batch and starts the next one. */
  take(): ColumnData {
    const data: ColumnData =
      this.count === 0 ? { kind: 'empty' } : this.data(this.present.slice(0, this.row));
    this.present.fill(0, 0, this.row);
    this.row = 0;
    this.count = 0;
    this.clear();
    return data;
  }
}

class IntColumn extends Column {
  private values = new Float64Array(1024);

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

/** A growing run of bytes. */
class Arena {
  bytes = Buffer.allocUnsafe(4096);
  view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  used = 0;

  reserve(more: number): void {
    if (this.used + more <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.used + more));
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
    if (this.bytes.length > 64 * 1024 * 1024) this.hold(Buffer.allocUnsafe(4096));
  }
}

/** The text of bytes in an unknown single-byte encoding or broken UTF-8. */
export function decodeLoosely(source: Uint8Array): string {
  return isUtf8(source) ? Buffer.from(source).toString('utf8') : windows1252.decode(source);
}

class TextColumn extends Column {
  private arena = new Arena();
  private lengths = new Uint32Array(1024);

  private ended(length: number): void {
    if (this.count === this.lengths.length) {
      const grown = new Uint32Array(this.lengths.length * 2);
      grown.set(this.lengths);
      this.lengths = grown;
    }
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

/**
 * Text kept as a dictionary. Bytes are looked up by a hash over open addressing, so a value that was seen
 * before costs no string, and the value of the row before only a comparison. A batch whose values turn out to be mostly
 * different leaves as plain text.
 */
class TermColumn extends Column {
  private arena = new Arena();
  private starts = new Uint32Array(256);
  private lengths = new Uint32Array(256);
  private hashes = new Uint32Array(256);
  private size = 0;
  private slots = new Int32Array(1024).fill(-1);
  private codes = new Uint16Array(batchRows);
  private byText = new Map<string, number>();
  private scratch = Buffer.allocUnsafe(1024);
  /** The row before, by text and by bytes. */
  private lastText: string | null = null;
  private lastTextCode = 0;
  private lastCode = -1;
  private hasHighByte = false;

  override text(value: string): void {
    if (value === this.lastText) {
      this.codes[this.count] = this.lastTextCode;
      this.mark();
      return;
    }
    let code = this.byText.get(value);
    if (code === undefined) {
      if (this.scratch.length < value.length * 3) this.scratch = Buffer.allocUnsafe(value.length * 6);
      const length = this.scratch.write(value, 0, 'utf8');
      code = this.code(this.scratch, 0, length, this.hash(this.scratch, 0, length));
      this.byText.set(value, code);
    }
    this.lastText = value;
    this.lastTextCode = code;
    this.codes[this.count] = code;
    this.mark();
  }
  override bytes(source: Uint8Array, start: number, end: number): boolean {
    const last = this.lastCode;
    if (last >= 0 && this.lengths[last] === end - start && this.equals(last, source, start, end)) {
      this.codes[this.count] = last;
      this.mark();
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
    this.codes[this.count] = this.lastCode;
    this.mark();
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
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  private code(source: Uint8Array, start: number, end: number, hash: number): number {
    const length = end - start;
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const code = this.slots[slot]!;
      if (code < 0) break;
      if (
        this.hashes[code] === hash &&
        this.lengths[code] === length &&
        this.equals(code, source, start, end)
      ) {
        return code;
      }
      slot = (slot + 1) & mask;
    }
    const code = this.add(hash, source, start, end);
    this.slots[slot] = code;
    if (this.size * 2 > this.slots.length) this.rehash();
    return code;
  }
  /** Whether the value of that code has the same bytes; the lengths are equal already. */
  private equals(code: number, source: Uint8Array, start: number, end: number): boolean {
    const view = viewOf(source);
    const { bytes, view: known } = this.arena;
    let i = start;
    let at = this.starts[code]!;
    for (; i + 4 <= end; i += 4, at += 4)
      if (view.getInt32(i, true) !== known.getInt32(at, true)) return false;
    for (; i < end; i++, at++) if (bytes[at] !== source[i]) return false;
    return true;
  }
  private add(hash: number, source: Uint8Array, start: number, end: number): number {
    if (this.size === this.starts.length) {
      this.starts = grow(this.starts);
      this.lengths = grow(this.lengths);
      this.hashes = grow(this.hashes);
    }
    this.starts[this.size] = this.arena.used;
    this.lengths[this.size] = end - start;
    this.hashes[this.size] = hash;
    this.arena.copy(source, start, end);
    return this.size++;
  }
  private rehash(): void {
    this.slots = new Int32Array(this.slots.length * 2).fill(-1);
    const mask = this.slots.length - 1;
    for (let code = 0; code < this.size; code++) {
      let slot = this.hashes[code]! & mask;
      while (this.slots[slot]! >= 0) slot = (slot + 1) & mask;
      this.slots[slot] = code;
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
      lengths: this.lengths.slice(0, this.size),
      bytes: this.arena.take(),
    };
  }
  private asText(present: Uint8Array, codes: Uint16Array): ColumnData {
    const lengths = new Uint32Array(codes.length);
    let total = 0;
    for (let i = 0; i < codes.length; i++) total += lengths[i] = this.lengths[codes[i]!]!;
    const bytes = new Uint8Array(total);
    let at = 0;
    for (let i = 0; i < codes.length; i++) {
      const from = this.starts[codes[i]!]!;
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

export function makeColumn(type: ColumnType): Column {
  switch (type) {
    case 'int':
    case 'time':
      return new IntColumn();
    case 'text':
      return new TextColumn();
    case 'term':
      return new TermColumn();
  }
}
