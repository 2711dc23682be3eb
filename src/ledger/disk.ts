import * as fs from 'node:fs';
import * as path from 'node:path';
import { syncFolder } from '../base/durable.ts';
import { WaymarkError } from '../base/errors.ts';

/** The system calls a ledger makes to change its folder: the seam where tests let them fail. */
export interface Disk {
  open(file: string): number;
  /** Writes some of the bytes and says how many. */
  write(fd: number, bytes: Uint8Array): number;
  fsync(fd: number): void;
  close(fd: number): void;
  rename(from: string, to: string): void;
  /** Makes one folder; its parent exists. */
  makeFolder(folder: string): void;
  syncFolder(folder: string): void;
  remove(file: string): void;
  /** Removes an empty folder. */
  removeFolder(folder: string): void;
}

export const nodeDisk: Disk = {
  open: (file) => fs.openSync(file, 'w'),
  write: (fd, bytes) => fs.writeSync(fd, bytes),
  fsync: fs.fsyncSync,
  close: fs.closeSync,
  rename: fs.renameSync,
  makeFolder: (folder) => fs.mkdirSync(folder),
  syncFolder,
  remove: fs.unlinkSync,
  removeFolder: fs.rmdirSync,
};

/** Ends the name of a file that is still being written. */
export const temporarySuffix = '.tmp';

/** Writes bytes to `<file>.tmp`, syncs them and moves them to `file`. Durable once the folder is synced. */
export function placeFile(disk: Disk, file: string, bytes: Uint8Array): void {
  const temporary = file + temporarySuffix;
  const fd = disk.open(temporary);
  try {
    let written = 0;
    while (written < bytes.length) written += disk.write(fd, bytes.subarray(written));
    disk.fsync(fd);
  } finally {
    disk.close(fd);
  }
  disk.rename(temporary, file);
}

/** Makes a folder and the missing ones above it. Returns the folders in which a name was added. */
export function ensureFolder(disk: Disk, folder: string): string[] {
  if (fs.existsSync(folder)) return [];
  const parent = path.dirname(folder);
  const changed = ensureFolder(disk, parent);
  disk.makeFolder(folder);
  return [...changed, parent];
}

/**
 * The bytes of a regular file of at most `maxBytes`. The folder may come from a stranger: links, devices and
 * pipes are not opened. Throws WaymarkError 'not-found', 'unreadable' (not a regular file), 'limit'
 * (too long) or 'storage'.
 */
export function readRegularFile(folder: string, file: string, maxBytes: number): Buffer {
  const full = path.join(folder, file);
  const stat = fs.lstatSync(full, { throwIfNoEntry: false });
  if (stat === undefined) throw new WaymarkError('not-found', 'is missing', { where: file });
  if (!stat.isFile()) throw new WaymarkError('unreadable', 'is not a regular file', { where: file });
  if (stat.size > maxBytes) throw new WaymarkError('limit', 'is longer than possible', { where: file });
  try {
    return fs.readFileSync(full);
  } catch (cause) {
    throw new WaymarkError('storage', 'could not be read', { where: file, cause });
  }
}

/** Paths of everything under a folder that is not itself a folder, relative to it, with '/', in order. */
export function* listFiles(folder: string, under = ''): Generator<string> {
  const names = fs.readdirSync(path.join(folder, under), { withFileTypes: true });
  names.sort((a, b) => Number(a.name > b.name) - Number(a.name < b.name));
  for (const entry of names) {
    const file = under === '' ? entry.name : `${under}/${entry.name}`;
    if (entry.isDirectory()) yield* listFiles(folder, file);
    else yield file;
  }
}
