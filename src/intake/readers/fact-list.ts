import { limits } from '../../base/limits.ts';
import { daysFromCivil, keptMicros, type Stamp } from '../../base/time.ts';
import type { Input, Reader } from '../../evidence/reader.ts';
import { type Records, stampColumns } from '../../evidence/records.ts';
import { accountOf } from '../../evidence/tables.ts';
import { headOf } from '../byte-window.ts';
import { type CsvRecord, detectCsv, eachCsvRecord, headRecords } from '../csv.ts';

const columnNames = ['service', 'native_id', 'fact', 'reference', 'officer', 'entered_at'] as const;
type FactField = (typeof columnNames)[number];
type FactColumns = Readonly<Record<FactField, number>>;

/** A fact is a line or two; beyond this it is damage. */
const maxRecordBytes = 64 * 1024;

/**
 * Facts that an officer enters about an account ('access to children', 'prior record', any other), as a CSV
 * exhibit with the columns `service,native_id,fact,reference,officer,entered_at` in any order. Each becomes
 * an `event` whose action is `officer fact: <fact>` (lower case, single spaces) and whose text is
 * `<reference>; <officer>`. `entered_at` is ISO 8601 with a zone; without one the time stays unresolved.
 * Tally unit `facts`.
 */
export const factListReader: Reader = {
  name: 'fact-list',
  version: 1,
  reads: 'officer-entered facts about accounts, as CSV',
  unit: 'file',

  sniff(head: Uint8Array): number {
    for (const record of headRecords(head, detectCsv(head))) {
      if (record.count > 0) return columnsOfHeader(record) === null ? 0 : 0.95;
    }
    return 0;
  },

  async read(input: Input, records: Records): Promise<void> {
    const dialect = detectCsv(await headOf(input, limits.sniffBytes));
    let columns: FactColumns | null = null;
    let headerSeen = false;
    const visit = (record: CsvRecord) => {
      const reason = asideReason(record);
      if (reason !== null) {
        records.skip('facts', reason);
        if (record.damaged) {
          records.warn(
            'csv-damaged',
            'the line does not follow the CSV grammar',
            record.offset,
            record.length,
          );
        }
      } else if (!headerSeen) {
        headerSeen = true;
        columns = columnsOfHeader(record);
        records.skip('facts', 'header');
        if (columns === null) {
          records.warn(
            'fact-header',
            'the header lacks a column of a fact list',
            record.offset,
            record.length,
          );
        }
      } else if (columns === null) {
        records.skip('facts', 'no header');
      } else {
        addFact(record, columns, records);
      }
    };
    await eachCsvRecord(input, dialect, visit, { maxRecordBytes });
  },
};

function asideReason(record: CsvRecord): string | null {
  if (record.damaged) return 'damaged';
  return record.count === 0 ? 'blank line' : null;
}

function columnsOfHeader(header: CsvRecord): FactColumns | null {
  const names = Array.from({ length: header.count }, (_, field) => header.text(field).trim().toLowerCase());
  const columns = Object.fromEntries(columnNames.map((name) => [name, names.indexOf(name)])) as FactColumns;
  return columnNames.every((name) => columns[name] >= 0) ? columns : null;
}

function addFact(record: CsvRecord, columns: FactColumns, records: Records): void {
  const { offset, length } = record;
  const value = (name: FactField) => record.text(columns[name]).trim();
  const service = value('service');
  const nativeId = value('native_id');
  const fact = value('fact').toLowerCase().replace(/\s+/g, ' ');
  const missing =
    service === '' || service.includes('/')
      ? 'service'
      : nativeId === ''
        ? 'native id'
        : fact === ''
          ? 'fact'
          : null;
  if (missing !== null) {
    records.skip('facts', `no ${missing}`);
    records.warn('fact-incomplete', `the row states no usable ${missing}`, offset, length);
    return;
  }
  const entered = value('entered_at');
  const stamp = enteredAt(entered);
  if (stamp !== null && stamp.micros === null) {
    records.warn(
      'fact-time',
      'the time is no ISO 8601 time with a zone, so it stays unresolved',
      offset,
      length,
    );
  }
  const text = [value('reference'), value('officer')].filter((part) => part !== '').join('; ');
  const row = {
    service,
    action: `officer fact: ${fact}`,
    account: accountOf(service, nativeId),
    ...stampColumns(stamp),
    text: text === '' ? null : text,
  };
  records.table('event').add(row, offset, length);
  records.read('facts');
}

const isoTime =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?\s?([Zz]|[+-]\d{2}(?::?\d{2})?)?$/;

/**
 * A time of the ISO 8601 extended format. Null for an empty text; unresolved (`micros` null) without a zone or
 * when it is no such time. Digits beyond the microsecond are cut.
 */
export function enteredAt(text: string): Stamp | null {
  if (text === '') return null;
  const match = isoTime.exec(text);
  if (!match) return { micros: null, text, zone: null };
  const [year, month, day, hour, minute] = match.slice(1, 6).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const second = Number(match[6] ?? 0);
  const zone = match[8]?.toUpperCase() ?? null;
  const offset = zone === null ? null : offsetMinutes(zone);
  if (offset === null || !isCivil(year, month, day) || hour > 23 || minute > 59 || second > 59) {
    return { micros: null, text, zone };
  }
  const minutes = daysFromCivil(year, month, day) * 1440 + hour * 60 + minute - offset;
  const fraction = Number((match[7] ?? '').padEnd(6, '0'));
  return { micros: keptMicros((minutes * 60 + second) * 1_000_000 + fraction), text, zone };
}

/** Minutes east of UTC, or null when no place on earth keeps such an offset. */
function offsetMinutes(zone: string): number | null {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  if (minutes > 14 * 60 || Number(digits.slice(2)) > 59) return null;
  return zone.startsWith('-') ? -minutes : minutes;
}

function isCivil(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
