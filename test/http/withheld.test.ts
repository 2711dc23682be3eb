import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { contract, type EndpointName } from '../../src/http/contract.ts';
import { build } from '../../src/workbench/build.ts';
import { json } from './client.ts';
import { type Fixture, makeOperation } from './fixture.ts';
import { samples } from './samples.ts';
import { Site } from './site.ts';

let fixture: Fixture;
let site: Site;
let sofia: string;
let ahmed: string;
let victim: string;
const account = 'mail/ben@garden.example';
const reason = 'heard by officer A';

before(async () => {
  fixture = await makeOperation();
  site = await Site.open(fixture.operation);
  sofia = await site.enter('sofia');
  ahmed = await site.enter('ahmed');
  const { persons } = await json(await site.send('/api/persons?text=ben@garden.example', undefined, sofia));
  victim = persons[0].person;
  const answer = await site.send(`/api/persons/${victim}/category`, { category: 'victim', reason }, sofia);
  assert.equal(answer.status, 200);
  await build(fixture.operation, () => {});
});

after(() => {
  assert.deepEqual(site.faults, []);
  site.close();
  fixture.remove();
});

const get = async (path: string, cookie: string) => json(await site.send(path, undefined, cookie));

test('counts say how much is withheld, and add up', async () => {
  const whole = await get('/api/persons?cleared=show', sofia);
  const shown = await get('/api/persons?cleared=show', ahmed);
  assert.equal(whole.withheld, undefined, 'nothing is withheld from a supervisor');
  assert.equal(shown.withheld.persons, 1);
  assert.equal(shown.persons.length + shown.withheld.persons, whole.persons.length);
  const operation = await get('/api/operation', ahmed);
  assert.equal(operation.withheld.accounts, 1);
  assert.ok(operation.withheld.messages > 0);
  const raw = await site.send('/api/network/overview', undefined, ahmed);
  assert.equal(
    JSON.parse(raw.headers.get('waymark-withheld')!).persons,
    1,
    'ready answers say it in their head',
  );
});

test('a victim’s person, records, hits and contacts are not given to an analyst', async () => {
  assert.equal((await site.send(`/api/persons/${victim}`, undefined, sofia)).status, 200);
  for (const path of [
    `/api/persons/${victim}`,
    `/api/persons/${victim}/standing`,
    `/api/persons/${victim}/history`,
    `/api/network/neighbours?of=${encodeURIComponent(account)}`,
    `/api/pairs?a=${encodeURIComponent(account)}&b=mail/dora@hill.example`,
  ]) {
    const answer = await site.send(path, undefined, ahmed);
    assert.equal(answer.status, 403, path);
    assert.match((await json(answer)).error.message, /withheld/);
  }
});

test('no answer of the API names the victim to an analyst, whatever is asked', async () => {
  const asked: string[] = [];
  const { persons } = await get('/api/persons?cleared=show', ahmed);
  const more = persons.flatMap(({ person }: { person: string }) =>
    ['', '/standing', '/history', '/links', '/hand-offs', '/habits', '/place', '/notes'].map(
      (part) => `/api/persons/${person}${part}`,
    ),
  );
  const texts = ['ride', 'tomatoes', 'garden', 'ben', 'seedlings', 'ben@garden.example', 'coffee'];
  const lists = (Object.keys(contract) as EndpointName[])
    .filter((name) => contract[name].method === 'get' && name !== 'followProgress')
    .map((name) => samples[name].path);
  for (const path of [
    ...lists,
    ...more,
    ...texts.map((text) => `/api/search?q=${encodeURIComponent(text)}`),
  ]) {
    const answer = await site.send(path, undefined, ahmed);
    const text = await answer.text();
    // The words of a question come back with its answer.
    const { query: _, understood: __, ...rest } = text.startsWith('{') ? JSON.parse(text) : { text };
    const told = JSON.stringify(rest);
    assert.ok(!told.includes('ben@garden.example'), `${path}: ${text.slice(0, 2000)}`);
    assert.ok(!text.includes(victim), `${path}: ${text.slice(0, 2000)}`);
    asked.push(path);
  }
  assert.ok(asked.length > 60, `${asked.length}`);
});

