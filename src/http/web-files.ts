import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Context } from 'hono';

/** A file of the built page, held in memory. */
export interface WebFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** By path, as in '/assets/index-1a2b.js'. */
export type WebFiles = ReadonlyMap<string, WebFile>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/**
 * Reads the built page. Only these files can ever be given: a request is a look-up, never a path on disk.
 * Files of other kinds are left out.
 */
export function loadWebFiles(folder: string): WebFiles {
  const files = new Map<string, WebFile>();
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const type = types[path.extname(name)];
    if (type === undefined) continue;
    const bytes = new Uint8Array(fs.readFileSync(path.join(folder, name)));
    files.set(`/${name.split(path.sep).join('/')}`, { type, bytes });
  }
  return files;
}

/** A file of the page; the page itself for every address that is one of its views. */
export function answerPage(c: Context, files: WebFiles): Response {
  const asset = files.get(c.req.path);
  if (asset && c.req.path.startsWith('/assets/')) {
    // Their names carry a hash of their content.
    c.header('Cache-Control', 'private, max-age=31536000, immutable');
    c.header('Content-Type', asset.type);
    return c.body(asset.bytes);
  }
  if (c.req.path === '/favicon.ico') return c.body(null, 204);
  const page = files.get('/index.html');
  if (!page || c.req.path.startsWith('/assets/')) return c.text('There is no such file.\n', 404);
  c.header('Content-Type', page.type);
  return c.body(page.bytes);
}
