import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { accessLogReader } from '../../../src/intake/readers/access-log.ts';
import { assertGolden, goldenText } from '../../support/golden.ts';
import { readAll } from '../../support/read.ts';

const fixtures = path.join(import.meta.dirname, '..', '..', 'fixtures', 'web-log');
const names = ['access.log', 'iis.log', 'load-balancer.log'];

/** A plain array: a Buffer's slices would be views of it. */
function fixture(name: string): Uint8Array {
  return new Uint8Array(fs.readFileSync(path.join(fixtures, name)));
}

async function readLine(line: string) {
  const { rows, tallies } = await readAll(accessLogReader, new TextEncoder().encode(line));
  return { event: rows.event?.[0], tally: tallies[0]!, warning: rows.warning?.[0] };
}

for (const name of names) {
  test(`${name} gives the records of its golden file, whatever the pieces it comes in`, async () => {
    const bytes = fixture(name);
    const text = goldenText(await readAll(accessLogReader, bytes));
    assertGolden(`web-log/${name}.txt`, text);
    for (const chunkBytes of [1, 7, 4096]) {
      assert.equal(
        goldenText(await readAll(accessLogReader, bytes, { chunkBytes })),
        text,
        `${chunkBytes} bytes`,
      );
    }
  });

  test(`each record of ${name} points at exactly its line`, async () => {
    const bytes = fixture(name);
    const lines = new Set(
      Buffer.from(bytes)
        .toString('latin1')
        .split(/\r?\n/)
        .map((line) => line.replace(/^\0+/, '')),
    );
    const { rows } = await readAll(accessLogReader, bytes);
    for (const { source_offset, source_length } of rows.event!) {
      const start = Number(source_offset);
      const line = Buffer.from(bytes.subarray(start, start + Number(source_length))).toString('latin1');
      assert.ok(lines.delete(line), line);
    }
  });

  test(`${name} is recognised by its content`, () => {
    assert.ok(accessLogReader.sniff(fixture(name), 'no-hint') > 0.5);
  });
}

test('other text is not taken for an access log', () => {
  const others = [
    '',
    '\n\n',
    "INSERT INTO `tea` VALUES (1,'green');\n",
    'From anna@garden.example Sun Jan  6 09:00:54 2019\nSubject: seeds\n\nThe seeds came.\n',
    'Mon Jun  6 18:43:28 2016 [pid 2] CONNECT: Client "192.0.2.9"\n',
    '2019/01/09 18:15:10 [error] 56#57: *1 no such file, client: 192.0.2.30, server: garden.example\n',
    '#Fields: these are not a log\nsome text\n',
    '{"time":"06/Jan/2019:09:00:54 +0100"}\n',
  ];
  for (const text of others)
    assert.equal(accessLogReader.sniff(new TextEncoder().encode(text), 'access.log'), 0, text);
  for (const name of ['nginx-error.log', 'apache-error.log'])
    assert.equal(accessLogReader.sniff(fixture(name), name), 0);
});

