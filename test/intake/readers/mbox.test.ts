import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../src/base/json.ts';
import type { Input, Reader } from '../../../src/evidence/reader.ts';
import { Records } from '../../../src/evidence/records.ts';
import { mboxReader, readMailbox } from '../../../src/intake/readers/mbox.ts';
import { assertGolden, goldenText } from '../../support/golden.ts';
import { readAll } from '../../support/read.ts';

const fixture = new Uint8Array(
  fs.readFileSync(path.join(import.meta.dirname, '..', '..', 'fixtures', 'mail', 'club.mbox')),
);
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const read = (text: string, chunkBytes?: number) =>
  readAll(mboxReader, bytesOf(text), chunkBytes === undefined ? {} : { chunkBytes });
const capped = (maxBytes: number): Reader => ({
  ...mboxReader,
  read: (input, records) => readMailbox(input, records, maxBytes),
});

const line = 'From ana@velo.example Thu Nov 17 00:49:30 2016\n';
const mail = (id: string, body = 'text\n') =>
  `From: ana@velo.example\nMessage-ID: <${id}@velo.example>\nSubject: ${id}\n\n${body}`;
const idsOf = (rows: { rows: { message?: Record<string, unknown>[] } }) =>
  (rows.rows.message ?? []).map((row) => String(row.native_id).replace('@velo.example', ''));

test('a mailbox in the usual dialects gives the reviewed records', async () => {
  assertGolden('mail/club-mbox.txt', goldenText(await readAll(mboxReader, fixture)));
});

test('attributes are canonical JSON', async () => {
  const { rows } = await readAll(mboxReader, fixture);
  for (const row of rows.message!) {
    assert.equal(row.attributes, canonicalJson(JSON.parse(String(row.attributes))));
  }
});

test('pieces of any size give the same records', async () => {
  const whole = goldenText(await readAll(mboxReader, fixture));
  for (const chunkBytes of [1, 7, 100, 4096]) {
    assert.equal(goldenText(await readAll(mboxReader, fixture, { chunkBytes })), whole, `${chunkBytes}`);
  }
});

test('each pointer covers the separator and the message and nothing else', async () => {
  const { rows } = await readAll(mboxReader, fixture);
  const text = Buffer.from(fixture).toString('latin1');
  let end = 0;
  for (const row of rows.message!) {
    const offset = Number(row.source_offset);
    const own = text.slice(offset, offset + Number(row.source_length));
    assert.match(own, /^From .*20\d\d\n/);
    assert.match(text.slice(end, offset), /^\n?$/);
    end = offset + own.length;
  }
  assert.match(text.slice(end), /^\n?$/);
  assert.deepEqual(
    rows.file!.map((row) =>
      text
        .slice(Number(row.source_offset), Number(row.source_offset) + Number(row.source_length))
        .slice(0, 14),
    ),
    ['Content-Type: ', 'begin 644 bean', 'Content-Type: '],
  );
});

test('CRLF mailboxes give the same texts as LF ones', async () => {
  const crlf = bytesOf(Buffer.from(fixture).toString('latin1').replaceAll('\n', '\r\n'));
  const a = await readAll(mboxReader, fixture);
  const b = await readAll(mboxReader, crlf);
  const texts = (result: typeof a) => result.rows.message!.map((row) => [row.message, row.subject, row.body]);
  assert.deepEqual(texts(b), texts(a));
  assert.deepEqual(
    b.rows.file!.map((row) => [row.sha256, row.size]),
    a.rows.file!.map((row) => [row.sha256, row.size]),
  );
});

test('separators are told from lines that look alike', async () => {
  const accepted = [
    'From ana@velo.example Thu Nov 17 00:49:30 2016',
    'From ana@velo.example  Sun Sep  3 17:38 2017',
    'From - Mon Jan 01 12:00:00 2018',
    'From ???@??? Mon Apr 05 12:34:56 1999',
    'From 1500000000000000000@xxx Thu Jan 01 00:00:00 +0000 2015',
    'From ana at velo.example  Mon Jan  5 12:33:00 2009',
    'From ana@velo.example Mon, 5 Apr 1999 12:34:56 +0200',
    'From ana@velo.example Fri Jul  8 12:08:34 MET DST 2011',
    'From ana@velo.example Fri Jul  8 12:08:34 2011 +0100',
    'From "ana velo"@velo.example Jul  8 12:08:34 2011',
    'From MAILER-DAEMON Fri Jul  8 12:08:34 99 remote from shed',
    'From ana@velo.example',
    'From ',
    'From -',
  ];
  for (const separator of accepted) {
    const two = `${line}${mail('a')}\n${separator}\n${mail('b')}`;
    for (const chunkBytes of [1, 13, 4096]) {
      assert.deepEqual(
        idsOf(await read(two, chunkBytes)),
        ['a', 'b'],
        `${separator} in pieces of ${chunkBytes}`,
      );
    }
  }
  const refused = [
    '\nFrom the garden we ride on.\nBring water.\n',
    '\nFrom: ana@velo.example\n',
    '\nFrom Monday to Friday Nov 17 2016\n',
    '\n>From ana@velo.example Thu Nov 17 00:49:30 2016\n',
    'no empty line\nFrom ana@velo.example Thu Nov 17 00:49:30 2016\nplain text\n',
    '\nFrom ana@velo.example Thu Nov 17 00:49:30 2016\nplain text\n',
    '\nFrom ana@velo.example\nNote: only text\n',
    `\nFrom ${'x'.repeat(2000)} Thu Nov 17 00:49:30 2016\nSubject: b\n`,
  ];
  for (const body of refused) {
    for (const chunkBytes of [1, 13, 4096]) {
      assert.deepEqual(idsOf(await read(`${line}${mail('a', body)}`, chunkBytes)), ['a'], body);
    }
  }
});

