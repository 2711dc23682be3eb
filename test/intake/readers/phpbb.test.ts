import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { phpbbReader } from '../../../src/intake/readers/phpbb.ts';
import { assertGolden, goldenText } from '../../support/golden.ts';
import { type ReadResult, readAll } from '../../support/read.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'fixtures', 'phpbb');
const fixtures = ['board-3.3.sql', 'board-3.0-phpmyadmin.sql', 'board-2.0.sql'];
const bytesOf = (name: string) => new Uint8Array(fs.readFileSync(path.join(folder, name)));
const encode = (text: string) => new TextEncoder().encode(text);

/** Every row of the dump was read or skipped, and pointers lead to rows. */
function assertSound(result: ReadResult, bytes: Uint8Array): void {
  for (const { unit, rows, read, skipped } of result.tallies) {
    assert.equal(rows, read + Object.values(skipped).reduce((sum, count) => sum + count, 0), unit);
  }
  for (const [table, rows] of Object.entries(result.rows)) {
    for (const row of rows) {
      const [offset, length] = [row.source_offset as number, row.source_length as number];
      assert.ok(offset + length <= bytes.length);
      if (table !== 'warning') assert.deepEqual([bytes[offset], bytes[offset + length - 1]], [40, 41], table);
    }
  }
}

for (const name of fixtures) {
  test(`${name} gives the records that were reviewed, however it is cut into pieces`, async () => {
    const bytes = bytesOf(name);
    assert.ok(phpbbReader.sniff(bytes.subarray(0, 65_536), '') > 0.9);
    const whole = await readAll(phpbbReader, bytes);
    assertSound(whole, bytes);
    assertGolden(`phpbb/${name.replace('.sql', '.jsonl')}`, goldenText(whole));
    for (const chunkBytes of [1, 7, 4096]) {
      assert.equal(
        goldenText(await readAll(phpbbReader, bytes, { chunkBytes })),
        goldenText(whole),
        `${chunkBytes}`,
      );
    }
  });
}

test('no password, activation key or login key is kept', async () => {
  for (const name of fixtures) {
    const text = goldenText(await readAll(phpbbReader, bytesOf(name)));
    for (const secret of ['argon2id', '$2y$', '0123456789abcdef0123', 'abcdefabcdef', '"key"'])
      assert.ok(!text.includes(secret), secret);
  }
});

test('recipients are the same whichever of the two tables comes first', async () => {
  const dump = fs.readFileSync(path.join(folder, 'board-3.3.sql'), 'utf8');
  const section = /CREATE TABLE `gd_privmsgs_to`[^\n]*\n[^\n]*\n/.exec(dump)![0];
  const before = encode(
    dump
      .replace(section, '')
      .replace('CREATE TABLE `gd_privmsgs` ', () => `${section}CREATE TABLE \`gd_privmsgs\` `),
  );
  const relations = (result: ReadResult) =>
    result.rows
      .relation!.filter(({ object }) => String(object).includes('private message'))
      .map(
        ({ relation, from_account, to_account, object }) =>
          `${relation} ${from_account} ${to_account} ${object}`,
      )
      .sort();
  const expected = relations(await readAll(phpbbReader, encode(dump)));
  assert.equal(expected.length, 8);
  assert.equal(new Set(expected).size, expected.length);
  assert.deepEqual(relations(await readAll(phpbbReader, before)), expected);
});

test('phpBB 2.0: texts that come before their headers are joined all the same', async () => {
  const dump = fs.readFileSync(path.join(folder, 'board-2.0.sql'), 'latin1');
  const lines = dump.split('\r\n');
  const isText = (line: string) => /phpbb_(posts|privmsgs)_text/.test(line);
  const swapped = [...lines.filter(isText), ...lines.filter((line) => !isText(line))].join('\r\n');
  const facts = ({ rows, tallies }: ReadResult) => ({
    messages: rows
      .message!.map(({ message, sender, body, subject, state, ip }) => ({
        message,
        sender,
        body,
        subject,
        state,
        ip,
      }))
      .sort((a, b) => (String(a.message) < String(b.message) ? -1 : 1)),
    sightings: rows.sighting!.length,
    relations: rows.relation!.length,
    tallies: [...tallies].sort((a, b) => (a.unit < b.unit ? -1 : 1)),
  });
  const expected = facts(await readAll(phpbbReader, Buffer.from(dump, 'latin1')));
  assert.deepEqual(facts(await readAll(phpbbReader, Buffer.from(swapped, 'latin1'))), expected);
});

