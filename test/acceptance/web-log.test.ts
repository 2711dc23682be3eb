import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Reader } from '../../src/evidence/reader.ts';
import { accessLogReader } from '../../src/intake/readers/access-log.ts';
import { errorLogReader } from '../../src/intake/readers/error-log.ts';
import { corpora, corporaMissing } from '../support/corpora.ts';
import { readAll } from '../support/read.ts';

const forum = 'forum/phpbb-3.3.10-velo/evidence';

function corpus(name: string): Uint8Array {
  const bytes = fs.readFileSync(path.join(corpora, name));
  return new Uint8Array(name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
}

/** File, reader, lines (as `expected_counts.json` and the forum's `truth` have them), events, warnings. */
const files: [string, Reader, number, number, number][] = [
  [`${forum}/access.log.gz`, accessLogReader, 10_409, 10_409, 0],
  [`${forum}/error.log.gz`, errorLogReader, 57, 57, 0],
  ['weblog/apache_logs', accessLogReader, 10_000, 10_000, 1],
  ['weblog/apache_access.log', accessLogReader, 15, 15, 1],
  ['weblog/iis6.log', accessLogReader, 16, 12, 0],
  ['weblog/iis7_owa.log', accessLogReader, 5, 3, 0],
  ['weblog/iis10.log', accessLogReader, 5, 1, 0],
  ['weblog/aws_elb_access.log', accessLogReader, 16, 16, 0],
];

for (const [name, reader, lines, events, warnings] of files) {
  test(`${name}: every line is accounted for`, { skip: corporaMissing }, async () => {
    const bytes = corpus(name);
    const head = bytes.subarray(0, 64 * 1024);
    assert.ok(reader.sniff(head, '') > 0.9);
    for (const other of [accessLogReader, errorLogReader])
      if (other !== reader) assert.equal(other.sniff(head, ''), 0);
    const result = await readAll(reader, bytes);
    const [tally] = result.tallies;
    assert.equal(tally!.rows, lines);
    assert.equal(result.rows.event!.length, events);
    assert.equal(tally!.read, events);
    assert.equal(result.warnings, warnings);
    for (const { source_offset, source_length, time_text } of result.rows.event!) {
      const start = Number(source_offset);
      const line = Buffer.from(bytes.subarray(start, start + Number(source_length))).toString('latin1');
      assert.ok(line.includes(String(time_text)) && !line.includes('\n'));
      assert.ok(start === 0 || bytes[start - 1] === 0x0a);
    }
  });
}

test('a log of another kind is left alone', { skip: corporaMissing }, () => {
  const bytes = corpus('weblog/vsftpd.log');
  assert.equal(accessLogReader.sniff(bytes, ''), 0);
  assert.equal(errorLogReader.sniff(bytes, ''), 0);
});

test('the board log agrees with an independent reading of its lines', { skip: corporaMissing }, async () => {
  const bytes = corpus(`${forum}/access.log.gz`);
  const { rows } = await readAll(accessLogReader, bytes);
  const pattern = /^(\S+) - - \[([^\]]+)\] "(\S+) (.*) HTTP\/[\d.]+" (\d+) (\d+) "(.*?)" "(.*)"$/;
  const lines = Buffer.from(bytes).toString().trimEnd().split('\n');
  lines.forEach((line, index) => {
    const event = rows.event![index]!;
    const [, ip, timeText, method, url, status, size, referrer, agent] = pattern.exec(line)!;
    const [, day, month, year, clock, zone] = /^(\d+)\/(\w+)\/(\d+):(\S+) (\S+)$/.exec(timeText!)!;
    assert.deepEqual(
      [event.ip, event.time, event.time_text, event.method, event.url, event.status, event.bytes],
      [
        ip,
        Date.parse(`${day} ${month} ${year} ${clock} ${zone}`) * 1000,
        timeText,
        method,
        url,
        Number(status),
        Number(size),
      ],
    );
    assert.deepEqual([event.referrer ?? '-', event.agent ?? '-'], [referrer, agent]);
  });
  const logins = lines.filter((line) => line.includes('"POST /ucp.php?mode=login'));
  assert.equal(rows.event!.filter(({ action }) => action === 'login').length, logins.length);
});
