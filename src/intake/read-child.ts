/**
 * The program that runs in the sandbox: tells formats, reads exhibits into batches, fetches original bytes.
 * Everything in here works on hostile input.
 */

import { encodeBatch } from '../evidence/frames.ts';
import type { Reader } from '../evidence/reader.ts';
import { Records } from '../evidence/records.ts';
import { type Reply, serveRequests } from '../sandbox/child.ts';
import { parseMapping } from './person-list/columns.ts';
import { personListReaderFor } from './readers/person-list.ts';
import { parquetPersonReader, parquetPersonReaderFor } from './readers/person-list-parquet.ts';
import { readers, storedFileReader } from './readers.ts';
import {
  type Bytes,
  bytesOfBuffer,
  bytesOfDescriptor,
  headOf,
  type InnerFile,
  linesWithin,
  packingOf,
  plainFile,
  type Span,
  unpack,
} from './unpack.ts';

/** A file that the sandbox is given: its bytes attached, or open as a descriptor. */
interface GivenFile {
  readonly path: string;
  readonly name: string;
  readonly size: number;
  readonly descriptor?: number;
  /** Text of the file beside it that names its columns. */
  readonly mapping?: string;
}

export type ReadRequest = { attached?: boolean } & (
  | { readonly kind: 'sniff'; readonly files: readonly { name: string; headBytes: number }[] }
  | { readonly kind: 'begin' }
  /** Whether shares of this file may be read at once. */
  | ({ readonly kind: 'stand-alone' } & GivenFile)
  /** Read the file, or one share of it. */
  | ({ readonly kind: 'file'; readonly share?: Span } & GivenFile)
  | { readonly kind: 'finish' }
  | ({
      readonly kind: 'places';
      readonly inner: string;
      readonly places: readonly (readonly [offset: number, length: number])[];
    } & GivenFile)
);

/** What became of one file, or of one file inside a packed one. */
export interface FileOutcome {
  readonly path: string;
  readonly reader: string | null;
  readonly version: number | null;
  /** Why it was not read, or from where on not. */
  readonly unread: string | null;
  /** Readers that knew something of its first bytes, the surest first; how sure each is, 0 to 1. */
  readonly told?: readonly (readonly [reader: string, sure: number])[];
}

/** Readers named for one file. */
const mostTold = 3;

let records: Records | undefined;

async function handle(request: ReadRequest, attachment: Buffer | null, reply: Reply): Promise<void> {
  switch (request.kind) {
    case 'sniff':
      reply.message({ readers: sniffAll(request.files, attachment!) });
      return;
    case 'begin':
      records = new Records('', (batch) => reply.batch(encodeBatch(batch)));
      return;
    case 'stand-alone':
      reply.message({ alone: await standAlone(request, given(request, attachment)) });
      return;
    case 'file': {
      const bytes = counting(given(request, attachment), reply);
      if (request.share) await readShare(request, request.share, bytes, reply);
      else await readGiven(request, bytes, reply);
      return;
    }
    case 'finish':
      reply.message({ totals: records!.finish() });
      records = undefined;
      return;
    case 'places':
      await sendPlaces(request, given(request, attachment), reply);
  }
}

function given(file: GivenFile, attachment: Buffer | null): Bytes {
  return attachment ? bytesOfBuffer(attachment) : bytesOfDescriptor(file.descriptor!, file.size);
}

/** Tells how much of the given file has been read, whatever comes out of it. */
function counting(bytes: Bytes, reply: Reply): Bytes {
  return {
    size: bytes.size,
    read(offset, into) {
      const read = bytes.read(offset, into);
      reply.message({ progress: read });
      return read;
    },
  };
}

/** Readers that know something of the first bytes, the surest first; of equally sure ones in their order. */
function sniff(head: Uint8Array, name: string): [reader: Reader, sure: number][] {
  return readers
    .map((reader): [Reader, number] => [reader, reader.sniff(head, name)])
    .filter(([, sure]) => sure > 0)
    .sort(([, a], [, b]) => b - a);
}

/** For each head: the reader's name, 'packed', or null. */
function sniffAll(files: readonly { name: string; headBytes: number }[], heads: Buffer): (string | null)[] {
  let at = 0;
  return files.map(({ name, headBytes }) => {
    const head = heads.subarray(at, (at += headBytes));
    return packingOf(head) ? 'packed' : (sniff(head, name)[0]?.[0].name ?? null);
  });
}

