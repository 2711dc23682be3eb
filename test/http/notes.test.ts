import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { after, before, test } from 'node:test';
import { writeExport } from '../../src/workbench/export.ts';
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

const get = async (path: string) => {
  const response = await client.get(path);
  assert.equal(response.status, 200, path);
  return json(response);
};
const post = async (path: string, body: unknown) => {
  const response = await client.post(path, body);
  return { status: response.status, body: await json(response) };
};

test('a record is starred, tagged and commented; the notes stand beside it wherever it is listed', async () => {
  const before = fixture.operation.readLedger().size;
  const { entries } = await get('/api/timeline?kinds=mail');
  const { pointer } = entries[0];
  const { hits } = await get('/api/search?q=coffee');
  assert.ok(hits.length > 0);
  for (const body of [
    { pointer, kind: 'star' },
    { pointer, kind: 'tag', tag: '  Ride, Sunday ' },
    { pointer, kind: 'comment', text: 'the meeting place' },
    { pointer: hits[0].pointer, kind: 'tag', tag: 'beans', tlp: 'AMBER' },
  ])
    assert.equal((await post('/api/notes', body)).status, 200, JSON.stringify(body));
  assert.equal(
    fixture.operation.readLedger().size,
    before + 5,
    'four notes and a search stand in the ledger',
  );

  const again = await get('/api/timeline?kinds=mail');
  const beside = again.entries.filter((entry: { pointer: string }) => entry.pointer === pointer);
  for (const entry of beside) {
    const [star, tag, comment] = entry.notes;
    assert.equal(star.kind, 'star');
    assert.equal(tag.tag, 'ride sunday');
    assert.equal(comment.reason, 'the meeting place');
    assert.equal(comment.author, 'officer-1');
    assert.match(comment.time, /^\d{4}-/);
  }
  const found = (await get('/api/search?q=coffee')).hits[0];
  assert.equal(found.notes.at(-1).tag, 'beans');
  assert.equal(found.notes.at(-1).marking.tlp, 'AMBER');
});

test('the timeline, its histogram and its untimed part are filtered by star and tag', async () => {
  const all = await get('/api/timeline');
  const starred = await get('/api/timeline?noted=star');
  assert.ok(starred.entries.length > 0 && starred.entries.length < all.entries.length);
  for (const entry of starred.entries)
    assert.ok(entry.notes.some((note: { kind: string }) => note.kind === 'star'));
  assert.equal((await get('/api/timeline/histogram?noted=star')).total, starred.entries.length);
  assert.ok((await get('/api/timeline?noted=tag:beans')).entries.length > 0);
  assert.deepEqual((await get('/api/timeline?noted=tag:nothing')).entries, []);
  assert.equal((await get('/api/timeline/histogram?noted=tag:nothing')).total, 0);
  assert.equal((await get('/api/timeline/untimed?noted=tag:nothing')).total, 0);
  const { untimed } = await get('/api/timeline');
  const { entries } = await get('/api/timeline/untimed');
  assert.equal(entries.length, untimed);
  await post('/api/notes', { pointer: entries[0].pointer, kind: 'tag', tag: 'no time' });
  assert.ok((await get('/api/timeline/untimed?noted=tag:no time')).total > 0);
  assert.equal((await client.get('/api/timeline?noted=bells')).status, 400);
});

test('a filtered timeline is paged like any other', async () => {
  const whole = await get('/api/timeline?noted=any');
  const seen: string[] = [];
  for (let after = ''; ; ) {
    const page = await get(`/api/timeline?noted=any&limit=1&after=${after}`.replace(/&after=$/, ''));
    seen.push(
      ...page.entries.map(
        (entry: { pointer: string; account: string }) => `${entry.pointer} ${entry.account}`,
      ),
    );
    if (page.next === null) break;
    after = page.next;
  }
  assert.deepEqual(
    seen,
    whole.entries.map((entry: { pointer: string; account: string }) => `${entry.pointer} ${entry.account}`),
  );
});

test('a person is noted by the accounts of today, found by it, and a note is taken back', async () => {
  const { queue } = await get('/api/queue');
  const { person } = queue[0];
  const route = `/api/persons/${person}/notes`;
  const starred = await post(route, { kind: 'star' });
  await post(route, { kind: 'comment', text: 'ask the unit in March' });
  const own = await get(route);
  assert.deepEqual(
    own.notes.map(({ kind, held }: { kind: string; held: string }) => [kind, held]),
    [
      ['star', 'whole'],
      ['comment', 'whole'],
    ],
  );
  const found = await get('/api/persons?noted=star');
  assert.deepEqual(
    found.persons.map((line: { person: string }) => line.person),
    [person],
  );
  assert.equal(found.total, 1);
  const undo = await post(`/api/decisions/${starred.body.sequence}/undo`, { reason: 'another was meant' });
  assert.equal(undo.status, 200);
  assert.deepEqual((await get('/api/persons?noted=star')).persons, []);
  assert.equal((await get(route)).notes.length, 1);
  const { decisions } = await get('/api/decisions?kind=note');
  assert.ok(
    decisions.some(
      (each: { sequence: number; undone: number }) => each.sequence === starred.body.sequence && each.undone,
    ),
    'what was taken back stays on record',
  );
});

test('all notes are listed, latest first, with the tags in use, and exported', async () => {
  const view = await get('/api/notes');
  assert.equal(view.total, view.notes.length);
  const numbers = view.notes.map((note: { sequence: number }) => note.sequence);
  assert.deepEqual(
    numbers,
    [...numbers].sort((a, b) => b - a),
  );
  assert.deepEqual(
    view.tags.map(({ tag }: { tag: string }) => tag),
    ['beans', 'no time', 'ride sunday'],
  );
  const persons = await get('/api/notes?what=person');
  assert.equal(persons.total, 1);
  assert.match(persons.notes[0].persons[0].person, /^person-/);
  let csv = '';
  const target = new Writable({
    write: (piece, _, done) => {
      csv += piece;
      done();
    },
  });
  await client.desk.engines.use((engine) => writeExport(fixture.operation, engine, 'notes', 'csv', target));
  const lines = csv.trim().split('\r\n');
  assert.match(
    lines[0]!,
    /^decision,kind,tag,what,person_id,service,native_id,pointer,text,author,noted_at$/,
  );
  const accounts = persons.notes[0].accounts.length;
  assert.equal(lines.length - 1, view.total - 1 + accounts, 'one line for each account of a person');
  assert.ok(csv.includes('ask the unit in March') && csv.includes('ride sunday'));
});

test('notes that say nothing, or are beside nothing, are refused', async () => {
  const { pointer } = (await get('/api/timeline')).entries[0];
  assert.equal((await post('/api/notes', { pointer, kind: 'comment' })).status, 400);
  assert.equal((await post('/api/notes', { pointer, kind: 'tag' })).status, 400);
  assert.equal((await post('/api/notes', { pointer, kind: 'star', tag: 'x' })).status, 400);
  assert.equal((await post('/api/notes', { pointer: 'nowhere', kind: 'star' })).status, 400);
  assert.equal((await post('/api/notes', { pointer: '0123456789abcdef@0+4', kind: 'star' })).status, 404);
  assert.equal((await post('/api/persons/person-0/notes', { kind: 'star' })).status, 404);
});

test('a note changes no generation: nothing that is derived depends on it', async () => {
  const { generation } = await get('/api/operation');
  const { build } = await import('../../src/workbench/build.ts');
  const again = await build(fixture.operation, () => {});
  assert.equal(again.id, generation.id);
});
