import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { Endpoint } from '../../src/http/contract/endpoint.ts';
import { contract, type EndpointName } from '../../src/http/contract.ts';
import { json, TestClient } from './client.ts';
import { type Fixture, makeOperation } from './fixture.ts';
import { samples } from './samples.ts';

const names = Object.keys(contract) as EndpointName[];

/** Thirty files that several programs take for something else: all begin as one thing and go on as another. */
const heads = [
  '<!doctype html><script>top.x=1</script>',
  '<svg xmlns="http://www.w3.org/2000/svg" onload="top.x=1"/>',
  '<?xml version="1.0"?><?xml-stylesheet href="x"?><a/>',
  '%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>',
  'GIF89a/*<script>*/=1;top.x=1//',
  '{\\rtf1 {\\object}}',
];
const bodies = [
  '',
  '\r\n\r\n--seam\r\nContent-Type: text/html\r\n\r\n<b>bell</b>',
  '\0\0PK\x03\x04bells',
  '\ufeffa,b\n=1+1,2',
  '#!/bin/sh\nring',
];
const polyglots = heads.flatMap((head) => bodies.map((body) => `${head}${body}\n`));

let fixture: Fixture;
let client: TestClient;

before(async () => {
  fixture = await makeOperation(
    Object.fromEntries(polyglots.map((content, at) => [`stored/file-${at}.bin`, content])),
  );
  client = new TestClient(fixture.operation);
});

after(() => {
  assert.deepEqual(client.faults, []);
  client.close();
  fixture.remove();
});

test('thirty polyglots: each is a download that can do nothing where it is opened', async () => {
  assert.equal(polyglots.length, 30);
  const { exhibits } = await json(await client.get('/api/exhibits'));
  let given = 0;
  for (const [at, content] of polyglots.entries()) {
    const length = Buffer.byteLength(content);
    const path = `file-${at}.bin`;
    const found = exhibits.find(
      (exhibit: { path: string; paths: string[]; kind: string }) =>
        exhibit.kind === 'folder' || exhibit.paths.some((each) => each.endsWith(path)),
    );
    const inside = found.kind === 'folder' ? `/${path}` : '';
    const pointer = encodeURIComponent(`${found.id}${inside}@0+${length}`);
    const answer = await client.get(`/api/source/raw?pointer=${pointer}`);
    const { headers } = answer;
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
    assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin', path);
    if (content.startsWith('GIF')) {
      assert.equal(answer.status, 403, 'what begins as a picture is never given');
      continue;
    }
    assert.equal(answer.status, 200, `${path}: ${JSON.stringify(content.slice(0, 40))}`);
    assert.equal(headers.get('content-type'), 'application/octet-stream', path);
    assert.match(headers.get('content-disposition')!, /^attachment; filename="[0-9a-f]{16}-\d+-\d+\.bin"$/);
    assert.match(headers.get('content-security-policy')!, /^sandbox; default-src 'none'/);
    assert.equal(Buffer.from(await answer.arrayBuffer()).toString(), content, path);
    given++;
  }
  assert.equal(given, 25);
});

test('no route takes a field that it does not name, in body, query or path', async () => {
  const owned = [
    'actor',
    'author',
    'roles',
    'operation',
    'confirmed',
    'time',
    'sequence',
    'status',
    'is_admin',
  ];
  for (const name of names) {
    const endpoint: Endpoint = contract[name];
    const { path, body } = samples[name];
    const bodyNames = Object.keys(endpoint.body?.shape ?? {});
    const queryNames = Object.keys(endpoint.query?.shape ?? {});
    if (endpoint.body) {
      await fc.assert(
        fc.asyncProperty(
          fc
            .oneof(fc.constantFrom(...owned), fc.string({ minLength: 1, maxLength: 12 }))
            .filter((key) => !bodyNames.includes(key) && key !== '__proto__'),
          fc.jsonValue({ maxDepth: 1 }),
          async (key, value) => {
            const answer = await client.post(path, { ...(body as object), [key]: value });
            await answer.body?.cancel();
            assert.equal(answer.status, 400, `${name} took ${key}`);
          },
        ),
        { numRuns: 8, seed: 7 },
      );
    }
    for (const key of owned.filter((each) => !queryNames.includes(each)).slice(0, 3)) {
      const address = `${path}${path.includes('?') ? '&' : '?'}${key}=1`;
      const answer = endpoint.method === 'get' ? await client.get(address) : await client.post(address, body);
      await answer.body?.cancel();
      assert.equal(answer.status, 400, `${name} took ${key} in its query`);
    }
  }
});