test('search: hits in a victim’s messages are left out, and their words are not even in the index', async () => {
  let whole = await get('/api/search?q=seedlings', sofia);
  for (let i = 0; i < 50 && whole.error; i++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    whole = await get('/api/search?q=seedlings', sofia);
  }
  assert.equal(whole.total, 1);
  let shown = await get('/api/search?q=seedlings', ahmed);
  for (let i = 0; i < 50 && shown.error; i++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    shown = await get('/api/search?q=seedlings', ahmed);
  }
  assert.equal(shown.total, 0);
  assert.ok(shown.withheld.messages > 0);
  const guessed = await get('/api/search?q=seedlingz~', ahmed);
  assert.ok(!JSON.stringify(guessed).includes('seedlings'), 'no misspelling leads to its words');
});

test('bytes of a withheld record are not given by their pointer', async () => {
  const { messages } = await get(`/api/persons/${victim}`, sofia);
  const pointer = encodeURIComponent(messages[0].pointer);
  assert.equal((await site.send(`/api/source?pointer=${pointer}`, undefined, sofia)).status, 200);
  for (const path of [`/api/source?pointer=${pointer}`, `/api/source/raw?pointer=${pointer}`]) {
    assert.equal((await site.send(path, undefined, ahmed)).status, 403, path);
  }
  // Neither inside a larger piece of the same file.
  const wider = messages[0].pointer.replace(/@\d+\+\d+$/, '@0+100000');
  const answer = await site.send(`/api/source?pointer=${encodeURIComponent(wider)}`, undefined, ahmed);
  assert.equal(answer.status, 403);
});

test('TLP:RED exhibits, their records and their gradings are withheld too', async () => {
  const { exhibits } = await get('/api/exhibits', sofia);
  const facts = exhibits.find(({ path }: { path: string }) => path === 'facts/facts.csv');
  const graded = await site.send('/api/grades', { what: 'exhibit', id: facts.id, tlp: 'RED', reason }, sofia);
  assert.equal(graded.status, 200);
  const shown = await get('/api/exhibits', ahmed);
  assert.equal(shown.exhibits.length + shown.withheld.here, exhibits.length);
  assert.equal((await site.send(`/api/exhibits/${facts.id}/warnings`, undefined, ahmed)).status, 403);
  const lower = { what: 'exhibit', id: facts.id, tlp: 'GREEN', reason };
  assert.equal((await site.send('/api/grades', lower, ahmed)).status, 403, 'nobody opens it for themselves');
  const { sequence } = await json(graded);
  const undone = await site.send(`/api/decisions/${sequence}/undo`, { reason }, ahmed);
  assert.equal(undone.status, 403);
  const whole = await get('/api/queue', sofia);
  const queue = await get('/api/queue', ahmed);
  assert.ok(whole.queue.length > 0);
  assert.ok(!JSON.stringify(queue).includes(facts.id));
});

test('taking a decision back needs the permission to make it', async () => {
  const rules = await site.send('/api/rules', undefined, sofia);
  const { text } = await json(rules);
  const newer = text.replace(/^version: \d+/m, 'version: 99');
  const adopted = await json(await site.send('/api/rules/adopt', { text: newer, reason }, sofia));
  assert.equal(typeof adopted.sequence, 'number', JSON.stringify(adopted));
  const ingrid = await site.enter('ingrid');
  const undo = (cookie: string) => site.send(`/api/decisions/${adopted.sequence}/undo`, { reason }, cookie);
  assert.equal((await undo(ahmed)).status, 403);
  assert.equal((await undo(ingrid)).status, 403);
  assert.equal((await undo(sofia)).status, 200);
});
