import * as fs from 'node:fs';
import * as path from 'node:path';
import { WaymarkError } from '../base/errors.ts';
import { Engine } from './engine.ts';
import type { Operation } from './operation.ts';
import { hashFile } from './vault.ts';

/** Column name to SQL type, for each table. */
export type Schema = Readonly<
  Record<string, readonly (readonly [name: string, type: 'VARCHAR' | 'BIGINT'])[]>
>;

export interface ManifestFile {
  readonly path: string;
  readonly table_name: string;
  readonly sha256: string;
}

/**
 * Opens the query engine over the lake: one view for each table, over exactly the files that the manifest
 * records and whose exhibits are not excluded. Each file is hashed first: a flipped bit in Parquet can change
 * an answer without an error. Throws WaymarkError 'integrity' naming the file that differs.
 */
export async function openLake(
  operation: Operation,
  schema: Schema,
  threads?: number,
  otherwise: Otherwise = {},
): Promise<Engine> {
  return openFiles(operation, schema, await intactLake(operation, otherwise), threads);
}

/** The files of the lake, each compared with its recorded hash. Throws WaymarkError 'integrity'. */
export async function intactLake(operation: Operation, otherwise: Otherwise = {}): Promise<ManifestFile[]> {
  const files = lakeFiles(operation, otherwise);
  for (const file of files) await assertIntact(operation.path(file.path), file.sha256);
  return files;
}

/** Opens the query engine over files of the lake that were found intact. */
export async function openFiles(
  operation: Operation,
  schema: Schema,
  files: readonly ManifestFile[],
  threads?: number,
): Promise<Engine> {
  const engine = await openEngine(operation, threads);
  for (const [table, columns] of Object.entries(schema)) {
    const paths = files.filter((file) => file.table_name === table).map((file) => operation.path(file.path));
    await engine.run(viewOf(table, columns, paths));
  }
  return engine;
}

let nextSpill = 0;

/** The engine with the operation's folders open to it, and Waymark's macros. Throws WaymarkError 'storage', 'engine'. */
export async function openEngine(operation: Operation, threads?: number): Promise<Engine> {
  const folders = ['lake', 'generations', 'tmp'].map((name) => operation.path(name));
  // One folder each: engines name what they spill alike.
  const spill = operation.path('tmp', `engine-${process.pid}`, String(nextSpill++));
  try {
    fs.mkdirSync(spill, { recursive: true });
  } catch (cause) {
    throw new WaymarkError('storage', 'the operation has no room for what the query engine puts aside', {
      where: spill,
      remedy:
        'Check permissions and free space. An operation on a read-only disk must be copied to one that can be written.',
      cause,
    });
  }
  const engine = await Engine.open(folders, spill, threads);
  for (const macro of macros) await engine.run(macro);
  return engine;
}

/** Exhibits that are looked away from, or looked at, although they stand otherwise. */
export interface Otherwise {
  readonly without?: string;
  readonly having?: string;
}

export function lakeFiles(
  operation: Operation,
  { without = '', having = '' }: Otherwise = {},
): ManifestFile[] {
  return operation.state.all<ManifestFile>(
    `select f.path, f.table_name, f.sha256 from lake_file f join exhibit e on e.id = f.exhibit
     where (e.status <> 'excluded' or e.id = $having) and e.id <> $without order by f.path`,
    { without, having },
  );
}

const intact = new Map<string, string>();

/** Compares a stored file with its recorded hash, once for each state of the file in this process. */
export async function assertIntact(file: string, sha256: string): Promise<void> {
  let state: string;
  let actual: string;
  try {
    const stat = fs.statSync(file);
    state = `${stat.size} ${stat.mtimeMs} ${stat.ino}`;
    if (intact.get(file) === state) return;
    const fd = fs.openSync(file, 'r');
    try {
      actual = await hashFile(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch (cause) {
    throw new WaymarkError('integrity', 'a stored file is missing', {
      where: file,
      remedy: 'Restore it from a backup, or read the exhibit anew.',
      cause,
    });
  }
  if (actual !== sha256) {
    throw new WaymarkError('integrity', 'a stored file differs from what was recorded', {
      where: file,
      remedy: 'Restore it from a backup, or read the exhibit anew; do not rely on earlier answers from it.',
    });
  }
  intact.set(file, state);
}

function viewOf(table: string, columns: Schema[string], paths: readonly string[]): string {
  if (paths.length === 0) {
    const nothing = columns.map(([name, type]) => `null::${type} as ${name}`).join(', ');
    return `create view ${table} as select ${nothing}, null::varchar as exhibit where false`;
  }
  const list = paths.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ');
  return `create view ${table} as select * from read_parquet([${list}], hive_partitioning = true, hive_types = {'exhibit': varchar})`;
}

/** The path of a table's file in a generation, relative to the operation. */
export function generationPath(generation: string, table: string): string {
  return path.posix.join('generations', generation, `${table}.parquet`);
}

const macros = [
  `create macro pointer_of(exhibit, source_path, source_offset, source_length) as
     exhibit || case when source_path = '' then '' else '/' || source_path end
     || '@' || source_offset || '+' || source_length`,
  `create macro iso(micros) as strftime(make_timestamp(micros), '%Y-%m-%dT%H:%M:%SZ')`,
];
