import { canonicalJson } from '../../base/json.ts';
import type { Records } from '../../evidence/records.ts';
import { canonicalSelector } from '../../evidence/selectors.ts';
import { accountOf } from '../../evidence/tables.ts';
import type { Header, PersonColumns, PersonRole } from './columns.ts';
import { canonicalBirthday, type DateOrder, dateOrderOf } from './dates.ts';

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

/** Where something stands in the file. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** A row of a list, whatever the file's format. The row itself stands at its own place. */
export interface ListRow extends Header, Place {
  /** Where the values of some fields stand, where that can be told more closely than for the row. */
  readonly placeOf?: (fields: readonly number[]) => Place;
  /** More to keep of the row, beside columns of no role. */
  readonly notes?: Readonly<Record<string, string>>;
}

/** The service of a list's accounts: by its name, and by its first bytes, so that two lists of one name stay apart. */
export function serviceOfList(stem: string, headHash: string): string {
  return `list:${stem === '' ? 'persons' : stem.replaceAll('/', '_')}-${headHash.slice(0, 6)}`;
}

/**
 * Turns rows of a list into person records: each an account, whose native id is the id column's value, else
 * `row <number>`; every value of a known role a sighting.
 */
export class PersonList {
  private readonly records: Records;
  private readonly service: string;
  private readonly columns: PersonColumns;
  private readonly order: DateOrder;
  private row = 0;

  /** `birthdays` are some of the dates of birth, by which the order of day and month is told. */
  constructor(
    records: Records,
    service: string,
    columns: PersonColumns,
    birthdays: Iterable<string>,
    header: Place,
  ) {
    this.records = records;
    this.service = service;
    this.columns = columns;
    const { order, sure } = dateOrderOf(birthdays);
    this.order = order;
    if (!sure) {
      const text = 'nothing tells whether day or month comes first in dates of birth: read as day first';
      records.warn('birthday-order', text, header.offset, header.length);
    }
  }

  /** Takes the next row. */
  person(record: ListRow): void {
    this.row++;
    const { records, columns } = this;
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
    if (name !== '') {
      const fields = value('name') === '' ? [...columns['given name'], ...columns.surname] : columns.name;
      const place = record.placeOf?.(fields) ?? record;
      told += this.sighting(place, account, 'name', name, canonicalSelector('name', name));
    }
    for (const [role, selector] of selectors) {
      const raw = value(role);
      if (raw === '') continue;
      const place = record.placeOf?.(columns[role]) ?? record;
      told += this.sighting(place, account, selector, raw, this.canonical(role, raw));
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
    { offset, length }: Place,
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
      this.records.warn(`${selector}-malformed`, text, offset, length);
    }
    column.basis.text('self-declared');
    column.context.text('person list');
    table.end(offset, length);
    return 1;
  }

  /** Columns of no role, and the parts of the name as the list divides it. */
  private attributes(record: ListRow, columns: PersonColumns): string | null {
    const kept = new Map(Object.entries(record.notes ?? {}));
    const roleOf = this.roleByField(columns);
    for (let field = 0; field < Math.min(record.count, columns.names.length); field++) {
      const role = roleOf[field];
      if (role !== undefined && role !== 'given name' && role !== 'surname') continue;
      const text = record.text(field).trim();
      if (text !== '')
        kept.set(columns.names[field] === '' ? `column ${field + 1}` : columns.names[field]!, text);
    }
    return kept.size === 0 ? null : canonicalJson(Object.fromEntries(kept));
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
function joined(record: ListRow, fields: readonly number[]): string {
  if (fields.length === 1) return record.text(fields[0]!).trim();
  return fields
    .map((field) => record.text(field).trim())
    .filter((text) => text !== '')
    .join(' ');
}
