import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { json, origin, TestClient } from './client.ts';
import { clubFiles, type Fixture, makeOperation } from './fixture.ts';

let fixture: Fixture;
let client: TestClient;

before(async () => {
  fixture = await makeOperation(null);
  client = new TestClient(fixture.operation);
});

after(() => {
  client.close();
  fixture.remove();
});

const mail = Buffer.from(clubFiles['mail/club.mbox'] as string);
const log = Buffer.from(clubFiles['logs/access.log'] as string);
const said = { authority: 'WARRANT-7', custody: 'handed over at the desk' };
const modified = 1_546_700_000_000;

function piece(
  upload: string,
  name: string,
  whole: Buffer,
  offset: number,
  body: RequestInit['body'],
  size = whole.length,
) {
  const query = new URLSearchParams({
    upload,
    path: name,
    bytes: String(size),
    modified: String(modified),
    offset: String(offset),
  });
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
  return client.request(`/api/intake/piece?${query}`, init);
}

async function begin(files: number, bytes: number): Promise<string> {
  const answer = await json(await client.post('/api/intake/begin', { files, bytes }));
  return answer.id;
}

async function settled(): Promise<void> {
  while ((await json(await client.get('/api/operation'))).building)
    await new Promise((r) => setTimeout(r, 50));
}

/** Files in the vault, and those that are on their way. */
const inVault = () =>
  fs
    .readdirSync(fixture.operation.path('vault'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /[0-9a-f]{64}$/.test(file));
const onTheWay = () => {
  const folder = fixture.operation.path('tmp', `upload-${process.pid}`);
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
};

test('files arrive piece by piece, go on after an interruption, and become exhibits only when whole', async () => {
  const upload = await begin(2, mail.length + log.length);
  const first = await json(await piece(upload, 'mail/club.mbox', mail, 0, mail.subarray(0, 700)));
  assert.deepEqual(first, { received: 700, whole: false });

  // A connection that breaks off: what came before counts.
  const broken = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(mail.subarray(700, 900)));
    },
    pull(controller) {
      controller.error(new Error('the line went dead'));
    },
  });
  assert.ok((await piece(upload, 'mail/club.mbox', mail, 700, broken)).status >= 400);
  const { upload: held } = await json(await client.get('/api/intake'));
  const [file] = held.arriving;
  assert.ok(file.received === 700 || file.received === 900, `${file.received}`);

  const again = await json(await piece(upload, 'mail/club.mbox', mail, 0, mail));
  assert.match(again.error.message, /goes on at byte/);
  const early = await client.post('/api/intake/take-in', { upload, ...said });
  assert.equal(early.status, 400);
  assert.match((await json(early)).error.message, /0 of 2 files have arrived whole/);
  assert.deepEqual(inVault(), [], 'nothing half lies in the vault');

  await piece(upload, 'mail/club.mbox', mail, file.received, mail.subarray(file.received));
  await piece(upload, 'logs/access.log', log, 0, log);
  const events = client.get('/api/progress');
  const started = await client.post('/api/intake/take-in', {
    upload,
    ...said,
    reference: 'EX/1',
    grade: '4x4 B2 H0',
  });
  assert.equal(started.status, 202, await started.clone().text());
  await settled();
  await (await events).body?.cancel();
  const { last, upload: rest, failed, authorities } = await json(await client.get('/api/intake'));
  assert.equal(failed, null);
  assert.equal(rest, null);
  assert.deepEqual(
    last.receipts.map(({ path: name, how }: { path: string; how: string }) => [name, how]),
    [
      ['logs/access.log', 'received'],
      ['mail/club.mbox', 'received'],
    ],
  );
  assert.deepEqual(authorities, [{ authority: 'WARRANT-7', exhibits: 2 }]);
  assert.deepEqual(onTheWay(), []);

  const { exhibits } = await json(await client.get('/api/exhibits'));
  const box = exhibits.find((exhibit: { path: string }) => exhibit.path === 'mail/club.mbox');
  assert.equal(box.sha256, createHash('sha256').update(mail).digest('hex'));
  assert.equal(box.marking.grade, '4x4 B2 H0');
  assert.equal(fs.readFileSync(fixture.operation.vault.pathOf(box.sha256)).compare(mail), 0);
  assert.equal(fs.statSync(fixture.operation.vault.pathOf(box.sha256)).mode & 0o222, 0, 'read-only');

  const { custody, choices, files } = await json(await client.get(`/api/exhibits/${box.id}/origin`));
  assert.equal(custody.length, 1);
  const { time: _, ...entry } = custody[0];
  assert.deepEqual(entry, {
    delivery: 1,
    path: 'mail/club.mbox',
    how: 'received',
    authority: 'WARRANT-7',
    reference: 'EX/1',
    note: 'handed over at the desk',
    author: 'officer-1',
  });
  assert.equal(files, 1);
  assert.equal(choices[0].reader, 'mbox');
  assert.equal(choices[0].told[0].reader, 'mbox');
  assert.ok(choices[0].told[0].sure > 0.5);
});

