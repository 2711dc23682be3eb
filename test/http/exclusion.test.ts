import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { json, TestClient } from './client.ts';
import { type Fixture, makeOperation } from './fixture.ts';

let fixture: Fixture;
let client: TestClient;
let mailbox: { id: string; path: string };
let list: { id: string };

before(async () => {
  fixture = await makeOperation();
  client = new TestClient(fixture.operation);
  const { exhibits } = await json(await client.get('/api/exhibits'));
  const named = (name: string) => exhibits.find((exhibit: { path: string }) => exhibit.path === name);
  mailbox = named('mail/club.mbox');
  list = named('lists/marker-list.txt');
});

after(() => {
  client.close();
  fixture.remove();
});

/** The hash of every file of the operation, besides what the state's shared memory holds. */
function hashes(folder: string): Record<string, string> {
  const files = fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => !/^tmp|-shm$/.test(file) && fs.statSync(path.join(folder, file)).isFile())
    .sort();
  return Object.fromEntries(
    files.map((file) => [
      file,
      createHash('sha256')
        .update(fs.readFileSync(path.join(folder, file)))
        .digest('hex'),
    ]),
  );
}

const previewOf = (id: string, act: string) => client.post(`/api/exhibits/${id}/preview`, { act });

test('a preview says what would fall and leaves every byte of the operation as it was', async () => {
  const { folder } = fixture.operation;
  const untouched = hashes(folder);
  const response = await previewOf(mailbox.id, 'exclude');
  const preview = await json(response);
  assert.equal(response.status, 200, JSON.stringify(preview));
  assert.deepEqual(hashes(folder), untouched);
  assert.ok(Object.keys(untouched).length > 10);
  assert.deepEqual(fs.readdirSync(path.join(folder, 'tmp', `aside-${process.pid}`)), []);
  assert.equal(preview.generation, null);
  assert.equal(preview.compared_with, 'the generation in force');
  assert.equal(preview.records.message, 5);
  const { accounts, persons, queue, hand_offs } = preview.changes;
  // Anna and Dora stand in the list of facts too.
  assert.equal(accounts.fell.count, 3);
  assert.ok(
    accounts.fell.items.some(({ account }: { account: string }) => account === 'mail/ben@garden.example'),
  );
  assert.ok(persons.gone >= 2);
  assert.ok(queue.kinds.left >= 1, 'whoever is ranked by a mailed file leaves the queue');
  assert.equal(queue.count, queue.items.length);
  assert.deepEqual(Object.keys(hand_offs), ['fell', 'came']);
  const kept = await json(await client.get(`/api/exhibits/${mailbox.id}/exclusions`));
  assert.deepEqual(kept, { acts: [], preview }, 'it survives a reload');
});

test('what an exclusion changes is what its preview said, and the list stays', async () => {
  const preview = await json(await previewOf(list.id, 'exclude'));
  const done = await json(await client.post(`/api/exhibits/${list.id}/exclude`, { reason: 'wrong parcel' }));
  assert.deepEqual(done.changes, preview.changes);
  assert.notEqual(done.generation, null);
  const { acts } = await json(await client.get(`/api/exhibits/${list.id}/exclusions`));
  assert.equal(acts.length, 1);
  assert.deepEqual(acts[0].result, done);
  assert.equal(acts[0].reason, 'wrong parcel');
  assert.equal(acts[0].author, 'officer-1');
});

test('taken back in, everything is as it was before, and the list says what came', async () => {
  const { acts } = await json(await client.get(`/api/exhibits/${list.id}/exclusions`));
  const before = acts[0].result.changes;
  const preview = await json(await previewOf(list.id, 'include'));
  const back = await json(
    await client.post(`/api/exhibits/${list.id}/include`, { reason: 'the court allowed it' }),
  );
  assert.deepEqual(back.changes, preview.changes);
  assert.equal(back.changes.queue.kinds.came, before.queue.kinds.left);
  assert.equal(back.changes.links.came.count, before.links.fell.count);
  const { exhibits, excluded } = await json(await client.get('/api/exhibits'));
  assert.deepEqual(excluded, []);
  assert.equal(exhibits.find(({ id }: { id: string }) => id === list.id).status, 'read');
  const listed = await json(await client.get(`/api/exhibits/${list.id}/exclusions`));
  assert.deepEqual(
    listed.acts.map(({ act }: { act: string }) => act),
    ['include', 'exclude'],
  );
  assert.equal((await json(await client.post('/api/ledger/check'))).ok, true);
});

test('decisions whose accounts would be known no more are named, also before they are built', async () => {
  const account = 'mail/ben@garden.example';
  await client.post('/api/facts', { account, fact: 'prior record', reason: 'register of the unit' });
  const stale = await json(await previewOf(mailbox.id, 'exclude'));
  assert.equal(stale.compared_with, 'what a build would give', 'a decision stands that was not built');
  assert.ok(stale.changes.decided_gone.includes(account));
  assert.equal((await client.post('/api/build')).status, 202);
});

test('what cannot be is refused with what to do', async () => {
  while ((await json(await client.get('/api/operation'))).building)
    await new Promise((r) => setTimeout(r, 50));
  const twice = await json(await previewOf(mailbox.id, 'include'));
  assert.match(twice.error.message, /is not excluded/);
  assert.equal((await client.post(`/api/exhibits/${mailbox.id}/include`, { reason: 'x' })).status, 400);
  assert.equal((await client.post(`/api/exhibits/${mailbox.id}/preview`, { act: 'burn' })).status, 400);
  assert.equal((await client.get('/api/exhibits/0123456789abcdef/exclusions')).status, 404);
});
