import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes, randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { writeFileDurably } from '../base/durable.ts';
import { WaymarkError } from '../base/errors.ts';
import { canonicalJson } from '../base/json.ts';
import { type Entry, saltedDigest } from '../ledger/entry.ts';
import { createKey, readKeyFile, writeKeyFile } from '../ledger/key.ts';
import { Ledger } from '../ledger/ledger.ts';
import { LedgerReader } from '../ledger/reader.ts';
import { State } from './state.ts';
import { Vault } from './vault.ts';

/**
 * An operation on disk: `state.db`, `vault/`, `lake/`, `generations/`, `ledger/`, `keys/`, `tmp/` in one
 * folder. Reading needs nothing; every change is made inside `exclusively` and recorded by `record`.
 */
export interface Act {
  /** Lower-case words joined by dots: 'exhibit.add'. */
  readonly action: string;
  /** Ids of what it was done to. */
  readonly objects: readonly string[];
  /** Counts, versions and digests; never case content, the ledger cannot forget. */
  readonly facts: Readonly<Record<string, string | number>>;
  /**
   * What the ledger cannot hold and an inspector asks for: why, to whom, about what. It stays in the state database;
   * the ledger gets its digest under a salt of its own, so that it can be erased.
   */
  readonly note?: ActNote | undefined;
}

export interface ActNote {
  /** Justification (LED Art. 25): why it was done. */
  readonly reason?: string | undefined;
  readonly recipients?: readonly string[] | undefined;
  /** What it was done to, where that is case content: a source pointer, accounts. */
  readonly about?: readonly string[] | undefined;
  /** What was decided or asked for. */
  readonly what?: string | undefined;
}

export interface OperationOptions {
  /** Id of who acts, as it stands in the ledger. */
  readonly actor: string;
  /** UTC time of an act; the stages themselves have no clock. */
  readonly now?: () => string;
}

const format = 1;
const inside = new AsyncLocalStorage<Operation>();
const acting = new AsyncLocalStorage<{ readonly operation: Operation; readonly actor: string }>();
const originFile = 'operation.json';
/** Time within which a recorded act stands in the ledger as well. */
const flushAfterMs = 100;

export class Operation {
  readonly folder: string;
  readonly state: State;
  readonly vault: Vault;
  private readonly opener: string;
  private readonly now: () => string;
  private readonly origin: string;
  private readonly vkey: string;
  private ledger: Ledger | undefined;

  private flushing: { readonly timer: NodeJS.Timeout; readonly failure?: unknown } | undefined;

  private constructor(folder: string, options: OperationOptions) {
    this.folder = folder;
    this.opener = options.actor;
    this.now = options.now ?? (() => new Date().toISOString());
    const identity = readIdentity(folder);
    this.origin = identity.origin;
    this.vkey = identity.vkey;
    this.state = new State(path.join(folder, 'state.db'));
    this.vault = new Vault(path.join(folder, 'vault'), path.join(folder, 'tmp'));
  }

  /** Opens an operation, creating it where there is none. Throws WaymarkError 'storage', 'integrity'. */
  static open(folder: string, options: OperationOptions): Operation {
    const absolute = path.resolve(folder);
    if (!fs.existsSync(path.join(absolute, originFile))) createOperation(absolute);
    return new Operation(absolute, options);
  }

  /** Opens an operation that must exist. Throws WaymarkError 'not-found'. */
  static openExisting(folder: string, options: OperationOptions): Operation {
    const absolute = path.resolve(folder);
    if (!fs.existsSync(path.join(absolute, originFile))) {
      throw new WaymarkError('not-found', `there is no operation in ${folder}`, {
        remedy: 'Name its folder with --operation, or create one with "run" or "exhibit add".',
      });
    }
    return new Operation(absolute, options);
  }

  /** Id of who acts: the user whose work this is, else whoever opened the operation. */
  get actor(): string {
    const now = acting.getStore();
    return now?.operation === this ? now.actor : this.opener;
  }

  /** Runs work as somebody: what it records, however late, carries their id. */
  as<T>(actor: string, work: () => T): T {
    return acting.run({ operation: this, actor }, work);
  }

