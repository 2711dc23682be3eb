/**
 * The contact graph at ten million edges beside DuckDB on the same edges.
 * `node bench/contact-graph.ts [folder] [edges] [accounts]`
 *
 * An invented network in which few accounts have very many contacts (fixed seed), written as the tables of a
 * generation. Waymark answers as the server does: through its thread, views and pointers included, while the delay of the
 * asking event loop is measured. DuckDB holds every pair both ways, sorted, in memory; it counts two steps in one
 * statement and finds the length of a shortest path by breadth-first search from both ends, step by step.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Network } from '../src/footprint/graph/network.ts';
import { randomFrom } from '../src/footprint/graph/random.ts';

const folder = process.argv[2] ?? '/tmp/waymark-bench/contact-graph';
const edges = Number(process.argv[3] ?? 10_000_000);
const accounts = Number(process.argv[4] ?? 1_000_000);
const questions = { twoSteps: 200, paths: 200, peerPaths: 40 };

fs.mkdirSync(folder, { recursive: true });
const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1800MB' });
const connection = await instance.connect();
const files = Object.fromEntries(
  ['known_account', 'contact_day', 'person', 'queue', 'link'].map((table) => [
    table,
    path.join(folder, `${table}-${edges}-${accounts}.parquet`),
  ]),
);
if (!fs.existsSync(files.link!)) await generate(connection);

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
let began = performance.now();
const network = await Network.open({
  folders: [folder],
  temporaryFolder: path.join(folder, 'spill'),
  files: files as Record<string, string>,
});
say(`graph read in ${seconds(began)} s`);

const random = randomFrom(20261124);
// Ends of random edges: a busy account is asked for as often as it writes.
const ends = await numbers(
  connection,
  `select number from (select cast(substr(from_account, 7) as bigint) as number, row_number() over (order by from_account, to_account) as place
   from '${files.contact_day}') where place % ${Math.floor(edges / 2000)} = 0 order by place`,
);
const draw = () => nameOf(ends[Math.floor(random() * ends.length)]!);
const starts = Array.from({ length: questions.twoSteps }, draw);
const pairs = Array.from({ length: questions.paths }, () => [draw(), draw()] as const);
const uniform = Array.from({ length: questions.paths }, () => [anyone(), anyone()] as const);

const two: number[] = [];
const reached: (number | null)[] = [];
await network.ask({ kind: 'neighbours', of: starts[0]!, hops: 1, fan: 25, most: 300, filter: {} });
for (const of of starts) {
  began = performance.now();
  const answer = await network.ask({ kind: 'neighbours', of, hops: 2, fan: 25, most: 300, filter: {} });
  two.push(performance.now() - began);
  reached.push(answer.reach.two);
}
const counted: number[] = [];
for (const [index, of] of starts.entries()) {
  began = performance.now();
  const answer = await network.ask({ kind: 'neighbours', of, hops: 2, fan: 1, most: 1, filter: {} });
  counted.push(performance.now() - began);
  if (answer.reach.two !== reached[index]) throw new Error(`two steps from ${of} differ`);
}
const ways: number[] = [];
const lengths: (number | null)[] = [];
for (const [a, b] of [...pairs, ...uniform]) {
  began = performance.now();
  const answer = await network.ask({ kind: 'path', a, b, most: 20, hub: 0, filter: {} });
  ways.push(performance.now() - began);
  lengths.push(answer.length);
}
delay.disable();
const lag = { p50: delay.percentile(50) / 1e6, p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
say(`delay of the asking event loop (timer of 5 ms): ${quantiles(lag)}`);
say(`memory of the process: ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`);
network.close();

await connection.run(
  `create table edge as select distinct a, b from (
     select cast(substr(from_account, 7) as integer) as a, cast(substr(to_account, 7) as integer) as b from '${files.contact_day}'
     union all select cast(substr(to_account, 7) as integer), cast(substr(from_account, 7) as integer) from '${files.contact_day}')
   order by a, b`,
);
const peerTwo: number[] = [];
for (const [index, of] of starts.entries()) {
  const start = Number(of.slice(6));
  began = performance.now();
  const [count] = await numbers(
    connection,
    `with one as materialized (select b from edge where a = ${start})
     select count(distinct e.b) from edge e join one on e.a = one.b
     where e.b <> ${start} and e.b not in (select b from one)`,
  );
  peerTwo.push(performance.now() - began);
  if (count !== reached[index])
    throw new Error(`two steps from ${of}: ${reached[index]} here, ${count} in DuckDB`);
}
const peerWays: number[] = [];
for (const [index, [a, b]] of pairs.slice(0, questions.peerPaths).entries()) {
  began = performance.now();
  const length = await peerPath(connection, Number(a.slice(6)), Number(b.slice(6)));
  peerWays.push(performance.now() - began);
  if (length !== lengths[index]) throw new Error(`${a} to ${b}: ${lengths[index]} here, ${length} in DuckDB`);
}
const half = ways.slice(0, questions.paths);
report('two steps, counted', counted, peerTwo);
report('two steps, 300 nodes with edges, bursts and pointers', two, peerTwo);
report('paths, ends of edges', half, peerWays);
report('paths, any two', ways.slice(questions.paths), null);
say('answers of both are the same');

function report(what: string, ours: number[], peers: number[] | null): void {
  const [mine, theirs] = [spread(ours), peers && spread(peers)];
  say(`${what}: Waymark ${quantiles(mine)}${theirs ? `; DuckDB ${quantiles(theirs)}` : ''}`);
  if (theirs)
    say(
      `  DuckDB / Waymark: p50 ${(theirs.p50 / mine.p50).toFixed(1)}, p95 ${(theirs.p95! / mine.p95!).toFixed(1)}, p99 ${(theirs.p99 / mine.p99).toFixed(1)}`,
    );
}

interface Spread {
  readonly p50: number;
  readonly p95?: number;
  readonly p99: number;
  readonly max: number;
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((x, y) => x - y);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1)! };
}

function quantiles(values: Spread): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value.toFixed(1)}`)
    .join(', ')
    .concat(' ms');
}

function nameOf(number: number): string {
  return `board/${String(number).padStart(7, '0')}`;
}

function anyone(): string {
  return nameOf(Math.floor(random() * accounts));
}

function seconds(from: number): string {
  return ((performance.now() - from) / 1000).toFixed(1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function numbers(on: DuckDBConnection, sql: string): Promise<number[]> {
  const result = await on.runAndReadAll(sql);
  return (result.getColumns()[0] ?? []).map(Number);
}

async function peerPath(on: DuckDBConnection, a: number, b: number): Promise<number | null> {
  if (a === b) return 0;
  for (const [side, start] of [
    ['l', a],
    ['r', b],
  ] as const) {
    await on.run(`create or replace temp table seen_${side} as select ${start}::integer as node`);
    await on.run(`create or replace temp table front_${side} as select ${start}::integer as node`);
  }
  const sizes = { l: 1, r: 1 };
  for (let steps = 1; ; steps++) {
    const [side, other] = sizes.l <= sizes.r ? (['l', 'r'] as const) : (['r', 'l'] as const);
    await on.run(
      `create or replace temp table next as select distinct e.b as node from edge e join front_${side} f on e.a = f.node
       where e.b not in (select node from seen_${side})`,
    );
    const [size] = await numbers(on, 'select count(*) from next');
    if (size === 0) return null;
    const [met] = await numbers(on, `select count(*) from next join seen_${other} using (node)`);
    if (met! > 0) return steps;
    await on.run(`insert into seen_${side} select node from next`);
    await on.run(`create or replace temp table front_${side} as select node from next`);
    sizes[side] = size!;
  }
}

/** Ends drawn so that the k-th account has contacts in proportion to k to the power of -2/3. */
async function generate(on: DuckDBConnection): Promise<void> {
  const write = (table: string, select: string) =>
    on.run(`copy (${select}) to '${files[table]}' (format parquet, compression zstd)`);
  const account = (column: string) => `'board/' || lpad(${column}::varchar, 7, '0')`;
  const number = (salt: number) =>
    `cast(floor(${accounts} * pow(hash(i * 4 + ${salt}) / 18446744073709551616.0, 3)) as integer)`;
  await write(
    'known_account',
    `select ${account('i')} as account, 'member ' || i as handle from range(${accounts}) t(i) order by i`,
  );
  await on.run(
    `create temp table arc as select distinct f, t from (
       select ${number(1)} as f, ${number(2)} as t from range(${Math.ceil(edges * 1.3)}) r(i)) where f <> t`,
  );
  await write(
    'contact_day',
    `select ${account('f')} as from_account, ${account('t')} as to_account,
            case when hash(f * 3 + t) % 4 = 0 then 'mail' else 'private message' end as channel,
            case when hash(f + t) % 2 = 0 then '0123456789abcdef' else 'fedcba9876543210' end as exhibit,
            (17897 + hash(f * 5 + t) % 450)::bigint as day, 1::bigint as messages, 1::bigint as first_messages,
            ((17897 + hash(f * 5 + t) % 450) * 86400000000)::bigint as first_time,
            ((17897 + hash(f * 5 + t) % 450) * 86400000000)::bigint as last_time,
            '0123456789abcdef@' || (row_number() over ()) || '+100' as pointer
     from (select f, t from arc order by hash(f::bigint * 1000003 + t), f, t limit ${edges})`,
  );
  await on.run('drop table arc');
  await write('person', `select account as person, account from '${files.known_account}' where false`);
  await write('queue', `select ''::varchar as person, ''::varchar as band, 0::bigint as rank where false`);
  await write(
    'link',
    `select ''::varchar as account_a, ''::varchar as account_b, 0.0::double as bits, null::varchar as decision where false`,
  );
}
