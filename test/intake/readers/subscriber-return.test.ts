import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatMicros } from '../../../src/base/time.ts';
import { canonicalAddress } from '../../../src/intake/readers/subscriber-return/answers.ts';
import { returnTime } from '../../../src/intake/readers/subscriber-return/times.ts';
import { subscriberReturnReader } from '../../../src/intake/readers/subscriber-return.ts';
import { readers } from '../../../src/intake/readers.ts';
import { assertGolden, goldenText } from '../../support/golden.ts';
import { assertCountsAddUp, type ReadResult, readAll, readAtEverySeam } from '../../support/read.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'fixtures', 'subscriber-return');
const names = ['leases', 'customers', 'ports', 'corrections'];
const fixture = (name: string) => new Uint8Array(fs.readFileSync(path.join(folder, `${name}.csv`)));
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

/** Rows equal read plus skipped, and every row points at one whole line. */
function assertSound(result: ReadResult, bytes: Uint8Array): void {
  assertCountsAddUp(result);
  for (const row of [...(result.rows.sighting ?? []), ...(result.rows.event ?? [])]) {
    const [at, length] = [Number(row.source_offset), Number(row.source_length)];
    assert.ok(at === 0 || bytes[at - 1] === 10 || bytes[2] === 0xbf || bytes[at - 1] === 13);
    assert.ok(at + length === bytes.length || bytes[at + length] === 10 || bytes[at + length] === 13);
  }
}

for (const name of names) {
  test(`${name}: every row is accounted for`, async () => {
    const bytes = fixture(name);
    const result = await readAtEverySeam(subscriberReturnReader, bytes);
    assertSound(result, bytes);
    assertGolden(`subscriber-return/${name}.jsonl`, goldenText(result));
  });
}

test('returns are claimed by this reader and surely by no other', () => {
  for (const name of names) {
    for (const reader of readers) {
      const sure = reader.sniff(fixture(name).subarray(0, 65_536), 'x.csv');
      assert.ok(
        reader === subscriberReturnReader ? sure === 0.95 : sure < 0.5,
        `${name} ${reader.name} ${sure}`,
      );
    }
  }
});

test('other tables are not claimed', () => {
  for (const text of [
    '',
    'a,b\n1,2\n',
    'service,native_id,fact,reference,officer,entered_at\n',
    'md5,sha1,category\n',
    'SHA-1,MD5,CRC32,FileName,FileSize,ProductCode,OpSystemCode,SpecialCode\n',
    'rec_id,given_name,surname,street_number,address_1,suburb,postcode,state,date_of_birth\n',
    'name,email,phone,dob\nIda,ida@post.example,1,1970-01-01\n',
    'ip,time,username,status\n',
    'ip,time,name\n',
    'customer,ip,timestamp,total\n',
    'ip,subscriber,phone\n',
    '198.51.100.7;2021-01-06T08:00:00Z;;T-1;a@b.example\n',
  ]) {
    assert.equal(subscriberReturnReader.sniff(bytesOf(text), 'return.csv'), 0, text);
  }
});

test('where the line is and where the bill goes stay apart', async () => {
  const { rows } = await readAll(subscriberReturnReader, fixture('customers'));
  const places = rows.sighting!.filter(
    (row) => row.selector === 'place' && String(row.account).endsWith('/C-1'),
  );
  assert.deepEqual(
    places.map((row) => [row.context, row.raw]),
    [
      ['installation address', '1 Invented Lane, GB'],
      ['billing address', '2 Other Street, GB'],
      ['installation address', '3 Invented Lane, GB'],
    ],
  );
});

