import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Records } from '../../src/evidence/records.ts';
import { emlReader } from '../../src/intake/readers/eml.ts';
import { mboxReader } from '../../src/intake/readers/mbox.ts';
import { inputOf } from '../support/read.ts';

/**
 * Text that makes careless patterns and scans take quadratic time: 400 KB of each costs a second at most when
 * every step is linear, and minutes when one is not.
 */
const pieces = [
  '(',
  'a ',
  '@',
  'a@',
  '<',
  '<a@',
  '"',
  '\\',
  '=?',
  '=?a?q?',
  '.',
  '\t',
  ' ',
  ';',
  ':',
  ',',
  '\r',
  '=',
  '*0*=a;',
]
  .concat([
    'x=(',
    ' by ',
    '1.',
    '1:',
    '::',
    '; d=',
    'begin 644 x\n',
    '>From ',
    '&#',
    '<a ',
    '<a href="',
    '\n--',
    '\n--b',
  ])
  .concat([
    '\n--b\n',
    '-',
    '\n-',
    '=\n',
    '= ',
    '\r\n',
    '\n\n',
    'a\r\r',
    'begin 644 x\n#86)C\n',
    '<p ',
    '\nFrom ',
    '\n>',
  ]);
const fields = [
  'From',
  'To',
  'Content-Disposition: x; a',
  'Content-Transfer-Encoding',
  'References',
  'In-Reply-To',
].concat([
  'Received: from x',
  'X-Originating-IP',
  'Subject',
  'List-Id',
  'DKIM-Signature',
  'Date',
  'Message-ID',
  'Reply-To',
]);
const head = 'From: a@b.example\nDate: Sat, 5 Jan 2019 09:00:00 +0100\n';
const maxMs = 5000;

async function assertQuick(reader: typeof emlReader, mail: string, what: string): Promise<void> {
  const records = new Records('', () => {});
  const started = performance.now();
  await reader.read(inputOf(new Uint8Array(Buffer.from(mail, 'latin1'))), records);
  const { tallies } = records.finish();
  assert.ok(performance.now() - started < maxMs, what);
  assert.ok(tallies[0]!.read >= 1, what);
}

test('no header value takes more than linear time', async () => {
  for (const piece of pieces.filter((each) => !each.includes('\n'))) {
    const value = piece.repeat(Math.ceil(65_536 / piece.length));
    for (const end of [' x', '@', '']) {
      await assertQuick(
        emlReader,
        `${fields.map((name) => `${name}: ${value}${end}\n`).join('')}\nbody`,
        piece,
      );
    }
    await assertQuick(emlReader, `${head}Content-Type: text/plain; x=${value}\n\nbody`, piece);
  }
});

test('no body takes more than linear time', async () => {
  for (const piece of pieces) {
    const body = `${piece.repeat(Math.ceil(400_000 / piece.length))}x`;
    for (const type of [
      'text/plain',
      'text/html',
      'multipart/mixed; boundary=b',
      'multipart/mixed; boundary="-"',
    ]) {
      await assertQuick(emlReader, `${head}Content-Type: ${type}\n\n${body}`, `${type} ${piece}`);
    }
    const stored = `From a@b.example Thu Nov 17 00:49:30 2016\n${head}Content-Length: 300000\n\n${body}`;
    await assertQuick(mboxReader, stored, `mbox ${piece}`);
  }
});
