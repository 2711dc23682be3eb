import * as fs from 'node:fs';
import { PassThrough, type Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import tar from 'tar-stream';
import yauzl from 'yauzl';
import { WaymarkError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';

/**
 * Opens compressed files and archives (gzip, tar, zip, one inside another up to a depth) as a stream of inner
 * files. Runs inside the sandbox only. Names of inner files are data and are never used as paths.
 */

/** Bytes that can be read again from any place. */
export interface Bytes {
  readonly size: number;
  read(offset: number, into: Uint8Array): number;
}

/** A file inside an exhibit; the exhibit itself is the one with the empty path. */
export interface InnerFile {
  readonly path: string;
  readonly size: number | null;
  /** Bytes from the start; may be called again. Ends early where the packing is damaged (`damage` then says so). */
  chunks(): AsyncIterable<Uint8Array>;
  readonly damage: string | null;
}

type Damageable = { -readonly [K in keyof InnerFile]: InnerFile[K] };

export interface Packing {
  readonly kind: 'gzip' | 'tar' | 'zip';
}

const maxDepth = 3;
const pieceBytes = 1024 * 1024;

export function packingOf(head: Uint8Array): Packing['kind'] | null {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4)
    return isOfficeDocument(head) ? null : 'zip';
  if (latin1(head, 257, 262) === 'ustar') return 'tar';
  return null;
}

/** Office documents are zip files too, but are stored files, not archives of exhibits. */
function isOfficeDocument(head: Uint8Array): boolean {
  const names = latin1(head, 0, 4096);
  return /\[Content_Types\]\.xml|mimetypeapplication\/|META-INF\/MANIFEST\.MF/.test(names);
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, to);
}

/** Counts what comes out of an exhibit and stops a bomb. */
class Meter {
  out = 0;
  private readonly packedBytes: number;

  constructor(packedBytes: number) {
    this.packedBytes = packedBytes;
  }
  add(bytes: number): void {
    this.out += bytes;
    const ratio = this.out / Math.max(this.packedBytes, 1);
    if (
      this.out > limits.maxArchiveBytes ||
      (this.out > limits.archiveRatioGraceBytes && ratio > limits.maxArchiveRatio)
    ) {
      throw new WaymarkError(
        'limit',
        `unpacking stopped at ${this.out} bytes: more than an honest archive of ${this.packedBytes} bytes holds`,
      );
    }
  }
}

/** The exhibit's own bytes, from a descriptor or from memory. */
export function plainFile(bytes: Bytes): InnerFile {
  return {
    path: '',
    size: bytes.size,
    damage: null,
    async *chunks() {
      const piece = new Uint8Array(Math.min(4 * pieceBytes, Math.max(bytes.size, 1)));
      for (let at = 0; ; ) {
        const got = bytes.read(at, piece);
        if (got === 0) return;
        yield piece.subarray(0, got);
        at += got;
      }
    },
  };
}

/**
 * The lines that begin in a span of a file's bytes, whole: the first begins at `from` or after it, the last ends before
 * the first of the next span. Every line of a file is in exactly one of its spans.
 */
export function linesWithin(bytes: Bytes, span: Span): InnerFile & { readonly from: number } {
  const [from, to] = [lineStart(bytes, span.from), lineStart(bytes, span.to)];
  return { path: '', size: to - from, damage: null, from, chunks: () => range(bytes, from, to) };
}

/** Bytes of a file, the last one excluded. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const lineFeed = 0x0a;

/** Where the first line begins that begins at this byte or after it; the file's end where none does. */
function lineStart(bytes: Bytes, at: number): number {
  if (at === 0) return 0;
  const piece = new Uint8Array(64 * 1024);
  for (let start = at - 1; start < bytes.size; start += piece.length) {
    const found = piece.subarray(0, bytes.read(start, piece)).indexOf(lineFeed);
    if (found >= 0) return start + found + 1;
  }
  return bytes.size;
}

export function bytesOfDescriptor(fd: number, size: number): Bytes {
  return { size, read: (offset, into) => fs.readSync(fd, into, 0, into.length, offset) };
}

export function bytesOfBuffer(buffer: Buffer): Bytes {
  return { size: buffer.length, read: (offset, into) => buffer.copy(into, 0, offset, offset + into.length) };
}

/** The first bytes of a file (up to `limits.sniffBytes`), unpacked if it is a gzip. */
export async function headOf(file: InnerFile): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let held = 0;
  for await (const piece of file.chunks()) {
    pieces.push(Uint8Array.prototype.slice.call(piece, 0, limits.sniffBytes - held));
    held += pieces.at(-1)!.length;
    if (held >= limits.sniffBytes) break;
  }
  return Buffer.concat(pieces);
}

/**
 * The files to read in an exhibit: itself, or what is packed in it. `onRefused` hears of entries that are not
 * opened (links, devices, too deep). Throws WaymarkError 'limit' for a bomb, 'unreadable' for a broken archive.
 */
export async function* unpack(
  bytes: Bytes,
  onRefused: (path: string, reason: string) => void,
): AsyncGenerator<InnerFile> {
  yield* open(plainFile(bytes), bytes, new Meter(bytes.size), 0, onRefused);
}

