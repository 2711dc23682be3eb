import * as fs from 'node:fs';
import * as path from 'node:path';
import { WaymarkError } from './errors.ts';

/**
 * Makes a folder's entries durable (a rename is not, until its folder is synced).
 * Windows has no such call on folders and its file system journals renames, so there it does nothing.
 */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Creates a folder and those above it, each made durable in the one above it. */
export function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return;
  const parent = path.dirname(path.resolve(folder));
  makeFolder(parent);
  fs.mkdirSync(folder, { recursive: true });
  syncFolder(parent);
}

/** Moves a finished, already synced file into place and makes the move durable. */
export function renameDurably(from: string, to: string): void {
  makeFolder(path.dirname(to));
  fs.renameSync(from, to);
  syncFolder(path.dirname(to));
}

/**
 * Writes a whole file so that after a crash either the old or the new bytes stand, never a mixture:
 * temporary file, fsync, rename, fsync of the folder. Throws WaymarkError 'storage'.
 */
export function writeFileDurably(file: string, bytes: Uint8Array | string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    makeFolder(path.dirname(file));
    const fd = fs.openSync(temporary, 'w');
    try {
      fs.writeFileSync(fd, bytes);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    renameDurably(temporary, file);
  } catch (cause) {
    fs.rmSync(temporary, { force: true });
    throw new WaymarkError('storage', `could not write ${path.basename(file)}`, {
      where: file,
      remedy: 'Check free space and permissions, then run the command again.',
      cause,
    });
  }
}
