/** Rows of a table of the lake. The name comes from a signed list, and only a table's is taken. */
export function countRows(table: string): string {
  if (!/^[a-z_]{1,40}$/.test(table)) throw new TypeError('no table has such a name');
  return `select count(*) as rows from ${table}`;
}
