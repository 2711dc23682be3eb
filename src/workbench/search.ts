import { randomBytes } from 'node:crypto';
import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import type { OnProgress } from '../base/progress.ts';
import { formatPointer, parsePointer } from '../evidence/pointer.ts';
import { type Question, Searcher } from '../footprint/search/ask.ts';
import { readableText } from '../footprint/search/documents.ts';
import type { Filter } from '../footprint/search/query.ts';
import type { Answer, Facet, Hit, Understood, Where } from '../footprint/search/search.ts';
import { tokensOf } from '../footprint/search/tokens.ts';
import { listExhibits } from '../intake/exhibits.ts';
import { saltedDigest } from '../ledger/entry.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { countriesOfAccounts, messageText, personsOfAccounts } from '../store/queries/search.ts';
import type { PagePlace } from '../store/search-index.ts';
import { currentGeneration } from './build.ts';
import { areTextsClosed } from './reading.ts';
import type { Asked } from './search-desk.ts';
import { ensureSearchIndex } from './search-index.ts';

/** A hit without the text of its message: reading that is a deliberate act, by its pointer. */
export interface HitView {
  readonly pointer: string;
  readonly kind: Hit['document']['kind'];
  readonly selector: string | null;
  readonly service: string | null;
  readonly account: string | null;
  readonly handle: string | null;
  readonly person: string | null;
  readonly channel: string | null;
  readonly time: number | null;
  readonly time_text: string | null;
  readonly time_zone: string | null;
  readonly where: readonly Where[];
  readonly matched: readonly string[];
  readonly shown: string | null;
  readonly body_bytes: number | null;
  readonly times: number;
  readonly score: number;
}

export interface SearchView {
  readonly query: string;
  readonly understood: readonly Understood[];
  readonly filters: readonly Filter[];
  readonly order: Answer['order'];
  readonly note: string | null;
  /** Hits that were counted; there are more where `totalIsAtLeast`. Facets add up to it. */
  readonly total: number;
  readonly totalIsAtLeast: boolean;
  readonly hits: readonly HitView[];
  readonly facets: Answer['facets'];
  /** Give it as `page` for the hits that follow; null on the last page. */
  readonly next: string | null;
  readonly index: { readonly id: string; readonly documents: number };
}

/** Records acts while somebody holds the operation; the server and the command line take their turns differently. */
export type Recorder = (act: () => void) => Promise<void>;

/** The time of what is written beside the ledger: the face's clock. */
export type Clock = () => string;

/** Runs work with an index in this process, made first where it is missing: for the command line. */
export async function withSearcher<T>(
  operation: Operation,
  onProgress: OnProgress,
  work: (asked: Asked) => Promise<T>,
): Promise<T> {
  const index = await ensureSearchIndex(operation, onProgress);
  const searcher = new Searcher(index.file);
  try {
    return await work({
      index,
      generation: null,
      answer: async <Q extends Question>(question: Q) => searcher.answer(question),
    });
  } finally {
    searcher.close();
  }
}

export interface SearchRequest {
  readonly query: string;
  readonly limit: number;
  /** `next` of the page before; empty for the first. */
  readonly page: string;
  /** Whether all hits are counted, however many; that may take seconds. */
  readonly exact: boolean;
}

/**
 * Answers a query. `engine` is that of the generation in force, or null before the first build: hits then have no
 * person. The caller records the act with `recordSearch`. Throws WaymarkError 'usage'.
 */
export async function searchFor(
  operation: Operation,
  asked: Asked,
  engine: Engine | null,
  { query, limit, page, exact }: SearchRequest,
): Promise<SearchView> {
  await tellCountries(operation, asked, engine);
  const from = page === '' ? null : placeOf(page, asked.index.id, query);
  const options = { limit, from, exact };
  const answer: Answer = await asked.answer({ kind: 'search', text: query, options });
  const { index } = asked;
  return {
    query,
    understood: answer.understood,
    filters: answer.filters,
    order: answer.order,
    note: answer.note,
    total: answer.total,
    totalIsAtLeast: answer.totalIsAtLeast,
    hits: await viewsOf(answer.hits, engine),
    facets: { ...answer.facets, exhibit: namedExhibits(operation, answer.facets.exhibit) },
    next: answer.next && pageAfter(answer.next, index.id, query),
    index: { id: index.id, documents: index.documents },
  };
}

