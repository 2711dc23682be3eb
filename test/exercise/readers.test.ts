import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Reader } from '../../src/evidence/reader.ts';
import { generateExercise } from '../../src/exercise/generate.ts';
import { handOffMails } from '../../src/exercise/handed-over/mailbox.ts';
import { Accounts } from '../../src/exercise/people/accounts.ts';
import { Contacts } from '../../src/exercise/people/contacts.ts';
import { Story } from '../../src/exercise/people/story.ts';
import { Writer } from '../../src/exercise/people/text.ts';
import { World } from '../../src/exercise/people/world.ts';
import { seedOf } from '../../src/exercise/random.ts';
import { accessLogReader } from '../../src/intake/readers/access-log.ts';
import { factListReader } from '../../src/intake/readers/fact-list.ts';
import { hashListReader } from '../../src/intake/readers/hash-list.ts';
import { mboxReader } from '../../src/intake/readers/mbox.ts';
import { phpbbReader } from '../../src/intake/readers/phpbb.ts';
import { type ReadResult, readAll } from '../support/read.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-exercise-readers-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));
const summary = await generateExercise(path.join(folder, 'e'), { members: 120, seed: 'readers' });
const evidence = path.join(folder, 'e/evidence');

/** Every file of one kind, read by the product's own reader, which must recognise it and warn of nothing. */
async function read(reader: Reader, kind: RegExp): Promise<ReadResult[]> {
  const names = fs
    .readdirSync(evidence, { recursive: true, encoding: 'utf8' })
    .filter((name) => kind.test(name));
  assert.ok(names.length > 0);
  const results: ReadResult[] = [];
  for (const name of names.sort()) {
    const stored = fs.readFileSync(path.join(evidence, name));
    const bytes = name.endsWith('.gz') ? gunzipSync(stored) : stored;
    assert.ok(reader.sniff(bytes.subarray(0, 65_536), path.basename(name)) >= 0.8, name);
    const result = await readAll(reader, bytes, { name: path.basename(name) });
    assert.equal(result.warnings, 0, name);
    results.push(result);
  }
  return results;
}

test('the dump is read in full', async () => {
  const [result] = await read(phpbbReader, /board\.sql\.gz$/);
  const { rows } = result!;
  assert.equal(rows.message!.length, summary.posts + summary.privateMessages);
  assert.equal(rows.account!.filter((row) => row.kind === 'member').length, summary.accounts);
  assert.equal(rows.file!.length, summary.attachments);
});

test('every log line, mail, listed hash and fact is read', async () => {
  const count = (results: ReadResult[], table: 'event' | 'message') =>
    results.reduce((sum, result) => sum + (result.rows[table]?.length ?? 0), 0);
  assert.equal(count(await read(accessLogReader, /access\.log/), 'event'), summary.logLines);
  assert.equal(count(await read(mboxReader, /\.mbox$/), 'message'), summary.mails);
  const lists = await read(hashListReader, /lists\/(list|NSRL)/);
  assert.equal(lists.length, 3);
  for (const list of lists) assert.ok(list.rows.listed_hash!.length > 0);
  const facts = await read(factListReader, /officer-facts\.csv$/);
  assert.ok(count(facts, 'event') >= summary.children);
});

test('truth/contacts.csv says what the readers find: private messages and mails, pair by pair', async () => {
  const found = new Map<string, Set<string>>();
  const results = [...(await read(phpbbReader, /board\.sql\.gz$/)), ...(await read(mboxReader, /\.mbox$/))];
  for (const { rows } of results) {
    for (const { relation, from_account: from, to_account: to, object } of rows.relation ?? []) {
      if (relation !== 'to' || from === to) continue;
      const key = `${from},${to}`;
      found.set(key, (found.get(key) ?? new Set()).add(String(object)));
    }
  }
  const told = fs
    .readFileSync(path.join(folder, 'e/truth/contacts.csv'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1);
  const stated = new Map<string, number>();
  for (const [from, to, channel, , inEvidence] of told.map((line) => line.split(','))) {
    if (channel !== 'chat' && inEvidence !== '0') stated.set(`${from},${to}`, Number(inEvidence));
  }
  assert.deepEqual(
    new Map([...found].map(([key, messages]) => [key, messages.size] as const).sort()),
    new Map([...stated].sort()),
  );
});

test('files mailed by a target stand on the list', async () => {
  const lists = await read(hashListReader, /list-(vics|md5)/);
  const hashes = new Set(lists.flatMap(({ rows }) => rows.listed_hash!.map((row) => row.value)));
  const mailboxes = await read(mboxReader, /\.mbox$/);
  const files = mailboxes.flatMap(({ rows }) => rows.file ?? []);
  const told = fs
    .readFileSync(path.join(folder, 'e/truth/targets.csv'), 'utf8')
    .match(/(?<=listed file mailed,mail )[^,]+/g);
  assert.ok(told && told.length > 0);
  for (const id of told) {
    const file = files.find((row) => row.message === `mail/mail/${id}`);
    assert.ok(file && hashes.has(file.md5), id);
  }
});

test('mails are read as they were written: sender, time, subject and text', async () => {
  const accounts = new Accounts(new World(seedOf('readers'), 120));
  const story = new Story(accounts, new Contacts(accounts));
  const writer = new Writer(seedOf('readers'));
  const written = new Map(
    story.handOffs
      .filter((handOff) => handOff.channel === 'mail')
      .flatMap((handOff) => handOffMails(accounts, writer, handOff))
      .map((mail) => [`mail/mail/${mail.id}`, mail]),
  );
  let compared = 0;
  for (const { rows } of await read(mboxReader, /\.mbox$/)) {
    for (const row of rows.message!) {
      const mail = written.get(String(row.message));
      if (!mail) continue;
      compared++;
      assert.equal(row.sender, `mail/${mail.from.address}`);
      assert.equal(row.sender_name, mail.from.name);
      assert.equal(row.time, mail.at * 1_000_000);
      assert.equal(row.subject, mail.subject);
      assert.equal(String(row.body).trim(), mail.body.trim());
    }
  }
  assert.ok(compared >= 3);
});

test('there is at least one chat, and its messages lie between the people of a hand-off', () => {
  const names = fs
    .readdirSync(evidence, { recursive: true, encoding: 'utf8' })
    .filter((name) => /chat.*json$/.test(name));
  assert.ok(names.length > 0);
  const people = fs.readFileSync(path.join(folder, 'e/truth/persons.csv'), 'utf8');
  let messages = 0;
  for (const name of names) {
    const chat = JSON.parse(fs.readFileSync(path.join(evidence, name), 'utf8'));
    assert.equal(chat.messages.length, chat.messageCount);
    messages += chat.messageCount;
    for (const { author } of chat.messages) assert.ok(people.includes(`discord,${author.id},`));
  }
  assert.equal(messages, summary.chatMessages);
});