test('the same files again are not taken twice', async () => {
  const before = inVault().length;
  const upload = await begin(1, mail.length);
  await piece(upload, 'mail/club.mbox', mail, 0, mail);
  assert.equal((await client.post('/api/intake/take-in', { upload, ...said })).status, 202);
  await settled();
  const { last } = await json(await client.get('/api/intake'));
  assert.equal(last.receipts[0].how, 'here already');
  assert.equal(inVault().length, before);
});

test('what is given up leaves nothing, and acts in between do not disturb what arrives', async () => {
  const vault = inVault();
  const upload = await begin(1, 10);
  await piece(upload, 'pump.txt', Buffer.alloc(10), 0, Buffer.from('half'));
  const { exhibits } = await json(await client.get('/api/exhibits'));
  await client.post('/api/grades', { what: 'exhibit', id: exhibits[0].id, reason: 'seen', tlp: 'GREEN' });
  assert.equal(onTheWay().length, 1, 'an act clears what is left behind, not what arrives');
  const second = await client.post('/api/intake/begin', { files: 1, bytes: 1 });
  assert.equal(second.status, 409);
  assert.equal((await client.post('/api/intake/give-up', { upload })).status, 200);
  assert.deepEqual(onTheWay(), []);
  assert.deepEqual(inVault(), vault);
  assert.equal((await client.post('/api/intake/give-up', { upload })).status, 404);
});

test('what a process that is gone left behind is cleared by the next act', async () => {
  const left = fixture.operation.path('tmp', 'upload-999999999', 'x');
  fs.mkdirSync(left, { recursive: true });
  fs.writeFileSync(path.join(left, '0'), 'half a file');
  const { exhibits } = await json(await client.get('/api/exhibits'));
  await client.post('/api/grades', {
    what: 'exhibit',
    id: exhibits[0].id,
    reason: 'seen again',
    tlp: 'GREEN',
  });
  assert.ok(!fs.existsSync(path.dirname(left)));
});

test('wrong input says what, where and what to do', async () => {
  const refusals: [string, string, number][] = [];
  const upload = await begin(2, 100);
  for (const name of ['../escape', '/root', 'a//b', 'a/./b', 'a\0b']) {
    const { error } = await json(await piece(upload, name, Buffer.alloc(3), 0, Buffer.from('abc')));
    refusals.push([name, error.code, error.remedy.length]);
  }
  assert.ok(
    refusals.every(([, code, remedy]) => code === 'usage' && remedy > 10),
    JSON.stringify(refusals),
  );
  const more = await json(await piece(upload, 'a.txt', Buffer.alloc(3), 0, Buffer.from('abcdef')));
  assert.match(more.error.message, /more than the 3 bytes/);
  const large = await json(await piece(upload, 'b.txt', Buffer.alloc(0), 0, 'x', 101));
  assert.match(large.error.message, /more is sent than was announced/);
  const tooMuch = await piece(upload, 'c.txt', Buffer.alloc(9 << 20), 0, Buffer.alloc(9 << 20));
  assert.equal(tooMuch.status, 413);
  await client.post('/api/intake/give-up', { upload });

  const huge = await json(
    await client.post('/api/intake/begin', { files: 1, bytes: Number.MAX_SAFE_INTEGER }),
  );
  assert.equal(huge.error.code, 'storage');
  assert.match(huge.error.remedy, /bytes are free/);
  const many = await json(await client.post('/api/intake/begin', { files: 20_001, bytes: 1 }));
  assert.equal(many.error.code, 'limit');
  const nothing = await json(await client.post('/api/intake/take-in', { upload, authority: ' ' }));
  assert.match(nothing.error.message, /authority/);
});

test('a path of this machine is taken in, but never the operation itself', async () => {
  const file = path.join(fixture.seized, 'marker-list.txt');
  fs.writeFileSync(file, clubFiles['lists/marker-list.txt']!);
  const started = await client.post('/api/intake/path', { path: fixture.seized, ...said });
  assert.equal(started.status, 202, await started.clone().text());
  await settled();
  const { last } = await json(await client.get('/api/intake'));
  assert.deepEqual(
    last.receipts.map(({ path: name }: { path: string }) => name),
    ['marker-list.txt'],
  );
  for (const [bad, code] of [
    [fixture.operation.path('vault'), 'usage'],
    [path.dirname(fixture.operation.folder), 'usage'],
    ['relative/path', 'usage'],
    [path.join(fixture.seized, 'nothing here'), 'not-found'],
  ] as const) {
    const answer = await json(await client.post('/api/intake/path', { path: bad, ...said }));
    assert.equal(answer.error?.code, code, bad);
  }
  const badGrade = await client.post('/api/intake/path', { path: fixture.seized, ...said, grade: '9x9' });
  assert.equal(badGrade.status, 400);
});

test('a piece is taken from this very page alone', async () => {
  const refused = await client.request(`${'/api/intake/piece?upload=x'}`, { method: 'POST', body: 'x' }, [
    'Origin',
    'Sec-Fetch-Site',
  ]);
  assert.equal(refused.status, 403);
  assert.ok(origin.startsWith('http://127.0.0.1'));
});
