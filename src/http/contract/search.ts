import { z } from '@hono/zod-openapi';
import { fields } from '../../footprint/search/query.ts';
import { documentKinds } from '../../store/search-index.ts';
import { type Endpoint, whole } from './endpoint.ts';
import { evidence, list, micros, stamp } from './fields.ts';
import { noteSchema } from './notes.ts';

const facet = z
  .object({
    values: list(z.object({ value: evidence, label: evidence.nullable(), count: z.number() })),
    more: z.number().openapi({ description: 'values that are not listed' }),
    others: z.number().openapi({ description: 'hits in values that are not listed' }),
    none: z.number().openapi({ description: 'hits that state none; all counts add up to the total' }),
  })
  .openapi('Facet');

const hit = z.object({
  pointer: evidence,
  kind: z.enum(documentKinds),
  selector: z
    .string()
    .nullable()
    .openapi({ description: 'kind of a name or selector: email, ip, handle ...' }),
  service: evidence.nullable(),
  account: evidence.nullable(),
  handle: evidence.nullable(),
  person: z.string().nullable(),
  channel: evidence.nullable(),
  ...stamp,
  where: list(z.enum(['subject', 'text', 'name', 'selector', 'file'])),
  matched: list(evidence).openapi({ description: 'what of the query stands here, as terms' }),
  shown: evidence.nullable().openapi({ description: 'the name, selector or file name; null for messages' }),
  body_bytes: z
    .number()
    .nullable()
    .openapi({ description: 'of a message, whose text is read by its pointer, as an act of its own' }),
  times: z.number().openapi({ description: 'how often this name, selector or file was seen' }),
  score: z.number(),
  notes: list(noteSchema),
});

export const searchSchema = z
  .object({
    query: z.string(),
    understood: list(
      z.object({
        kind: z.enum(['word', 'phrase', 'prefix', 'fuzzy']),
        text: evidence,
        not: z.boolean(),
        alternative: z.boolean(),
        terms: list(
          z.object({
            term: evidence,
            distance: z.number(),
            documents: z.number(),
            documentsIsAtLeast: z.boolean(),
          }),
        ),
        more: z.number().openapi({ description: 'further terms that were not looked for' }),
      }),
    ),
    filters: list(z.object({ field: z.enum(fields), value: evidence, not: z.boolean() })),
    order: z.enum(['relevance', 'time']),
    note: z.string().nullable(),
    total: z.number().openapi({ description: 'hits that were counted: the first in time' }),
    totalIsAtLeast: z
      .boolean()
      .openapi({ description: 'there are more hits than were counted; ask with exact=yes for all' }),
    hits: list(hit),
    facets: z.object({
      kind: facet,
      exhibit: facet,
      service: facet,
      channel: facet,
      month: facet,
      country: facet.nullable(),
    }),
    next: z.string().nullable(),
    index: z.object({ id: z.string(), documents: z.number() }),
  })
  .openapi('Search');

export const searchIndexSchema = z
  .object({
    state: z.enum(['missing', 'building', 'ready', 'failed']),
    stage: z.string().nullable(),
    done: z.number(),
    total: z.number().nullable(),
    documents: z.number().nullable(),
    error: z.string().nullable(),
  })
  .openapi('SearchIndex');

const listed = { line: z.number(), given: z.string(), kinds: list(z.string()), canonical: z.string() };

export const selectorsSchema = z
  .object({
    lines: z.number().openapi({ description: 'blank + duplicates + notUnderstood + withHits + withoutHits' }),
    blank: z.number(),
    duplicates: z.number(),
    notUnderstood: z.number(),
    withHits: z.number(),
    withoutHits: z.number(),
    found: list(
      z.object({
        ...listed,
        hits: z.number(),
        byKind: list(z.object({ where: z.string(), selector: z.string().nullable(), hits: z.number() })),
        accounts: list(
          z.object({
            account: evidence.nullable(),
            handle: evidence.nullable(),
            person: z.string().nullable(),
            where: z.string(),
            selector: z.string().nullable(),
            hits: z.number(),
            first_time: micros,
            last_time: micros,
            pointer: evidence,
          }),
        ),
        more: z.number(),
      }),
    ),
    missed: list(z.object(listed)),
    rejected: list(z.object({ line: z.number(), given: z.string(), reason: z.string() })),
  })
  .openapi('SelectorList');

export const savedSearchesSchema = z
  .object({
    searches: list(
      z.object({
        name: evidence,
        query: evidence,
        author: evidence,
        time: z.string(),
        seen: z.string().nullable(),
        total: z.number().nullable(),
        new: z.number().nullable(),
        newByExhibit: list(z.object({ exhibit: z.string(), path: evidence.nullable(), hits: z.number() })),
        gone: z.number().nullable(),
        error: evidence.nullable(),
      }),
    ),
    index: z.enum(['ready', 'building']),
  })
  .openapi('SavedSearches');

const named = z.strictObject({ name: z.string().min(1).max(100) });

export const searchEndpoints = {
  search: {
    method: 'get',
    path: '/api/search',
    summary: 'Messages, names, selectors and file names by their words; recorded with its first page',
    action: 'search.run',
    on: { kind: 'operation' },
    query: z.strictObject({
      q: z.string().min(1).max(2000),
      limit: whole(1, 200, 50),
      page: z.string().max(400).default(''),
      exact: z
        .enum(['yes', 'no'])
        .default('no')
        .openapi({ description: 'yes: all hits are counted, however many; that may take seconds' }),
    }),
    status: 200,
    gives: searchSchema,
  },
  showSearchIndex: {
    method: 'get',
    path: '/api/search/index',
    summary: 'How far the search index is; asking starts it where it is missing',
    action: 'search.status',
    on: { kind: 'operation' },
    status: 200,
    gives: searchIndexSchema,
  },
  searchSelectors: {
    method: 'post',
    path: '/api/search/selectors',
    summary: 'Looks up a list of selectors, one per line or CSV, in one pass; recorded',
    action: 'search.selectors',
    on: { kind: 'operation' },
    body: z.strictObject({ text: z.string().min(1).max(4_000_000) }),
    maxBodyBytes: 4 * 1024 * 1024,
    status: 200,
    gives: selectorsSchema,
  },
  listSavedSearches: {
    method: 'get',
    path: '/api/searches',
    summary: 'Saved searches with what is new since they were marked seen',
    action: 'search.saved',
    on: { kind: 'operation' },
    status: 200,
    gives: savedSearchesSchema,
  },
  saveSearch: {
    method: 'post',
    path: '/api/searches',
    summary: 'Keeps a query under a name; recorded',
    action: 'search.save',
    on: { kind: 'operation' },
    body: z.strictObject({ name: z.string().min(1).max(100), query: z.string().min(1).max(2000) }),
    status: 200,
    gives: z.object({ saved: z.literal(true) }).openapi('SearchSaved'),
  },
  markSearchSeen: {
    method: 'post',
    path: '/api/searches/seen',
    summary: 'Marks the hits of a saved search as seen; recorded',
    action: 'search.seen',
    on: { kind: 'operation' },
    body: named,
    status: 200,
    gives: z.object({ seen: z.literal(true) }).openapi('SearchSeen'),
  },
  removeSavedSearch: {
    method: 'post',
    path: '/api/searches/remove',
    summary: 'Forgets a saved search; recorded',
    action: 'search.remove',
    on: { kind: 'operation' },
    body: named,
    status: 200,
    gives: z.object({ removed: z.literal(true) }).openapi('SearchRemoved'),
  },
} as const satisfies Record<string, Endpoint>;
