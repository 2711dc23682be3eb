/**
 * Writes invented log rows of 8 columns to one Parquet file, row by row from JavaScript values:
 * `write-parquet.ts ours|appender <rows> <parquet>`. The appender is the engine's own.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { batchRows, makeColumn, type RowCounter } from '../../src/evidence/columns.ts';
import { ParquetFile } from '../../src/store/parquet/file.ts';

const [way, count, file] = process.argv.slice(2);
const rows = Number(count);
const columns = [
  { name: 'time', type: 'int' },
  { name: 'ip', type: 'text' },
  { name: 'method', type: 'text' },
  { name: 'url', type: 'text' },
  { name: 'status', type: 'int' },
  { name: 'bytes', type: 'int' },
  { name: 'referrer', type: 'text' },
  { name: 'agent', type: 'text' },
] as const;
const agents = Array.from(
  { length: 40 },
  (_, i) => `Mozilla/5.0 (X11; Linux x86_64; rv:${60 + i}.0) Gecko/20100101`,
);

/** The same row for the same number, whoever writes it. */
function rowOf(i: number): (string | number)[] {
  const topic = Math.imul(i, 0x9e3779b1) >>> 18;
  return [
    1_546_300_800_000_000 + i * 310_000,
    `198.18.${(topic >> 8) & 255}.${topic & 255}`,
    i % 9 === 0 ? 'POST' : 'GET',
    `/viewtopic.php?f=${topic % 12}&t=${topic}`,
    200,
    4000 + (topic % 20_000),
    `http://forum.example/viewforum.php?f=${topic % 12}`,
    agents[topic % agents.length]!,
  ];
}

async function writeOurs(): Promise<void> {
  const row: RowCounter = { at: 0 };
  const builders = columns.map(({ name, type }) =>
    makeColumn(type === 'int' ? 'int' : name === 'url' ? 'text' : 'term', row),
  );
  const parquet = new ParquetFile(`${file}.tmp`, file!, columns);
  for (let i = 0; i < rows; i++) {
    const values = rowOf(i);
    for (let c = 0; c < values.length; c++) {
      const value = values[c]!;
      if (typeof value === 'number') builders[c]!.int(value);
      else builders[c]!.text(value);
    }
    row.at++;
    if (row.at < batchRows && i + 1 < rows) continue;
    const writing = parquet.write(
      row.at,
      builders.map((builder) => builder.take()),
    );
    row.at = 0;
    await writing;
  }
  await parquet.close();
}

async function writeAppended(): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const types = columns.map(({ name, type }) => `${name} ${type === 'int' ? 'bigint' : 'varchar'}`);
  await connection.run(`create table log (${types.join(', ')})`);
  const appender = await connection.createAppender('log');
  for (let i = 0; i < rows; i++) {
    for (const value of rowOf(i)) {
      if (typeof value === 'number') appender.appendBigInt(BigInt(value));
      else appender.appendVarchar(value);
    }
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(`copy log to '${file!.replaceAll("'", "''")}' (format parquet, compression zstd)`);
}

await (way === 'ours' ? writeOurs() : writeAppended());
