import { isAscii, isUtf8 } from 'node:buffer';
import type { ColumnType } from './tables.ts';

/**
 * Column builders: a reader sets values column by column, and a batch of rows leaves as typed arrays.
 * No object is made for a row, and bytes that are already in a buffer are copied, not decoded.
 */

/** Rows in one batch; also the row-group size of the lake, and what lets dictionary codes be 16 bits wide. */
export const batchRows = 65_536;

/** One column of a finished batch. */
export type ColumnData =
  | { readonly kind: 'empty' }
  | { readonly kind: 'int'; readonly present: Uint8Array; readonly values: Float64Array }
  | {
      readonly kind: 'text';
      readonly present: Uint8Array;
      /** Byte length of each present value; the values follow one another in `bytes`. */
      readonly lengths: Uint32Array;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'term';
      readonly present: Uint8Array;
      readonly codes: Uint16Array;
      /** The dictionary, laid out as in 'text'. */
      readonly lengths: Uint32Array;
      readonly bytes: Uint8Array;
    };

/** Values below 0x80 are the same in all encodings found in evidence; others must be valid UTF-8 or are read as Windows-1252. */
const windows1252 = new TextDecoder('windows-1252');

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
  used = 0;

  reserve(more: number): void {
    if (this.used + more <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.used + more));
    this.bytes.copy(grown, 0, 0, this.used);
    this.bytes = grown;
  }
  /** Appends text as UTF-8 and returns its byte length. Lone surrogates become U+FFFD. */
  string(value: string): number {
    this.reserve(value.length * 3);
    const length = this.bytes.write(value, this.used, 'utf8');
    this.used += length;
    return length;
  }
  copy(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.reserve(length);
    if (length < 48) {
      for (let i = start, to = this.used; i < end; i++, to++) this.bytes[to] = source[i]!;
    } else {
      this.bytes.set(source.subarray(start, end), this.used);
    }
    this.used += length;
  }
  take(): Uint8Array {
    const out = Uint8Array.prototype.slice.call(this.bytes, 0, this.used);
    this.clear();
    return out;
  }
  clear(): void {
    this.used = 0;
    if (this.bytes.length > 64 * 1024 * 1024) this.bytes = Buffer.allocUnsafe(4096);
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
    const slice = source.subarray(start, end);
    if (isAscii(slice) || isUtf8(slice)) {
      this.arena.copy(source, start, end);
      this.ended(end - start);
      return false;
    }
    this.text(windows1252.decode(slice));
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
 * Text kept as a dictionary. Bytes are looked up by an FNV-1a hash over open addressing, so a value that was
 * seen before costs one pass over its bytes and no string. A batch whose values turn out to be mostly
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

  override text(value: string): void {
    let code = this.byText.get(value);
    if (code === undefined) {
      if (this.scratch.length < value.length * 3) this.scratch = Buffer.allocUnsafe(value.length * 6);
      const length = this.scratch.write(value, 0, 'utf8');
      code = this.code(this.scratch, 0, length);
      this.byText.set(value, code);
    }
    this.codes[this.count] = code;
    this.mark();
  }
  override bytes(source: Uint8Array, start: number, end: number): boolean {
    for (let i = start; i < end; i++) {
      if (source[i]! >= 0x80) {
        const slice = source.subarray(start, end);
        if (isUtf8(slice)) break;
        this.text(windows1252.decode(slice));
        return true;
      }
    }
    this.codes[this.count] = this.code(source, start, end);
    this.mark();
    return false;
  }
  override int(): void {
    throw new TypeError('this column holds text');
  }

  private code(source: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ source[i]!, 0x01000193);
    hash ^= hash >>> 15;
    const length = end - start;
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const code = this.slots[slot]!;
      if (code < 0) break;
      if (
        this.hashes[code] === hash >>> 0 &&
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
  private equals(code: number, source: Uint8Array, start: number, end: number): boolean {
    const bytes = this.arena.bytes;
    for (let i = start, at = this.starts[code]!; i < end; i++, at++)
      if (bytes[at] !== source[i]) return false;
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