/** The same local time in many zones, and the hours that a change of the clocks skips or repeats. */
const times: [string, string, string][] = [
  ['06/Jan/2019:09:00:54 +0100', '2019-01-06T08:00:54Z', '+01:00'],
  ['06/Jan/2019:09:00:54 +0000', '2019-01-06T09:00:54Z', '+00:00'],
  ['06/Jan/2019:09:00:54 -0000', '2019-01-06T09:00:54Z', '-00:00'],
  ['06/Jan/2019:09:00:54 +0545', '2019-01-06T03:15:54Z', '+05:45'],
  ['06/Jan/2019:09:00:54 -0930', '2019-01-06T18:30:54Z', '-09:30'],
  ['06/Jan/2019:09:00:54 +1400', '2019-01-05T19:00:54Z', '+14:00'],
  ['31/Dec/2019:23:59:59 -1200', '2020-01-01T11:59:59Z', '-12:00'],
  ['01/Jan/2020:00:30:00 +0100', '2019-12-31T23:30:00Z', '+01:00'],
  ['29/Feb/2020:12:00:00 +0000', '2020-02-29T12:00:00Z', '+00:00'],
  ['31/Mar/2019:01:59:59 +0100', '2019-03-31T00:59:59Z', '+01:00'],
  ['31/Mar/2019:03:00:00 +0200', '2019-03-31T01:00:00Z', '+02:00'],
  ['27/Oct/2019:02:30:00 +0200', '2019-10-27T00:30:00Z', '+02:00'],
  ['27/Oct/2019:02:30:00 +0100', '2019-10-27T01:30:00Z', '+01:00'],
  ['07/Apr/2019:02:45:00 +1100', '2019-04-06T15:45:00Z', '+11:00'],
  ['07/Apr/2019:02:15:00 +1030', '2019-04-06T15:45:00Z', '+10:30'],
  ['30/Jun/2015:23:59:60 +0000', '2015-07-01T00:00:00Z', '+00:00'],
  ['01/Jan/1970:00:00:00 +0000', '1970-01-01T00:00:00Z', '+00:00'],
  ['31/Dec/1969:23:00:00 -0100', '1970-01-01T00:00:00Z', '-01:00'],
];

test('times are read with the offset of their own line', async () => {
  // All in one file, so that what is kept from line to line is tested too; once in this order, once backwards.
  for (const list of [times, times.toReversed()]) {
    const text = list.map(([time]) => `192.0.2.1 - - [${time}] "GET / HTTP/1.1" 200 1\n`).join('');
    const { rows } = await readAll(accessLogReader, new TextEncoder().encode(text));
    assert.deepEqual(
      rows.event!.map(({ time, time_text, time_zone }) => [time_text, time, time_zone]),
      list.map(([time, utc, zone]) => [time, Date.parse(utc) * 1000, zone]),
    );
  }
});

test('what is no time is refused', async () => {
  const bad = [
    '29/Feb/2019:12:00:00 +0000',
    '29/Feb/1900:12:00:00 +0000',
    '31/Apr/2019:12:00:00 +0000',
    '00/Jan/2019:12:00:00 +0000',
    '06/Okt/2019:12:00:00 +0000',
    '06/jan/2019:12:00:00 +0000',
    '06/Jan/2019:24:00:00 +0000',
    '06/Jan/2019:12:60:00 +0000',
    '06/Jan/2019:12:00:61 +0000',
    '06/Jan/2019:12:00:00 +1600',
    '06/Jan/2019:12:00:00 +0160',
    '06/Jan/2019:12:00:00  0000',
    '06/Jan/2019:12.00:00 +0000',
    '06/Jan/2019:12:0a:00 +0000',
    `${'\0'.repeat(17)}:00:00${'\0'.repeat(3)}`,
  ];
  const good = '192.0.2.1 - - [06/Jan/2019:12:00:00 +0000] "GET / HTTP/1.1" 200 1\n';
  for (const time of bad) {
    assert.equal(time.length, 26, time);
    const { rows, tallies } = await readAll(
      accessLogReader,
      new TextEncoder().encode(`192.0.2.1 - - [${time}] "GET / HTTP/1.1" 200 1\n${good}`),
    );
    assert.deepEqual(
      tallies,
      [{ unit: 'lines', rows: 2, read: 1, skipped: { 'no time in brackets': 1 } }],
      time,
    );
    assert.equal(rows.warning!.length, 1);
    assert.equal(rows.warning![0]!.source_offset, 0);
  }
});

/** Client as logged; address and port as recorded. */
const clients: [string, string | null, number | null][] = [
  ['192.0.2.1', '192.0.2.1', null],
  ['192.000.002.001', '192.0.2.1', null],
  ['2001:db8::1', '2001:db8::1', null],
  ['2001:0DB8:0000::0001', '2001:db8::1', null],
  ['[2001:db8::1]', '2001:db8::1', null],
  ['[2001:db8::1]:8080', '2001:db8::1', 8080],
  ['fe80::1%eth0', 'fe80::1', null],
  ['::ffff:192.0.2.1', '192.0.2.1', null],
  ['192.0.2.1:65535', '192.0.2.1', 65535],
  ['garden-17.provider.example', 'garden-17.provider.example', null],
  ['localhost', 'localhost', null],
  ['-', null, null],
  ['unix:', null, null],
];

