import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { json, TestClient } from './client.ts';
import { type Fixture, makeOperation } from './fixture.ts';

let fixture: Fixture;
let client: TestClient;

before(async () => {
  fixture = await makeOperation();
  client = new TestClient(fixture.operation);
});

after(() => {
  assert.deepEqual(client.faults, [], 'no request made Waymark itself fail');
  client.close();
  fixture.remove();
});

test('the operation says what is in force and counts what its parts hold', async () => {
  const view = await json(await client.get('/api/operation'));
  const exhibits = await json(await client.get('/api/exhibits'));
  assert.match(view.generation.id, /^[0-9a-f]{16}$/);
  assert.equal(view.generation.queued, 3);
  assert.equal(view.exhibits, 6);
  assert.equal(view.exhibits, exhibits.exhibits.length);
  assert.equal(view.unread, exhibits.unread.length);
  assert.equal(view.warnings, 3);
  assert.equal(view.building, false);
  assert.equal(view.actor, 'officer-1');
});

test('rows of every exhibit are read or skipped for a reason', async () => {
  const { exhibits, unread } = await json(await client.get('/api/exhibits'));
  const tallies = exhibits.flatMap((exhibit: { rows: unknown[] }) => exhibit.rows);
  assert.ok(tallies.length >= 6);
  for (const { rows, read, skipped } of tallies) {
    const reasons = Object.values(skipped as Record<string, number>);
    assert.equal(
      rows,
      reasons.reduce((sum, count) => sum + count, read),
    );
  }
  assert.deepEqual(
    unread.map(({ path }: { path: string }) => path),
    ['stored/unknown.bin'],
  );
});

test('warnings of an exhibit point at the bytes they are about', async () => {
  const { exhibits } = await json(await client.get('/api/exhibits'));
  const log = exhibits.find((exhibit: { path: string }) => exhibit.path === 'logs/access.log');
  const { exhibit, warnings } = await json(await client.get(`/api/exhibits/${log.id}/warnings`));
  assert.equal(exhibit.id, log.id);
  assert.equal(warnings.length, 1);
  const source = await json(
    await client.get(`/api/source?pointer=${encodeURIComponent(warnings[0].pointer)}`),
  );
  assert.equal(Buffer.from(source.bytes, 'base64').toString(), 'a line that is no request');
});

test('the queue gives reasons for and against, each with its place', async () => {
  const { queue } = await json(await client.get('/api/queue'));
  assert.deepEqual(
    queue.map((entry: { band: string }) => entry.band),
    ['A', 'C', 'D'],
  );
  const [against] = queue[1].reasons;
  assert.match(against.against.text, /known-good/);
  const pointers = queue.flatMap((entry: { reasons: { pointer: string; morePointers: string[] }[] }) =>
    entry.reasons.flatMap((reason) => [reason.pointer, ...reason.morePointers]),
  );
  for (const pointer of pointers) {
    const response = await client.get(`/api/source?pointer=${encodeURIComponent(pointer)}`);
    assert.equal(response.status, 200, pointer);
  }
});

test('persons are filtered and paged, and a person is shown without the text of messages', async () => {
  const all = await json(await client.get('/api/persons'));
  assert.equal(all.persons.length, 4);
  assert.equal(all.more, false);
  const first = await json(await client.get('/api/persons?limit=1'));
  const second = await json(await client.get('/api/persons?limit=1&offset=1'));
  assert.equal(first.more, true);
  assert.deepEqual(
    [first.persons[0].person, second.persons[0].person],
    [all.persons[0].person, all.persons[1].person],
  );
  const found = await json(await client.get('/api/persons?text=DORA'));
  assert.deepEqual(
    found.persons.map((line: { handles: string[] }) => line.handles),
    [['Dora']],
  );

  const response = await client.get(`/api/persons/${all.persons[0].person}`);
  const text = await response.clone().text();
  const person = await json(response);
  assert.equal(person.accounts.length, 2);
  assert.equal(person.links[0].proposed, true);
  assert.equal(person.messages.length, 2);
  assert.ok(!text.includes('drink coffee'), 'the text of a message is not in the answer');
  assert.equal((await client.get('/api/persons/person-000000000000')).status, 404);
});

