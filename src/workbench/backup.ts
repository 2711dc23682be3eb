import * as fs from 'node:fs';
import * as path from 'node:path';
import { makeFolder, syncFolder } from '../base/durable.ts';
import { WaymarkError } from '../base/errors.ts';
import { canonicalJson } from '../base/json.ts';
import type { OnProgress } from '../base/progress.ts';
import { version } from '../base/version.ts';
import { lakeSchema } from '../evidence/lake-schema.ts';
import { listExhibits } from '../intake/exhibits.ts';
import { check } from '../ledger/check.ts';
import { readKeyFile } from '../ledger/key.ts';
import {
  type BackupContents,
  backupFormat,
  digestOfContents,
  type ListedFile,
  readBackup,
  writeBackup,
} from '../packages/backup-archive.ts';
import { forgetGenerations } from '../store/forget.ts';
import { openLake } from '../store/lake.ts';
import { Operation } from '../store/operation.ts';
import { countRows } from '../store/queries/backup.ts';
import { hashFile } from '../store/vault.ts';
import { build } from './build.ts';
import { generationInForce } from './overview.ts';

/** Days after which a restore counts as untested. */
export const restoreTestDays = 90;

/** What can be made again from the rest, or belongs to this machine, is left out. */
const leftOut = new Set(['tmp', 'lock', 'search', 'generations', 'lake', 'vault']);
const tested = 'restore tested';

export interface MadeBackup {
  readonly id: string;
  readonly file: string;
  readonly bytes: number;
  readonly contents: BackupContents;
}

/**
 * Writes everything that cannot be made again into one file, sealed for age recipients: originals, lake, state,
 * ledger, keys, cosignatures. Derived tables and the search index are left out; restoring builds them anew.
 * Recorded in the ledger. An interrupted backup leaves `<file>.part` and nothing else. Throws WaymarkError 'usage'
 * for what is no recipient, 'integrity' where a stored file is damaged, 'storage'.
 */
export async function makeBackup(
  operation: Operation,
  file: string,
  recipients: readonly string[],
  onProgress: OnProgress,
): Promise<MadeBackup> {
  if (fs.existsSync(file)) {
    throw new WaymarkError('storage', 'there is a file of that name already', { where: file });
  }
  return operation.exclusively(async () => {
    const copy = operation.path('tmp', 'backup-state.db');
    const part = `${file}.part`;
    makeFolder(path.dirname(path.resolve(file)));
    for (const old of [copy, part]) fs.rmSync(old, { force: true });
    const fd = openNew(part);
    try {
      operation.state.copyTo(copy);
      const contents = await listContents(operation, copy);
      const total = contents.files.reduce((sum, each) => sum + each.bytes, 0);
      let done = 0;
      const bytes = await writeBackup(
        fd,
        contents,
        (name) => (name === 'state.db' ? copy : operation.path(name)),
        readKeyFile(operation.path('keys', 'ledger.pem'), contents.origin),
        recipients,
        (more) => {
          done += more;
          onProgress({ stage: 'backing up', done, total });
        },
      );
      fs.fsyncSync(fd);
      const id = digestOfContents(contents);
      record(operation, id, contents, bytes, recipients);
      fs.renameSync(part, file);
      syncFolder(path.dirname(path.resolve(file)));
      return { id, file, bytes, contents };
    } finally {
      fs.closeSync(fd);
      for (const old of [copy, part]) fs.rmSync(old, { force: true });
    }
  });
}

function openNew(file: string): number {
  try {
    return fs.openSync(file, 'wx', 0o600);
  } catch (cause) {
    throw new WaymarkError('storage', 'the backup cannot be written there', {
      where: file,
      remedy: 'Choose a place that can be written and has room for all originals.',
      cause,
    });
  }
}

