import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accessLogReader } from '../../../src/intake/readers/access-log.ts';
import { readAll } from '../../support/read.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number) => String(value).padStart(2, '0');

const time = fc
  .record({
    seconds: fc.integer({ min: 0, max: 4_102_444_799 }),
    zoneMinutes: fc.constantFrom(-720, -570, -300, 0, 60, 120, 330, 345, 630, 840),
  })
  .map(({ seconds, zoneMinutes }) => {
    const local = new Date((seconds + zoneMinutes * 60) * 1000);
    const size = Math.abs(zoneMinutes);
    const zone = [two(Math.trunc(size / 60)), two(size % 60)] as const;
    const sign = zoneMinutes < 0 ? '-' : '+';
    const clock = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(two).join(':');
    const day = `${two(local.getUTCDate())}/${months[local.getUTCMonth()]}/${local.getUTCFullYear()}`;
    return {
      text: `${day}:${clock} ${sign}${zone.join('')}`,
      zone: `${sign}${zone.join(':')}`,
      micros: seconds * 1e6,
    };
  })
  .filter(({ text }) => text.length === 26);

const ip = fc.oneof(fc.ipV4(), fc.constantFrom('2001:db8::1', '2001:db8:0:1::5', 'garden.provider.example'));
/** Text as servers write it into quoted fields: quotes, backslashes and control bytes escaped. */
const quoted = (from: string) =>
  fc
    .array(
      fc.oneof(fc.constantFrom(...from), fc.constantFrom('\\"', '\\\\', '\\x16', '\\xc3\\xa9', 'é', '日')),
      {
        maxLength: 60,
      },
    )
    .map((parts) => parts.join(''));
const letters = 'abcXYZ0189./?&=;:-_%+';
const field = quoted(`${letters} ()'[]`).filter((text) => text !== '-' && text !== '');
const unset = fc.option(field, { nil: null });

const request = fc.oneof(
  fc.record({
    method: fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'M-SEARCH'),
    url: quoted(letters).map((path) => `/${path}`),
    version: fc.constantFrom(' HTTP/1.1', ' HTTP/2.0', ' HTTP/1.0', ''),
  }),
  // A TLS handshake and other bytes that are no request.
  fc.constant({ raw: '\\x16\\x03\\x01' }),
  fc.constant({ raw: 'tea time' }),
);

const line = fc.record({
  host: fc.option(fc.constantFrom('garden.example', 'tea.garden.example', '[2001:db8::80]', '192.0.2.80'), {
    nil: null,
  }),
  ip,
  user: fc.option(fc.constantFrom('anna', 'anna lind', 'zoë', 'a"b'.replace('"', '\\"')), { nil: null }),
  time,
  request,
  status: fc.option(fc.integer({ min: 100, max: 599 }), { nil: null }),
  bytes: fc.option(fc.integer({ min: 0, max: 999_999_999_999_999 }), { nil: null }),
  tail: fc.option(
    fc.record({
      referrer: unset,
      agent: unset,
      more: fc.constantFrom(
        '',
        ' "10.0.0.1, 10.0.0.2"',
        ' 0.005 0.004',
        ' "-" "sid=tea; b=1" 12',
        ' "a \\" b"',
      ),
    }),
    { nil: null },
  ),
  ending: fc.constantFrom('\n', '\r\n'),
});
type Line = typeof line extends fc.Arbitrary<infer T> ? T : never;

function write({ host, ip, user, time, request, status, bytes, tail }: Line): string {
  const what = 'raw' in request ? request.raw : `${request.method} ${request.url}${request.version}`;
  const end = tail === null ? '' : ` "${tail.referrer ?? '-'}" "${tail.agent ?? '-'}"${tail.more}`;
  const head = `${host === null ? '' : `${host}:443 `}${ip} - ${user ?? '-'} [${time.text}]`;
  return `${head} "${what}" ${status ?? '-'} ${bytes ?? '-'}${end}`;
}

