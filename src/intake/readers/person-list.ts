import { sha256Hex } from '../../base/hash.ts';
import { limits } from '../../base/limits.ts';
import type { Input, Reader } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { baseName, headOf } from '../byte-window.ts';
import { type CsvRecord, detectCsv, eachCsvRecord, headRecords } from '../csv.ts';
import {
  detectColumns,
  judgePersonList,
  mappedColumns,
  type PersonColumns,
  type PersonMapping,
} from '../person-list/columns.ts';
import { PersonList, serviceOfList } from '../person-list/list.ts';

/** A record is a few hundred bytes; beyond this it is damage. */
const maxRecordBytes = 1024 * 1024;

/** The reader of person lists whose columns are told by a mapping, or by their names where none is given. */
export function personListReaderFor(mapping: PersonMapping | null): Reader {
  return {
    name: 'person-list',
    version: 1,
    reads: 'plain lists of persons, as CSV with a header',
    unit: 'file',
    sniff: judgePersonList,
    async read(input: Input, records: Records): Promise<void> {
      const head = await headOf(input, limits.sniffBytes);
      const list = new CsvPersons(head, input, records, mapping);
      await eachCsvRecord(input, detectCsv(head), (record) => list.take(record), { maxRecordBytes });
    },
  };
}

/**
 * Lists of persons as CSV with a header: customer lists, registers, subscriber returns. Each row becomes an
 * account of kind 'person record' on the service `list:<file name>-<first digits of the head's hash>`, so that
 * two lists of one name stay apart; its native id is the id column's value, else `row <number>`. Rows with
 * the same id are one account. Every value becomes a sighting; columns of no known role are kept as
 * attributes. Tally unit `persons`.
 */
export const personListReader: Reader = personListReaderFor(null);

class CsvPersons {
  private readonly records: Records;
  private readonly mapping: PersonMapping | null;
  private readonly service: string;
  private readonly head: Uint8Array;
  private list: PersonList | null = null;
  private headerSeen = false;

  constructor(head: Uint8Array, input: Input, records: Records, mapping: PersonMapping | null) {
    this.head = head;
    this.records = records;
    this.mapping = mapping;
    const stem = baseName(input.name).replace(/(\.(csv|tsv|txt|gz))+$/i, '');
    this.service = serviceOfList(stem, sha256Hex(head));
  }

  take(record: CsvRecord): void {
    const { records } = this;
    if (record.damaged) {
      records.skip('persons', 'damaged');
      records.warn('csv-damaged', 'the line does not follow the CSV grammar', record.offset, record.length);
    } else if (record.count === 0) {
      records.skip('persons', 'blank line');
    } else if (!this.headerSeen) {
      this.header(record);
    } else if (this.list === null) {
      records.skip('persons', 'no header');
    } else {
      this.list.person(record);
    }
  }

  private header(record: CsvRecord): void {
    const { records } = this;
    this.headerSeen = true;
    records.skip('persons', 'header');
    const columns = this.mapping ? mappedColumns(record, this.mapping) : detectColumns(record);
    if (columns === null) {
      const text = 'the header lacks the columns of a person list';
      records.warn('person-list-header', text, record.offset, record.length);
      return;
    }
    const place = { offset: record.offset, length: record.length };
    this.list = new PersonList(records, this.service, columns, this.headBirthdays(columns), place);
  }

  private *headBirthdays(columns: PersonColumns): Generator<string> {
    for (const record of headRecords(this.head, detectCsv(this.head))) {
      for (const field of columns.birthday) yield record.text(field);
    }
  }
}
