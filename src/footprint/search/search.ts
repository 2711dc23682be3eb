import { WaymarkError } from '../../base/errors.ts';
import type {
  CodedField,
  Column,
  Found,
  Match,
  PagePlace,
  Scope,
  SearchIndex,
  StoredDocument,
} from '../../store/search-index.ts';
import { nearTerms } from './fuzzy.ts';
import { keysToFind } from './names.ts';
import { type Filter, microsOf, parseQuery, type Query, type Sought, type Tree } from './query.ts';

/** Terms that a misspelling may stand for; those further away are counted. */
const mostNearTerms = 100;
/** Values of a facet that are listed; the rest is counted. */
const mostFacetValues = 60;

export interface Understood {
  readonly kind: Sought['kind'];
  readonly text: string;
  readonly not: boolean;
  readonly alternative: boolean;
  readonly terms: readonly {
    readonly term: string;
    readonly distance: number;
    readonly documents: number;
    /** Whether more documents hold the term than were counted. */
    readonly documentsIsAtLeast: boolean;
  }[];
  /** Further terms that were not looked for. */
  readonly more: number;
}

export interface FacetValue {
  readonly value: string;
  readonly label: string | null;
  readonly count: number;
}

/** Counted hits by value: sum of `values` + `others` + `none` is the total. */
export interface Facet {
  readonly values: readonly FacetValue[];
  /** Values that are not listed, and the hits in them. */
  readonly more: number;
  readonly others: number;
  /** Hits that state none. */
  readonly none: number;
}

export const facetFields = ['kind', 'exhibit', 'service', 'channel', 'month'] as const;
export type FacetField = (typeof facetFields)[number];

export type Where = 'subject' | 'text' | 'name' | 'selector' | 'file';

export interface Hit {
  readonly document: StoredDocument;
  readonly where: readonly Where[];
  /** What of the query stands here. */
  readonly matched: readonly string[];
  /** Higher is better; 0 in the order of time. */
  readonly score: number;
}

export interface Answer {
  readonly understood: readonly Understood[];
  readonly filters: readonly Filter[];
  readonly order: Found['order'];
  readonly note: string | null;
  /** Hits that were counted; there are more where `totalIsAtLeast`. */
  readonly total: number;
  readonly totalIsAtLeast: boolean;
  readonly hits: readonly Hit[];
  readonly facets: Readonly<Record<FacetField, Facet>> & { readonly country: Facet | null };
  readonly next: PagePlace | null;
}

export interface SearchOptions {
  readonly limit: number;
  readonly from: PagePlace | null;
  /** Whether all hits are counted, however many. */
  readonly exact: boolean;
  /** Country of each account where it is known; null where this generation has none. */
  readonly countries: ReadonlyMap<string, string> | null;
}

/** Answers a query. Throws WaymarkError 'usage' for one that is not understood. */
export function search(index: SearchIndex, text: string, options: SearchOptions): Answer {
  const query = parseQuery(text);
  const notes: string[] = [];
  const scope = scopeOf(index, query.filters, options.countries, notes);
  const places = columnsOf(query.filters);
  const near = new Map<Sought, Near>();
  for (const sought of query.sought) if (sought.kind === 'fuzzy') near.set(sought, nearOf(index, sought));
  const match = query.tree && matchOf(query.tree, places, near);
  const found: Found =
    match === 'nothing'
      ? index.search(null, nothing, options.limit, null)
      : index.search(match, scope, options.limit, options.from, options.exact);
  if (found.order === 'time' && match !== null && found.total > 0)
    notes.push('too many hits to weigh: they stand in the order of time');
  if (found.totalIsAtLeast)
    notes.push(
      `counted up to ${found.total}: what stands beside the hits by kind, month and so on is of the first ${found.total} in time`,
    );
  const ids = found.hits.map(({ id }) => id);
  return {
    understood: query.sought.map((sought) => understoodAs(index, sought, near.get(sought))),
    filters: query.filters,
    order: found.order,
    note: notes.length > 0 ? notes.join('; ') : null,
    total: found.total,
    totalIsAtLeast: found.totalIsAtLeast,
    hits: whereMatched(index, query, near, places, ids).map((hit, i) => ({
      ...hit,
      score: -found.hits[i]!.score || 0,
    })),
    facets: facetsOf(index, found, options.countries),
    next: found.next,
  };
}

