import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { constants, crc32, createDeflateRaw, createGzip, type DeflateRaw, type Gzip } from 'node:zlib';

export type Encoding = 'utf8' | 'latin1';

const chunkBytes = 1 << 18;
const roomBytes = 1 << 16;
/** Level 4 takes half the time of gzip's own 6 and a tenth more room; waiting room of 4 MiB keeps both cores busy. */
const speed = { level: 4, chunkSize: 1 << 18, highWaterMark: 1 << 22 };

/** Gathers small texts into chunks: `take` gets a buffer of its own whenever enough has come together. */
class Gatherer {
  readonly #take: (chunk: Buffer) => void;
  #buffer = Buffer.allocUnsafe(chunkBytes + roomBytes);
  #used = 0;

  constructor(take: (chunk: Buffer) => void) {
    this.#take = take;
  }

  write(text: string, encoding: Encoding): void {
    if (text.length * 3 > roomBytes) {
      this.flush();
      this.#take(Buffer.from(text, encoding));
      return;
    }
    this.#used += this.#buffer.write(text, this.#used, encoding);
    if (this.#used >= chunkBytes) this.flush();
  }

  flush(): void {
    if (this.#used === 0) return;
    this.#take(this.#buffer.subarray(0, this.#used));
    this.#buffer = Buffer.allocUnsafe(chunkBytes + roomBytes);
    this.#used = 0;
  }
}

/** A file written from many small texts. `write` never waits: call `drain` when `full`, and `close` at the end. */
class PacedFile {
  readonly path: string;
  readonly #file: fs.WriteStream;
  readonly #target: Gzip | DeflateRaw | fs.WriteStream;
  readonly #gatherer: Gatherer;
  #full = false;
  #error: unknown;
  /** Before compression. */
  bytes = 0;

  /** `through` compresses on the way; `seen` is told of every chunk before that. */
  constructor(file: string, through: Gzip | DeflateRaw | null, seen: (chunk: Buffer) => void = () => {}) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.path = file;
    this.#file = fs.createWriteStream(file);
    this.#file.on('error', (error) => {
      this.#error = error;
    });
    this.#target = through ?? this.#file;
    through?.pipe(this.#file);
    this.#gatherer = new Gatherer((chunk) => {
      seen(chunk);
      this.bytes += chunk.length;
      this.#full = !this.#target.write(chunk) || this.#full;
    });
  }

  write(text: string, encoding: Encoding = 'utf8'): void {
    this.#gatherer.write(text, encoding);
  }

  /** Is the disk or the compressor behind? Then `await drain()`. */
  get full(): boolean {
    return this.#full;
  }

  async drain(): Promise<void> {
    if (this.#error) throw this.#error;
    if (!this.#full) return;
    this.#full = false;
    if (this.#target.writableNeedDrain) await once(this.#target, 'drain');
  }

  async close(): Promise<void> {
    this.#gatherer.flush();
    this.#target.end();
    if (!this.#file.closed) await once(this.#file, 'close');
    if (this.#error) throw this.#error;
  }
}

/** With `gzip` the file is one gzip member (no name, no time, so equal text gives equal bytes). */
export class OutFile extends PacedFile {
  constructor(file: string, gzip = false) {
    super(file, gzip ? createGzip(speed) : null);
  }
}

/**
 * A piece of a gzip file that is made before its neighbours: compressed without a header and ended on a byte
 * boundary, so that pieces can be set one after another inside one gzip member.
 */
export class GzipPiece extends PacedFile {
  /** Of the bytes before compression. */
  crc = 0;

  constructor(file: string) {
    super(file, createDeflateRaw({ ...speed, finishFlush: constants.Z_FULL_FLUSH }), (chunk) => {
      this.crc = crc32(chunk, this.crc);
    });
  }
}

/** Joins pieces into one gzip member at `file` and deletes them. */
export async function joinPieces(file: string, pieces: readonly GzipPiece[]): Promise<void> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const out = fs.openSync(file, 'w');
  fs.writeSync(out, Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]));
  let crc = 0;
  let bytes = 0;
  for (const piece of pieces) {
    for await (const chunk of fs.createReadStream(piece.path)) fs.writeSync(out, chunk as Buffer);
    crc = joinCrc(crc, piece.crc, piece.bytes);
    bytes += piece.bytes;
    fs.unlinkSync(piece.path);
  }
  const trailer = Buffer.alloc(10);
  trailer[0] = 3;
  trailer.writeUInt32LE(crc >>> 0, 2);
  trailer.writeUInt32LE(bytes % 4294967296, 6);
  fs.writeSync(out, trailer);
  fs.closeSync(out);
}

/** CRC-32 of two byte strings set together, from their CRCs and the second's length (zlib's crc32_combine). */
export function joinCrc(first: number, second: number, secondBytes: number): number {
  if (secondBytes === 0) return first >>> 0;
  let even = new Uint32Array(32);
  let odd = new Uint32Array(32);
  odd[0] = 0xedb88320;
  for (let i = 1; i < 32; i++) odd[i] = 1 << (i - 1);
  square(even, odd);
  square(odd, even);
  let crc = first >>> 0;
  for (let rest = secondBytes; rest > 0; rest = Math.floor(rest / 2)) {
    square(even, odd);
    if (rest % 2 === 1) crc = times(even, crc);
    [even, odd] = [odd, even];
  }
  return (crc ^ second) >>> 0;
}

function times(matrix: Uint32Array, vector: number): number {
  let sum = 0;
  for (let i = 0; vector !== 0; i++, vector >>>= 1) if (vector & 1) sum ^= matrix[i]!;
  return sum >>> 0;
}

function square(target: Uint32Array, source: Uint32Array): void {
  for (let i = 0; i < 32; i++) target[i] = times(source, source[i]!);
}
