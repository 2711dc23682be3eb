import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { service } from '../../src/exercise/board/board-parts.ts';
import { generateExercise } from '../../src/exercise/generate.ts';
import { readDumpTables } from './read-dump.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-exercise-'));
after(() => fs.rmSync(root, { recursive: true, force: true }));
const folder = path.join(root, 'one');
const summary = await generateExercise(folder, { members: 60, seed: 'test' });
const server = path.join(folder, 'evidence/agency-nl/server');
const tables = readDumpTables(gunzipSync(fs.readFileSync(path.join(server, 'board.sql.gz'))).toString());

function filesOf(where: string): string[] {
  return fs
    .readdirSync(where, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.statSync(path.join(where, name)).isFile())
    .sort();
}

function digests(where: string): Record<string, string> {
  return Object.fromEntries(
    filesOf(where).map((name) => [
      name,
      createHash('sha256')
        .update(fs.readFileSync(path.join(where, name)))
        .digest('hex'),
    ]),
  );
}

function truth(name: string): Record<string, string>[] {
  const [header, ...rows] = fs
    .readFileSync(path.join(folder, 'truth', name), 'utf8')
    .trimEnd()
    .split('\n');
  const names = header!.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, index) => [names[index]!, cell])));
}

function logLines(): string[] {
  const logs = path.join(server, 'log/nginx');
  return filesOf(logs).flatMap((name) => {
    const bytes = fs.readFileSync(path.join(logs, name));
    return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1').trimEnd().split('\n');
  });
}

/** `05/Jan/2020:00:05:06 +0100` as epoch seconds. */
function seconds(stamp: string): number {
  const match = /^(\d\d)\/(\w{3})\/(\d{4}):(\S{8}) ([+-]\d\d)(\d\d)$/.exec(stamp)!;
  return Date.parse(`${match[1]} ${match[2]} ${match[3]} ${match[4]} GMT${match[5]}${match[6]}`) / 1000;
}

test('the same members and seed give the same bytes, another seed gives others', async () => {
  const again = path.join(root, 'again');
  await generateExercise(again, { members: 60, seed: 'test' });
  assert.deepEqual(digests(again), digests(folder));
  const other = path.join(root, 'other');
  await generateExercise(other, { members: 60, seed: 'another' });
  const [a, b] = [digests(other), digests(folder)];
  assert.notEqual(a['evidence/agency-nl/server/board.sql.gz'], b['evidence/agency-nl/server/board.sql.gz']);
});

test('the dump holds as many rows as the summary says, ids rising from 1', () => {
  assert.equal(tables.posts!.length, summary.posts);
  assert.equal(tables.topics!.length, summary.topics);
  assert.equal(tables.privmsgs!.length, summary.privateMessages);
  assert.equal(tables.attachments!.length, summary.attachments);
  for (const [table, key] of [
    ['posts', 'post_id'],
    ['topics', 'topic_id'],
    ['privmsgs', 'msg_id'],
  ] as const) {
    assert.deepEqual(
      tables[table]!.map((row) => Number(row[key])),
      tables[table]!.map((_, index) => index + 1),
    );
  }
});

test('every reference in the dump leads somewhere', () => {
  const users = new Map(tables.users!.map((row) => [row.user_id!, row]));
  const topics = new Map(tables.topics!.map((row) => [row.topic_id!, row]));
  const perTopic = new Map<string, number>();
  for (const post of tables.posts!) {
    assert.ok(users.has(post.poster_id!), `post ${post.post_id}`);
    const topic = topics.get(post.topic_id!);
    assert.equal(topic?.forum_id, post.forum_id);
    assert.ok(Number(post.post_time) >= Number(users.get(post.poster_id!)!.user_regdate));
    if (post.post_visibility === '1') perTopic.set(post.topic_id!, (perTopic.get(post.topic_id!) ?? 0) + 1);
  }
  for (const [id, topic] of topics) assert.equal(Number(topic.topic_posts_approved), perTopic.get(id));
  for (const table of [
    'sessions',
    'login_attempts',
    'banlist',
    'reports',
    'zebra',
    'profile_fields_data',
  ] as const) {
    const key = { sessions: 'session_user_id', banlist: 'ban_userid' }[table as string] ?? 'user_id';
    for (const row of tables[table]!) assert.ok(users.has(row[key]!), `${table} ${row[key]}`);
  }
  assert.equal(new Set(tables.users!.map((row) => row.username_clean)).size, tables.users!.length);
});

