import * as fs from 'node:fs';
import type { Command } from 'commander';
import { WaymarkError } from '../../base/errors.ts';
import type { Engine } from '../../store/engine.ts';
import type { Operation } from '../../store/operation.ts';
import { generationInForce } from '../../workbench/overview.ts';
import {
  listSavedSearches,
  markSearchSeen,
  removeSavedSearch,
  saveSearch,
} from '../../workbench/saved-searches.ts';
import {
  type HitView,
  listSearches,
  recordSearch,
  revealHits,
  type SearchView,
  type Snippet,
  searchFor,
  tellCountries,
  withSearcher,
} from '../../workbench/search.ts';
import type { Asked } from '../../workbench/search-desk.ts';
import { ensureSearchIndex } from '../../workbench/search-index.ts';
import { listDigest, type SelectorListView, searchSelectors } from '../../workbench/search-selectors.ts';
import { exitCode, safeText, table } from '../terminal.ts';
import {
  count,
  isoOf,
  type Options,
  print,
  verb,
  withGeneration,
  withOperation,
  withProgress,
} from '../verb.ts';

/** Words in messages, names, selectors and file names; lists of selectors; searches that are kept. */
export function addSearchVerbs(program: Command): void {
  const search = program
    .command('search')
    .description('messages, subjects, names, selectors and file names by their words');
  verb(search, 'find', 'look for words; see "Search" in docs/footprint.md', { isDefault: true })
    .argument(
      '<query...>',
      'words, "phrases", start*, misspeling~, OR, -not, field:value; best in one pair of quotes',
    )
    .option('--limit <n>', 'hits on a page', count, 20)
    .option('--page <key>', 'the page behind this key')
    .option('--exact', 'count all hits, however many; may take seconds')
    .option('--reveal', 'print the words around what matched; recorded for each message')
    .action(withOperation(false, find));
  verb(search, 'index', 'make the search index now').action(withOperation(false, index));
  verb(search, 'selectors', 'look up a list of selectors: one per line, or CSV with value and kind')
    .argument('<file>')
    .action(withOperation(false, selectors));
  verb(search, 'save', 'keep a query under a name')
    .argument('<name>')
    .argument('<query...>')
    .action(withOperation(false, save));
  verb(search, 'saved', 'kept searches, and what is new since they were marked seen').action(
    withOperation(false, saved),
  );
  verb(search, 'seen', 'mark the hits of a kept search as seen')
    .argument('<name>')
    .action(withOperation(false, seen));
  verb(search, 'remove', 'forget a kept search').argument('<name>').action(withOperation(false, remove));
  verb(search, 'log', 'everything that was searched for, as disclosure asks for it').action(
    withOperation(false, log),
  );
}

const now = () => new Date().toISOString();

/** Runs work with an index, and with the generation in force where there is one. */
function withSearch<T>(
  operation: Operation,
  work: (asked: Asked, engine: Engine | null) => Promise<T>,
): Promise<T> {
  return withProgress((onProgress) =>
    withSearcher(operation, onProgress, (asked) =>
      generationInForce(operation) === null
        ? work(asked, null)
        : withGeneration(operation, async (engine) => {
            await tellCountries(operation, asked, engine);
            return work(asked, engine);
          }),
    ),
  );
}

const recorder = (operation: Operation) => (act: () => void) => operation.exclusively(async () => act());

async function find(operation: Operation, options: Options, words: string[]): Promise<undefined> {
  const query = words.join(' ');
  const page = (options.page as string | undefined) ?? '';
  const { view, snippets } = await withSearch(operation, async (asked, engine) => {
    const exact = options.exact === true;
    const request = { query, limit: options.limit as number, page, exact };
    const view = await searchFor(operation, asked, engine, request);
    const record = recorder(operation);
    if (page === '') {
      const run = {
        kind: 'search' as const,
        query,
        hits: view.total,
        hitsIsAtLeast: view.totalIsAtLeast,
        index: view.index.id,
        time: now(),
      };
      await record(() => recordSearch(operation, run));
    }
    if (options.reveal !== true) return { view, snippets: null };
    if (engine === null)
      throw new WaymarkError('not-found', 'nothing has been built yet', { remedy: 'Run "build".' });
    return { view, snippets: await revealHits(operation, engine, view.hits, record) };
  });
  print(options, snippets === null ? view : { ...view, snippets }, () => searchText(view, snippets));
}

