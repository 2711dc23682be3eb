import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { Records } from '../../src/evidence/records.ts';
import { type Row, rowsOf } from '../../src/evidence/rows.ts';
import { decodeCharset } from '../../src/intake/mail/charsets.ts';
import { contentOf, parseMail } from '../../src/intake/mail/message.ts';
import type { Part } from '../../src/intake/mail/parts.ts';
import { emlReader } from '../../src/intake/readers/eml.ts';
import { mboxReader } from '../../src/intake/readers/mbox.ts';
import { corpora, corporaMissing } from '../support/corpora.ts';
import { inputOf, type ReadResult, readAll } from '../support/read.ts';

const folder = path.join(corpora, 'mail');
const bytesOf = (...names: string[]) => new Uint8Array(fs.readFileSync(path.join(folder, ...names)));
const counts = () => JSON.parse(fs.readFileSync(path.join(corpora, 'expected_counts.json'), 'utf8'));
const idsOf = (result: ReadResult) => (result.rows.message ?? []).map((row) => String(row.native_id));

/** Message-IDs as a plain text search finds them: unfolded, between angle brackets, in header blocks. */
function headerIds(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString('latin1').replace(/\r/g, '');
  const header = text.slice(0, (text.indexOf('\n\n') + 1 || text.length) - 1).replace(/\n[ \t]+/g, ' ');
  const field = /^message-id:\s*(.*)$/im.exec(header)?.[1];
  if (field === undefined) return [];
  const id = (/<([^>]*)>/.exec(field)?.[1] ?? field).replace(/\s/g, '');
  return id === '' ? [] : [id];
}

test('every list mailbox has the messages it is known to have', { skip: corporaMissing }, async () => {
  const known = Object.entries(counts()).filter(([name]) => name.startsWith('mail/mbox_ponymail/'));
  assert.equal(known.length, 18);
  for (const [name, expected] of known as [string, Record<string, number>][]) {
    const bytes = bytesOf(name.slice('mail/'.length));
    assert.ok(mboxReader.sniff(bytes.subarray(0, 65_536), '') > 0.9, name);
    assert.equal(emlReader.sniff(bytes.subarray(0, 65_536), ''), 0, name);
    const result = await readAll(mboxReader, bytes);
    assert.equal(result.rows.message!.length, expected.from_lines, name);
    assert.equal(result.tallies[0]!.rows, expected.from_lines, name);
    assert.equal(new Set(idsOf(result)).size, expected.message_id_headers_distinct, name);
    assert.equal(result.warnings, 0, name);
    const text = Buffer.from(bytes).toString('latin1');
    for (const row of result.rows.message!)
      assert.ok(text.startsWith('From', Number(row.source_offset)), name);
  }
});

interface Expected {
  readonly file: string;
  readonly id: string;
  readonly bodyHash: string;
  readonly attachments: { name: string; sha256: string; size: number; type: string }[];
}

/** Just enough of YAML for the archive's own answers. */
function readExpected(name: string): Expected[] {
  const items: Expected[] = [];
  let file = '';
  let item: { file: string; id: string; bodyHash: string; attachments: Expected['attachments'] } | null =
    null;
  for (const line of fs
    .readFileSync(path.join(folder, 'mbox_ponymail', 'expected', name), 'utf8')
    .split('\n')) {
    const [, key, value] = /^\s*(?:- )?([\w-]+(?:\/\S+)?): ?'?(.*?)'?$/.exec(line) ?? [];
    if (key?.startsWith('corpus/')) file = key.slice('corpus/'.length);
    else if (key === 'index') items.push((item = { file, id: '', bodyHash: '', attachments: [] }));
    else if (item === null || value === undefined) continue;
    else if (key === 'message-id') item.id = value.replace(/^<|>$/g, '');
    else if (key === 'body_sha3_256') item.bodyHash = value;
    else if (key === 'content_type') item.attachments.push({ type: value, name: '', sha256: '', size: 0 });
    else if (key === 'filename') item.attachments.at(-1)!.name = value;
    else if (key === 'hash') item.attachments.at(-1)!.sha256 = value;
    else if (key === 'size') item.attachments.at(-1)!.size = Number(value);
  }
  return items;
}

