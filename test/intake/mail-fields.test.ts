import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatMicros } from '../../src/base/time.ts';
import { parseAddresses } from '../../src/intake/mail/addresses.ts';
import { parseDate } from '../../src/intake/mail/dates.ts';
import { parseHeader } from '../../src/intake/mail/headers.ts';
import { parseParameters } from '../../src/intake/mail/parameters.ts';
import { isPublicIp, parseReceived, publicIpIn } from '../../src/intake/mail/received.ts';
import { decodeWords } from '../../src/intake/mail/words.ts';

const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

test('encoded words', () => {
  for (const [written, meant] of [
    ['plain', 'plain'],
    ['=?utf-8?Q?caf=C3=A9?=', 'café'],
    ['=?ISO-8859-1?q?a_b=E9?= tail', 'a bé tail'],
    ['=?utf-8?B?w6k=?= =?utf-8?B?w6g=?=', 'éè'],
    // One character split between two words, and between words of two encodings.
    ['=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=', 'é'],
    ['=?utf-8?Q?=C3?=\t=?UTF-8?B?qQ==?=', 'é'],
    ['=?koi8-r?B?y8/MxdPP?=', 'колесо'],
    ['=?gb2312?B?19TQ0LO1?=', '自行车'],
    ['=?shift_jis?B?jqmTXY7U?=', '自転車'],
    ['=?iso-2022-jp?B?GyRCPCtFPjxWGyhC?=', '自転車'],
    ['=?utf-8*de?Q?Stra=C3=9Fe?=', 'Straße'],
    ['=?no-such?Q?abc?=', 'abc'],
    ['=?utf-8?X?abc?=', '=?utf-8?X?abc?='],
    ['=?utf-8?Q?unclosed', '=?utf-8?Q?unclosed'],
    ['a =?utf-8?Q?b?= c', 'a b c'],
    [latin1('é'), 'é'],
    ['\xe9', 'é'],
  ] as const) {
    assert.equal(decodeWords(written), meant, written);
  }
});

test('parameters', () => {
  const read = (text: string) => {
    const { value, parameters } = parseParameters(text);
    return [value, Object.fromEntries(parameters)];
  };
  for (const [written, value, parameters] of [
    ['Text/Plain; Charset="UTF-8"', 'text/plain', { charset: 'UTF-8' }],
    ['text/plain; charset=us-ascii (plain text)', 'text/plain', { charset: 'us-ascii' }],
    ['multipart/mixed; boundary="a;b=\\"c"', 'multipart/mixed', { boundary: 'a;b="c' }],
    ['attachment; filename=a b.txt; size=3', 'attachment', { filename: 'a b.txt', size: '3' }],
    ['attachment; filename="C:\\tmp\\a.txt"', 'attachment', { filename: 'C:\\tmp\\a.txt' }],
    ["attachment; filename*=utf-8'de'Stra%C3%9Fe", 'attachment', { filename: 'Straße' }],
    ['a/b; n*0*=iso-8859-1\'\'caf%E9; n*1=" x"; n*2*=%20y', 'a/b', { n: 'café x y' }],
    ['a/b; n*0=one; n*1=two', 'a/b', { n: 'onetwo' }],
    ['attachment; filename="=?utf-8?Q?caf=C3=A9?="', 'attachment', { filename: 'café' }],
    ['a/b;;; =x; c', 'a/b', {}],
    ['a/b; x="never closed', 'a/b', { x: 'never closed' }],
    ['', '', {}],
  ] as const) {
    assert.deepEqual(read(written), [value, parameters], written);
  }
});

