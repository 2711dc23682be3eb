import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { emlReader } from '../../../src/intake/readers/eml.ts';
import { mboxReader } from '../../../src/intake/readers/mbox.ts';
import { assertGolden, goldenText } from '../../support/golden.ts';
import { readAll } from '../../support/read.ts';

const fixture = new Uint8Array(
  fs.readFileSync(path.join(import.meta.dirname, '..', '..', 'fixtures', 'mail', 'nasty.eml')),
);
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const head = 'From: ana@velo.example\nMessage-ID: <a@velo.example>\nDate: Sat, 5 Jan 2019 09:00:00 +0100\n';

test('a damaged mail gives the reviewed records', async () => {
  assertGolden('mail/nasty-eml.txt', goldenText(await readAll(emlReader, fixture)));
});

test('pieces of any size give the same records', async () => {
  const whole = goldenText(await readAll(emlReader, fixture));
  for (const chunkBytes of [1, 7, 4096]) {
    assert.equal(goldenText(await readAll(emlReader, fixture, { chunkBytes })), whole, `${chunkBytes}`);
  }
});

test('one message in an mbox and in a file of its own has one key and one text', async () => {
  const mail = `${head}Subject: tyres\n\nThe tyres are\n>From the shed.\n`;
  const unnamed = mail.replace(/Message-ID.*\n/, '');
  for (const [single, stored] of [
    [mail.replace('>From', 'From'), mail],
    [
      unnamed.replace('>From', 'From').replaceAll('\n', '\r\n'),
      unnamed.replace('Subject', 'Received: by shed.example\nStatus: RO\nSubject'),
    ],
  ] as const) {
    const one = await readAll(emlReader, bytesOf(single));
    const two = await readAll(
      mboxReader,
      bytesOf(`From ana@velo.example Sat Jan  5 09:12:44 2019\n${stored}\n`),
    );
    const facts = (result: typeof one) =>
      result.rows.message!.map((row) => [row.message, row.subject, row.body, row.time]);
    assert.deepEqual(facts(one), facts(two));
  }
});

test('an .emlx is read within its frame', async () => {
  const mail = `${head}Subject: gears\n\nThree gears.\n`;
  const emlx = `${mail.length}      \n${mail}<?xml version="1.0"?>\n<plist></plist>\n`;
  assert.ok(emlReader.sniff(bytesOf(emlx), '1.emlx') > 0.5);
  const { rows } = await readAll(emlReader, bytesOf(emlx));
  assert.equal(rows.message![0]!.body, 'Three gears.\n');
  const row = rows.message![0]!;
  assert.equal(
    emlx.slice(Number(row.source_offset), Number(row.source_offset) + Number(row.source_length)),
    mail,
  );
});

test('Maildir flags are taken from the name', async () => {
  for (const [name, flags] of [
    ['1234.M1P2.host,S=10:2,RS', 'RS'],
    ['1234.M1P2.host;2,F', 'F'],
    ['1234.host', undefined],
  ]) {
    const { rows } = await readAll(emlReader, bytesOf(`${head}\ntext`), { name: name! });
    const attributes = rows.message![0]!.attributes;
    assert.equal(attributes === null ? undefined : JSON.parse(String(attributes)).flags, flags);
  }
});

test('a file without any header field is skipped and counted', async () => {
  const { rows, tallies } = await readAll(emlReader, bytesOf('only words here\n'));
  assert.deepEqual(tallies, [{ unit: 'messages', rows: 1, read: 0, skipped: { 'no header field': 1 } }]);
  assert.equal(rows.warning![0]!.code, 'mail-no-header');
});

test('3,000 multiparts inside one another are read to a limit and reported', async () => {
  let mail = head;
  for (let i = 0; i < 3000; i++) mail += `Content-Type: multipart/mixed; boundary=b${i}x\n\n--b${i}x\n`;
  const { rows, tallies } = await readAll(emlReader, bytesOf(`${mail}\ntext\n`));
  assert.equal(tallies[0]!.read, 1);
  assert.ok(rows.warning!.some((row) => row.code === 'mail-depth'));
});

test('parts beyond the limit are not read, and that is said', async () => {
  const mail = `${head}Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(30_000)}`;
  const { rows } = await readAll(emlReader, bytesOf(mail));
  assert.ok(rows.warning!.some((row) => row.code === 'mail-parts'));
});

test('sniff asks for two fields that mails have', () => {
  const sniff = (text: string) => emlReader.sniff(bytesOf(text), 'file');
  assert.ok(sniff(`${head}\ntext`) > 0.5);
  assert.ok(sniff('Received: by a.example;\n Sat, 5 Jan 2019 09:00:00 +0100\nSubject: x\n\ntext') > 0.5);
  assert.ok(sniff(Buffer.from(fixture).toString('latin1')) > 0.5);
  for (const other of [
    '',
    'From ana@velo.example Thu Nov 17 00:49:30 2016\nSubject: x\nDate: y\n\n',
    '-- MySQL dump 10.13\n-- Host: localhost\nCREATE TABLE `x` (id int);\n',
    "INSERT INTO `posts` VALUES (1,'Subject: x\nFrom: y\n');\n",
    'From,To,Subject,Date\na,b,c,d\n',
    '{"From": "a",\n"To": "b"}',
    '203.0.113.5 - - [05/Jan/2019:09:12:44 +0100] "GET / HTTP/1.1" 200 5\n',
    'name: bicycle\nversion: 1\nlicense: none\n',
    'Host: a\nAccept: b\n\n',
    '[12:01] <ana> From: here\n',
    '<?xml version="1.0"?>\n<a/>',
    '05.01.19, 09:00 - Ana: hello\n',
  ]) {
    assert.equal(sniff(other), 0, other.slice(0, 40));
  }
});

test('a mail that names nobody and says nothing is still a message', async () => {
  const { rows, tallies } = await readAll(emlReader, bytesOf('Subject:\nX-Note: 1\n'));
  assert.equal(tallies[0]!.read, 1);
  const [row] = rows.message!;
  assert.equal(row!.sender, null);
  assert.equal(row!.body, '');
  assert.match(String(row!.message), /^mail\/mail\/sha256:[0-9a-f]{64}$/);
});

test('headers that name object members are harmless', async () => {
  const { rows } = await readAll(
    emlReader,
    bytesOf(
      `__proto__: x\nconstructor: y\n${head}Content-Type: text/plain; __proto__=1; charset=__proto__\n\ntext`,
    ),
  );
  assert.equal(rows.message!.length, 1);
  assert.equal(({} as Record<string, unknown>).x, undefined);
});