test('clients of every kind are understood, with and without a virtual host before them', async () => {
  for (const [client, ip, port] of clients) {
    const rest = `${client} - - [06/Jan/2019:12:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"`;
    const plain = await readLine(rest);
    assert.deepEqual([plain.event!.ip, plain.event!.port, plain.event!.host], [ip, port, null], client);
    if (ip === null) continue;
    const hosted = await readLine(`garden.example:443 ${rest}`);
    assert.deepEqual(
      [hosted.event!.ip, hosted.event!.port, hosted.event!.host],
      [ip, port, 'garden.example'],
      client,
    );
  }
  for (const bad of [
    '300.1.2.3',
    '1.2.3',
    '192.0.2.1,',
    '192.0.2.1:65536',
    '<tea>',
    ':::',
    '2001:db8::1]',
    'a:b:c',
  ]) {
    const { event, tally, warning } = await readLine(
      `${bad} - - [06/Jan/2019:12:00:00 +0000] "GET / HTTP/1.1" 200 1`,
    );
    assert.equal(event, undefined, bad);
    assert.deepEqual(tally.skipped, { 'client not understood': 1 });
    assert.equal(warning!.code, 'line-unreadable');
  }
});

test('a remote user becomes an account of the virtual host, and cannot forge a time or request', async () => {
  const tail = '[06/Jan/2019:12:00:00 +0000] "GET / HTTP/1.1" 401 1 "-" "-"';
  const account = async (head: string) => (await readLine(`${head} ${tail}`)).event?.account;
  assert.equal(await account('192.0.2.1 - anna'), 'http:unknown/anna');
  assert.equal(await account('192.0.2.1 - anna lind'), 'http:unknown/anna lind');
  assert.equal(await account('192.0.2.1 - Zoë'), 'http:unknown/Zoë');
  assert.equal(await account('192.0.2.1 - ""'), null);
  assert.equal(await account('garden.example:80 192.0.2.1 - anna'), 'http:garden.example/anna');
  assert.equal(await account('garden.example 192.0.2.1 - anna lind'), 'http:garden.example/anna lind');
  const forged = await readLine(`192.0.2.1 - x [01/Jan/2001:00:00:00 +0000] \\"GET /tea\\" ${tail}`);
  assert.equal(forged.event!.time_text, '06/Jan/2019:12:00:00 +0000');
  assert.equal(forged.event!.url, '/');
});

test('quoted fields end where the server ended them', async () => {
  const agentOf = async (field: string) => {
    const { event, warning } = await readLine(
      `192.0.2.1 - - [06/Jan/2019:12:00:00 +0000] "GET / HTTP/1.1" 200 1 "http://garden.example/" "${field}`,
    );
    assert.equal(event!.referrer, 'http://garden.example/');
    return [event!.agent, warning?.code ?? null];
  };
  assert.deepEqual(await agentOf('Mozilla/5.0"'), ['Mozilla/5.0', null]);
  assert.deepEqual(await agentOf('tea ("green")"'), ['tea ("green")', null]);
  assert.deepEqual(await agentOf('a \\" b" "more" 0.5'), ['a \\" b', null]);
  assert.deepEqual(await agentOf('ends in a quote \\""'), ['ends in a quote \\"', null]);
  assert.deepEqual(await agentOf('ends in a backslash \\\\"'), ['ends in a backslash \\\\', null]);
  assert.deepEqual(await agentOf('cut after an escape \\"'), ['cut after an escape \\"', 'line-cut']);
  assert.deepEqual(await agentOf('cut'), ['cut', 'line-cut']);
});
