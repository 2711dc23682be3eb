import { createHash, type Hash, randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { WaymarkError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import type { FoundFile } from '../intake/walk.ts';
import type { Operation } from '../store/operation.ts';

/** What is said of files before the first of them is sent. */
export interface Announced {
  readonly files: number;
  readonly bytes: number;
}

/** A file that is being sent, by what the browser says of it: path, size, and when it was changed last. */
export interface SentFile {
  /** Text, never used as a path here. */
  readonly path: string;
  readonly bytes: number;
  /** By it and the size a file is known again when it is chosen once more. */
  readonly modified: number;
}

export interface UploadView extends Announced {
  readonly id: string;
  /** Bytes that have arrived. */
  readonly received: number;
  readonly whole: number;
  readonly arriving: readonly (SentFile & { readonly received: number })[];
}

interface Arriving extends SentFile {
  /** Its place on the disk: a number, whatever its path says. */
  readonly file: string;
  readonly hash: Hash;
  received: number;
  /** Null until it is whole. */
  sha256: string | null;
  isBusy: boolean;
}

interface Upload {
  readonly id: string;
  readonly folder: string;
  readonly announced: Announced;
  readonly files: Map<string, Arriving>;
}

/**
 * Files that a browser is handing over. They arrive piece by piece in a folder of their own beside the vault and
 * are hashed on the way; nobody opens them. Only when all are whole do they go into the vault. What is given up,
 * and what a process that is gone left behind, is removed.
 */
export class Uploads {
  private readonly operation: Operation;
  private current: Upload | undefined;

  constructor(operation: Operation) {
    this.operation = operation;
  }

  /** The files under way, or null. */
  show(): UploadView | null {
    return this.current ? viewOf(this.current) : null;
  }

  /**
   * Makes room for files. Throws WaymarkError 'busy' while others are under way, 'limit' for too many, 'storage'
   * where they do not fit on the disk.
   */
  begin(announced: Announced): UploadView {
    if (this.current) {
      throw new WaymarkError('busy', 'other files are being handed over', {
        remedy: 'Go on with them, or give them up first.',
      });
    }
    if (announced.files > limits.maxUploadFiles) {
      throw new WaymarkError('limit', `a browser may hand over ${limits.maxUploadFiles} files at once`, {
        remedy: 'Pack the folder into one .tar or .zip, or take it in by its path on this machine.',
      });
    }
    this.assertRoom(announced.bytes);
    const id = randomUUID();
    const folder = this.operation.path('tmp', `upload-${process.pid}`, id);
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.current = { id, folder, announced, files: new Map() };
    return viewOf(this.current);
  }

  /**
   * Takes the next bytes of a file, which must go on where the last ones ended. Returns how many have arrived; after
   * an interruption those that came before it count. Throws WaymarkError 'not-found', 'usage' for a path or an
   * offset that cannot be, 'limit', 'storage'.
   */
  async take(
    id: string,
    sent: SentFile,
    offset: number,
    pieces: AsyncIterable<Uint8Array>,
  ): Promise<{ received: number; whole: boolean }> {
    const upload = this.find(id);
    const file = arrivingFile(upload, sent);
    if (file.isBusy || file.sha256 !== null || offset !== file.received) {
      throw new WaymarkError('usage', `the file goes on at byte ${file.received}`, {
        where: sent.path,
        remedy: 'Ask how far it is, and send what follows.',
      });
    }
    file.isBusy = true;
    try {
      await append(file, pieces);
    } finally {
      file.isBusy = false;
    }
    if (file.received === file.bytes) file.sha256 = file.hash.digest('hex');
    return { received: file.received, whole: file.sha256 !== null };
  }

  /** Removes what has arrived. Throws WaymarkError 'not-found'. */
  giveUp(id: string): void {
    const { folder } = this.find(id);
    this.current = undefined;
    fs.rmSync(folder, { recursive: true, force: true });
  }

  /** The whole files, to be taken into custody. Throws WaymarkError 'usage' where one has not arrived whole. */
  whole(id: string): FoundFile[] {
    const { files, announced } = this.find(id);
    const missing = [...files.values()].find(({ sha256 }) => sha256 === null);
    if (missing || files.size !== announced.files || files.size === 0) {
      const count = [...files.values()].filter(({ sha256 }) => sha256 !== null).length;
      throw new WaymarkError('usage', `${count} of ${announced.files} files have arrived whole`, {
        ...(missing && { where: missing.path }),
        remedy: 'Choose the same files again: it goes on where it stopped. Or give them up.',
      });
    }
    return [...files.values()]
      .map(({ path: sent, file, bytes, sha256 }) => ({ path: sent, file, bytes, sha256: sha256! }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  close(): void {
    if (this.current) this.giveUp(this.current.id);
  }

  private find(id: string): Upload {
    if (this.current?.id === id) return this.current;
    throw new WaymarkError('not-found', 'these files are not being handed over', {
      remedy: 'They were taken in or given up, or Waymark was started anew since: begin again.',
    });
  }

  private assertRoom(bytes: number): void {
    const { bavail, bsize } = fs.statfsSync(this.operation.path('vault'));
    const free = bavail * bsize;
    if (bytes <= free) return;
    throw new WaymarkError('storage', `${bytes} bytes do not fit on the disk of the operation`, {
      where: this.operation.folder,
      remedy: `${free} bytes are free: make room, or move the operation to a larger disk.`,
    });
  }
}

function viewOf({ id, announced, files }: Upload): UploadView {
  const all = [...files.values()];
  return {
    id,
    ...announced,
    received: all.reduce((sum, { received }) => sum + received, 0),
    whole: all.filter(({ sha256 }) => sha256 !== null).length,
    arriving: all.map(({ path: sent, bytes, modified, received }) => ({
      path: sent,
      bytes,
      modified,
      received,
    })),
  };
}

/** The file that is meant, made known when its first bytes come. */
function arrivingFile(upload: Upload, { path: sent, bytes, modified }: SentFile): Arriving {
  const known = upload.files.get(sent);
  if (known?.bytes === bytes && known.modified === modified) return known;
  if (known) {
    throw new WaymarkError('usage', 'the file is not the one that was begun: it was changed in between', {
      where: sent,
      remedy: 'Give up what has arrived, and hand everything over again.',
    });
  }
  assertPath(sent);
  if (bytes > limits.maxUploadBytes) {
    throw new WaymarkError('limit', `a browser may hand over files of ${limits.maxUploadBytes} bytes`, {
      where: sent,
      remedy: 'Take it in by its path on this machine.',
    });
  }
  const { announced, files } = upload;
  const total = [...files.values()].reduce((sum, file) => sum + file.bytes, bytes);
  if (files.size + 1 > announced.files || total > announced.bytes) {
    throw new WaymarkError('usage', 'more is sent than was announced', { where: sent });
  }
  const file = path.join(upload.folder, String(files.size));
  fs.writeFileSync(file, '', { flag: 'wx', mode: 0o640 });
  const made = {
    path: sent,
    bytes,
    modified,
    file,
    hash: createHash('sha256'),
    received: 0,
    sha256: null,
    isBusy: false,
  };
  files.set(sent, made);
  return made;
}

/** A path is only shown and cited, but one that leads out of its folder would mislead. */
function assertPath(sent: string): void {
  const names = sent.split('/');
  const bad = names.some((name) => name === '' || name === '.' || name === '..') || sent.includes('\0');
  if (!bad && sent.isWellFormed() && sent.length <= 4000) return;
  throw new WaymarkError('usage', 'this is no path of a file', {
    where: sent.slice(0, 200),
    remedy: 'A path is made of names divided by "/", without "." and "..".',
  });
}

/** Writes and hashes bytes as they come, so that both agree whenever it stops. */
async function append(file: Arriving, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await fs.promises.open(file.file, 'r+').catch((cause: unknown) => {
    throw unwritable(file.path, cause);
  });
  try {
    for await (const piece of pieces) {
      if (file.received + piece.length > file.bytes) {
        throw new WaymarkError(
          'usage',
          `the file has more than the ${file.bytes} bytes that were announced`,
          {
            where: file.path,
            remedy: 'It was changed in between: give up what has arrived, and hand everything over again.',
          },
        );
      }
      for (let at = 0; at < piece.length; ) {
        const { bytesWritten } = await handle
          .write(piece, at, piece.length - at, file.received + at)
          .catch((cause: unknown) => {
            throw unwritable(file.path, cause);
          });
        at += bytesWritten;
      }
      file.hash.update(piece);
      file.received += piece.length;
    }
  } finally {
    await handle.close();
  }
}

function unwritable(where: string, cause: unknown): WaymarkError {
  return new WaymarkError('storage', 'a file that is handed over cannot be written', {
    where,
    remedy: 'Check free space and permissions of the operation, then go on.',
    cause,
  });
}
