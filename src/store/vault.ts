import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { placeFile, renameDurably } from '../base/durable.ts';
import { WaymarkError } from '../base/errors.ts';

/**
 * Immutable store of originals under their SHA-256. A blob is written once, read-only, and never changed;
 * the same bytes given twice are kept once.
 */
export class Vault {
  private readonly folder: string;
  private readonly temporary: string;

  constructor(folder: string, temporaryFolder: string) {
    this.folder = folder;
    this.temporary = temporaryFolder;
  }

  pathOf(sha256: string): string {
    return path.join(this.folder, sha256.slice(0, 2), sha256);
  }

  has(sha256: string): boolean {
    return fs.existsSync(this.pathOf(sha256));
  }

  /**
   * Copies a file into the vault, hashing it on the way: one read, one write. Symbolic links are refused,
   * since they could lead out of what was handed over. `onBytes` reports progress.
   * Throws WaymarkError 'unreadable' where the source cannot be read, 'storage' where the vault cannot be written.
   */
  async add(
    source: string,
    onBytes: (bytes: number) => void = () => {},
  ): Promise<{ sha256: string; bytes: number }> {
    const from = openSource(source);
    const temporary = path.join(
      this.temporary,
      `vault-${process.pid}-${createHash('sha256').update(source).digest('hex').slice(0, 16)}.tmp`,
    );
    let to: number | undefined;
    try {
      to = createFile(temporary);
      const { sha256, bytes } = await copyHashing(from, to, source, onBytes);
      if (!this.has(sha256)) {
        fs.chmodSync(temporary, 0o440);
        const finished = to;
        to = undefined;
        await placeFile(finished, temporary, this.pathOf(sha256));
      }
      return { sha256, bytes };
    } finally {
      fs.closeSync(from);
      if (to !== undefined) fs.closeSync(to);
      fs.rmSync(temporary, { force: true });
    }
  }

  /**
   * Takes in a file that was hashed while it arrived, by moving it: one write in all. It must lie on the vault's own
   * disk. Throws WaymarkError 'integrity' where it has not the size that was counted, 'storage'.
   */
  async adopt(file: string, sha256: string, bytes: number): Promise<void> {
    if (this.has(sha256)) return;
    let fd: number;
    try {
      fd = fs.openSync(file, 'r+');
      if (fs.fstatSync(fd).size !== bytes) {
        fs.closeSync(fd);
        throw new WaymarkError('integrity', 'a file that was handed over has changed since it arrived', {
          where: file,
          remedy: 'Hand it over again.',
        });
      }
      fs.fchmodSync(fd, 0o440);
      await placeFile(fd, file, this.pathOf(sha256));
    } catch (cause) {
      if (cause instanceof WaymarkError) throw cause;
      throw new WaymarkError('storage', 'the vault cannot be written', {
        where: file,
        remedy: 'Check free space and permissions, then hand it over again.',
        cause,
      });
    }
  }

  /** Stores bytes made by Waymark itself (the manifest of a folder exhibit). */
  addBytes(bytes: Uint8Array): string {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (!this.has(sha256)) {
      const temporary = path.join(this.temporary, `vault-${process.pid}-${sha256.slice(0, 16)}.tmp`);
      const fd = createFile(temporary);
      try {
        fs.writeSync(fd, bytes);
        fs.fsyncSync(fd);
      } finally {
        fs.closeSync(fd);
      }
      fs.chmodSync(temporary, 0o440);
      renameDurably(temporary, this.pathOf(sha256));
    }
    return sha256;
  }

  /** Opens a blob for reading. Throws WaymarkError 'integrity' when it is gone. */
  open(sha256: string): number {
    return this.reach(sha256, (file) => fs.openSync(file, 'r'));
  }

  /** The path of a blob that is there and can be read. Throws WaymarkError 'integrity' when it is gone. */
  fileOf(sha256: string): string {
    return this.reach(sha256, (file) => {
      fs.accessSync(file, fs.constants.R_OK);
      return file;
    });
  }

