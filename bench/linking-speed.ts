/**
 * A million person records end to end: Waymark and real Splink 4 on the same file, one after the other.
 * `node --max-old-space-size=4096 bench/linking-speed.ts <folder> [records] [--peer]`
 * Each arm runs in a process of its own, so that its peak memory is its own. Figures are ratios of one run.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { learn } from '../src/persons/learn.ts';
import { PopulationBuilder } from '../src/persons/population.ts';
import { mix } from '../src/persons/similarity.ts';
import { quality } from './linking-data.ts';
import { runPeer } from './linking-splink.ts';

const peerScript = `
import sys, time, resource, json
import duckdb
from splink import Linker, DuckDBAPI, SettingsCreator, block_on
import splink.comparison_library as cl
source, folder = sys.argv[1], sys.argv[2]
start = time.time()
con = duckdb.connect(); con.execute("set threads=2"); con.execute("set memory_limit='8GB'")
con.execute(f"create table records as select * from '{source}'")
settings = SettingsCreator(link_type="dedupe_only", blocking_rules_to_generate_predictions=[
  block_on("substr(first_name,1,3)", "substr(surname,1,4)"), block_on("surname", "dob"), block_on("first_name", "dob"),
  block_on("city", "surname"), block_on("email")],
  comparisons=[cl.NameComparison("first_name"), cl.NameComparison("surname"), cl.DateOfBirthComparison("dob", input_is_string=True),
    cl.ExactMatch("city").configure(term_frequency_adjustments=True), cl.EmailComparison("email")])
linker = Linker("records", settings, db_api=DuckDBAPI(con))
linker.training.estimate_probability_two_random_records_match(["l.first_name = r.first_name and l.surname = r.surname and l.dob = r.dob"], recall=0.6)
linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "surname"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob", "email"))
pairs = linker.inference.predict(threshold_match_probability=0.01)
clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=0.95)
clusters.as_duckdbpyrelation().select("cluster_id, unique_id").write_parquet(folder + "/clusters.parquet")
n = pairs.as_duckdbpyrelation().aggregate("count(*)").fetchall()[0][0]
print(json.dumps({"seconds": time.time() - start, "pairs": n, "processorSeconds": sum(resource.getrusage(resource.RUSAGE_SELF)[:2]),
  "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
`;

const [folder, count] = [process.argv[2] ?? '/tmp/linking-speed', Number(process.argv[3] ?? 1_000_000)];
const file = path.join(folder, `people-${count}.parquet`);

if (process.argv.includes('--arm')) {
  await waymarkArm();
} else {
  fs.mkdirSync(folder, { recursive: true });
  if (!fs.existsSync(file)) await generate();
  const arm = spawnSync(
    process.execPath,
    ['--max-old-space-size=3000', import.meta.filename, folder, String(count), '--arm'],
    { stdio: 'inherit' },
  );
  if (arm.status !== 0) process.exit(1);
  if (process.argv.includes('--peer')) {
    const run = runPeer(folder, file, peerScript);
    process.stdout.write(
      `Splink 4: ${run.seconds.toFixed(1)} s, processor ${run.processorSeconds.toFixed(1)} s, peak ${run.peakMegabytes.toFixed(0)} MB\n`,
    );
    await judge('Splink 4', path.join(folder, 'clusters.parquet'));
  }
}

async function waymarkArm(): Promise<void> {
  const start = performance.now();
  const lap = (name: string) =>
    process.stdout.write(
      `  ${name} at ${((performance.now() - start) / 1000).toFixed(1)} s, ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB\n`,
    );
  const builder = new PopulationBuilder([
    { name: 'name', kind: 'words', group: 'name' },
    { name: 'dob', kind: 'date', group: 'birth' },
    { name: 'city', kind: 'text', group: 'location' },
    { name: 'email', kind: 'code', group: 'contact' },
  ]);
  const truth: number[] = [];
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const result = await connection.stream(
    `select first_name || ' ' || surname, dob, city, email, person from '${file}' order by unique_id`,
  );
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    const columns = chunk.getColumns();
    for (let r = 0; r < chunk.rowCount; r++) {
      for (let f = 0; f < 4; f++) builder.set(f, columns[f]![r] as string | null);
      builder.end();
      truth.push(Number(columns[4]![r]));
    }
  }
  connection.closeSync();
  const population = builder.finish();
  lap('loaded');
  const learned = learn(population, undefined, lap);
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage();
  const found = quality(learned.clusters, truth);
  process.stdout.write(
    `Waymark: ${seconds.toFixed(1)} s, processor ${((used.user + used.system) / 1e6).toFixed(1)} s, peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB, ` +
      `${learned.pairs.length} pairs kept, F1 ${found.f1.toFixed(4)}, B3 ${found.bCubed.toFixed(4)}, guard ${learned.guard}\n`,
  );
}

async function judge(name: string, clusters: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = await connection.runAndReadAll(
    `select dense_rank() over (order by cluster_id) as c, person from '${clusters}' join '${file}' using (unique_id) order by unique_id`,
  );
  const [found, truth] = rows.getColumns() as unknown as [bigint[], bigint[]];
  const figures = quality(found.map(Number), truth.map(Number));
  process.stdout.write(`${name}: F1 ${figures.f1.toFixed(4)}, B3 ${figures.bCubed.toFixed(4)}\n`);
}

/** Invented people: names some far commoner than others, slips in one value of five, a value absent in one of ten. */
async function generate(): Promise<void> {
  const text = path.join(folder, `people-${count}.csv`);
  const out = fs.createWriteStream(text);
  out.write('unique_id,person,first_name,surname,dob,city,email\n');
  const chance = (seed: number) => mix(mix(seed) ^ 0x1b873593) / 2 ** 32;
  // Collision chances near those of real lists: 1 in 400 for first names, 1 in 4,000 for surnames.
  const skewed = (seed: number, size: number) => Math.floor(size * chance(seed) ** 3);
  let lines: string[] = [];
  let person = 0;
  for (let i = 0; i < count; person++) {
    const s = person * 64;
    const first = name(skewed(s, 2000), 3);
    const surname = name(skewed(s + 1, 60_000) + 10_000, 4);
    const year = 1930 + Math.floor(chance(s + 2) * 70);
    const day = Math.floor(chance(s + 3) * 365);
    const dob = `${year}-${String(1 + Math.floor(day / 31)).padStart(2, '0')}-${String(1 + (day % 28)).padStart(2, '0')}`;
    const city = name(skewed(s + 4, 2000) + 90_000, 2);
    const mail = `${first}.${surname}${Math.floor(chance(s + 5) * 100)}@${name(skewed(s + 6, 30), 2)}.example`;
    const copies = 1 + Math.floor(chance(s + 7) ** 2 * 5);
    for (let c = 0; c < copies && i < count; c++, i++) {
      const at = s + 10 + c * 8;
      const value = (v: string, k: number) =>
        chance(at + k) < 0.1 ? '' : chance(at + k) < 0.28 ? slip(v, at + k) : v;
      const cells = [first, surname, dob, city, mail].map((v, k) =>
        k < 2 && chance(at + k) < 0.1 ? v : value(v, k),
      );
      lines.push(`${i},${person},${cells.join(',')}`);
    }
    if (lines.length > 10_000) {
      out.write(`${lines.join('\n')}\n`);
      lines = [];
    }
  }
  out.end(`${lines.join('\n')}\n`);
  await new Promise<void>((resolve) => out.on('finish', () => resolve()));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `copy (select unique_id::bigint as unique_id, person::bigint as person, first_name, surname, dob, city, email from read_csv('${text}', all_varchar=true, header=true)) to '${file}' (format parquet)`,
  );
  fs.rmSync(text);
}

function name(seed: number, parts: number): string {
  const syllables = [
    'ka',
    'lo',
    'mi',
    'ber',
    'tan',
    'ru',
    'ves',
    'dol',
    'pi',
    'sor',
    'han',
    'gul',
    'fe',
    'quin',
    'wa',
    'jo',
    'ster',
    'nel',
  ];
  return Array.from(
    { length: parts },
    (_, i) => syllables[mix(seed * 5 + i * 977 + 13) % syllables.length],
  ).join('');
}

/** One letter or digit wrong. */
function slip(value: string, seed: number): string {
  const at = mix(seed + 3) % value.length;
  const letter = value[at]!;
  if (letter === '-' || letter === '@' || letter === '.') return value;
  const other = /\d/.test(letter) ? String(mix(seed + 4) % 10) : 'aeioulnrst'[mix(seed + 4) % 10]!;
  return value.slice(0, at) + other + value.slice(at + 1);
}