  /** A file or folder of the operation. */
  path(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  /** UTC time of an act that is about to be recorded. */
  time(): string {
    return this.now();
  }

  /** What a verifier needs to check the ledger without Waymark. */
  ledgerIdentity(): { folder: string; origin: string; vkey: string } {
    return { folder: this.path('ledger'), origin: this.origin, vkey: this.vkey };
  }

  readLedger(): LedgerReader {
    return new LedgerReader(this.path('ledger'), { origin: this.origin, vkeys: [this.vkey] });
  }

  /**
   * Runs work that changes the operation; one process at a time. What an earlier process left half done is
   * cleared first: unfinished temporary files go, recorded acts that had not reached the ledger are appended.
   * Throws WaymarkError 'busy' while another process works.
   */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    // Work that calls this again is already inside; other work of this process waits like any other process.
    if (inside.getStore() === this) return work();
    const release = takeLock(this.path('lock'));
    try {
      this.ledger = Ledger.open(this.path('ledger'), {
        origin: this.origin,
        key: readKeyFile(this.path('keys', 'ledger.pem'), this.origin),
        witness: this.checkpoints(),
      });
      this.clearTemporary();
      this.flush();
      const { files, droppedEntries } = this.ledger.repair;
      if (files.length > 0) {
        const facts = { files: files.length, droppedEntries };
        this.record({ action: 'ledger.repair', objects: [], facts });
      }
      return await inside.run(this, work).finally(() => this.flush());
    } finally {
      this.ledger = undefined;
      release();
    }
  }

  /** Whether this process is at work on the operation: `record` can then be called by any part of it. */
  get isAtWork(): boolean {
    return this.ledger !== undefined;
  }

  /**
   * Makes a change and its ledger entry one: both stand after a crash, or neither. Only while `isAtWork`.
   */
  record(act: Act, change: () => void = () => {}): void {
    if (!this.ledger) throw new Error('record() while nothing holds the operation');
    this.post(act, change);
    this.flushSoon();
  }

  /**
   * Records an act that changes nothing (a look at something) without holding the operation: durable at once, in
   * the ledger with the next change, or as soon as somebody works `exclusively`.
   */
  recordLater(act: Act): void {
    this.post(act, () => {});
  }

  private post({ action, objects, facts, note }: Act, change: () => void): void {
    const salt = randomBytes(16);
    const text = note === undefined ? null : canonicalJson(note);
    const noted = text === null ? facts : { ...facts, note: saltedDigest(salt, text) };
    const entry: Entry = { action, objects, facts: noted, actor: this.actor, time: this.now() };
    this.state.transaction(() => {
      change();
      this.state.run('insert into outbox (entry) values ($entry)', { entry: canonicalJson(entry) });
      if (text === null) return;
      this.state.run('insert into act_note (act, salt, note) values (last_insert_rowid(), $salt, $text)', {
        salt: salt.toString('hex'),
        text,
      });
    });
  }

  /** The latest checkpoint that this state has seen; the ledger must extend it. */
  checkpoints(): string[] {
    const row = this.state.one<{ value: string }>("select value from setting where name = 'checkpoint'");
    return row ? [row.value] : [];
  }

  close(): void {
    this.state.close();
  }

  /** Removes unfinished work of processes that are gone; what living ones have spilled or are being sent stays. */
  private clearTemporary(): void {
    fs.mkdirSync(this.path('tmp'), { recursive: true });
    for (const name of fs.readdirSync(this.path('tmp'))) {
      const owner = /^(?:engine|upload|aside)-(\d+)$/.exec(name)?.[1];
      if (owner === undefined || !isAlive(Number(owner)))
        fs.rmSync(this.path('tmp', name), { recursive: true, force: true });
    }
  }

  /**
   * Acts that follow each other quickly reach the ledger together. They stand already: what is cut off in between is
   * appended from the outbox by whoever works next.
   */
  private flushSoon(): void {
    if (this.flushing?.failure !== undefined) throw this.flushing.failure;
    if (this.flushing) return;
    const timer = setTimeout(() => {
      try {
        this.flush();
      } catch (failure) {
        this.flushing = { timer, failure };
      }
    }, flushAfterMs);
    this.flushing = { timer };
  }

