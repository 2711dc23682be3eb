import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { type Action, can, permissions } from '../../src/access/can.ts';
import { contract, type EndpointName } from '../../src/http/contract.ts';
import { contentPolicy } from '../../src/http/guard.ts';
import { json, origin, port, TestClient } from './client.ts';
import { type Fixture, makeOperation } from './fixture.ts';
import { nowhere, samples } from './samples.ts';

let fixture: Fixture;
let client: TestClient;

/** Routes beside the contract, with the action each asks for. */
const others: Record<string, Action> = {
  'POST /api/csp-report': 'policy.report',
  'GET /api/openapi.json': 'api.describe',
  'GET *': 'page.open',
};
const names = Object.keys(contract) as EndpointName[];

before(async () => {
  fixture = await makeOperation();
  client = new TestClient(fixture.operation);
});

after(() => {
  client.close();
  fixture.remove();
});

function ask(to: TestClient, name: EndpointName): Promise<Response> {
  const { path, body } = samples[name];
  return contract[name].method === 'get' ? to.get(path) : to.post(path, body);
}

test('every route is in the contract or listed, and asks for an action that is written down', () => {
  const hono = (path: string) => path.replace(/\{(\w+)\}/g, ':$1');
  const known = new Map<string, Action>([
    ...names.map((name) => {
      const { method, path, action } = contract[name];
      return [`${method.toUpperCase()} ${hono(path)}`, action] as const;
    }),
    ...Object.entries(others),
  ]);
  const routes = client.app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path === '/*' ? '*' : path}`);
  assert.ok(routes.length >= known.size);
  for (const route of routes) {
    const action = known.get(route);
    assert.ok(action, `${route} has no action`);
    assert.ok(Object.hasOwn(permissions, action), `${action} is in no table`);
  }
  for (const route of known.keys()) assert.ok(routes.includes(route), `${route} is not served`);
});

test('every route asks: with a judge who denies everything, all answer 403', async () => {
  const asked: string[] = [];
  const denied = new TestClient(fixture.operation, {
    can: (_actor, action, object) => {
      asked.push(`${action} ${object.kind} ${object.id}`);
      return false;
    },
  });
  try {
    for (const name of names) assert.equal((await ask(denied, name)).status, 403, name);
    assert.equal((await denied.post('/api/csp-report', {})).status, 403);
    assert.equal((await denied.get('/api/openapi.json')).status, 403);
    assert.equal((await denied.get('/queue')).status, 403);
    assert.equal(asked.length, names.length + 3);
    for (const name of names.filter((each) => 'named' in contract[each].on)) {
      const { action, on } = contract[name];
      const id =
        { person: 'person-0', user: 'nobody', decision: '1' }[String((on as { named?: string }).named)] ??
        '0123456789abcdef';
      assert.ok(asked.includes(`${action} ${on.kind} ${id}`), `${name} names its object`);
    }
  } finally {
    denied.close();
  }
});

test('who may: deny by default', () => {
  const actor = { id: 'officer-1', roles: ['local officer'] as const, operation: 'one', confirmed: true };
  const object = { kind: 'exhibit', operation: 'one', id: 'x' } as const;
  assert.equal(can(actor, 'exhibit.show', object), true);
  assert.equal(can({ ...actor, roles: [] }, 'exhibit.show', object), false);
  assert.equal(can(actor, 'exhibit.show', { ...object, operation: 'two' }), false);
  assert.equal(can(actor, 'person.show', object), false);
  for (const action of ['', 'exhibit.destroy', 'constructor', '__proto__', 'toString']) {
    assert.equal(can(actor, action as Action, object), false, action);
  }
});

test('without the session nothing is given, and the page says how to get in', async () => {
  for (const name of names) {
    const { path, body } = samples[name];
    const method = contract[name].method;
    const response =
      method === 'get' ? await client.get(path, ['Cookie']) : await client.post(path, body, ['Cookie']);
    assert.equal(response.status, 401, name);
    assert.equal((await json(response)).error.code, 'denied');
  }
  const page = await client.get('/', ['Cookie']);
  assert.equal(page.status, 401);
  assert.match(await page.text(), /Open the address/);
  const wrong = await client.get('/api/queue', [], { Cookie: `waymark-${port}=AAAA` });
  assert.equal(wrong.status, 401);
});

test('the key is exchanged for a cookie that scripts and other sites cannot use', async () => {
  const response = await client.get(`/?key=${client.session.key}`, ['Cookie']);
  assert.equal(response.status, 303);
  assert.equal(response.headers.get('location'), '/');
  const cookie = response.headers.get('set-cookie')!;
  assert.match(cookie, /; HttpOnly; SameSite=Strict$/);
  assert.ok(!cookie.includes(client.session.key));
  const entered = await client.get('/api/queue', [], { Cookie: cookie.split(';')[0]! });
  assert.equal(entered.status, 200);
  assert.equal((await client.get('/?key=wrong', ['Cookie'])).status, 401);
  assert.equal((await client.get(`/api/queue?key=${client.session.key}`, ['Cookie'])).status, 401);
});

test('only the names of this machine are answered', async () => {
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
    assert.equal((await client.get('/api/queue', ['Origin'], { Host: host })).status, 200, host);
  }
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1',
    `127.0.0.1:${port + 1}`,
    `127.0.0.1:${port}.evil.example`,
    '',
  ]) {
    assert.equal((await client.get('/api/queue', ['Origin'], { Host: host })).status, 403, host);
    assert.equal((await client.get(`/?key=${client.session.key}`, [], { Host: host })).status, 403, host);
  }
  assert.equal((await client.get('/api/queue', ['Host'])).status, 403);
});

test('what changes something must come from this origin, whatever its content type', async () => {
  const attempts: Record<string, string>[] = [
    { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: `http://127.0.0.1:${port + 1}`, 'Sec-Fetch-Site': 'same-site' },
    { Origin: `https://127.0.0.1:${port}` },
    { Origin: origin, 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'none' },
    {},
  ];
  const before = (await json(await client.get('/api/ledger'))).size;
  for (const name of names.filter((each) => contract[each].method !== 'get')) {
    for (const headers of attempts) {
      for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
        const { path, body } = samples[name];
        const more = { ...headers, 'Content-Type': type };
        const without = ['Origin', 'Sec-Fetch-Site'].filter((header) => !(header in headers));
        const response = await client.post(path, body, without, more);
        assert.equal(response.status, 403, `${name} ${JSON.stringify(more)}`);
      }
    }
  }
  assert.equal((await json(await client.get('/api/ledger'))).size, before);
  const read = await client.get('/api/queue', ['Origin'], { 'Sec-Fetch-Site': 'same-site' });
  assert.equal(read.status, 403, 'another port of this machine reads nothing');
});

