import { limits } from '../base/limits.ts';
import type { Input } from '../evidence/reader.ts';
import { ByteWindow, bomLength } from './byte-window.ts';
import { CsvRecord } from './csv-record.ts';

export { CsvRecord } from './csv-record.ts';

/** How a CSV file is written. Quotes are always '"', doubled inside a quoted field (RFC 4180). */
export interface CsvDialect {
  /** The byte between fields: comma, semicolon, tab or bar. */
  readonly delimiter: number;
  /** Where the first record begins: after a byte order mark and Excel's `sep=` line. */
  readonly start: number;
}

export const delimiters = { comma: 44, semicolon: 59, tab: 9, bar: 124 } as const;

/** Records of the head that are looked at to tell the delimiter. */
const judgedRecords = 50;
const lineFeed = 10;

/**
 * Tells the delimiter from the first bytes: the one under which most of the first records have the same
 * number of fields, and then the most fields. A file of one column is given the comma.
 */
export function detectCsv(head: Uint8Array): CsvDialect {
  const bom = bomLength(head);
  const line = head.subarray(bom, bom + 8);
  if (line.length >= 6 && Buffer.from(line.subarray(0, 4)).toString('latin1').toLowerCase() === 'sep=') {
    const end = line.indexOf(lineFeed);
    if (end === 5 || (end === 6 && line[5] === 13)) return { delimiter: line[4]!, start: bom + end + 1 };
  }
  let best = { delimiter: delimiters.comma as number, score: 0 };
  for (const delimiter of Object.values(delimiters)) {
    const score = agreement(head, bom, delimiter);
    if (score > best.score) best = { delimiter, score };
  }
  return { delimiter: best.delimiter, start: bom };
}

/**
 * How well the head reads under a delimiter: 0 when it never divides, else the share of records that have the
 * commonest number of fields above one, then that number.
 */
function agreement(head: Uint8Array, start: number, delimiter: number): number {
  const seen = new Map<number, number>();
  let records = 0;
  for (const record of headRecords(head, { delimiter, start })) {
    if (record.count === 0 && !record.damaged) continue;
    seen.set(record.count, (seen.get(record.count) ?? 0) + 1);
    if (++records === judgedRecords) break;
  }
  let best = 0;
  for (const [width, count] of seen) {
    if (width > 1) best = Math.max(best, count / records + width / 10_000);
  }
  return best;
}

/**
 * The records of the first bytes of a file, for sniffing. When there is more than one line, a last one
 * without a line end is left out, since the head may have cut it.
 */
export function* headRecords(head: Uint8Array, dialect: CsvDialect): Generator<CsvRecord> {
  const last = head.lastIndexOf(lineFeed);
  const size = last < dialect.start ? head.length : last + 1;
  const record = new CsvRecord(dialect.delimiter);
  let base = dialect.start;
  while (base < size) {
    record.begin();
    const whole = record.scan(head, base, size, true) === 'whole';
    const end = head.indexOf(lineFeed, base);
    if (!whole) markDamaged(record, base, end < 0 || end >= size ? size : end, head);
    record.offset = base;
    yield record;
    base += whole ? record.scanned : end < 0 ? size - base : end + 1 - base;
  }
}

function markDamaged(record: CsvRecord, base: number, end: number, bytes: Uint8Array): void {
  const cut = end > base && bytes[end - 1] === 13 ? end - 1 : end;
  record.damaged = true;
  record.count = 0;
  record.length = cut - base;
}

/**
 * Reads a CSV file record by record, in memory bounded by the longest record. `visit` is called for every
 * line that is not part of an earlier record: also for blank lines (`count` 0) and for damaged records
 * (`damaged`), so that a reader can account for each of them. The record is valid only during the call.
 *
 * A record that breaks the grammar is given back as its first line alone, and reading goes on at the next.
 */
export async function eachCsvRecord(
  input: Input,
  dialect: CsvDialect,
  visit: (record: CsvRecord) => void,
  options: { maxRecordBytes?: number } = {},
): Promise<void> {
  const splitter = new CsvSplitter(dialect, visit, options.maxRecordBytes ?? limits.maxRowBytes);
  for await (const chunk of input.chunks()) splitter.push(chunk);
  splitter.end();
}

class CsvSplitter {
  private readonly window = new ByteWindow();
  private readonly record: CsvRecord;
  private readonly visit: (record: CsvRecord) => void;
  private readonly maxRecordBytes: number;
  /** Bytes at the start of the file still to be passed over. */
  private before: number;
  /** Place of a damaged line whose end has not come yet, or -1. */
  private lostFrom = -1;

  constructor(dialect: CsvDialect, visit: (record: CsvRecord) => void, maxRecordBytes: number) {
    this.record = new CsvRecord(dialect.delimiter);
    this.visit = visit;
    this.maxRecordBytes = maxRecordBytes;
    this.before = dialect.start;
    this.record.begin();
  }

  push(chunk: Uint8Array): void {
    this.window.append(chunk);
    if (this.before > 0) {
      const passed = Math.min(this.before, this.window.size);
      this.window.discard(passed);
      this.before -= passed;
      if (this.before > 0) return;
    }
    this.split(false);
  }

  end(): void {
    this.split(true);
  }

  private split(final: boolean): void {
    const { window, record } = this;
    let base = 0;
    while (base < window.size) {
      if (this.lostFrom >= 0) {
        const next = this.passLostLine(base, final);
        if (next < 0) {
          // The last byte stays, in case it is the carriage return of the line end.
          base = Math.max(base, window.size - 1);
          break;
        }
        base = next;
        continue;
      }
      const result = record.scan(window.bytes, base, window.size, final);
      if (result === 'more' && record.scanned <= this.maxRecordBytes + 2) break;
      if (result === 'whole' && record.length <= this.maxRecordBytes) {
        record.offset = window.offset + base;
        base += record.scanned;
        this.visit(record);
        record.begin();
      } else {
        this.lostFrom = window.offset + base;
      }
    }
    window.discard(base);
  }

  /** Ends a damaged line, whose end is sought from `base` on. Returns where the next line starts, or -1. */
  private passLostLine(base: number, final: boolean): number {
    const { window, record } = this;
    const found = window.bytes.subarray(0, window.size).indexOf(lineFeed, base);
    if (found < 0 && !final) return -1;
    const end = found < 0 ? window.size : found;
    markDamaged(record, this.lostFrom - window.offset, end, window.bytes);
    record.offset = this.lostFrom;
    this.lostFrom = -1;
    this.visit(record);
    record.begin();
    return found < 0 ? window.size : found + 1;
  }
}