function record(
  operation: Operation,
  id: string,
  contents: BackupContents,
  bytes: number,
  recipients: readonly string[],
): void {
  const { size } = contents.ledger;
  const facts = { contents: id, size, bytes, recipients: recipients.length };
  const note = { reason: 'backup', recipients };
  operation.record({ action: 'backup.make', objects: [], facts, note }, () => {
    operation.state.run(
      `insert or replace into backup (id, time, author, size, exhibits) values ($id, $time, $author, $size, $exhibits)`,
      {
        id,
        time: operation.time(),
        author: operation.actor,
        size,
        exhibits: canonicalJson(contents.exhibits),
      },
    );
  });
}

/** What a backup of the operation as it is holds, in order. `copy` stands in for the state database. */
async function listContents(operation: Operation, copy: string): Promise<BackupContents> {
  const { origin, vkey } = operation.ledgerIdentity();
  const ledger = operation.readLedger();
  const lake = operation.state.all<ListedFile & { table_name: string; rows: number }>(
    'select path, bytes, sha256, table_name, rows from lake_file order by path',
  );
  const rows: Record<string, number> = {};
  for (const { table_name, rows: count } of lake) rows[table_name] = (rows[table_name] ?? 0) + count;
  const files = [
    await listed(copy, 'state.db'),
    ...lake.map(({ path: name, bytes, sha256 }) => ({ path: name, bytes, sha256 })),
    ...vaultFiles(operation),
  ];
  for (const name of otherFiles(operation)) files.push(await listed(operation.path(name), name));
  return {
    format: backupFormat,
    version,
    origin,
    vkey,
    ledger: { size: ledger.size, root: ledger.root.toString('hex') },
    rows,
    generation: generationOf(operation),
    exhibits: listExhibits(operation)
      .map(({ id }) => id)
      .sort(),
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

async function listed(full: string, name: string): Promise<ListedFile> {
  const fd = fs.openSync(full, 'r');
  try {
    return { path: name, bytes: fs.fstatSync(fd).size, sha256: await hashFile(fd) };
  } finally {
    fs.closeSync(fd);
  }
}

/** Originals are named by their hash; it is compared while they are written. */
function vaultFiles(operation: Operation): ListedFile[] {
  return filesUnder(operation.path('vault')).map((name) => ({
    path: `vault/${name}`,
    bytes: fs.statSync(operation.path('vault', name)).size,
    sha256: path.posix.basename(name),
  }));
}

function otherFiles(operation: Operation): string[] {
  return fs
    .readdirSync(operation.folder, { withFileTypes: true })
    .filter(({ name }) => !leftOut.has(name) && !name.startsWith('state.db'))
    .flatMap((entry) =>
      entry.isDirectory()
        ? filesUnder(operation.path(entry.name)).map((name) => `${entry.name}/${name}`)
        : [entry.name],
    );
}

function filesUnder(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

function generationOf(operation: Operation): BackupContents['generation'] {
  const id = generationInForce(operation)?.id;
  if (id === undefined) return null;
  return {
    id,
    files: operation.state.all<ListedFile>(
      'select path, bytes, sha256 from generation_file where generation = $id order by path',
      { id },
    ),
  };
}

export interface Restored {
  readonly folder: string;
  readonly contents: BackupContents;
}

/**
 * Restores a backup into a new folder: every file is compared with the signed list, the whole ledger recomputed.
 * Until all of that has passed the folder does not exist; an interrupted restore leaves `<folder>.restoring`, which
 * the next one removes. `vkey` is the operation's key as it is known from elsewhere. The derived tables are not
 * there yet: "build" makes them. Throws WaymarkError 'denied', 'integrity', 'not-found', 'storage'.
 */
export async function restoreBackup(
  file: string,
  identity: string,
  folder: string,
  vkey: string | undefined,
  onProgress: OnProgress,
): Promise<Restored> {
  const target = path.resolve(folder);
  if (fs.existsSync(target)) {
    throw new WaymarkError('storage', 'there is a folder of that name already', {
      where: folder,
      remedy: 'Restore into a new folder; nothing is ever restored over an operation.',
    });
  }
  const unfinished = `${target}.restoring`;
  remove(unfinished);
  makeFolder(unfinished);
  fs.chmodSync(unfinished, 0o700);
  try {
    let done = 0;
    const contents = await readBackup(file, identity, unfinished, vkey, (more) => {
      done += more;
      onProgress({ stage: 'restoring', done, total: null });
    });
    await assertLedger(path.join(unfinished, 'ledger'), contents);
    for (const each of filesUnder(path.join(unfinished, 'vault')))
      fs.chmodSync(path.join(unfinished, 'vault', each), 0o440);
    forgetDerived(unfinished);
    fs.renameSync(unfinished, target);
    syncFolder(path.dirname(target));
    return { folder: target, contents };
  } catch (error) {
    remove(unfinished);
    throw error;
  }
}

function remove(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true });
}

async function assertLedger(folder: string, { vkey, origin, ledger }: BackupContents): Promise<void> {
  const result = await check(folder, vkey, { origin });
  if (result.ok && result.size === ledger.size && result.root?.toString('hex') === ledger.root) return;
  const [problem] = result.problems;
  throw new WaymarkError('integrity', 'the ledger in the backup is not the one that its list names', {
    where: problem && `${problem.file}: ${problem.what}`,
    remedy: 'Use another backup.',
  });
}

/** The state names derived files that are not there: without them the next build makes them. */
function forgetDerived(folder: string): void {
  const operation = Operation.openExisting(folder, { actor: 'restore' });
  try {
    operation.state.transaction(() => forgetGenerations(operation.state));
  } finally {
    operation.close();
  }
}

/** Records in an operation that it was restored from a backup. */
export async function recordRestore(operation: Operation, contents: BackupContents): Promise<void> {
  const facts = { contents: digestOfContents(contents), size: contents.ledger.size };
  await operation.exclusively(async () => {
    operation.record({ action: 'backup.restore', objects: [], facts });
  });
}

/** What was compared when a backup was restored for trial. */
export interface RestoreTest {
  readonly ok: boolean;
  readonly id: string;
  readonly origin: string;
  readonly files: number;
  readonly bytes: number;
  readonly ledger: { readonly size: number; readonly root: string };
  /** Rows of each table: as the list says, and as counted in the restored lake. */
  readonly rows: readonly { readonly table: string; readonly listed: number; readonly found: number }[];
  /** Derived tables built anew; `same` is null where code or decisions changed since the listed ones were built. */
  readonly generation: {
    readonly listed: string | null;
    readonly built: string | null;
    readonly same: boolean | null;
  };
}

/**
 * Restores a backup into a new folder for trial, counts the rows of the lake, builds the derived tables anew and
 * compares them byte by byte with those of the day of the backup, and removes the folder again.
 */
export async function testRestore(
  file: string,
  identity: string,
  folder: string,
  vkey: string | undefined,
  onProgress: OnProgress,
): Promise<RestoreTest> {
  const { contents } = await restoreBackup(file, identity, folder, vkey, onProgress);
  const operation = Operation.openExisting(folder, { actor: 'restore' });
  try {
    const rows = await compareRows(operation, contents);
    const generation = await compareGeneration(operation, contents, onProgress);
    return {
      ok: generation.same !== false && rows.every((each) => each.listed === each.found),
      id: digestOfContents(contents),
      origin: contents.origin,
      files: contents.files.length,
      bytes: contents.files.reduce((sum, each) => sum + each.bytes, 0),
      ledger: contents.ledger,
      rows,
      generation,
    };
  } finally {
    operation.close();
    remove(path.resolve(folder));
  }
}

async function compareRows(operation: Operation, contents: BackupContents): Promise<RestoreTest['rows']> {
  const excluded = operation.state.all<{ table_name: string; rows: number }>(
    `select f.table_name, sum(f.rows) as rows from lake_file f join exhibit e on e.id = f.exhibit
     where e.status = 'excluded' group by f.table_name`,
  );
  const aside = new Map(excluded.map((each) => [each.table_name, each.rows]));
  const engine = await openLake(operation, lakeSchema);
  try {
    const rows: { table: string; listed: number; found: number }[] = [];
    for (const [table, listed] of Object.entries(contents.rows)) {
      const [row] = await engine.rows<{ rows: number }>(countRows(table));
      // Rows of excluded exhibits are no part of any view: they are counted by what was recorded.
      rows.push({ table, listed, found: row!.rows + (aside.get(table) ?? 0) });
    }
    return rows;
  } finally {
    engine.close();
  }
}

async function compareGeneration(
  operation: Operation,
  { generation }: BackupContents,
  onProgress: OnProgress,
): Promise<RestoreTest['generation']> {
  if (generation === null) return { listed: null, built: null, same: null };
  await build(operation, onProgress);
  const built = generationOf(operation)!;
  // The state is what was backed up, byte by byte: another id means other code, or decisions since that build.
  const same = canonicalJson(built.files) === canonicalJson(generation.files);
  return { listed: generation.id, built: built.id, same: built.id === generation.id ? same : null };
}

/** Remembers in an operation that a backup of it was restored for trial. Throws WaymarkError 'usage' for another's. */
export async function recordRestoreTest(operation: Operation, test: RestoreTest): Promise<void> {
  if (operation.ledgerIdentity().origin !== test.origin) {
    throw new WaymarkError('usage', 'this is a backup of another operation', {
      where: test.origin,
      remedy: 'Name the operation that it was made of with --operation.',
    });
  }
  if (!test.ok) return;
  const facts = { contents: test.id, size: test.ledger.size, files: test.files };
  await operation.exclusively(async () => {
    operation.record({ action: 'backup.test', objects: [], facts }, () => {
      operation.state.run('insert or replace into setting (name, value) values ($name, $value)', {
        name: tested,
        value: operation.time(),
      });
    });
  });
}

/** When a restore was last tested, in UTC, or null. */
export function restoreTested(operation: Operation): string | null {
  return (
    operation.state.one<{ value: string }>('select value from setting where name = $tested', { tested })
      ?.value ?? null
  );
}

export interface BackupLine {
  readonly id: string;
  readonly time: string;
  readonly author: string;
  /** Entries of the ledger in it. */
  readonly size: number;
  /** Exhibits erased since that it still holds: it must be destroyed, or they are not erased. */
  readonly erased: readonly string[];
  /** When it was said to be destroyed, or null. */
  readonly destroyed: string | null;
}

/** Backups made of this operation, in order. Where they lie is not known here. */
export function listBackups(operation: Operation): BackupLine[] {
  const erased = new Set(
    operation.state.all<{ exhibit: string }>('select exhibit from erased').map(({ exhibit }) => exhibit),
  );
  return operation.state
    .all<Omit<BackupLine, 'erased'> & { exhibits: string }>(
      'select id, time, author, size, exhibits, destroyed from backup order by time, id',
    )
    .map(({ exhibits, ...line }) => ({
      ...line,
      erased: (JSON.parse(exhibits) as string[]).filter((exhibit) => erased.has(exhibit)),
    }));
}

/** Records that somebody destroyed every copy of a backup. Throws WaymarkError 'not-found', 'usage'. */
export async function recordDestroyed(operation: Operation, id: string, reason: string): Promise<void> {
  const found = listBackups(operation).filter((each) => each.id.startsWith(id));
  if (found.length !== 1 || id === '') {
    throw new WaymarkError('not-found', `there is no backup "${id}"`, {
      remedy: '"backup list" shows those that were made.',
    });
  }
  const [{ id: whole, destroyed }] = found as [BackupLine];
  if (destroyed !== null) throw new WaymarkError('usage', `this backup was destroyed on ${destroyed}`);
  if (reason.trim() === '') throw new WaymarkError('usage', 'a reason is needed');
  await operation.exclusively(async () => {
    const act = { action: 'backup.destroy', objects: [], facts: { contents: whole }, note: { reason } };
    operation.record(act, () => {
      operation.state.run('update backup set destroyed = $time where id = $id', {
        id: whole,
        time: operation.time(),
      });
    });
  });
}