/** Tells who answers in which country people live, once for each generation. */
export async function tellCountries(
  operation: Operation,
  asked: Asked,
  engine: Engine | null,
): Promise<void> {
  // Where people live is derived after the queue.
  if (engine === null || engine.lacks('jurisdiction')) return;
  const generation = currentGeneration(operation);
  if (asked.generation === generation) return;
  const rows = await engine.rows<{ account: string; country: string }>(countriesOfAccounts);
  const countries = new Map(rows.map(({ account, country }) => [account, country]));
  await asked.answer({ kind: 'countries', countries });
  asked.generation = generation;
}

async function viewsOf(hits: readonly Hit[], engine: Engine | null): Promise<HitView[]> {
  const accounts = hits.map(({ document }) => document.account).filter((account) => account !== null);
  const persons = await personsOf(engine, accounts);
  return hits.map(({ document, where, matched, score }) => ({
    pointer: formatPointer(document),
    kind: document.kind,
    selector: document.selector,
    service: document.service,
    account: document.account,
    handle: document.handle,
    person: document.account === null ? null : (persons.get(document.account) ?? null),
    channel: document.channel,
    time: document.time,
    time_text: document.timeText,
    time_zone: document.timeZone,
    where,
    matched,
    shown: document.shown,
    body_bytes: document.bodyBytes,
    times: document.times,
    score,
  }));
}

/** The person of each account, as the generation in force has them. */
export async function personsOf(
  engine: Engine | null,
  accounts: readonly string[],
): Promise<Map<string, string>> {
  if (engine === null || accounts.length === 0) return new Map();
  const rows = await engine.rows<{ account: string; person: string }>(personsOfAccounts, {
    accounts: [...new Set(accounts)],
  });
  return new Map(rows.map(({ account, person }) => [account, person]));
}

function namedExhibits(operation: Operation, facet: Facet): Facet {
  const paths = new Map(listExhibits(operation).map((exhibit) => [exhibit.id, exhibit.paths[0] ?? null]));
  return {
    ...facet,
    values: facet.values.map((each) => ({ ...each, label: paths.get(each.value) ?? null })),
  };
}

/** The place of the next page, good for the same query on the same index. */
function pageAfter({ score, id }: PagePlace, index: string, query: string): string {
  return Buffer.from(JSON.stringify([index, sha256Hex(query).slice(0, 8), score, id])).toString('base64url');
}

function placeOf(page: string, index: string, query: string): PagePlace {
  const wrong = (message: string) =>
    new WaymarkError('usage', message, { remedy: 'Search again from the first page.' });
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(page, 'base64url').toString());
  } catch {
    throw wrong('this is no place in a search');
  }
  const [ofIndex, ofQuery, score, id] = Array.isArray(parts) ? parts : [];
  if (typeof score !== 'number' || !Number.isSafeInteger(id)) throw wrong('this is no place in a search');
  if (ofIndex !== index) throw wrong('the evidence has changed since the page before');
  if (ofQuery !== sha256Hex(query).slice(0, 8)) throw wrong('this is a place in another search');
  return { score, id: id as number };
}

/** What was looked for, for the ledger and for the list of search terms that disclosure asks for. */
export interface SearchRun {
  readonly kind: 'search' | 'selectors' | 'saved';
  /** The query; of a list of selectors its SHA-256, since the list itself is kept by who has it. */
  readonly query: string;
  readonly hits: number;
  /** Whether there are more hits than were counted. */
  readonly hitsIsAtLeast: boolean;
  readonly index: string;
  readonly time: string;
}

/** Records that somebody searched. The ledger holds a salted digest of the query, the state database its words. */
export function recordSearch(operation: Operation, run: SearchRun): void {
  const digest = queryDigest(operation, run.query);
  const act = {
    action: 'search.run',
    objects: [],
    facts: {
      digest,
      hits: run.hits,
      ...(run.hitsIsAtLeast ? { hitsIsAtLeast: 1 } : {}),
      kind: run.kind,
      index: run.index,
    },
  };
  operation.record(act, () => {
    operation.state.run(
      `insert into search_log (kind, query, hits, hits_at_least, index_id, author, time)
       values ($kind, $query, $hits, $atLeast, $index, $author, $time)`,
      {
        kind: run.kind,
        query: run.query,
        hits: run.hits,
        atLeast: run.hitsIsAtLeast ? 1 : 0,
        index: run.index,
        time: run.time,
        author: operation.actor,
      },
    );
  });
}

