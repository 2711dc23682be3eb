/**
 * The program that runs in the sandbox and takes apart what a partner packed: a tar, piece by piece, and the table
 * of selectors. Everything in here works on what others wrote.
 */
import type { Readable } from 'node:stream';
import * as tar from 'tar-stream';
import { parseCsv } from '../base/csv.ts';
import { type Reply, serveRequests } from '../sandbox/child.ts';

export type OpenRequest = { attached?: boolean } & (
  | { readonly kind: 'piece' }
  | { readonly kind: 'end' }
  | { readonly kind: 'rows'; readonly columns: readonly string[]; readonly most: number }
);

const rowsAtOnce = 500;

let archive: { readonly extract: tar.Extract; readonly done: Promise<void> } | undefined;

function open(reply: Reply): NonNullable<typeof archive> {
  const extract = tar.extract();
  const done = sendFiles(extract, reply);
  // Waited for at the end; until then a failure is no unhandled one.
  done.catch(() => {});
  return { extract, done };
}

async function sendFiles(extract: tar.Extract, reply: Reply): Promise<void> {
  for await (const entry of extract) {
    const { name, type, size } = entry.header;
    reply.message({ file: { name: String(name), type: String(type), size: Number(size) } });
    for await (const piece of entry as unknown as Readable) {
      reply.bytes(piece as Uint8Array);
      await reply.drained();
    }
  }
}

async function handle(request: OpenRequest, attachment: Buffer | null, reply: Reply): Promise<void> {
  switch (request.kind) {
    case 'piece': {
      archive ??= open(reply);
      const { extract, done } = archive;
      // Copied, because the stream may keep it past this turn.
      if (extract.write(Buffer.from(attachment!))) return;
      await Promise.race([new Promise<void>((resolve) => extract.once('drain', resolve)), done]);
      return;
    }
    case 'end':
      archive ??= open(reply);
      archive.extract.end(undefined);
      await archive.done;
      archive = undefined;
      return;
    case 'rows':
      await sendRows(request, attachment!, reply);
  }
}

async function sendRows(
  { columns, most }: { readonly columns: readonly string[]; readonly most: number },
  bytes: Buffer,
  reply: Reply,
): Promise<void> {
  const all = parseCsv(bytes.toString('utf8'), 'table');
  const missing = columns.find((column) => all.length > 0 && !Object.hasOwn(all[0]!, column));
  if (missing !== undefined) throw new Error(`the table has no column "${missing}"`);
  const rows = all.slice(0, most);
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const part = rows.slice(at, at + rowsAtOnce);
    reply.message({ rows: part.map((row) => columns.map((column) => row[column]!)) });
    await reply.drained();
  }
  reply.message({ total: all.length });
}

await serveRequests(handle);