/** Hits by exhibit, without a page. */
export function countByExhibit(
  index: SearchIndex,
  text: string,
  countries: ReadonlyMap<string, string> | null,
): Map<string, number> {
  const query = parseQuery(text);
  const near = new Map<Sought, Near>();
  for (const sought of query.sought) if (sought.kind === 'fuzzy') near.set(sought, nearOf(index, sought));
  const match = query.tree && matchOf(query.tree, columnsOf(query.filters), near);
  if (match === 'nothing') return new Map();
  const { counts } = index.search(match, scopeOf(index, query.filters, countries, []), 1, null, true);
  const exhibits = index.valuesOf('exhibit');
  return new Map([...counts.exhibit].map(([code, count]) => [exhibits.get(code)!.value, count]));
}

interface Near {
  readonly terms: readonly { readonly term: string; readonly distance: number }[];
  readonly more: number;
}

function nearOf(index: SearchIndex, sought: Sought): Near {
  const all = nearTerms(sought.tokens[0]!, sought.distance, (length) => index.termsOfLength(length));
  return { terms: all.slice(0, mostNearTerms), more: Math.max(0, all.length - mostNearTerms) };
}

function understoodAs(index: SearchIndex, sought: Sought, near: Near | undefined): Understood {
  const { kind, text, not, alternative } = sought;
  const columns = allColumns;
  const counted = (term: string, distance: number, tokens: readonly string[], open: boolean) => {
    const { documents, isAtLeast } = index.count({ kind: 'phrase', tokens, open, columns });
    return { term, distance, documents, documentsIsAtLeast: isAtLeast };
  };
  const terms = near
    ? near.terms.map(({ term, distance }) => counted(term, distance, [term], false))
    : [counted(sought.tokens.join(' ') + (sought.open ? '*' : ''), 0, sought.tokens, sought.open)];
  return { kind, text, not, alternative, terms, more: near?.more ?? 0 };
}

interface Columns {
  readonly tokens: readonly Column[];
  /** Whether names in other scripts are looked for. */
  readonly keys: boolean;
}

const columnsOfPlace: Readonly<Record<string, readonly Column[]>> = {
  subject: ['subject'],
  text: ['text'],
  message: ['subject', 'text'],
  name: ['label'],
  selector: ['label'],
  file: ['label'],
};
const allColumns: readonly Column[] = ['subject', 'text', 'label'];

/** Where to look; which kinds of document that means stands in the scope. */
function columnsOf(filters: readonly Filter[]): Columns {
  const places = filters.filter(({ field }) => field === 'in');
  const asked = places.filter(({ not }) => !not).flatMap(({ value }) => columnsOfPlace[value]!);
  const left = places
    .filter(({ not, value }) => not && columnsOfPlace[value]![0] !== 'label')
    .flatMap(({ value }) => columnsOfPlace[value]!);
  const tokens = allColumns.filter(
    (column) => (asked.length === 0 || asked.includes(column)) && !left.includes(column),
  );
  if (tokens.length === 0)
    throw new WaymarkError('usage', 'the query is not understood: in: leaves no place to look');
  return { tokens, keys: tokens.includes('label') };
}

/** A match that can find nothing. */
type Nothing = 'nothing';
const nothing: Scope = { codes: new Map([['kind', new Set()]]), after: null, before: null };

function matchOf(tree: Tree, columns: Columns, near: ReadonlyMap<Sought, Near>): Match | Nothing {
  if (tree.kind === 'sought') return matchOfSought(tree.sought, columns, near.get(tree.sought));
  const of = tree.of.map((each) => matchOf(each, columns, near));
  const real = of.filter((each): each is Match => each !== 'nothing');
  if (tree.kind === 'any') return real.length === 0 ? 'nothing' : grouped('any', real);
  if (real.length < of.length) return 'nothing';
  const not = tree.not
    .map((each) => matchOf(each, columns, near))
    .filter((each): each is Match => each !== 'nothing');
  const match = grouped('all', real);
  return not.length === 0 ? match : { kind: 'without', match, not: grouped('any', not) };
}