export interface LoggedSearch {
  readonly sequence: number;
  readonly kind: SearchRun['kind'];
  readonly query: string;
  readonly hits: number;
  readonly hitsIsAtLeast: boolean;
  readonly index: string;
  readonly author: string;
  readonly time: string;
}

/** Everything that was searched for, in order: what a disclosure schedule lists. */
export function listSearches(operation: Operation): LoggedSearch[] {
  const rows = operation.state.all<Omit<LoggedSearch, 'hitsIsAtLeast'> & { hitsIsAtLeast: number }>(
    'select sequence, kind, query, hits, hits_at_least as hitsIsAtLeast, index_id as "index", author, time from search_log order by sequence',
  );
  return rows.map((row) => ({ ...row, hitsIsAtLeast: row.hitsIsAtLeast === 1 }));
}

/** A digest that the ledger can hold of words that it cannot. */
export function queryDigest(operation: Operation, text: string): string {
  return saltedDigest(saltOf(operation), text);
}

/** A secret of this operation: without it a digest in the ledger cannot be compared with guessed queries. */
function saltOf(operation: Operation): Buffer {
  const read = () =>
    operation.state.one<{ value: string }>("select value from setting where name = 'search-salt'");
  if (!read()) {
    operation.state.run("insert or ignore into setting (name, value) values ('search-salt', $salt)", {
      salt: randomBytes(32).toString('hex'),
    });
  }
  return Buffer.from(read()!.value, 'hex');
}

/** A piece of a message around what matched. */
export interface Snippet {
  readonly pointer: string;
  readonly text: string;
}

/** Characters shown on either side of what matched. */
const aroundCharacters = 100;

/**
 * The words around what matched in the messages among these hits, and the record that they were shown: one act
 * `source.reveal` for each. Recorded before anything is returned.
 */
export async function revealHits(
  operation: Operation,
  engine: Engine,
  hits: readonly HitView[],
  record: Recorder,
): Promise<Snippet[]> {
  if (areTextsClosed(operation)) {
    throw new WaymarkError('denied', 'this operation asks for more before a text is opened', {
      remedy: 'Open each by "source" with its reason or second person.',
    });
  }
  const snippets: Snippet[] = [];
  for (const { pointer, kind, matched } of hits) {
    if (kind !== 'message') continue;
    const { exhibit, path, offset, length } = parsePointer(pointer);
    const place = { exhibit, path, offset, length };
    const [row] = await engine.rows<{
      subject: string | null;
      body: string | null;
      body_format: string | null;
    }>(messageText, place);
    const facts = { offset: place.offset, length: place.length };
    await record(() => operation.record({ action: 'source.reveal', objects: [place.exhibit], facts }));
    const text = [row?.subject, row?.body && readableText(row.body, row.body_format)]
      .filter((part) => part)
      .join(' / ');
    snippets.push({ pointer, text: cutAround(text, matched) });
  }
  return snippets;
}

/** The text around the first word that one of the matched terms stands for. */
function cutAround(text: string, matched: readonly string[]): string {
  const wanted = new Set(matched.flatMap((term) => tokensOf(term.replace(/ \(transliterated\)$/, ''))));
  const starts = matched.filter((term) => term.endsWith('*')).map((term) => tokensOf(term).at(-1)!);
  let at = 0;
  for (const word of text.matchAll(/[^\s]+/gu)) {
    const tokens = tokensOf(word[0]);
    if (tokens.some((token) => wanted.has(token) || starts.some((start) => token.startsWith(start)))) {
      at = word.index;
      break;
    }
  }
  const from = Math.max(0, at - aroundCharacters);
  const to = Math.min(text.length, at + aroundCharacters);
  const cut = text.slice(from, to).toWellFormed().replace(/\s+/g, ' ');
  return `${from > 0 ? '…' : ''}${cut}${to < text.length ? '…' : ''}`;
}
