import type { DumpWindow } from './dump-window.ts';
import { needMore, stringEnd } from './scan-row.ts';

/** A table as a dump describes it. */
export interface DumpTable {
  readonly name: string;
  /** The database from the name, a USE statement or the dump's heading; null where none is given. */
  readonly database: string | null;
  /** Column names in the order of the values; null when neither INSERT nor CREATE TABLE gives them. */
  readonly columns: readonly string[] | null;
}

/** Begins of lines at which reading can go on after damage: these never stand in a value that was escaped. */
const statementStart =
  /^(?:(?:INSERT|REPLACE) [^'"]{0,40}INTO |(?:CREATE|DROP|LOCK|ALTER) TABLES? |UNLOCK TABLES|-- |\/\*!|DELIMITER )/i;
/** Bytes that must be known to judge whether a line begins a statement. */
export const statementStartBytes = 64;

export function startsStatement(window: DumpWindow, at: number): boolean {
  const c = window.buf[at]! | 32;
  // i(nsert, r(eplace, c(reate, d(rop, d(elimiter, l(ock, a(lter, u(nlock, '-' and '/'; the rest is no start.
  if (
    c !== 105 &&
    c !== 114 &&
    c !== 99 &&
    c !== 100 &&
    c !== 108 &&
    c !== 97 &&
    c !== 117 &&
    c !== 45 &&
    c !== 47
  )
    return false;
  return statementStart.test(
    window.buf.toString('latin1', at, Math.min(at + statementStartBytes, window.end)),
  );
}

/**
 * The place of the semicolon that ends the statement at `at`, strings and comments passed over. A line that
 * begins an INSERT or CREATE TABLE ends a statement whose own semicolon is missing (the place of that line's
 * line feed is returned then).
 */
export function statementEnd(window: DumpWindow, at: number, escapes: boolean): number {
  const { buf, end, view } = window;
  for (let i = at; i < end; i++) {
    const c = buf[i]!;
    if (c === 59) return i;
    if (c === 39 || c === 34 || c === 96) {
      i = stringEnd(window, i + 1, c, escapes && c !== 96);
      if (i < 0) return i;
    } else if (c === 47 && buf[i + 1] === 42) {
      const close = view.indexOf('*/', i + 2, 'latin1');
      if (close < 0) return needMore;
      i = close + 1;
    } else if (c === 35 || (c === 45 && buf[i + 1] === 45 && buf[i + 2]! <= 32)) {
      const feed = view.indexOf(10, i);
      if (feed < 0) return needMore;
      i = feed - 1;
    } else if (c === 10 && i > at) {
      if (i + statementStartBytes >= end && !window.last) return needMore;
      const next = buf[i + 1]! | 32;
      if ((next === 105 || next === 114 || next === 99) && startsStatement(window, i + 1)) return i;
    }
  }
  return needMore;
}

/** Reads names and words of one statement, given as Latin-1 so that places in the text are places in bytes. */
export class StatementCursor {
  at = 0;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  private space(): void {
    const space = /(?:\s+|\/\*[\s\S]*?\*\/|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$))*/y;
    space.lastIndex = this.at;
    space.test(this.text);
    this.at = space.lastIndex;
  }

  /** True, and passes over it, when the next word or sign is this one (words in upper case). */
  take(word: string): boolean {
    this.space();
    const end = this.at + word.length;
    if (this.text.slice(this.at, end).toUpperCase() !== word) return false;
    if (/\w/.test(word) && /[\w$]/.test(this.text.charAt(end))) return false;
    this.at = end;
    return true;
  }

  /** The next identifier without its quotes, or null. */
  name(): string | null {
    this.space();
    const quote = this.text[this.at];
    const pattern =
      quote === '`' ? /`((?:[^`]|``)*)`/y : quote === '"' ? /"((?:[^"]|"")*)"/y : /([\w$\u0080-\u00ff]+)/y;
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (!match) return null;
    this.at = pattern.lastIndex;
    const name = Buffer.from(match[1]!, 'latin1').toString('utf8');
    return quote === '`' || quote === '"' ? name.replaceAll(quote + quote, quote) : name;
  }

  /** `[database.]table`, or null. */
  qualifiedName(): { database: string | null; name: string } | null {
    const first = this.name();
    if (first === null) return null;
    if (!this.take('.')) return { database: null, name: first };
    const second = this.name();
    return second === null ? null : { database: first, name: second };
  }

  /** Passes over what is left up to the comma or parenthesis that ends this item, and returns that sign. */
  endOfItem(): ',' | ')' | null {
    const token =
      /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`]|``)*`|[(),]|[^'"`(),]+|['"`]/y;
    let depth = 0;
    for (;;) {
      token.lastIndex = this.at;
      const match = token.exec(this.text);
      if (!match) return null;
      this.at = token.lastIndex;
      if (match[0] === '(') depth++;
      else if (match[0] === ')' && depth-- === 0) return ')';
      else if (match[0] === ',' && depth === 0) return ',';
    }
  }
}

/** What a definition inside CREATE TABLE starts with when it is no column. */
const noColumn = /^(?:PRIMARY|UNIQUE|KEY|INDEX|FULLTEXT|SPATIAL|CONSTRAINT|FOREIGN|CHECK|PERIOD)$/i;

/** Name and columns of a CREATE TABLE statement; null when it is no plain one (LIKE, AS SELECT, a view). */
export function readCreateTable(
  text: string,
): { database: string | null; name: string; columns: string[] } | null {
  const cursor = new StatementCursor(text);
  if (!cursor.take('CREATE')) return null;
  cursor.take('TEMPORARY');
  if (!cursor.take('TABLE')) return null;
  if (cursor.take('IF')) {
    cursor.take('NOT');
    cursor.take('EXISTS');
  }
  const table = cursor.qualifiedName();
  if (table === null || !cursor.take('(')) return null;
  const columns: string[] = [];
  for (;;) {
    cursor.take('');
    const quoted = /[`"]/.test(cursor.text.charAt(cursor.at));
    const name = cursor.name();
    if (name === null) return null;
    if (quoted || !noColumn.test(name)) columns.push(name);
    const sign = cursor.endOfItem();
    if (sign === ')') return { ...table, columns };
    if (sign === null) return null;
  }
}

/** The part of an INSERT before its rows; null when its values are not given as rows (SET, SELECT). */
export function readInsertHead(
  text: string,
): { database: string | null; name: string; columns: string[] | null; length: number } | null {
  const cursor = new StatementCursor(text);
  if (!cursor.take('INSERT') && !cursor.take('REPLACE')) return null;
  while (
    cursor.take('LOW_PRIORITY') ||
    cursor.take('DELAYED') ||
    cursor.take('HIGH_PRIORITY') ||
    cursor.take('IGNORE')
  );
  cursor.take('INTO');
  const table = cursor.qualifiedName();
  if (table === null) return null;
  let columns: string[] | null = null;
  if (cursor.take('(')) {
    columns = [];
    do {
      const name = cursor.name();
      if (name === null) return null;
      columns.push(name);
    } while (cursor.take(','));
    if (!cursor.take(')')) return null;
  }
  if (!cursor.take('VALUES') && !cursor.take('VALUE')) return null;
  cursor.take('');
  return { ...table, columns, length: cursor.at };
}
