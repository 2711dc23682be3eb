import * as fs from 'node:fs';
import * as path from 'node:path';
import { sha256Hex } from '../base/hash.ts';

const root = path.join(import.meta.dirname, '..');
/** Where deriving begins: which part is made by what, how the lake is opened, and what limits it. */
const roots = [
  'workbench/parts.ts',
  'store/lake.ts',
  'store/queries/authorities.ts',
  'evidence/lake-schema.ts',
];
/** A source that another names, to import it or to start it as a process or thread. */
const named = /'([\w./-]+\.ts)'/g;

let known: string | undefined;

/**
 * The hash of the sources by which generations are derived: any change to them, even of a comment, makes another
 * generation. The same on every machine, whatever its line endings.
 */
export function derivingSources(): string {
  known ??= sha256Hex(
    [...sourcesFrom(roots)]
      .map(([file, text]) => `${file} ${sha256Hex(text)}`)
      .sort()
      .join('\n'),
  );
  return known;
}

/** The text of these files under `src` and of all that they name, by path. */
export function sourcesFrom(files: readonly string[]): Map<string, string> {
  const texts = new Map<string, string>();
  const open = [...files];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const full = path.join(root, file);
    if (texts.has(file) || !fs.existsSync(full)) continue;
    const text = fs.readFileSync(full, 'utf8').replaceAll('\r\n', '\n');
    texts.set(file, text);
    for (const [, name] of text.matchAll(named)) open.push(path.posix.join(path.posix.dirname(file), name!));
  }
  return texts;
}