test('every answer carries the policy; nothing of the API is kept by the browser', async () => {
  const answers = [
    await client.get('/api/queue'),
    await client.get('/api/nothing'),
    await client.get('/api/persons/none'),
    await client.get('/api/queue', ['Cookie']),
    await client.get('/', ['Cookie']),
    await client.get('/api/queue', [], { Host: 'evil.example' }),
    await client.get('/api/queue?most=1'),
    await client.get('/nothing-built'),
  ];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 404, 404, 401, 401, 403, 400, 404],
  );
  for (const { headers } of answers) {
    assert.equal(headers.get('content-security-policy'), contentPolicy);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
    assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('access-control-allow-origin'), null);
  }
});

test('a download can do nothing where it is opened', async () => {
  const { queue } = await json(await client.get('/api/queue'));
  const pointer = encodeURIComponent(queue[0].reasons[0].pointer);
  const { headers, status } = await client.get(`/api/source/raw?pointer=${pointer}`);
  assert.equal(status, 200);
  assert.equal(headers.get('content-type'), 'application/octet-stream');
  assert.match(headers.get('content-disposition')!, /^attachment; filename="[0-9a-f]{16}-\d+-\d+\.bin"$/);
  assert.match(headers.get('content-security-policy')!, /^sandbox;/);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('cache-control'), 'no-store');
});