test('two boards of one dump are two services, each named by its own settings', async () => {
  const one = fs.readFileSync(path.join(folder, 'board-3.3.sql'), 'utf8');
  const two = one
    .replaceAll('gd_', 'zz_')
    .replaceAll('Garden.Example', 'second.example')
    .replaceAll('/board/', '/');
  const { rows } = await readAll(phpbbReader, encode(one + two));
  assert.deepEqual(
    [...new Set(rows.account!.map(({ service }) => service))],
    ['phpbb:garden.example_board', 'phpbb:second.example'],
  );
  assert.equal(rows.account!.length, 12);
});

test('boards of two databases with the same table names are told apart', async () => {
  const one = fs.readFileSync(path.join(folder, 'board-3.3.sql'), 'utf8');
  const two = one.replaceAll('Garden.Example', 'second.example').replaceAll("'/board/'", "'/'");
  const dump = encode(`-- x\nUSE \`a\`;\n${one}USE \`b\`;\n${two}`);
  for (const chunkBytes of [7, 1 << 20]) {
    const { rows, tallies } = await readAll(phpbbReader, dump, { chunkBytes });
    assert.deepEqual(
      [...new Set(rows.account!.map(({ service }) => service))],
      ['phpbb:garden.example_board', 'phpbb:second.example'],
    );
    assert.deepEqual(
      tallies
        .filter(({ unit }) => unit.endsWith('gd_users'))
        .map(({ unit, rows: count }) => `${unit} ${count}`),
      ['gd_users 6', 'b.gd_users 6'],
    );
  }
});

test('a board without settings is named by its database, or else by the beginning of its bytes', async () => {
  const table =
    "CREATE TABLE a_users (user_id int, username text, user_regdate int);\nINSERT INTO a_users VALUES (7,'hoe',1);\n";
  const named = await readAll(phpbbReader, encode(`-- Host: x    Database: plots\n${table}`));
  assert.equal(named.rows.account![0]!.account, 'phpbb:plots/7');
  const bare = await readAll(phpbbReader, encode(table));
  assert.match(String(bare.rows.account![0]!.service), /^phpbb:[0-9a-f]{8}$/);
});

test('text of a post that looks like settings does not name the board', async () => {
  const dump = fs.readFileSync(path.join(folder, 'board-3.3.sql'), 'utf8');
  const forged = "\\nINSERT INTO `gd_config` VALUES (\\'server_name\\',\\'forged.example\\',0);\\n";
  const start = dump.indexOf('CREATE TABLE `gd_attachments`');
  const row = `CREATE TABLE \`gd_aaa\` (\`a\` text);\nINSERT INTO \`gd_aaa\` VALUES ('${forged}');\n`;
  const { rows } = await readAll(phpbbReader, encode(dump.slice(0, start) + row + dump.slice(start)));
  assert.equal(rows.account![0]!.service, 'phpbb:garden.example_board');
});

test('other dumps and other files are not taken for phpBB', () => {
  const sniff = (text: string) => phpbbReader.sniff(encode(text), 'phpbb_posts.sql');
  assert.equal(sniff('Date: Mon, 3 Jun 2019\nSubject: INSERT INTO the soil\n'), 0);
  assert.ok(sniff('-- MySQL dump 10\nCREATE TABLE `mybb_users` (`uid` int);\n') < 0.5);
});

test('damaged dumps never throw, account for their rows and read alike in any pieces', async () => {
  const bytes = bytesOf('board-3.3.sql');
  const mutation = fc.record({
    at: fc.nat(bytes.length - 1),
    to: fc.constantFrom(...encode('\'"\\(),;`x0\n-/*\0\xff')),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(13, 5000),
      async (changes, chunkBytes) => {
        const bad = bytes.slice();
        for (const { at, to } of changes) bad[at] = to;
        const whole = await readAll(phpbbReader, bad);
        for (const { unit, rows, read, skipped } of whole.tallies)
          assert.equal(rows, read + Object.values(skipped).reduce((sum, count) => sum + count, 0), unit);
        assert.equal(goldenText(await readAll(phpbbReader, bad, { chunkBytes })), goldenText(whole));
      },
    ),
    { seed: 7, numRuns: 60 },
  );
});
