import * as fs from 'node:fs';
import * as path from 'node:path';
import { ParquetFile } from '../store/parquet/file.ts';
import { decodeBatch } from './frames.ts';
import { columnsOf, type TableName } from './tables.ts';

/** A file of the lake, as the manifest records it. */
export interface LakeFile {
  /** Relative to the operation's folder. */
  readonly path: string;
  readonly table: TableName;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Row groups being compressed while the next batch is taken. Each has some twenty columns to keep the thread pool
 * busy, and costs up to 30 MiB while it waits.
 */
const maxPending = 2;

/**
 * Loads one exhibit's batches, or those of one share of it, into the lake, one Parquet file for each table. Batches come from the sandbox
 * and are checked before they are written. Nothing counts until `finish` has returned and the caller has
 * recorded the files; `discard` leaves no trace.
 */
export class Load {
  private readonly files = new Map<TableName, ParquetFile>();
  private readonly operation: string;
  private readonly exhibit: string;
  private readonly pending = new Set<Promise<void>>();

  private readonly part: number;

  /** `part` counts the shares of an exhibit from 0 on. */
  constructor(operation: string, exhibit: string, part = 0) {
    this.operation = operation;
    this.exhibit = exhibit;
    this.part = part;
  }

  /** Resolves when the writer can take more; awaiting it keeps memory bounded. */
  async take(frame: Uint8Array): Promise<void> {
    const batch = decodeBatch(frame);
    const writing = this.file(batch.table).write(batch.rows, batch.columns);
    this.pending.add(writing);
    void writing.finally(() => this.pending.delete(writing)).catch(() => {});
    if (this.pending.size > maxPending) await Promise.race(this.pending);
  }

  async finish(): Promise<LakeFile[]> {
    const files = [...this.files].sort(([a], [b]) => (a < b ? -1 : 1));
    return Promise.all(
      files.map(async ([table, file]) => ({ path: this.pathOf(table), table, ...(await file.close()) })),
    );
  }

  async discard(): Promise<void> {
    for (const file of this.files.values()) await file.discard();
    this.files.clear();
  }

  private file(table: TableName): ParquetFile {
    let file = this.files.get(table);
    if (!file) {
      const temporary = path.join(this.operation, 'tmp', `${this.exhibit}-${table}-${this.part}.tmp`);
      fs.rmSync(temporary, { force: true });
      const columns = columnsOf(table).map(([name, type]) => ({
        name,
        type: type === 'int' || type === 'time' ? ('int' as const) : ('text' as const),
      }));
      file = new ParquetFile(temporary, path.join(this.operation, this.pathOf(table)), columns);
      this.files.set(table, file);
    }
    return file;
  }

  private pathOf(table: TableName): string {
    return path.posix.join('lake', table, `exhibit=${this.exhibit}`, `part-${this.part}.parquet`);
  }
}
