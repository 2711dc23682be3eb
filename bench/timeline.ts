import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Engine } from '../src/store/engine.ts';
import { openEngine } from '../src/store/lake.ts';
import type { Operation } from '../src/store/operation.ts';
import { copyTable, type DerivedTable } from '../src/store/queries/generation.ts';
import { showHistogram, showTimeline, type TimelineQuery } from '../src/workbench/timeline.ts';

const entries = 10_000_000;
const accounts = 50_000;
const asked = 12;
const whole: TimelineQuery = { persons: [], from: null, to: null, kinds: [], exhibit: null };

/** Ten million invented entries of 50,000 accounts over 65 weeks; a few accounts write very much. */
const invented = `
select 'phpbb:invented.example/' || cast(floor(${accounts} * power(r1, 3)) as int) as account,
       1546732800000000 + cast(floor(r2 * 39312000) as bigint) * 1000000 as time,
       ['post', 'private message', 'mail', 'login', 'session'][1 + cast(floor(r3 * 5) as int)] as kind,
       case when r3 < 0.3 then 'to' else 'by' end as role, 'visible' as action,
       'phpbb:invented.example/' || cast(floor(${accounts} * r4) as int) as other_account, 'phpbb:invented.example' as service,
       '198.18.' || cast(floor(r4 * 255) as int) || '.' || cast(floor(r3 * 255) as int) as ip, 1 as copies,
       cast(1546732800 + cast(floor(r2 * 39312000) as bigint) as varchar) as time_text, 'epoch' as time_zone,
       printf('%016x', cast(floor(r1 * 20) as int)) as exhibit, '' as source_path, n * 300 as source_offset, 300 as source_length
from (select n, (hash(n) % 1000003) / 1000003.0 as r1, (hash(n + 1) % 1000033) / 1000033.0 as r2,
             (hash(n * 3) % 1000037) / 1000037.0 as r3, (hash(n * 7) % 1000039) / 1000039.0 as r4 from range(${entries}) t(n))`;

const tables: Readonly<Record<string, string>> = {
  timeline: invented,
  timeline_by_time: 'select * from timeline',
  timeline_hour: `
    select time - time % 3600000000 as hour, kind, exhibit, service, count(*) as events, min(time) as first_time,
           max(time) as last_time from timeline group by all`,
  timeline_untimed: 'select * from timeline limit 0',
  timeline_unattributed: 'select 0::bigint as events',
  known_account: `
    select 'phpbb:invented.example/' || n as account, 'phpbb:invented.example' as service, cast(n as varchar) as native_id,
           'member ' || n as handle, 'member' as kind from range(${accounts}) t(n)`,
  person: `
    select 'person-' || (n // 2) as person, 'phpbb:invented.example/' || n as account from range(${accounts}) t(n)`,
};

/**
 * Questions to ten million entries as the workbench asks them, p50 and p95 in milliseconds, beside the same questions to
 * the same rows in the order of arrival: what the order of the file is worth.
 */
