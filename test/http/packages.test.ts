import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pack, unpack } from '../../src/packages/archive.ts';
import { seal, unseal } from '../../src/packages/seal.ts';
import { receivingKey } from '../../src/workbench/partners.ts';
import { json, TestClient } from './client.ts';
import { clubFiles, type Fixture, makeOperation } from './fixture.ts';

/** Two units that work on the same club. */
let north: Fixture;
let south: Fixture;
let we: TestClient;
let they: TestClient;
let request: { persons: string[]; to: string[]; purpose: string; tlp: string; parts: string[] };
let box: string;

before(async () => {
  north = await makeOperation();
  south = await makeOperation({ 'mail/club.mbox': clubFiles['mail/club.mbox']! });
  [we, they] = [new TestClient(north.operation), new TestClient(south.operation)];
  const { queue } = await json(await we.get('/api/queue'));
  request = {
    persons: [queue[0].person],
    to: ['Unit South'],
    purpose: 'to locate the rider',
    tlp: 'AMBER',
    parts: ['accounts', 'selectors', 'indicators', 'links', 'contacts'],
  };
  const { exhibits } = await json(await we.get('/api/exhibits'));
  box = exhibits.find(({ path }: { path: string }) => path === 'mail/club.mbox').id;
});

after(() => {
  for (const client of [we, they]) client.close();
  for (const fixture of [north, south]) fixture.remove();
});

const bytes = (client: TestClient, route: string, from: string, body: Uint8Array) =>
  client.request(`${route}?from=${encodeURIComponent(from)}`, {
    method: 'POST',
    body: body as RequestInit['body'],
  });

test('cards are exchanged, and one with another fingerprint is refused', async () => {
  const [ours, theirs] = [
    await json(await we.post('/api/partners/own', { name: 'Unit North' })),
    await json(await they.post('/api/partners/own', { name: 'Unit South' })),
  ];
  assert.equal(
    (await we.post('/api/partners', { card: theirs.card, fingerprint: ours.fingerprint })).status,
    403,
  );
  const added = await json(
    await we.post('/api/partners', { card: theirs.card, fingerprint: theirs.fingerprint.toUpperCase() }),
  );
  assert.equal(added.name, 'Unit South');
  assert.equal(
    (await they.post('/api/partners', { card: ours.card, fingerprint: ours.fingerprint })).status,
    200,
  );
  assert.equal((await we.post('/api/partners', { card: '{"name":"x"}', fingerprint: '0' })).status, 400);
  const { partners } = await json(await we.get('/api/partners'));
  assert.deepEqual(
    partners.map(({ name, fingerprint }: Record<string, string>) => [name, fingerprint]),
    [['Unit South', theirs.fingerprint]],
  );
});

test('H1 and H2 keep a package from being made, with the reason and what to do; permission lifts it', async () => {
  for (const code of ['H1', 'H2']) {
    await we.post('/api/grades', {
      what: 'exhibit',
      id: box,
      reason: 'as received',
      grade: `4x4 B2 ${code}`,
    });
    const preview = await json(await we.post('/api/packages/preview', request));
    assert.equal(preview.blocks.length, 1);
    assert.equal(preview.blocks[0].where, `exhibit ${box}`);
    assert.match(preview.blocks[0].why, new RegExp(`${code}: it must not be`));
    assert.match(preview.blocks[0].remedy, /Ask whoever gave it/);
    assert.equal(preview.markings[0].blocked.code, code);
    const size = north.operation.readLedger().size;
    const refused = await we.post('/api/packages', { ...request, seen: preview.seen });
    assert.equal(refused.status, 403);
    assert.match((await json(refused)).error.message, /cannot be made: exhibit/);
    assert.equal(north.operation.readLedger().size, size, 'nothing is recorded');
  }
  await we.post('/api/grades', {
    what: 'exhibit',
    id: box,
    reason: 'permission of the unit of 3 January',
    grade: '4x4 B2 H0',
    tlp: 'AMBER',
  });
  const open = await json(await we.post('/api/packages/preview', request));
  assert.deepEqual(open.blocks, []);
  assert.equal(open.least, 'AMBER');
});

test('a graded record inside the package blocks it too, one outside does not', async () => {
  const person = await json(await we.get(`/api/persons/${request.persons[0]}`));
  const cited = person.reasons[0].pointer;
  const { sequence } = await json(
    await we.post('/api/grades', { what: 'record', id: cited, reason: 'as told', grade: '4x4 A1 H2' }),
  );
  const blocked = await json(await we.post('/api/packages/preview', request));
  assert.deepEqual(
    blocked.blocks.map(({ where }: { where: string }) => where),
    [`record ${cited}`],
  );
  await we.post(`/api/decisions/${sequence}/undo`, { reason: 'graded by mistake' });
  await we.post('/api/grades', {
    what: 'record',
    id: `${box}@9999999+1`,
    reason: 'as told',
    grade: '4x4 A1 H2',
  });
  assert.deepEqual((await json(await we.post('/api/packages/preview', request))).blocks, []);
});