test('bodies and attachments are those another archive found', { skip: corporaMissing }, async () => {
  const { createHash } = await import('node:crypto');
  const sha3 = (text: string) => createHash('sha3-256').update(text).digest('hex');
  const results = new Map<string, ReadResult>();
  const found = { messages: 0, bodies: 0, attachments: 0 };
  for (const name of [
    'parsing-users-httpd-2020-07.yaml',
    'parsing-users-httpd-2020-07_asf.yaml',
    'parsing-commits-ponymail-2016-06.yaml',
    'pars-asterix-dev-201709-mailarchivesao.yaml',
  ]) {
    for (const expected of readExpected(name)) {
      let result = results.get(expected.file);
      if (!result) {
        result = await readAll(mboxReader, bytesOf('mbox_ponymail', expected.file));
        results.set(expected.file, result);
      }
      const row = result.rows.message!.find((each) => each.native_id === expected.id);
      assert.ok(row, expected.id);
      found.messages++;
      const body = String(row.body ?? '');
      // The other archive keeps CRLF where an encoded text has it.
      if ([sha3(body), sha3(body.replaceAll('\n', '\r\n'))].includes(expected.bodyHash)) found.bodies++;
      for (const attachment of expected.attachments) {
        const file: Row | undefined = (result.rows.file ?? []).find(
          (each) => each.message === row.message && each.sha256 === attachment.sha256,
        );
        assert.ok(file, `${expected.id} ${attachment.name}`);
        assert.deepEqual(
          [file.name, file.size, file.media_type],
          [attachment.name, attachment.size, attachment.type],
        );
        found.attachments++;
      }
    }
  }
  // Two texts are format=flowed, which the other archive wraps anew and Waymark leaves as it was sent.
  assert.deepEqual(found, { messages: 351, bodies: 349, attachments: 14 });
});

async function spamAssassinMails(): Promise<Uint8Array[]> {
  const extract = tar.extract();
  const files: Uint8Array[] = [];
  extract.end(gunzipSync(bytesOf('spamassassin_easy_ham_1.tar.gz')));
  for await (const entry of extract) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(piece as Buffer);
    if (entry.header.type === 'file') files.push(new Uint8Array(Buffer.concat(pieces)));
  }
  return files;
}

test('2,405 single mails are all claimed and read, with the same ids', { skip: corporaMissing }, async () => {
  const mails = await spamAssassinMails();
  assert.equal(mails.length, counts()['mail/spamassassin_easy_ham_1.tar.gz'].messages);
  const wanted = new Set<string>();
  // One set of records for all: making one for each small file would be most of the time.
  const found: Record<'mbox' | 'mail', string[]> = { mbox: [], mail: [] };
  const collect = (ids: string[]) =>
    new Records('', (batch) => {
      if (batch.table === 'message') for (const row of rowsOf(batch)) ids.push(String(row.native_id));
    });
  const claimed = collect(found.mbox);
  const alone = collect(found.mail);
  for (const bytes of mails) {
    const claims = [mboxReader, emlReader].filter(
      (reader) => reader.sniff(bytes.subarray(0, 65_536), '') > 0.5,
    );
    assert.equal(claims.length, 1);
    await claims[0]!.read(inputOf(bytes), claimed);
    await emlReader.read(inputOf(bytes), alone);
    for (const id of headerIds(bytes)) wanted.add(id);
  }
  assert.equal(claimed.finish().tallies[0]!.read, 2405);
  assert.equal(alone.finish().tallies[0]!.read, 2405);
  const stated = new Set(found.mbox.filter((id) => !id.startsWith('sha256:')));
  assert.deepEqual([...stated].sort(), [...wanted].sort());
  assert.deepEqual(found.mail, found.mbox);
});

const flat = (part: Part): Part[] => [part, ...part.parts.flatMap(flat)];
const trimmed = (text: string | null | undefined) =>
  (text ?? '').replaceAll('\r\n', '\n').replace(/[\s\0]+$/, '');

interface Mailboxes {
  readonly name: string | null;
  readonly address: string | null;
}

/** The other parser's answer, as far as it is compared. */
interface Answer {
  readonly text_body: number[];
  readonly html_body: number[];
  readonly attachments: number[];
  readonly parts: {
    readonly headers: {
      readonly name: unknown;
      readonly value: {
        readonly Text?: string;
        readonly Address?: { readonly List?: Mailboxes[]; readonly Group?: { addresses: Mailboxes[] }[] };
        readonly DateTime?: Record<
          'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'tz_hour' | 'tz_minute',
          number
        > & {
          readonly tz_before_gmt: boolean;
        };
      };
    }[];
    readonly body: {
      readonly Text?: string;
      readonly Html?: string;
      readonly Binary?: number[];
      readonly InlineBinary?: number[];
    };
    readonly offset_header: number;
    readonly offset_body: number;
    readonly offset_end: number;
  }[];
}

