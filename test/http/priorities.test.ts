/** Queue, children, decisions, rules and board through the API. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { json, TestClient } from './client.ts';
import { type Fixture, makeOperation } from './fixture.ts';

let fixture: Fixture;
let client: TestClient;
const anna = 'mail/anna.lind@velo.example';
const other = 'mail/annalind@velo.example';

before(async () => {
  fixture = await makeOperation();
  client = new TestClient(fixture.operation);
});
after(() => {
  client.close();
  fixture.remove();
  assert.deepEqual(client.faults, []);
});

async function rebuild(): Promise<void> {
  assert.equal((await client.post('/api/build')).status, 202);
  while ((await json(await client.get('/api/operation'))).building)
    await new Promise((done) => setTimeout(done, 20));
}
async function personOf(account: string): Promise<string> {
  const { persons } = await json(await client.get(`/api/persons?text=${encodeURIComponent(account)}`));
  return persons[0].person;
}

test('a review over the API shows at once, hides who is cleared, and is taken back', async () => {
  const queue = await json(await client.get('/api/queue'));
  assert.equal(queue.queue[0].band, 'A');
  assert.equal(queue.coverage.reviewed, 0);
  const person = queue.queue[0].person;
  const body = { outcome: 'cleared', reason: 'a list in error', grade: '4x4 B2 H1', tlp: 'AMBER' };
  const { sequence } = await json(await client.post(`/api/persons/${person}/review`, body));
  const hidden = await json(await client.get('/api/queue'));
  assert.equal(hidden.hidden.cleared, 1);
  assert.ok(!hidden.queue.some((entry: { person: string }) => entry.person === person));
  const persons = await json(await client.get('/api/persons'));
  assert.equal(persons.hidden, 1);
  assert.ok(!persons.persons.some((each: { person: string }) => each.person === person));
  const shown = await json(await client.get('/api/queue?cleared=show'));
  assert.equal(shown.queue[0].review.marking.grade, '4x4 B2 H1');
  const standing = await json(await client.get(`/api/persons/${person}/standing`));
  assert.match(standing.eraseAfter, /^\d{4}-\d{2}-\d{2}$/);
  assert.equal((await client.post(`/api/decisions/${sequence}/undo`, { reason: 'no' })).status, 200);
  assert.equal((await json(await client.get('/api/queue'))).hidden.cleared, 0);
  const { decisions } = await json(await client.get('/api/decisions'));
  assert.deepEqual(
    decisions.map((each: { kind: string; undone: number | null }) => [each.kind, each.undone]),
    [
      ['undo', null],
      ['review', sequence + 1],
    ],
  );
});

test('what is not of the closed lists is refused with 400, what is not there with 404', async () => {
  const person = await personOf(anna);
  const refused: [string, unknown][] = [
    [`/api/persons/${person}/review`, { outcome: 'guilty', reason: 'x' }],
    [`/api/persons/${person}/review`, { outcome: 'reviewed', reason: ' ' }],
    [`/api/persons/${person}/review`, { outcome: 'reviewed', reason: 'x', grade: '9x9 A1' }],
    [`/api/persons/${person}/category`, { category: 'offender', reason: 'x' }],
    [
      `/api/persons/${person}/outcomes`,
      { kind: 'arrest', country: 'nl', agency: 'x', date: '2026-01-01', reason: 'x' },
    ],
    [
      `/api/persons/${person}/outcomes`,
      { kind: 'arrest', country: 'NL', agency: 'x', date: '2026-02-30', reason: 'x' },
    ],
    ['/api/children', { case: ' ', reason: 'x' }],
    ['/api/children', { case: 'CH-1', description: 'x', reason: 'x' }],
    ['/api/rules/adopt', { text: 'name: x', reason: 'x' }],
    ['/api/grades', { what: 'exhibit', id: '0', reason: 'x', grade: 'x' }],
  ];
  for (const [route, body] of refused)
    assert.equal((await client.post(route, body)).status, route === '/api/grades' ? 404 : 400, route);
  const missing: [string, unknown][] = [
    ['/api/persons/person-0/review', { outcome: 'reviewed', reason: 'x' }],
    ['/api/facts', { account: 'mail/nobody', fact: 'prior record', reason: 'x' }],
    ['/api/children/CH-7/assign', { owner: 'x', reason: 'x' }],
    ['/api/decisions/99/undo', { reason: 'x' }],
  ];
  for (const [route, body] of missing) assert.equal((await client.post(route, body)).status, 404, route);
});

test('a child is listed, moves through its states, and counts once on the board', async () => {
  await client.post('/api/children', {
    case: 'ch 1',
    country: 'NL',
    account: anna,
    urgency: 'urgent',
    reason: 'call',
  });
  const list = await json(await client.get('/api/children'));
  assert.deepEqual(
    list.children.map((child: { case: string; urgency: string; proposed: { urgency: string } }) => [
      child.case,
      child.urgency,
      child.proposed.urgency,
    ]),
    [['CH 1', 'urgent', 'immediate']],
  );
  for (const state of ['located', 'safeguarded'])
    await client.post('/api/children/CH%201/state', { state, agency: 'Unit NL', reason: 'visit' });
  const child = await json(await client.get('/api/children/ch%201'));
  assert.equal(child.history.length, 4);
  const person = await personOf(anna);
  const outcome = { country: 'NL', agency: 'Unit NL', date: '2026-01-31', reason: 'file 3' };
  await client.post(`/api/persons/${person}/outcomes`, {
    kind: 'child safeguarded',
    case: 'CH 1',
    ...outcome,
  });
  await client.post(`/api/persons/${person}/outcomes`, { kind: 'arrest', ...outcome });
  const board = await json(await client.get('/api/board'));
  assert.equal(board.totals.children.count, 1);
  assert.equal(board.totals.arrests.count, 1);
  assert.equal(board.children.safeguarded.count, 1);
  const { outcomes } = await json(await client.get('/api/outcomes'));
  assert.equal(outcomes.length, 2);
  assert.deepEqual(outcomes[0].persons, [person]);
});

test('two accounts that link are kept apart once one is a victim’s and the other a suspect’s, until a human joins them', async () => {
  assert.equal(await personOf(anna), await personOf(other));
  await client.post('/api/facts', { account: anna, fact: 'suspect in case 4', reason: 'file 4' });
  await client.post('/api/facts', { account: other, fact: 'victim in case 4', reason: 'file 4' });
  await rebuild();
  assert.notEqual(await personOf(anna), await personOf(other));
  await client.post('/api/links', { a: anna, b: other, verdict: 'same', reason: 'she says so' });
  await rebuild();
  assert.equal(await personOf(anna), await personOf(other));
  const { queue } = await json(await client.get('/api/queue'));
  const entry = queue.find((each: { accounts: { account: string }[] }) =>
    each.accounts.some(({ account }) => account === anna),
  );
  assert.deepEqual(entry.victimAccounts, [other]);
});

test('rules over the API: shown, checked with lines, previewed, adopted', async () => {
  const rules = await json(await client.get('/api/rules'));
  assert.equal(rules.adopted, null);
  assert.equal(rules.built, true);
  const changed = rules.text
    .replace('version: 2', 'version: 3')
    .replace('- listed file\n      - access to children', '- prior record\n      - access to children');
  const checked = await json(
    await client.post('/api/rules/check', { text: changed.replace('- prior record', '- contacts') }),
  );
  assert.equal(checked.scheme, null);
  assert.ok(checked.problems[0].line > 10);
  const preview = await json(await client.post('/api/rules/preview', { text: changed }));
  assert.equal(preview.changesBand, 1);
  assert.equal((await client.post('/api/rules/adopt', { text: changed, reason: 'a trial' })).status, 200);
  await rebuild();
  const after = await json(await client.get('/api/rules'));
  assert.deepEqual([after.built, after.adopted.reason, after.digest], [true, 'a trial', preview.digest]);
});
