import { type ChildProcess, fork } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { renameDurably, writeFileDurably } from '../base/durable.ts';
import { type ErrorCode, messageOf, WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';
import type { OnProgress } from '../base/progress.ts';
import { lakeSchema } from '../evidence/lake-schema.ts';
import { indexLake, searchVersion } from '../footprint/search/documents.ts';
import { assertIntact, lakeFiles, openLake } from '../store/lake.ts';
import type { Operation } from '../store/operation.ts';
import { SearchIndexWriter } from '../store/search-index.ts';
import { hashFile } from '../store/vault.ts';

/**
 * The index of an operation: `search/<id>.sqlite`, where the id is the hash of the lake's files and of what makes
 * tokens of them, and beside it `<id>.json` with its SHA-256. The second file is written last: without it the index
 * is unfinished and counts for nothing. Both are derived; deleting them costs time only.
 */
export interface IndexFile {
  readonly id: string;
  readonly file: string;
  readonly documents: number;
}

interface Label {
  readonly sha256: string;
  readonly documents: number;
}

/** Id of the index that fits the lake as it is. Throws WaymarkError 'not-found' where nothing has been read. */
export function searchIndexId(operation: Operation): string {
  const files = lakeFiles(operation);
  if (files.length === 0) {
    throw new WaymarkError('not-found', 'nothing has been read in this operation yet', {
      remedy: 'Take exhibits in with "run" or "exhibit add".',
    });
  }
  const lake = files.map(({ path: file, sha256 }) => [file, sha256]);
  return sha256Hex(canonicalJson({ ...searchVersion, lake })).slice(0, 16);
}

/**
 * The finished index of the lake as it is, or null. One that differs from its recorded hash, or that is no index,
 * is removed and counts as missing.
 */
export async function findSearchIndex(operation: Operation): Promise<IndexFile | null> {
  const id = searchIndexId(operation);
  const file = operation.path('search', `${id}.sqlite`);
  const labelFile = operation.path('search', `${id}.json`);
  try {
    const label = JSON.parse(fs.readFileSync(labelFile, 'utf8')) as Label;
    await assertIntact(file, label.sha256);
    return { id, file, documents: label.documents };
  } catch {
    // Derived and disposable: whatever is wrong with it, it is made anew.
    for (const each of [labelFile, file]) fs.rmSync(each, { force: true });
    return null;
  }
}

/** Makes the index in this process. Others may do so at the same time: what they make is the same. */
export async function makeSearchIndex(operation: Operation, onProgress: OnProgress): Promise<IndexFile> {
  const folder = operation.path('search');
  fs.mkdirSync(folder, { recursive: true });
  clearUnfinished(folder);
  const id = searchIndexId(operation);
  const unfinished = path.join(folder, `${id}.${process.pid}.tmp`);
  fs.rmSync(unfinished, { force: true });
  const stage = 'making the search index';
  onProgress({ stage, done: 0, total: null });
  const engine = await openLake(operation, lakeSchema);
  try {
    const writer = new SearchIndexWriter(unfinished);
    let documents: number;
    try {
      documents = await indexLake(engine, writer, (done) => onProgress({ stage, done, total: null }));
    } finally {
      writer.close();
    }
    const fd = fs.openSync(unfinished, 'r+');
    let sha256: string;
    try {
      fs.fsyncSync(fd);
      sha256 = await hashFile(fd);
    } finally {
      fs.closeSync(fd);
    }
    if (searchIndexId(operation) !== id) {
      throw new WaymarkError('busy', 'exhibits changed while the search index was made', {
        remedy: 'Search again: it is then made for what is there now.',
      });
    }
    const file = path.join(folder, `${id}.sqlite`);
    renameDurably(unfinished, file);
    writeFileDurably(path.join(folder, `${id}.json`), `${canonicalJson({ sha256, documents })}\n`);
    clearOthers(folder, id);
    return { id, file, documents };
  } finally {
    engine.close();
    fs.rmSync(unfinished, { force: true });
  }
}

/** What the process that makes an index says. */
export type IndexingReport =
  | {
      readonly kind: 'progress';
      readonly stage: string;
      readonly done: number;
      readonly total: number | null;
    }
  | { readonly kind: 'done'; readonly index: IndexFile }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode | null;
      readonly message: string;
      readonly where: string | null;
      readonly remedy: string | null;
    };

/**
 * The index of the lake as it is, made in a process of its own where it is missing, so that this one goes on
 * answering. `started` gets that process, for whoever must be able to end it.
 */
export async function ensureSearchIndex(
  operation: Operation,
  onProgress: OnProgress,
  started: (child: ChildProcess) => void = () => {},
): Promise<IndexFile> {
  const found = await findSearchIndex(operation);
  if (found) return found;
  const child = fork(path.join(import.meta.dirname, 'search-child.ts'), [operation.folder, operation.actor], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  started(child);
  return new Promise((resolve, reject) => {
    let last: IndexingReport | undefined;
    child.on('message', (report: IndexingReport) => {
      if (report.kind === 'progress') onProgress(report);
      else last = report;
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (last?.kind === 'done') resolve(last.index);
      else reject(last?.kind === 'failed' ? reportedFailure(last) : ended(signal ?? `exit ${code}`));
    });
  });
}

/** The report of a failure, for the process that waits. */
export function failureReport(error: unknown): IndexingReport {
  const known = error instanceof WaymarkError ? error : null;
  return {
    kind: 'failed',
    code: known?.code ?? null,
    message: known?.message ?? messageOf(error),
    where: known?.where ?? null,
    remedy: known?.remedy ?? null,
  };
}

export function reportedFailure({
  code,
  message,
  where,
  remedy,
}: IndexingReport & { kind: 'failed' }): Error {
  if (code === null) return new Error(message);
  return new WaymarkError(code, message, { where: where ?? undefined, remedy: remedy ?? undefined });
}

function ended(how: string): WaymarkError {
  return new WaymarkError('engine', `making the search index ended early (${how})`, {
    remedy: 'Nothing was changed. Search again; it is then made anew.',
  });
}

/** Unfinished files of processes that are gone. */
function clearUnfinished(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    const owner = /\.(\d+)\.tmp(?:-journal)?$/.exec(name)?.[1];
    if (owner !== undefined && Number(owner) !== process.pid && !isAlive(Number(owner)))
      fs.rmSync(path.join(folder, name), { force: true });
  }
}

/** Indexes of an earlier lake; one that somebody reads right now goes at the next time where the system keeps it. */
function clearOthers(folder: string, id: string): void {
  for (const name of fs.readdirSync(folder)) {
    const other = /^([0-9a-f]{16})\.(sqlite|json)$/.exec(name)?.[1];
    if (other === undefined || other === id) continue;
    try {
      fs.rmSync(path.join(folder, name), { force: true });
    } catch {
      // Windows refuses while it is open.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
