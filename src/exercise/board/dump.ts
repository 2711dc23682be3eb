import * as path from 'node:path';
import { type Encoding, GzipPiece, joinPieces } from '../output.ts';
import { type BoardTable, boardTables, columnsOf, createTable } from './phpbb-schema.ts';

const statementBytes = 1_000_000;
const escapes: Record<string, string> = {
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\x1a': '\\Z',
  '"': '\\"',
  "'": "\\'",
  '\\': '\\\\',
};

/** A value as mariadb-dump writes it. */
export function sqlValue(value: string | number): string {
  if (typeof value === 'number') return String(value);
  return /[\0\n\r\x1a"'\\]/.test(value)
    ? `'${value.replace(/[\0\n\r\x1a"'\\]/g, (character) => escapes[character]!)}'`
    : `'${value}'`;
}

/** Values of a row by column name; the others keep the table's own default. */
export type RowValues = Readonly<Record<string, string | number>>;

const head = `/*M!999999\\- enable the sandbox mode */ 
-- MariaDB dump 10.19  Distrib 10.11.6-MariaDB, for debian-linux-gnu (x86_64)
--
-- Host: localhost    Database: board
-- ------------------------------------------------------
-- Server version\t10.11.6-MariaDB-0+deb12u1

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;
/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
/*!40101 SET NAMES utf8mb4 */;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;

`;
const foot = `/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;
/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;
/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;

-- Dump completed on 2020-04-06  7:12:40
`;

type Column = { readonly name: string; readonly fallback: string };
type TableState = {
  readonly piece: GzipPiece;
  readonly columns: readonly Column[];
  statement: number;
  rows: number;
};

function rowText(table: BoardTable, columns: readonly Column[], values: RowValues): string {
  let text = '';
  let used = 0;
  for (const { name, fallback } of columns) {
    const value = values[name];
    if (value !== undefined) used++;
    text += `${text === '' ? '(' : ','}${value === undefined ? fallback : sqlValue(value)}`;
  }
  if (used !== Object.keys(values).length) {
    const unknown = Object.keys(values).filter((name) => !columns.some((column) => column.name === name));
    throw new TypeError(`phpbb_${table} has no column ${unknown.join(', ')}`);
  }
  return `${text})`;
}

/**
 * One gzipped dump of the board as mariadb-dump writes it. Rows of all tables may come in any mixture: each
 * table gathers in a piece of its own, and `close` sets the pieces together in the dump's order.
 */
export class BoardDump {
  readonly #file: string;
  readonly #pieces = new Map<BoardTable, TableState>();

  constructor(file: string) {
    this.#file = file;
    for (const table of boardTables) {
      const piece = new GzipPiece(path.join(path.dirname(file), `.${table}.piece`));
      const columns = columnsOf(table).map(({ name, fallback }) => ({ name, fallback: sqlValue(fallback) }));
      this.#pieces.set(table, { piece, columns, statement: 0, rows: 0 });
    }
  }

  /** One row. `encoding` latin1 is for the fault of mixed encodings. Throws TypeError on an unknown column. */
  row(table: BoardTable, values: RowValues, encoding: Encoding = 'utf8'): void {
    const state = this.#pieces.get(table)!;
    const text = rowText(table, state.columns, values);
    if (state.statement > statementBytes) {
      state.piece.write(';\n');
      state.statement = 0;
    }
    const before = state.statement === 0 ? `INSERT INTO \`phpbb_${table}\` VALUES\n` : ',\n';
    state.piece.write(before);
    state.piece.write(text, encoding);
    state.statement += before.length + text.length;
    state.rows++;
  }

  rows(table: BoardTable): number {
    return this.#pieces.get(table)!.rows;
  }

  get full(): boolean {
    for (const { piece } of this.#pieces.values()) if (piece.full) return true;
    return false;
  }

  async drain(): Promise<void> {
    for (const { piece } of this.#pieces.values()) await piece.drain();
  }

  /** `next`: the next AUTO_INCREMENT value of each table. Returns the dump's size before compression. */
  async close(next: Partial<Record<BoardTable, number>>): Promise<number> {
    const parts: GzipPiece[] = [];
    for (const table of boardTables) {
      const { piece, rows } = this.#pieces.get(table)!;
      const before = new GzipPiece(`${piece.path}.head`);
      if (parts.length === 0) before.write(head);
      before.write(`--\n-- Table structure for table \`phpbb_${table}\`\n--\n\n`);
      before.write(`DROP TABLE IF EXISTS \`phpbb_${table}\`;\n`);
      before.write('/*!40101 SET @saved_cs_client     = @@character_set_client */;\n');
      before.write('/*!40101 SET character_set_client = utf8mb4 */;\n');
      before.write(createTable(table, next[table] ?? 1));
      before.write('/*!40101 SET character_set_client = @saved_cs_client */;\n\n');
      before.write(`--\n-- Dumping data for table \`phpbb_${table}\`\n--\n\n`);
      before.write(`LOCK TABLES \`phpbb_${table}\` WRITE;\n`);
      before.write(`/*!40000 ALTER TABLE \`phpbb_${table}\` DISABLE KEYS */;\n`);
      if (rows > 0) piece.write(';\n');
      await before.close();
      await piece.close();
      const after = new GzipPiece(`${piece.path}.tail`);
      after.write(`/*!40000 ALTER TABLE \`phpbb_${table}\` ENABLE KEYS */;\nUNLOCK TABLES;\n\n`);
      if (table === boardTables.at(-1)) after.write(foot);
      await after.close();
      parts.push(before, piece, after);
    }
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    await joinPieces(this.#file, parts);
    return bytes;
  }
}
