import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { placeFile } from '../../base/durable.ts';
import { WaymarkError } from '../../base/errors.ts';
import type { ColumnData } from '../columns.ts';
import * as encode from './encodings.ts';
import { ThriftWriter, thriftType } from './thrift.ts';

/**
 * Writes Parquet (format 2.9: data page v1, ZSTD, dictionary and delta encodings) from finished columns.
 *
 * Why not a library or the engine: the same rows must give the same bytes, be synced and renamed in our own
 * order, be hashed while they are written, and arrive as typed arrays. Measured on 8 columns of log lines:
 * the npm writer 131,000 rows/s, the engine's appender 453,000; see docs/performance.md for this one.
 */
const codec = { none: 0, zstd: 6 } as const;
/** Pages up to this size are kept as they are: compressing them would cost far more than it saves. */
const smallPageBytes = 256;
const encoding = { plain: 0, rle: 3, delta: 5, deltaLength: 6, rleDictionary: 8 } as const;
const physical = { int64: 2, byteArray: 6 } as const;
const magic = 'PAR1';
const compressAsync = promisify(zlib.zstdCompress);
const maxOutputBytes = 1024 * 1024;

export interface ParquetColumn {
  readonly name: string;
  readonly type: 'int' | 'text';
}

/** A page before it is compressed. */
interface PlainPage {
  readonly dictionary: boolean;
  readonly values: number;
  readonly encoding: number;
  readonly plain: Uint8Array;
}

interface Page extends PlainPage {
  readonly body: Uint8Array;
}

/** What the footer says of a column chunk. */
interface ChunkFacts {
  readonly column: ParquetColumn;
  readonly encodings: number[];
  readonly rows: number;
  readonly nulls: number;
  readonly range: readonly [number, number] | null;
  readonly codec: number;
}

interface Chunk extends ChunkFacts {
  readonly pages: Page[];
}

interface Placed {
  readonly chunk: ChunkFacts;
  readonly dictionaryOffset: number | null;
  readonly dataOffset: number;
  readonly bytes: number;
  readonly plainBytes: number;
}

export interface ParquetResult {
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
}

export class ParquetFile {
  private readonly temporary: string;
  private readonly file: string;
  private readonly columns: readonly ParquetColumn[];
  private readonly fd: number;
  private readonly hash = createHash('sha256');
  private readonly groups: { rows: number; columns: Placed[] }[] = [];
  private offset = 0;
  private rows = 0;
  private last: Promise<void> = Promise.resolve();

  /** `temporary` is where the bytes go until `close` moves them to `file`. Both on one file system. */
  constructor(temporary: string, file: string, columns: readonly ParquetColumn[]) {
    this.temporary = temporary;
    this.file = file;
    this.columns = columns;
    fs.mkdirSync(path.dirname(temporary), { recursive: true });
    this.fd = fs.openSync(temporary, 'w');
    this.append(Buffer.from(magic));
  }

  /** Adds a row group. Compression runs beside the caller; row groups keep the order of the calls. */
  write(rows: number, columns: readonly ColumnData[]): Promise<void> {
    const chunks = Promise.all(this.columns.map((column, i) => encodeChunk(column, columns[i]!, rows)));
    this.last = Promise.all([this.last, chunks]).then(([, ready]) => {
      this.groups.push({ rows, columns: ready.map((chunk) => this.place(chunk)) });
      this.rows += rows;
    });
    return this.last;
  }

  /** Writes the footer, makes the file durable and moves it into place. */
  async close(): Promise<ParquetResult> {
    await this.last;
    const footer = this.footer();
    const tail = Buffer.alloc(8);
    tail.writeUInt32LE(footer.length, 0);
    tail.write(magic, 4);
    this.append(footer);
    this.append(tail);
    try {
      await placeFile(this.fd, this.temporary, this.file);
    } catch (cause) {
      throw storageError(this.file, cause);
    }
    return { sha256: this.hash.digest('hex'), bytes: this.offset, rows: this.rows };
  }

  /** Gives the file up. */
  async discard(): Promise<void> {
    await this.last.catch(() => {});
    fs.closeSync(this.fd);
    fs.rmSync(this.temporary, { force: true });
  }

  private append(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length; ) at += fs.writeSync(this.fd, bytes, at);
    } catch (cause) {
      throw storageError(this.file, cause);
    }
    this.hash.update(bytes);
    this.offset += bytes.length;
  }

  private place(chunk: Chunk): Placed {
    const start = this.offset;
    let dictionaryOffset: number | null = null;
    let dataOffset = start;
    let plainBytes = 0;
    for (const page of chunk.pages) {
      if (page.dictionary) dictionaryOffset = this.offset;
      else dataOffset = this.offset;
      const header = pageHeader(page);
      this.append(header);
      this.append(page.body);
      plainBytes += header.length + page.plain.length;
    }
    // The footer is written last: until then only facts are kept, so that memory does not grow with the file.
    const { pages: _written, ...facts } = chunk;
    return { chunk: facts, dictionaryOffset, dataOffset, bytes: this.offset - start, plainBytes };
  }

  private footer(): Buffer {
    const out = new ThriftWriter();
    out.element(() => {
      out.i32(1, 2);
      out.list(2, thriftType.struct, [null, ...this.columns], (column) =>
        out.element(() => schemaElement(out, column, this.columns.length)),
      );
      out.i64(3, this.rows);
      out.list(4, thriftType.struct, this.groups, (group) =>
        out.element(() => {
          out.list(1, thriftType.struct, group.columns, (placed) =>
            out.element(() => columnChunk(out, placed)),
          );
          out.i64(
            2,
            group.columns.reduce((sum, placed) => sum + placed.plainBytes, 0),
          );
          out.i64(3, group.rows);
        }),
      );
      out.binary(6, 'waymark');
    });
    return out.finish();
  }
}

