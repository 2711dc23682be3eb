import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { filesEndpoints } from '../../src/http/contract/files.ts';
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

test('each record of a file has one standing, and they add up', async () => {
  const body = await json(await client.get('/api/files'));
  assert.deepEqual(filesEndpoints.listFiles.gives.parse(body), body);
  const { total, standings, files } = body;
  assert.equal(total, 2);
  assert.equal(files.length, total);
  assert.equal(
    standings.reduce((sum: number, each: { files: number }) => sum + each.files, 0),
    total,
  );
  const by = Object.fromEntries(files.map((file: { name: string }) => [file.name, file]));
  assert.equal(by['route.gpx'].standing, 'listed');
  assert.equal(by['route.gpx'].known_good, null);
  assert.equal(by['chain-guide.txt'].standing, 'both', 'what speaks against stands beside what speaks for');
  assert.match(by['chain-guide.txt'].known_good, /NSRLFile\.txt$/);
  assert.ok(by['chain-guide.txt'].list_pointer && by['chain-guide.txt'].known_good_pointer);
  assert.match(by['route.gpx'].person, /^person-/);
});

test('a standing narrows the list and nothing else; pages go on', async () => {
  const both = await json(await client.get('/api/files?standing=both'));
  assert.deepEqual(
    both.files.map(({ name }: { name: string }) => name),
    ['chain-guide.txt'],
  );
  assert.equal(both.total, 2);
  const first = await json(await client.get('/api/files?limit=1'));
  const second = await json(await client.get('/api/files?limit=1&offset=1'));
  assert.deepEqual([first.more, second.more], [true, false]);
  assert.notDeepEqual(first.files, second.files);
  assert.equal((await client.get('/api/files?standing=bad')).status, 400);
});

test('before anything is read there are none', async () => {
  const empty = await makeOperation(null);
  const own = new TestClient(empty.operation);
  const body = await json(await own.get('/api/files'));
  assert.equal(body.total, 0);
  assert.deepEqual(filesEndpoints.listFiles.gives.parse(body), body);
  own.close();
  empty.remove();
});
