import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as tar from 'tar-stream';
import { makeFolder } from '../base/durable.ts';
import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';
import type { SigningKey } from '../ledger/key.ts';
import { backupPayloadType, maxEnvelopeBytes, openEnvelope, sealEnvelope } from './envelope.ts';
import { sealStream, unsealStream } from './seal.ts';

/**
 * A backup: one age file. Inside is a tar (ustar, plain files) that begins with the signed list of what follows,
 * each file with its size and SHA-256, in order of their paths. Written and read in pieces, in constant memory.
 */
export const backupFormat = 'waymark-backup/1';
const listFile = 'contents.json';
const maxListBytes = maxEnvelopeBytes[backupPayloadType];
const allowedPath = /^(?:[A-Za-z0-9_][A-Za-z0-9._=-]{0,199}\/){0,8}[A-Za-z0-9_][A-Za-z0-9._=-]{0,199}$/;

export interface ListedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a backup says of itself; equal operations give equal lists. */
export interface BackupContents {
  readonly format: typeof backupFormat;
  /** Of Waymark. */
  readonly version: string;
  readonly origin: string;
  readonly vkey: string;
  readonly ledger: { readonly size: number; readonly root: string };
  /** Rows of each table of the lake. */
  readonly rows: Readonly<Record<string, number>>;
  /** The generation in force, which restoring builds anew, and what its files must then be. */
  readonly generation: { readonly id: string; readonly files: readonly ListedFile[] } | null;
  readonly exhibits: readonly string[];
  readonly files: readonly ListedFile[];
}

/** SHA-256 by which two backups are told to be of the same. */
export function digestOfContents(contents: BackupContents): string {
  return sha256Hex(canonicalJson(contents));
}

/**
 * Writes a backup to an open file. `open` gives the place of each listed file; one that is not what the list says
 * ends it. Throws WaymarkError 'integrity', 'storage', 'usage' for what is no recipient. Returns its size.
 */
export async function writeBackup(
  fd: number,
  contents: BackupContents,
  open: (file: string) => string,
  key: SigningKey,
  recipients: readonly string[],
  onBytes: (bytes: number) => void,
  mostListBytes = maxListBytes,
): Promise<number> {
  const archive = tar.pack();
  const sealed = await sealStream(piecesFrom(archive), recipients);
  const filling = fill(archive, contents, open, key, onBytes, mostListBytes);
  filling.catch((error: unknown) => archive.destroy(error as Error));
  let written = 0;
  try {
    for await (const piece of sealed) written += writeAll(fd, piece);
  } catch (cause) {
    // Nobody reads on: whoever fills must not wait for it. What stopped the filling itself is the better reason.
    archive.destroy();
    const [reason] = await Promise.allSettled([filling]);
    throw reason.status === 'rejected' && reason.reason instanceof WaymarkError ? reason.reason : cause;
  }
  await filling;
  return written;
}

function writeAll(fd: number, piece: Uint8Array): number {
  try {
    for (let at = 0; at < piece.length; ) at += fs.writeSync(fd, piece, at);
  } catch (cause) {
    throw new WaymarkError('storage', 'the backup cannot be written', {
      remedy: 'Check free space on the medium, then make it again.',
      cause,
    });
  }
  return piece.length;
}

async function fill(
  archive: tar.Pack,
  contents: BackupContents,
  open: (file: string) => string,
  key: SigningKey,
  onBytes: (bytes: number) => void,
  mostListBytes: number,
): Promise<void> {
  const list = Buffer.from(sealEnvelope(canonicalJson(contents), key, backupPayloadType));
  if (list.length > mostListBytes) throw new WaymarkError('limit', 'the list of the backup is too long');
  await add(archive, listFile, list.length, [list], () => {});
  for (const file of contents.files) {
    const hash = createHash('sha256');
    await add(archive, file.path, file.bytes, piecesOf(open(file.path), file), (piece) => {
      hash.update(piece);
      onBytes(piece.length);
    });
    if (hash.digest('hex') !== file.sha256) throw differs(file.path);
  }
  archive.finalize();
}

async function add(
  archive: tar.Pack,
  name: string,
  size: number,
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  onPiece: (piece: Buffer) => void,
): Promise<void> {
  const entry = archive.entry({ name, size, mtime: new Date(0), mode: 0o400 });
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    for (const event of ['finish', 'close', 'error'] as const) {
      entry.on(event, () => {
        isOver = true;
        resolve();
      });
    }
  });
  for await (const piece of pieces) {
    onPiece(piece);
    if (isOver) return;
    if (!entry.write(piece)) await drained(entry);
  }
  entry.end(null);
  await ended;
}

/** The bytes of a stored file; never more than the list says. */
async function* piecesOf(full: string, { path: name, bytes }: ListedFile): AsyncGenerator<Buffer> {
  let seen = 0;
  try {
    for await (const piece of fs.createReadStream(full, { highWaterMark: 1024 * 1024 })) {
      seen += (piece as Buffer).length;
      if (seen > bytes) break;
      yield piece as Buffer;
    }
  } catch (cause) {
    throw differs(name, cause);
  }
  if (seen !== bytes) throw differs(name);
}