test('addresses', () => {
  const read = (text: string) =>
    parseAddresses(text).map((each) => [each.name, each.address, each.canonical]);
  const entry = (name: string | null, address: string | null, canonical = address) => [
    name,
    address,
    canonical,
  ];
  for (const [written, ...expected] of [
    ['Ana@Velo.example', entry(null, 'Ana@Velo.example', 'ana@velo.example')],
    ['Ana <ana@velo.example>', entry('Ana', 'ana@velo.example')],
    ['ana@velo.example (Ana (the rider) M.)', entry('Ana (the rider) M.', 'ana@velo.example')],
    ['"M., Ana \\"A\\"" <ana@velo.example>', entry('M., Ana "A"', 'ana@velo.example')],
    ['=?utf-8?Q?M=2C,_Ana?= <ana@velo.example>', entry('M,, Ana', 'ana@velo.example')],
    [
      'a@b.example, c@d.example;e@f.example',
      entry(null, 'a@b.example'),
      entry(null, 'c@d.example'),
      entry(null, 'e@f.example'),
    ],
    [
      'riders: a@b.example, C <c@d.example>;, e@f.example',
      entry(null, 'a@b.example'),
      entry('C', 'c@d.example'),
      entry(null, 'e@f.example'),
    ],
    ['undisclosed-recipients:;'],
    ['undisclosed recipients: ;'],
    [''],
    [', ,'],
    ['<@r.example,@s.example:ana@velo.example>', entry(null, 'ana@velo.example')],
    ['Ana', entry('Ana', null)],
    ['Ana <>', entry('Ana', null)],
    ['ana at velo.example', entry(null, 'ana at velo.example', 'ana@velo.example')],
    ['ana at velo.example (Ana M.)', entry('Ana M.', 'ana at velo.example', 'ana@velo.example')],
    ['ana (at) velo.example', entry(null, 'ana  at  velo.example', 'ana@velo.example')],
    ['Ana <ana [at] velo.example>', entry('Ana', 'ana [at] velo.example', 'ana@velo.example')],
    ['ali...@velo.example', entry(null, 'ali...@velo.example', null)],
    ['Ana <xxxx@velo.example>', entry('Ana', 'xxxx@velo.example', null)],
    ['Ana <ana@velo.example', entry('Ana', 'ana@velo.example')],
    ["'ana@velo.example'", entry(null, 'ana@velo.example')],
    ['Ana M ana@velo.example', entry('Ana M', 'ana@velo.example')],
    ['ana@münchen.example', entry(null, 'ana@münchen.example', 'ana@xn--mnchen-3ya.example')],
  ] as [string, ...unknown[]][]) {
    assert.deepEqual(read(latin1(written)), expected, written);
  }
});

test('addresses never throw and stay within their limit', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab@.,;:<>()"\\ =?Q_'), maxLength: 60 }), (text) => {
      for (const each of parseAddresses(text)) {
        assert.ok(each.name !== '' && each.address !== '');
        if (each.canonical !== null) assert.match(each.canonical, /^[^@\s]+@[^@\s]+$/);
      }
    }),
    { seed: 7, numRuns: 3000 },
  );
  assert.equal(parseAddresses('a@b.example,'.repeat(20_000)).length, 5000);
});

test('dates', () => {
  for (const [written, time, zone] of [
    ['Sat, 5 Jan 2019 09:12:40 +0100', '2019-01-05T08:12:40Z', '+01:00'],
    ['5 Jan 2019 09:12 -0330 (NST)', '2019-01-05T12:42:00Z', '-03:30'],
    ['Sat, 05 Jan 2019 09:12:40 GMT', '2019-01-05T09:12:40Z', 'GMT'],
    ['Sat, 05 Jan 2019 09:12:40 EST', '2019-01-05T14:12:40Z', 'EST'],
    ['Sat, 5 Jan 2019 09:12:40 -0000', '2019-01-05T09:12:40Z', '-00:00'],
    ['Sat, 5 Jan 19 09:12:40 +0000', '2019-01-05T09:12:40Z', '+00:00'],
    ['Sat, 5 Jan 99 09:12:40 +0000', '1999-01-05T09:12:40Z', '+00:00'],
    ['Sat, 5 Jan 102 09:12:40 +0000', '2002-01-05T09:12:40Z', '+00:00'],
    ['Saturday, 5-Jan-19 09:12:40 GMT', '2019-01-05T09:12:40Z', 'GMT'],
    ['Sat Jan  5 09:12:40 2019 +0100', '2019-01-05T08:12:40Z', '+01:00'],
    ['Sat Jan  5 09:12:40 +0100 2019', '2019-01-05T08:12:40Z', '+01:00'],
    ['Sat Jan  5 09:12:40 PST 2019', '2019-01-05T17:12:40Z', 'PST'],
    ['Sat, 5 Jan 2019 09:12:40 GMT+0200', '2019-01-05T07:12:40Z', '+02:00'],
    ['Thu, 31 Dec 2015 23:59:60 +0000', '2016-01-01T00:00:00Z', '+00:00'],
    ['Sat, 5 Jan 2019 09.12.40 +0100', '2019-01-05T08:12:40Z', '+01:00'],
    ['Sat, 5 Jan 2019 09:12:40 PM +0100', '2019-01-05T20:12:40Z', '+01:00'],
    ['Sat, 5 Jan 2019 09:12:40', null, null],
    ['Sat Jan  5 09:12:40 2019', null, null],
    ['Sat, 5 Jan 2019 09:12:40 CEST', null, 'CEST'],
    ['Sat, 5 Jan 2019 09:12:40 A', null, 'A'],
    ['Sat, 5 Jan 2019 09:12:40 +9900', null, '+99:00'],
    ['Sat, 31 Feb 2019 09:12:40 +0100', null, '+01:00'],
    ['Sat, 5 Jan 2019 25:12:40 +0100', null, '+01:00'],
    ['yesterday', null, null],
  ] as const) {
    const stamp = parseDate(` ${written} `)!;
    assert.equal(stamp.text, written);
    assert.equal(stamp.micros === null ? null : formatMicros(stamp.micros), time, written);
    assert.equal(stamp.zone, zone, written);
  }
  assert.equal(parseDate('  '), null);
});

