import type { ColumnData } from './columns.ts';
import type { Batch } from './records.ts';
import { columnsOf } from './tables.ts';

export type Row = Record<string, string | number | null>;

/** The rows of a batch as objects; for tests, small results and messages, never for hot paths. */
export function rowsOf(batch: Batch): Row[] {
  const rows: Row[] = Array.from({ length: batch.rows }, () => ({}));
  columnsOf(batch.table).forEach(([name], index) => {
    valuesOf(batch.columns[index]!, batch.rows).forEach((value, row) => {
      rows[row]![name] = value;
    });
  });
  return rows;
}

function valuesOf(column: ColumnData, rows: number): (string | number | null)[] {
  if (column.kind === 'empty') return new Array<null>(rows).fill(null);
  const { present } = column;
  let next = 0;
  if (column.kind === 'int') return Array.from(present, (set) => (set ? column.values[next++]! : null));
  const texts = textsOf(column.lengths, column.bytes);
  if (column.kind === 'text') return Array.from(present, (set) => (set ? texts[next++]! : null));
  return Array.from(present, (set) => (set ? texts[column.codes[next++]!]! : null));
}

function textsOf(lengths: Uint32Array, bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  return Array.from(lengths, (length) => buffer.toString('utf8', at, (at += length)));
}
