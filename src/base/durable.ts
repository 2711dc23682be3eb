import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
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

const syncAsync = promisify(fs.fsync);

/**
 * Syncs a finished file that is open, closes it, moves it into place and makes the move durable, without holding
 * the thread meanwhile: many files can be placed at once.
 */
export async function placeFile(fd: number, from: string, to: string): Promise<void> {
  try {
    await syncAsync(fd);
  } finally {
    fs.closeSync(fd);
  }
  const folder = path.dirname(to);
  makeFolder(folder);
  fs.renameSync(from, to);
  if (process.platform === 'win32') return;
  const held = fs.openSync(folder, 'r');
  try {
    await syncAsync(held);
  } finally {
    fs.closeSync(held);
  }
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
