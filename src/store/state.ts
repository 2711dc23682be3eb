import * as fs from 'node:fs';
import * as path from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { type ErrorCode, WaymarkError } from '../base/errors.ts';

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
  `
  /* Each time that an exhibit was handed over: by whom, under which authority, with what was said of it. */
  create table custody (
    /* what was handed over together has one number */
    delivery integer not null,
    exhibit text not null references exhibit (id),
    path text not null,
    /* received, received again */
    how text not null,
    authority text,
    reference text,
    note text,
    author text not null,
    time text not null,
    primary key (exhibit, path)
  ) strict, without rowid;
  /* Exhibits taken out and taken back in, with what changed by it. */
  create table exclusion (
    sequence integer primary key,
    exhibit text not null references exhibit (id),
    /* exclude, include */
    act text not null,
    reason text not null,
    author text not null,
    time text not null,
    /* canonical JSON; null where the work was cut off before it was done */
    changes text
  ) strict;
  /* What packages that were taken in say of selectors: for seeing that a partner knows them too. */
  create table received_selector (
    package text not null,
    person text not null,
    account text not null,
    selector text not null,
    canonical text not null,
    basis text not null,
    times integer not null,
    primary key (selector, canonical, package, account, person, basis)
  ) strict, without rowid;
  `,
  `
  /* Who may confirm that a text is opened, where the operation asks for two persons. */
  create table second_reader (
    name text primary key,
    /* SHA-256 of their key, in hex; the key itself is kept by them alone */
    key_hash text not null,
    time text not null
  ) strict, without rowid;
  /* Texts that were opened with a reason or with a second person. */
  create table opened_text (
    sequence integer primary key,
    pointer text not null,
    reason text,
    author text not null,
    second text,
    time text not null
  ) strict;
  `,
  `
  /* Parts of generations that are derived, with the hash of what each was derived from. */
  create table generation_part (
    generation text not null references generation (id),
    part text not null,
    inputs text not null,
    primary key (generation, part)
  ) strict, without rowid;
  create index generation_part_inputs on generation_part (part, inputs);
  `,
  `
  /* Who may log in to this operation, and as what. No rows: one officer on a machine of their own. */
  create table user (
    name text primary key,
    full_name text not null,
    /* canonical JSON */
    roles text not null,
    /* Argon2id, PHC string; null until a first password is set */
    password text,
    /* active, closed, locked */
    status text not null,
    /* wrong passwords since the last right one */
    failures integer not null default 0,
    /* a password that somebody else knows: it must be changed before anything else */
    must_change integer not null default 1
  ) strict, without rowid;
  `,
  `
  /* Whether a search had more hits than were counted. */
  alter table search_log add column hits_at_least integer not null default 0;
  `,
  `
  /* What the ledger cannot hold of an act: canonical JSON, and the salt of its digest there. */
  create table act_note (
    act integer primary key,
    salt text not null,
    note text not null
  ) strict;
  /* Exhibits erased, or being erased (done is null): what is left of them. */
  create table erased (
    exhibit text primary key,
    time text not null,
    author text not null,
    reason text not null,
    approved_by text not null,
    /* hashes of originals still to be removed: JSON */
    originals text not null,
    /* lake files still to be removed: JSON */
    lake text not null,
    done text
  ) strict, without rowid;
  /* What was decided on looking at something that was due. */
  create table retention_review (
    sequence integer primary key,
    /* exhibit, person */
    kind text not null,
    id text not null,
    /* accounts of the person as they were then: JSON; null for exhibits */
    accounts text,
    /* keep, erase */
    outcome text not null,
    /* day of the next review; null for erase */
    until text,
    reason text not null,
    author text not null,
    time text not null
  ) strict;
  /* Backups made: SHA-256 of the list of contents. */
  create table backup (
    id text primary key,
    time text not null,
    author text not null,
    /* entries of the ledger in it */
    size integer not null,
    /* ids of the exhibits in it: JSON */
    exhibits text not null,
    /* day on which it was said to be destroyed */
    destroyed text
  ) strict, without rowid;
  `,
];

export type Parameters = Record<string, SQLInputValue>;

