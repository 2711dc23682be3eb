import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PolicyName } from '../../src/persons/decision-kinds.ts';
import { setPolicy } from '../../src/workbench/decisions.ts';
import { addSecondReader, listOpened, removeSecondReader } from '../../src/workbench/reading.ts';
import { json, TestClient } from './client.ts';
import { type Fixture, makeOperation } from './fixture.ts';

let fixture: Fixture;
let client: TestClient;
let pointer: string;
const time = '2026-01-05T10:00:00Z';

before(async () => {
  fixture = await makeOperation();
  client = new TestClient(fixture.operation);
  const { entries } = await json(await client.get('/api/timeline?kinds=mail'));
  pointer = entries[0].pointer;
});

after(() => {
  assert.deepEqual(client.faults, [], 'no request made Waymark itself fail');
  client.close();
  fixture.remove();
});

const set = (name: PolicyName, value: string) =>
  fixture.operation.exclusively(async () =>
    setPolicy(fixture.operation, name, value, { reason: 'as the unit wants it', time }),
  );
/** Acts of opening that stand in the ledger. */
const opened = () =>
  [...fixture.operation.readLedger().entries()].filter(({ entry }) => entry.action === 'source.reveal')
    .length;
const source = async () => json(await client.get(`/api/source?pointer=${encodeURIComponent(pointer)}`));
const open = (more: object = {}) => client.post('/api/source/reveal', { pointer, ...more });

test('without a policy a text is opened by recording it', async () => {
  assert.deepEqual(await json(await client.get('/api/reading')), {
    reason: false,
    second: false,
    second_readers: [],
  });
  assert.equal((await source()).closed, false);
  const before = opened();
  assert.equal((await open()).status, 200);
  assert.equal(opened(), before + 1);
  assert.deepEqual(listOpened(fixture.operation), []);
});

test('where a reason is asked for, bytes come only after it, by look and by download', async () => {
  client.desk.opened.clear();
  await set('reasons needed to open a text', '1');
  const closed = await source();
  assert.deepEqual([closed.closed, closed.bytes, closed.shown], [true, null, 0]);
  const raw = `/api/source/raw?pointer=${encodeURIComponent(pointer)}`;
  assert.equal((await client.get(raw)).status, 403);
  const before = opened();
  assert.equal((await open()).status, 400);
  assert.equal((await open({ reason: '   ' })).status, 400);
  assert.equal(opened(), before, 'what was refused opened nothing');
  assert.equal((await open({ reason: 'named in the letter of the unit' })).status, 200);
  assert.equal(opened(), before + 1);
  const given = await source();
  assert.equal(given.closed, false);
  assert.ok(given.bytes.length > 10);
  assert.equal((await client.get(raw)).status, 200);
  const [entry] = listOpened(fixture.operation);
  assert.deepEqual(
    [entry!.pointer, entry!.reason, entry!.author, entry!.second],
    [pointer, 'named in the letter of the unit', 'officer-1', null],
  );
});

test('where two persons are asked for, the second confirms with a key of their own', async () => {
  client.desk.opened.clear();
  await set('persons needed to open a text', '2');
  const { operation } = fixture;
  const key = await operation.exclusively(async () => addSecondReader(operation, 'Officer B', time));
  const own = await operation.exclusively(async () => addSecondReader(operation, 'officer-1', time));
  assert.notEqual(key, own);
  const reason = 'named in the letter of the unit';
  assert.deepEqual((await json(await client.get('/api/reading'))).second_readers, ['Officer B', 'officer-1']);
  const wrong = [
    {},
    { second: { name: 'Officer B', key: own } },
    { second: { name: 'Officer C', key } },
    { second: { name: 'officer-1', key: own } },
    { second: { name: 'Officer B', key: key.slice(1) } },
  ];
  for (const more of wrong) {
    assert.equal((await open({ reason, ...more })).status, 403, JSON.stringify(more));
    assert.equal((await source()).closed, true);
  }
  const right = { name: 'Officer B', key: ` ${key.toUpperCase()} ` };
  assert.equal((await open({ reason, second: right })).status, 200, 'as it may be typed');
  assert.equal((await source()).closed, false);
  assert.equal(listOpened(operation).at(-1)!.second, 'Officer B');
  const told = JSON.stringify([...operation.readLedger().entries()]);
  assert.ok(!told.includes(key) && !told.includes(reason), 'neither key nor reason stands in the ledger');
});

test('what was opened stays closed for another text and another server; who is removed confirms no more', async () => {
  const { operation } = fixture;
  const { entries } = await json(await client.get('/api/timeline?kinds=mail'));
  const other = entries.find((entry: { pointer: string }) => entry.pointer !== pointer).pointer;
  const answer = await json(await client.get(`/api/source?pointer=${encodeURIComponent(other)}`));
  assert.equal(answer.closed, true);
  const second = new TestClient(operation);
  const again = await json(await second.get(`/api/source?pointer=${encodeURIComponent(pointer)}`));
  assert.equal(again.closed, true);
  second.close();
  await operation.exclusively(async () => removeSecondReader(operation, 'Officer B'));
  assert.throws(() => removeSecondReader(operation, 'Officer B'), /no second reader/);
});
