/**
 * The query engine's own process: DuckDB in memory over Parquet files that Waymark wrote. It is told the
 * folders it may read, then locked: no other file, no network, no extension. One statement at a time.
 */
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api';
import type { Cell, EngineReply, EngineRequest, EngineSettings } from './engine.ts';

let connection: DuckDBConnection | undefined;

async function open(settings: EngineSettings): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(settings.threads),
    memory_limit: `${Math.floor(settings.memoryBytes / 1024 / 1024)}MiB`,
    temp_directory: settings.temporaryFolder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  connection = await instance.connect();
  const folders = settings.folders.map((folder) => `'${folder.replaceAll("'", "''")}'`).join(', ');
  await connection.run(`set allowed_directories = [${folders}]`);
  await connection.run('set enable_external_access = false');
  // A file is read in many small pieces, and never changes once it is recorded.
  await connection.run('set parquet_metadata_cache = true');
  await connection.run('set lock_configuration = true');
}

const pageRows = 16_384;

async function query(id: number, sql: string, parameters: Record<string, Cell>): Promise<void> {
  const bound = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, boundValue(value)]),
  );
  const result = await connection!.stream(sql, bound, typesOf(parameters));
  const names = result.deduplicatedColumnNames();
  let columns: Cell[][] = names.map(() => []);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    for (let c = 0; c < names.length; c++) {
      const values = chunk.getColumnValues(c);
      const column = columns[c]!;
      for (const value of values) column.push(cellOf(value));
    }
    if (columns.length > 0 && columns[0]!.length >= pageRows) {
      await send({ id, kind: 'page', names, columns });
      columns = names.map(() => []);
    }
  }
  await send({ id, kind: 'page', names, columns });
  await send({ id, kind: 'done' });
}

/** Lists are lists of text: the statements cast where they need numbers. */
function boundValue(value: Cell): DuckDBValue {
  return Array.isArray(value) ? listValue(value as DuckDBValue[]) : value;
}

function typesOf(parameters: Record<string, Cell>): Record<string, DuckDBType> {
  const lists = Object.entries(parameters).filter(([, value]) => Array.isArray(value));
  return Object.fromEntries(lists.map(([name]) => [name, LIST(VARCHAR)]));
}

function cellOf(value: DuckDBValue): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'object' && 'items' in value && Array.isArray(value.items))
    return value.items.map(cellOf);
  return String(value);
}

function send(reply: EngineReply): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send!(reply, (error: Error | null) => (error ? reject(error) : resolve()));
  });
}

async function answer(request: EngineRequest): Promise<void> {
  try {
    if (request.kind === 'open') {
      await open(request.settings);
      await send({ id: request.id, kind: 'done' });
    } else {
      await query(request.id, request.sql, request.parameters);
    }
  } catch (error) {
    await send({
      id: request.id,
      kind: 'failed',
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

let last: Promise<void> = Promise.resolve();
process.on('message', (request: EngineRequest) => {
  last = last.then(() => answer(request));
});
process.on('disconnect', () => process.exit(0));