/** By SQLite's primary result codes: what has happened, and what can be done. */
const troubles: Readonly<Record<number, readonly [ErrorCode, string, string]>> = {
  5: ['busy', 'is in use by another process', 'Wait until it has ended, then try again.'],
  8: ['storage', 'cannot be written', 'The disk or file is read-only: check where it lies, and permissions.'],
  10: [
    'storage',
    'could not be read or written',
    'Check the disk, then run the command again; nothing was changed.',
  ],
  11: [
    'integrity',
    'is damaged',
    'Restore the operation from a backup; the ledger and the vault tell what it held.',
  ],
  13: [
    'storage',
    'cannot grow: the disk is full',
    'Free some space, then run the command again; it goes on where it stopped.',
  ],
  26: [
    'integrity',
    'is damaged',
    'Restore the operation from a backup; the ledger and the vault tell what it held.',
  ],
};

export class State {
  private readonly db: DatabaseSync;
  private readonly file: string;
  private depth = 0;

  /** Opens or creates the database. Throws WaymarkError 'storage' or, for a newer version's file, 'integrity'. */
  constructor(file: string) {
    this.file = file;
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      this.db = new DatabaseSync(file);
      this.db.exec(
        'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000;',
      );
    } catch (cause) {
      throw (
        this.trouble(cause) ??
        new WaymarkError('storage', 'the state database cannot be opened', {
          where: file,
          remedy: 'Check permissions and free space; the file must lie on a local disk.',
          cause,
        })
      );
    }
    this.migrate(file);
  }

  /** What the disk, or another process, did to the database, in plain words; null for anything else. */
  private trouble(cause: unknown): WaymarkError | null {
    const code = (cause as { errcode?: unknown }).errcode;
    const found = typeof code === 'number' ? troubles[code & 0xff] : undefined;
    if (!found) return null;
    const [kind, what, remedy] = found;
    return new WaymarkError(kind, `the state database ${what}`, { where: this.file, remedy, cause });
  }

  private tried<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.trouble(error) ?? error;
    }
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
      this.tried(() => {
        for (const statements of migrations.slice(version)) this.db.exec(statements);
        this.db.exec(`pragma user_version = ${migrations.length}`);
      });
    });
  }

  all<T>(sql: string, parameters: Parameters = {}): T[] {
    return this.tried(() => this.db.prepare(sql).all(parameters) as T[]);
  }

  one<T>(sql: string, parameters: Parameters = {}): T | undefined {
    return this.tried(() => this.db.prepare(sql).get(parameters) as T | undefined);
  }

  /** Runs one statement and returns the number of rows it changed. */
  run(sql: string, parameters: Parameters = {}): number {
    return this.tried(() => Number(this.db.prepare(sql).run(parameters).changes));
  }

  /** All or nothing. Nested calls join the outer transaction. */
  transaction<T>(work: () => T): T {
    if (this.depth > 0) return work();
    this.tried(() => this.db.exec('begin immediate'));
    this.depth++;
    try {
      const result = work();
      this.tried(() => this.db.exec('commit'));
      return result;
    } catch (error) {
      // Where the disk fails, SQLite has rolled back by itself.
      if (this.db.isTransaction) this.db.exec('rollback');
      throw error;
    } finally {
      this.depth--;
    }
  }

  /** A copy of the database as it is, in one new file without free pages. */
  copyTo(file: string): void {
    this.run('vacuum into $file', { file });
  }

  /**
   * Overwrites what deleted rows have left: in free pages, inside pages, and in the write-ahead log. Throws
   * WaymarkError 'busy' while another process reads the database, which keeps the log, 'storage'.
   */
  scrub(): void {
    const busy = (cause?: unknown) =>
      new WaymarkError('busy', 'another process is reading the operation, and keeps what was erased', {
        remedy: 'Stop the server and other Waymark processes, then run "erase finish".',
        ...(cause !== undefined && { cause }),
      });
    let log: { busy: number } | undefined;
    try {
      this.tried(() => this.db.exec('pragma secure_delete = on; vacuum;'));
      log = this.one<{ busy: number }>('pragma wal_checkpoint(truncate)');
    } catch (cause) {
      throw cause instanceof WaymarkError && cause.code === 'storage' ? cause : busy(cause);
    }
    if (log?.busy !== 0) throw busy();
  }

  close(): void {
    this.db.close();
  }
}
