import { OutFile } from './output.ts';

function cell(value: string | number): string {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Writes a CSV file (RFC 4180 quoting, LF). */
export async function writeCsv(
  file: string,
  header: string,
  rows: Iterable<readonly (string | number)[]>,
): Promise<void> {
  const out = new OutFile(file);
  out.write(`${header}\n`);
  for (const row of rows) {
    out.write(`${row.map(cell).join(',')}\n`);
    if (out.full) await out.drain();
  }
  await out.close();
}
