import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { addExhibits } from '../../src/workbench/intake.ts';
import { json, TestClient } from './client.ts';
import { clubFiles, type Fixture, makeOperation } from './fixture.ts';

interface Told {
  readonly id: number;
  readonly data: { readonly kind: string; readonly stage?: string; readonly generation?: string };
}

/** Reads a stream of events until `done` or `failed`, or until there are `most`. */
async function readEvents(response: Response, most = Number.POSITIVE_INFINITY): Promise<Told[]> {
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  const reader = response.body!.getReader();
  const told: Told[] = [];
  let text = '';
  while (told.length < most) {
    const { value, done } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const id = /^id: (\d+)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (id && data) told.push({ id: Number(id), data: JSON.parse(data) });
    }
    if (['done', 'failed'].includes(told.at(-1)?.data.kind ?? '')) break;
  }
  await reader.cancel();
  return told;
}

async function withFixture(work: (fixture: Fixture, client: TestClient) => Promise<void>): Promise<void> {
  const { 'facts/facts.csv': _facts, ...files } = clubFiles;
  const fixture = await makeOperation(files);
  const client = new TestClient(fixture.operation);
  try {
    await work(fixture, client);
  } finally {
    client.close();
    fixture.remove();
  }
}

test('a build is followed, replayed after a reload, and its generation is used at once', () =>
  withFixture(async ({ operation, seized }, client) => {
    const before = await json(await client.get('/api/operation'));
    assert.equal(before.generation.queued, 2);
    const file = path.join(seized, 'facts.csv');
    fs.writeFileSync(file, clubFiles['facts/facts.csv']!);
    await addExhibits(operation, file, { authority: null, reference: null }, () => {});

    const live = client.get('/api/progress').then((response) => readEvents(response));
    assert.equal((await client.post('/api/build')).status, 202);
    const busy = await client.post('/api/build');
    assert.equal(busy.status, 409);
    assert.equal((await json(busy)).error.code, 'busy');
    assert.equal((await client.post('/api/ledger/check')).status, 409);
    const told = await live;
    assert.equal(told.at(-1)!.data.kind, 'done');
    assert.ok(told.some(({ data }) => data.stage === 'ranking'));
    assert.deepEqual(
      told.map(({ id }) => id),
      [...told.map(({ id }) => id)].sort((a, b) => a - b),
    );

    const replayed = await readEvents(await client.get('/api/progress'));
    assert.equal(replayed.at(-1)!.data.generation, told.at(-1)!.data.generation);
    const from = replayed.at(-2)!.id;
    const rest = await readEvents(await client.get('/api/progress', [], { 'Last-Event-ID': String(from) }));
    assert.deepEqual(rest, replayed.slice(-1));

    const later = await json(await client.get('/api/operation'));
    assert.notEqual(later.generation.id, before.generation.id);
    assert.equal(later.generation.queued, 3);
    assert.equal((await json(await client.get('/api/queue'))).queue.length, 3);
  }));

test('reveals during a build are recorded, and the build stands', () =>
  withFixture(async (_fixture, client) => {
    const { queue } = await json(await client.get('/api/queue'));
    const { pointer } = queue[0].reasons[0];
    const { exhibits } = await json(await client.get('/api/exhibits'));
    const log = exhibits.find((exhibit: { path: string }) => exhibit.path === 'logs/access.log');
    const before = await json(await client.get('/api/ledger'));
    const exclusion = client.post(`/api/exhibits/${log.id}/exclude`, { reason: 'wrong parcel' });
    const reveals: Response[] = [];
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      reveals.push(await client.post('/api/source/reveal', { pointer }));
    }
    assert.deepEqual([...new Set(reveals.map(({ status }) => status))], [200]);
    assert.equal((await exclusion).status, 200);
    const later = await json(await client.get('/api/ledger'));
    const added = later.acts.slice(0, later.size - before.size).map((act: { action: string }) => act.action);
    assert.equal(added.filter((action: string) => action === 'source.reveal').length, 5);
    assert.equal(added.filter((action: string) => action === 'exhibit.exclude').length, 1);
    assert.equal((await json(await client.post('/api/ledger/check'))).ok, true);
  }));

test('excluding an exhibit lists what fell, and its bytes are no longer given', () =>
  withFixture(async (_fixture, client) => {
    const { exhibits } = await json(await client.get('/api/exhibits'));
    const list = exhibits.find((exhibit: { path: string }) => exhibit.path === 'lists/marker-list.txt');
    const { queue } = await json(await client.get('/api/queue'));
    const refused = await client.post(`/api/exhibits/${list.id}/exclude`, { reason: '  ' });
    assert.equal(refused.status, 400);
    const result = await json(
      await client.post(`/api/exhibits/${list.id}/exclude`, { reason: 'authority expired' }),
    );
    const left = result.changes.queue.items.filter(({ kind }: { kind: string }) => kind === 'left');
    assert.deepEqual(
      left.map(({ person }: { person: string }) => person).sort(),
      queue.map((entry: { person: string }) => entry.person).sort(),
    );
    assert.deepEqual((await json(await client.get('/api/queue'))).queue, []);
    const view = await json(await client.get('/api/exhibits'));
    assert.deepEqual(view.excluded, [
      { id: list.id, path: 'lists/marker-list.txt', reason: 'authority expired' },
    ]);
    const gone = await client.get(`/api/source?pointer=${list.id}@0%2B64`);
    assert.equal(gone.status, 403);
    assert.equal((await client.post('/api/source/reveal', { pointer: `${list.id}@0+64` })).status, 403);
    assert.equal((await client.post(`/api/exhibits/${list.id}/exclude`, { reason: 'again' })).status, 400);
  }));
