/**
 * IP events to weighted pairs of accounts: the kernel of typed arrays beside the same in DuckDB's SQL, on one invented
 * log, each arm in a process of its own. `node bench/linking-ip.ts <folder> [--full]`: 10 million events, or 100.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { CoUse } from '../src/persons/co-use.ts';

const folder = process.argv[2] ?? '/tmp/linking-ip';
const events = process.argv.includes('--full') ? 100_000_000 : 10_000_000;
const accounts = events / 100;
const most = 20;
const file = path.join(folder, `events-${events}.parquet`);
const arms = { kernel, sql } as const;

const arm = process.argv.indexOf('--arm');
if (arm > 0) await arms[process.argv[arm + 1] as keyof typeof arms]();
else {
  fs.mkdirSync(folder, { recursive: true });
  if (!fs.existsSync(file)) await generate();
  const results = Object.keys(arms).map((name) => run(name));
  const [ours, peer] = results as [Result, Result];
  process.stdout.write(
    `peer / ours: wall ${(peer.seconds / ours.seconds).toFixed(2)}, processor ${(peer.processor / ours.processor).toFixed(2)}, memory ${(peer.megabytes / ours.megabytes).toFixed(2)}\n`,
  );
  const same =
    ours.pairs === peer.pairs && ours.several === peer.several && Math.abs(ours.bits / peer.bits - 1) < 1e-5;
  process.stdout.write(same ? 'both find the same pairs and weights\n' : 'THE ARMS DIFFER\n');
  process.exitCode = same ? 0 : 1;
}

interface Result {
  readonly seconds: number;
  readonly processor: number;
  readonly megabytes: number;
  readonly pairs: number;
  /** Pairs of two lines or more. */
  readonly several: number;
  readonly bits: number;
}

function run(name: string): Result {
  const full = events === 100_000_000 ? ['--full'] : [];
  const result = spawnSync(
    process.execPath,
    ['--max-old-space-size=4096', import.meta.filename, folder, ...full, '--arm', name],
    { encoding: 'utf8' },
  );
  if (result.status !== 0) throw new Error(result.stderr.slice(-2000));
  process.stdout.write(`${name}: ${result.stdout}`);
  return JSON.parse(result.stdout) as Result;
}

function tell(start: number, figures: Pick<Result, 'pairs' | 'several' | 'bits'>): void {
  const { user, system } = process.cpuUsage();
  const result: Result = {
    seconds: (performance.now() - start) / 1000,
    processor: (user + system) / 1e6,
    megabytes: process.resourceUsage().maxRSS / 1024,
    ...figures,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

async function kernel(): Promise<void> {
  const start = performance.now();
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '500MB' });
  const connection = await instance.connect();
  const kernel = new CoUse(events, { most, accounts, workers: 2 });
  const result = await connection.stream(`select line, day, account from '${file}'`);
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    const [lines, days, users] = [0, 1, 2].map((c) => itemsOf(chunk!.getColumnVector(c)));
    kernel.add(lines!, days!, users!, chunk.rowCount);
  }
  connection.closeSync();
  const pairs = await kernel.pairs();
  let [several, bits] = [0, 0];
  for (let i = 0; i < pairs.length; i++) {
    if (pairs.lines[i]! > 1) several++;
    bits += pairs.bits[i]!;
  }
  tell(start, { pairs: pairs.length, several, bits });
}

/** The numbers of a column as the engine laid them down. */
function itemsOf(vector: unknown): ArrayLike<number> {
  return (vector as { items: ArrayLike<number> }).items;
}

async function sql(): Promise<void> {
  const start = performance.now();
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '9GB',
    temp_directory: path.join(folder, 'spill'),
  });
  const connection = await instance.connect();
  const rows = await connection.runAndReadAll(`
    with used as (select distinct line, day, account from '${file}'),
    joining as (select line, day from used group by all having count(*) between 2 and ${most}),
    few as (select u.* from used u semi join joining j on u.line = j.line and u.day = j.day),
    rarity as (select line, log2(${accounts} / count(distinct account)) as bits from used group by line),
    met as (
      select distinct x.line, x.account as a, y.account as b
      from few x join few y on x.line = y.line and x.day = y.day and x.account < y.account
    ),
    pair as (select a, b, count(*) as lines, sum(bits) as bits from met join rarity using (line) group by a, b)
    select count(*)::double, count(*) filter (lines > 1)::double, sum(bits) from pair`);
  const [pairs, several, bits] = rows.getRows()[0] as [number, number, number];
  tell(start, { pairs, several, bits });
}

/**
 * Homes of one to four whose lease moves every 1, 7, 30 or 90 days, workplaces, carrier gateways and exits of hundreds;
 * 90 days.
 */
async function generate(): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '2GB' });
  const connection = await instance.connect();
  const homes = Math.ceil(accounts / 2.4);
  await connection.run(`
    copy (
      select account, day, case
          when place < 60 then (hash(home * 7 + 1, day // (case home % 4 when 0 then 1 when 1 then 7 when 2 then 30 else 90 end)) % ${Math.ceil(homes * 1.2)})
          when place < 78 then ${Math.ceil(homes * 1.2)} + hash(home, 3) % ${Math.ceil(accounts / 40)}
          when place < 97 then ${Math.ceil(homes * 1.2 + accounts / 40)} + hash(account, day, 5) % ${Math.max(3, Math.ceil(accounts / 330))}
          else ${Math.ceil(homes * 1.2 + accounts / 40 + accounts / 330)} + hash(account, day, 7) % ${Math.max(2, Math.ceil(accounts / 500))}
        end::integer as line
      from (
        select (hash(i, 1) % ${accounts})::integer as account, (hash(i, 2) % 90)::integer as day, hash(i, 4) % 100 as place,
               (hash(hash(i, 1) % ${accounts}, 9) % ${homes})::bigint as home
        from range(${events}) t(i)
      )
    ) to '${file}' (format parquet)`);
}