function grouped(kind: 'all' | 'any', of: readonly Match[]): Match {
  return of.length === 1 ? of[0]! : { kind, of };
}

function matchOfSought(sought: Sought, columns: Columns, near: Near | undefined): Match | Nothing {
  if (near) {
    const of = near.terms.map(({ term }): Match => phrase([term], false, columns.tokens));
    return of.length === 0 ? 'nothing' : grouped('any', of);
  }
  const plain = phrase(sought.tokens, sought.open, columns.tokens);
  const keys = keyMatch(sought, columns);
  return keys === null ? plain : { kind: 'any', of: [plain, keys] };
}

/** Names in other scripts that sound like a word. What is to be left out is left out as it is written only. */
function keyMatch(sought: Sought, columns: Columns): Match | null {
  if (sought.kind !== 'word' || sought.not || !columns.keys) return null;
  const keys = keysToFind(sought.text);
  return keys.length === 0
    ? null
    : grouped(
        'any',
        keys.map((key) => phrase([key], false, ['key'])),
      );
}

function phrase(tokens: readonly string[], open: boolean, columns: readonly Column[]): Match {
  return { kind: 'phrase', tokens, open, columns };
}

/** What the fields let through. A value that nothing has lets nothing through, and is named in `notes`. */
function scopeOf(
  index: SearchIndex,
  filters: readonly Filter[],
  countries: ReadonlyMap<string, string> | null,
  notes: string[],
): Scope {
  const codes = new Map<CodedField, Set<number>>();
  const restrict = (field: CodedField, allowed: Set<number>) => {
    const before = codes.get(field);
    codes.set(field, before ? new Set([...before].filter((code) => allowed.has(code))) : allowed);
  };
  const groups = new Map<string, Filter[]>();
  for (const filter of filters) {
    const key = `${filter.field} ${filter.not}`;
    groups.set(key, [...(groups.get(key) ?? []), filter]);
  }
  let after: number | null = null;
  let before: number | null = null;
  for (const [{ field, not }, values] of [...groups.values()].map(
    (group) => [group[0]!, group.map(({ value }) => value)] as const,
  )) {
    if (field === 'after') after = microsOf(field, values[0]!);
    else if (field === 'before') before = microsOf(field, values[0]!);
    else {
      const coded = codedFieldOf(field);
      const named = new Set<number>();
      for (const value of values) {
        if (field === 'in' && not && (value === 'subject' || value === 'text')) continue;
        const matching = codesNamed(index, field, value, countries);
        if (matching.size === 0) notes.push(`nothing here has ${field}:${value}`);
        for (const code of matching) named.add(code);
      }
      restrict(coded, not ? allBut(index, coded, named) : named);
    }
  }
  return { codes, after, before };
}

function codedFieldOf(field: Filter['field']): CodedField {
  if (field === 'in' || field === 'kind') return 'kind';
  if (field === 'from' || field === 'country') return 'account';
  return field as 'channel' | 'service' | 'exhibit';
}

function allBut(index: SearchIndex, field: CodedField, named: ReadonlySet<number>): Set<number> {
  return new Set([0, ...index.valuesOf(field).keys()].filter((code) => !named.has(code)));
}

function codesNamed(
  index: SearchIndex,
  field: Filter['field'],
  value: string,
  countries: ReadonlyMap<string, string> | null,
): Set<number> {
  const wanted = value.normalize('NFKC').toLowerCase();
  const same = (text: string | null) => text !== null && text.normalize('NFKC').toLowerCase() === wanted;
  const kind = wanted === 'subject' || wanted === 'text' ? 'message' : wanted;
  if (field === 'country' && countries === null)
    throw new WaymarkError('usage', 'this generation knows no countries', {
      remedy: 'Leave country: out, or build anew.',
    });
  const is = (each: { value: string; label: string | null }): boolean => {
    switch (field) {
      case 'in':
        return each.value === kind;
      case 'from':
        return same(each.value) || same(each.value.slice(each.value.indexOf('/') + 1)) || same(each.label);
      case 'exhibit':
        return each.value.startsWith(wanted);
      case 'country':
        return same(countries!.get(each.value) ?? 'unknown');
      default:
        return same(each.value);
    }
  };
  return new Set(
    [...index.valuesOf(codedFieldOf(field))].filter(([, each]) => is(each)).map(([code]) => code),
  );
}

