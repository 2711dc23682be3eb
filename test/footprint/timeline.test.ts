import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { WaymarkError } from '../../src/base/errors.ts';
import type { Engine } from '../../src/store/engine.ts';
import { Operation } from '../../src/store/operation.ts';
import { bucketNames, splitNames } from '../../src/store/queries/timeline.ts';
import { openGeneration } from '../../src/workbench/build.ts';
import { listPersons } from '../../src/workbench/person.ts';
import { run } from '../../src/workbench/run.ts';
import {
  listUntimed,
  showHabits,
  showHistogram,
  showTimeline,
  type TimelineEntry,
  type TimelineQuery,
  timelineTime,
} from '../../src/workbench/timeline.ts';
import { writeGarden } from '../support/evidence.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
let operation: Operation;
let engine: Engine;
const all: TimelineQuery = { persons: [], from: null, to: null, kinds: [], exhibit: null };

before(async () => {
  const garden = writeGarden(path.join(folder, 'garden'));
  // The same mails handed over twice: another file, so another exhibit.
  const mails = fs.readFileSync(path.join(garden, 'mail/club.mbox'));
  fs.mkdirSync(path.join(garden, 'partner'));
  fs.writeFileSync(path.join(garden, 'partner/copy.mbox'), Buffer.concat([mails, Buffer.from('\n')]));
  operation = Operation.open(path.join(folder, 'operation'), { actor: 'tester' });
  await run(operation, garden, { authority: null, reference: null }, () => {});
  engine = await openGeneration(operation);
});
after(() => {
  engine?.close();
  operation?.close();
  remove();
});

async function whole(query: TimelineQuery, limit: number): Promise<TimelineEntry[]> {
  const entries: TimelineEntry[] = [];
  let next: string | null = null;
  do {
    const page = await showTimeline(engine, query, limit, next);
    entries.push(...page.entries);
    next = page.next;
  } while (next !== null);
  return entries;
}

test('pages of any size put together are the whole, in order of time and pointer', async () => {
  const once = await whole(all, 500);
  assert.ok(once.length > 20);
  for (const limit of [1, 3, 7]) assert.deepEqual(await whole(all, limit), once);
  for (let i = 1; i < once.length; i++) {
    const [a, b] = [once[i - 1]!, once[i]!];
    assert.ok(a.time! < b.time! || (a.time === b.time && a.pointer <= b.pointer));
  }
});

test('pages of many persons are the whole narrowed to their accounts', async () => {
  const once = await whole(all, 500);
  const persons = [...new Set(once.map(({ person }) => person).filter((person) => person !== null))];
  assert.ok(persons.length >= 5);
  for (const some of [persons, persons.slice(0, 5), persons.slice(0, 1)]) {
    const theirs = once.filter(({ person }) => some.includes(person!));
    for (const limit of [2, 5, 500]) assert.deepEqual(await whole({ ...all, persons: some }, limit), theirs);
  }
  const [counts] = await engine.rows<{ same: boolean }>(
    `select (select count(*) from timeline_by_time) = (select count(*) from timeline) as same`,
  );
  assert.ok(counts!.same);
});

test('one row of evidence is one entry of an account, and a message in two exhibits is one with two copies', async () => {
  const once = await whole(all, 500);
  const keys = once.map(({ account, time, kind, role, pointer }) =>
    [account, time, kind, role, pointer].join(' '),
  );
  assert.equal(new Set(keys).size, keys.length);
  const mails = once.filter(({ kind, role }) => kind === 'mail' && role === 'by');
  assert.ok(mails.length > 0);
  assert.ok(mails.every(({ copies }) => copies === 2));
  const [counted] = await engine.rows<{ messages: number }>(
    `select count(distinct message) as messages from message where channel = 'mail' and time is not null and sender is not null`,
  );
  assert.equal(mails.length, counted!.messages);
  // Sightings on the rows of posts and mails are covered by them.
  const places = new Set(
    once.filter(({ kind }) => kind !== 'sighting').map(({ account, pointer }) => account + pointer),
  );
  for (const { kind, account, pointer } of once)
    if (kind === 'sighting') assert.ok(!places.has(account + pointer), pointer);
});

test('requests stand once, whether the log or the session names who made them', async () => {
  const [counted] = await engine.rows<{ requests: number }>(
    `select (select count(*) from attributed_request)
          + (select count(*) from event where method is not null and account is not null) as requests`,
  );
  const requests = await whole({ ...all, kinds: ['request'] }, 500);
  assert.ok(counted!.requests > 0);
  assert.equal(requests.length, counted!.requests);
});

