import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { WaymarkError } from '../base/errors.ts';

/**
 * The search index: one SQLite file with the tokens of every message, name, selector and file name (FTS5 without
 * content), where each stands, and columns of codes for counting. It is derived and disposable: it holds no text of
 * messages, and is made anew wherever it is missing. This file alone opens it.
 *
 * Documents are numbered from 1 in the order in which they are added, which must be that of their times (those
 * without a time last): a number is then also a place in time.
 *
 * Chosen by measurement (bench/search.ts): `detail=full`, which phrases need; sizes of documents are kept, which
 * bm25 needs; no prefix index, which would double the time of building.
 */

export const documentKinds = ['message', 'name', 'selector', 'file'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** Changes with the layout of the file. */
export const searchIndexVersion = 1;

export interface SearchDocument {
  readonly kind: DocumentKind;
  /** email, ip, handle ... of names and selectors. */
  readonly selector: string | null;
  readonly exhibit: string;
  readonly path: string;
  readonly offset: number;
  readonly length: number;
  readonly service: string | null;
  readonly account: string | null;
  readonly channel: string | null;
  readonly time: number | null;
  readonly timeText: string | null;
  readonly timeZone: string | null;
  /** Texts as the tokenizer gives them: split at ASCII that is neither letter nor digit, and nowhere else. */
  readonly subjectTokens: string;
  readonly textTokens: string;
  /** Of a name, selector or file name. */
  readonly labelTokens: string;
  /** Comparison keys of a name. */
  readonly keys: string;
  /** The name, selector or file name itself; null for messages. */
  readonly shown: string | null;
  readonly bodyBytes: number | null;
  /** How often it was seen. */
  readonly times: number;
}

/**
 * Columns of tokens: of messages subject and text, of all else its label. `key` holds comparison keys only, and
 * nothing but keys is looked for in it.
 */
export type Column = 'subject' | 'text' | 'label' | 'key';

/** What to look for. */
export type Match =
  | {
      readonly kind: 'phrase';
      readonly tokens: readonly string[];
      /** Whether the last token is the start of one. */
      readonly open: boolean;
      readonly columns: readonly Column[];
    }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Match[] }
  | { readonly kind: 'without'; readonly match: Match; readonly not: Match };

/** What is counted and filtered by; each document has one code of each, 0 for "not stated". */
export const codedFields = ['kind', 'exhibit', 'service', 'channel', 'month', 'account'] as const;
export type CodedField = (typeof codedFields)[number];

/** Which documents count at all. */
export interface Scope {
  /** Codes that are let through, by field; a field that is not named lets all through. */
  readonly codes: ReadonlyMap<CodedField, ReadonlySet<number>>;
  /** UTC microseconds: from `after` on, and before `before`. Documents without a time are then left out. */
  readonly after: number | null;
  readonly before: number | null;
}

export const everything: Scope = { codes: new Map(), after: null, before: null };

export interface Found {
  /** Documents that match, as far as they were counted. */
  readonly total: number;
  /** Whether more match than were counted. */
  readonly totalIsAtLeast: boolean;
  /** Those counted, by code, for each field. */
  readonly counts: Readonly<Record<CodedField, ReadonlyMap<number, number>>>;
  readonly order: 'relevance' | 'time';
  /** One page of hits in order. */
  readonly hits: readonly { readonly id: number; readonly score: number }[];
  /** Where the next page begins; null on the last one. */
  readonly next: PagePlace | null;
}

/** The last hit of the page before. */
export interface PagePlace {
  readonly score: number;
  readonly id: number;
}

export interface StoredDocument {
  readonly id: number;
  readonly exhibit: string;
  readonly path: string;
  readonly offset: number;
  readonly length: number;
  readonly kind: DocumentKind;
  readonly selector: string | null;
  readonly service: string | null;
  readonly account: string | null;
  readonly handle: string | null;
  readonly channel: string | null;
  readonly time: number | null;
  readonly timeText: string | null;
  readonly timeZone: string | null;
  readonly shown: string | null;
  readonly bodyBytes: number | null;
  readonly times: number;
}

/**
 * Hits are counted up to here unless all are asked for: a word that stands in a third of all messages would take
 * longer to count than to find. More than this are given in the order of time: weighing them says little.
 */
