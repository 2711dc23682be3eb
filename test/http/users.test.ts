import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sessionMs } from '../../src/access/sessions.ts';
import { triesBeforeLock } from '../../src/access/tries.ts';
import { listActs } from '../../src/workbench/ledger.ts';
import { findUser } from '../../src/workbench/users.ts';
import { json, port, TestClient } from './client.ts';
import { type Fixture, makeOperation } from './fixture.ts';
import { passwordOf, Site } from './site.ts';

let fixture: Fixture;
let site: Site;

before(async () => {
  fixture = await makeOperation();
  site = await Site.open(fixture.operation);
});

after(() => {
  assert.deepEqual(site.faults, []);
  site.close();
  fixture.remove();
});

function acts(count: number): string[] {
  return listActs(fixture.operation, count).map(({ actor, action }) => `${actor} ${action}`);
}

test('visitors get the page and the log-in, and nothing else', async () => {
  const session = await json(await site.send('/api/session', undefined));
  assert.deepEqual([session.mode, session.user, session.roles], ['users', null, ['visitor']]);
  for (const path of ['/api/queue', '/api/operation', '/api/openapi.json', '/api/users']) {
    const answer = await site.send(path, undefined);
    assert.equal(answer.status, 401, path);
    assert.equal((await json(answer)).error.remedy, 'Log in.');
  }
  assert.equal(
    (await site.send('/queue', undefined)).status,
    404,
    'no page was built here: it is looked for',
  );
});

test('log-in gives a cookie that scripts and other sites cannot use; acts carry the name', async () => {
  const answer = await site.send('/api/session', { name: 'ingrid', password: passwordOf('ingrid') });
  const cookie = answer.headers.get('set-cookie')!;
  assert.match(cookie, new RegExp(`^waymark-${port}=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict$`));
  const held = cookie.split(';')[0]!;
  const session = await json(await site.send('/api/session', undefined, held));
  assert.deepEqual([session.user, session.roles], ['ingrid', ['investigator']]);
  assert.ok(session.may.includes('person.decide') && !session.may.includes('rules.adopt'));
  assert.equal((await json(await site.send('/api/operation', undefined, held))).actor, 'ingrid');
  const { queue } = await json(await site.send('/api/queue', undefined, held));
  const { pointer } = queue[0].reasons[0];
  assert.equal((await site.send('/api/source/reveal', { pointer }, held)).status, 200);
  assert.deepEqual(acts(2), ['ingrid source.reveal', 'ingrid session.begin']);
});

test('a wrong name and a wrong password look the same', async () => {
  const wrong = await site.send('/api/session', { name: 'ingrid', password: 'not the password' });
  const unknown = await site.send('/api/session', { name: 'nobody', password: 'not the password' });
  assert.deepEqual([wrong.status, unknown.status], [401, 401]);
  assert.equal(await wrong.text(), await unknown.text());
  assert.equal(wrong.headers.get('set-cookie'), null);
});

test('a session ends after 30 idle minutes, after 12 hours, and by log-out', async () => {
  const status = async (cookie: string) => (await site.send('/api/operation', undefined, cookie)).status;
  const idle = await site.enter('sofia');
  site.now += sessionMs.idle - 1;
  assert.equal(await status(idle), 200);
  site.now += sessionMs.idle;
  assert.equal(await status(idle), 401);
  const long = await site.enter('sofia');
  const began = site.now;
  while (site.now + sessionMs.idle / 2 < began + sessionMs.whole) {
    site.now += sessionMs.idle / 2;
    assert.equal(await status(long), 200);
  }
  site.now = began + sessionMs.whole;
  assert.equal(await status(long), 401);
  const left = await site.enter('sofia');
  const bye = await site.send('/api/session/end', undefined, left, 'POST');
  assert.equal(bye.status, 200);
  assert.match(bye.headers.get('set-cookie')!, /Max-Age=0/);
  assert.equal(await status(left), 401);
});

