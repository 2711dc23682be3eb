import { WaymarkError } from './errors.ts';

/**
 * Rows of a small, trusted CSV (RFC 4180) as objects by heading: truth files, mappings. Seized CSV is read by
 * `intake/csv.ts` in the sandbox instead. Throws WaymarkError 'usage' naming the line that has not as many cells
 * as the heading.
 */
export function parseCsv(text: string, where: string): Record<string, string>[] {
  const [heading, ...rows] = cellsOf(text.replace(/^\ufeff/, ''));
  if (!heading) return [];
  return rows.map((cells, index) => {
    if (cells.length !== heading.length) {
      throw new WaymarkError(
        'usage',
        `row ${index + 2} has ${cells.length} cells instead of ${heading.length}`,
        { where },
      );
    }
    return Object.fromEntries(heading.map((name, column) => [name, cells[column]!]));
  });
}

function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A cell, and what ends it: a comma, a line end, or the end of the text.
  const cell = /("(?:[^"]|"")*"|[^,\r\n"]*)(,|\r?\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (!match)
      throw new WaymarkError('usage', 'a quoted cell does not end', { where: `character ${cell.lastIndex}` });
    const [, raw, end] = match as unknown as [string, string, string];
    row.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === ',' && cell.lastIndex < text.length) continue;
    if (end === ',') row.push('');
    rows.push(row);
    row = [];
  }
  return rows.filter((cells) => cells.length > 1 || cells[0] !== '');
}

/**
 * One cell of a CSV that is written out (RFC 4180); a leading character that a spreadsheet would take for the start
 * of a formula gets an apostrophe in front (OWASP ASVS 1.2.10).
 */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  let text = String(value);
  if (typeof value === 'string' && /^[=+\-@\t\r\n\u0000＝＋－＠]/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
