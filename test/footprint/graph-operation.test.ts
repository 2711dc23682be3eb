/** The contact graph of an operation, from mailboxes to the API and the command line. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { Writable } from 'node:stream';
import { after, before, test } from 'node:test';
import type { Network } from '../../src/footprint/graph/network.ts';
import { networkOverviewSchema } from '../../src/http/contract/network.ts';
import { generationPath } from '../../src/store/lake.ts';
import { currentGeneration, openGeneration } from '../../src/workbench/build.ts';
import { neighbours, openNetwork, writeNetwork } from '../../src/workbench/network.ts';
import { showSource } from '../../src/workbench/source.ts';
import { json, TestClient } from '../http/client.ts';
import { clubFiles, type Fixture, letter, makeOperation } from '../http/fixture.ts';
import { waymark } from '../support/waymark.ts';

const shared = letter({
  from: 'Ben <ben@garden.example>',
  to: 'dora@hill.example, carla@coffee.example',
  subject: 'Compost',
  date: 'Thu, 10 Jan 2019 08:00:00 +0000',
  id: 'compost-1@garden.example',
  text: 'The heap is warm.',
});
const hostile = letter({
  from: '"=SUM(1) <b> \u202e" <evil@hill.example>',
  to: 'dora@hill.example',
  subject: 'Bells',
  date: 'Fri, 11 Jan 2019 08:00:00 +0000',
  id: 'bell-2@hill.example',
  text: 'Another bell.',
});

let fixture: Fixture;
let client: TestClient;
let network: Network;

before(async () => {
  fixture = await makeOperation({
    'mail/club.mbox': `${clubFiles['mail/club.mbox']}${shared}`,
    'mail/dora.mbox': `${shared}${hostile}`,
  });
  client = new TestClient(fixture.operation);
  network = await openNetwork(fixture.operation);
});

after(() => {
  network?.close();
  assert.deepEqual(client.faults, [], 'no request made Waymark itself fail');
  client.close();
  fixture.remove();
});

test('contacts by day add up to the contacts, though two exhibits hold the same message', async () => {
  const engine = await openGeneration(fixture.operation);
  const [whole] = await engine.rows<{ differing: number; days: number }>(
    `select count(*) filter (d.messages is distinct from c.messages) as differing, count(*) as days
     from contact c full join (select from_account, to_account, channel, sum(first_messages) as messages from contact_day group by all) d
       on d.from_account = c.from_account and d.to_account = c.to_account and d.channel = c.channel`,
  );
  const copies = await engine.rows<{ messages: number; first_messages: number; pointer: string }>(
    `select exhibit, messages, first_messages, pointer from contact_day
     where from_account like '%ben@garden%' and to_account like '%dora@hill%' order by exhibit`,
  );
  engine.close();
  assert.equal(whole!.differing, 0);
  assert.ok(whole!.days > 4);
  assert.deepEqual(
    copies.map((copy) => [copy.messages, copy.first_messages]),
    [
      [1, 1],
      [1, 0],
    ],
  );
  for (const { pointer } of copies) {
    const { bytes } = await showSource(fixture.operation, pointer);
    assert.match(bytes.toString(), /compost-1@garden\.example/);
  }
});

test('each exhibit can be looked at alone, and its pointer leads into it', async () => {
  const ask = (exhibit?: string) =>
    neighbours(network, { of: 'mail/dora@hill.example', hops: 1, fan: 25, most: 300, filter: { exhibit } });
  const all = await ask();
  const edge = all.edges.find(({ a, b }) => [a, b].includes('mail/ben@garden.example'))!;
  assert.equal(edge.a_to_b + edge.b_to_a, 1);
  const { exhibits } = await json(await client.get('/api/network/summary'));
  assert.equal(exhibits.length, 2);
  for (const { exhibit } of exhibits) {
    const alone = (await ask(exhibit)).edges.find(({ a, b }) => [a, b].includes('mail/ben@garden.example'))!;
    assert.equal(alone.a_to_b + alone.b_to_a, 1);
    assert.ok(alone.ways[0]!.pointer.startsWith(exhibit));
  }
});

test('a message without a zone in its time counts, and a range of time says that it is left out', async () => {
  const whole = await json(await client.get('/api/network/neighbours?of=mail/ben@garden.example'));
  assert.equal(whole.undated, 0);
  const some = await json(
    await client.get('/api/network/neighbours?of=mail/ben@garden.example&from=2019-01-01&to=2019-12-31'),
  );
  assert.equal(some.undated, 1);
  assert.ok(some.edges.length <= whole.edges.length);
});

test('the API answers neighbours, paths and the summary, and refuses what it must', async () => {
  const found = await json(
    await client.get('/api/network/path?a=mail/dora@hill.example&b=mail/annalind@velo.example'),
  );
  assert.equal(found.length, found.paths[0].length - 1);
  for (const edge of found.edges) {
    for (const { pointer } of edge.ways)
      assert.equal((await client.get(`/api/source?pointer=${encodeURIComponent(pointer)}`)).status, 200);
  }
  const summary = await json(await client.get('/api/network/summary?over=accounts&limit=3'));
  assert.equal(summary.most.length, 3);
  assert.match(summary.note, /no(ne| rule)/i);
  const refused: [string, number][] = [
    ['/api/network/neighbours', 400],
    ['/api/network/neighbours?of=mail/nobody', 404],
    ['/api/network/neighbours?of=mail/ben@garden.example&hops=3', 400],
    ['/api/network/neighbours?of=mail/ben@garden.example&from=2019-02-30', 400],
    ['/api/network/neighbours?of=mail/ben@garden.example&channel=pigeon', 404],
    ['/api/network/neighbours?of=mail/ben@garden.example&exhibit=x', 400],
    ['/api/network/path?a=mail/ben@garden.example&b=mail/nobody', 404],
    ['/api/network/overview?nodes=0', 400],
    ['/api/network/summary?unknown=1', 400],
  ];
  for (const [address, status] of refused) {
    const response = await client.get(address);
    assert.equal(response.status, status, address);
    assert.ok((await json(response)).error.message);
  }
});

test('the overview becomes ready, keeps to its contract, and is the same every time', async () => {
  const ready = async (on: TestClient, query: string) => {
    for (;;) {
      const response = await on.get(`/api/network/overview${query}`);
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type')!, /json/);
      assert.match(response.headers.get('content-security-policy')!, /default-src/);
      const answer = await json(response);
      // The schema drops what it does not name: nothing may be there beside it.
      assert.deepEqual(networkOverviewSchema.parse(answer), answer);
      if (answer.state === 'ready') return answer;
      assert.ok(answer.stage.length > 0);
    }
  };
  const answer = await ready(client, '?over=accounts');
  assert.equal(answer.totals.hidden_nodes + answer.totals.shown_nodes, answer.totals.nodes);
  for (const column of Object.values(answer.nodes) as unknown[][])
    assert.equal(column.length, answer.totals.shown_nodes);
  for (const end of [...answer.edges.a, ...answer.edges.b]) assert.ok(end < answer.totals.shown_nodes);
  assert.equal(
    new Set(answer.nodes.x.map((x: number, i: number) => `${x} ${answer.nodes.y[i]}`)).size,
    answer.nodes.x.length,
  );
  const capped = await ready(client, '?over=accounts&nodes=3&edges=1');
  assert.deepEqual([capped.totals.shown_nodes, capped.totals.shown_edges], [3, 1]);
  assert.equal(capped.totals.hidden_edges, capped.totals.edges - 1);
  const other = new TestClient(fixture.operation);
  assert.deepEqual(await ready(other, '?over=accounts'), answer);
  other.close();
});

async function exported(format: 'csv' | 'graphml'): Promise<string> {
  const pieces: Buffer[] = [];
  const target = new Writable({
    write(piece, _, done) {
      pieces.push(piece as Buffer);
      done();
    },
  });
  await writeNetwork(network, { over: 'accounts', filter: {} }, format, target);
  return Buffer.concat(pieces).toString();
}

test('exports hold every way, and hostile names harm neither a spreadsheet nor a parser', async () => {
  const csv = await exported('csv');
  const lines = csv.trimEnd().split('\r\n');
  assert.equal(lines[0], 'from,to,channel,messages,first_at,last_at,reciprocity,certainty,pointer');
  for (const line of lines) assert.doesNotMatch(line, /^[=+\-@]|,[=+@]/);
  const graphml = await exported('graphml');
  assert.equal(graphml.match(/<edge /g)!.length, lines.length - 1);
  assert.doesNotMatch(graphml, /<b>/);
  assert.match(graphml, /<\/graphml>\n$/);
});

test('the command line: neighbours, path, summary and export, with clear refusals', () => {
  const run = (...args: string[]) => waymark('network', ...args, '--operation', fixture.operation.folder);
  const one = run('neighbours', 'mail/ben@garden.example', '--hops', '2', '--json');
  assert.equal(one.code, 0, one.stderr);
  const answer = one.json<{ nodes: { node: string }[] }>();
  assert.equal(answer.nodes[0]!.node, 'mail/ben@garden.example');
  const text = run('neighbours', 'mail/dora@hill.example');
  assert.match(text.stdout, /⟦202e⟧|evil/);
  assert.doesNotMatch(text.stdout, /\u202e/);
  const way = run('path', 'mail/dora@hill.example', 'mail/anna.lind@velo.example', '--json');
  assert.ok(way.json<{ length: number }>().length > 0);
  const summary = run('summary', '--over', 'accounts', '--json').json<{
    measured: string;
    most: { core: number; between: number }[];
  }>();
  assert.equal(summary.measured, 'ready');
  assert.ok(summary.most.every(({ core, between }) => core >= 1 && between >= 0));
  const file = `${fixture.seized}/../network.csv`;
  assert.equal(run('export', '--out', file, '--over', 'accounts').code, 0);
  assert.ok(fs.readFileSync(file, 'utf8').split('\r\n').length > 4);
  const unknown = run('neighbours', 'mail/nobody');
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /no person or account "mail\/nobody"/);
  assert.equal(run('neighbours', 'mail/ben@garden.example', '--from', 'soon').code, 2);
  assert.equal(run('export', '--format', 'pdf').code, 2);
});

test('a graph that is retired answers what it was asked, then ends; one that is closed says so', async () => {
  const question = { of: 'mail/ben@garden.example', hops: 1, fan: 5, most: 5, filter: {} } as const;
  const retired = await openNetwork(fixture.operation);
  const asked = neighbours(retired, question);
  retired.retire();
  assert.equal((await asked).of, question.of);
  await assert.rejects(neighbours(retired, question), { code: 'busy' });
  const closed = await openNetwork(fixture.operation);
  const lost = neighbours(closed, question);
  closed.close();
  await assert.rejects(lost, { code: 'busy' });
});

test('a changed table is refused before anything is answered from it', async () => {
  const file = fixture.operation.path(generationPath(currentGeneration(fixture.operation), 'contact_day'));
  const bytes = fs.readFileSync(file);
  const flipped = Buffer.from(bytes);
  flipped[Math.floor(bytes.length / 2)]! ^= 1;
  fs.chmodSync(file, 0o600);
  fs.writeFileSync(file, flipped);
  try {
    const outcome = waymark('network', 'summary', '--operation', fixture.operation.folder);
    assert.equal(outcome.code, 1);
    assert.match(outcome.stderr, /differs from what was recorded/);
  } finally {
    fs.writeFileSync(file, bytes);
  }
});