test('a source says where it stands and gives the original bytes', async () => {
  const { queue } = await json(await client.get('/api/queue'));
  const { pointer } = queue[0].reasons.find(
    (reason: { indicator: string }) => reason.indicator === 'access to children',
  );
  const source = await json(await client.get(`/api/source?pointer=${encodeURIComponent(pointer)}`));
  assert.equal(source.received, 'facts/facts.csv');
  assert.equal(source.authority, 'WARRANT-1');
  assert.equal(source.withheld, null);
  const bytes = Buffer.from(source.bytes, 'base64');
  assert.equal(bytes.length, source.length);
  assert.match(bytes.toString(), /^mail,anna\.lind@velo\.example,access to children/);
  const raw = await client.get(`/api/source/raw?pointer=${encodeURIComponent(pointer)}`);
  assert.deepEqual(Buffer.from(await raw.arrayBuffer()), bytes);
});

test('bytes of imagery are never given, from whatever offset', async () => {
  const { exhibits } = await json(await client.get('/api/exhibits'));
  const { id } = exhibits.find((exhibit: { path: string }) => exhibit.path === 'stored');
  for (const place of ['@0+408', '@1+100', '@300+20']) {
    const pointer = encodeURIComponent(`${id}/attachment_1${place}`);
    const source = await json(await client.get(`/api/source?pointer=${pointer}`));
    assert.equal(source.withheld, 'image/png', place);
    assert.equal(source.bytes, null, place);
    assert.equal((await client.get(`/api/source/raw?pointer=${pointer}`)).status, 403, place);
  }
  const other = await json(
    await client.get(`/api/source?pointer=${encodeURIComponent(`${id}/unknown.bin@0+8`)}`),
  );
  assert.equal(Buffer.from(other.bytes, 'base64').toString('hex'), '0707070707070707');
});

/** Reveals in the ledger; looks at persons and bytes stand there too, a moment after they were made. */
async function reveals(): Promise<number> {
  const { acts } = await json(await client.get('/api/ledger?limit=200'));
  return acts.filter(({ action }: { action: string }) => action === 'source.reveal').length;
}

test('revealing a text and checking the ledger', async () => {
  const before = await reveals();
  const { queue } = await json(await client.get('/api/queue'));
  const { pointer } = queue[0].reasons[0];
  assert.deepEqual(await json(await client.post('/api/source/reveal', { pointer })), { recorded: true });
  const later = await json(await client.get('/api/ledger?limit=200'));
  assert.equal(await reveals(), before + 1);
  const act = later.acts.find((each: { action: string }) => each.action === 'source.reveal');
  assert.deepEqual(act.objects, [pointer.slice(0, 16)]);
  const { offset, length } = act.facts;
  assert.ok(pointer.endsWith(`@${offset}+${length}`));
  const checked = await json(await client.post('/api/ledger/check'));
  assert.equal(checked.ok, true);
  assert.ok(checked.size >= later.size);
  assert.match(checked.root, /^[0-9a-f]{64}$/);
});

test('many reveals and checks at once: every act is recorded once', async () => {
  const before = await reveals();
  const { queue } = await json(await client.get('/api/queue'));
  const { pointer } = queue[0].reasons[0];
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, i) =>
      i % 6 === 5 ? client.post('/api/ledger/check') : client.post('/api/source/reveal', { pointer }),
    ),
  );
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  assert.equal(await reveals(), before + 20);
  assert.equal((await json(await client.post('/api/ledger/check'))).ok, true);
});

test('an operation without anything built answers with empty views', async () => {
  const empty = await makeOperation(null);
  const other = new TestClient(empty.operation);
  try {
    assert.equal((await json(await other.get('/api/operation'))).generation, null);
    const { queue, total, coverage } = await json(await other.get('/api/queue'));
    assert.deepEqual([queue, total, coverage.queued], [[], 0, 0]);
    assert.deepEqual(await json(await other.get('/api/persons')), {
      persons: [],
      total: 0,
      more: false,
      hidden: 0,
    });
    assert.deepEqual((await json(await other.get('/api/exhibits'))).exhibits, []);
    const missing = await other.get('/api/persons/person-1');
    assert.equal(missing.status, 404);
    assert.match((await json(missing)).error.remedy, /build/);
  } finally {
    other.close();
    empty.remove();
  }
});