function differs(file: string, cause?: unknown): WaymarkError {
  return new WaymarkError('integrity', 'a stored file is missing or differs from what was recorded', {
    where: file,
    remedy: 'Run "doctor"; a backup of damaged files is not made.',
    ...(cause !== undefined && { cause }),
  });
}

/**
 * Takes a backup apart into a folder that is new. Every file must be as the signed list says, in its order, and
 * none may be more or missing. `vkey` is the key of the operation as the user knows it; without it the list must
 * be signed by the key that it names itself. Throws WaymarkError 'denied', 'integrity', 'not-found', 'storage'.
 */
export async function readBackup(
  file: string,
  identity: string,
  folder: string,
  vkey: string | undefined,
  onBytes: (bytes: number) => void,
): Promise<BackupContents> {
  const extract = tar.extract();
  const sealed = fs.createReadStream(file, { fd: openBackup(file), highWaterMark: 1024 * 1024 });
  const feeding = feed(unsealStream(sealed, identity), extract);
  feeding.catch((error: unknown) => extract.destroy(error as Error));
  let contents: BackupContents | null = null;
  let next = 0;
  try {
    for await (const entry of extract) {
      const { name, type, size = 0 } = entry.header;
      if (type !== 'file') throw strange('holds more than plain files');
      if (contents === null) {
        if (name !== listFile || size > maxListBytes) throw strange('does not begin with its list');
        contents = parseContents(await textOf(piecesFrom(entry)), vkey);
        continue;
      }
      const listed = contents.files[next++];
      if (listed?.path !== name || listed.bytes !== size) throw strange('holds other files than its list');
      await restoreFile(path.join(folder, name), piecesFrom(entry), listed, onBytes);
    }
    await feeding;
  } catch (cause) {
    // Why the bytes ended, where they did; else what was found in them.
    const [reason] = await Promise.allSettled([feeding]);
    const found = [cause, reason.status === 'rejected' ? reason.reason : null];
    const told = found.find((each) => each instanceof WaymarkError);
    throw told ?? strange('cannot be taken apart', cause);
  }
  if (contents === null || next !== contents.files.length) throw strange('is cut off');
  return contents;
}

async function feed(pieces: AsyncIterable<Uint8Array>, extract: tar.Extract): Promise<void> {
  for await (const piece of pieces) {
    if (extract.destroying) return;
    if (!extract.write(piece)) await drained(extract);
  }
  extract.end(null);
}

function openBackup(file: string): number {
  try {
    return fs.openSync(file, 'r');
  } catch (cause) {
    throw new WaymarkError('not-found', 'the backup cannot be opened', { where: file, cause });
  }
}

/** Until a stream takes more, or is over. */
function drained(stream: tar.Extract | ReturnType<tar.Pack['entry']>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.removeListener('drain', done);
      stream.removeListener('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}

/** The streams of the tar library, as what they are: sequences of pieces. */
function piecesFrom(stream: object): AsyncIterable<Uint8Array> {
  return stream as unknown as AsyncIterable<Uint8Array>;
}

async function textOf(entry: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of entry) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

async function restoreFile(
  full: string,
  pieces: AsyncIterable<Uint8Array>,
  listed: ListedFile,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const hash = createHash('sha256');
  try {
    makeFolder(path.dirname(full));
    const fd = fs.openSync(full, 'wx', listed.path.startsWith('keys/') ? 0o600 : 0o640);
    try {
      for await (const piece of pieces) {
        hash.update(piece);
        for (let at = 0; at < piece.length; ) at += fs.writeSync(fd, piece, at);
        onBytes(piece.length);
      }
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause;
    throw new WaymarkError('storage', 'the copy cannot be written', {
      where: full,
      remedy: 'Check free space and permissions, then restore again.',
      cause,
    });
  }
  if (hash.digest('hex') !== listed.sha256) throw strange(`has another ${listed.path} than its list says`);
}

function parseContents(envelope: string, vkey: string | undefined): BackupContents {
  const claimed = vkey ?? claimedKey(envelope);
  const contents = JSON.parse(openEnvelope(envelope, claimed, backupPayloadType)) as BackupContents;
  if (contents.format !== backupFormat) throw strange('is of another version');
  if (contents.vkey !== claimed) throw strange('is of another operation than who signed it');
  const paths = contents.files.map((each) => each.path);
  const ordered = paths.every((each, n) => n === 0 || paths[n - 1]! < each);
  if (!ordered || !paths.every((each) => allowedPath.test(each)))
    throw strange('lists a file that it cannot hold');
  return contents;
}

/** The key that a list says it is signed by. */
function claimedKey(envelope: string): string {
  try {
    const { payload } = JSON.parse(envelope) as { payload: string };
    return String((JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) as BackupContents).vkey);
  } catch (cause) {
    throw strange('has no list that can be read', cause);
  }
}

function strange(what: string, cause?: unknown): WaymarkError {
  return new WaymarkError('integrity', `the backup ${what}`, {
    remedy: 'Use another copy of it, and find out what happened to this one.',
    ...(cause !== undefined && { cause }),
  });
}