function facetsOf(
  index: SearchIndex,
  found: Found,
  countries: ReadonlyMap<string, string> | null,
): Answer['facets'] {
  const facets = Object.fromEntries(
    facetFields.map((field) => {
      const values = index.valuesOf(field);
      const named = [...found.counts[field]]
        .filter(([code]) => code !== 0)
        .map(([code, count]) => ({ value: values.get(code)!.value, label: null, count }));
      return [field, facet(named, found.counts[field].get(0) ?? 0, field === 'month')];
    }),
  ) as Record<FacetField, Facet>;
  return { ...facets, country: countries && countryFacet(index, found, countries) };
}

function countryFacet(index: SearchIndex, found: Found, countries: ReadonlyMap<string, string>): Facet {
  const accounts = index.valuesOf('account');
  const counts = new Map<string, number>();
  let none = 0;
  for (const [code, count] of found.counts.account) {
    const country = code === 0 ? undefined : countries.get(accounts.get(code)!.value);
    if (country === undefined) none += count;
    else counts.set(country, (counts.get(country) ?? 0) + count);
  }
  return facet(
    [...counts].map(([value, count]) => ({ value, label: null, count })),
    none,
    false,
  );
}

function facet(values: FacetValue[], none: number, byValue: boolean): Facet {
  const inOrder = (a: FacetValue, b: FacetValue) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0);
  values.sort((a, b) => b.count - a.count || inOrder(a, b));
  const listed = values.slice(0, mostFacetValues);
  const left = values.slice(mostFacetValues);
  if (byValue) listed.sort(inOrder);
  return {
    values: listed,
    more: left.length,
    others: left.reduce((sum, { count }) => sum + count, 0),
    none,
  };
}

/** What of the query stands in each of these documents, and where. */
function whereMatched(
  index: SearchIndex,
  query: Query,
  near: ReadonlyMap<Sought, Near>,
  columns: Columns,
  ids: readonly number[],
): Omit<Hit, 'score'>[] {
  const documents = index.read(ids);
  const where = new Map(ids.map((id) => [id, new Set<Column>()]));
  const matched = new Map(ids.map((id) => [id, new Set<string>()]));
  /** Notes where the match of some columns stands, and what it stands for. */
  const tell = (inColumns: (asked: readonly Column[]) => Match, words: string, all: readonly Column[]) => {
    for (const column of all) {
      const holding = documents.filter(({ kind }) => (kind === 'message') === isOfMessages(column));
      for (const id of index.among(
        inColumns([column]),
        holding.map((document) => document.id),
      )) {
        matched.get(id)!.add(words);
        where.get(id)!.add(column);
      }
    }
  };
  for (const sought of query.sought.filter(({ not }) => !not)) {
    const fuzzy = near.get(sought);
    if (fuzzy) {
      for (const { term } of fuzzy.terms) tell((asked) => phrase([term], false, asked), term, columns.tokens);
    } else tell((asked) => phrase(sought.tokens, sought.open, asked), wordsOf(sought), columns.tokens);
    const keys = keyMatch(sought, columns);
    if (keys !== null) tell(() => keys, `${sought.tokens[0]} (transliterated)`, ['key']);
  }
  return documents.map((document) => ({
    document,
    where: placesOf(document, where.get(document.id)!),
    matched: [...matched.get(document.id)!],
  }));
}

function isOfMessages(column: Column): boolean {
  return column === 'subject' || column === 'text';
}

function wordsOf({ kind, tokens, open }: Sought): string {
  const words = tokens.join(' ') + (open ? '*' : '');
  return kind === 'phrase' ? `"${words}"` : words;
}

function placesOf({ kind }: StoredDocument, columns: ReadonlySet<Column>): Where[] {
  if (kind !== 'message') return columns.size > 0 ? [kind] : [];
  return (['subject', 'text'] as const).filter((column) => columns.has(column));
}
