import { once } from 'node:events';
import * as fs from 'node:fs';
import type { Writable } from 'node:stream';
import { csvCell } from '../base/csv.ts';
import type { Engine, Page } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { copyExport, type ExportTable, exportTables } from '../store/queries/views.ts';
import { tellDecisions } from './decided-tables.ts';

export type ExportFormat = 'csv' | 'jsonl' | 'parquet';

/**
 * Writes a table to a stream. CSV is RFC 4180 with a heading; a cell that a spreadsheet would take for a
 * formula gets an apostrophe in front (OWASP ASVS 1.2.10): JSON lines and Parquet carry the exact text.
 */
export async function writeExport(
  operation: Operation,
  engine: Engine,
  name: ExportTable,
  format: ExportFormat,
  target: Writable,
): Promise<void> {
  if (name === 'children' || name === 'outcomes' || name === 'notes') await tellDecisions(operation, engine);
  if (format === 'parquet') {
    const file = operation.path('tmp', `export-${process.pid}.parquet`);
    try {
      await engine.run(copyExport(name, file));
      for await (const piece of fs.createReadStream(file)) await write(target, piece as Buffer);
    } finally {
      fs.rmSync(file, { force: true });
    }
    return;
  }
  const names = await engine.rows<{ column_name: string }>(`describe ${exportTables[name]}`);
  const heading = names.map((row) => row.column_name);
  if (format === 'csv') await write(target, `${heading.join(',')}\r\n`);
  let written: Promise<void> = Promise.resolve();
  await engine.pages(exportTables[name], {}, (page) => {
    written = written.then(() => write(target, format === 'csv' ? csvLines(page) : jsonLines(page)));
  });
  await written;
}

async function write(target: Writable, data: string | Buffer): Promise<void> {
  if (!target.write(data)) await once(target, 'drain');
}

function csvLines(page: Page): string {
  const lines: string[] = [];
  for (let r = 0; r < page.rows; r++) lines.push(page.columns.map((column) => csvCell(column[r]!)).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function jsonLines(page: Page): string {
  const lines: string[] = [];
  for (let r = 0; r < page.rows; r++) {
    lines.push(JSON.stringify(Object.fromEntries(page.names.map((name, c) => [name, page.columns[c]![r]]))));
  }
  return `${lines.join('\n')}\n`;
}
