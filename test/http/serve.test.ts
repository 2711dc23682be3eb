import assert from 'node:assert/strict';
import * as http from 'node:http';
import * as net from 'node:net';
import * as os from 'node:os';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Served, serve } from '../../src/http/serve.ts';
import { ensureWebBuilt, hashSources } from '../../src/http/web-assets.ts';
import { loadWebFiles } from '../../src/http/web-files.ts';
import { type Fixture, makeOperation } from './fixture.ts';

let fixture: Fixture;
let served: Served;
let cookie: string;

before(async () => {
  fixture = await makeOperation();
  served = await serve(fixture.operation, { port: 0 });
  const entered = await fetch(served.url, { redirect: 'manual' });
  cookie = entered.headers.get('set-cookie')!.split(';')[0]!;
});

after(async () => {
  await served.close();
  fixture.remove();
});

function get(path: string): Promise<Response> {
  return fetch(`${served.origin}${path}`, { headers: { Cookie: cookie } });
}

/** Sends bytes as they are and returns the answer's first line and body. */
function sendRaw(text: string): Promise<string> {
  const { port } = new URL(served.origin);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = net.connect(Number(port), '127.0.0.1', () => socket.write(text));
    socket.on('data', (piece) => {
      answer += piece.toString('latin1');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    setTimeout(() => socket.destroy(), 1500);
  });
}

test('only this machine is served', async () => {
  const { port } = new URL(served.origin);
  const outside = Object.values(os.networkInterfaces())
    .flat()
    .filter((address) => address && !address.internal && address.family === 'IPv4');
  for (const address of outside) {
    await assert.rejects(fetch(`http://${address!.address}:${port}/`), address!.address);
  }
  assert.equal((await fetch(served.origin)).status, 401);
  assert.equal((await get('/api/queue')).status, 200);
});

test('the page, its files, and its addresses', async () => {
  const page = await (await get('/')).text();
  const files = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]!);
  assert.equal(page.match(/<script\b/g)?.length, 1, 'one script; what else it needs is fetched ahead');
  assert.ok(files.some((file) => file.endsWith('.css')));
  for (const file of files) {
    const response = await get(file);
    assert.equal(response.status, 200);
    assert.match(
      response.headers.get('content-type')!,
      file.endsWith('.js') ? /^text\/javascript/ : /^text\/css/,
    );
    assert.equal((await fetch(`${served.origin}${file}`)).status, 401, 'not without the session');
  }
  for (const view of ['/queue', '/persons/person-1', '/exhibits', '/source?pointer=x', '/ledger']) {
    assert.equal(await (await get(view)).text(), page, view);
  }
  assert.equal((await get('/assets/none.js')).status, 404);
});

test('no path leads out of the page', async () => {
  const { host } = new URL(served.origin);
  const paths = [
    '/assets/../../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/..%5c..%5cpackage.json',
    '//etc/passwd',
    '/assets/%00',
  ];
  for (const path of paths) {
    const answer = await sendRaw(
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`,
    );
    assert.ok(answer.startsWith('HTTP/1.1 '), path);
    assert.ok(!answer.includes('"dependencies"') && !answer.includes('root:'), path);
  }
});

test('a body without a stated length is cut off at the limit', async () => {
  const { port, host } = new URL(served.origin);
  const status = await new Promise<number>((resolve, reject) => {
    const request = http.request(
      {
        host: '127.0.0.1',
        port,
        path: '/api/source/reveal',
        method: 'POST',
        headers: {
          Host: host,
          Cookie: cookie,
          Origin: served.origin,
          'Content-Type': 'application/json',
          'Transfer-Encoding': 'chunked',
        },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode!);
      },
    );
    request.on('error', reject);
    for (let i = 0; i < 40; i++) request.write(`${'x'.repeat(4096)}`);
    request.end();
  });
  assert.equal(status, 413);
});

test('closing ends streams that are being followed', async () => {
  const own = await makeOperation(null);
  const other = await serve(own.operation, { port: 0, web: new Map() });
  const entered = await fetch(other.url, { redirect: 'manual' });
  const headers = { Cookie: entered.headers.get('set-cookie')!.split(';')[0]! };
  const stream = await fetch(`${other.origin}/api/progress`, { headers });
  const ended = stream.text().then(
    () => 'ended',
    () => 'ended',
  );
  await other.close();
  assert.equal(await ended, 'ended');
  await assert.rejects(fetch(other.origin));
  own.remove();
});

test('a port that is taken is said so', async () => {
  const port = Number(new URL(served.origin).port);
  await assert.rejects(serve(fixture.operation, { port, web: new Map() }), /cannot be used/);
});

test('the page is built from these sources, small, and once', async () => {
  const folder = await ensureWebBuilt();
  const files = loadWebFiles(folder);
  assert.ok(files.has('/index.html'));
  const page = Buffer.from(files.get('/index.html')!.bytes).toString('utf8');
  const first = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => files.get(match[1]!)!);
  const bytes = first.reduce((sum, file) => sum + gzipSync(file.bytes).length, 0);
  assert.ok(bytes > 50 * 1024 && bytes < 400 * 1024, `${bytes} bytes compressed at the first load`);
  assert.match(hashSources(), /^[0-9a-f]{64}$/);
  const began = performance.now();
  await ensureWebBuilt();
  assert.ok(performance.now() - began < 500, 'not built again');
});