  private reach<T>(sha256: string, act: (file: string) => T): T {
    const file = this.pathOf(sha256);
    try {
      return act(file);
    } catch (cause) {
      throw new WaymarkError('integrity', 'an original is missing from the vault', {
        where: file,
        remedy: 'Restore it from a backup, or add the exhibit again from its source: the hash must agree.',
        cause,
      });
    }
  }

  /** Hashes a blob anew; true when it is still what it was. */
  async verify(sha256: string): Promise<boolean> {
    let fd: number;
    try {
      fd = this.open(sha256);
    } catch {
      return false;
    }
    try {
      return (await hashFile(fd)) === sha256;
    } finally {
      fs.closeSync(fd);
    }
  }
}

const pieceBytes = 4 * 1024 * 1024;
const readAsync = promisify(fs.read);
const writeAsync = promisify(fs.write);

function openSource(source: string): number {
  try {
    const flags = fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0);
    return fs.openSync(source, flags);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    throw new WaymarkError(
      'unreadable',
      code === 'ELOOP' ? 'symbolic links are not followed' : `cannot be opened (${code})`,
      {
        where: source,
        remedy:
          code === 'ELOOP'
            ? 'Add the file that it points to.'
            : 'Check that the file exists and may be read.',
        cause,
      },
    );
  }
}

function createFile(file: string): number {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    return fs.openSync(file, 'w', 0o640);
  } catch (cause) {
    throw new WaymarkError('storage', 'the vault cannot be written', {
      where: file,
      remedy: 'Check free space and permissions, then run the command again.',
      cause,
    });
  }
}

/**
 * Copies and hashes what is read, once. While one piece is hashed on this thread, the same piece is being written
 * and the next one read on the thread pool.
 */
async function copyHashing(
  from: number,
  to: number,
  source: string,
  onBytes: (bytes: number) => void,
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  // One byte more than the file has: what is small is read whole, and its end seen, at once.
  const room = Math.min(pieceBytes, fs.fstatSync(from).size + 1);
  let piece = Buffer.allocUnsafe(room);
  let next = Buffer.allocUnsafe(room);
  let bytes = 0;
  let got = await readPiece(from, piece, source, bytes);
  while (got > 0) {
    const part = piece.subarray(0, got);
    const reading = readPiece(from, next, source, bytes + got);
    const writing = writePiece(to, part, source);
    hash.update(part);
    // Both are waited for before either error is thrown: nothing may still use the descriptors by then.
    const [read, written] = await Promise.allSettled([reading, writing]);
    if (written.status === 'rejected') throw written.reason;
    bytes += got;
    onBytes(got);
    if (read.status === 'rejected') throw read.reason;
    got = read.value;
    [piece, next] = [next, piece];
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function readPiece(from: number, into: Buffer, source: string, bytes: number): Promise<number> {
  try {
    return (await readAsync(from, into, 0, into.length, null)).bytesRead;
  } catch (cause) {
    throw new WaymarkError('unreadable', `reading failed after ${bytes} bytes`, {
      where: source,
      remedy: 'The medium may be failing: make an image of it and add that.',
      cause,
    });
  }
}

async function writePiece(to: number, part: Buffer, source: string): Promise<void> {
  try {
    for (let at = 0; at < part.length; )
      at += (await writeAsync(to, part, at, part.length - at, null)).bytesWritten;
  } catch (cause) {
    throw new WaymarkError('storage', 'the vault cannot be written', {
      where: source,
      remedy: 'Check free space, then run the command again.',
      cause,
    });
  }
}

/** SHA-256 of an open file from its start, in hex. */
export async function hashFile(fd: number): Promise<string> {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(pieceBytes);
  for (let at = 0; ; ) {
    const got = fs.readSync(fd, piece, 0, pieceBytes, at);
    if (got === 0) return hash.digest('hex');
    hash.update(piece.subarray(0, got));
    at += got;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
