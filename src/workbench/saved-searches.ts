import { WaymarkError } from '../base/errors.ts';
import { parseQuery } from '../footprint/search/query.ts';
import { listExhibits } from '../intake/exhibits.ts';
import type { Operation } from '../store/operation.ts';
import { queryDigest, type Recorder, recordSearch } from './search.ts';
import type { Asked } from './search-desk.ts';

export interface SavedSearch {
  readonly name: string;
  readonly query: string;
  readonly author: string;
  readonly time: string;
  /** When its hits were last marked seen. */
  readonly seen: string | null;
}

export interface SavedSearchView extends SavedSearch {
  readonly total: number | null;
  readonly new: number | null;
  readonly newByExhibit: readonly {
    readonly exhibit: string;
    readonly path: string | null;
    readonly hits: number;
  }[];
  /** Hits that were seen and fell with what held them. */
  readonly gone: number | null;
  readonly error: string | null;
}

const mostNameCharacters = 100;

/** Keeps a query under a name; another under the same name is replaced, and nothing of it is seen yet. */
export function saveSearch(operation: Operation, name: string, query: string, time: string): void {
  if (name.trim() === '' || name.length > mostNameCharacters) {
    throw new WaymarkError('usage', `the name of a search has 1 to ${mostNameCharacters} characters`);
  }
  parseQuery(query);
  const digest = queryDigest(operation, `${name}\n${query}`);
  operation.record({ action: 'search.save', objects: [], facts: { digest } }, () => {
    operation.state.run('delete from saved_search_seen where name = $name', { name });
    operation.state.run(
      `insert or replace into saved_search (name, query, author, time, seen) values ($name, $query, $author, $time, null)`,
      { name, query, author: operation.actor, time },
    );
  });
}

/** Forgets a saved search. Throws WaymarkError 'not-found'. */
export function removeSavedSearch(operation: Operation, name: string): void {
  const { query } = savedSearch(operation, name);
  const digest = queryDigest(operation, `${name}\n${query}`);
  operation.record({ action: 'search.remove', objects: [], facts: { digest } }, () => {
    operation.state.run('delete from saved_search_seen where name = $name', { name });
    operation.state.run('delete from saved_search where name = $name', { name });
  });
}

function savedSearch(operation: Operation, name: string): SavedSearch {
  const saved = operation.state.one<SavedSearch>(
    'select name, query, author, time, seen from saved_search where name = $name',
    { name },
  );
  if (saved) return saved;
  throw new WaymarkError('not-found', `there is no saved search "${name}"`, {
    remedy: '"search saved" lists them.',
  });
}

/** All saved searches with what is new since they were last marked seen; without numbers where nobody can be asked. */
export async function listSavedSearches(
  operation: Operation,
  asked: Asked | null,
): Promise<SavedSearchView[]> {
  const saved = operation.state.all<SavedSearch>(
    'select name, query, author, time, seen from saved_search order by name',
  );
  const paths = new Map(listExhibits(operation).map((exhibit) => [exhibit.id, exhibit.paths[0] ?? null]));
  const views: SavedSearchView[] = [];
  for (const each of saved) {
    const nothing = { total: null, new: null, newByExhibit: [], gone: null, error: null };
    if (asked === null) {
      views.push({ ...each, ...nothing });
      continue;
    }
    try {
      const now = await asked.answer({ kind: 'by-exhibit', text: each.query });
      views.push({ ...each, ...compared(now, seenHits(operation, each.name), paths), error: null });
    } catch (error) {
      if (!(error instanceof WaymarkError) || error.code !== 'usage') throw error;
      views.push({ ...each, ...nothing, error: error.message });
    }
  }
  return views;
}

function seenHits(operation: Operation, name: string): Map<string, number> {
  const rows = operation.state.all<{ exhibit: string; hits: number }>(
    'select exhibit, hits from saved_search_seen where name = $name order by exhibit',
    { name },
  );
  return new Map(rows.map(({ exhibit, hits }) => [exhibit, hits]));
}

function compared(
  now: ReadonlyMap<string, number>,
  seen: ReadonlyMap<string, number>,
  paths: ReadonlyMap<string, string | null>,
): Pick<SavedSearchView, 'total' | 'new' | 'newByExhibit' | 'gone'> {
  const newByExhibit = [...now]
    .map(([exhibit, hits]) => ({
      exhibit,
      path: paths.get(exhibit) ?? null,
      hits: hits - (seen.get(exhibit) ?? 0),
    }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits || (a.exhibit < b.exhibit ? -1 : 1));
  let gone = 0;
  for (const [exhibit, hits] of seen) gone += Math.max(0, hits - (now.get(exhibit) ?? 0));
  return {
    total: [...now.values()].reduce((sum, hits) => sum + hits, 0),
    new: newByExhibit.reduce((sum, { hits }) => sum + hits, 0),
    newByExhibit,
    gone,
  };
}

/**
 * Marks the hits of a saved search as seen: what is there now is new no longer. An act of its own, and a search.
 * Throws WaymarkError 'not-found', 'usage'.
 */
export async function markSearchSeen(
  operation: Operation,
  asked: Asked,
  name: string,
  time: string,
  record: Recorder,
): Promise<void> {
  const { query } = savedSearch(operation, name);
  const now = await asked.answer({ kind: 'by-exhibit', text: query });
  const hits = [...now.values()].reduce((sum, each) => sum + each, 0);
  await record(() => {
    recordSearch(operation, {
      kind: 'saved',
      query,
      hits,
      hitsIsAtLeast: false,
      index: asked.index.id,
      time,
    });
    const digest = queryDigest(operation, `${name}\n${query}`);
    operation.record({ action: 'search.seen', objects: [], facts: { digest, hits } }, () => {
      operation.state.run('delete from saved_search_seen where name = $name', { name });
      for (const [exhibit, count] of now) {
        operation.state.run(
          'insert into saved_search_seen (name, exhibit, hits) values ($name, $exhibit, $count)',
          { name, exhibit, count },
        );
      }
      operation.state.run('update saved_search set seen = $time where name = $name', { name, time });
    });
  });
}
