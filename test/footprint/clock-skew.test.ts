import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { divideByOffset, medianOf, type Pair, peaksOf } from '../../src/footprint/clock-skew.ts';
import { Operation } from '../../src/store/operation.ts';
import { openGeneration } from '../../src/workbench/build.ts';
import { run } from '../../src/workbench/run.ts';
import { type ClockSkewView, listClockSkew } from '../../src/workbench/timeline.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);

test('a peak needs enough happenings and a share of all; chance differences make none', () => {
  const counts = new Map([
    [436, 3],
    [437, 40],
    [-90, 2],
    [1200, 2],
  ]);
  assert.deepEqual(peaksOf(counts, 50, 'board and web log'), [437]);
  assert.deepEqual(peaksOf(counts, 500, 'board and web log'), []);
  assert.deepEqual(peaksOf(new Map([[0, 4]]), 4, 'board and web log'), []);
  const two = new Map([
    [0, 30],
    [437, 25],
  ]);
  assert.deepEqual(peaksOf(two, 55, 'board and web log'), [0, 437]);
});

const pair = (n: number, seconds: number): Pair => ({
  time: n * 60_000_000,
  seconds,
  offset: Math.abs(seconds - 437) <= 5 ? 437 : 0,
  reference: `r${String(n).padStart(4, '0')}`,
  source: `s${String(n).padStart(4, '0')}`,
});

test('a change of the clock is found where it happened, and a stray pair is none', () => {
  const pairs = Array.from({ length: 90 }, (_, n) => pair(n, n >= 30 && n < 60 ? 437 : n === 70 ? 437 : 0));
  const spans = divideByOffset(pairs, [0, 437], 'board and web log');
  assert.deepEqual(
    spans.map((span) => [
      span[0]!.reference,
      span.at(-1)!.reference,
      medianOf(span.map((each) => each.seconds)),
    ]),
    [
      ['r0000', 'r0029', 0],
      ['r0030', 'r0059', 437],
      ['r0060', 'r0089', 0],
    ],
  );
  assert.equal(spans[2]!.length, 29);
  assert.deepEqual(divideByOffset([], [0], 'same message'), []);
});

test('the median is robust', () => {
  assert.equal(medianOf([3, 1, 2]), 2);
  assert.equal(medianOf([0, 0, 0, 9999]), 0);
  assert.equal(medianOf([1, 2]), 1.5);
});

const times = [
  '2019-03-04T10:15:30Z',
  '2019-03-09T21:02:11Z',
  '2019-03-11T06:40:00Z',
  '2019-03-20T12:00:41Z',
];

function nginxLine(time: string, ip: string): string {
  const at = new Date(time);
  const month = at.toLocaleString('en-GB', { month: 'short', timeZone: 'UTC' });
  const stamp = `${time.slice(8, 10)}/${month}/${time.slice(0, 4)}:${time.slice(11, 19)} +0000`;
  return `${ip} - - [${stamp}] "GET /viewtopic.php?t=4 HTTP/1.1" 200 5120 "-" "Mozilla/5.0 (X11; Linux x86_64)"`;
}

async function skewsOf(name: string, files: Record<string, string>): Promise<ClockSkewView[]> {
  const evidence = path.join(folder, name);
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(evidence, file)), { recursive: true });
    fs.writeFileSync(path.join(evidence, file), text);
  }
  const operation = Operation.open(path.join(folder, `${name}-operation`), { actor: 'tester' });
  await run(operation, evidence, { authority: null, reference: null }, () => {});
  const engine = await openGeneration(operation);
  try {
    return await listClockSkew(engine);
  } finally {
    engine.close();
    operation.close();
  }
}

/** What a provider answers about the times, each moved by some seconds. */
function returned(ip: string, seconds: number): string {
  const rows = times.map((time) => {
    const stated = new Date(Date.parse(time) + seconds * 1000).toISOString().slice(0, 19);
    return `${ip},${stated}Z,S-1,Anna Larkford,"1 Invented Lane, NL","1 Invented Lane, NL",+31612345678`;
  });
  const header =
    'ip_address,queried_at_utc,subscriber_ref,subscriber_name,installation_address,billing_address,phone';
  return `${[header, ...rows].join('\n')}\n`;
}

const ip = '198.18.0.9';
const log = `${times.flatMap((time) => [nginxLine(time, ip), nginxLine(time, '198.18.0.10')]).join('\n')}\n`;

test('a return whose times are of another zone is shown with pairs that prove it; a right one agrees', async () => {
  const skews = await skewsOf('zones', {
    'server/access.log': log,
    'returns/wrong.csv': returned(ip, 3600),
    'returns/right.csv': returned('198.18.0.10', 0),
  });
  const told = skews.map(({ standing, median_seconds, pairs, agreeing, basis }) => ({
    standing,
    median_seconds,
    pairs,
    agreeing,
    basis,
  }));
  const basis = 'return and use';
  assert.deepEqual(told, [
    { standing: 'differs', median_seconds: 3600, pairs: 4, agreeing: 4, basis },
    { standing: 'agrees', median_seconds: 0, pairs: 4, agreeing: 4, basis },
  ]);
  const [{ samples }] = skews as [ClockSkewView];
  assert.equal(samples.length, 4);
  for (const { source, reference, seconds } of samples) {
    assert.match(source, /^[0-9a-f]{16}@\d+\+\d+$/);
    assert.match(reference, /^[0-9a-f]{16}@\d+\+\d+$/);
    assert.equal(seconds, 3600);
  }
});

test('minutes between two acts of one visit are no skew, and two pairs are too few to say', async () => {
  const skews = await skewsOf('visits', {
    'server/access.log': log,
    'returns/later.csv': returned(ip, 118),
    'returns/few.csv': returned('198.18.0.10', 7200).split('\n').slice(0, 3).join('\n'),
  });
  assert.deepEqual(
    skews.map(({ standing, from_time }) => [standing, from_time]),
    [['too few to say', null]],
  );
});