/** The reader of a list whose columns are named beside it; null where nothing usable is. */
function mappedReader(head: Uint8Array, text: string | undefined): Reader | null {
  if (text === undefined) return null;
  try {
    const mapping = parseMapping(text);
    return parquetPersonReader.sniff(head, '') > 0
      ? parquetPersonReaderFor(mapping)
      : personListReaderFor(mapping);
  } catch {
    // The mapping's own reader says what is wrong with it.
    return null;
  }
}

async function readGiven(file: GivenFile, bytes: Bytes, reply: Reply): Promise<void> {
  const refuse = (path: string, reason: string) => {
    reply.message({
      file: {
        path: innerPath(file.path, path),
        reader: null,
        version: null,
        unread: reason,
      } satisfies FileOutcome,
    });
  };
  for await (const inner of unpack(bytes, refuse)) {
    reply.message({ file: await readInner(file, inner, reply) });
    await reply.drained();
  }
}

async function standAlone(file: GivenFile, bytes: Bytes): Promise<boolean> {
  const head = await headOf(plainFile(bytes));
  if (packingOf(head) || file.mapping !== undefined) return false;
  return sniff(head, file.name)[0]?.[0].linesStandAlone?.(head) ?? false;
}

/** Reads the lines of a share with the reader that knows how the whole file begins. */
async function readShare(file: GivenFile, share: Span, bytes: Bytes, reply: Reply): Promise<void> {
  const head = await headOf(plainFile(bytes));
  reply.message({ file: await readInner(file, linesWithin(bytes, share), reply, head) });
  await reply.drained();
}

async function readInner(
  file: GivenFile,
  inner: InnerFile & { readonly from?: number },
  reply: Reply,
  begin?: Uint8Array,
): Promise<FileOutcome> {
  const path = innerPath(file.path, inner.path);
  const name = inner.path === '' ? file.name : inner.path;
  const head = begin ?? (await headOf(inner));
  const mapped = mappedReader(head, file.mapping);
  const known: [reader: Reader, sure: number][] = mapped ? [[mapped, 1]] : sniff(head, name);
  const found = known[0]?.[0];
  const reader = found ?? storedFileReader;
  records!.path = path;
  const { size, from } = inner;
  const input = {
    path,
    name,
    size,
    chunks: () => reporting(inner, reply),
    ...(from !== undefined && { from }),
  };
  let stopped: string | null = null;
  try {
    await reader.read(input, records!);
  } catch (error) {
    stopped = `the reader stopped: ${error instanceof Error ? error.message : String(error)}`;
    records!.warn('reader stopped', 'the rest of this file was not read', 0, 0);
  }
  if (inner.damage) records!.warn('damaged packing', inner.damage, 0, 0);
  return {
    path,
    reader: reader.name,
    version: reader.version,
    unread:
      stopped ?? inner.damage ?? (found ? null : 'no reader recognises this content; it is kept and hashed'),
    told: known.slice(0, mostTold).map(([{ name: of }, sure]) => [of, Math.round(sure * 100) / 100]),
  };
}

/** The pieces of a file, with a sign of life for each and the reader held to the pipe's pace. */
async function* reporting(inner: InnerFile, reply: Reply): AsyncGenerator<Uint8Array> {
  for await (const piece of inner.chunks()) {
    yield piece;
    reply.message({ progress: 0 });
    await reply.drained();
  }
}

/**
 * Sends places of one file, which must be in order of their offset, in one pass: before each piece a message says
 * which place it belongs to. Places may overlap.
 */
async function sendPlaces(
  request: { inner: string; places: readonly (readonly [offset: number, length: number])[] } & GivenFile,
  bytes: Bytes,
  reply: Reply,
): Promise<void> {
  const plain = plainFile(bytes);
  for await (const inner of packingOf(await headOf(plain)) ? unpack(bytes, () => {}) : [plain]) {
    if (innerPath(request.path, inner.path) !== request.inner) continue;
    let at = 0;
    let open = 0;
    for await (const piece of inner.chunks()) {
      const end = at + piece.length;
      for (let place = open; place < request.places.length; place++) {
        const [offset, length] = request.places[place]!;
        if (offset >= end) break;
        if (offset + length <= at) {
          if (place === open) open++;
          continue;
        }
        reply.message({ place });
        reply.bytes(piece.subarray(Math.max(offset - at, 0), Math.min(piece.length, offset + length - at)));
      }
      at = end;
      reply.message({ progress: piece.length });
      await reply.drained();
      if (request.places.every(([offset, length]) => offset + length <= at)) return;
    }
    return;
  }
}

function innerPath(outer: string, inner: string): string {
  if (outer === '') return inner;
  return inner === '' ? outer : `${outer}/${inner}`;
}

await serveRequests(handle);
