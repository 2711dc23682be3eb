import { sha256Hex } from '../../base/hash.ts';
import { canonicalJson } from '../../base/json.ts';
import { limits } from '../../base/limits.ts';
import type { Input, Reader } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { canonicalSelector } from '../../evidence/selectors.ts';
import { accountOf } from '../../evidence/tables.ts';
import { baseName, headOf } from '../byte-window.ts';
import { type CsvRecord, detectCsv, eachCsvRecord, headRecords } from '../csv.ts';
import {
  detectColumns,
  judgePersonList,
  mappedColumns,
  type PersonColumns,
  type PersonMapping,
  type PersonRole,
} from '../person-list/columns.ts';
import { canonicalBirthday, type DateOrder, dateOrderOf } from '../person-list/dates.ts';

/** A record is a few hundred bytes; beyond this it is damage. */
const maxRecordBytes = 1024 * 1024;

/** Roles that become sightings, and the selector of each. */
const selectors = [
  ['birthday', 'birthday'],
  ['gender', 'gender'],
  ['email', 'email'],
  ['phone', 'phone'],
  ['handle', 'handle'],
  ['key', 'key'],
  ['street', 'address'],
  ['place', 'place'],
  ['postcode', 'postcode'],
  ['region', 'region'],
  ['occupation', 'occupation'],
] as const;

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
      const list = new PersonList(head, input, records, mapping);
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

class PersonList {
  private readonly records: Records;
  private readonly mapping: PersonMapping | null;
  private readonly service: string;
  private readonly head: Uint8Array;
  private columns: PersonColumns | null = null;
  private headerSeen = false;
  private order: DateOrder = 'day first';
  private row = 0;

  constructor(head: Uint8Array, input: Input, records: Records, mapping: PersonMapping | null) {
    this.head = head;
    this.records = records;
    this.mapping = mapping;
    const stem = baseName(input.name)
      .replace(/(\.(csv|tsv|txt|gz))+$/i, '')
      .replaceAll('/', '_');
    this.service = `list:${stem === '' ? 'persons' : stem}-${sha256Hex(head).slice(0, 6)}`;
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
    } else if (this.columns === null) {
      records.skip('persons', 'no header');
    } else {
      this.row++;
      this.person(record, this.columns);
    }
  }

  private header(record: CsvRecord): void {
    const { records } = this;
    this.headerSeen = true;
    records.skip('persons', 'header');
    this.columns = this.mapping ? mappedColumns(record, this.mapping) : detectColumns(record);
    if (this.columns === null) {
      records.warn(
        'person-list-header',
        'the header lacks the columns of a person list',
        record.offset,
        record.length,
      );
      return;
    }
    const { order, sure } = dateOrderOf(this.headValues(this.columns));
    this.order = order;
    if (!sure) {
      const text = 'nothing tells whether day or month comes first in dates of birth: read as day first';
      records.warn('birthday-order', text, record.offset, record.length);
    }
  }

  private *headValues(columns: PersonColumns): Generator<string> {
    for (const record of headRecords(this.head, detectCsv(this.head))) {
      for (const field of columns.birthday) yield record.text(field);
    }
  }

  private person(record: CsvRecord, columns: PersonColumns): void {
    const { records } = this;
    const { offset, length } = record;
    if (record.count > columns.names.length) {
      records.warn('person-fields', 'the row has more fields than the header', offset, length);
    }
    const value = (role: PersonRole) => joined(record, columns[role]);
    const id = value('id');
    const account = accountOf(this.service, id === '' ? `row ${this.row}` : id);
    const parts = `${value('given name')} ${value('surname')}`.trim();
    const name = value('name') === '' ? parts : value('name');
    const accounts = records.table('account');
    accounts.add(
      {
        account,
        service: this.service,
        native_id: id === '' ? `row ${this.row}` : id,
        handle: name === '' ? null : name,
        kind: 'person record',
        attributes: this.attributes(record, columns),
      },
      offset,
      length,
    );
    let told = 0;
    if (name !== '') told += this.sighting(record, account, 'name', name, canonicalSelector('name', name));
    for (const [role, selector] of selectors) {
      const raw = value(role);
      if (raw !== '') told += this.sighting(record, account, selector, raw, this.canonical(role, raw));
    }
    records.read('persons');
    if (told === 0) records.warn('person-empty', 'the row says nothing of a person', offset, length);
  }

  private canonical(role: PersonRole, raw: string): string | null {
    switch (role) {
      case 'birthday':
        return canonicalBirthday(raw, this.order);
      case 'email':
      case 'phone':
      case 'handle':
        return canonicalSelector(role, raw);
      default:
        return canonicalSelector('name', raw);
    }
  }

  private sighting(
    record: CsvRecord,
    account: string,
    selector: string,
    raw: string,
    canonical: string | null,
  ): number {
    const table = this.records.table('sighting');
    const { column } = table;
    column.account.text(account);
    column.selector.text(selector);
    column.raw.text(raw);
    if (canonical !== null) column.canonical.text(canonical);
    else {
      const text = `the ${selector} is none as it stands: kept as written`;
      this.records.warn(`${selector}-malformed`, text, record.offset, record.length);
    }
    column.basis.text('self-declared');
    column.context.text('person list');
    table.end(record.offset, record.length);
    return 1;
  }

  /** Columns of no role, and the parts of the name as the list divides it. */
  private attributes(record: CsvRecord, columns: PersonColumns): string | null {
    const kept: Record<string, string> = {};
    const roleOf = this.roleByField(columns);
    for (let field = 0; field < Math.min(record.count, columns.names.length); field++) {
      const role = roleOf[field];
      if (role !== undefined && role !== 'given name' && role !== 'surname') continue;
      const text = record.text(field).trim();
      if (text !== '')
        kept[columns.names[field] === '' ? `column ${field + 1}` : columns.names[field]!] = text;
    }
    return Object.keys(kept).length === 0 ? null : canonicalJson(kept);
  }

  private roles: (PersonRole | undefined)[] | null = null;
  private roleByField(columns: PersonColumns): (PersonRole | undefined)[] {
    if (this.roles) return this.roles;
    this.roles = columns.names.map(() => undefined);
    for (const [role, fields] of Object.entries(columns)) {
      if (role === 'names') continue;
      for (const field of fields as readonly number[]) this.roles[field] = role as PersonRole;
    }
    return this.roles;
  }
}

/** Fields of one role, joined by a space; '' where all are empty. */
function joined(record: CsvRecord, fields: readonly number[]): string {
  if (fields.length === 1) return record.text(fields[0]!).trim();
  return fields
    .map((field) => record.text(field).trim())
    .filter((text) => text !== '')
    .join(' ');
}
