import { WaymarkError } from '../base/errors.ts';
import type { LakeFile } from '../evidence/load.ts';
import type { Tally } from '../evidence/records.ts';
import type { TableName } from '../evidence/tables.ts';
import type { Operation } from '../store/operation.ts';
import type { FileOutcome } from './read-child.ts';
import type { ExhibitFile } from './read-exhibit.ts';
import { readers } from './readers.ts';

/** What is kept of reading an exhibit. */
export interface ReadingSummary {
  readonly counts: Partial<Record<TableName, number>>;
  readonly tallies: readonly Tally[];
  readonly warnings: number;
  readonly outcomes: readonly FileOutcome[];
}

/** An exhibit as the state knows it. */
export interface Exhibit {
  /** First 16 hex digits of `sha256`. */
  readonly id: string;
  /** Of the file; of the manifest (canonical JSON of paths, sizes and hashes) for a folder. */
  readonly sha256: string;
  readonly kind: 'file' | 'folder';
  readonly bytes: number;
  readonly authority: string | null;
  readonly reference: string | null;
  readonly status: 'received' | 'read' | 'unread' | 'excluded';
  readonly reason: string | null;
  /** Names of the readers used, joined by '+'. */
  readonly reader: string | null;
  readonly readerVersion: string | null;
  readonly summary: ReadingSummary | null;
  /** Paths under which it was received; the first is shown. */
  readonly paths: readonly string[];
}

interface ExhibitRow extends Omit<Exhibit, 'summary' | 'paths' | 'readerVersion'> {
  readonly reader_version: string | null;
  readonly summary: string | null;
}

export function listExhibits(operation: Operation): Exhibit[] {
  const paths = new Map<string, string[]>();
  for (const { exhibit, path } of operation.state.all<{ exhibit: string; path: string }>(
    'select exhibit, path from exhibit_path order by path',
  )) {
    paths.set(exhibit, [...(paths.get(exhibit) ?? []), path]);
  }
  return operation.state
    .all<ExhibitRow>('select * from exhibit')
    .map(({ reader_version, summary, ...row }) => ({
      ...row,
      readerVersion: reader_version,
      summary: summary === null ? null : (JSON.parse(summary) as ReadingSummary),
      paths: paths.get(row.id) ?? [],
    }))
    .sort((a, b) => ((a.paths[0] ?? '') < (b.paths[0] ?? '') ? -1 : 1));
}

/** Throws WaymarkError 'not-found'. */
export function findExhibit(operation: Operation, id: string): Exhibit {
  const found = listExhibits(operation).filter(
    (exhibit) => exhibit.id === id || exhibit.reference === id || exhibit.paths.includes(id),
  );
  if (found.length === 1) return found[0]!;
  throw new WaymarkError('not-found', `there is no exhibit "${id}" in this operation`, {
    remedy: 'Run "exhibit list" to see their ids.',
  });
}

/** The files of an exhibit in the vault. */
export function filesOf(operation: Operation, exhibit: Exhibit): ExhibitFile[] {
  const name = exhibit.paths[0] ?? exhibit.id;
  if (exhibit.kind === 'file') return [{ path: '', name, sha256: exhibit.sha256, bytes: exhibit.bytes }];
  return operation.state
    .all<{ path: string; sha256: string; bytes: number }>(
      'select path, sha256, bytes from exhibit_file where exhibit = $id order by path',
      { id: exhibit.id },
    )
    .map((file) => ({ ...file, name: file.path }));
}

/** Exhibits that still have to be read: newly received, interrupted, or read by an older version of a reader. */
export function exhibitsToRead(operation: Operation): Exhibit[] {
  const current = new Map(readers.map((reader) => [reader.name, reader.version]));
  return listExhibits(operation).filter((exhibit) => {
    if (exhibit.status === 'excluded') return false;
    if (exhibit.status === 'received' || !exhibit.summary) return true;
    return exhibit.summary.outcomes.some(
      ({ reader, version }) => reader !== null && (current.get(reader) ?? version) !== version,
    );
  });
}

/** State rows for what a reading gave; to be called inside the act that records it. */
export function saveReading(
  operation: Operation,
  exhibit: string,
  lake: readonly LakeFile[],
  summary: ReadingSummary,
): void {
  const used = new Map<string, number>();
  for (const { reader, version } of summary.outcomes) if (reader !== null) used.set(reader, version ?? 0);
  const names = [...used.keys()].sort();
  const { state } = operation;
  state.run('delete from lake_file where exhibit = $exhibit', { exhibit });
  for (const file of lake) {
    state.run(
      `insert into lake_file (path, table_name, exhibit, rows, bytes, sha256)
       values ($path, $table, $exhibit, $rows, $bytes, $sha256)`,
      { ...file, exhibit },
    );
  }
  state.run(
    `update exhibit set status = $status, reader = $reader, reader_version = $version, summary = $summary where id = $exhibit`,
    {
      exhibit,
      status: statusOf(summary),
      reader: names.join('+') || null,
      version: names.map((name) => used.get(name)).join('+') || null,
      summary: JSON.stringify(summary),
    },
  );
}

/** Where an exhibit stands that nobody excluded: waiting to be read, read, or not recognised. */
export function statusOf(summary: ReadingSummary | null): Exhibit['status'] {
  if (summary === null) return 'received';
  const anyRead = summary.outcomes.some(
    (outcome) => outcome.reader !== null && (outcome.unread === null || hasRecords(summary)),
  );
  return anyRead ? 'read' : 'unread';
}

function hasRecords(summary: ReadingSummary): boolean {
  return Object.entries(summary.counts).some(
    ([table, count]) => table !== 'content' && table !== 'warning' && count > 0,
  );
}