/** What differs from another parser's answer for one mail, by subject. */
function differences(bytes: Buffer, answer: Answer): string[] {
  const mail = parseMail(bytes, 0, bytes.length);
  const parts = flat(mail.root);
  const out = new Set<string>();
  const field = (name: string) => answer.parts[0]!.headers.filter((each) => each.name === name).at(-1)?.value;
  if (trimmed(field('subject')?.Text) !== trimmed(mail.subject)) out.add('subject');
  for (const name of ['from', 'to'] as const) {
    const stated = field(name)?.Address;
    const list = stated?.List ?? stated?.Group?.flatMap((group) => group.addresses) ?? [];
    const expected = list.map((each) => [each.name ?? null, each.address ?? null]);
    if (JSON.stringify(expected) !== JSON.stringify(mail[name].map((each) => [each.name, each.address])))
      out.add(name);
  }
  const date = field('date')?.DateTime;
  if (date) {
    const offset = (date.tz_before_gmt ? -1 : 1) * (date.tz_hour * 60 + date.tz_minute);
    const local = Date.UTC(date.year, date.month - 1, date.day, date.hour, date.minute, date.second);
    if ((local - offset * 60_000) * 1000 !== mail.date?.micros) out.add('date');
  }
  if (field('message_id') && field('message_id')?.Text !== mail.id) out.add('id');
  if (parts.length !== answer.parts.length) return [...out, 'parts'];
  for (const [index, expected] of answer.parts.entries()) {
    const part = parts[index]!;
    const places = [expected.offset_header, expected.offset_body, expected.offset_end];
    if (JSON.stringify(places) !== JSON.stringify([part.start, part.bodyStart, part.end])) out.add('offsets');
    const content = Buffer.from(contentOf(bytes, part, false, []));
    const binary = expected.body.Binary ?? expected.body.InlineBinary;
    if (binary && !Buffer.from(binary).equals(content)) out.add('content');
    const text = expected.body.Text ?? expected.body.Html;
    if (text !== undefined && trimmed(text) !== trimmed(decodeCharset(content, part.charset).text))
      out.add('text');
  }
  for (const [name, list] of [
    ['text_body', mail.bodies.text],
    ['html_body', mail.bodies.html],
    ['attachments', mail.bodies.attachments],
  ] as const) {
    if (JSON.stringify(answer[name]) !== JSON.stringify(list.map((part) => parts.indexOf(part))))
      out.add(name);
  }
  return [...out];
}

test('64 nasty mails are taken apart as another parser does, byte for byte', { skip: corporaMissing }, () => {
  const found: Record<string, string[]> = {};
  let same = 0;
  for (const kind of ['legacy', 'rfc']) {
    const files = fs
      .readdirSync(path.join(folder, 'eml_stalwart', 'eml', kind))
      .filter((name) => name.endsWith('.eml'));
    for (const file of files.sort()) {
      const text = Buffer.from(bytesOf('eml_stalwart', 'eml', kind, file)).toString('latin1');
      const lf = Buffer.from(text.replaceAll('\r', ''), 'latin1');
      const crlf = Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'latin1');
      const answer = (suffix: string): Answer =>
        JSON.parse(
          Buffer.from(bytesOf('eml_stalwart', 'eml', kind, file.replace('.eml', suffix))).toString('utf8'),
        );
      const differs = differences(lf, answer('.json'));
      assert.deepEqual(differences(crlf, answer('.crlf.json')), differs, `${kind}/${file} with CRLF`);
      if (differs.length === 0) same++;
      else found[`${kind}/${file}`] = differs;
    }
  }
  // Raw 8-bit headers and texts: Waymark reads them as Windows-1252, the other as U+FFFD.
  const eightBit = ['010', '020', '022', '027', '033', '052'].map((name) => `legacy/${name}.eml`);
  for (const name of eightBit)
    assert.ok(
      found[name]!.every((what) => ['subject', 'to', 'text'].includes(what)),
      name,
    );
  // uuencode as a transfer encoding: Waymark decodes it, the other does not.
  assert.deepEqual(found['legacy/017.eml'], ['to', 'content']);
  assert.deepEqual(found['legacy/026.eml'], ['text']);
  assert.deepEqual(found['legacy/048.eml'], ['content']);
  // Two parts whose base64 is none: the other takes them for text and so no longer shows them.
  assert.deepEqual(found['rfc/000.eml'], ['text_body', 'html_body']);
  assert.equal(same, 54);
  assert.equal(Object.keys(found).length, 10);
});

test('Maildirs and broken single mails are all read', { skip: corporaMissing }, async () => {
  const files = fs
    .readdirSync(path.join(folder, 'notmuch'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README');
  assert.equal(files.length, 61);
  for (const file of files) {
    const bytes = new Uint8Array(fs.readFileSync(path.join(file.parentPath, file.name)));
    assert.ok(emlReader.sniff(bytes.subarray(0, 65_536), file.name) > 0.5, file.name);
    const { rows, tallies } = await readAll(emlReader, bytes, { name: file.name });
    assert.deepEqual(tallies, [{ unit: 'messages', rows: 1, read: 1, skipped: {} }], file.name);
    const wanted = headerIds(bytes)[0];
    if (wanted !== undefined) assert.equal(rows.message![0]!.native_id, wanted, file.name);
  }
});

test('other exhibits are not taken for mail', { skip: corporaMissing }, () => {
  let seen = 0;
  for (const entry of fs.readdirSync(corpora, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || path.relative(corpora, file).startsWith(`mail${path.sep}`)) continue;
    const head = Buffer.alloc(65_536);
    const handle = fs.openSync(file, 'r');
    const length = fs.readSync(handle, head, 0, head.length, 0);
    fs.closeSync(handle);
    seen++;
    for (const reader of [mboxReader, emlReader]) {
      assert.equal(reader.sniff(head.subarray(0, length), entry.name), 0, `${reader.name}: ${file}`);
    }
  }
  assert.ok(seen > 100);
});
