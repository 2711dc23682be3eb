/** A plain, slow reader of mariadb-dump output, independent of the product's own, for checking small dumps. */
export function readDumpTables(sql: string): Record<string, Record<string, string>[]> {
  const tables: Record<string, Record<string, string>[]> = {};
  for (const [, name, body] of sql.matchAll(/^CREATE TABLE `phpbb_(\w+)` \(\n([^;]*?)\n\) ENGINE/gm)) {
    const columns = [...body!.matchAll(/^ {2}`(\w+)` /gm)].map((match) => match[1]!);
    const rows: Record<string, string>[] = [];
    for (const match of sql.matchAll(new RegExp(`^INSERT INTO \`phpbb_${name}\` VALUES\\n`, 'gm'))) {
      readRows(sql, match.index + match[0].length, (values) => {
        if (values.length !== columns.length)
          throw new Error(`${name}: ${values.length} values for ${columns.length}`);
        rows.push(Object.fromEntries(values.map((value, index) => [columns[index]!, value])));
      });
    }
    tables[name!] = rows;
  }
  return tables;
}

const escapes: Record<string, string> = { n: '\n', r: '\r', 0: '\0', Z: '\x1a' };

function readRows(sql: string, from: number, take: (values: string[]) => void): void {
  let at = from;
  for (;;) {
    const values: string[] = [];
    if (sql[at] !== '(') throw new Error(`no row at ${at}`);
    do {
      at++;
      if (sql[at] !== "'") {
        const end = /[,)]/g;
        end.lastIndex = at;
        const stop = end.exec(sql)!.index;
        values.push(sql.slice(at, stop));
        at = stop;
        continue;
      }
      let text = '';
      for (at++; sql[at] !== "'"; at++) {
        if (sql[at] === '\\') {
          at++;
          text += escapes[sql[at]!] ?? sql[at];
        } else text += sql[at];
      }
      values.push(text);
      at++;
    } while (sql[at] === ',');
    take(values);
    at++;
    if (sql[at] === ';') return;
    at += 2;
  }
}
