import * as path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import * as tar from 'tar-stream';
import { WaymarkError } from '../base/errors.ts';
import { Sandbox } from '../sandbox/sandbox.ts';

export interface ArchiveFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** A package is read into memory whole; larger ones are divided by person or country. */
export const maxArchiveBytes = 1024 * 1024 * 1024;
const maxFiles = 10_000;
const allowedPath = /^(?!.*\/\/)[a-z0-9_][a-zA-Z0-9._-]*(?:\/[a-zA-Z0-9_][a-zA-Z0-9._-]*){0,3}$/;
const openChild = path.join(import.meta.dirname, 'open-child.ts');
/** Bytes given to the sandbox at once. */
const pieceBytes = 8 * 1024 * 1024;

/** Files as a tar (ustar) in the order given, without times and owners: equal files give equal bytes. */
export async function pack(files: readonly ArchiveFile[]): Promise<Buffer> {
  const out = tar.pack();
  const whole = buffer(out);
  const add = promisify(
    (
      header: Partial<tar.Header> & Pick<tar.Header, 'name'>,
      bytes: Buffer,
      done: (error?: Error | null) => void,
    ) => {
      out.entry(header, bytes, done);
    },
  );
  for (const { path, bytes } of files) await add({ name: path, mtime: new Date(0), mode: 0o444 }, bytes);
  out.finalize();
  return whole;
}

/**
 * The files of a tar that a partner sent: plain files under plain names, each once. It is taken apart in the
 * sandbox, and what comes out of there is judged here. Throws WaymarkError 'integrity' for anything else, 'limit'
 * for one too large.
 */
export async function unpack(
  bytes: Uint8Array,
  caps: { readonly bytes: number; readonly files: number } = { bytes: maxArchiveBytes, files: maxFiles },
): Promise<Map<string, Buffer>> {
  const members = new Members(caps);
  const answer = {
    onMessage: (message: Record<string, unknown>) => {
      if (message.file) members.begin(message.file);
    },
    onBytes: (piece: Buffer) => members.add(piece),
  };
  const sandbox = await Sandbox.open({ entry: openChild });
  try {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      await sandbox.ask({ kind: 'piece' }, bytes.subarray(at, at + pieceBytes), answer);
    }
    await sandbox.ask({ kind: 'end' }, null, answer);
  } catch (cause) {
    if (cause instanceof WaymarkError && (cause.code === 'integrity' || cause.code === 'limit')) throw cause;
    throw strange('cannot be taken apart', cause);
  } finally {
    sandbox.close();
  }
  return members.whole();
}

/** Collects what the sandbox sends, and believes nothing of it. */
export class Members {
  private readonly files = new Map<string, { pieces: Buffer[]; held: number; size: number }>();
  private readonly caps: { readonly bytes: number; readonly files: number };
  private current: { pieces: Buffer[]; held: number; size: number } | undefined;
  private held = 0;

  constructor(caps: { readonly bytes: number; readonly files: number }) {
    this.caps = caps;
  }

  begin(told: unknown): void {
    const { name, type, size } = told as { name?: unknown; type?: unknown; size?: unknown };
    if (typeof name !== 'string' || type !== 'file' || !allowedPath.test(name)) {
      throw strange(`holds "${String(name).slice(0, 80)}"`);
    }
    if (this.files.has(name)) throw strange(`holds "${name}" twice`);
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
      throw strange(`holds "${name}" without its size`);
    }
    if (this.files.size >= this.caps.files || this.held + size > this.caps.bytes) throw tooLarge();
    this.current = { pieces: [], held: 0, size };
    this.files.set(name, this.current);
  }

  add(piece: Buffer): void {
    if (!this.current) throw strange('holds bytes of no file');
    this.held += piece.length;
    this.current.held += piece.length;
    if (this.held > this.caps.bytes) throw tooLarge();
    if (this.current.held > this.current.size) throw strange('holds more bytes than it names');
    this.current.pieces.push(Buffer.from(piece));
  }

  whole(): Map<string, Buffer> {
    const out = new Map<string, Buffer>();
    for (const [name, { pieces, held, size }] of this.files) {
      if (held !== size) throw strange(`is cut off inside "${name}"`);
      out.set(name, Buffer.concat(pieces));
    }
    return out;
  }
}

/** Columns of a CSV table that a partner sent, read in the sandbox; and how many rows it has. */
export async function readTable(
  bytes: Buffer,
  columns: readonly string[],
  most: number,
): Promise<{ rows: string[][]; total: number }> {
  const rows: string[][] = [];
  let total = 0;
  const sandbox = await Sandbox.open({ entry: openChild });
  try {
    await sandbox.ask({ kind: 'rows', columns, most }, bytes, {
      onMessage: (message) => {
        if (Array.isArray(message.rows))
          rows.push(...(message.rows as unknown[]).map((row) => cells(row, columns)));
        if (typeof message.total === 'number') total = message.total;
      },
    });
  } catch (cause) {
    throw strange('has a table that cannot be read', cause);
  } finally {
    sandbox.close();
  }
  return { rows: rows.slice(0, most), total };
}

/** A row as the sandbox tells it, of which nothing is believed. Throws WaymarkError 'integrity'. */
export function cells(row: unknown, columns: readonly string[]): string[] {
  if (Array.isArray(row) && row.length === columns.length && row.every((cell) => typeof cell === 'string')) {
    return row as string[];
  }
  throw strange('has a table that cannot be read');
}

function tooLarge(): WaymarkError {
  return new WaymarkError('limit', 'the package is larger than one that Waymark writes');
}

function strange(what: string, cause?: unknown): WaymarkError {
  return new WaymarkError('integrity', `the package ${what}`, {
    remedy: 'Ask the sender for it again; do not open it with other tools.',
    ...(cause === undefined ? {} : { cause }),
  });
}