test('times: only with a zone, beside the time or in the name of the column', () => {
  const told = (text: string, utc = false) => {
    const { stamp, trouble } = returnTime(text, utc);
    return [stamp?.micros == null ? null : formatMicros(stamp.micros), trouble];
  };
  assert.deepEqual(told('2021-03-01T10:00:00Z'), ['2021-03-01T10:00:00Z', null]);
  assert.deepEqual(told('2021-03-01 10:00', true), ['2021-03-01T10:00:00Z', null]);
  assert.deepEqual(told('2021-03-01 10:00'), [null, 'no zone']);
  assert.deepEqual(told('2021-03-01T10:00:00+02:00', true), [null, 'two zones']);
  assert.deepEqual(told('2021-03-01T10:00:00+00:00', true), ['2021-03-01T10:00:00Z', null]);
  assert.deepEqual(told('1.3.2021 9:05:06 GMT'), ['2021-03-01T09:05:06Z', null]);
  assert.deepEqual(told('01.03.2021, 09:05'), [null, 'no zone']);
  assert.deepEqual(told('01.03.2021 09:05 CET'), [null, 'no time']);
  assert.deepEqual(told('03/01/2021 09:05', true), [null, 'no time']);
  assert.deepEqual(told('31.02.2021 09:05 UTC'), [null, 'no time']);
  assert.deepEqual(told(''), [null, null]);
});

test('addresses and networks', () => {
  assert.equal(canonicalAddress('2001:0DB8:0:1d::/64'), '2001:db8:0:1d::/64');
  assert.equal(canonicalAddress('192.0.2.1/32'), '192.0.2.1');
  assert.equal(canonicalAddress('192.0.2.0/24'), '192.0.2.0/24');
  for (const text of ['192.0.2.0/33', 'x/64', '2001:db8::/129', '2001:db8::/64/64', ''])
    assert.equal(canonicalAddress(text), null, text);
});

test('a file without a header of a return is counted line by line', async () => {
  const { tallies, rows } = await readAll(subscriberReturnReader, bytesOf('a,b,c\n1,2,3\n\n'));
  assert.deepEqual(tallies, [
    { unit: 'answers', rows: 3, read: 0, skipped: { 'no header': 2, 'blank line': 1 } },
  ]);
  assert.deepEqual(
    rows.warning!.map((row) => row.code),
    ['return-header'],
  );
});

test('any mutation: nothing thrown, counts add up, the same at every seam', async () => {
  const put = fc.oneof(
    fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom('"', ';', ',', '\n', '\r\n', '""', '\0').map((text) => Buffer.from(text)),
  );
  const change = fc.record({ at: fc.nat(10_000), remove: fc.nat(40), put });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      async (name, changes) => {
        let bytes: Buffer = Buffer.from(fixture(name));
        for (const { at, remove, put: added } of changes) {
          const from = at % bytes.length;
          bytes = Buffer.concat([bytes.subarray(0, from), added, bytes.subarray(from + remove)]);
        }
        assertSound(
          await readAtEverySeam(subscriberReturnReader, new Uint8Array(bytes), [13, 1_000_000]),
          bytes,
        );
      },
    ),
    { seed: 41, numRuns: 200 },
  );
});

test('whatever values a table has, every row of it is told', async () => {
  const cell = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/\0/g, ''));
  const row = fc.tuple(fc.ipV4(), cell, cell, fc.stringMatching(/^[A-Z]-\d{1,6}$/), cell);
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async (rows) => {
      const quoted = rows.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(';'));
      const bytes = bytesOf(['IP;Von/From;Bis/To;Subscriber;Contact', ...quoted].join('\r\n'));
      const result = await readAtEverySeam(subscriberReturnReader, bytes, [5, 1_000_000]);
      const { read } = result.tallies.find(({ unit }) => unit === 'answers')!;
      assert.equal(read, rows.length);
      assert.equal(result.rows.event!.length, rows.length);
      assert.deepEqual(
        result.rows.event!.map((event) => [event.ip, String(event.account).split('/').at(-1)]),
        rows.map(([ip, , , subscriber]) => [ip, subscriber]),
      );
    }),
    { seed: 42, numRuns: 100 },
  );
});