function expected(each: Line): Record<string, unknown> {
  const { host, ip, user, time, request, status, bytes, tail } = each;
  const isRequest = !('raw' in request);
  return {
    account: user === null ? null : `http:${host ?? 'unknown'}/${user}`,
    time: time.micros,
    time_text: time.text,
    time_zone: time.zone,
    ip,
    port: null,
    host,
    method: isRequest ? request.method : null,
    url: isRequest ? request.url : null,
    status,
    bytes,
    referrer: tail?.referrer ?? null,
    agent: tail?.agent ?? null,
    text: isRequest ? null : request.raw,
  };
}

test('well-formed lines of every variant come back exactly, each pointing at its bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), fc.nat(40), async (lines, piece) => {
      const texts = lines.map(write);
      const file = Buffer.from(texts.map((text, index) => text + lines[index]!.ending).join(''));
      const result = await readAll(accessLogReader, new Uint8Array(file), { chunkBytes: piece + 1 });
      const events = result.rows.event ?? [];
      assert.deepEqual(result.tallies, [
        { unit: 'lines', rows: lines.length, read: lines.length, skipped: {} },
      ]);
      assert.equal(result.warnings, 0);
      events.forEach((event, index) => {
        const start = Number(event.source_offset);
        assert.equal(file.toString('utf8', start, start + Number(event.source_length)), texts[index]);
        const wanted = expected(lines[index]!);
        assert.deepEqual(
          Object.fromEntries(Object.keys(wanted).map((key) => [key, event[key]])),
          wanted,
          texts[index],
        );
      });
    }),
    { seed: 3, numRuns: 300 },
  );
});

const good = Buffer.from(
  [
    'garden.example:443 192.0.2.1 - anna [06/Jan/2019:09:00:54 +0100] "GET /viewtopic.php?f=3&t=4 HTTP/1.1" 200 12 "http://garden.example/?sid=0123456789abcdef0123456789abcdef" "Mozilla/5.0 (X11)" "-"',
    '2001:db8::1 - - [06/Jan/2019:09:00:55 +0545] "POST /ucp.php?mode=login HTTP/1.1" 302 5 "-" "a \\"quoted\\" agent"',
    '#Fields: date time c-ip cs-method cs-uri-stem sc-status',
    '2020-02-29 23:59:58 198.51.100.20 GET /garden/ 200',
    '#Fields: time',
    '2020-01-11T16:55:21.356586Z balancer 198.51.100.31:2817 10.0.0.1:80 0.1 0.1 0.1 200 200 0 29 "GET http://garden.example:80/ HTTP/1.1" "curl/7.38.0" - -',
    '',
  ].join('\n'),
);
const mutation = fc.record({
  at: fc.nat(good.length - 1),
  remove: fc.nat(30),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc
      .constantFrom('"', '\\', '\n', '[', '] "', ' ', '\0', '\r', '#', '::', '.php')
      .map((text) => Buffer.from(text)),
  ),
});

test('damaged lines never throw, and every line is read or skipped and accounted for', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      fc.nat(100),
      async (mutations, piece) => {
        let file = good;
        for (const { at, remove, insert } of mutations) {
          const from = Math.min(at, file.length);
          file = Buffer.concat([file.subarray(0, from), insert, file.subarray(from + remove)]);
        }
        const bytes = new Uint8Array(file);
        const result = await readAll(accessLogReader, bytes, { chunkBytes: piece + 1 });
        assert.deepEqual(await readAll(accessLogReader, bytes), result);
        accessLogReader.sniff(bytes, '');
        const feeds = bytes.filter((byte) => byte === 0x0a).length;
        const lines = feeds + (bytes.length > 0 && bytes.at(-1) !== 0x0a ? 1 : 0);
        const { rows, read, skipped } = result.tallies[0] ?? { rows: 0, read: 0, skipped: {} };
        assert.equal(rows, lines);
        assert.equal(read + Object.values(skipped).reduce((sum, count) => sum + count, 0), rows);
        assert.equal(result.rows.event?.length ?? 0, read);
        for (const { source_offset, source_length } of result.rows.event ?? []) {
          const start = Number(source_offset);
          assert.ok(!bytes.subarray(start, start + Number(source_length)).includes(0x0a));
        }
      },
    ),
    { seed: 4, numRuns: 800 },
  );
});

