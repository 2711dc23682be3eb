import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sessionMs } from '../../src/access/sessions.ts';
import { sha256Hex } from '../../src/base/hash.ts';
import { setPolicy } from '../../src/workbench/decisions.ts';
import { listActs } from '../../src/workbench/ledger.ts';
import { json, TestClient } from './client.ts';
import { type Fixture, makeOperation } from './fixture.ts';
import { passwordOf, Site } from './site.ts';

let fixture: Fixture;
let site: Site;
const wish = { table: 'queue', format: 'csv', purpose: 'hearing of 3 March' };
const matter = { act: 'export', what: ['table queue', 'format csv'], reason: 'hearing of 3 March' };

before(async () => {
  fixture = await makeOperation();
  site = await Site.open(fixture.operation);
});

after(() => {
  assert.deepEqual(site.faults, []);
  site.close();
  fixture.remove();
});

const post = (path: string, body: unknown, cookie: string) => site.send(path, body, cookie);

test('an export needs a request by one, an approval by another, and the password of a moment ago', async () => {
  const ingrid = await site.enter('ingrid');
  const sofia = await site.enter('sofia');
  const alone = await post('/api/exports', wish, ingrid);
  assert.equal(alone.status, 403);
  assert.match((await json(alone)).error.message, /two persons/);
  const { sequence } = await json(await post('/api/requests', matter, ingrid));
  assert.equal((await post('/api/exports', wish, ingrid)).status, 403, 'not answered yet');
  const answer = (cookie: string, value = 'approved') =>
    post(`/api/requests/${sequence}/answer`, { value, reason: 'needed by the court' }, cookie);
  assert.equal((await answer(ingrid)).status, 403, 'no leader');
  assert.equal((await answer(sofia)).status, 200);
  assert.equal((await answer(sofia)).status, 400, 'answered once');
  assert.equal((await post('/api/exports', wish, sofia)).status, 403, 'it is not hers');
  assert.equal((await post('/api/exports', { ...wish, table: 'persons' }, ingrid)).status, 403, 'not this');
  site.now += sessionMs.confirmed;
  const stale = await post('/api/exports', wish, ingrid);
  assert.equal(stale.status, 403);
  assert.match((await json(stale)).error.message, /password once more/);
  assert.equal((await post('/api/session/confirm', { password: 'wrong' }, ingrid)).status, 403);
  assert.equal((await post('/api/session/confirm', { password: passwordOf('ingrid') }, ingrid)).status, 200);
  const done = await post('/api/exports', wish, ingrid);
  const text = await done.text();
  assert.equal(done.status, 200, text);
  assert.match(text, /^rank,person_id,band,accounts,reasons\r\n/);
  assert.match(done.headers.get('content-disposition')!, /^attachment/);
  assert.match(done.headers.get('content-security-policy')!, /^sandbox/);
  const { requests } = await json(await site.send('/api/requests', undefined, sofia));
  assert.equal(requests[0].used, true);
  const { decisions } = await json(await site.send('/api/decisions?kind=export', undefined, sofia));
  assert.equal(JSON.parse(decisions[0].details).sha256, sha256Hex(text));
  assert.equal(JSON.parse(decisions[0].details).persons, 2);
  const acts = listActs(fixture.operation, 6).map(({ actor, action }) => `${actor} ${action}`);
  assert.deepEqual(acts.slice(0, 4), [
    'ingrid decision.carried-out',
    'ingrid decision.export',
    'sofia decision.answer',
    'ingrid decision.request',
  ]);
  assert.equal((await post('/api/exports', wish, ingrid)).status, 403, 'an approval is used once');
});

