/**
 * The peer of reading logs: DuckDB's CSV reader told the columns of a combined log, to Parquet with zstd.
 * `duckdb-log.ts <log> <parquet>`. Rows keep their order and number, since a pointer needs a place.
 */
import { DuckDBInstance } from '@duckdb/node-api';

const [log, parquet] = process.argv.slice(2).map((file) => file.replaceAll("'", "''"));
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
await connection.run('set preserve_insertion_order = true');
const names = [
  'ip',
  'identity',
  'account',
  'time',
  'zone',
  'request',
  'status',
  'bytes',
  'referrer',
  'agent',
];
const columns = names.map((name) => `'${name}': 'VARCHAR'`).join(', ');
await connection.run(
  `copy (
     select row_number() over () as line_no, *
     from read_csv('${log}', delim = ' ', quote = '"', escape = '\\', header = false, auto_detect = false,
                   strict_mode = false, ignore_errors = true, columns = {${columns}})
   ) to '${parquet}' (format parquet, compression zstd)`,
);
const result = await connection.runAndReadAll(`select count(*)::integer from read_parquet('${parquet}')`);
process.stdout.write(`${result.getRows()[0]![0]}\n`);
