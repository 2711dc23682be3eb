import { type Exhibit, listExhibits } from '../intake/exhibits.ts';
import type { Refused } from '../intake/walk.ts';
import type { Reason } from '../priorities/queue.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { claimedPlaces, queueRows, warningsOfExhibit } from '../store/queries/views.ts';
import type { GenerationSummary } from './build.ts';

/** Counts of the record types that people ask for; every other table follows under its own name. */
const shownTables = ['account', 'event', 'message', 'file', 'sighting', 'relation'] as const;

export interface ExhibitView {
  readonly id: string;
  readonly path: string;
  readonly paths: readonly string[];
  readonly kind: 'file' | 'folder';
  readonly bytes: number;
  readonly sha256: string;
  readonly status: Exhibit['status'];
  readonly authority: string | null;
  readonly reference: string | null;
  readonly reader: string | null;
  readonly readerVersion: string | null;
  readonly records: Record<string, number>;
  readonly warnings: number;
  /** rows = read + skipped, for each part of the exhibit. */
  readonly rows: NonNullable<Exhibit['summary']>['tallies'];
}

export function viewOf(exhibit: Exhibit): ExhibitView {
  const counts: Record<string, number> = Object.fromEntries(shownTables.map((table) => [table, 0]));
  for (const [table, count] of Object.entries(exhibit.summary?.counts ?? {}))
    if (table !== 'warning') counts[table] = count;
  return {
    id: exhibit.id,
    path: exhibit.paths[0] ?? '',
    paths: exhibit.paths,
    kind: exhibit.kind,
    bytes: exhibit.bytes,
    sha256: exhibit.sha256,
    status: exhibit.status,
    authority: exhibit.authority,
    reference: exhibit.reference,
    reader: exhibit.reader,
    readerVersion: exhibit.readerVersion,
    records: counts,
    warnings: exhibit.summary?.warnings ?? 0,
    rows: exhibit.summary?.tallies ?? [],
  };
}

/** Exhibits with records, and every file that could not be read with the reason. */
export async function intakeView(
  operation: Operation,
  engine: Engine | null,
  refused: readonly Refused[] = [],
): Promise<{ exhibits: ExhibitView[]; unread: Refused[] }> {
  const claimed = new Set<string>();
  if (engine) {
    const rows = await engine.rows<{ exhibit: string; source_path: string }>(claimedPlaces);
    for (const row of rows) claimed.add(`${row.exhibit}/${row.source_path}`);
  }
  const exhibits = listExhibits(operation).filter((exhibit) => exhibit.status !== 'excluded');
  const unread: Refused[] = [...refused];
  for (const exhibit of exhibits) {
    for (const outcome of exhibit.summary?.outcomes ?? []) {
      // A file that a record names as an attachment is accounted for, whatever its content.
      if (outcome.unread === null || claimed.has(`${exhibit.id}/${outcome.path}`)) continue;
      const path = [exhibit.paths[0], outcome.path].filter((part) => part && part !== '.').join('/');
      unread.push({ path, reason: outcome.unread });
    }
  }
  return { exhibits: exhibits.map(viewOf), unread };
}

export interface QueueEntry {
  readonly rank: number;
  readonly person: string;
  readonly band: string;
  readonly accounts: readonly { account: string; handle: string | null }[];
  readonly reasons: readonly Reason[];
}

export async function readQueue(engine: Engine): Promise<QueueEntry[]> {
  const rows = await engine.rows<{
    rank: number;
    person: string;
    band: string;
    accounts: string;
    reasons: string;
  }>(queueRows);
  return rows.map((row) => ({
    ...row,
    accounts: JSON.parse(row.accounts) as QueueEntry['accounts'],
    reasons: JSON.parse(row.reasons) as Reason[],
  }));
}

/** The generation in force and its counts, or null before the first build. */
export function generationInForce(operation: Operation): ({ id: string } & GenerationSummary) | null {
  const row = operation.state.one<{ id: string; summary: string }>(
    `select g.id, g.summary from generation g join setting s on s.name = 'generation' and s.value = g.id`,
  );
  return row ? { id: row.id, ...(JSON.parse(row.summary) as GenerationSummary) } : null;
}

export interface WarningView {
  readonly code: string;
  readonly text: string;
  readonly pointer: string;
}

/** The first 500 warnings of reading an exhibit. */
export function warningsOf(engine: Engine, exhibit: string): Promise<WarningView[]> {
  return engine.rows<WarningView>(warningsOfExhibit, { exhibit });
}