test('every RFC 5322 date comes back as the time it was made from', () => {
  const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4_000_000_000 }),
      fc.integer({ min: -56, max: 56 }),
      (seconds, quarters) => {
        const local = new Date((seconds + quarters * 900) * 1000);
        const pad = (value: number) => String(value).padStart(2, '0');
        const zone = `${quarters < 0 ? '-' : '+'}${pad(Math.abs(quarters) >> 2)}${pad((Math.abs(quarters) & 3) * 15)}`;
        const text = `${local.getUTCDate()} ${names[local.getUTCMonth()]} ${local.getUTCFullYear()} ${local.toISOString().slice(11, 19)} ${zone}`;
        assert.equal(parseDate(text)!.micros, seconds * 1_000_000, text);
      },
    ),
    { seed: 3, numRuns: 500 },
  );
});

test('trace lines', () => {
  for (const [written, from, by, ip] of [
    [
      'from a.example (a.example [203.0.113.9]) by b.example (8.11) id X; Sat, 5 Jan 2019 09:00:00 +0100',
      'a.example',
      'b.example',
      '203.0.113.9',
    ],
    [
      'from [192.168.0.4] (client [198.51.100.3]) by b.example with SMTP',
      '[192.168.0.4]',
      'b.example',
      '198.51.100.3',
    ],
    ['from [203.0.113.1] (client [198.51.100.3]) by b.example', '[203.0.113.1]', 'b.example', '198.51.100.3'],
    [
      'from [203.0.113.50] (helo=desk) by b.example with esmtp',
      '[203.0.113.50]',
      'b.example',
      '203.0.113.50',
    ],
    ['from desk ([IPv6:2001:db8::5]) by b.example', 'desk', 'b.example', '2001:db8::5'],
    ['from desk (HELO x) (10.1.2.3) by 203.0.113.1 with SMTP', 'desk', '203.0.113.1', null],
    ['by 203.0.113.31 with SMTP id abc; Sat, 5 Jan 2019 09:00:00 +0100', null, '203.0.113.31', null],
    ['(qmail 1234 invoked by uid 500); 5 Jan 2019 08:00:00 -0000', null, null, null],
    ['', null, null, null],
  ] as const) {
    const hop = parseReceived(written);
    assert.deepEqual([hop.from, hop.by, hop.ip], [from, by, ip], written);
  }
  assert.equal(publicIpIn('[203.0.113.7]'), '203.0.113.7');
  assert.equal(publicIpIn('version 4.2.0.58.2 and 999.1.1.1 and 10:20:30'), null);
  for (const ip of [
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '127.0.0.1',
    '100.64.0.1',
    '169.254.1.1',
    '::1',
    'fe80::1',
    'fd00::1',
  ]) {
    assert.equal(isPublicIp(ip), false, ip);
  }
  for (const ip of ['9.9.9.9', '172.32.0.1', '100.128.0.1', '2001:db8::1'])
    assert.equal(isPublicIp(ip), true, ip);
});

test('header lines', () => {
  const read = (text: string) => {
    const bytes = Buffer.from(text, 'latin1');
    const header = parseHeader(bytes, 0, bytes.length);
    return { header, rest: text.slice(header.bodyStart) };
  };
  const folded = read('Subject: a\r\n b\r\n\tc\r\nX : d\r\nSUBJECT: e\r\n\r\nbody');
  assert.equal(folded.header.raw('subject'), 'a b\tc');
  assert.deepEqual(folded.header.all('subject'), ['a b\tc', 'e']);
  assert.equal(folded.header.raw('x'), 'd');
  assert.equal(folded.rest, 'body');
  assert.equal(read('A: 1\nno field here\nB: 2\n\nbody').header.raw('b'), '2');
  assert.equal(read('A: 1\nThis is the body.\nIt goes on.\n').rest, 'This is the body.\nIt goes on.\n');
  assert.equal(read('A: 1\n').rest, '');
  assert.equal(read('\nbody').rest, 'body');
});
