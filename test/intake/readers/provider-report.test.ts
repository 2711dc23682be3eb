import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { providerReportReader } from '../../../src/intake/readers/provider-report.ts';
import { readers } from '../../../src/intake/readers.ts';
import { assertGolden, goldenText } from '../../support/golden.ts';
import { assertCountsAddUp, type ReadResult, readAll, readAtEverySeam } from '../../support/read.ts';

const fixture = path.join(import.meta.dirname, '..', '..', 'fixtures', 'provider-report', 'reports.xml');
const batch = new Uint8Array(fs.readFileSync(fixture));
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

function assertSound(result: ReadResult, bytes: Uint8Array): void {
  assertCountsAddUp(result);
  for (const rows of Object.values(result.rows)) {
    for (const row of rows) assert.ok(Number(row.source_offset) + Number(row.source_length) <= bytes.length);
  }
}

test('a batch of reports with everything a report may hold', async () => {
  const result = await readAtEverySeam(providerReportReader, batch);
  assertSound(result, batch);
  for (const row of result.rows.file!) {
    const at = Number(row.source_offset);
    const source = Buffer.from(batch.subarray(at, at + Number(row.source_length))).toString();
    assert.match(source, /^<fileDetails>[\s\S]*<\/fileDetails>$/);
    assert.ok(source.includes(`>${row.name}<`));
  }
  assertGolden('provider-report/reports.jsonl', goldenText(result));
});

const report = (inner: string, around = '') =>
  `<envelope number="77">${around}<report><incidentSummary><incidentType>Misleading Domain Name</incidentType><incidentDateTime>2021-03-06T14:00:00Z</incidentDateTime></incidentSummary><reporter><reportingPerson><email>desk@garden.example</email></reportingPerson></reporter>${inner}</report></envelope>`;

test('what is no report is not claimed, and a report by no other reader', () => {
  for (const bytes of [batch, bytesOf(report('<personOrUserReported/>'))]) {
    for (const reader of readers) {
      const sure = reader.sniff(bytes.subarray(0, 65_536), 'x.xml');
      assert.ok(reader === providerReportReader ? sure > 0.9 : sure < 0.5, `${reader.name} ${sure}`);
    }
  }
  for (const text of [
    '',
    '<',
    '<report></report>',
    '<project name="x"><report><row/></report></project>',
    '<html><body>incidentSummary personOrUserReported</body></html>',
    '{"report": "<incidentSummary>"}',
    'report <incidentSummary> <personOrUserReported>',
  ]) {
    assert.equal(providerReportReader.sniff(bytesOf(text), 'report.xml'), 0, text);
  }
});

test('the account: identifier, else screen name, else the report', async () => {
  const of = async (inner: string) =>
    (
      await readAll(
        providerReportReader,
        bytesOf(report(`<personOrUserReported>${inner}</personOrUserReported>`)),
      )
    ).rows.event![0]!.account;
  assert.equal(
    await of('<screenName>b</screenName><espIdentifier>a/b</espIdentifier>'),
    'garden.example/a/b',
  );
  assert.equal(await of('<screenName>b</screenName>'), 'garden.example/b');
  assert.equal(await of('<profileUrl>https://a.example/</profileUrl>'), 'garden.example/report 77');
  assert.equal(await of(''), null);
});

test('a victim is never the one reported', async () => {
  const inner =
    '<personOrUserReported><espIdentifier>a</espIdentifier></personOrUserReported><victim><espIdentifier>v</espIdentifier></victim>';
  const { rows } = await readAll(providerReportReader, bytesOf(report(inner)));
  assert.deepEqual(
    rows.event!.map((row) => [row.action, row.account]),
    [['provider report', 'garden.example/a']],
  );
  assert.deepEqual(
    rows.account!.map((row) => [row.account, row.status]),
    [
      ['garden.example/a', 'reported'],
      ['garden.example/v', 'victim'],
    ],
  );
});

test('a file goes to the report that it names, and to no other', async () => {
  const file = (name: string, id: string) =>
    `<fileDetails>${id && `<reportId>${id}</reportId>`}<originalFileName>${name}</originalFileName><originalFileHash hashType="MD5">${'a'.repeat(32)}</originalFileHash></fileDetails>`;
  const one = (id: string, account: string) =>
    `<report><reportId>${id}</reportId><personOrUserReported><espIdentifier>${account}</espIdentifier></personOrUserReported></report>`;
  const text = `<all>${file('late', '2')}${one('1', 'a')}${file('plain', '')}${one('2', 'b')}${file('back', '1')}${file('none', '3')}</all>`;
  const { rows, tallies } = await readAtEverySeam(providerReportReader, bytesOf(text));
  assert.deepEqual(Object.fromEntries(rows.file!.map((row) => [row.name, row.account])), {
    late: 'provider/b',
    plain: 'provider/a',
    back: 'provider/a',
    none: null,
  });
  assert.deepEqual(tallies.map(({ unit, rows: count }) => [unit, count]).sort(), [
    ['files', 4],
    ['reports', 2],
  ]);
});

test('a thousand million laughs are not told', async () => {
  const entities = Array.from({ length: 40 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join(
    '',
  );
  const inner = '<personOrUserReported><espIdentifier>&l40;</espIdentifier></personOrUserReported>';
  const text = `<!DOCTYPE envelope [<!ENTITY l0 "tea"><!ENTITY file SYSTEM "file:///nowhere">${entities}]>${report(inner)}`;
  const { rows } = await readAtEverySeam(providerReportReader, bytesOf(text), [7, 100_000]);
  assert.equal(rows.account![0]!.native_id, '&l40;');
  assert.deepEqual(rows.warning!.map((row) => row.code).sort(), ['xml-doctype', 'xml-entity']);
});

test('a report of a great many parts is read as far as is kept, and that is said', async () => {
  const capture = '<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress></ipCaptureEvent>';
  const person = `<personOrUserReported><espIdentifier>a</espIdentifier>${capture.repeat(120_000)}</personOrUserReported>`;
  const result = await readAll(providerReportReader, bytesOf(report(person)));
  assert.ok(result.rows.sighting!.length > 90_000 && result.rows.sighting!.length < 120_000);
  assert.ok(result.rows.warning!.some((row) => row.code === 'xml-elements'));
});

test('a cut file keeps what was said before the cut', async () => {
  for (let cut = 0; cut < batch.length; cut += 97) {
    const bytes = batch.slice(0, cut);
    const result = await readAtEverySeam(providerReportReader, bytes, [31, 1_000_000]);
    assertSound(result, bytes);
    if (cut > 200) assert.ok(result.rows.warning!.some((row) => row.code === 'xml-truncated'));
  }
});

test('any mutation: nothing thrown, counts add up, the same at every seam', async () => {
  const put = fc.oneof(
    fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('<', '>', '</report>', '<report>', '<![CDATA[', '<!--', '"', '&', '</', '<fileDetails>')
      .map((text) => Buffer.from(text)),
  );
  const change = fc.record({ at: fc.nat(batch.length - 1), remove: fc.nat(80), put });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      let bytes: Buffer = Buffer.from(batch);
      for (const { at, remove, put: added } of changes) {
        bytes = Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + remove)]);
      }
      assertSound(await readAtEverySeam(providerReportReader, new Uint8Array(bytes), [13, 1_000_000]), bytes);
    }),
    { seed: 31, numRuns: 150 },
  );
});
