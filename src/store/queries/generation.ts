/** Tables of a generation, in the order in which they are written, with the order of their rows. */
const orders = {
  known_account: 'account',
  contact: 'from_account, to_account, channel',
  contact_day: 'from_account, to_account, channel, exhibit, day',
  attributed_request: 'pointer',
  person: 'person, account',
  link: 'account_a, account_b',
  generic_selector: 'selector, canonical',
  account_role: 'account',
  indicator: 'account, indicator, pointer, text',
  queue: 'rank',
  child_source: 'case_number, own, account, pointer, basis',
  completeness: 'person',
  given_selector: 'given',
  hand_off: 'hand_off',
  lead: 'rank',
  timeline:
    'account, time, exhibit, source_path, source_offset, source_length, kind, role, time_text, time_zone',
  timeline_untimed:
    'account, exhibit, source_path, source_offset, source_length, kind, role, time_text, time_zone',
  timeline_hour: 'hour, kind, exhibit, service',
  timeline_unattributed: 'events',
  clock_skew: 'basis, exhibit, source_path, reference, from_time',
  place_evidence: 'person, row',
  jurisdiction: 'person, standing',
  claimed_content: 'exhibit, source_path',
} as const;

export type DerivedTable = keyof typeof orders;
export const derivedTables = Object.keys(orders) as DerivedTable[];

/** Writes a table as one Parquet file. Ordered rows in fixed row groups: equal tables give equal bytes. */
export function copyTable(table: DerivedTable, file: string): string {
  return `copy (select * from ${table} order by ${orders[table]})
          to '${file.replaceAll("'", "''")}' (format parquet, compression zstd, row_group_size 122880)`;
}
