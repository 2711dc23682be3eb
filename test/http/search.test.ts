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
  client.close();
  fixture.remove();
});

test('a search gives hits with persons and counts, no text, and is recorded once for all its pages', async () => {
  const acts = () => fixture.operation.readLedger().size;
  const began = acts();
  const first = await json(await client.get('/api/search?q=kind:message&limit=3'));
  assert.equal(first.total, 5);
  assert.equal(first.hits.length, 3);
  assert.match(first.hits[0].person, /^person-/);
  assert.match(first.facets.exhibit.values[0].label, /club\.mbox$/);
  const second = await json(await client.get(`/api/search?q=kind:message&limit=3&page=${first.next}`));
  assert.equal(second.hits.length, 2);
  assert.equal(second.next, null);
  assert.equal(acts(), began + 1);
  assert.doesNotMatch(JSON.stringify([first, second]), /station|seedlings/);
  const state = await json(await client.get('/api/search/index'));
  assert.equal(state.state, 'ready');
  assert.equal(state.documents, first.index.documents);
});

test('what is not understood is a usage error', async () => {
  const answer = await client.get(`/api/search?q=${encodeURIComponent('"open')}`);
  assert.equal(answer.status, 400);
  assert.match((await json(answer)).error.message, /quotation mark/);
});

test('a list larger than other bodies is looked up, one beyond the limit refused', async () => {
  const many = Array.from({ length: 4000 }, (_, i) => `nobody-${i}@elsewhere.example`);
  const view = await json(
    await client.post('/api/search/selectors', { text: ['dora@hill.example', ...many].join('\n') }),
  );
  assert.equal(view.lines, 4001);
  assert.equal(view.withHits, 1);
  assert.equal(view.withoutHits, 4000);
  assert.equal((await client.post('/api/search/selectors', { text: 'a'.repeat(5_000_000) })).status, 413);
  assert.equal((await client.post('/api/searches', { name: 'a'.repeat(100_000), query: 'a' })).status, 413);
});

test('saved searches: kept, counted, marked seen, forgotten', async () => {
  assert.equal((await client.post('/api/searches', { name: 'rides', query: 'ride' })).status, 200);
  assert.equal((await client.post('/api/searches', { name: 'bad', query: '(' })).status, 400);
  const [saved] = (await json(await client.get('/api/searches'))).searches;
  assert.equal(saved.new, saved.total);
  assert.ok(saved.total > 0);
  assert.equal((await client.post('/api/searches/seen', { name: 'rides' })).status, 200);
  assert.equal((await json(await client.get('/api/searches'))).searches[0].new, 0);
  assert.equal((await client.post('/api/searches/remove', { name: 'rides' })).status, 200);
  assert.equal((await client.post('/api/searches/remove', { name: 'rides' })).status, 404);
  assert.deepEqual((await json(await client.get('/api/searches'))).searches, []);
  assert.deepEqual(client.faults, []);
});
