import { limits } from '../../base/limits.ts';
import { DumpRow } from './dump-row.ts';
import {
  type DumpTable,
  readCreateTable,
  readInsertHead,
  startsStatement,
  statementEnd,
  statementStartBytes,
} from './dump-statements.ts';
import { DumpWindow } from './dump-window.ts';
import type { DumpVisitor, TakeRow } from './read-dump.ts';
import { malformed, needMore, scanRow, skipRow } from './scan-row.ts';

/** Rows of one table with one column list, and what takes them. */
interface Target {
  readonly table: DumpTable;
  /** Undefined until the visitor was asked. */
  take: TakeRow | null | undefined;
}

/** Statements that need no word: they set up or close what a dump does around its rows. */
const quietStatements = new Set(
  'ALTER ANALYZE BEGIN COMMIT CREATE DROP FLUSH GRANT LOCK OPTIMIZE SET START TRUNCATE UNLOCK USE'.split(' '),
);
/** Statements that are no part of an ordinary dump; they are named in a warning, and not run. */
const strangeStatements = new Set(
  'ATTACH CALL CHANGE COPY DEALLOCATE DELETE DETACH DO EXECUTE EXPLAIN HANDLER IMPORT INSTALL KILL LOAD MERGE PRAGMA PREPARE RENAME RESET REVOKE ROLLBACK SAVEPOINT SELECT SHOW SHUTDOWN STOP UNINSTALL UPDATE VACUUM WITH XA'.split(
    ' ',
  ),
);
/** Commands of the mysql client end with their line. */
const clientCommands = new Set(
  'CHARSET CONNECT EDIT NOTEE PAGER PROMPT SOURCE SYSTEM TEE WARNINGS'.split(' '),
);
/** Candidate rows tried after damage before only the next statement is looked for; bounds the work. */
const maxRowTries = 256;

/**
 * The state of reading one dump: between statements, in the rows of an INSERT, looking for the next good place
 * after damage, or inside a DELIMITER section. See `readDump`.
 */
export class DumpScan {
  readonly window = new DumpWindow();
  private readonly visitor: DumpVisitor;
  private readonly row: DumpRow;
  private state: 'between' | 'rows' | 'lost' | 'delimited' = 'between';
  private escapes = true;
  private database: string | null = null;
  private readonly created = new Map<string, readonly string[]>();
  private readonly targets = new Map<string, Target>();
  private target: Target | null = null;
  private lastHead = Buffer.alloc(0);
  /** Bytes from `pos` that the window must hold before another try is worth while. */
  private wanted = 0;
  private lostFrom = 0;
  private lostRow = false;
  private lostTries = 0;
  private afterComma = false;

  constructor(visitor: DumpVisitor) {
    this.visitor = visitor;
    this.row = new DumpRow((repair) => {
      if (this.target) visitor.repaired?.(this.target.table, repair, this.row.offset, this.row.length);
    });
  }

  /** Reads as far as the window allows. */
  async run(): Promise<void> {
    const { window } = this;
    if (!window.last && window.end - window.pos < this.wanted) return;
    while (this.step()) {
      if (this.target !== null && this.target.take === undefined)
        this.target.take = await this.visitor.table(this.target.table);
    }
    // Doubling what is asked for keeps the repeated beginnings linear in all.
    this.wanted = Math.min((window.end - window.pos) * 2, limits.maxRowBytes * 2);
  }

  finish(): void {
    if (this.state === 'lost') this.found(this.window.end, 'dump-truncated');
    else if (this.state === 'delimited')
      this.warn('dump-truncated', 'a DELIMITER section has no end', this.window.pos, this.window.end);
    else if (this.state === 'rows')
      this.warn('dump-truncated', 'the last INSERT has no end', this.window.end, this.window.end);
  }

  /** One unit: a statement, a run of rows, a search. False when the window must grow first. */
  private step(): boolean {
    switch (this.state) {
      case 'between':
        return this.statement();
      case 'rows':
        return this.target!.take === null ? this.countRows() : this.takeRows();
      case 'lost':
        return this.search();
      case 'delimited':
        return this.passSection();
    }
  }

  private warn(code: string, text: string, from: number, to: number): void {
    this.visitor.warn(code, text, this.window.base + from, to - from);
  }

