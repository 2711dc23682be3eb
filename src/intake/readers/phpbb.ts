import { createHash } from 'node:crypto';
import type { Input, Reader } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { findRows } from '../sql-dump/find-rows.ts';
import {
  type DumpTable,
  type DumpVisitor,
  type Repair,
  readDump,
  type TakeRow,
} from '../sql-dump/read-dump.ts';
import { Board } from './phpbb/board.ts';
import type { BoardTable } from './phpbb/board-table.ts';
import { boardTables, reasonCounted } from './phpbb/board-tables.ts';
import { isHeadless } from './phpbb/version2.ts';

/**
 * Reads SQL dumps of phpBB boards, versions 2.0 and 3.0 to 3.3, whatever the table prefix; a dump may hold
 * several boards. A table is known by its name and its columns together. Every other table of the dump is
 * counted, row by row, with the reason why it gives no records.
 *
 * The service is `phpbb:<server name><script path>` from the board's own settings ('/' as '_'), which are
 * looked up in a pass of their own before the first account is written; without them it is the database's
 * name, and without that the beginning of the file's SHA-256.
 *
 * Left out on purpose: passwords, activation keys, login keys. Guests (user 1; -1 in 2.0) have posts, messages and
 * sessions but no sightings, since one account stands for many people. Comments on attachments are not kept.
 */
export const phpbbReader: Reader = {
  name: 'phpbb',
  version: 1,
  reads: 'SQL dumps of phpBB 2.0 and 3.x boards (mysqldump, mariadb-dump, phpMyAdmin)',
  unit: 'file',
  sniff,
  read,
};

/** Columns and tables by which the first 64 KiB of a dump show a phpBB board; tables come in alphabetical order. */
const marks =
  /auth_option_id|\w_privmsgs_to\b|username_clean|privmsgs_from_userid|auth_pollcreate|user_allow_viewonline|topic_first_poster_colour|bbcode_uid\W|in_message\W[^;]{0,600}physical_filename/;