export const mostCounted = 5000;

/** Up to so many documents of a match are passed by before each of the wanted ones is asked for by itself. */
const mostPassed = 20_000;

const mostKeptCounts = 1000;

/** Words in a subject count more than in a text. */
const weights = 'bm25(text_index, 2.0, 1.0, 1.0, 1.0)';

/** Characters of a term that can be looked up with edits; longer ones are ids and digests. */
const longestSpelled = 40;

/** Writes an index. Documents are added in the order of their times; `finish` makes it whole and durable. */
export class SearchIndexWriter {
  private readonly db: DatabaseSync;
  private readonly insertTokens: StatementSync;
  private readonly insertDocument: StatementSync;
  private readonly dictionaries = new Map<CodedField, Map<string, number>>(
    codedFields.map((field) => [field, new Map()]),
  );
  private readonly codes = new Map<CodedField, GrowingCodes>(
    codedFields.map((field) => [field, new GrowingCodes()]),
  );
  private readonly places = new Map<string, number>();
  private readonly months = new Map<number, string>();
  private documents = 0;
  private lastPlace = { exhibit: '', path: '', code: 0 };

  /** Throws WaymarkError 'storage'. The file must not exist. */
  constructor(file: string) {
    this.db = guarded(file, () => {
      const db = new DatabaseSync(file);
      // Unfinished work is thrown away, so that nothing has to survive a crash before `finish`.
      db.exec(`pragma journal_mode = memory; pragma synchronous = off; pragma locking_mode = exclusive;
               pragma page_size = 8192; pragma cache_size = -65536;`);
      db.exec(layout);
      // More is gathered before it is written: fewer parts to merge.
      db.exec(`insert into text_index (text_index, rank) values ('hashsize', 33554432)`);
      db.exec('begin');
      return db;
    });
    this.insertTokens = this.db.prepare(
      'insert into text_index (rowid, subject, text, label, key) values (?, ?, ?, ?, ?)',
    );
    this.insertDocument = this.db.prepare(
      `insert into document (id, place, offset, length, selector, time, time_text, time_zone, shown, body_bytes, times)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  add(document: SearchDocument): void {
    const id = ++this.documents;
    this.insertTokens.run(
      id,
      document.subjectTokens,
      document.textTokens,
      document.labelTokens,
      document.keys,
    );
    this.insertDocument.run(
      id,
      this.placeOf(document.exhibit, document.path),
      document.offset,
      document.length,
      document.selector,
      document.time,
      document.timeText,
      document.timeZone,
      document.shown,
      document.bodyBytes,
      document.times,
    );
    this.code('kind', document.kind);
    this.code('exhibit', document.exhibit);
    this.code('service', document.service);
    this.code('channel', document.channel);
    this.code('month', document.time === null ? null : this.monthOf(document.time));
    this.code('account', document.account);
  }

  /**
   * Writes what is counted by, the handles of accounts and the vocabulary of what `isSpelled`. Returns the number
   * of documents.
   */
  finish(handles: ReadonlyMap<string, string>, isSpelled: (term: string) => boolean): number {
    const { db } = this;
    const insertCode = db.prepare('insert into coded (field, code, value, label) values (?, ?, ?, ?)');
    const insertCodes = db.prepare('insert into codes (field, width, bytes) values (?, ?, ?)');
    for (const field of codedFields) {
      const dictionary = this.dictionaries.get(field)!;
      for (const [value, code] of dictionary) {
        insertCode.run(field, code, value, field === 'account' ? (handles.get(value) ?? null) : null);
      }
      const { width, bytes } = this.codes.get(field)!.packed(dictionary.size);
      insertCodes.run(field, width, bytes);
    }
    const insertPlace = db.prepare('insert into place (code, exhibit, path) values (?, ?, ?)');
    for (const [key, code] of this.places) {
      const at = key.indexOf('/');
      insertPlace.run(code, key.slice(0, at), key.slice(at + 1));
    }
    this.writeVocabulary(isSpelled);
    db.prepare("insert into about (name, value) values ('documents', ?)").run(this.documents);
    db.exec('commit');
    this.close();
    return this.documents;
  }

  close(): void {
    if (this.db.isOpen) this.db.close();
  }

  private writeVocabulary(isSpelled: (term: string) => boolean): void {
    this.db.exec(`create virtual table temp.vocabulary_now using fts5vocab(main, text_index, col)`);
    const byLength: string[][] = [];
    const terms = this.db.prepare(`select term, col from temp.vocabulary_now where col <> 'key'`);
    terms.setReturnArrays(true);
    let last = '';
    for (const row of terms.iterate() as Iterable<unknown>) {
      const term = (row as string[])[0]!;
      // A term stands once for each column, one row after the other.
      if (term === last) continue;
      last = term;
      const length = lengthOf(term);
      if (length <= longestSpelled && isSpelled(term)) (byLength[length] ??= []).push(term);
    }
    this.db.exec('drop table temp.vocabulary_now');
    const insert = this.db.prepare('insert into vocabulary (length, terms) values (?, ?)');
    byLength.forEach((each, length) => {
      insert.run(length, each.join(' '));
    });
  }

  private code(field: CodedField, value: string | null): void {
    const dictionary = this.dictionaries.get(field)!;
    let code = 0;
    if (value !== null) {
      code = dictionary.get(value) ?? 0;
      if (code === 0) {
        code = dictionary.size + 1;
        dictionary.set(value, code);
      }
    }
    this.codes.get(field)!.push(code);
  }

  private placeOf(exhibit: string, path: string): number {
    // Neighbours often lie in one file.
    if (exhibit === this.lastPlace.exhibit && path === this.lastPlace.path) return this.lastPlace.code;
    const key = `${exhibit}/${path}`;
    let code = this.places.get(key);
    if (code === undefined) {
      code = this.places.size + 1;
      this.places.set(key, code);
    }
    this.lastPlace = { exhibit, path, code };
    return code;
  }

  private monthOf(micros: number): string {
    const day = Math.floor(micros / 86_400_000_000);
    let month = this.months.get(day);
    if (month === undefined) {
      const date = new Date(day * 86_400_000);
      month = Number.isNaN(date.getTime()) ? 'beyond' : date.toISOString().replace(/-\d\dT.*$/, '');
      this.months.set(day, month);
    }
    return month;
  }
}

/**
 * A finished index. Not for two threads at once. Document numbers are bound as BigInt: a plain number arrives as a
 * real one, with which FTS5 does not go to its place but passes by all documents.
 */
export class SearchIndex {
  readonly documents: number;
  private readonly db: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  private readonly codes = new Map<CodedField, Codes>();
  private readonly values = new Map<CodedField, Map<number, { value: string; label: string | null }>>();
  private readonly vocabulary = new Map<number, string[]>();
  /** What the function `keeps` of the statements asks. */
  private keep: (id: number) => boolean = () => true;
  /** Documents of matches, as far as they were counted: the same words are asked for again on every page. */
  private readonly counted = new Map<string, number>();
  /** Room for the numbers of all hits. */
  private ids: Int32Array | undefined;

  /** Throws WaymarkError 'storage' for a file that is missing or not a finished index. */
  constructor(file: string) {
    this.db = guarded(file, () => new DatabaseSync(file, { readOnly: true }));
    try {
      this.db.function('keeps', { directOnly: true }, (id) => (this.keep(id as number) ? 1 : 0));
      this.db.exec('pragma mmap_size = 2147483648; pragma cache_size = -32768;');
      this.documents = Number(this.row('select value from about where name = ?', 'documents')!.value);
    } catch (cause) {
      this.db.close();
      throw notAnIndex(file, cause);
    }
  }

  close(): void {
    this.db.close();
  }

  /**
   * The hits of a page, and counts over the first hits in time (`exact`: over all). Without anything to look for, all
   * of the scope is a hit.
   */
  search(match: Match | null, scope: Scope, limit: number, from: PagePlace | null, exact = false): Found {
    const within = this.scoped(scope);
    const found = this.idsOf(match, within, exact ? this.documents : mostCounted + 1);
    const isMore = !exact && found.length > mostCounted;
    const ids = isMore ? found.subarray(0, mostCounted) : found;
    const counts = Object.fromEntries(codedFields.map((field) => [field, this.countsOf(field, ids)]));
    const byTime = match === null || found.length > mostCounted;
    const total = ids.length;
    const page = byTime
      ? this.pageByTime(match, within, limit, from)
      : this.pageByRelevance(match, within, limit, from);
    const hits = page.slice(0, limit);
    return {
      total,
      totalIsAtLeast: isMore,
      counts: counts as unknown as Found['counts'],
      order: byTime ? 'time' : 'relevance',
      hits,
      next: page.length > limit ? hits.at(-1)! : null,
    };
  }

  /** How many documents a match finds in all, as far as they are counted. */
  count(match: Match): { documents: number; isAtLeast: boolean } {
    const expression = expressionOf(match);
    let found = this.counted.get(expression);
    if (found === undefined) {
      const sql = 'select count(*) as n from (select 1 from text_index where text_index match ? limit ?)';
      found = Number(this.row(sql, expression, mostCounted + 1)!.n);
      if (this.counted.size >= mostKeptCounts) this.counted.clear();
      this.counted.set(expression, found);
    }
    return { documents: Math.min(found, mostCounted), isAtLeast: found > mostCounted };
  }

  /** Hits by account within a scope, each with its first document in time; account code 0 for "not stated". */
  tally(match: Match, scope: Scope): Map<number, { hits: number; first: number }> {
    const accounts = this.codesOf('account');
    const found = new Map<number, { hits: number; first: number }>();
    for (const id of this.idsOf(match, this.scoped(scope), this.documents)) {
      const account = accounts[id - 1]!;
      const known = found.get(account);
      if (known) known.hits++;
      else found.set(account, { hits: 1, first: id });
    }
    return found;
  }

  /** Which of these documents a match finds. */
  among(match: Match, ids: readonly number[]): Set<number> {
    const found = new Set<number>();
    if (ids.length === 0) return found;
    const expression = expressionOf(match);
    const wanted = new Set(ids);
    const last = Math.max(...ids);
    const mayAskEach = isCheapByDocument(match);
    let passed = 0;
    // Stops at the last wanted one, and where each is found sooner by itself.
    this.keep = (id) => {
      if (wanted.has(id)) found.add(id);
      return found.size === wanted.size || (++passed > mostPassed && mayAskEach);
    };
    this.row(
      'select 1 from text_index where text_index match ? and rowid between ? and ? and keeps(rowid) limit 1',
      expression,
      BigInt(Math.min(...ids)),
      BigInt(last),
    );
    if (passed <= mostPassed || !mayAskEach) return found;
    const one = this.statement('select 1 from text_index where text_index match ? and rowid = ?');
    for (const id of wanted) if (!found.has(id) && one.get(expression, BigInt(id))) found.add(id);
    return found;
  }

  /** What stands behind the numbers, in their order. */
  read(ids: readonly number[]): StoredDocument[] {
    const statement = this.statement(
      `select d.id, p.exhibit, p.path, d.offset, d.length, d.selector, d.time, d.time_text as timeText,
              d.time_zone as timeZone, d.shown, d.body_bytes as bodyBytes, d.times
       from document d join place p on p.code = d.place where d.id = ?`,
    );
    return ids.map((id) => {
      const row = statement.get(id) as unknown as StoredDocument;
      const value = (field: CodedField) => this.valuesOf(field).get(this.codesOf(field)[id - 1]!);
      const account = value('account');
      return {
        ...row,
        kind: value('kind')!.value as DocumentKind,
        service: value('service')?.value ?? null,
        channel: value('channel')?.value ?? null,
        account: account?.value ?? null,
        handle: account?.label ?? null,
      };
    });
  }

  /** The values of a field by their codes; the label of an account is its handle. */
  valuesOf(field: CodedField): ReadonlyMap<number, { value: string; label: string | null }> {
    let values = this.values.get(field);
    if (!values) {
      const rows = this.statement('select code, value, label from coded where field = ?').all(field);
      values = new Map(
        (rows as unknown as { code: number; value: string; label: string | null }[]).map(
          ({ code, value, label }) => [code, { value, label }],
        ),
      );
      this.values.set(field, values);
    }
    return values;
  }

  /** Terms of the vocabulary that have this many characters. */
  termsOfLength(length: number): readonly string[] {
    let terms = this.vocabulary.get(length);
    if (!terms) {
      const row = this.row('select terms from vocabulary where length = ?', length);
      terms = row ? String(row.terms).split(' ') : [];
      this.vocabulary.set(length, terms);
    }
    return terms;
  }

  private scoped({ codes, after, before }: Scope): Within {
    const allowed = [...codes].map(([field, set]) => {
      const flags = new Uint8Array(this.valuesOf(field).size + 1);
      for (const code of set) flags[code] = 1;
      return { flags, codes: this.codesOf(field) };
    });
    const timed = this.timedDocuments();
    const limited = after !== null || before !== null;
    return {
      from: after === null ? 1 : this.firstFrom(after, timed),
      to: before !== null ? this.firstFrom(before, timed) - 1 : limited ? timed : this.documents,
      allows: (id) => {
        for (const each of allowed) if (each.flags[each.codes[id - 1]!] === 0) return false;
        return true;
      },
    };
  }

  /** The numbers of the first hits in order, at most so many. Good until the next call. */
  private idsOf(match: Match | null, within: Within, most: number): Int32Array {
    this.ids ??= new Int32Array(this.documents);
    const ids = this.ids;
    let length = 0;
    if (match === null) {
      for (let id = within.from; id <= within.to && length < most; id++)
        if (within.allows(id)) ids[length++] = id;
      return ids.subarray(0, length);
    }
    this.keep = (id) => {
      if (length < most && within.allows(id)) ids[length++] = id;
      return length >= most;
    };
    this.row(
      'select 1 from text_index where text_index match ? and rowid between ? and ? and keeps(rowid) limit 1',
      expressionOf(match),
      BigInt(within.from),
      BigInt(within.to),
    );
    return ids.subarray(0, length);
  }

  private countsOf(field: CodedField, ids: Int32Array): Map<number, number> {
    const codes = this.codesOf(field);
    const counts = new Uint32Array(this.valuesOf(field).size + 1);
    for (let i = 0; i < ids.length; i++) counts[codes[ids[i]! - 1]!]!++;
    return present(counts);
  }

  private pageByTime(
    match: Match | null,
    within: Within,
    limit: number,
    from: PagePlace | null,
  ): PagePlace[] {
    const rest = from === null ? within : { ...within, from: Math.max(within.from, from.id + 1) };
    return Array.from(this.idsOf(match, rest, limit + 1), (id) => ({ id, score: 0 }));
  }

  private pageByRelevance(match: Match, within: Within, limit: number, from: PagePlace | null): PagePlace[] {
    this.keep = within.allows;
    // Equal weights stand in the order of their numbers: time, then pointer.
    const rows = this.statement(
      `select id, score from (
         select rowid as id, ${weights} as score from text_index
         where text_index match $match and rowid between $from and $to and keeps(rowid))
       where $after is null or score > $after or (score = $after and id > $id)
       order by score, id limit $limit`,
    ).all({
      match: expressionOf(match),
      from: BigInt(within.from),
      to: BigInt(within.to),
      after: from?.score ?? null,
      id: from?.id ?? 0,
      limit: limit + 1,
    });
    return rows.map((row) => ({ id: Number(row.id), score: Number(row.score) }));
  }

  private codesOf(field: CodedField): Codes {
    let codes = this.codes.get(field);
    if (!codes) {
      const row = this.row('select width, bytes from codes where field = ?', field)!;
      codes = unpacked(Number(row.width), row.bytes as Uint8Array);
      this.codes.set(field, codes);
    }
    return codes;
  }

  /** The last document that has a time. */
  private timedDocuments(): number {
    return this.bisect('select time is null as beyond from document where id = ?', null) - 1;
  }

  private firstFrom(micros: number, timed: number): number {
    return Math.min(
      this.bisect('select time is null or time >= ? as beyond from document where id = ?', micros),
      timed + 1,
    );
  }

  /** The first number whose document lies beyond. */
  private bisect(sql: string, micros: number | null): number {
    const statement = this.statement(sql);
    let low = 1;
    let high = this.documents + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = micros === null ? statement.get(middle) : statement.get(micros, middle);
      if (Number(row!.beyond) === 1) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private row(sql: string, ...parameters: (string | number | bigint)[]): Record<string, unknown> | undefined {
    return this.statement(sql).get(...parameters);
  }

  private statement(sql: string): StatementSync {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.db.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}

interface Within {
  /** Numbers of the first and the last document that may count. */
  readonly from: number;
  readonly to: number;
  readonly allows: (id: number) => boolean;
}

/**
 * The match as FTS5 writes it. Every token is quoted and none holds a quote, so that nothing typed is ever read as
 * FTS5's own words. Throws WaymarkError 'usage' for a token that the index cannot hold.
 */
export function expressionOf(match: Match): string {
  if (match.kind === 'phrase') {
    if (match.tokens.length === 0) throw new Error('a phrase without tokens');
    const tokens = match.tokens.map((token) => {
      if (/[\x00-\x2f\x3a-\x60\x7b-\x7f]/.test(token))
        throw new Error('a token with a character that separates');
      return `"${token}"`;
    });
    return `({${match.columns.join(' ')}} : ${tokens.join(' + ')}${match.open ? ' *' : ''})`;
  }
  if (match.kind === 'without') return `(${expressionOf(match.match)} NOT ${expressionOf(match.not)})`;
  return `(${match.of.map(expressionOf).join(match.kind === 'all' ? ' AND ' : ' OR ')})`;
}

/** Asking for one document is cheap for whole tokens; the start of one is merged from all its terms first. */
function isCheapByDocument(match: Match): boolean {
  if (match.kind === 'phrase') return !match.open;
  if (match.kind === 'without') return isCheapByDocument(match.match) && isCheapByDocument(match.not);
  return match.of.every(isCheapByDocument);
}

type Codes = Uint8Array | Uint16Array | Uint32Array;

/** Codes as they are collected, kept in as few bytes as their number allows in the end. */
class GrowingCodes {
  private codes = new Uint32Array(1 << 12);
  private length = 0;

  push(code: number): void {
    if (this.length === this.codes.length) {
      const larger = new Uint32Array(this.codes.length * 2);
      larger.set(this.codes);
      this.codes = larger;
    }
    this.codes[this.length++] = code;
  }

  packed(most: number): { width: number; bytes: Uint8Array } {
    const all = this.codes.subarray(0, this.length);
    const codes = most < 0x100 ? Uint8Array.from(all) : most < 0x10000 ? Uint16Array.from(all) : all.slice();
    return { width: codes.BYTES_PER_ELEMENT, bytes: new Uint8Array(codes.buffer) };
  }
}

function unpacked(width: number, bytes: Uint8Array): Codes {
  // A blob need not begin where numbers of its width may stand.
  const own = bytes.slice().buffer;
  return width === 1 ? new Uint8Array(own) : width === 2 ? new Uint16Array(own) : new Uint32Array(own);
}

function present(counts: Uint32Array): Map<number, number> {
  const found = new Map<number, number>();
  counts.forEach((count, code) => {
    if (count > 0) found.set(code, count);
  });
  return found;
}

function lengthOf(term: string): number {
  let length = 0;
  for (const _ of term) length++;
  return length;
}

const layout = `
create table about (name text primary key, value) without rowid;
/* The splitter: ASCII letters and digits and all beyond ASCII are token characters. */
create virtual table text_index using fts5(subject, text, label, key, content='', tokenize='ascii');
create table document (
  id integer primary key,
  place integer not null,
  offset integer not null,
  length integer not null,
  selector text,
  time integer,
  time_text text,
  time_zone text,
  shown text,
  body_bytes integer,
  times integer not null
);
create table place (code integer primary key, exhibit text not null, path text not null);
create table coded (field text, code integer, value text not null, label text, primary key (field, code)) without rowid;
create table codes (field text primary key, width integer not null, bytes blob not null);
create table vocabulary (length integer primary key, terms text not null);
`;

function guarded(file: string, open: () => DatabaseSync): DatabaseSync {
  try {
    return open();
  } catch (cause) {
    throw notAnIndex(file, cause);
  }
}

function notAnIndex(file: string, cause: unknown): WaymarkError {
  return new WaymarkError('storage', 'the search index cannot be used', {
    where: file,
    remedy: 'Check permissions and free space, then run "search index" to make it anew.',
    cause,
  });
}
