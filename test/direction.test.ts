/** The architecture as a test: data flows one way, and only the sandbox and the store touch what only they may. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';

const source = path.join(import.meta.dirname, '..', 'src');

/** A folder may import those before it, and itself. */
const order = [
  'base',
  'ledger',
  'store',
  'evidence',
  'sandbox',
  'access',
  'intake',
  'persons',
  'footprint',
  'priorities',
  'packages',
  'exercise',
  'workbench',
  'http',
  'cli',
];

interface Import {
  readonly file: string;
  readonly target: string;
}

const imports: Import[] = fs
  .readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => {
    const text = fs.readFileSync(path.join(source, file), 'utf8');
    const found = text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
    return [...found].map((match) => ({ file: file.split(path.sep).join('/'), target: match[1]! }));
  });

function folderOf(file: string): string {
  return file.split('/')[0]!;
}

test('every folder has its place in the order', () => {
  const folders = fs
    .readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  for (const folder of folders) assert.ok(order.includes(folder), `src/${folder} has no place in the order`);
});

test('imports go one way', () => {
  let checked = 0;
  for (const { file, target } of imports) {
    if (!target.startsWith('.')) continue;
    const to = folderOf(path.posix.join(path.posix.dirname(file), target));
    assert.ok(
      order.indexOf(to) <= order.indexOf(folderOf(file)),
      `src/${file} imports from ${to}, which comes after it`,
    );
    checked++;
  }
  assert.ok(checked > 100);
});

/** What only named folders may import. */
const reserved: [RegExp, string[]][] = [
  [/^@duckdb\//, ['store']],
  [/^node:sqlite$/, ['store']],
  [/^node:child_process$/, ['sandbox', 'store', 'workbench']],
  [/^(yauzl|postal-mime)$/, ['intake']],
  // A package from a partner is a tar as well; it is unpacked in memory under plain names.
  [/^tar-stream$/, ['intake', 'packages']],
  [/^(hono|@hono\/)/, ['http']],
  [/^(pkijs|asn1js)$/, ['ledger']],
  [/^commander$/, ['cli']],
  // Sandboxes get their streams as sockets with paths.
  [/^node:net$/, ['http', 'sandbox']],
  [/^node:(http|https|dgram|tls|dns)$/, ['http']],
];

test('engines, processes, parsers and the network stay where they belong', () => {
  for (const [pattern, folders] of reserved) {
    for (const { file, target } of imports) {
      if (pattern.test(target)) assert.ok(folders.includes(folderOf(file)), `src/${file} imports ${target}`);
    }
  }
});

test('readers import neither files, processes, clocks nor other stages', () => {
  const inside = imports.filter(({ file }) => /^intake\/(readers|sql-dump|mail|hash-list)\//.test(file));
  assert.ok(inside.length > 20);
  for (const { file, target } of inside) {
    assert.doesNotMatch(
      target,
      /^node:(fs|child_process|net|http|https|os|worker_threads|timers)/,
      `src/${file} imports ${target}`,
    );
  }
});

test('SQL for the engine stands in store only', () => {
  const files = fs
    .readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'));
  const statement = /\bselect\s+[\w.*(]+[^'"`]*\bfrom\s+\w+\s+(where|join|order|group|limit)\b/i;
  const outside = files.filter(
    (file) => !file.startsWith(`store${path.sep}`) && !file.startsWith('exercise'),
  );
  for (const file of outside) {
    const text = fs.readFileSync(path.join(source, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    if (/operation\.state|state\./.test(text)) continue;
    assert.equal(statement.exec(text)?.[0], undefined, `src/${file} holds SQL`);
  }
});