test('ten tries a minute; after a hundred wrong ones the user is locked, and the ledger keeps it', async () => {
  let busy = 0;
  const wrong = async () => (await site.send('/api/session', { name: 'ines', password: 'x' })).status;
  for (let i = 0; i < 10; i++) assert.equal(await wrong(), 401);
  assert.equal(await wrong(), 409);
  site.now += 60_000;
  for (let i = 10; i < triesBeforeLock; ) {
    site.now += 6_001;
    if ((await wrong()) === 401) i++;
    else busy++;
  }
  assert.equal(busy, 0, 'ten a minute go through');
  assert.equal(findUser(fixture.operation, 'ines')?.status, 'locked');
  assert.deepEqual(
    listActs(fixture.operation, 1).map(({ action, objects, facts }) => [action, objects, facts.failures]),
    [['user.lock', ['ines'], triesBeforeLock]],
  );
  site.now += 60_000;
  const right = await site.send('/api/session', { name: 'ines', password: passwordOf('ines') });
  assert.equal(right.status, 401, 'the right password opens no lock');
  const admin = await site.enter('admin');
  const opened = await site.send('/api/users/ines/status', { status: 'active' }, admin);
  assert.equal(opened.status, 200);
  await site.enter('ines');
});

test('administrators manage users and see nothing of the case; a new user must choose a password first', async () => {
  const admin = await site.enter('admin');
  for (const path of ['/api/queue', '/api/exhibits', '/api/ledger', '/api/authorities'])
    assert.equal((await site.send(path, undefined, admin)).status, 403, path);
  const added = await site.send(
    '/api/users',
    { name: 'nora', full_name: 'Officer Nora', roles: ['analyst'], password: 'a first password for you' },
    admin,
  );
  assert.equal(added.status, 200, await added.text());
  const first = await site.enter('nora', 'a first password for you');
  assert.equal((await site.send('/api/queue', undefined, first)).status, 403);
  const next = await site.send(
    '/api/session/password',
    { password: 'a first password for you', next: passwordOf('nora') },
    first,
  );
  assert.equal(next.status, 200, await next.text());
  assert.equal((await site.send('/api/session', undefined, first)).status, 200);
  assert.equal(
    (await json(await site.send('/api/session', undefined, first))).user,
    null,
    'the old one ended',
  );
  const cookie = next.headers.get('set-cookie')!.split(';')[0]!;
  assert.equal((await site.send('/api/queue', undefined, cookie)).status, 200);
  const closed = await site.send('/api/users/nora/status', { status: 'closed' }, admin);
  assert.equal(closed.status, 200);
  assert.equal(
    (await site.send('/api/queue', undefined, cookie)).status,
    401,
    'a closed user is out at once',
  );
});

test('nobody changes their own access, and the last administrator stays', async () => {
  const admin = await site.enter('admin');
  const own = await site.send('/api/users/admin/roles', { roles: ['supervisor'] }, admin);
  assert.equal(own.status, 403);
  const password = await site.send(
    '/api/users/admin/password',
    { password: 'a kettle beside a spade' },
    admin,
  );
  assert.equal(password.status, 403);
  const both = await site.send('/api/users/ahmed/roles', { roles: ['analyst', 'administrator'] }, admin);
  assert.equal(both.status, 400);
  const escalate = await site.send('/api/users/ahmed/roles', { roles: ['local officer'] }, admin);
  assert.equal(escalate.status, 400);
  const ahmed = await site.enter('ahmed');
  assert.equal((await site.send('/api/users/ahmed/roles', { roles: ['supervisor'] }, ahmed)).status, 403);
});

test('where users log in, paths of the server are not open to them', async () => {
  const ingrid = await site.enter('ingrid');
  const answer = await site.send('/api/intake/path', { path: '/', authority: 'WARRANT-0' }, ingrid);
  assert.equal(answer.status, 400);
  assert.match((await json(answer)).error.message, /paths of the server/);
});

test('the one officer’s key lets nobody in once there are users', async () => {
  const client = new TestClient(fixture.operation);
  try {
    assert.equal((await client.get('/api/queue')).status, 403);
  } finally {
    client.close();
  }
});

test('behind a TLS proxy: its name, https only, and a cookie for https', async () => {
  const other = await makeOperation(null);
  const proxied = await Site.open(other.operation, { hostName: 'waymark.unit.example' });
  try {
    const send = (headers: Record<string, string>) =>
      proxied.app.request('http://waymark.unit.example/api/session', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify({ name: 'sofia', password: passwordOf('sofia') }),
      });
    const Host = 'waymark.unit.example';
    const good = await send({ Host, Origin: 'https://waymark.unit.example' });
    assert.equal(good.status, 200);
    assert.match(good.headers.get('set-cookie')!, /; HttpOnly; SameSite=Strict; Secure$/);
    assert.equal((await send({ Host, Origin: 'http://waymark.unit.example' })).status, 403);
    const evil = await send({ Host: 'evil.example', Origin: 'https://evil.example' });
    assert.equal(evil.status, 403);
  } finally {
    proxied.close();
    other.remove();
  }
});
