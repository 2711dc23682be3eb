import * as fs from 'node:fs';
import * as path from 'node:path';
import { syncFolder } from '../base/durable.ts';
import { WaymarkError } from '../base/errors.ts';
import { canonicalJson } from '../base/json.ts';
import type { OnProgress } from '../base/progress.ts';
import { lakeSchema } from '../evidence/lake-schema.ts';
import { type Exhibit, filesOf, findExhibit } from '../intake/exhibits.ts';
import type { Manifest } from '../packages/manifest.ts';
import { forgetGenerations, tablesWith } from '../store/forget.ts';
import { openLake } from '../store/lake.ts';
import type { ActNote, Operation } from '../store/operation.ts';
import { accountsOnlyIn } from '../store/queries/erasure.ts';
import { build } from './build.ts';
import type { By } from './decided.ts';
import { type Approval, assertTwoPersons, carriedOut } from './two-persons.ts';

/** What stands where something was erased. */
const erasedWord = 'erased';
/** Kinds of decisions whose value is the officer's own words. */
const ownWords = new Set(['fact', 'risk assessment']);
/** Kinds of decisions that count by themselves, whoever they were about. */
const countedKinds = new Set(['outcome', 'child', 'child state', 'child urgency', 'child owner']);

export interface Erasure {
  readonly exhibit: string;
  /** Originals removed from the vault; those that other exhibits share stay. */
  readonly originals: number;
  readonly bytes: number;
  readonly shared: number;
  readonly lakeFiles: number;
  readonly rows: number;
  /** Accounts that only this exhibit knew of. */
  readonly accounts: number;
  /** Decisions whose words were erased with them; that somebody decided, and when, stays. */
  readonly decisions: number;
  /** The generation that stands without it. */
  readonly generation: string;
}

/** What a second person is asked to approve. */
export function matterOf(exhibit: string): { act: 'erasure'; what: string[] } {
  return { act: 'erasure', what: [`exhibit ${exhibit}`] };
}

/**
 * Erases an exhibit: originals, rows of the lake, all generations (they rest on it) and search indexes, and in the
 * state database everything that names it or accounts that only it knew of. What stays is an entry of the ledger
 * without content, and who wanted it. Once it has begun it is only ever completed: an interrupted one goes on with
 * `finishErasures`. Backups and packages sent are not reached from here: see `listBackups`, `erasureNotices`.
 * Throws WaymarkError 'usage' without a reason, 'denied' where a second person must approve it first, 'not-found'.
 */
export async function eraseExhibit(
  operation: Operation,
  id: string,
  by: By,
  onProgress: OnProgress,
): Promise<Erasure> {
  if (by.reason.trim() === '') throw new WaymarkError('usage', 'erasing needs a reason');
  const exhibit = findExhibit(operation, id);
  return operation.exclusively(async () => {
    const approval = assertTwoPersons(operation, matterOf(exhibit.id), by.time);
    onProgress({ stage: 'finding what to erase', done: 0, total: null });
    const plan = await planOf(operation, exhibit);
    const decisions = forget(operation, exhibit, plan, approval, by);
    carriedOut(operation, approval, by);
    await finishErasures(operation, onProgress);
    const { id: generation } = await build(operation, onProgress);
    return {
      exhibit: exhibit.id,
      originals: plan.originals.length,
      bytes: plan.bytes,
      shared: plan.shared,
      lakeFiles: plan.lake.length,
      rows: plan.rows,
      accounts: plan.accounts.length,
      decisions,
      generation,
    };
  });
}

interface Plan {
  readonly originals: readonly string[];
  readonly shared: number;
  readonly bytes: number;
  readonly lake: readonly string[];
  readonly rows: number;
  readonly accounts: readonly string[];
}

async function planOf(operation: Operation, exhibit: Exhibit): Promise<Plan> {
  const { state } = operation;
  const sizes = new Map(filesOf(operation, exhibit).map(({ sha256, bytes }) => [sha256, bytes]));
  const own = new Set([exhibit.sha256, ...sizes.keys()]);
  const shared = new Set(
    state
      .all<{ sha256: string }>(
        `select sha256 from exhibit where id <> $id union select sha256 from exhibit_file where exhibit <> $id`,
        { id: exhibit.id },
      )
      .map(({ sha256 }) => sha256),
  );
  const originals = [...own].filter((sha256) => !shared.has(sha256)).sort();
  const lake = state.all<{ path: string; rows: number }>(
    'select path, rows from lake_file where exhibit = $id order by path',
    { id: exhibit.id },
  );
  const engine = await openLake(operation, lakeSchema, undefined, { having: exhibit.id });
  try {
    const accounts = await engine.rows<{ account: string }>(accountsOnlyIn, { exhibit: exhibit.id });
    return {
      originals,
      shared: own.size - originals.length,
      bytes: originals.reduce((sum, sha256) => sum + (sizes.get(sha256) ?? 0), 0),
      lake: lake.map((file) => file.path),
      rows: lake.reduce((sum, file) => sum + file.rows, 0),
      accounts: accounts.map(({ account }) => account),
    };
  } finally {
    engine.close();
  }
}