  /** True when what begins at `from` is not whole and must wait; past the cap or at the end it is lost. */
  private waits(from: number): boolean {
    const { window } = this;
    window.pos = from;
    return !window.last && window.end - from <= limits.maxRowBytes;
  }

  // --- between rows ---

  private statement(): boolean {
    const { window } = this;
    const { buf, view } = window;
    let i = window.pos;
    if (window.base + i === 0 && window.end < 3 && !window.last) return false;
    if (window.base + i === 0 && buf[0] === 0xef && buf[1] === 0xbb && buf[2] === 0xbf) i = 3;
    let c = buf[i]!;
    while (c === 32 || (c >= 9 && c <= 13) || c === 59) c = buf[++i]!;
    window.pos = i;
    if (i >= window.end) return false;
    if (i + statementStartBytes >= window.end && !window.last) return false;
    if (c === 35 || (c === 45 && buf[i + 1] === 45)) {
      const feed = view.indexOf(10, i);
      if (feed < 0) return this.incomplete(i);
      this.comment(buf.toString('latin1', i, Math.min(feed, i + 1024)));
      window.pos = feed + 1;
      return true;
    }
    if (c === 47 && buf[i + 1] === 42) {
      const close = view.indexOf('*/', i + 2, 'latin1');
      if (close < 0) return this.incomplete(i);
      if (buf[i + 2] === 33) this.settings(buf.toString('latin1', i, Math.min(close, i + 4096)));
      window.pos = close + 2;
      return true;
    }
    const word =
      /^\w+/.exec(buf.toString('latin1', i, Math.min(i + 32, window.end)))?.[0].toUpperCase() ?? '';
    if (word === 'INSERT' || word === 'REPLACE') return this.insert(i);
    if (word === 'DELIMITER') return this.delimiter(i);
    if (clientCommands.has(word) || c === 92) return this.passLine(i);
    if (quietStatements.has(word) || strangeStatements.has(word)) return this.passStatement(i, word);
    this.lose(i, false);
    return true;
  }

  /** Waits for the rest of the statement at `from`, or loses it. */
  private incomplete(from: number): boolean {
    if (this.waits(from)) return false;
    this.lose(from, false);
    return true;
  }

