import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import * as zlib from 'node:zlib';
import { Operation } from '../../src/store/operation.ts';
import { openGeneration } from '../../src/workbench/build.ts';
import type { Exclusion } from '../../src/workbench/exclude.ts';
import { addExhibits } from '../../src/workbench/intake.ts';
import { type RunResult, run } from '../../src/workbench/run.ts';
import { showSource } from '../../src/workbench/source.ts';
import { gardenFiles, writeGarden } from '../support/evidence.ts';
import { tarOf, zipOf } from '../support/pack.ts';
import { jsonLines, temporaryFolder, waymark } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const garden = writeGarden(path.join(folder, 'garden'));
const custody = { authority: 'order 12/2020', reference: null };
let next = 0;

function newOperation(): Operation {
  return Operation.open(path.join(folder, `operation-${next++}`), {
    actor: 'tester',
    now: () => '2026-01-31T09:30:00Z',
  });
}

async function journey(evidence: string): Promise<{ operation: Operation; result: RunResult }> {
  const operation = newOperation();
  return { operation, result: await run(operation, evidence, custody, () => {}) };
}

test('from exhibits to a ranked, explained queue', async () => {
  const { operation, result } = await journey(garden);
  assert.deepEqual(
    result.exhibits.map(({ path: name, reader }) => `${name} ${reader}`),
    [
      'lists/facts.csv fact-list',
      'lists/known.txt hash-list',
      'mail/club.mbox mbox',
      'server/access.log access-log',
      'server/board.sql.gz phpbb',
      'server/files/4_ffeedd stored-file',
    ],
  );
  assert.deepEqual(result.unread, []);
  const listed = result.queue.find((entry) =>
    entry.reasons.some((reason) => reason.indicator === 'listed file'),
  )!;
  assert.equal(listed.accounts[0]!.account, 'phpbb:garden.example_board/4');
  const [reason] = listed.reasons;
  assert.match(reason!.text, /known\.txt/);
  const row = await showSource(operation, reason!.pointer);
  assert.match(row.bytes.toString(), /^\(2,1,0,1,4,0,'4_ffeedd','kettle\.png'/);
  const [content, entry] = await Promise.all(
    reason!.morePointers.map((pointer) => showSource(operation, pointer)),
  );
  assert.deepEqual(content!.bytes, gardenFiles['server/files/4_ffeedd']!());
  assert.match(entry!.bytes.toString(), /^[0-9a-f]{32}/);
  const fact = result.queue.find((each) => each.reasons.some((each) => each.indicator === 'prior record'))!;
  assert.equal(fact.accounts[0]!.account, 'phpbb:garden.example_board/3');
  assert.ok(listed.rank < fact.rank);
  operation.close();
});

test('who merely wrote in the same topics and messages is not in the queue', async () => {
  const { operation, result } = await journey(garden);
  const inQueue = new Set(result.queue.flatMap((entry) => entry.accounts.map(({ account }) => account)));
  const engine = await openGeneration(operation);
  const contacts = await engine.rows<{ account: string }>(
    "select to_account as account from contact where from_account = 'phpbb:garden.example_board/4' union select from_account from contact where to_account = 'phpbb:garden.example_board/4'",
  );
  engine.close();
  operation.close();
  const others = contacts.filter(({ account }) => !account.endsWith('/2') && !account.endsWith('/3'));
  assert.ok(others.length > 0);
  for (const { account } of others) assert.ok(!inQueue.has(account), account);
});

async function recordsOf(operation: Operation): Promise<string[]> {
  const engine = await openGeneration(operation);
  const tables = ['account', 'message', 'sighting', 'event', 'file', 'relation'];
  const rows: string[] = [];
  for (const table of tables) {
    const found = await engine.rows<Record<string, unknown>>(
      `select * exclude (exhibit, source_path) from ${table}`,
    );
    rows.push(...found.map((row) => `${table} ${JSON.stringify(row)}`));
  }
  engine.close();
  return rows.sort();
}

test('the same files plain, gzipped, zipped and in a tar.gz give the same records, and every pointer its bytes', async () => {
  const files = ['server/access.log', 'mail/club.mbox'].map((name) => ({
    name,
    bytes: gardenFiles[name]!(),
  }));
  const shapes: Record<string, (where: string) => Promise<void>> = {
    plain: async (where) => {
      for (const { name, bytes } of files) fs.writeFileSync(path.join(where, path.basename(name)), bytes);
    },
    gzip: async (where) => {
      for (const { name, bytes } of files)
        fs.writeFileSync(path.join(where, `${path.basename(name)}.gz`), zlib.gzipSync(bytes));
    },
    zip: async (where) => fs.writeFileSync(path.join(where, 'all.zip'), zipOf(files)),
    'tar.gz': async (where) =>
      fs.writeFileSync(path.join(where, 'all.tgz'), zlib.gzipSync(await tarOf(files))),
    'gzip in a zip': async (where) =>
      fs.writeFileSync(
        path.join(where, 'all.zip'),
        zipOf(files.map(({ name, bytes }) => ({ name: `${name}.gz`, bytes: zlib.gzipSync(bytes) }))),
      ),
  };
  let expected: string[] | undefined;
  for (const [shape, write] of Object.entries(shapes)) {
    const where = path.join(folder, `shape ${shape}`);
    fs.mkdirSync(where);
    await write(where);
    const { operation, result } = await journey(where);
    assert.deepEqual(result.unread, [], shape);
    const records = await recordsOf(operation);
    expected ??= records;
    assert.deepEqual(records, expected, shape);
    const messages = jsonLines(
      waymark('export', 'messages', '--operation', operation.folder, '--format', 'jsonl').stdout,
    );
    assert.ok(messages.length > 2);
    for (const { pointer } of messages) {
      const { bytes } = await showSource(operation, pointer!);
      const mbox = gardenFiles['mail/club.mbox']!();
      assert.ok(mbox.includes(bytes), `${shape} ${pointer}`);
    }
    operation.close();
  }
});

test('whatever the order in which exhibits arrive, the generation is the same, byte for byte', async () => {
  const names = Object.keys(gardenFiles);
  const orders = [names, [...names].reverse(), [...names.slice(3), ...names.slice(0, 3)]];
  const results: string[] = [];
  for (const [index, order] of orders.entries()) {
    const operation = newOperation();
    const where = path.join(folder, `order ${index}`);
    for (const name of order) {
      // Each exhibit arrives on its own, under the same path as in the others.
      fs.rmSync(where, { recursive: true, force: true });
      await addExhibits(operation, writeGarden(where, [name]), custody, () => {});
      if (index === 1) await run(operation, where, custody, () => {});
    }
    const { generation } = await run(operation, where, custody, () => {});
    const files = operation.state.all<{ path: string; sha256: string }>(
      'select path, sha256 from generation_file where generation = $generation order by path',
      { generation },
    );
    assert.ok(files.length > 5);
    results.push(JSON.stringify(files));
    operation.close();
  }
  assert.equal(results[1], results[0]);
  assert.equal(results[2], results[0]);
});

test('adding exhibits again changes nothing and records nothing', async () => {
  const { operation, result } = await journey(garden);
  const size = operation.readLedger().size;
  const again = await run(operation, garden, custody, () => {});
  assert.equal(again.generation, result.generation);
  assert.deepEqual(again.exhibits, result.exhibits);
  assert.equal(operation.readLedger().size, size);
  operation.close();
});

test('an excluded exhibit takes its links and ranks with it, and says so', async () => {
  const { operation, result } = await journey(garden);
  const list = result.exhibits.find((each) => each.reader === 'hash-list')!;
  operation.close();
  const excluded = waymark(
    'exhibit',
    'exclude',
    list.id,
    '--reason',
    'wrong parcel',
    '--operation',
    operation.folder,
    '--json',
  );
  assert.equal(excluded.code, 0, excluded.stderr);
  const { queue } = excluded.json<Exclusion>().changes;
  const left = queue.items.filter(({ kind }) => kind === 'left').map(({ person }) => person);
  assert.deepEqual(left, [result.queue.find((entry) => entry.band === 'C')!.person]);
  assert.ok(queue.kinds.moved + queue.kinds.band > 0);
  const after = waymark('queue', '--operation', operation.folder, '--json').json<{
    queue: RunResult['queue'];
  }>();
  assert.ok(after.queue.length > 0);
  for (const { reasons } of after.queue)
    for (const reason of reasons) assert.notEqual(reason.indicator, 'listed file');
  const source = waymark('source', `${list.id}@0+10`, '--operation', operation.folder);
  assert.equal(source.code, 1);
  assert.match(source.stderr, /excluded/);
  // Adding the same bytes again does not bring it back by the side door.
  waymark('run', garden, '--operation', operation.folder);
  const still = waymark('queue', '--operation', operation.folder, '--json').json<{
    queue: RunResult['queue'];
  }>();
  assert.deepEqual(still.queue, after.queue);
});

test('a human decision joins and parts accounts, whatever the score', async () => {
  const { operation, result } = await journey(garden);
  operation.close();
  const [a, b] = ['phpbb:garden.example_board/3', 'phpbb:garden.example_board/4'] as const;
  const decide = (verdict: string) =>
    waymark(
      'persons',
      'decide',
      a,
      b,
      '--as',
      verdict,
      '--reason',
      'seen on a receipt',
      '--operation',
      operation.folder,
    );
  const personOf = (account: string) =>
    jsonLines(waymark('export', 'persons', '--operation', operation.folder, '--format', 'jsonl').stdout).find(
      (row) => `${row.service}/${row.native_id}` === account,
    )!.person_id;
  assert.notEqual(personOf(a), personOf(b));
  assert.equal(decide('same').code, 0);
  waymark('build', '--operation', operation.folder);
  assert.equal(personOf(a), personOf(b));
  assert.equal(decide('different').code, 0);
  const built = waymark('build', '--operation', operation.folder, '--json').json<{ id: string }>();
  assert.notEqual(personOf(a), personOf(b));
  assert.notEqual(built.id, result.generation);
  // Taking the verdict back restores the earlier generation itself.
  assert.equal(decide('undone').code, 0);
  assert.equal(
    waymark('build', '--operation', operation.folder, '--json').json<{ id: string }>().id,
    result.generation,
  );
  const pair = waymark('persons', 'explain', a, b, '--operation', operation.folder, '--json').json<{
    bits: number;
    bars: { counted: number }[];
  }>();
  assert.ok(Math.abs(pair.bars.reduce((sum, bar) => sum + bar.counted, 0) - pair.bits) < 1e-6);
});

test('a session id in a web log says which account made the request', async () => {
  const where = writeGarden(path.join(folder, 'with session'));
  const sid = '00000000000000000000000000000001';
  const lines = [
    `198.51.100.3 - - [08/Jun/2019:12:00:05 +0000] "GET /ucp.php?i=pm&mode=compose&u=4&sid=${sid} HTTP/1.1" 200 900 "-" "Browser/1.0"`,
    `198.51.100.9 - - [08/Jun/2019:12:00:06 +0000] "GET /index.php?sid=${'f'.repeat(32)} HTTP/1.1" 200 900 "-" "Browser/1.0"`,
  ];
  fs.writeFileSync(path.join(where, 'server', 'sessions.log'), `${lines.join('\n')}\n`);
  const { operation } = await journey(where);
  const engine = await openGeneration(operation);
  const found = await engine.rows<{ account: string; action: string; target: string; pointer: string }>(
    'select account, action, target, pointer from attributed_request',
  );
  engine.close();
  assert.deepEqual(
    found.map(({ account, action, target }) => ({ account, action, target })),
    [{ account: 'phpbb:garden.example_board/3', action: 'compose private message', target: 'u:4' }],
  );
  assert.equal((await showSource(operation, found[0]!.pointer)).bytes.toString(), lines[0]);
  operation.close();
});