test('requests are taken exactly as the contract says', async () => {
  const id = '0123456789abcdef';
  const cases: [number, Promise<Response>][] = [
    [400, client.get('/api/persons?limit=0')],
    [400, client.get('/api/persons?limit=501')],
    [400, client.get('/api/persons?limit=1e2')],
    [400, client.get('/api/persons?limit=1&limit=2')],
    [400, client.get('/api/persons?sort=handle')],
    [400, client.get('/api/queue?x=1')],
    [400, client.get('/api/source')],
    [400, client.get('/api/source?pointer=../../etc/passwd')],
    [404, client.get(`/api/source?pointer=${id}@0%2B1`)],
    [400, client.get('/api/exhibits/..%2f..%2fstate/warnings')],
    [404, client.get(`/api/exhibits/${id}/warnings`)],
    [400, client.post('/api/source/reveal', { pointer: nowhere, actor: 'somebody else' })],
    [400, client.post('/api/source/reveal', {})],
    [400, client.post('/api/source/reveal')],
    [400, client.post('/api/source/reveal', [nowhere])],
    [400, client.post(`/api/exhibits/${id}/exclude`, { reason: '' })],
    [404, client.get('/api/')],
    [404, client.post('/api/queue')],
    [404, client.request('/api/queue', { method: 'DELETE' })],
  ];
  for (const [index, [status, pending]] of cases.entries()) {
    const response = await pending;
    const body = await json(response);
    assert.equal(response.status, status, `case ${index}: ${JSON.stringify(body)}`);
    assert.deepEqual(Object.keys(body), ['error']);
    assert.deepEqual(Object.keys(body.error).sort(), ['code', 'message', 'remedy', 'where']);
  }
});

test('fields that are not known are refused, whatever they are called', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== 'pointer'),
        fc.jsonValue(),
        { minKeys: 1 },
      ),
      async (extra) => {
        const response = await client.post('/api/source/reveal', { ...extra, pointer: nowhere });
        // '__proto__' as a key is no field of a spread object, so nothing is left to refuse but the place.
        const sent = Object.keys({ ...extra }).length;
        assert.equal(response.status, sent > 0 ? 400 : 404);
      },
    ),
    { numRuns: 60, seed: 7 },
  );
});

test('a body that is too large is refused before it is read', async () => {
  const response = await client.post('/api/source/reveal', { pointer: 'x'.repeat(70_000) });
  assert.equal(response.status, 413);
});

test('a fault in Waymark itself is told to the terminal, not to the page', async () => {
  const faulty = new TestClient(fixture.operation, {
    can: () => {
      throw new TypeError('secret detail in a stack');
    },
  });
  const response = await faulty.get('/api/queue');
  const text = await response.text();
  faulty.close();
  assert.equal(response.status, 500);
  assert.equal(JSON.parse(text).error.code, 'internal');
  assert.ok(!text.includes('secret') && !text.includes('.ts'));
  assert.match(faulty.faults[0]!, /secret detail/);
});

test('policy reports are counted, but for the icon that browsers ask for', async () => {
  const count = async () => (await json(await client.get('/api/operation'))).policyReports;
  const before = await count();
  const report = (blocked: string) =>
    client.post('/api/csp-report', { 'csp-report': { 'blocked-uri': blocked } });
  assert.equal((await report('inline')).status, 204);
  assert.equal((await report(`${origin}/favicon.ico`)).status, 204);
  assert.equal(await count(), before + 1);
});

test('OpenAPI names every route with its errors', async () => {
  const document = await json(await client.get('/api/openapi.json'));
  assert.equal(document.openapi, '3.1.0');
  for (const name of names) {
    const { method, path, status } = contract[name];
    const operation = document.paths[path][method];
    assert.equal(operation.operationId, name);
    assert.ok(operation.responses[status] && operation.responses.default);
  }
});