test('a message without an empty line in front is read and reported', async () => {
  const { rows } = await read(`${line}${mail('a')}${line}${mail('b')}`);
  assert.deepEqual(idsOf({ rows }), ['a', 'b']);
  assert.deepEqual(
    rows.warning!.map((row) => row.code),
    ['mbox-separator'],
  );
});

test('Content-Length is trusted only where it leads to a separator or the end', async () => {
  const inner = `look:\n\n${line}${mail('inner')}`;
  const counted = (length: number) => `Content-Length: ${length}\n${mail('a', inner)}`;
  for (const chunkBytes of [1, 50, 1 << 20]) {
    const right = await read(`${line}${counted(inner.length)}\n${line}${mail('b')}`, chunkBytes);
    assert.deepEqual(idsOf(right), ['a', 'b']);
    assert.equal(right.rows.message![0]!.body, inner);
    assert.deepEqual(idsOf(await read(`${line}${counted(inner.length)}`, chunkBytes)), ['a']);
    for (const wrong of [inner.length - 3, inner.length + 9, 1e9, 5]) {
      const result = await read(`${line}${counted(wrong)}\n${line}${mail('b')}`, chunkBytes);
      assert.deepEqual(idsOf(result), ['a', 'inner', 'b'], `${wrong}`);
    }
  }
});

test('bytes in front of the first message are counted and pointed at', async () => {
  const { rows, tallies } = await read(`some notes\nabout gears\n\n${line}${mail('a')}`);
  assert.deepEqual(tallies, [
    { unit: 'messages', rows: 2, read: 1, skipped: { 'no separator line in front': 1 } },
  ]);
  assert.deepEqual(
    rows.warning!.map((row) => [row.code, row.source_offset, row.source_length]),
    [['mbox-stray', 0, 24]],
  );
});

test('a message over the limit is read up to it and the next one is found', async () => {
  const long = 'pedal pedal\n'.repeat(2000);
  const text = `${line}${mail('a', long)}\n${line}${mail('b')}\n${line}${mail('c', long)}`;
  for (const chunkBytes of [100, 4096, 1 << 20]) {
    const result = await readAll(capped(10_000), bytesOf(text), { chunkBytes });
    assert.deepEqual(idsOf(result), ['a', 'b', 'c'], `${chunkBytes}`);
    assert.deepEqual(
      result.rows.warning!.map((row) => row.code),
      ['mail-truncated', 'mail-truncated'],
    );
    assert.equal(result.rows.message![0]!.source_length, 10_000);
    assert.deepEqual(result.tallies, [{ unit: 'messages', rows: 3, read: 3, skipped: {} }]);
  }
});

test('separators are found where the held bytes are moved', async () => {
  const chunkBytes = 65_536;
  const front = `${line}${mail('a', '')}`;
  for (let shift = -8; shift <= 8; shift++) {
    // The buffer is first moved when its first MiB is full.
    const pad = 'x'.repeat(1024 * 1024 + shift - front.length);
    const text = `${front}${pad}\n\n${line}${mail('b')}\n${line}${mail('c', pad)}`;
    for (const maxBytes of [10_000, 64 * 1024 * 1024]) {
      const { rows } = await readAll(capped(maxBytes), bytesOf(text), { chunkBytes });
      assert.deepEqual(idsOf({ rows }), ['a', 'b', 'c'], `${shift}`);
      const codes = (rows.warning ?? []).map((row) => row.code);
      assert.deepEqual(codes, maxBytes === 10_000 ? ['mail-truncated', 'mail-truncated'] : []);
      assert.equal(rows.message![1]!.source_offset, text.indexOf(line, 1));
    }
  }
});

