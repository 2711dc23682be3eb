import { limits } from '../../base/limits.ts';
import type { Input } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { headOf } from '../byte-window.ts';
import { type CsvRecord, detectCsv, eachCsvRecord } from '../csv.ts';
import { type HashOutcome, ListedHashes, type ListHeading } from './listed-hashes.ts';
import { columnsOfHeader, isAside, type TableColumns } from './table-columns.ts';

/** A record of a hash list is a few hundred bytes; beyond this it is damage. */
const maxRecordBytes = 1024 * 1024;
/** PDQ values of lower quality say nothing about the picture (ThreatExchange: discard quality <= 49). */
const minPdqQuality = 50;

/**
 * CSV lists with a header that names the hash columns (md5, sha1, sha256, pdq) in any order; also the NSRL's
 * RDS 2 (`"SHA-1","MD5","CRC32","FileName",...`), whose entries are known-good. The category is kept, or the
 * label where there is none; what else a row says stays in the exhibit, one pointer away.
 */
export async function readTable(input: Input, records: Records, heading: ListHeading): Promise<void> {
  const dialect = detectCsv(await headOf(input, limits.sniffBytes));
  const rows = new TableRows(records, heading);
  await eachCsvRecord(input, dialect, (record) => rows.take(record), { maxRecordBytes });
}

class TableRows {
  private readonly records: Records;
  private readonly heading: ListHeading;
  private columns: TableColumns | null = null;
  private hashes: ListedHashes | null = null;

  constructor(records: Records, heading: ListHeading) {
    this.records = records;
    this.heading = heading;
  }

  take(record: CsvRecord): void {
    const { records } = this;
    if (record.damaged) {
      records.skip('entries', 'damaged');
      records.warn('csv-damaged', 'the line does not follow the CSV grammar', record.offset, record.length);
    } else if (isAside(record)) {
      records.skip('entries', record.count === 0 ? 'blank line' : 'comment');
    } else if (this.columns === null || this.hashes === null) {
      this.header(record);
    } else {
      this.entry(record, this.columns, this.hashes);
    }
  }

  private header(record: CsvRecord): void {
    const { records } = this;
    records.skip('entries', 'header');
    this.columns = columnsOfHeader(record);
    if (this.columns === null) {
      records.warn('hash-list-header', 'no column of the header names a hash', record.offset, record.length);
      this.columns = { hashes: [], category: -1, unusedLabel: -1, pdqQuality: -1, knownGood: false };
    }
    if (this.columns.unusedLabel >= 0) {
      const text = 'the label column is not kept, since there is a category column';
      records.warn('hash-list-label', text, record.offset, record.length);
    }
    const disposition = this.columns.knownGood ? 'known-good' : 'listed';
    this.hashes = new ListedHashes(records, { ...this.heading, disposition });
  }

  private entry(record: CsvRecord, columns: TableColumns, hashes: ListedHashes): void {
    const { records } = this;
    const { offset, length } = record;
    const category = columns.category < 0 ? '' : record.text(columns.category).trim();
    let taken = 0;
    let refused: HashOutcome | 'no hash' | 'PDQ of low quality' = 'no hash';
    for (const { algorithm, field } of columns.hashes) {
      if (field >= record.count) continue;
      const start = record.start(field);
      const end = record.end(field);
      if (start === end) continue;
      if (algorithm === 'pdq' && hasLowQuality(record, columns)) {
        refused = 'PDQ of low quality';
        continue;
      }
      const outcome = hashes.add(algorithm, record.bytes, start, end, category || null, offset, length);
      if (outcome === 'taken') taken++;
      else refused = outcome;
    }
    if (taken > 0) records.read('entries');
    else records.skip('entries', refused);
    if (refused === 'malformed hash') {
      records.warn('hash-malformed', 'a value has not the digits of its algorithm', offset, length);
    } else if (taken > 0 && refused !== 'no hash') {
      records.warn('hash-left-out', `one of several values was left out: ${refused}`, offset, length);
    }
  }
}

function hasLowQuality(record: CsvRecord, columns: TableColumns): boolean {
  const text = record.text(columns.pdqQuality).trim();
  return /^\d{1,3}$/.test(text) && Number(text) < minPdqQuality;
}