test('a label may not fall below what the package holds', async () => {
  const green = await json(await we.post('/api/packages/preview', { ...request, tlp: 'GREEN' }));
  assert.match(green.blocks[0].why, /TLP:AMBER/);
  assert.equal((await we.post('/api/packages', { ...request, tlp: 'GREEN', seen: green.seen })).status, 403);
});

test('what is made is what was seen, travels sealed, is checked, taken in once, and seen elsewhere', async () => {
  const preview = await json(await we.post('/api/packages/preview', request));
  assert.deepEqual((await json(await we.get('/api/packages'))).packages, [], 'a preview makes nothing');
  assert.ok(
    preview.files.some(
      ({ path, rows }: { path: string; rows: number }) => path.endsWith('accounts.csv') && rows > 0,
    ),
  );
  assert.ok(preview.withheld.some(({ what }: { what: string }) => what.startsWith('parts (messages)')));
  assert.equal(
    preview.exhibits.find(({ exhibit }: { exhibit: string }) => exhibit === box).authority,
    'WARRANT-1',
  );
  const other = await we.post('/api/packages', { ...request, purpose: 'something else', seen: preview.seen });
  assert.match((await json(other)).error.message, /has changed since it was looked at/);
  const made = await json(await we.post('/api/packages', { ...request, seen: preview.seen }));
  const { id } = made.manifest;
  const file = await we.get(`/api/packages/file?id=${id}`);
  assert.equal(file.headers.get('content-disposition'), `attachment; filename="${id}.waymark"`);
  const sealed = new Uint8Array(await file.arrayBuffer());
  assert.equal(sealed.length, made.bytes);
  const { packages } = await json(await we.get('/api/packages'));
  assert.deepEqual([packages[0].id, packages[0].direction, packages[0].kept], [id, 'sent', true]);

  const checked = await json(await bytes(they, '/api/packages/check', 'Unit North', sealed));
  assert.equal(checked.manifest.purpose, request.purpose);
  assert.equal(checked.before, false);
  assert.deepEqual((await json(await they.get('/api/packages'))).packages, [], 'checking keeps nothing');
  const taken = await json(await bytes(they, '/api/packages/receive', 'Unit North', sealed));
  assert.ok(taken.selectors.kept > 0);
  const again = await bytes(they, '/api/packages/receive', 'Unit North', sealed);
  assert.match((await json(again)).error.message, /opened here before/);
  assert.equal((await json(await bytes(they, '/api/packages/check', 'Unit North', sealed))).before, true);

  const { persons } = await json(await they.get('/api/persons?text=anna'));
  const { seen } = await json(await they.get(`/api/persons/${persons[0].person}/elsewhere`));
  const address = seen.find(({ selector }: { selector: string }) => selector === 'email');
  assert.match(address.canonical, /@velo\.example$/);
  assert.equal(address.package, id);
  assert.equal(address.purpose, request.purpose);
  const { persons: strangers } = await json(await they.get('/api/persons?text=dora'));
  assert.deepEqual((await json(await they.get(`/api/persons/${strangers[0].person}/elsewhere`))).seen, []);
});

test('hostile packages are refused with the reason, and nothing of them is kept', async () => {
  const key = await receivingKey(south.operation);
  const { packages } = await json(await we.get('/api/packages'));
  const sealed = new Uint8Array(
    await (await we.get(`/api/packages/file?id=${packages[0].id}`)).arrayBuffer(),
  );
  const inner = await unpack(await unseal(sealed, key.identity));
  const files = [...inner].map(([path, content]) => ({ path, bytes: content }));
  const forged: [string, RegExp, Uint8Array][] = [
    ['a file more', /not signed/, await pack([...files, { path: 'extra.txt', bytes: Buffer.from('x') }])],
    [
      'a path that leads out',
      /holds "\.\.\/up"/,
      await pack([{ path: '../up', bytes: Buffer.from('x') }, ...files]),
    ],
    ['a file twice', /twice/, await pack([...files, files.at(-1)!])],
    ['no archive', /cannot be taken apart|has no envelope/, Buffer.alloc(2048, 7)],
  ];
  for (const [what, message, archive] of forged) {
    const response = await bytes(
      they,
      '/api/packages/check',
      'Unit North',
      await seal(archive, [key.recipient]),
    );
    assert.match((await json(response)).error.message, message, what);
  }
  const cut = await bytes(they, '/api/packages/check', 'Unit North', sealed.subarray(0, 900));
  assert.equal((await json(cut)).error.code, 'integrity');
  const stranger = await bytes(they, '/api/packages/check', 'Nobody', sealed);
  assert.equal(stranger.status, 404);
  assert.equal((await json(await they.get('/api/packages'))).packages.length, 1);
});

test('excluding a cited exhibit names the package and drafts its notices, already in the preview', async () => {
  const preview = await json(await we.post(`/api/exhibits/${box}/preview`, { act: 'exclude' }));
  assert.equal(preview.packages.length, 1);
  assert.deepEqual(preview.packages[0].to, ['Unit South']);
  assert.match(preview.notices[0].text, /^To: Unit South\nAbout: package /);
  assert.deepEqual((await json(await we.get('/api/packages'))).notices, [], 'nothing is excluded yet');
});