/** The act: from here on the operation knows the exhibit no more, and its files are on the list to be removed. */
function forget(operation: Operation, exhibit: Exhibit, plan: Plan, approval: Approval, by: By): number {
  const { state } = operation;
  const scrubbed = scrubbedDecisions(operation, exhibit.id, plan.accounts);
  const facts = {
    originals: plan.originals.length,
    lakeFiles: plan.lake.length,
    rows: plan.rows,
    decisions: scrubbed.length,
    persons: approval.persons,
  };
  const note: ActNote = { reason: by.reason };
  operation.record({ action: 'exhibit.erase', objects: [exhibit.id], facts, note }, () => {
    state.run(
      `insert or replace into erased (exhibit, time, author, reason, approved_by, originals, lake, done)
       values ($exhibit, $time, $author, $reason, $approved, $originals, $lake, null)`,
      {
        exhibit: exhibit.id,
        time: by.time,
        author: operation.actor,
        reason: by.reason,
        approved: approval.request === null ? 'one person' : `request ${approval.request}`,
        originals: canonicalJson(plan.originals),
        lake: canonicalJson(plan.lake),
      },
    );
    for (const { sequence, subject, value, details } of scrubbed) {
      state.run(
        `update decision set subject = $subject, value = $value, reason = '${erasedWord}', details = $details
         where sequence = $sequence`,
        { sequence, subject, value, details },
      );
    }
    forgetNotes(operation, exhibit.id, plan.accounts);
    // Every table that has rows of exhibits, whichever they are in this version; the exhibit itself last.
    state.run('pragma defer_foreign_keys = on');
    for (const table of tablesWith(state, 'exhibit')) {
      if (table !== 'erased') state.run(`delete from ${table} where exhibit = $id`, { id: exhibit.id });
    }
    for (const table of tablesWith(state, 'pointer')) {
      state.run(`delete from ${table} where pointer like $start`, { start: `${exhibit.id}%` });
    }
    forgetGenerations(state);
    state.run('delete from exhibit where id = $id', { id: exhibit.id });
  });
  return scrubbed.length;
}

interface Scrubbed {
  readonly sequence: number;
  readonly subject: string;
  readonly value: string;
  readonly details: string | null;
}

/** Decisions about the exhibit, about places in it, or about accounts that only it knew of, without their words. */
function scrubbedDecisions(operation: Operation, exhibit: string, accounts: readonly string[]): Scrubbed[] {
  const gone = goneWith(exhibit, accounts);
  const rows = operation.state.all<{
    sequence: number;
    kind: string;
    subject: string;
    value: string;
    details: string | null;
  }>(
    "select sequence, kind, subject, value, details from decision where kind <> 'request' order by sequence",
  );
  return rows.flatMap(({ sequence, kind, subject, value, details }) => {
    const about = JSON.parse(subject) as string[];
    const kept = details === null ? null : (JSON.parse(details) as Record<string, unknown>);
    const linked = Array.isArray(kept?.accounts) ? (kept.accounts as string[]) : [];
    if (![...about, ...linked].some(gone)) return [];
    const remaining = countedKinds.has(kind) && kept ? withoutGone(kept, gone) : null;
    return [
      {
        sequence,
        subject: JSON.stringify(about.map((each) => (gone(each) ? erasedWord : each))),
        value: ownWords.has(kind) ? erasedWord : value,
        details: remaining && canonicalJson(remaining),
      },
    ];
  });
}

function withoutGone(
  details: Record<string, unknown>,
  gone: (text: string) => boolean,
): Record<string, unknown> {
  const { accounts, marking: _, step: __, ...rest } = details;
  return Array.isArray(accounts)
    ? { ...rest, accounts: (accounts as string[]).filter((each) => !gone(each)) }
    : rest;
}

/** Whether a word is the exhibit, a place in it, or an account that only it knew of. */
function goneWith(exhibit: string, accounts: readonly string[]): (text: string) => boolean {
  const known = new Set(accounts);
  return (text) =>
    known.has(text) || text === exhibit || text.startsWith(`${exhibit}/`) || text.startsWith(`${exhibit}@`);
}

/** What the ledger had put aside of acts about it: without its salt, what is in the ledger means nothing. */
function forgetNotes(operation: Operation, exhibit: string, accounts: readonly string[]): void {
  const gone = goneWith(exhibit, accounts);
  for (const { act, note } of operation.state.all<{ act: number; note: string }>(
    'select act, note from act_note',
  )) {
    const { about = [], what = '' } = JSON.parse(note) as ActNote;
    if (about.some(gone) || accounts.some((each) => what.includes(JSON.stringify(each))))
      operation.state.run('delete from act_note where act = $act', { act });
  }
  for (const { sequence, id, accounts: listed } of operation.state.all<{
    sequence: number;
    id: string;
    accounts: string | null;
  }>('select sequence, id, accounts from retention_review')) {
    const about = [id, ...(listed === null ? [] : (JSON.parse(listed) as string[]))];
    if (about.some(gone))
      operation.state.run('delete from retention_review where sequence = $sequence', { sequence });
  }
  // Lists of what an earlier exclusion changed name accounts as well.
  const hasChanges = operation.state.one(
    "select 1 from pragma_table_info('exclusion') where name = 'changes'",
  );
  if (hasChanges) operation.state.run('update exclusion set changes = null');
}