async function* open(
  file: InnerFile,
  bytes: Bytes | null,
  meter: Meter,
  depth: number,
  onRefused: (path: string, reason: string) => void,
): AsyncGenerator<InnerFile> {
  const kind = packingOf(await headOf(file));
  if (kind === null) {
    yield file;
    return;
  }
  if (depth === maxDepth) {
    onRefused(file.path, `packed more than ${maxDepth} deep`);
    return;
  }
  if (kind === 'gzip') {
    yield* open(gunzipped(file, meter), null, meter, depth + 1, onRefused);
    return;
  }
  const members =
    kind === 'tar'
      ? tarMembers(file, meter, onRefused)
      : zipMembers(await randomAccess(file, bytes, meter), file, meter, onRefused);
  let count = 0;
  for await (const member of members) {
    if (++count > limits.maxArchiveEntries) {
      throw new WaymarkError('limit', `the archive has more than ${limits.maxArchiveEntries} entries`);
    }
    yield* open(member, null, meter, depth + 1, onRefused);
  }
}

function gunzipped(outer: InnerFile, meter: Meter): InnerFile {
  const inner: Damageable = {
    path: outer.path,
    size: null,
    damage: null,
    async *chunks() {
      const gunzip = zlib.createGunzip({ chunkSize: pieceBytes });
      const feeding = feed(outer, gunzip);
      try {
        for await (const piece of gunzip) {
          meter.add((piece as Buffer).length);
          yield piece as Buffer;
        }
      } catch (error) {
        if (error instanceof WaymarkError) throw error;
        inner.damage = `the compressed stream is damaged (${(error as Error).message}); what comes before was read`;
      } finally {
        gunzip.destroy();
        await feeding;
      }
    },
  };
  return inner;
}

/** Writes a file's pieces into a stream, honouring its pace; stops quietly when the stream is gone. */
async function feed(
  file: InnerFile,
  into: NodeJS.WritableStream & { destroyed?: boolean; destroy?(error?: Error): void },
): Promise<void> {
  try {
    for await (const piece of file.chunks()) {
      if (into.destroyed) return;
      // Copied, because the stream may keep it past this turn.
      if (!into.write(Buffer.from(piece))) {
        await new Promise<void>((resolve) => {
          const done = () => {
            into.removeListener('drain', done);
            into.removeListener('close', done);
            resolve();
          };
          into.once('drain', done);
          into.once('close', done);
        });
      }
    }
    if (!into.destroyed) into.end();
  } catch (error) {
    into.destroy?.(error as Error);
  }
}

async function* tarMembers(
  outer: InnerFile,
  meter: Meter,
  onRefused: (path: string, reason: string) => void,
): AsyncGenerator<InnerFile> {
  let index = -1;
  const onDamage = (reason: string) => onRefused(outer.path, reason);
  for await (const { header, stream } of tarEntries(outer, onDamage)) {
    const at = ++index;
    const path = joinPath(outer.path, header.name);
    if (header.type === 'directory') continue;
    if (header.type !== 'file' && header.type !== 'contiguous-file') {
      onRefused(path, `archive entry of type ${header.type ?? 'unknown'} is not followed`);
      continue;
    }
    let live: Readable | null = stream;
    const member: Damageable = {
      path,
      size: header.size ?? null,
      damage: null,
      async *chunks() {
        const from = live ?? (await reopen(outer, at));
        live = null;
        try {
          for await (const piece of from) {
            meter.add((piece as Buffer).length);
            yield piece as Buffer;
          }
        } catch (error) {
          if (error instanceof WaymarkError) throw error;
          member.damage = `the archive is cut or damaged inside this entry (${(error as Error).message}); what comes before was read`;
        }
      },
    };
    yield buffered(member);
    stream.resume();
  }
}

interface TarEntry {
  readonly header: { readonly name: string; readonly type?: string | null; readonly size?: number };
  readonly stream: Readable;
}

async function* tarEntries(outer: InnerFile, onDamage: (reason: string) => void): AsyncGenerator<TarEntry> {
  const extract = tar.extract();
  const through = new PassThrough({ highWaterMark: 4 * pieceBytes });
  through.pipe(extract);
  through.on('error', (error) => extract.destroy(error));
  const feeding = feed(outer, through);
  try {
    for await (const entry of extract) {
      const stream = entry as unknown as Readable & { header: TarEntry['header'] };
      yield { header: stream.header, stream };
      stream.resume();
    }
  } catch (error) {
    if (error instanceof WaymarkError) throw error;
    onDamage(`the tar archive is damaged (${(error as Error).message}); what comes before was read`);
  } finally {
    through.destroy();
    extract.destroy();
    await feeding;
  }
}

