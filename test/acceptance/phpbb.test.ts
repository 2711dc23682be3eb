import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { phpbbReader } from '../../src/intake/readers/phpbb.ts';
import { readDump } from '../../src/intake/sql-dump/read-dump.ts';
import { corpora, corporaMissing } from '../support/corpora.ts';
import { inputOf, readAll } from '../support/read.ts';

const forum = path.join(corpora, 'forum');
const board = path.join(forum, 'phpbb-3.3.10-velo');
const json = (...names: string[]) => JSON.parse(fs.readFileSync(path.join(forum, ...names), 'utf8'));
const dumpOfBoard = () =>
  new Uint8Array(gunzipSync(fs.readFileSync(path.join(board, 'evidence', 'board_a.sql.gz'))));

/** Rows of each table, taken or counted. */
async function rowCounts(bytes: Uint8Array, isTaken: boolean): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const trouble: unknown[] = [];
  const add = (name: string, rows: number) => {
    counts[name] = (counts[name] ?? 0) + rows;
  };
  await readDump(inputOf(bytes), {
    created: ({ name }) => add(name, 0),
    table: ({ name }) => (isTaken ? () => add(name, 1) : null),
    counted: ({ name }, rows) => add(name, rows),
    unreadable: (...what) => trouble.push(what),
    warn: (...what) => trouble.push(what),
  });
  assert.deepEqual(trouble, []);
  return counts;
}

test('the phpBB board: every table is counted exactly, and nothing is warned of', {
  skip: corporaMissing,
}, async () => {
  const { rows, tallies, warnings } = await readAll(phpbbReader, dumpOfBoard());
  const expected = json('phpbb-3.3.10-velo', 'truth', 'expected_counts.json');
  const counts = Object.fromEntries(tallies.map((tally) => [tally.unit, tally.rows]));
  let compared = 0;
  for (const [name, count] of Object.entries(expected)) {
    if (!name.startsWith('phpbb_')) continue;
    assert.equal(counts[name], count, name);
    compared++;
  }
  assert.ok(compared >= 14);
  for (const { rows: all, read, skipped, unit } of tallies)
    assert.equal(all, read + Object.values(skipped).reduce((sum, each) => sum + each, 0), unit);
  assert.equal(warnings, 0);
  assert.equal(rows.account!.length, expected.phpbb_users);
  assert.equal(rows.message!.length, expected.phpbb_posts + expected.phpbb_privmsgs);
  assert.equal(rows.file!.length, expected.phpbb_attachments);
  const posts = rows.message!.filter(({ channel }) => channel === 'post');
  assert.equal(posts.filter(({ state }) => state === 'soft-deleted').length, expected.soft_deleted_posts);
  const bySender: Record<string, number> = {};
  for (const { sender } of posts) {
    const id = String(sender).split('/')[1]!;
    bySender[id] = (bySender[id] ?? 0) + 1;
  }
  assert.deepEqual(bySender, expected.posts_by_user);
  assert.equal(new Set(posts.map(({ ip }) => ip ?? '')).size, expected.distinct_post_ips);
});

test('the phpBB board: who wrote to whom is exactly the known graph', { skip: corporaMissing }, async () => {
  const { rows } = await readAll(phpbbReader, dumpOfBoard());
  const messages = new Map<string, Set<unknown>>();
  for (const { relation, from_account, to_account, object } of rows.relation!) {
    if (!['to', 'cc', 'bcc'].includes(String(relation)) || from_account === to_account) continue;
    const edge = `${String(from_account).split('/')[1]} ${String(to_account).split('/')[1]}`;
    const known = messages.get(edge) ?? new Set();
    assert.ok(!known.has(object), 'a relation is written once');
    messages.set(edge, known.add(object));
  }
  const truth: { from: number; to: number; messages: number }[] = json(
    'phpbb-3.3.10-velo',
    'truth',
    'truth.json',
  ).pm_edges;
  assert.deepEqual(
    [...messages].map(([edge, set]) => `${edge} ${set.size}`).sort(),
    truth.map(({ from, to, messages: count }) => `${from} ${to} ${count}`).sort(),
  );
});

test('the phpBB board: accounts, former names, bans and attachments are the known ones', {
  skip: corporaMissing,
}, async () => {
  const { rows } = await readAll(phpbbReader, dumpOfBoard());
  const { accounts } = json('phpbb-3.3.10-velo', 'truth', 'truth.json');
  const service = rows.account![0]!.service;
  const former = new Map(
    rows
      .sighting!.filter(({ context }) => context === 'former name')
      .map(({ account, raw }) => [account, raw]),
  );
  const handles = new Map(rows.account!.map(({ account, handle, status }) => [account, { handle, status }]));
  let compared = 0;
  for (const { user_id, username, previous_username, banned_at, deleted_at } of accounts) {
    const account = `${service}/${user_id}`;
    if (deleted_at !== null) continue;
    assert.equal(handles.get(account)?.handle, username);
    assert.equal(former.get(account) ?? null, previous_username, username);
    assert.equal(handles.get(account)?.status === 'banned', banned_at !== null, username);
    compared++;
  }
  assert.ok(compared > 80);
  const attachments = json('phpbb-3.3.10-velo', 'truth', 'attachments_with_hashes.json');
  assert.deepEqual(
    rows.file!.map(({ native_id, stored_name, name, size }) => [Number(native_id), stored_name, name, size]),
    attachments.map((each: Record<string, unknown>) => [each.attach_id, each.physical, each.real, each.size]),
  );
});

test('every record of the phpBB board points to the row it came from', { skip: corporaMissing }, async () => {
  const bytes = dumpOfBoard();
  const { rows } = await readAll(phpbbReader, bytes);
  const all = Buffer.from(bytes);
  for (const { native_id, source_offset, source_length } of rows.message!) {
    const row = all.toString(
      'latin1',
      source_offset as number,
      (source_offset as number) + (source_length as number),
    );
    assert.ok(row.startsWith(`(${native_id},`) && row.endsWith(')'), row.slice(0, 40));
  }
});

for (const [software, file, tables] of [
  [
    'mybb-1.8.37',
    'mybb.sql',
    { users: 'mybb_users', threads: 'mybb_threads', posts: 'mybb_posts', pm_rows: 'mybb_privatemessages' },
  ],
  [
    'smf-2.1.4',
    'smf.sql',
    {
      users: 'smf_members',
      threads: 'smf_topics',
      posts: 'smf_messages',
      pms: 'smf_personal_messages',
      pm_recipients: 'smf_pm_recipients',
    },
  ],
] as const) {
  test(`the dump of ${software} is counted exactly, its rows read or passed over`, {
    skip: corporaMissing,
  }, async () => {
    const bytes = new Uint8Array(fs.readFileSync(path.join(forum, software, file)));
    const expected = json(software, 'truth', 'expected_counts.json');
    const counted = await rowCounts(bytes, false);
    for (const [fact, table] of Object.entries(tables)) assert.equal(counted[table], expected[fact], table);
    assert.deepEqual(await rowCounts(bytes, true), counted);
    assert.ok(phpbbReader.sniff(bytes.subarray(0, 65_536), file) < 0.5);
  });
}
