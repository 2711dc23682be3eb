import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setPolicy } from '../../src/workbench/decisions.ts';
import { json, TestClient } from '../http/client.ts';
import { type Fixture, makeOperation } from '../http/fixture.ts';

const contents = {
  'seen.dat': `seen ${'tulip '.repeat(40)}\n`,
  'unseen.dat': `unseen ${'daisy '.repeat(40)}\n`,
  'unsaid.dat': `unsaid ${'poppy '.repeat(40)}\n`,
  'other.dat': `other ${'fern '.repeat(40)}\n`,
};
const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const file = (name: keyof typeof contents, viewed: string) =>
  `<fileDetails><fileId>${name}</fileId><originalFileName>${name}</originalFileName>${viewed}
   <originalFileHash hashType="MD5">${md5(contents[name])}</originalFileHash></fileDetails>`;
const report = `<?xml version="1.0" encoding="UTF-8"?>
<batch><entry><reportNumber>5550001</reportNumber>
  <report><reportId>5550001</reportId>
    <incidentSummary><incidentType>Misleading Domain Name</incidentType>
      <incidentDateTime>2021-03-06T15:00:00Z</incidentDateTime></incidentSummary>
    <personOrUserReported><espIdentifier>u1001</espIdentifier><espService>Garden Pots</espService>
      <screenName>idadigs</screenName></personOrUserReported>
  </report>
  ${file('seen.dat', '<fileViewedByEsp>true</fileViewedByEsp>')}
  ${file('unseen.dat', '<fileViewedByEsp>false</fileViewedByEsp>')}
  ${file('unsaid.dat', '')}
</entry></batch>
`;

let fixture: Fixture;
let client: TestClient;
const by = { reason: 'law of the house', time: '2026-01-05T09:00:00Z' };

before(async () => {
  const files = Object.fromEntries(Object.entries(contents).map(([name, text]) => [`files/${name}`, text]));
  fixture = await makeOperation({ 'report/report.xml': report, ...files });
  client = new TestClient(fixture.operation);
});

after(() => {
  assert.deepEqual(client.faults, []);
  client.close();
  fixture.remove();
});

async function statuses(): Promise<Record<string, number>> {
  const { exhibits } = await json(await client.get('/api/exhibits'));
  const found: Record<string, number> = {};
  for (const [name, text] of Object.entries(contents)) {
    const holder = exhibits.find(
      (each: { kind: string; paths: string[] }) =>
        each.kind === 'folder' || each.paths.some((one) => one.endsWith(name)),
    );
    const inside = holder.kind === 'folder' ? `/${name}` : '';
    const pointer = `${holder.id}${inside}@0+${text.length}`;
    found[name] = (await client.get(`/api/source?pointer=${encodeURIComponent(pointer)}`)).status;
  }
  return found;
}

test('files that no provider viewed are locked where the operation says so, until an authority covers them', async () => {
  const { operation } = fixture;
  const all = { 'seen.dat': 200, 'unseen.dat': 200, 'unsaid.dat': 200, 'other.dat': 200 };
  assert.deepEqual(await statuses(), all);
  await operation.exclusively(async () =>
    setPolicy(operation, 'files not viewed by the provider are locked', '1', by),
  );
  assert.deepEqual(
    await statuses(),
    { ...all, 'unseen.dat': 403, 'unsaid.dat': 403 },
    'not stated is not viewed',
  );
  const terms = { reference: 'WARRANT-1', kind: 'search warrant', issuer: 'Court 1', reason: 'order' };
  await client.post('/api/authorities', terms);
  const detail = await json(await client.get('/api/authorities/WARRANT-1'));
  assert.equal(detail.locked.files, 2);
  assert.equal(detail.locked.places.length, 2);
  await client.post('/api/authorities', { ...terms, unviewed_files: true });
  assert.deepEqual(await statuses(), all);
});

test('an exhibit whose authority is only named stays closed where recorded ones are needed', async () => {
  const { operation } = fixture;
  const other = await makeOperation({ 'files/other.dat': contents['other.dat'] });
  const to = new TestClient(other.operation);
  try {
    await other.operation.exclusively(async () =>
      setPolicy(other.operation, 'recorded authorities needed', '1', by),
    );
    const { exhibits } = await json(await to.get('/api/exhibits'));
    const pointer = encodeURIComponent(
      `${exhibits[0].id}${exhibits[0].kind === 'folder' ? '/other.dat' : ''}@0+8`,
    );
    const refused = await to.get(`/api/source?pointer=${pointer}`);
    assert.equal(refused.status, 403);
    assert.match((await json(refused)).error.message, /named but not recorded/);
    const terms = { reference: 'WARRANT-1', kind: 'consent', issuer: 'Owner', reason: 'letter' };
    await to.post('/api/authorities', terms);
    assert.equal((await to.get(`/api/source?pointer=${pointer}`)).status, 200);
  } finally {
    to.close();
    other.remove();
  }
  assert.equal(operation.isAtWork, false);
});
