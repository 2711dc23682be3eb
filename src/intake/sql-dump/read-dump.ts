import type { Input } from '../../evidence/reader.ts';
import type { DumpRow, Repair } from './dump-row.ts';
import { DumpScan } from './dump-scan.ts';
import type { DumpTable } from './dump-statements.ts';

export type { DumpRow, DumpTable, Repair };

/** Takes a row of a table; the row object is used again for the next one. */
export type TakeRow = (row: DumpRow) => void;

/** What the reading of a dump tells. Rows of one table: taken + counted + unreadable, and nothing is lost. */
export interface DumpVisitor {
  /** A CREATE TABLE. */
  created?(table: DumpTable): void;
  /** Asked once for each table and column list that rows come with: what takes them, or null to have them counted. */
  table(table: DumpTable): TakeRow | null | Promise<TakeRow | null>;
  /** Rows of a table that nobody takes. */
  counted(table: DumpTable, rows: number): void;
  /** A row that could not be read, and why in a few words. */
  unreadable(table: DumpTable, reason: string, offset: number, length: number): void;
  /** Something that is not as it should be; `offset` and `length` in bytes of the file. */
  warn(code: string, text: string, offset: number, length: number): void;
  /** A text of the current row was not plain UTF-8. */
  repaired?(table: DumpTable, repair: Repair, offset: number, length: number): void;
}

/**
 * Reads a dump of MySQL or MariaDB (mysqldump, mariadb-dump, phpMyAdmin) as data. Nothing in it is ever
 * executed; statements that would change rows or reach outside are passed over with a warning. Memory stays
 * within a few times the longest row, at most `limits.maxRowBytes`.
 *
 * Damage never throws: the row is reported as unreadable, and reading goes on at the next row of the same
 * statement that is whole and has the right number of values, or at the next line that begins a statement.
 * The result does not depend on how the bytes are cut into chunks.
 */
export async function readDump(input: Input, visitor: DumpVisitor): Promise<void> {
  const scan = new DumpScan(visitor);
  for await (const chunk of input.chunks()) {
    scan.window.append(chunk);
    await scan.run();
  }
  scan.window.last = true;
  await scan.run();
  scan.finish();
}