function schemaElement(out: ThriftWriter, column: ParquetColumn | null, children: number): void {
  if (column === null) {
    out.binary(4, 'row');
    out.i32(5, children);
    return;
  }
  out.i32(1, column.type === 'int' ? physical.int64 : physical.byteArray);
  out.i32(3, 1);
  out.binary(4, column.name);
  if (column.type === 'text') out.i32(6, 0);
}

function columnChunk(
  out: ThriftWriter,
  { chunk, dictionaryOffset, dataOffset, bytes, plainBytes }: Placed,
): void {
  out.i64(2, dictionaryOffset ?? dataOffset);
  out.struct(3, () => {
    out.i32(1, chunk.column.type === 'int' ? physical.int64 : physical.byteArray);
    out.list(2, thriftType.i32, chunk.encodings, (each) => out.zigzag(each));
    out.list(3, thriftType.binary, [chunk.column.name], (each) => out.raw(each));
    out.i32(4, chunk.codec);
    out.i64(5, chunk.rows);
    out.i64(6, plainBytes);
    out.i64(7, bytes);
    out.i64(9, dataOffset);
    if (dictionaryOffset !== null) out.i64(11, dictionaryOffset);
    out.struct(12, () => {
      out.i64(3, chunk.nulls);
      if (chunk.range) {
        out.binary(5, int64Bytes(chunk.range[1]));
        out.binary(6, int64Bytes(chunk.range[0]));
      }
    });
  });
}

function pageHeader(page: Page): Buffer {
  const out = new ThriftWriter();
  out.element(() => {
    out.i32(1, page.dictionary ? 2 : 0);
    out.i32(2, page.plain.length);
    out.i32(3, page.body.length);
    if (page.dictionary) {
      out.struct(7, () => {
        out.i32(1, page.values);
        out.i32(2, encoding.plain);
      });
    } else {
      out.struct(5, () => {
        out.i32(1, page.values);
        out.i32(2, page.encoding);
        out.i32(3, encoding.rle);
        out.i32(4, encoding.rle);
      });
    }
  });
  return out.finish();
}

async function encodeChunk(column: ParquetColumn, data: ColumnData, rows: number): Promise<Chunk> {
  const levels = encode.encodeLevels(data.kind === 'empty' ? null : data.present, rows);
  const dataPage = (used: number, ...parts: Uint8Array[]): PlainPage => {
    const plain = parts.length === 0 ? levels : Buffer.concat([levels, ...parts]);
    return { dictionary: false, values: rows, encoding: used, plain };
  };
  const facts = { column, rows, range: null };
  if (data.kind === 'empty') {
    const pages = await compress([dataPage(encoding.plain)]);
    return { ...facts, encodings: [encoding.plain, encoding.rle], ...pages, nulls: rows };
  }
  if (data.kind === 'int') {
    const delta = encode.fitsDeltas(data.values);
    const body = delta ? encode.encodeDeltas(data.values) : encode.encodePlainInts(data.values);
    const used = delta ? encoding.delta : encoding.plain;
    const pages = await compress([dataPage(used, body)]);
    const nulls = rows - data.values.length;
    return { ...facts, encodings: [used, encoding.rle], ...pages, nulls, range: rangeOf(data.values) };
  }
  if (data.kind === 'text') {
    const pages = await compress([
      dataPage(encoding.deltaLength, encode.encodeTexts(data.lengths, data.bytes)),
    ]);
    const nulls = rows - data.lengths.length;
    return { ...facts, encodings: [encoding.deltaLength, encoding.rle], ...pages, nulls };
  }
  const dictionary: PlainPage = {
    dictionary: true,
    values: data.lengths.length,
    encoding: encoding.plain,
    plain: encode.encodePlainTexts(data.lengths, data.bytes),
  };
  const codes = encode.encodeCodes(data.codes, data.lengths.length);
  const pages = await compress([dictionary, dataPage(encoding.rleDictionary, codes)]);
  const nulls = rows - data.codes.length;
  return {
    ...facts,
    encodings: [encoding.plain, encoding.rle, encoding.rleDictionary],
    ...pages,
    nulls,
  };
}

/** The pages of one chunk, which share a codec. */
async function compress(pages: readonly PlainPage[]): Promise<{ pages: Page[]; codec: number }> {
  if (pages.every(({ plain }) => plain.length <= smallPageBytes))
    return { pages: pages.map((page) => ({ ...page, body: page.plain })), codec: codec.none };
  const bodies = await Promise.all(pages.map(({ plain }) => compressPage(plain)));
  return { pages: pages.map((page, index) => ({ ...page, body: bodies[index]! })), codec: codec.zstd };
}

function compressPage(plain: Uint8Array): Promise<Buffer> {
  return compressAsync(plain, {
    params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 },
    // The compressor's tables are then no larger than the page needs.
    pledgedSrcSize: plain.length,
    // Room for the result at once, mostly: each further piece of output costs a turn of the thread pool.
    chunkSize: Math.min(plain.length + 1024, maxOutputBytes),
  });
}

function rangeOf(values: Float64Array): readonly [number, number] | null {
  if (values.length === 0) return null;
  let least = values[0]!;
  let most = least;
  for (const value of values) {
    if (value < least) least = value;
    else if (value > most) most = value;
  }
  return [least, most];
}

function int64Bytes(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigInt64LE(BigInt(value));
  return out;
}

function storageError(file: string, cause: unknown): WaymarkError {
  return new WaymarkError('storage', `could not write ${path.basename(file)}`, {
    where: file,
    remedy: 'Check free space and permissions, then run the command again; it goes on where it stopped.',
    cause,
  });
}