/**
 * Removes what erasures have left to remove, overwrites what deleted rows left in the state database, and notes
 * that they are done. Nothing happens where nothing is unfinished. Call while nobody else works.
 */
export async function finishErasures(operation: Operation, onProgress: OnProgress): Promise<number> {
  return operation.exclusively(async () => {
    const open = operation.state.all<{ exhibit: string; originals: string; lake: string }>(
      'select exhibit, originals, lake from erased where done is null order by exhibit',
    );
    if (open.length === 0) return 0;
    for (const { exhibit, originals, lake } of open) {
      const hashes = JSON.parse(originals) as string[];
      for (const [done, sha256] of hashes.entries()) {
        onProgress({ stage: 'erasing originals', done, total: hashes.length });
        shred(operation.vault.pathOf(sha256));
      }
      for (const file of JSON.parse(lake) as string[]) shred(operation.path(file));
      for (const table of folders(operation.path('lake')))
        fs.rmSync(operation.path('lake', table, `exhibit=${exhibit}`), { recursive: true, force: true });
    }
    for (const folder of ['generations', 'search', 'tmp']) shredAll(operation.path(folder));
    operation.state.scrub();
    operation.state.run("update erased set done = $done, originals = '[]', lake = '[]' where done is null", {
      done: operation.time(),
    });
    return open.length;
  });
}

function folders(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function shredAll(folder: string): void {
  if (!fs.existsSync(folder)) return;
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) shred(path.join(entry.parentPath, entry.name));
  for (const name of fs.readdirSync(folder))
    fs.rmSync(path.join(folder, name), { recursive: true, force: true });
}

const pieceBytes = 1024 * 1024;

/**
 * Overwrites a file once with zeros and removes it. On magnetic disks the bytes are gone then; on flash, or on
 * file systems that copy on write or keep snapshots, only destroying the disk's key does that.
 */
function shred(file: string): void {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) return;
  try {
    fs.chmodSync(file, 0o600);
    const fd = fs.openSync(file, 'r+');
    try {
      const zeros = Buffer.alloc(Math.min(pieceBytes, stat.size));
      for (let at = 0; at < stat.size; at += zeros.length)
        fs.writeSync(fd, zeros, 0, Math.min(zeros.length, stat.size - at), at);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    fs.unlinkSync(file);
    syncFolder(path.dirname(file));
  } catch (cause) {
    throw new WaymarkError('storage', 'a file that is to be erased cannot be overwritten or removed', {
      where: file,
      remedy:
        'Check permissions and the disk, then run "erase finish": the erasure is recorded and must be completed.',
      cause,
    });
  }
}

export interface ErasedLine {
  readonly exhibit: string;
  readonly time: string;
  readonly author: string;
  readonly reason: string;
  readonly approvedBy: string;
  /** When its last byte was removed; null while that is unfinished. */
  readonly done: string | null;
}

/** Exhibits that were erased, in order of time. */
export function listErased(operation: Operation): ErasedLine[] {
  return operation.state.all<ErasedLine>(
    'select exhibit, time, author, reason, approved_by as approvedBy, done from erased order by time, exhibit',
  );
}

/** A draft to somebody who has what was erased here. A human sends it. */
export interface ErasureNotice {
  readonly package: string;
  readonly to: string;
  readonly text: string;
}

/** For each package sent that cites erased exhibits, one draft to each recipient (LED Art. 16(6)). */
export function erasureNotices(operation: Operation): ErasureNotice[] {
  const erased = new Map(listErased(operation).map((each) => [each.exhibit, each]));
  const sent = operation.state.all<{ id: string; manifest: string; exhibits: string }>(
    "select id, manifest, exhibits from package where direction = 'sent' order by rowid",
  );
  return sent.flatMap(({ id, manifest, exhibits }) => {
    const cited = (JSON.parse(exhibits) as string[]).filter((exhibit) => erased.has(exhibit));
    if (cited.length === 0) return [];
    const { to, created, tlp } = JSON.parse(manifest) as Manifest;
    const lines = cited.map((exhibit) => `  ${exhibit}, on ${erased.get(exhibit)!.time.slice(0, 10)}`);
    return to.map(({ name }) => ({
      package: id,
      to: name,
      text: [
        `To: ${name}`,
        `About: package ${id} of ${created} (TLP:${tlp})`,
        '',
        'These exhibits, which the package cites, have been erased from our operation:',
        ...lines,
        '',
        'Please erase what you received of them, or tell us on which basis you keep it, and confirm in writing.',
        'Records that cite them are found in the package by the exhibit id at the start of each pointer.',
      ].join('\n'),
    }));
  });
}
