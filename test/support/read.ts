import assert from 'node:assert/strict';
import { decodeBatch, encodeBatch } from '../../src/evidence/frames.ts';
import type { Input, Reader } from '../../src/evidence/reader.ts';
import { Records, type Tally } from '../../src/evidence/records.ts';
import { type Row, rowsOf } from '../../src/evidence/rows.ts';
import type { TableName } from '../../src/evidence/tables.ts';

export interface ReadResult {
  readonly rows: Partial<Record<TableName, Row[]>>;
  readonly tallies: Tally[];
  readonly warnings: number;
}

export interface ReadOptions {
  /** Bytes in each piece the reader is given; small ones find errors at the seams. */
  readonly chunkBytes?: number;
  readonly path?: string;
  readonly name?: string;
  /** Set where the bytes are a share of a file. */
  readonly from?: number;
}

/** Bytes as a reader's input. */
export function inputOf(bytes: Uint8Array, options: ReadOptions = {}): Input {
  const size = options.chunkBytes ?? 1024 * 1024;
  return {
    path: options.path ?? '',
    name: options.name ?? 'exhibit',
    size: bytes.length,
    ...(options.from !== undefined && { from: options.from }),
    async *chunks() {
      // Each piece is a copy that is wiped afterwards: a reader that keeps a piece is found out.
      for (let at = 0; at < bytes.length; at += size) {
        const piece = Uint8Array.prototype.slice.call(bytes, at, at + size);
        yield piece;
        piece.fill(0x58);
      }
    },
  };
}

/** Runs a reader in this process, through the same encoding as the sandbox, and returns its rows. */
export async function readAll(
  reader: Reader,
  bytes: Uint8Array,
  options: ReadOptions = {},
): Promise<ReadResult> {
  const rows: Partial<Record<TableName, Row[]>> = {};
  const records = new Records(options.path ?? '', (batch) => {
    const decoded = decodeBatch(encodeBatch(batch));
    const list = (rows[decoded.table] ??= []);
    for (const row of rowsOf(decoded)) list.push(row);
  });
  await reader.read(inputOf(bytes, options), records);
  const { tallies, warnings } = records.finish();
  return { rows, tallies, warnings };
}

/** Reads the same bytes in pieces of each size, holds the results to be equal, and returns one. */
export async function readAtEverySeam(
  reader: Reader,
  bytes: Uint8Array,
  sizes: readonly number[] = [1, 7, 4096, 1024 * 1024],
): Promise<ReadResult> {
  const results: ReadResult[] = [];
  for (const chunkBytes of sizes) results.push(await readAll(reader, bytes, { chunkBytes }));
  for (const result of results) assert.deepEqual(result, results[0]);
  return results[0]!;
}

/** Rows = read + skipped, in every part of the file. */
export function assertCountsAddUp(result: ReadResult): void {
  for (const { unit, rows, read, skipped } of result.tallies) {
    assert.equal(
      rows,
      Object.values(skipped).reduce((sum, count) => sum + count, read),
      unit,
    );
  }
}