/** A tar cannot be sought: to read a member again, the archive is run through up to it. */
async function reopen(outer: InnerFile, index: number): Promise<Readable> {
  let at = 0;
  const entries = tarEntries(outer, () => {});
  for (;;) {
    const next = await entries.next();
    if (next.done) throw new WaymarkError('unreadable', 'an archive entry could not be found again');
    if (at++ === index) {
      const { stream } = next.value;
      stream.once('close', () => void entries.return(undefined));
      return stream;
    }
    next.value.stream.resume();
  }
}

/** Small members are held in memory, so that sniffing and reading them does not run through the archive twice. */
function buffered(member: InnerFile): InnerFile {
  if (member.size === null || member.size > limits.maxInlineFileBytes) return member;
  let held: Buffer | undefined;
  return {
    path: member.path,
    size: member.size,
    get damage() {
      return member.damage;
    },
    async *chunks() {
      if (held === undefined) {
        const pieces: Uint8Array[] = [];
        for await (const piece of member.chunks()) pieces.push(Uint8Array.prototype.slice.call(piece));
        held = Buffer.concat(pieces);
      }
      if (held.length > 0) yield held;
    },
  };
}

async function randomAccess(file: InnerFile, bytes: Bytes | null, meter: Meter): Promise<Bytes> {
  if (bytes) return bytes;
  if (file.size === null || file.size > limits.maxInlineFileBytes * 16) {
    throw new WaymarkError('limit', 'a zip archive inside another archive is too large to open there', {
      remedy: 'Unpack the outer archive and add the inner one as an exhibit.',
    });
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of file.chunks()) pieces.push(Uint8Array.prototype.slice.call(piece));
  meter.add(0);
  return bytesOfBuffer(Buffer.concat(pieces));
}

class BytesReader extends yauzl.RandomAccessReader {
  private readonly bytes: Bytes;

  constructor(bytes: Bytes) {
    super();
    this.bytes = bytes;
  }
  override _readStreamForRange(start: number, end: number): Readable {
    const out = new PassThrough();
    const part: InnerFile = {
      path: '',
      size: end - start,
      damage: null,
      chunks: () => range(this.bytes, start, end),
    };
    void feed(part, out);
    return out;
  }
}

async function* range(bytes: Bytes, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; ) {
    const piece = new Uint8Array(Math.min(pieceBytes, end - at));
    const got = bytes.read(at, piece);
    if (got === 0) return;
    yield piece.subarray(0, got);
    at += got;
  }
}

async function* zipMembers(
  bytes: Bytes,
  outer: InnerFile,
  meter: Meter,
  onRefused: (path: string, reason: string) => void,
): AsyncGenerator<InnerFile> {
  const zip = await openZip(bytes);
  for await (const entry of zipEntries(zip)) {
    const name = zipName(entry);
    const path = joinPath(outer.path, name);
    if (name.endsWith('/')) continue;
    const unixType = (entry.externalFileAttributes >>> 28) & 15;
    if (unixType === 10) onRefused(path, 'archive entry of type symlink is not followed');
    else if ((entry.generalPurposeBitFlag & 1) === 1)
      onRefused(path, 'archive entry is encrypted; add it again with its content decrypted');
    else yield buffered(zipMember(zip, entry, path, meter));
  }
}

/** An entry's name as text. It is shown and cited, never used as a path, so that none is refused for its form. */
function zipName(entry: yauzl.Entry): string {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
  return yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
}

function zipMember(zip: yauzl.ZipFile, entry: yauzl.Entry, path: string, meter: Meter): InnerFile {
  const member: Damageable = {
    path,
    size: entry.uncompressedSize,
    damage: null,
    async *chunks() {
      try {
        for await (const piece of await zipStream(zip, entry)) {
          meter.add((piece as Buffer).length);
          yield piece as Buffer;
        }
      } catch (error) {
        if (error instanceof WaymarkError) throw error;
        member.damage = `the archive entry is damaged (${(error as Error).message}); what comes before was read`;
      }
    },
  };
  return member;
}

function openZip(bytes: Bytes): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.fromRandomAccessReader(
      new BytesReader(bytes),
      bytes.size,
      { lazyEntries: true, autoClose: false, decodeStrings: false },
      (error, zip) =>
        error
          ? reject(new WaymarkError('unreadable', `the zip archive is damaged: ${error.message}`))
          : resolve(zip),
    );
  });
}

async function* zipEntries(zip: yauzl.ZipFile): AsyncGenerator<yauzl.Entry> {
  for (;;) {
    const entry = await new Promise<yauzl.Entry | null>((resolve, reject) => {
      const finish = (result: yauzl.Entry | null, error?: Error) => {
        zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error');
        if (error) reject(new WaymarkError('unreadable', `the zip archive is damaged: ${error.message}`));
        else resolve(result);
      };
      zip.once('entry', (next: yauzl.Entry) => finish(next));
      zip.once('end', () => finish(null));
      zip.once('error', (error: Error) => finish(null, error));
      zip.readEntry();
    });
    if (entry === null) return;
    yield entry;
  }
}

function zipStream(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
}

/** Inner path for people and pointers: control characters and line ends replaced, nothing resolved. */
function joinPath(outer: string, name: string): string {
  const clean = name.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd');
  return outer === '' ? clean : `${outer}/${clean}`;
}