export async function timeline(rounds: number): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-timeline-'));
  for (const name of ['lake', 'generations', 'tmp']) fs.mkdirSync(path.join(folder, name));
  try {
    await writeTables(folder);
    const sorted = await openTables(folder, 'timeline');
    const plain = await openTables(folder, 'arrival');
    try {
      for (const [name, ask] of questions(rounds)) {
        const ours = await measureAll(sorted, ask, asked * rounds);
        const scan = await measureAll(plain, ask, 3 * rounds);
        const times = scan.p95 / ours.p95;
        process.stdout.write(
          `${name.padEnd(34)} p50 ${ours.p50.toFixed(0)} ms, p95 ${ours.p95.toFixed(0)} ms; plain scan p50 ${scan.p50.toFixed(0)} ms, p95 ${scan.p95.toFixed(0)} ms (${times.toFixed(1)} times ours)\n`,
        );
        process.stdout.write(
          `${JSON.stringify({ bench: 'timeline', name, ours, scan, timesOurs: Number(times.toFixed(2)) })}\n`,
        );
      }
    } finally {
      sorted.close();
      plain.close();
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function writeTables(folder: string): Promise<void> {
  const engine = await engineOf(folder);
  try {
    const arrival = path.join(folder, 'generations', 'arrival.parquet');
    await engine.run(
      `copy (${invented}) to '${arrival}' (format parquet, compression zstd, row_group_size 122880)`,
    );
    await engine.run(`create view arrival as select * from read_parquet('${arrival}')`);
    for (const [name, statement] of Object.entries(tables)) {
      if (name === 'timeline') await engine.run('create view timeline as select * from arrival');
      else if (name === 'timeline_by_time') await engine.run(`create view ${name} as ${statement}`);
      else await engine.run(`create table ${name} as ${statement}`);
      const file = path.join(folder, 'generations', `${name}.parquet`);
      const began = performance.now();
      await engine.run(copyTable(name as DerivedTable, file));
      process.stderr.write(
        `  ${name}: ${((performance.now() - began) / 1000).toFixed(1)} s, ${(fs.statSync(file).size / 1e6).toFixed(0)} MB\n`,
      );
    }
  } finally {
    engine.close();
  }
}

/** The tables of a generation; `timeline` from the named file. */
async function openTables(folder: string, file: string): Promise<Engine> {
  const engine = await engineOf(folder);
  for (const name of Object.keys(tables)) {
    const source = path.join(folder, 'generations', `${name === 'timeline' ? file : name}.parquet`);
    // The plain scan has the rows in the order of arrival only, and counts from them.
    const isMade = name === 'timeline_hour' || name === 'timeline_by_time';
    const from = isMade && file !== 'timeline' ? `(${tables[name]})` : `read_parquet('${source}')`;
    await engine.run(`create view ${name} as select * from ${from}`);
  }
  return engine;
}

function engineOf(folder: string): Promise<Engine> {
  const at = (...parts: string[]) => path.join(folder, ...parts);
  return openEngine({ path: at } as unknown as Operation);
}

type Question = (engine: Engine, n: number) => Promise<unknown>;

function questions(_rounds: number): [string, Question][] {
  // Persons of every size: the numbers go from those who write most to those who write least.
  const person = (n: number) => `person-${Math.floor(((n * 37) % 101) ** 2 * 2.4)}`;
  const some = (n: number) => [0, 1, 2, 3, 4].map((k) => person(n * 5 + k));
  const cursor = new Map<number, string>();
  return [
    [
      'page of one person',
      (engine, n) => showTimeline(engine, { ...whole, persons: [person(n)] }, 100, null),
    ],
    [
      'page of who writes most',
      async (engine, n) => {
        const page = await showTimeline(
          engine,
          { ...whole, persons: ['person-0'] },
          100,
          cursor.get(n - 1) ?? null,
        );
        if (page.next) cursor.set(n, page.next);
      },
    ],
    ['page of five persons', (engine, n) => showTimeline(engine, { ...whole, persons: some(n) }, 100, null)],
    [
      'page of the operation',
      (engine, n) => {
        const from = 1546732800000000 + (n % 60) * 604_800_000_000;
        return showTimeline(engine, { ...whole, from }, 100, null);
      },
    ],
    [
      'histogram of one person by hour',
      (engine, n) => showHistogram(engine, { ...whole, persons: [person(n)] }, 'hour-of-day', 'kind'),
    ],
    [
      'histogram of five persons by day',
      (engine, n) => showHistogram(engine, { ...whole, persons: some(n) }, 'day', 'kind'),
    ],
    ['histogram of the operation by day', (engine) => showHistogram(engine, whole, 'day', 'kind')],
    [
      'histogram of one exhibit by week',
      (engine) => showHistogram(engine, { ...whole, exhibit: '0000000000000003' }, 'week', 'kind'),
    ],
  ];
}

async function measureAll(
  engine: Engine,
  ask: Question,
  times: number,
): Promise<{ p50: number; p95: number }> {
  const taken: number[] = [];
  for (let n = 0; n < times; n++) {
    const began = performance.now();
    await ask(engine, n);
    taken.push(performance.now() - began);
  }
  taken.sort((a, b) => a - b);
  const at = (share: number) =>
    Number(taken[Math.min(taken.length - 1, Math.floor(taken.length * share))]!.toFixed(1));
  return { p50: at(0.5), p95: at(0.95) };
}
