import { type ChildProcess, fork } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { WaymarkError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';

/** A value as the engine returns it. 64-bit integers come as numbers; Waymark's stay below 2^53. */
export type Cell = string | number | boolean | null | Cell[];

export interface EngineSettings {
  /** The only folders whose files the engine may read or write. */
  readonly folders: readonly string[];
  readonly temporaryFolder: string;
  readonly memoryBytes: number;
  readonly threads: number;
}

export type EngineRequest =
  | { readonly id: number; readonly kind: 'open'; readonly settings: EngineSettings }
  | {
      readonly id: number;
      readonly kind: 'query';
      readonly sql: string;
      readonly parameters: Record<string, Cell>;
    };

export type EngineReply =
  | { readonly id: number; readonly kind: 'page'; readonly names: string[]; readonly columns: Cell[][] }
  | { readonly id: number; readonly kind: 'done' }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };

/** Rows of a result, column by column. */
export interface Page {
  readonly names: readonly string[];
  readonly columns: readonly (readonly Cell[])[];
  readonly rows: number;
}

interface Waiting {
  readonly sql: string;
  readonly onPage: (page: Page) => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * DuckDB in a child process. A crash or a memory limit there is a WaymarkError 'engine' here, and touches
 * neither the state nor the ledger.
 */
export class Engine {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;
  private closed = false;
  private absent: ReadonlySet<string> = new Set();
  private absence: (table: string) => WaymarkError = () => failure('', '');

  private constructor(child: ChildProcess, temporaryFolder: string) {
    this.child = child;
    child.on('message', (reply: EngineReply) => this.receive(reply));
    child.on('exit', (code, signal) => {
      fs.rmSync(temporaryFolder, { recursive: true, force: true });
      this.ended(code, signal);
    });
  }

  static async open(folders: readonly string[], temporaryFolder: string, threads = 2): Promise<Engine> {
    const child = fork(path.join(import.meta.dirname, 'engine-child.ts'), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    const engine = new Engine(child, temporaryFolder);
    const settings = {
      folders: folders.map((folder) => path.resolve(folder)),
      temporaryFolder,
      memoryBytes: limits.engineMemoryBytes,
      threads,
    };
    await engine.ask(
      (id) => ({ id, kind: 'open', settings }),
      'open',
      () => {},
    );
    return engine;
  }

  /** Runs a statement for its effect. */
  async run(sql: string, parameters: Record<string, Cell> = {}): Promise<void> {
    await this.pages(sql, parameters, () => {});
  }

  /** All rows as objects; for results that people look at. */
  async rows<T>(sql: string, parameters: Record<string, Cell> = {}): Promise<T[]> {
    const rows: T[] = [];
    await this.pages(sql, parameters, ({ names, columns, rows: count }) => {
      for (let r = 0; r < count; r++) {
        rows.push(Object.fromEntries(names.map((name, c) => [name, columns[c]![r]])) as T);
      }
    });
    return rows;
  }

  /** Result pages as they arrive, column by column; for results that machines work through. */
  async pages(sql: string, parameters: Record<string, Cell>, onPage: (page: Page) => void): Promise<void> {
    await this.ask((id) => ({ id, kind: 'query', sql, parameters }), sql, onPage);
  }

  /** Tells of tables that are known not to be there, and what to throw when one is asked for. */
  explainAbsent<Table extends string>(
    tables: ReadonlySet<Table>,
    absence: (table: Table) => WaymarkError,
  ): void {
    this.absent = tables;
    this.absence = absence as (table: string) => WaymarkError;
  }

  /** Whether a table is known not to be there. */
  lacks(table: string): boolean {
    return this.absent.has(table);
  }

  close(): void {
    this.closed = true;
    if (this.child.connected) this.child.disconnect();
    this.child.kill();
  }

  private ask(make: (id: number) => EngineRequest, sql: string, onPage: (page: Page) => void): Promise<void> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { sql, onPage, resolve, reject });
      this.child.send(make(id), (error) => {
        if (error) this.settle(id)?.reject(failure(sql, error.message));
      });
    });
  }

  private receive(reply: EngineReply): void {
    if (reply.kind === 'page') {
      const waiting = this.waiting.get(reply.id);
      const rows = reply.columns[0]?.length ?? 0;
      if (rows > 0) waiting?.onPage({ names: reply.names, columns: reply.columns, rows });
    } else if (reply.kind === 'done') this.settle(reply.id)?.resolve();
    else {
      const waiting = this.settle(reply.id);
      const table = /^Catalog Error: Table with name (\w+) does not exist/.exec(reply.message)?.[1];
      const isAbsent = table !== undefined && this.absent.has(table);
      waiting?.reject(isAbsent ? this.absence(table) : failure(waiting.sql, reply.message));
    }
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  private ended(code: number | null, signal: string | null): void {
    for (const [id, { sql }] of this.waiting) {
      const how = this.closed ? 'was closed' : `ended early (${signal ?? `exit ${code}`})`;
      this.settle(id)?.reject(failure(sql, `the engine ${how}`));
    }
  }
}

/** How the engine names what a disk can do to it: those of the system, in its words. */
const diskTrouble = /No space left on device|Read-only file system|Input\/output error|Disk quota exceeded/;

function failure(sql: string, message: string): WaymarkError {
  const disk = diskTrouble.exec(message)?.[0];
  if (disk) {
    return new WaymarkError('storage', `the query engine could not write: ${disk.toLowerCase()}`, {
      where: /"([^"]+)"/.exec(message)?.[1],
      remedy: 'Check free space and permissions, then run the command again; it goes on where it stopped.',
    });
  }
  return new WaymarkError('engine', `the query engine failed: ${message.split('\n')[0]}`, {
    where: sql.trim().replace(/\s+/g, ' ').slice(0, 120),
    remedy: 'Nothing was changed. Run the command again; if it fails again, please report it with this line.',
  });
}