function searchText(view: SearchView, snippets: readonly Snippet[] | null): string {
  const texts = new Map(snippets?.map(({ pointer, text }) => [pointer, text]));
  const parts = [
    ...view.understood.filter(({ kind }) => kind === 'fuzzy').map(fuzzyText),
    view.total === 0
      ? 'No hits.'
      : `${view.totalIsAtLeast ? `More than ${view.total} hits (--exact counts all)` : `${view.total} hits`}${view.order === 'time' ? ', in the order of time' : ', the most telling first'}`,
    ...(view.note === null ? [] : [safeText(view.note)]),
    ...(view.hits.length === 0 ? [] : [hitTable(view.hits)]),
    ...(snippets === null
      ? []
      : view.hits
          .filter(({ pointer }) => texts.has(pointer))
          .map(({ pointer }) => `${safeText(pointer)}\n    ${safeText(texts.get(pointer)!)}`)),
    ...facetLines(view.facets),
    ...(view.next === null ? [] : [`More: --page ${view.next}`]),
  ];
  return parts.join('\n');
}

function fuzzyText({ text, terms, more }: SearchView['understood'][number]): string {
  const listed = terms
    .map(
      ({ term, documents, documentsIsAtLeast }) =>
        `${safeText(term)} (${documentsIsAtLeast ? `more than ${documents}` : documents})`,
    )
    .join(', ');
  return `${safeText(text)} stands for: ${listed || 'nothing'}${more > 0 ? `, and ${more} more that were not looked for` : ''}`;
}

function hitTable(hits: readonly HitView[]): string {
  return table(
    ['what', 'account', 'handle', 'person', 'time (UTC)', 'as written', 'in', 'matched', 'bytes', 'source'],
    hits.map((hit) => [
      hit.kind === 'message' ? (hit.channel ?? 'message') : `${hit.selector ?? hit.kind}: ${hit.shown}`,
      hit.account ?? '',
      hit.handle ?? '',
      hit.person ?? '',
      isoOf(hit.time),
      [hit.time_text, hit.time_zone].filter((part) => part !== null).join(' '),
      hit.where.join(', '),
      hit.matched.join(', '),
      hit.body_bytes === null ? '' : String(hit.body_bytes),
      hit.pointer,
    ]),
    90,
  );
}

const shownValues = 8;

function facetLines(facets: SearchView['facets']): string[] {
  return Object.entries(facets).flatMap(([name, facet]) => {
    if (facet === null || facet.values.length === 0) return [];
    const shown = facet.values.slice(0, shownValues);
    const left = facet.values.length - shown.length + facet.more;
    const values = shown.map(({ value, label, count }) => `${safeText(label ?? value)} ${count}`);
    if (left > 0) values.push(`${left} more`);
    if (facet.none > 0) values.push(`not stated ${facet.none}`);
    return [`${name}: ${values.join(', ')}`];
  });
}

async function index(operation: Operation, options: Options): Promise<undefined> {
  const { id, documents } = await withProgress((onProgress) => ensureSearchIndex(operation, onProgress));
  print(options, { index: id, documents }, () => `The search index ${id} holds ${documents} documents.`);
}