test('nobody approves their own request, and a refusal or a taken-back approval opens nothing', async () => {
  const sofia = await site.enter('sofia');
  const sam = await site.enter('sam');
  const { sequence } = await json(await post('/api/requests', matter, sofia));
  const answer = (cookie: string, value: string) =>
    post(`/api/requests/${sequence}/answer`, { value, reason: 'looked at' }, cookie);
  const own = await answer(sofia, 'approved');
  assert.equal(own.status, 403);
  assert.match((await json(own)).error.message, /their own/);
  assert.equal((await answer(sam, 'refused')).status, 200);
  assert.equal((await post('/api/exports', wish, sofia)).status, 403);
  const second = await json(await post('/api/requests', matter, sofia));
  const approved = await json(
    await post(`/api/requests/${second.sequence}/answer`, { value: 'approved', reason: 'yes' }, sam),
  );
  await post(`/api/decisions/${approved.sequence}/undo`, { reason: 'too early' }, sam);
  assert.equal((await post('/api/exports', wish, sofia)).status, 403);
});

test('an approval counts for seven days', async () => {
  const sofia = await site.enter('sofia');
  const { needed } = await json(await site.send('/api/requests', undefined, sofia));
  assert.deepEqual(needed, { export: 2, erasure: 2 });
  const { assertTwoPersons, requestAct, answerRequest } = await import('../../src/workbench/two-persons.ts');
  const { operation } = fixture;
  const by = { reason: 'due', time: '2026-01-05T09:00:00Z' };
  const erasure = { act: 'erasure', what: ['person person-0'] } as const;
  await operation.exclusively(async () => {
    const sequence = operation.as('ingrid', () => requestAct(operation, erasure, by));
    operation.as('sofia', () => answerRequest(operation, sequence, 'approved', by));
  });
  const at = (time: string) => operation.as('ingrid', () => assertTwoPersons(operation, erasure, time));
  assert.equal(at('2026-01-12T08:59:59Z').persons, 2);
  assert.throws(() => at('2026-01-12T09:00:00Z'), { code: 'denied' });
});

test('one officer on a machine of their own: one person is enough until the operation decides otherwise', async () => {
  const single = await makeOperation();
  const client = new TestClient(single.operation);
  try {
    const { needed } = await json(await client.get('/api/requests'));
    assert.deepEqual(needed, { export: 1, erasure: 1 });
    const one = await client.post('/api/exports', wish);
    assert.equal(one.status, 200);
    await one.text();
    const { decisions } = await json(await client.get('/api/decisions?kind=export'));
    assert.equal(JSON.parse(decisions[0].details).persons, 1, 'that it was one stays on record');
    const by = { reason: 'house rule', time: '2026-01-05T09:00:00Z' };
    await single.operation.exclusively(async () =>
      setPolicy(single.operation, 'persons needed to export', '2', by),
    );
    const refused = await client.post('/api/exports', wish);
    assert.equal(refused.status, 403);
    assert.match((await json(refused)).error.remedy, /no users/);
  } finally {
    client.close();
    single.remove();
  }
});

test('handling codes bind what leaves: a permission must be named', async () => {
  const single = await makeOperation();
  const client = new TestClient(single.operation);
  try {
    const { exhibits } = await json(await client.get('/api/exhibits'));
    const grade = { what: 'exhibit', id: exhibits[0].id, grade: '4x4 B2 H2', reason: 'from a partner' };
    assert.equal((await client.post('/api/grades', grade)).status, 200);
    const refused = await client.post('/api/exports', wish);
    assert.equal(refused.status, 403);
    assert.match((await json(refused)).error.message, /H2/);
    const permitted = await client.post('/api/exports', { ...wish, permission: 'Unit 2, letter of 3 March' });
    assert.equal(permitted.status, 200);
    await permitted.text();
    const terms = { reference: 'WARRANT-1', kind: 'consent', issuer: 'Unit 1', reason: 'letter' };
    await client.post('/api/authorities', { ...terms, purposes: ['Operation Bell'] });
    const other = await client.post('/api/exports', { ...wish, permission: 'Unit 2' });
    assert.equal(other.status, 403);
    assert.match((await json(other)).error.remedy, /Operation Bell/);
  } finally {
    client.close();
    single.remove();
  }
});