test('recipients and what others call them are told once', async () => {
  const sent = (id: string, to: string) =>
    `${line}From: ana@velo.example\nMessage-ID: <${id}@velo.example>\nTo: ${to}\nCc: Ben <ben@velo.example>, ana@velo.example\n\ntext\n\n`;
  const { rows } = await read(
    sent('a', 'Ben <ben@velo.example>, BEN@velo.example') + sent('b', 'Ben <ben@velo.example>'),
  );
  assert.deepEqual(
    rows.relation!.map((row) => [row.relation, row.to_account, row.object]),
    ['a', 'b'].flatMap((id) =>
      [
        ['to', 'mail/ben@velo.example'],
        ['cc', 'mail/ben@velo.example'],
        ['cc', 'mail/ana@velo.example'],
      ].map((pair) => [...pair, `mail/mail/${id}@velo.example`]),
    ),
  );
  assert.deepEqual(
    rows.sighting!.filter((row) => row.selector === 'name').map((row) => [row.raw, row.context, row.basis]),
    [
      ['Ben', 'to', 'mentioned'],
      ['Ben', 'cc', 'mentioned'],
    ],
  );
  assert.deepEqual(
    rows.account!.map((row) => row.native_id),
    ['ana@velo.example', 'ben@velo.example'],
  );
});

test('a mailbox larger than memory should hold is read in constant memory', async () => {
  const one = Buffer.from(`${line}${mail('a', 'spoke\n'.repeat(2000))}\n`);
  const piece = Buffer.concat(Array.from({ length: 80 }, () => one));
  const rounds = 200;
  const input: Input = {
    path: '',
    name: '',
    size: piece.length * rounds,
    async *chunks() {
      for (let i = 0; i < rounds; i++) yield piece;
    },
  };
  const records = new Records('', () => {});
  let most = 0;
  const before = process.memoryUsage().rss;
  const watched: Input = {
    ...input,
    async *chunks() {
      for await (const chunk of input.chunks()) {
        most = Math.max(most, process.memoryUsage().rss - before);
        yield chunk;
      }
    },
  };
  await mboxReader.read(watched, records);
  assert.equal(records.finish().tallies[0]!.read, 80 * rounds);
  assert.ok(piece.length * rounds > 190e6);
  assert.ok(most < 160e6, `${Math.round(most / 1e6)} MB more than before`);
});

test('sniff tells a mailbox by its first line', () => {
  const sniff = (text: string) => mboxReader.sniff(bytesOf(text), 'inbox');
  assert.ok(sniff(`${line}${mail('a')}`) > 0.9);
  assert.ok(sniff(`\n\n${line}${mail('a')}`) > 0.9);
  assert.ok(sniff(`From \nList-Id: <a.b>\n\ntext`) > 0.9);
  for (const other of [
    mail('a'),
    'From the garden\nwe ride on\n',
    '-- MySQL dump 10.13\nCREATE TABLE `x` (id int);\n',
    'From,To,Subject,Date\na,b,c,d\n',
    '{"From": "a"}',
    '203.0.113.5 - - [05/Jan/2019:09:12:44 +0100] "GET / HTTP/1.1" 200 5\n',
    '',
  ]) {
    assert.equal(sniff(other), 0, other.slice(0, 30));
  }
});

test('10,000 mutated mails are all read, none lost, and no mutation crashes', async () => {
  const seeds = Buffer.from(fixture)
    .toString('latin1')
    .split(/^From .*20\d\d\n/m)
    .slice(1);
  const mutated = fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(
        fc.tuple(fc.nat(), fc.integer({ min: 0, max: 4 }), fc.string({ unit: 'binary-ascii', maxLength: 6 })),
        { minLength: 1, maxLength: 12 },
      ),
    )
    .map(([seed, edits]) => {
      let text = seed;
      for (const [place, kind, noise] of edits) {
        const at = place % (text.length + 1);
        const span = kind * 7;
        text =
          kind === 4
            ? text.slice(0, at) + text.slice(at >> 1, at) + text.slice(at)
            : text.slice(0, at) + noise + text.slice(at + span);
      }
      return text.replace(/^From/gm, 'Form').slice(0, 20_000);
    });
  await fc.assert(
    fc.asyncProperty(fc.array(mutated, { minLength: 1000, maxLength: 1000 }), async (mails) => {
      const box = mails.map((each) => `${line}X-Mark: 1\n${each}\n\n`).join('');
      const { tallies, rows } = await readAll(mboxReader, bytesOf(box));
      assert.deepEqual(tallies, [{ unit: 'messages', rows: 1000, read: 1000, skipped: {} }]);
      assert.equal(rows.message!.length, 1000);
    }),
    { seed: 20190105, numRuns: 10, endOnFailure: true },
  );
});