test('every entry is kept: those with a time and those without are all that was said', async () => {
  const [counts] = await engine.rows<{ timed: number; untimed: number; hourly: number }>(
    `select (select count(*) from timeline) as timed, (select count(*) from timeline_untimed) as untimed,
            (select cast(sum(events) as bigint) from timeline_hour) as hourly`,
  );
  const page = await showTimeline(engine, all, 1, null);
  const untimed = await listUntimed(engine, all, 500, 0);
  assert.equal((await whole(all, 500)).length, counts!.timed);
  assert.equal(counts!.hourly, counts!.timed);
  assert.equal(untimed.total, counts!.untimed);
  assert.equal(page.untimed, counts!.untimed);
  assert.ok(untimed.entries.every(({ time }) => time === null));
});

test('never the text of a message, in no field', async () => {
  const bodies = await engine.rows<{ body: string; subject: string | null }>(
    `select body, subject from message where length(body) > 12`,
  );
  const shown = JSON.stringify(await whole(all, 500));
  assert.ok(bodies.length > 0);
  for (const { body } of bodies) assert.ok(!shown.includes(JSON.stringify(body).slice(1, -1)), body);
});

test('filters by person, time, kind and exhibit keep what fits, and histograms count the same', async () => {
  const once = await whole(all, 500);
  const persons = (await listPersons(engine, '', 500, 0)).map(({ person }) => person);
  const middle = once[once.length >> 1]!;
  const queries: [TimelineQuery, (entry: TimelineEntry) => boolean][] = [
    [{ ...all, persons: persons.slice(0, 1) }, ({ person }) => person === persons[0]],
    [{ ...all, persons: persons.slice(0, 3) }, ({ person }) => persons.slice(0, 3).includes(person!)],
    [{ ...all, from: middle.time }, ({ time }) => time! >= middle.time!],
    [{ ...all, to: middle.time }, ({ time }) => time! < middle.time!],
    [{ ...all, kinds: ['post', 'mail'] }, ({ kind }) => kind === 'post' || kind === 'mail'],
    [{ ...all, exhibit: middle.exhibit }, ({ exhibit }) => exhibit === middle.exhibit],
  ];
  for (const [query, fits] of queries) {
    const expected = once.filter(fits);
    assert.deepEqual(await whole(query, 500), expected);
    for (const by of bucketNames) {
      for (const split of splitNames) {
        const counts = await showHistogram(engine, query, by, split);
        assert.equal(counts.total, expected.length, `${by} ${split}`);
        assert.equal(
          counts.buckets.reduce((sum, { events }) => sum + events, 0),
          expected.length,
        );
        assert.equal(counts.first_time, expected[0]?.time ?? null);
        assert.equal(counts.last_time, expected.at(-1)?.time ?? null);
        assert.equal(counts.left_out, 0);
      }
    }
  }
});

test('buckets begin where their days, weeks and months do', async () => {
  for (const [by, begins] of [
    ['hour', (at: Date) => at.toISOString().endsWith(':00:00.000Z')],
    ['day', (at: Date) => at.toISOString().endsWith('T00:00:00.000Z')],
    ['week', (at: Date) => at.getUTCDay() === 1 && at.getTime() % 86_400_000 === 0],
    ['month', (at: Date) => at.toISOString().endsWith('-01T00:00:00.000Z')],
  ] as const) {
    const { buckets } = await showHistogram(engine, all, by, 'none');
    for (const { start } of buckets) assert.ok(begins(new Date(start / 1000)), `${by} ${start}`);
  }
  const { buckets } = await showHistogram(engine, all, 'hour-of-day', 'none');
  for (const { start } of buckets) assert.ok(Number.isInteger(start) && start >= 0 && start < 24);
});

test('what nobody can know is said plainly: unknown persons, bad keys, bad times', async () => {
  const refused = (code: string) => (error: unknown) => error instanceof WaymarkError && error.code === code;
  await assert.rejects(
    showTimeline(engine, { ...all, persons: ['person-none'] }, 10, null),
    refused('not-found'),
  );
  await assert.rejects(showHabits(engine, 'person-none'), refused('not-found'));
  for (const after of [
    '',
    'x',
    Buffer.from('[1,2]').toString('base64url'),
    Buffer.from('["a",1,2,3,4]').toString('base64url'),
  ])
    await assert.rejects(showTimeline(engine, all, 10, after), refused('usage'));
  const hostile = `'; drop view timeline; --`;
  assert.deepEqual(await whole({ ...all, kinds: [hostile], exhibit: hostile }, 10), []);
  for (const text of ['', '2019', '2019-02-30', '2019-01-01T25:00:00Z', '2019-01-01T08:00:00', 'yesterday'])
    assert.throws(() => timelineTime(text), refused('usage'), text);
  assert.equal(timelineTime('2019-01-06T08:00:54Z'), Date.UTC(2019, 0, 6, 8, 0, 54) * 1000);
  assert.equal(timelineTime('1969-12-31'), -86_400_000_000);
});
