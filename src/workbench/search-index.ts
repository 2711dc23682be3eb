import { type ChildProcess, fork } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { renameDurably, writeFileDurably } from '../base/durable.ts';
import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';
import type { OnProgress } from '../base/progress.ts';
import { errorOf, type ReportedFailure } from '../base/reported.ts';
import { indexLake, searchVersion } from '../footprint/search/documents.ts';
import { assertIntact, lakeFiles } from '../store/lake.ts';
import type { Operation } from '../store/operation.ts';
import { SearchIndexWriter } from '../store/search-index.ts';
import { hashFile } from '../store/vault.ts';
import { lakeInputs, openRecords } from './records.ts';
import { type Sight, wholeSight, withhold } from './sight.ts';

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
export function searchIndexId(operation: Operation, sight: Sight = wholeSight): string {
  const files = lakeFiles(operation);
  if (files.length === 0) {
    throw new WaymarkError('not-found', 'nothing has been read in this operation yet', {
      remedy: 'Take exhibits in with "run" or "exhibit add".',
    });
  }
  const { accounts, exhibits, pointers } = sight;
  const withheld = sight.id === '' ? {} : { withheld: { accounts, exhibits, pointers } };
  const inputs = { ...searchVersion, ...withheld, lake: lakeInputs(operation) };
  return sha256Hex(canonicalJson(inputs)).slice(0, 16);
}

/**
 * The finished index of the lake as it is, or null. One that differs from its recorded hash, or that is no index,
 * is removed and counts as missing.
 */
export async function findSearchIndex(
  operation: Operation,
  sight: Sight = wholeSight,
): Promise<IndexFile | null> {
  const id = searchIndexId(operation, sight);
  const file = path.join(folderFor(operation, sight), `${id}.sqlite`);
  const labelFile = path.join(folderFor(operation, sight), `${id}.json`);
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
export async function makeSearchIndex(
  operation: Operation,
  onProgress: OnProgress,
  sight: Sight = wholeSight,
): Promise<IndexFile> {
  const folder = folderFor(operation, sight);
  fs.mkdirSync(folder, { recursive: true });
  clearUnfinished(folder);
  const id = searchIndexId(operation, sight);
  const unfinished = path.join(folder, `${id}.${process.pid}.tmp`);
  fs.rmSync(unfinished, { force: true });
  const stage = 'making the search index';
  onProgress({ stage, done: 0, total: null });
  const engine = await openRecords(operation);
  try {
    await withhold(engine, sight);
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
    if (searchIndexId(operation, sight) !== id) {
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
  | { readonly kind: 'failed'; readonly failure: ReportedFailure };

/**
 * The index of the lake as it is, made in a process of its own where it is missing, so that this one goes on
 * answering. `started` gets that process, for whoever must be able to end it.
 */
export async function ensureSearchIndex(
  operation: Operation,
  onProgress: OnProgress,
  started: (child: ChildProcess) => void = () => {},
  sight: Sight = wholeSight,
): Promise<IndexFile> {
  const found = await findSearchIndex(operation, sight);
  if (found) return found;
  const child = fork(path.join(import.meta.dirname, 'search-child.ts'), [operation.folder, operation.actor], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  child.send(sight);
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
      else reject(last?.kind === 'failed' ? errorOf(last.failure) : ended(signal ?? `exit ${code}`));
    });
  });
}

/** What a role may not know has an index of its own: not even its words stand in theirs. */
function folderFor(operation: Operation, { id }: Sight): string {
  return id === '' ? operation.path('search') : operation.path('search', 'withheld');
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
