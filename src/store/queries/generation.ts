/** Tables of a generation, in the order in which they are written, with the order of their rows. */
const orders = {
  known_account: 'account',
  contact: 'from_account, to_account, channel',
  attributed_request: 'pointer',
  person: 'person, account',
  link: 'account_a, account_b',
  generic_selector: 'selector, canonical',
  indicator: 'account, indicator, pointer',
  queue: 'rank',
  claimed_content: 'exhibit, source_path',
} as const;

export type DerivedTable = keyof typeof orders;
export const derivedTables = Object.keys(orders) as DerivedTable[];

/** Writes a table as one Parquet file. Ordered rows in fixed row groups: equal tables give equal bytes. */
export function copyTable(table: DerivedTable, file: string): string {
  return `copy (select * from ${table} order by ${orders[table]})
          to '${file.replaceAll("'", "''")}' (format parquet, compression zstd, row_group_size 122880)`;
}