function sniff(head: Uint8Array): number {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  const isDump =
    /^(?:\xef\xbb\xbf)?\s*(?:--|#|\/\*)[^\n]*(?:MySQL|MariaDB|phpMyAdmin|sandbox mode)/.test(text) ||
    /(?:^|\n)(?:CREATE TABLE|INSERT (?:IGNORE )?INTO|DROP TABLE IF EXISTS) [`"\w]/.test(text);
  if (!isDump) return 0;
  // A dump of many databases may hold a board further on; a reader for what is seen first goes before.
  return marks.test(text) ? 0.95 : 0.2;
}

async function read(input: Input, records: Records): Promise<void> {
  const boards = new Boards(input, records);
  await readDump(input, boards);
  boards.close();
}

/** Hands each table of the dump to its board. */
class Boards implements DumpVisitor {
  private readonly input: Input;
  private readonly records: Records;
  private readonly boards = new Map<string, Board>();
  private readonly names = new Map<string, string>();
  /** Rows nobody takes; the reason is told at the end, when all prefixes of boards are known. */
  private readonly countedRows = new Map<DumpTable, number>();
  private readonly repairs = new Map<
    string,
    { repair: Repair; unit: string; texts: number; offset: number; length: number }
  >();
  private firstDatabase: string | null | undefined;

  constructor(input: Input, records: Records) {
    this.input = input;
    this.records = records;
  }

  created(table: DumpTable): void {
    this.records.read(this.unit(table), 0);
  }

  async table(table: DumpTable): Promise<TakeRow | null> {
    const unit = this.unit(table);
    const match = matchTable(table);
    if (table.columns === null) {
      const text = 'rows of a table whose columns are not stated cannot be told apart';
      this.records.warn('columns-unknown', text, 0, 0);
    }
    if (match === null) return null;
    const board = await this.board(table, match.prefix);
    if (usesForums.has(match.table.suffix) && board.forums.size === 0)
      await this.nameForums(table, match.prefix, board);
    if (isHeadless(board, match.table.suffix))
      await this.readHeaders(table, match.prefix + match.table.suffix.replace('_text', ''), board);
    const columns = table.columns!;
    const take = match.table.bind(board, (name) => columns.indexOf(name), columns);
    const { records } = this;
    return (row) => {
      const reason = take(row);
      if (reason === null) records.read(unit);
      else records.skip(unit, reason);
    };
  }

  counted(table: DumpTable, rows: number): void {
    this.countedRows.set(table, (this.countedRows.get(table) ?? 0) + rows);
  }

  unreadable(table: DumpTable, reason: string): void {
    this.records.skip(this.unit(table), reason);
  }

  warn(code: string, text: string, offset: number, length: number): void {
    this.records.warn(code, text, offset, length);
  }

  repaired(table: DumpTable, repair: Repair, offset: number, length: number): void {
    const unit = this.unit(table);
    const key = `${repair} ${unit}`;
    const known = this.repairs.get(key);
    if (known) known.texts++;
    else this.repairs.set(key, { repair, unit, texts: 1, offset, length });
  }

  /** Writes what could only be known at the end of the dump. */
  close(): void {
    for (const [table, rows] of this.countedRows)
      this.records.skip(this.unit(table), this.reasonCounted(table), rows);
    for (const board of this.boards.values()) {
      for (const end of board.closing) end();
      if (board.recipients.full || board.postAuthors.full)
        this.records.warn(
          'limit',
          'the board has more messages than are kept at hand to join its tables',
          0,
          0,
        );
    }
    for (const { repair, unit, texts, offset, length } of this.repairs.values())
      this.records.warn(repair, `${repairTexts[repair]}: ${texts} in ${unit}`, offset, length);
    if (this.boards.size === 0)
      this.records.warn('no-board', 'the dump holds no table of a phpBB board', 0, 0);
  }

  private unit(table: DumpTable): string {
    // Only a second database of the dump needs to be named.
    if (this.firstDatabase === undefined) this.firstDatabase = table.database;
    return table.database === this.firstDatabase ? table.name : `${table.database ?? ''}.${table.name}`;
  }

  private reasonCounted(table: DumpTable): string {
    if (table.columns === null) return 'columns unknown';
    const prefixes = [...this.names.keys()].filter((prefix) => table.name.startsWith(prefix));
    if (prefixes.length === 0) return 'not a table of phpBB';
    return reasonCounted(table.name.slice(Math.max(...prefixes.map((prefix) => prefix.length))));
  }

  /** phpBB 2.0: headers of messages whose texts come first are read in a pass of their own. */
  private async readHeaders(table: DumpTable, name: string, board: Board): Promise<void> {
    await readDump(this.input, {
      table: (other) => {
        if (other.name !== name || other.database !== table.database) return null;
        const match = matchTable(other);
        const columns = other.columns ?? [];
        const take = match?.table.bind(board, (column) => columns.indexOf(column), columns);
        return take ? (row) => void take(row) : null;
      },
      counted() {},
      unreadable() {},
      warn() {},
    });
  }

  private async board(table: DumpTable, prefix: string): Promise<Board> {
    const key = `${table.database ?? ''}\u0000${prefix}`;
    let board = this.boards.get(key);
    if (!board) {
      board = new Board(await this.service(table, prefix), this.records);
      this.boards.set(key, board);
      this.names.set(prefix, board.service);
    }
    return board;
  }

  private async service(table: DumpTable, prefix: string): Promise<string> {
    const settings = new Map<string, string>();
    await findRows(this.input, table.database, `${prefix}config`, (row, columns) => {
      const name = row.text(columns.indexOf('config_name'));
      const value = row.text(columns.indexOf('config_value'));
      if (name !== null && value !== null && settings.size < 10_000) settings.set(name, value.trim());
    });
    const server = settings.get('server_name')?.toLowerCase();
    if (server) return serviceName(server + (settings.get('script_path') ?? '').replace(/^([^/])/, '/$1'));
    if (table.database) return serviceName(table.database);
    return serviceName((await this.digest()).slice(0, 8));
  }

  private async nameForums(table: DumpTable, prefix: string, board: Board): Promise<void> {
    await findRows(this.input, table.database, `${prefix}forums`, (row, columns) => {
      const name = board.plain(row, columns.indexOf('forum_name'));
      if (name !== null && board.forums.size < 100_000)
        board.forums.set(row.int(columns.indexOf('forum_id')), name);
    });
  }

  /** SHA-256 of the first 64 KiB. */
  private async digest(): Promise<string> {
    const hash = createHash('sha256');
    let left = 64 * 1024;
    for await (const chunk of this.input.chunks()) {
      hash.update(chunk.subarray(0, left));
      left -= Math.min(left, chunk.length);
      if (left === 0) break;
    }
    return hash.digest('hex');
  }
}

/** Tables whose records name a forum. */
const usesForums = new Set(['posts', 'posts_text', 'drafts', 'forums_watch']);

const repairTexts: Record<Repair, string> = {
  'double-encoded': 'texts that were encoded as UTF-8 twice are decoded once',
  'legacy-encoding': 'texts that are not UTF-8 are read in the character set of the dump',
  'text-cut': 'texts that are longer than a record may hold are cut',
};

function serviceName(name: string): string {
  return `phpbb:${name.replace(/\/+$/, '').replace(/[/\s\u0000-\u001f]+/g, '_')}`;
}

/** The table of phpBB that this is, by name and columns, and the board's prefix. */
function matchTable(table: DumpTable): { table: BoardTable; prefix: string } | null {
  const { columns } = table;
  if (columns === null) return null;
  for (const candidate of boardTables) {
    if (!table.name.endsWith(candidate.suffix)) continue;
    const prefix = table.name.slice(0, table.name.length - candidate.suffix.length);
    if (prefix !== '' && !/[_\W]$/.test(prefix)) continue;
    if (candidate.needs.every((name) => columns.includes(name))) return { table: candidate, prefix };
  }
  return null;
}
