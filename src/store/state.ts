import * as fs from 'node:fs';
import * as path from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { WaymarkError } from '../base/errors.ts';

/**
 * The state database: what the operation consists of (exhibits, manifests, decisions, generations) and the
 * acts that still have to reach the ledger. SQLite in WAL mode with synchronous=FULL: a committed
 * transaction survives a power cut.
 */

/** One statement list per version; a new version appends, none is ever changed. */
const migrations: readonly string[] = [
  `
  create table exhibit (
    id text primary key,
    sha256 text not null,
    /* file, folder */
    kind text not null,
    bytes integer not null,
    authority text,
    reference text,
    /* received, read, unread, excluded */
    status text not null,
    reason text,
    reader text,
    reader_version text,
    /* counts, tallies, warnings: canonical JSON */
    summary text
  ) strict;
  create table exhibit_path (
    exhibit text not null references exhibit (id),
    path text not null,
    primary key (exhibit, path)
  ) strict, without rowid;
  create table exhibit_file (
    exhibit text not null references exhibit (id),
    path text not null,
    sha256 text not null,
    bytes integer not null,
    primary key (exhibit, path)
  ) strict, without rowid;
  create table refused (
    path text primary key,
    reason text not null
  ) strict, without rowid;
  create table lake_file (
    path text primary key,
    table_name text not null,
    exhibit text not null references exhibit (id),
    rows integer not null,
    bytes integer not null,
    sha256 text not null
  ) strict, without rowid;
  create table generation (
    id text primary key,
    inputs text not null,
    summary text not null
  ) strict, without rowid;
  create table generation_file (
    generation text not null references generation (id),
    path text not null,
    sha256 text not null,
    bytes integer not null,
    primary key (generation, path)
  ) strict, without rowid;
  create table decision (
    sequence integer primary key,
    kind text not null,
    subject text not null,
    value text not null,
    reason text not null,
    author text not null,
    time text not null
  ) strict;
  create table setting (name text primary key, value text not null) strict, without rowid;
  create table outbox (act integer primary key autoincrement, entry text not null) strict;
  `,
  `
  /* Further facts of an act, by kind: canonical JSON. */
  alter table decision add column details text;
  `,
  `
  /* Agencies that packages go to and come from, by the card they handed over. */
  create table partner (
    name text primary key,
    /* age recipient */
    recipient text not null,
    vkey text
  ) strict, without rowid;
  create table package (
    id text not null,
    /* sent, received */
    direction text not null,
    /* The manifest as it was signed. */
    manifest text not null,
    /* Person ids of the generation it was made from: canonical JSON; null for a received one. */
    persons text,
    /* Cited exhibits: canonical JSON. */
    exhibits text not null,
    unique (id, direction)
  ) strict;
  `,
  `
  create table search_log (
    sequence integer primary key,
    /* search, selectors (query: SHA-256 of the list), saved */
    kind text not null,
    query text not null,
    hits integer not null,
    index_id text not null,
    author text not null,
    time text not null
  ) strict;
  create table saved_search (
    name text primary key,
    query text not null,
    author text not null,
    time text not null,
    /* when its hits were last marked seen */
    seen text
  ) strict, without rowid;
  create table saved_search_seen (
    name text not null references saved_search (name),
    exhibit text not null,
    hits integer not null,
    primary key (name, exhibit)
  ) strict, without rowid;
  `,
];

export type Parameters = Record<string, SQLInputValue>;

export class State {
  private readonly db: DatabaseSync;
  private depth = 0;

  /** Opens or creates the database. Throws WaymarkError 'storage' or, for a newer version's file, 'integrity'. */
  constructor(file: string) {
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      this.db = new DatabaseSync(file);
      this.db.exec(
        'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000;',
      );
    } catch (cause) {
      throw new WaymarkError('storage', 'the state database cannot be opened', {
        where: file,
        remedy: 'Check permissions and free space; the file must lie on a local disk.',
        cause,
      });
    }
    this.migrate(file);
  }

  private migrate(file: string): void {
    const version = Number(this.one<{ user_version: number }>('pragma user_version')!.user_version);
    if (version > migrations.length) {
      throw new WaymarkError(
        'integrity',
        `this operation was written by a newer Waymark (state version ${version})`,
        {
          where: file,
          remedy: 'Open it with that version or a later one.',
        },
      );
    }
    if (version === migrations.length) return;
    this.transaction(() => {
      for (const statements of migrations.slice(version)) this.db.exec(statements);
      this.db.exec(`pragma user_version = ${migrations.length}`);
    });
  }

  all<T>(sql: string, parameters: Parameters = {}): T[] {
    return this.db.prepare(sql).all(parameters) as T[];
  }

  one<T>(sql: string, parameters: Parameters = {}): T | undefined {
    return this.db.prepare(sql).get(parameters) as T | undefined;
  }

  /** Runs one statement and returns the number of rows it changed. */
  run(sql: string, parameters: Parameters = {}): number {
    return Number(this.db.prepare(sql).run(parameters).changes);
  }

  /** All or nothing. Nested calls join the outer transaction. */
  transaction<T>(work: () => T): T {
    if (this.depth > 0) return work();
    this.db.exec('begin immediate');
    this.depth++;
    try {
      const result = work();
      this.db.exec('commit');
      return result;
    } catch (error) {
      this.db.exec('rollback');
      throw error;
    } finally {
      this.depth--;
    }
  }

  close(): void {
    this.db.close();
  }
}
