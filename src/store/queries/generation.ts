/**
 * The parts of a generation in the order in which they are derived, each with its tables in the order in which
 * they are written, and the order of a table's rows.
 */
const parts = {
  contacts: {
    known_account: 'account',
    contact: 'from_account, to_account, channel',
    contact_day: 'from_account, to_account, channel, exhibit, day',
    attributed_request: 'pointer',
    claimed_content: 'exhibit, source_path',
  },
  given: {
    given_selector: 'given',
  },
  persons: {
    person: 'person, account',
    link: 'account_a, account_b',
    generic_selector: 'selector, canonical',
  },
  queue: {
    account_role: 'account',
    indicator: 'account, indicator, pointer, text',
    queue: 'rank',
    child_source: 'case_number, own, account, pointer, basis',
    completeness: 'person',
  },
  'hand-offs': {
    hand_off: 'hand_off',
    lead: 'rank',
  },
  timeline: {
    timeline:
      'account, time, exhibit, source_path, source_offset, source_length, kind, role, time_text, time_zone',
    timeline_by_time:
      'time, exhibit, source_path, source_offset, source_length, account, kind, role, time_text, time_zone',
    timeline_untimed:
      'account, exhibit, source_path, source_offset, source_length, kind, role, time_text, time_zone',
    timeline_hour: 'hour, kind, exhibit, service',
    timeline_unattributed: 'events',
  },
  clocks: {
    clock_skew: 'basis, exhibit, source_path, reference, from_time',
  },
  places: {
    place_evidence: 'person, row',
    jurisdiction: 'person, standing',
  },
} as const;

export type PartName = keyof typeof parts;
type TableOf<Part> = Part extends PartName ? keyof (typeof parts)[Part] & string : never;
export type DerivedTable = TableOf<PartName>;

export const partNames = Object.keys(parts) as PartName[];
/** The last of the parts that put a generation in force: the queue and what it is made of. */
export const partInForce: PartName = 'queue';

const orders: Readonly<Record<string, string>> = Object.assign({}, ...Object.values(parts));
export const derivedTables = Object.keys(orders) as DerivedTable[];

export function tablesOf(part: PartName): DerivedTable[] {
  return Object.keys(parts[part]) as DerivedTable[];
}

export function partOf(table: DerivedTable): PartName {
  return partNames.find((part) => Object.hasOwn(parts[part], table))!;
}

/** Writes a table as one Parquet file. Ordered rows in fixed row groups: equal tables give equal bytes. */
export function copyTable(table: DerivedTable, file: string): string {
  return `copy (select * from ${table} order by ${orders[table]!})
          to '${file.replaceAll("'", "''")}' (format parquet, compression zstd, row_group_size 122880)`;
}

/** What is told of a generation in force. */
export const generationCounts = `
select (select count(*) from known_account) as accounts, (select count(distinct person) from person) as persons,
       (select count(*) from contact) as contacts, (select count(*) from queue) as queued`;