  /** Appends what stands in the outbox. Acts carry a number, so that a crash in between appends none twice. */
  private flush(): void {
    clearTimeout(this.flushing?.timer);
    if (this.flushing?.failure !== undefined) throw this.flushing.failure;
    this.flushing = undefined;
    const ledger = this.ledger!;
    const rows = this.state.all<{ act: number; entry: string }>('select act, entry from outbox order by act');
    if (rows.length === 0) return;
    const appended = lastAct(ledger);
    const entries = rows
      .filter((row) => row.act > appended)
      .map((row) => {
        const entry = JSON.parse(row.entry) as Entry;
        return { ...entry, facts: { ...entry.facts, act: row.act } };
      });
    ledger.append(entries);
    this.state.transaction(() => {
      // Looks may have been posted by other processes meanwhile: they wait for the next time.
      this.state.run('delete from outbox where act <= $last', { last: rows.at(-1)!.act });
      this.state.run("insert or replace into setting (name, value) values ('checkpoint', $text)", {
        text: ledger.checkpoint,
      });
    });
  }
}

function lastAct(ledger: Ledger): number {
  if (ledger.size === 0) return 0;
  for (const { entry } of ledger.entries(ledger.size - 1, ledger.size)) return Number(entry.facts.act ?? 0);
  return 0;
}

interface Identity {
  readonly format: number;
  readonly origin: string;
  readonly vkey: string;
}

function createOperation(folder: string): void {
  // Two operations must never share a ledger name: a checkpoint would then fit both.
  const origin = `waymark/${randomUUID()}`;
  const key = createKey(origin);
  try {
    for (const name of ['vault', 'lake', 'generations', 'keys', 'tmp'])
      fs.mkdirSync(path.join(folder, name), { recursive: true });
    fs.chmodSync(folder, 0o700);
  } catch (cause) {
    throw new WaymarkError('storage', 'the operation folder cannot be created', {
      where: folder,
      remedy: 'Choose a folder on a disk that can be written.',
      cause,
    });
  }
  fs.rmSync(path.join(folder, 'keys', 'ledger.pem'), { force: true });
  fs.rmSync(path.join(folder, 'ledger'), { recursive: true, force: true });
  writeKeyFile(path.join(folder, 'keys', 'ledger.pem'), key);
  Ledger.create(path.join(folder, 'ledger'), {
    origin,
    key: readKeyFile(path.join(folder, 'keys', 'ledger.pem'), origin),
  });
  // Written last: without it there is no operation, and creating starts over.
  writeFileDurably(path.join(folder, originFile), `${canonicalJson({ format, origin, vkey: key.vkey })}\n`);
}

function readIdentity(folder: string): Identity {
  const file = path.join(folder, originFile);
  try {
    const identity = JSON.parse(fs.readFileSync(file, 'utf8')) as Identity;
    if (
      identity.format === format &&
      typeof identity.origin === 'string' &&
      typeof identity.vkey === 'string'
    )
      return identity;
  } catch (cause) {
    throw new WaymarkError('integrity', 'the operation file cannot be read', {
      where: file,
      remedy: 'Restore it from a backup.',
      cause,
    });
  }
  throw new WaymarkError('integrity', 'the operation file is not one of this version', {
    where: file,
    remedy: 'Use the Waymark that wrote it.',
  });
}

/** A lock file naming the process that works; one left by a process that is gone is taken over. */
function takeLock(file: string): () => void {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new WaymarkError('storage', 'the operation cannot be locked', {
          where: file,
          remedy: 'Check permissions and free space.',
          cause: error,
        });
      }
    }
    const owner = Number(fs.readFileSync(file, 'utf8').trim() || 0);
    if (owner === process.pid || isAlive(owner)) break;
    fs.rmSync(file, { force: true });
  }
  throw new WaymarkError('busy', 'another process is working on this operation', {
    where: file,
    remedy: 'Wait until it is done. If no Waymark runs on this machine, delete the lock file.',
  });
}

function isAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