async function selectors(operation: Operation, options: Options, file: string): Promise<number | undefined> {
  const text = readList(file);
  const view = await withSearch(operation, async (asked, engine) => {
    if (engine === null)
      throw new WaymarkError('not-found', 'nothing has been built yet', { remedy: 'Run "build".' });
    const found = await searchSelectors(asked, engine, text);
    const run = {
      kind: 'selectors' as const,
      query: listDigest(text),
      hits: found.withHits,
      hitsIsAtLeast: false,
      index: asked.index.id,
      time: now(),
    };
    await recorder(operation)(() => recordSearch(operation, run));
    return found;
  });
  print(options, view, () => selectorsText(view));
  return undefined;
}

function readList(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw new WaymarkError('usage', 'the list cannot be read', {
      where: file,
      remedy: 'Name a text file.',
      cause,
    });
  }
}

function selectorsText(view: SelectorListView): string {
  const counts = `${view.lines} lines = ${view.withHits} with hits + ${view.withoutHits} without + ${view.notUnderstood} not understood + ${view.duplicates} said before + ${view.blank} blank or heading`;
  const found = view.found.flatMap((each) => [
    [
      String(each.line),
      each.given,
      String(each.hits),
      each.byKind.map(({ where, selector, hits }) => `${selector ?? ''} ${where} ${hits}`.trim()).join(', '),
      '',
      '',
    ],
    ...each.accounts.map((row) => [
      '',
      '',
      String(row.hits),
      `${row.selector ?? ''} ${row.where}`.trim(),
      [row.account ?? 'no account', row.person].filter((part) => part !== null).join(' '),
      row.pointer,
    ]),
    ...(each.more > 0 ? [['', '', '', `${each.more} more accounts`, '', '']] : []),
  ]);
  return [
    counts,
    ...(found.length > 0
      ? [table(['line', 'selector', 'hits', 'where', 'account', 'source'], found, 90)]
      : []),
    ...(view.missed.length > 0
      ? [`without hits: ${view.missed.map(({ given }) => safeText(given)).join(', ')}`]
      : []),
    ...view.rejected.map(
      ({ line, given, reason }) => `line ${line} not understood: ${safeText(given)} (${reason})`,
    ),
  ].join('\n');
}

async function save(
  operation: Operation,
  options: Options,
  name: string,
  words: string[],
): Promise<undefined> {
  await operation.exclusively(async () => saveSearch(operation, name, words.join(' '), now()));
  print(options, { saved: true }, () => 'Kept. "search saved" shows what is new in it.');
}

async function saved(operation: Operation, options: Options): Promise<undefined> {
  const searches = await withSearch(operation, (asked) => listSavedSearches(operation, asked));
  print(options, { searches }, () =>
    searches.length === 0
      ? 'No searches are kept.'
      : table(
          ['name', 'query', 'hits', 'new', 'new by exhibit', 'fell', 'seen'],
          searches.map((each) => [
            each.name,
            each.query,
            String(each.total ?? ''),
            String(each.new ?? ''),
            each.error ??
              each.newByExhibit.map(({ exhibit, path, hits }) => `${path ?? exhibit} ${hits}`).join(', '),
            String(each.gone ?? ''),
            each.seen ?? 'never',
          ]),
        ),
  );
}

async function seen(operation: Operation, options: Options, name: string): Promise<undefined> {
  await withSearch(operation, (asked) => markSearchSeen(operation, asked, name, now(), recorder(operation)));
  print(options, { seen: true }, () => 'Marked as seen.');
}

async function remove(operation: Operation, options: Options, name: string): Promise<undefined> {
  await operation.exclusively(async () => removeSavedSearch(operation, name));
  print(options, { removed: true }, () => 'Forgotten.');
}

async function log(operation: Operation, options: Options): Promise<number> {
  const searches = listSearches(operation);
  print(options, { searches }, () =>
    table(
      ['#', 'time', 'actor', 'kind', 'hits', 'looked for'],
      searches.map((each) => [
        String(each.sequence),
        each.time,
        each.author,
        each.kind,
        each.hitsIsAtLeast ? `more than ${each.hits}` : String(each.hits),
        each.query,
      ]),
      200,
    ),
  );
  return exitCode.done;
}