test('to_address agrees with privmsgs_to', () => {
  const received = new Map<string, string[]>();
  for (const row of tables.privmsgs_to!) {
    if (row.user_id === row.author_id) continue;
    received.set(row.msg_id!, [...(received.get(row.msg_id!) ?? []), `u_${row.user_id}`]);
  }
  for (const message of tables.privmsgs!) {
    assert.equal(received.get(message.msg_id!)?.join(':'), message.to_address, `message ${message.msg_id}`);
  }
});

test('posts, private messages, registrations and logins left their request lines', () => {
  const lines = logLines();
  assert.equal(lines.length, summary.logLines);
  const seen = new Set<string>();
  const shape = /^(\S+) - - \[([^\]]+)\] "(\w+) (\S+) HTTP\/1\.1" \d{3} \d+ "[^"]*" "[^"]*"$/;
  for (const line of lines) {
    const match = shape.exec(line);
    assert.ok(match, line);
    if (match[3] === 'POST') seen.add(`${match[1]} ${seconds(match[2]!)} ${match[4]!.split('&')[0]}`);
  }
  for (const post of tables.posts!) {
    const { poster_ip: ip, post_time: at } = post;
    assert.ok(
      ['reply', 'post'].some((mode) => seen.has(`${ip} ${at} /posting.php?mode=${mode}`)),
      `post ${post.post_id}`,
    );
  }
  for (const pm of tables.privmsgs!) assert.ok(seen.has(`${pm.author_ip} ${pm.message_time} /ucp.php?i=pm`));
  for (const user of tables.users!) {
    if (user.user_type !== '2')
      assert.ok(seen.has(`${user.user_ip} ${user.user_regdate} /ucp.php?mode=register`), user.username);
  }
});

test('every stored file is named by an attachment and every attachment has its file', () => {
  const stored = filesOf(path.join(server, 'files'));
  assert.deepEqual(tables.attachments!.map((row) => row.physical_filename!).sort(), stored);
  for (const row of tables.attachments!) {
    assert.equal(fs.statSync(path.join(server, 'files', row.physical_filename!)).size, Number(row.filesize));
  }
});

test('each target has an indicator that stands in the evidence', () => {
  const targets = truth('targets.csv');
  assert.equal(new Set(targets.map((row) => row.person)).size, summary.targets);
  const owner = new Map(truth('persons.csv').map((row) => [`${row.service}/${row.native_id}`, row.person]));
  const everything = filesOf(path.join(folder, 'evidence'));
  const evidence = everything
    .filter((name) => /\.(csv|mbox|xml)$/.test(name))
    .map((name) => fs.readFileSync(path.join(folder, 'evidence', name), 'utf8'))
    .join('\n');
  for (const row of targets) {
    assert.equal(owner.get(`${row.service}/${row.native_id}`), row.person);
    const [, kind, id] = /^(post|private message|mail)? ?(\S+)$/.exec(row.reference!)!;
    if (kind === 'post' || kind === 'private message') {
      const inMessage = kind === 'post' ? '0' : '1';
      const file = tables.attachments!.find(
        (each) => each.post_msg_id === id && each.in_message === inMessage,
      );
      assert.equal(file?.poster_id, row.native_id);
      assert.ok(listed().has(md5Of(file!.physical_filename!)), `file of ${row.reference}`);
    } else assert.ok(evidence.includes(id!), row.reference);
  }
});

