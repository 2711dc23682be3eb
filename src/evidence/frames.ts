import { isAscii, isUtf8 } from 'node:buffer';
import { WaymarkError } from '../base/errors.ts';
import { batchRows, type ColumnData } from './columns.ts';
import type { Batch } from './records.ts';
import { columnsOf, tableNames } from './tables.ts';

/**
 * Batches as bytes, for the pipe between the sandbox and the lake. The side that decodes trusts nothing:
 * lengths, codes, counts and UTF-8 are checked, and anything odd is a WaymarkError 'sandbox'.
 *
 * Layout, little-endian: table u8, rows u32, then for each column: kind u8 (0 empty, 1 int, 2 text, 3 term),
 * all-present u8, presence bytes unless all present, count u32, then `count` float64 | u32 lengths + bytes |
 * u16 codes + dictionary size u32 + u32 lengths + bytes.
 */
const kinds = ['empty', 'int', 'text', 'term'] as const;

export function encodeBatch(batch: Batch): Uint8Array {
  const parts: Uint8Array[] = [];
  const head = Buffer.alloc(5);
  head.writeUInt8(tableNames.indexOf(batch.table), 0);
  head.writeUInt32LE(batch.rows, 1);
  parts.push(head);
  for (const column of batch.columns) {
    parts.push(Uint8Array.of(kinds.indexOf(column.kind)));
    if (column.kind === 'empty') continue;
    const count =
      column.kind === 'int'
        ? column.values.length
        : column.kind === 'text'
          ? column.lengths.length
          : column.codes.length;
    const all = count === batch.rows;
    parts.push(Uint8Array.of(all ? 1 : 0));
    if (!all) parts.push(column.present);
    parts.push(u32(count));
    if (column.kind === 'int') parts.push(raw(column.values));
    else {
      if (column.kind === 'term') parts.push(raw(column.codes), u32(column.lengths.length));
      parts.push(raw(column.lengths), column.bytes);
    }
  }
  return Buffer.concat(parts);
}

export function decodeBatch(frame: Uint8Array): Batch {
  const cursor = new Cursor(frame);
  const table = tableNames[cursor.u8()];
  const rows = cursor.u32();
  if (table === undefined || rows === 0 || rows > batchRows)
    throw broken('a batch names no table or no rows');
  const columns = columnsOf(table).map(([, type]) =>
    decodeColumn(cursor, rows, type === 'int' || type === 'time'),
  );
  cursor.end();
  return { table, rows, columns };
}

function decodeColumn(cursor: Cursor, rows: number, isInt: boolean): ColumnData {
  const kind = kinds[cursor.u8()];
  if (kind === 'empty') return { kind };
  if (kind === undefined || (kind === 'int') !== isInt)
    throw broken('a column has another type than its table says');
  const all = cursor.u8() === 1;
  const present = all ? new Uint8Array(rows).fill(1) : cursor.take(rows);
  const count = cursor.u32();
  let set = 0;
  for (let i = 0; i < rows; i++) {
    if (present[i]! > 1) throw broken('a presence byte is neither 0 nor 1');
    set += present[i]!;
  }
  if (set !== count) throw broken('a column has more or fewer values than it says');
  if (kind === 'int') {
    const values = new Float64Array(cursor.take(count * 8).buffer);
    for (const value of values) if (!Number.isSafeInteger(value)) throw broken('a number is not whole');
    return { kind, present, values };
  }
  if (kind === 'text') return { kind, present, ...decodeTexts(cursor, count) };
  const codes = new Uint16Array(cursor.take(count * 2).buffer);
  const size = cursor.u32();
  for (const code of codes) if (code >= size) throw broken('a code lies outside its dictionary');
  return { kind, present, codes, ...decodeTexts(cursor, size) };
}

function decodeTexts(cursor: Cursor, count: number): { lengths: Uint32Array; bytes: Uint8Array } {
  const lengths = new Uint32Array(cursor.take(count * 4).buffer);
  let total = 0;
  for (const length of lengths) total += length;
  const bytes = cursor.take(total);
  if (!isAscii(bytes)) {
    if (!isUtf8(bytes)) throw broken('text is not UTF-8');
    let at = 0;
    for (const length of lengths) {
      at += length;
      if (at < total && (bytes[at]! & 0xc0) === 0x80) throw broken('a value ends inside a character');
    }
  }
  return { lengths, bytes };
}

class Cursor {
  private at = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  /** A copy, so that it is aligned for any typed array. */
  take(length: number): Uint8Array<ArrayBuffer> {
    if (this.at + length > this.bytes.length) throw broken('a batch ends too early');
    const out = new Uint8Array(length);
    out.set(this.bytes.subarray(this.at, this.at + length));
    this.at += length;
    return out;
  }
  u8(): number {
    if (this.at >= this.bytes.length) throw broken('a batch ends too early');
    return this.bytes[this.at++]!;
  }
  u32(): number {
    if (this.at + 4 > this.bytes.length) throw broken('a batch ends too early');
    const value = this.bytes.readUInt32LE(this.at);
    this.at += 4;
    return value;
  }
  end(): void {
    if (this.at !== this.bytes.length) throw broken('a batch is longer than it says');
  }
}

function raw(array: Float64Array | Uint32Array | Uint16Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function u32(value: number): Uint8Array {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
}

function broken(what: string): WaymarkError {
  return new WaymarkError('sandbox', `the sandboxed reader sent a malformed batch: ${what}`, {
    remedy: 'The file is set aside as unread; the rest goes on. Please report the reader and version shown.',
  });
}
