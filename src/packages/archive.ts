import { buffer } from 'node:stream/consumers';
import * as tar from 'tar-stream';
import { WaymarkError } from '../base/errors.ts';

export interface ArchiveFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** A package is read into memory whole; larger ones are divided by person or country. */
export const maxArchiveBytes = 1024 * 1024 * 1024;
const maxFiles = 10_000;
const allowedPath = /^(?!.*\/\/)[a-z0-9_][a-zA-Z0-9._-]*(?:\/[a-zA-Z0-9_][a-zA-Z0-9._-]*){0,3}$/;

/** Files as a tar (ustar) in the order given, without times and owners: equal files give equal bytes. */
export async function pack(files: readonly ArchiveFile[]): Promise<Buffer> {
  const out = tar.pack();
  const whole = buffer(out);
  for (const { path, bytes } of files) {
    await new Promise<void>((resolve, reject) => {
      out.entry({ name: path, mtime: new Date(0), mode: 0o444 }, bytes, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }
  out.finalize();
  return whole;
}

/**
 * The files of a tar that a partner sent: plain files under plain names, each once. Throws WaymarkError
 * 'integrity' for anything else, 'limit' for one too large.
 */
export async function unpack(bytes: Uint8Array): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const extract = tar.extract();
  extract.end(bytes);
  let held = 0;
  try {
    for await (const entry of extract) {
      const { name, type } = entry.header;
      if (type !== 'file' || !allowedPath.test(name)) throw strange(`holds "${name.slice(0, 80)}"`);
      if (files.has(name)) throw strange(`holds "${name}" twice`);
      const content = await buffer(entry);
      held += content.length;
      if (files.size >= maxFiles || held > maxArchiveBytes) {
        throw new WaymarkError('limit', 'the package is larger than one that Waymark writes');
      }
      files.set(name, content);
    }
  } catch (cause) {
    if (cause instanceof WaymarkError) throw cause;
    throw strange('cannot be taken apart', cause);
  }
  return files;
}

function strange(what: string, cause?: unknown): WaymarkError {
  return new WaymarkError('integrity', `the package ${what}`, {
    remedy: 'Ask the sender for it again; do not open it with other tools.',
    ...(cause === undefined ? {} : { cause }),
  });
}
