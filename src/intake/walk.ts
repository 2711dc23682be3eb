import * as fs from 'node:fs';
import * as path from 'node:path';
import { WaymarkError } from '../base/errors.ts';

/** A file found under the folder that was handed over. */
export interface FoundFile {
  /** Path relative to the start, with '/' between names; the file's own name where a file was given. */
  readonly path: string;
  readonly file: string;
  readonly bytes: number;
  /** Where it was hashed while it arrived: it is moved into the vault instead of copied. */
  readonly sha256?: string;
}

export interface Refused {
  readonly path: string;
  readonly reason: string;
}

/**
 * Lists the files under a path in the order of their names. Symbolic links and devices are refused, never
 * followed. Throws WaymarkError 'not-found' when there is nothing at the path.
 */
export function walk(start: string): { found: FoundFile[]; refused: Refused[] } {
  const found: FoundFile[] = [];
  const refused: Refused[] = [];
  const visit = (file: string, relative: string) => {
    let stat: fs.Stats;
    try {
      stat = fs.lstatSync(file);
      if (stat.isDirectory()) {
        const names = fs.readdirSync(file).sort((a, b) => (a < b ? -1 : 1));
        for (const name of names)
          visit(path.join(file, name), relative === '' ? name : `${relative}/${name}`);
        return;
      }
    } catch (error) {
      refused.push({ path: relative, reason: `cannot be read (${(error as NodeJS.ErrnoException).code})` });
      return;
    }
    if (stat.isFile())
      found.push({ path: relative === '' ? path.basename(file) : relative, file, bytes: stat.size });
    else
      refused.push({
        path: relative,
        reason: stat.isSymbolicLink() ? 'symbolic links are not followed' : 'not a regular file',
      });
  };
  if (!fs.existsSync(start)) {
    throw new WaymarkError('not-found', `there is nothing at ${start}`, {
      remedy: 'Check the path of the exhibits.',
    });
  }
  visit(path.resolve(start), '');
  return { found, refused };
}
