import { limits } from '../base/limits.ts';
import type { Stamp } from '../base/time.ts';
import {
  batchRows,
  type Column,
  type ColumnData,
  makeColumn,
  type RowCounter,
  type TermColumn,
} from './columns.ts';
import { columnsOf, type TableName, type tables } from './tables.ts';

/** A batch of rows of one table, columns in the table's order. */
export interface Batch {
  readonly table: TableName;
  readonly rows: number;
  readonly columns: readonly ColumnData[];
}

export type ColumnName<T extends TableName> = keyof (typeof tables)[T] & string;
type Values<T extends TableName> = { [K in ColumnName<T>]?: string | number | null | undefined };

/** Bytes in one table's builder at which a batch leaves before it has all its rows. */
const batchBytes = 8 * 1024 * 1024;

/** Builds the rows of one table. Set columns, then end the row with its place in the source. */
export class TableBuilder<T extends TableName> {
  readonly column: { readonly [K in ColumnName<T>]: Column };
  readonly table: T;
  private readonly all: Column[];
  private readonly sourcePath: TermColumn;
  private readonly sourceOffset: Column;
  private readonly sourceLength: Column;
  private readonly place: { readonly path: string };
  private readonly emit: (batch: Batch) => void;
  private readonly row: RowCounter = { at: 0 };
  /** The path of the rows that `sourcePath` does not hold yet, and its code; null while there are none. */
  private path: string | null = null;
  private pathCode = 0;
  private pathFrom = 0;
  /** Rows ended so far, over all batches. */
  total = 0;

  constructor(table: T, place: { readonly path: string }, emit: (batch: Batch) => void) {
    this.table = table;
    this.place = place;
    this.emit = emit;
    const { row } = this;
    const made = columnsOf(table).map(([name, type]) => [name, makeColumn(type, row)] as const);
    this.column = Object.fromEntries(made) as typeof this.column;
    this.all = made.map(([, column]) => column);
    const column = this.column as Record<string, Column>;
    this.sourcePath = column.source_path as TermColumn;
    this.sourceOffset = column.source_offset!;
    this.sourceLength = column.source_length!;
  }

  /** Ends the row that was set column by column. Offset and length are bytes of the file being read. */
  end(offset: number, length: number): void {
    const { row, place } = this;
    if (this.path !== place.path) this.beginPath(place.path);
    this.sourceOffset.int(offset);
    this.sourceLength.int(length);
    row.at++;
    this.total++;
    if (row.at === batchRows || ((row.at & 255) === 0 && this.byteLength() > batchBytes)) this.flush();
  }

  /** Rows of one path follow each other, so the path is set once for all of them. */
  private beginPath(path: string): void {
    this.endPath();
    this.path = path;
    this.pathFrom = this.row.at;
    this.pathCode = this.sourcePath.codeOf(path);
  }
  private endPath(): void {
    if (this.path !== null) this.sourcePath.fill(this.pathCode, this.row.at);
    this.path = null;
  }

  /** Adds a row from an object; for formats where parsing costs far more than an object does. */
  add(values: Values<T>, offset: number, length: number): void {
    const column = this.column as Record<string, Column>;
    for (const name in values) {
      const value = (values as Record<string, string | number | null | undefined>)[name];
      if (value === null || value === undefined) continue;
      if (typeof value === 'number') column[name]!.int(value);
      else column[name]!.text(value);
    }
    this.end(offset, length);
  }

  flush(): void {
    const rows = this.row.at;
    if (rows === 0) return;
    this.endPath();
    const columns = this.all.map((column) => column.take());
    this.row.at = 0;
    this.emit({ table: this.table, rows, columns });
  }

  private byteLength(): number {
    // Two bytes for each path that is not set yet, as for those that are.
    let sum = (this.row.at - this.pathFrom) * 2;
    for (const column of this.all) sum += column.byteLength();
    return sum;
  }
}

/** The three columns of a time, ready to spread into `TableBuilder.add`. */
export function stampColumns(stamp: Stamp | null) {
  return { time: stamp?.micros ?? null, time_text: stamp?.text ?? null, time_zone: stamp?.zone ?? null };
}

/**
 * What became of the rows of one part of a file (a dump's table, a log's lines, a mailbox's messages).
 * `rows` = `read` + the sum of `skipped`, always.
 */
export interface Tally {
  readonly unit: string;
  rows: number;
  read: number;
  skipped: Record<string, number>;
}

/** What readers write to: the tables, the warnings and the tallies of one exhibit. */
export class Records {
  private readonly builders = new Map<TableName, TableBuilder<TableName>>();
  private readonly tallies = new Map<string, Tally>();
  private readonly warned = new Map<string, number>();
  /** Path inside the exhibit of the file being read; set before each file of an exhibit that has several. */
  path: string;
  private readonly emit: (batch: Batch) => void;

  constructor(path: string, emit: (batch: Batch) => void) {
    this.path = path;
    this.emit = emit;
  }

  table<T extends TableName>(name: T): TableBuilder<T> {
    let builder = this.builders.get(name);
    if (!builder) {
      builder = new TableBuilder<TableName>(name, this, this.emit);
      this.builders.set(name, builder);
    }
    return builder as unknown as TableBuilder<T>;
  }

  /** Counts a row of the source that became records. */
  read(unit: string, rows = 1): void {
    const tally = this.tally(unit);
    tally.rows += rows;
    tally.read += rows;
  }

  /** Counts a row of the source that became no record, and says why in a few words. */
  skip(unit: string, reason: string, rows = 1): void {
    const tally = this.tally(unit);
    tally.rows += rows;
    tally.skipped[reason] = (tally.skipped[reason] ?? 0) + rows;
  }

  /**
   * Records that something could not be taken as it stood. The text is the reader's own words; never put the
   * evidence's text in it, the pointer leads there. Past a cap for each code they are only counted.
   */
  warn(code: string, text: string, offset: number, length: number): void {
    const count = (this.warned.get(code) ?? 0) + 1;
    this.warned.set(code, count);
    if (count <= limits.maxWarningsPerCode) this.table('warning').add({ code, text }, offset, length);
  }

  private tally(unit: string): Tally {
    let tally = this.tallies.get(unit);
    if (!tally) {
      tally = { unit, rows: 0, read: 0, skipped: {} };
      this.tallies.set(unit, tally);
    }
    return tally;
  }

  /** Sends what is still held back and returns the totals. */
  finish(): { counts: Partial<Record<TableName, number>>; tallies: Tally[]; warnings: number } {
    for (const builder of this.builders.values()) builder.flush();
    const counts: Partial<Record<TableName, number>> = {};
    for (const [name, builder] of this.builders) counts[name] = builder.total;
    let warnings = 0;
    for (const count of this.warned.values()) warnings += count;
    return { counts, tallies: [...this.tallies.values()], warnings };
  }
}