/** A MiB less a little of one repeated piece, within a line that is good up to there. */
const head = '192.0.2.1 - - [06/Jan/2019:09:00:54 +0100] ';
const size = 1024 * 1024 - 200;
const adversarial: [string, string][] = [
  ['quotes', `${head}"GET /${'"'.repeat(size)}`],
  ['quotes and spaces', `${head}"GET /${'" '.repeat(size / 2)}`],
  ['almost statuses', `${head}"GET /${'" 20 '.repeat(size / 5)}`],
  ['backslashes', `${head}"GET /${'\\'.repeat(size)}`],
  ['scripts', `${head}"GET ${'/a.php'.repeat(size / 6)} HTTP/1.1" 200 1`],
  ['parameters', `${head}"GET /ucp.php?${'mode=login&'.repeat(size / 11)} HTTP/1.1" 200 1`],
  ['sessions', `${head}"GET /?${'&sid=0123'.repeat(size / 9)} HTTP/1.1" 200 1`],
  ['brackets', '[ '.repeat(size / 2)],
  ['times', `a b ${'[06/Jan/2019:09:00:54 +0100] '.repeat(size / 29)}`],
  ['spaces', ' '.repeat(size)],
  ['a long client', `${'a'.repeat(size)} - - [06/Jan/2019:09:00:54 +0100] "GET / HTTP/1.1" 200 1`],
  ['colons', `${':'.repeat(size)}`],
  ['hash', `#${'Fields: '.repeat(size / 8)}`],
  ['balancer', `2020-01-11T16:55:21.356586Z ${'"\\'.repeat(size / 2)}`],
  ['NUL bytes', '\0'.repeat(size)],
  ['line feeds', '\n'.repeat(size)],
  ['tiny lines', 'a\n'.repeat(size / 2)],
  ['unclosed fields', `${head}"GET / HTTP/1.1" 200 1 "\n`.repeat(size / 70)],
];

for (const [name, text] of adversarial) {
  test(`a MiB of ${name} takes under a second`, async () => {
    const bytes = new TextEncoder().encode(text);
    const before = performance.now();
    const { tallies } = await readAll(accessLogReader, bytes, { chunkBytes: 65_536 });
    accessLogReader.sniff(bytes, '');
    assert.ok(performance.now() - before < 1000, `${performance.now() - before} ms`);
    const { rows, read, skipped } = tallies[0]!;
    assert.equal(rows, text.split('\n').length - (text.endsWith('\n') ? 1 : 0));
    assert.equal(read + Object.values(skipped).reduce((sum, count) => sum + count, 0), rows);
  });
}

test('a line that is too long is skipped with its place, and the next one is read', async () => {
  const next = `${head}"GET /tea HTTP/1.1" 200 1`;
  const long = `${head}"GET /${'a'.repeat(1024 * 1024)}`;
  const bytes = new TextEncoder().encode(`${next}\n${long}\r\n${next}\n${long}`);
  for (const chunkBytes of [4096, 1024 * 1024, bytes.length]) {
    const { rows, tallies } = await readAll(accessLogReader, bytes, { chunkBytes });
    assert.deepEqual(tallies, [{ unit: 'lines', rows: 4, read: 2, skipped: { 'line too long': 2 } }]);
    assert.deepEqual(
      rows.warning!.map(({ code, source_offset, source_length }) => [code, source_offset, source_length]),
      [
        ['line-too-long', next.length + 1, long.length + 1],
        ['line-too-long', next.length * 2 + long.length + 4, long.length],
      ],
    );
    assert.deepEqual(
      rows.event!.map(({ source_offset }) => source_offset),
      [0, next.length + long.length + 3],
    );
  }
});