  private comment(text: string): void {
    // mysqldump: "-- Host: localhost    Database: board"; phpMyAdmin: "-- Database: `board`".
    const match = /^(?:--|#) (?:Host: .*\s)?Database: `?([^`\s]+)`?/.exec(text);
    if (match) this.database ??= Buffer.from(match[1]!, 'latin1').toString('utf8');
  }

  private settings(text: string): void {
    const names = /\bSET\s+NAMES\s+['"]?(\w+)/i.exec(text);
    if (names) this.row.setCharset(names[1]!.toLowerCase());
    const mode = /\bSQL_MODE\s*=\s*('[^']*'|"[^"]*")/i.exec(text);
    if (mode) this.row.escapes = this.escapes = !/NO_BACKSLASH_ESCAPES/i.test(mode[1]!);
  }

  private passLine(from: number): boolean {
    const { window } = this;
    const feed = window.view.indexOf(10, from);
    if (feed < 0 && this.waits(from)) return false;
    const end = feed < 0 ? window.end : feed + 1;
    this.warn('statement-not-run', 'a client command in the dump is not run', from, end);
    window.pos = end;
    return true;
  }

  private passStatement(from: number, word: string): boolean {
    const { window } = this;
    const end = statementEnd(window, from, this.escapes);
    if (end < 0) return this.incomplete(from);
    const length = end - from;
    if (length > limits.maxRowBytes) {
      this.lose(from, false);
      return true;
    }
    if (strangeStatements.has(word))
      this.warn('statement-not-run', 'a statement that gives no rows is not run', from, end);
    if (window.buf[end] !== 59) this.warn('dump-damaged', 'a statement has no end', from, end);
    if (word === 'CREATE') this.createTable(window.buf.toString('latin1', from, end));
    else if (word === 'SET') this.settings(window.buf.toString('latin1', from, Math.min(end, from + 4096)));
    else if (word === 'USE') {
      this.lastHead = Buffer.alloc(0);
      this.database =
        /^USE\s+[`"]?([^`"\s;]+)/i.exec(window.buf.toString('utf8', from, end))?.[1] ?? this.database;
    }
    window.pos = end + 1;
    return true;
  }

  private createTable(text: string): void {
    const table = readCreateTable(text);
    if (table === null) return;
    const database = table.database ?? this.database;
    this.lastHead = Buffer.alloc(0);
    this.created.set(tableKey(database, table.name), table.columns);
    this.visitor.created?.({ name: table.name, database, columns: table.columns });
  }

  private delimiter(from: number): boolean {
    const { window } = this;
    const feed = window.view.indexOf(10, from);
    if (feed < 0) return this.incomplete(from);
    const sign = window.buf.toString('latin1', from + 9, Math.min(feed, from + 64)).trim();
    window.pos = feed;
    this.state = sign === ';' ? 'between' : 'delimited';
    return true;
  }

  /** Triggers and procedures: everything up to the next DELIMITER line. */
  private passSection(): boolean {
    const { window } = this;
    const next = window.view.indexOf('\nDELIMITER', window.pos, 'latin1');
    if (next < 0) {
      if (!window.last) window.pos = Math.max(window.pos, window.end - 10);
      return false;
    }
    window.pos = next + 1;
    this.state = 'between';
    return true;
  }

  private insert(from: number): boolean {
    const { window, lastHead } = this;
    const after = from + lastHead.length;
    if (lastHead.length > 0 && after < window.end && window.buf[after] === 40) {
      if (window.buf.compare(lastHead, 0, lastHead.length, from, after) === 0) {
        window.pos = after;
        this.state = 'rows';
        return true;
      }
    }
    for (const headBytes of [1024, 512 * 1024]) {
      const text = window.buf.toString('latin1', from, Math.min(window.end, from + headBytes));
      const head = readInsertHead(text);
      if (head !== null && head.length < text.length) {
        this.startRows(from, head);
        return true;
      }
      if (from + headBytes >= window.end) break;
    }
    if (!window.last && window.end - from <= 512 * 1024) return false;
    return this.passStatement(from, 'SELECT');
  }

  private startRows(
    from: number,
    head: { database: string | null; name: string; columns: string[] | null; length: number },
  ): void {
    const { window } = this;
    const database = head.database ?? this.database;
    const columns = head.columns ?? this.created.get(tableKey(database, head.name)) ?? null;
    const key = `${tableKey(database, head.name)}\u0000${columns?.join('\u0000') ?? ''}`;
    let target = this.targets.get(key);
    if (!target) {
      target = { table: { name: head.name, database, columns }, take: undefined };
      this.targets.set(key, target);
    }
    this.target = target;
    this.lastHead = Buffer.from(window.buf.subarray(from, from + head.length));
    window.pos = from + head.length;
    this.state = 'rows';
  }

  // --- rows ---

  private takeRows(): boolean {
    const { window, row, escapes } = this;
    const { table, take } = this.target as { table: DumpTable; take: TakeRow };
    const columns = table.columns?.length ?? -1;
    row.attach(window.view);
    for (;;) {
      const from = this.rowStart();
      if (from < 0) return from === moved;
      const to = scanRow(window, from, row, escapes);
      const next = to < 0 ? to : this.rowEnd(to);
      if (next < 0 || to - from > limits.maxRowBytes) return this.badRow(from, next);
      row.offset = window.base + from;
      row.length = to - from;
      if (row.count === columns || columns < 0) take(row);
      else {
        this.visitor.unreadable(table, 'wrong number of values', row.offset, row.length);
        this.warn('dump-row', 'a row has more or fewer values than its table has columns', from, to);
      }
      window.pos = next;
      if (this.state !== 'rows') return true;
    }
  }

  private countRows(): boolean {
    const { window, escapes } = this;
    const { table } = this.target!;
    let rows = 0;
    try {
      for (;;) {
        const from = this.rowStart();
        if (from < 0) return from === moved;
        const to = skipRow(window, from, escapes);
        const next = to < 0 ? to : this.rowEnd(to);
        if (next < 0 || to - from > limits.maxRowBytes) return this.badRow(from, next);
        rows++;
        window.pos = next;
        if (this.state !== 'rows') return true;
      }
    } finally {
      if (rows > 0) this.visitor.counted(table, rows);
    }
  }

  /** The place of the next row's '(' ; `moved` when there is none but something else goes on, `needMore` else. */
  private rowStart(): number {
    const { window } = this;
    const { buf } = window;
    let i = window.pos;
    let c = buf[i]!;
    while (c === 32 || (c >= 9 && c <= 13)) c = buf[++i]!;
    window.pos = i;
    if (c === 40) return i;
    if (i >= window.end) return needMore;
    this.lose(i, false);
    return moved;
  }

  /**
   * The place behind the sign that follows a row, which ends the statement unless it is a comma. `malformed`
   * when the row is followed by anything that cannot stand there.
   */
  private rowEnd(at: number): number {
    const { window } = this;
    const { buf } = window;
    let i = at;
    let c = buf[i]!;
    while (c === 32 || (c >= 9 && c <= 13)) c = buf[++i]!;
    if (c === 44) return i + 1;
    if (c === 59) {
      this.state = 'between';
      return i + 1;
    }
    if (i >= window.end) {
      if (!window.last) return needMore;
      this.state = 'between';
      this.warn('dump-truncated', 'the last INSERT has no end', i, i);
      return i;
    }
    if (!/^(?:ON\s+DUPLICATE|AS\s)/i.test(buf.toString('latin1', i, i + 16))) return malformed;
    const end = statementEnd(window, i, this.escapes);
    if (end < 0) return needMore;
    this.state = 'between';
    return end;
  }

  /** Waits for a row that is not whole; a damaged or overlong one is lost. */
  private badRow(from: number, next: number): boolean {
    this.state = 'rows';
    if (next === needMore && this.waits(from)) return false;
    this.lose(from, true);
    return true;
  }

  // --- after damage ---

  private lose(from: number, inRow: boolean): void {
    const { window } = this;
    this.lostFrom = window.base + from;
    this.lostRow = inRow;
    // Only inside an INSERT can a following row belong to a table that is known.
    this.lostTries = this.state === 'rows' ? maxRowTries : 0;
    this.afterComma = false;
    this.state = 'lost';
    window.pos = from + 1;
  }

  /** Looks for the next place where reading can go on. */
  private search(): boolean {
    const { window } = this;
    const { buf } = window;
    for (let i = window.pos; i < window.end; i++) {
      const c = buf[i]!;
      if (c === 10) {
        if (i + statementStartBytes >= window.end && !window.last) {
          window.pos = i;
          return false;
        }
        if (startsStatement(window, i + 1)) {
          this.found(i + 1, 'dump-damaged');
          this.state = 'between';
          return true;
        }
      } else if (c === 44) this.afterComma = true;
      else if (c === 40 && this.afterComma && this.lostTries > 0) {
        this.afterComma = false;
        this.lostTries--;
        const tried = this.tryRow(i);
        if (tried === needMore && !window.last && window.end - i <= limits.maxRowBytes) {
          this.afterComma = true;
          this.lostTries++;
          window.pos = i;
          return false;
        }
        if (tried > 0) {
          this.found(i, 'dump-damaged');
          this.state = 'rows';
          return true;
        }
      } else if (c > 32) this.afterComma = false;
    }
    window.pos = window.end;
    return false;
  }

  /** Positive when a whole row of the right size stands at `at`, with a comma or semicolon behind it. */
  private tryRow(at: number): number {
    const { window, row } = this;
    const { buf } = window;
    const to = scanRow(window, at, row, this.escapes);
    if (to < 0) return to;
    if (to - at > limits.maxRowBytes) return malformed;
    const columns = this.target?.table.columns?.length ?? row.count;
    if (row.count === 0 || row.count !== columns) return malformed;
    let i = to;
    let c = buf[i]!;
    while (c === 32 || (c >= 9 && c <= 13)) c = buf[++i]!;
    if (i >= window.end) return needMore;
    return c === 44 || c === 59 ? to : malformed;
  }

  /** Ends a search at `at` and reports what was lost. */
  private found(at: number, code: string): void {
    const { window } = this;
    const length = window.base + at - this.lostFrom;
    window.pos = at;
    if (this.lostRow) this.visitor.unreadable(this.target!.table, 'damaged row', this.lostFrom, length);
    const what = this.lostRow ? 'a row' : 'a statement';
    const text =
      code === 'dump-truncated'
        ? `${what} breaks off at the end`
        : `${what} is damaged; reading goes on behind it`;
    this.visitor.warn(code, text, this.lostFrom, length);
    this.lostRow = false;
  }
}

/** The position took a step without finding a row. */
const moved = -3;

function tableKey(database: string | null, name: string): string {
  return `${database ?? ''}\u0000${name}`;
}
