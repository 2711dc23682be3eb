import { useCallback, useContext, useEffect, useRef, useState } from 'react';
import { ApiError } from './api.ts';
import { type Answered, Epoch } from './use-answer.ts';

interface Held<Page> {
  readonly key: string;
  readonly pages: ReadonlyMap<number, Page>;
}

export interface Pages<Page, Row> {
  /** The first page: what it says besides rows holds for the whole list. */
  readonly answer: Answered<Page>;
  readonly error: ApiError | undefined;
  readonly rowAt: (index: number) => Row | undefined;
  /** For `onSight` of a table: fetches the pages that hold these rows. */
  readonly onSight: (from: number, to: number) => void;
}

/**
 * A long list that the server gives in pages, fetched as they come into sight. A new key is a new list; until
 * its first page is there the list before stays in sight.
 */
export function usePages<Page, Row>(
  key: string,
  pageRows: number,
  ask: (limit: number, offset: number) => Promise<Page>,
  rowsOf: (page: Page) => readonly Row[],
): Pages<Page, Row> {
  const { count } = useContext(Epoch);
  const now = `${count} ${key}`;
  const [held, setHeld] = useState<Held<Page>>({ key: '', pages: new Map() });
  const [error, setError] = useState<{ key: string; error: ApiError }>();
  const asked = useRef({ key: '', pages: new Set<number>() });
  const latest = useRef(now);
  const asking = useRef(ask);
  asking.current = ask;
  latest.current = now;
  const fetchPage = useCallback(
    (page: number) => {
      const list = latest.current;
      if (asked.current.key !== list) asked.current = { key: list, pages: new Set() };
      if (asked.current.pages.has(page)) return;
      asked.current.pages.add(page);
      asking.current(pageRows, page * pageRows).then(
        (answer) => {
          if (latest.current !== list) return;
          setHeld((last) => {
            const before = last.key === list ? last.pages : [];
            return { key: list, pages: new Map([...before, [page, answer]]) };
          });
        },
        (caught: unknown) => {
          if (!(caught instanceof ApiError)) throw caught;
          if (latest.current === list) setError({ key: list, error: caught });
        },
      );
    },
    [pageRows],
  );
  const sight = useRef({ from: 0, to: 1 });
  const onSight = useCallback(
    (from: number, to: number) => {
      sight.current = { from, to };
      for (let page = Math.floor(from / pageRows); page * pageRows < to; page++) fetchPage(page);
    },
    [pageRows, fetchPage],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new list begins with its first page
  useEffect(() => {
    fetchPage(0);
    onSight(sight.current.from, sight.current.to);
  }, [now, fetchPage, onSight]);
  const rowAt = (index: number) => {
    const page = held.pages.get(Math.floor(index / pageRows));
    return page === undefined ? undefined : rowsOf(page)[index % pageRows];
  };
  const first = held.pages.get(0);
  const failed = error?.key === now ? error.error : undefined;
  return { answer: answerOf(first, failed, held.key !== now), error: failed, rowAt, onSight };
}

function answerOf<Page>(
  first: Page | undefined,
  error: ApiError | undefined,
  stale: boolean,
): Answered<Page> {
  if (first !== undefined) return { state: 'answered', value: first, stale };
  return error === undefined ? { state: 'asking' } : { state: 'failed', error };
}
