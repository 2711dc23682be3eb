import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { build } from '../../src/workbench/build.ts';
import { json, TestClient } from './client.ts';
import { clubFiles, type Fixture, makeOperation } from './fixture.ts';

let fixture: Fixture;
let client: TestClient;
const reason = 'order of the court';
const terms = { reference: 'WARRANT-1', kind: 'search warrant', issuer: 'Court 1', reason };

before(async () => {
  const files = ['mail/club.mbox', 'facts/facts.csv'];
  fixture = await makeOperation(Object.fromEntries(files.map((name) => [name, clubFiles[name]!])));
  client = new TestClient(fixture.operation);
});

after(() => {
  assert.deepEqual(client.faults, []);
  client.close();
  fixture.remove();
});

async function record(more: object): Promise<void> {
  const answer = await client.post('/api/authorities', { ...terms, ...more });
  assert.equal(answer.status, 200, await answer.text());
  await build(fixture.operation, () => {});
}

const get = async (path: string) => json(await client.get(path));

async function mailbox(): Promise<string> {
  const { exhibits } = await get('/api/exhibits');
  return exhibits.find(({ path }: { path: string }) => path === 'mail/club.mbox').id;
}

test('an authority that is only named limits nothing, and says that it is not recorded', async () => {
  const { authorities, without, needed } = await get('/api/authorities');
  assert.deepEqual(
    authorities.map(({ reference, standing, exhibits }: never) => [
      reference,
      standing,
      (exhibits as []).length,
    ]),
    [['WARRANT-1', 'not recorded', 2]],
  );
  assert.deepEqual([without, needed], [[], false]);
  assert.equal((await client.get('/api/authorities/WARRANT-9')).status, 404);
});

test('records outside the dates are withheld from everything; counts add up', async () => {
  const id = await mailbox();
  const before = await get('/api/timeline?limit=500');
  await record({ records_from: '2019-01-05', records_until: '2019-01-07' });
  const { records } = await get('/api/authorities/WARRANT-1');
  const messages = records.find(({ exhibit, table }: never) => exhibit === id && table === 'message');
  // Of five mails two are later; Tomatoes states no zone, so its time is not known.
  assert.deepEqual([messages.read, messages.inside, messages.outside], [5, 2, 3]);
  for (const row of records) assert.equal(row.read, row.inside + row.outside);
  const { exhibits } = await get('/api/exhibits');
  for (const { id: exhibit, records: read } of exhibits) {
    for (const row of records.filter((each: { exhibit: string }) => each.exhibit === exhibit))
      assert.equal(row.read, read[row.table], `${exhibit} ${row.table}`);
  }
  const later = await get('/api/timeline?limit=500');
  assert.ok(later.entries.length < before.entries.length);
  const end = Date.UTC(2019, 0, 8) * 1000;
  assert.deepEqual(
    later.entries.filter(({ time }: { time: number }) => time >= end),
    [],
  );
  const dora = await get('/api/persons?text=dora');
  const person = dora.persons[0] && (await get(`/api/persons/${dora.persons[0].person}`));
  assert.deepEqual(person?.messages ?? [], [], 'her mail of 9 January is not there for anybody');
});

test('bytes of a record outside are refused with the reason; those inside are given', async () => {
  const id = await mailbox();
  const text = String(clubFiles['mail/club.mbox']);
  const at = (words: string) =>
    `${id}@${Buffer.byteLength(text.slice(0, text.indexOf(words)))}+${words.length}`;
  const source = (pointer: string) => client.get(`/api/source?pointer=${encodeURIComponent(pointer)}`);
  assert.equal((await source(at('We meet at eight'))).status, 200);
  const refused = await source(at('The new bell rings'));
  assert.equal(refused.status, 403);
  assert.match((await json(refused)).error.message, /lies outside authority WARRANT-1/);
  const reveal = await client.post('/api/source/reveal', { pointer: at('The new bell rings') });
  assert.equal(reveal.status, 403);
});

test('people and services limit too, and wider terms bring records back', async () => {
  await record({ people: ['mail/dora@hill.example'] });
  const id = await mailbox();
  const inside = async () => {
    const { records } = await get('/api/authorities/WARRANT-1');
    return records.find(({ exhibit, table }: never) => exhibit === id && table === 'message')?.inside;
  };
  assert.equal(await inside(), 1, 'what Dora sent');
  await record({ people: ['mail/carla@coffee.example'] });
  assert.equal(await inside(), 3, 'what Carla sent and received');
  await record({ services: ['board'] });
  assert.equal(await inside(), 0);
  await record({ services: ['mail'] });
  assert.equal(await inside(), 5);
  await record({});
  assert.deepEqual((await get('/api/authorities/WARRANT-1')).records, [], 'nothing is limited');
});

test('the same terms give the same generation; others give another', async () => {
  const id = async () => (await get('/api/operation')).generation.id;
  await record({ services: ['mail'] });
  const limited = await id();
  await record({});
  const whole = await id();
  assert.notEqual(limited, whole);
  await record({ services: ['mail'], issuer: 'Court 2' });
  assert.equal(await id(), limited);
  await record({});
  assert.equal(await id(), whole);
});

test('after its last day an authority opens nothing', async () => {
  const { queue } = await get('/api/queue');
  const pointer = encodeURIComponent(queue[0].reasons[0].pointer);
  const status = async () => (await client.get(`/api/source?pointer=${pointer}`)).status;
  assert.equal(await status(), 200);
  // The clock of the fixture stands at 5 January 2026.
  await record({ valid_until: '2026-01-04' });
  const refused = await client.get(`/api/source?pointer=${pointer}`);
  assert.equal(refused.status, 403);
  assert.match((await json(refused)).error.message, /expired after 2026-01-04/);
  await record({ valid_from: '2026-02-01' });
  assert.equal(await status(), 403);
  await record({ valid_until: '2026-01-05' });
  assert.equal(await status(), 200, 'the last day counts');
});

test('expiry, once applied, excludes every exhibit and says what fell; withdrawal closes for good', async () => {
  await record({ valid_until: '2026-01-04' });
  const expired = await client.post('/api/authorities/expire', { reason: 'term ended' });
  const { exclusions } = await json(expired);
  assert.equal(expired.status, 200);
  assert.equal(exclusions.length, 2);
  assert.ok(exclusions.every(({ changes }: { changes: unknown }) => changes !== undefined));
  const { exhibits, excluded } = await get('/api/exhibits');
  assert.deepEqual([exhibits.length, excluded.length], [0, 2]);
  assert.match(excluded[0].reason, /WARRANT-1 expired after 2026-01-04: term ended/);
  assert.equal((await get('/api/queue')).total, 0);
  const nothing = await client.post('/api/authorities/expire', { reason: 'again' });
  assert.deepEqual(await json(nothing), { exclusions: [] });
  const withdrawn = await client.post('/api/authorities/WARRANT-1/withdraw', { reason: 'ruled unlawful' });
  assert.deepEqual((await json(withdrawn)).exclusions, [], 'all are excluded already');
  const detail = await get('/api/authorities/WARRANT-1');
  assert.deepEqual([detail.standing, detail.withdrawn], ['withdrawn', 'ruled unlawful']);
  assert.ok(detail.history.length > 3);
  const again = await client.post('/api/authorities/WARRANT-1/withdraw', { reason: 'twice' });
  assert.equal(again.status, 400);
});