test('nobody but a target posted or sent a listed file', () => {
  const owner = new Map(truth('persons.csv').map((row) => [`${row.service}/${row.native_id}`, row.person]));
  const targets = new Set(truth('targets.csv').map((row) => row.person));
  for (const row of tables.attachments!) {
    if (!listed().has(md5Of(row.physical_filename!))) continue;
    assert.ok(targets.has(owner.get(`${service}/${row.poster_id}`)!), `attachment ${row.attach_id}`);
  }
});

test('contacts, hand-offs and persons agree with the dump', () => {
  const pairs = new Map<string, number>();
  for (const row of tables.privmsgs_to!) {
    if (row.user_id === row.author_id) continue;
    const key = `${row.author_id} ${row.user_id}`;
    pairs.set(key, (pairs.get(key) ?? 0) + 1);
  }
  const told = truth('contacts.csv').filter((row) => row.channel === 'private message');
  const stated = told.map(
    (row) => [`${row.from!.split('/')[1]} ${row.to!.split('/')[1]}`, Number(row.count)] as const,
  );
  assert.deepEqual(new Map([...stated].sort()), new Map([...pairs].sort()));
  const messages = new Map(tables.privmsgs!.map((row) => [row.msg_id!, row]));
  let silent = 0;
  for (const row of truth('hand_offs.csv')) {
    const ids = row.private_messages!.split(' ');
    if (row.style === 'silent') {
      silent++;
      assert.equal(ids.length, 4);
      assert.ok(ids.every((id) => !messages.get(id)!.message_text!.includes(row.selector!)));
      const ours = [row.from, row.to].sort().join(' ');
      const last = Math.max(...ids.map((id) => Number(messages.get(id)!.message_time)));
      for (const { msg_id, author_id, user_id } of tables.privmsgs_to!)
        if ([author_id, user_id].sort().join(' ') === ours)
          assert.ok(Number(messages.get(msg_id!)!.message_time) <= last);
      continue;
    }
    assert.equal(ids.length, row.style === 'two messages' ? 3 : 2);
    assert.equal(messages.get(ids[0]!)?.author_id, row.from);
    assert.equal(messages.get(ids.at(-1)!)?.author_id, row.to);
    const [first, ...later] = ids.map((id) => messages.get(id)!);
    for (const message of later) {
      assert.equal(message.root_level, first!.msg_id);
      assert.equal(message.message_subject, `Re: ${first!.message_subject}`);
    }
    if (row.style === 'plain') assert.ok(messages.get(ids[0]!)!.message_text!.includes(row.selector!));
  }
  assert.ok(silent >= 1);
  const members = tables.users!.filter((row) => row.user_type !== '2').map((row) => row.user_id!);
  const named = truth('persons.csv').filter((row) => row.service === service);
  assert.deepEqual(
    named.map((row) => row.native_id),
    members,
  );
});

test('refuses a folder that holds something, too few members and unknown faults', async () => {
  await assert.rejects(generateExercise(folder, { members: 60, seed: 1 }), { code: 'usage' });
  await assert.rejects(generateExercise(path.join(root, 'x'), { members: 3, seed: 1 }), { code: 'usage' });
  const faults = ['rain' as never];
  await assert.rejects(generateExercise(path.join(root, 'x'), { members: 60, seed: 1, faults }), {
    code: 'usage',
  });
});

let listedHashes: Set<string> | undefined;
function listed(): Set<string> {
  if (listedHashes) return listedHashes;
  const lists = path.join(folder, 'evidence/agency-uk/lists');
  const vics = JSON.parse(fs.readFileSync(path.join(lists, 'list-vics.json'), 'utf8'));
  const media: { MD5: string }[] = vics.value[0].Media;
  const plain = fs.readFileSync(path.join(lists, 'list-md5.txt'), 'utf8').match(/^[0-9A-F]{32}$/gm)!;
  return (listedHashes = new Set(
    [...media.map((each) => each.MD5), ...plain].map((hash) => hash.toLowerCase()),
  ));
}

function md5Of(stored: string): string {
  return createHash('md5')
    .update(fs.readFileSync(path.join(server, 'files', stored)))
    .digest('hex');
}
