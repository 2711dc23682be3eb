import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { chatExportReader } from '../../../src/intake/readers/chat-export.ts';
import { readers } from '../../../src/intake/readers.ts';
import { assertGolden, goldenText } from '../../support/golden.ts';
import { assertCountsAddUp, type ReadResult, readAll, readAtEverySeam } from '../../support/read.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'fixtures', 'chat-export');
const club = new Uint8Array(fs.readFileSync(path.join(folder, 'club.json')));
const direct = new Uint8Array(fs.readFileSync(path.join(folder, 'direct.json')));

/** Rows equal read plus skipped, and every message points at an object with its own id. */
function assertSound(result: ReadResult, bytes: Uint8Array): void {
  assertCountsAddUp(result);
  for (const row of result.rows.message ?? []) {
    const at = Number(row.source_offset);
    const text = Buffer.from(bytes.subarray(at, at + Number(row.source_length))).toString('latin1');
    assert.equal(text[0], '{');
    assert.equal(text.at(-1), '}');
  }
}

test('a channel of a guild', async () => {
  const result = await readAtEverySeam(chatExportReader, club);
  assertSound(result, club);
  for (const row of result.rows.message!) {
    const at = Number(row.source_offset);
    const source = JSON.parse(Buffer.from(club.subarray(at, at + Number(row.source_length))).toString());
    assert.equal(source.id, row.native_id);
  }
  assertGolden('chat-export/club.jsonl', goldenText(result));
});

test('a direct channel: everyone else who writes is addressed', async () => {
  const result = await readAtEverySeam(chatExportReader, direct);
  assert.equal(result.warnings, 0);
  assertGolden('chat-export/direct.jsonl', goldenText(result));
});

test('only chat exports are claimed, and by no other reader more surely', () => {
  for (const bytes of [club, direct]) {
    for (const reader of readers) {
      const sure = reader.sniff(bytes.subarray(0, 65_536), 'x.json');
      assert.ok(reader === chatExportReader ? sure > 0.9 : sure < 0.5, `${reader.name} ${sure}`);
    }
  }
  for (const text of [
    '',
    '{',
    '[]',
    '{"messages": []}',
    '{"messages": [{"text": "tea"}]}',
    '{"value": [{"MediaID": 1}]}',
    '"guild": {} "channel": {} "messages": [',
  ]) {
    assert.equal(chatExportReader.sniff(Buffer.from(text), 'x.json'), 0, text);
  }
});

const chat = (messages: unknown[], type = 'DirectTextChat') => ({
  guild: { id: '0', name: 'Direct Messages' },
  channel: { id: '5', type, name: 'tea' },
  messages,
  messageCount: messages.length,
});
const line = (id: number, author: string, more: object = {}) => ({
  id: String(id),
  type: 'Default',
  timestamp: '2021-04-01T10:00:00.000+00:00',
  content: 'a cup of tea',
  author: { id: author, name: `name${author}`, discriminator: '0000', isBot: false },
  ...more,
});
const bytesOf = (value: unknown, indent = 0) =>
  new Uint8Array(Buffer.from(JSON.stringify(value, null, indent)));

for (const indent of [0, 2]) {
  test(`damage inside one message costs that message alone (indent ${indent})`, async () => {
    const messages = [1, 2, 3, 4].map((id) => line(id, String(id % 2)));
    const text = JSON.stringify(chat(messages), null, indent);
    const second = text.indexOf('name0');
    for (const broken of [
      `${text.slice(0, second)}\n${text.slice(second)}`,
      `${text.slice(0, second)}"${text.slice(second)}`,
      `${text.slice(0, second)}\\${text.slice(second + 8)}`,
      `${text.slice(0, second)}${text.slice(text.indexOf('}', second) + 2)}`,
      `${text.slice(0, second)}${text.slice(text.indexOf('}', second) - 3)}`,
    ]) {
      const bytes = new Uint8Array(Buffer.from(broken));
      const result = await readAtEverySeam(chatExportReader, bytes, [1, 50, 100_000]);
      assertSound(result, bytes);
      assert.deepEqual(
        result.rows.message!.map((row) => row.native_id).filter((id) => id !== '2'),
        ['1', '3', '4'],
      );
      assert.equal(result.tallies[0]!.rows, 4);
      assert.ok(result.warnings > 0);
    }
  });
}

test('a cut file keeps every whole message and says where it ends', async () => {
  const whole = await readAll(chatExportReader, club);
  for (const cut of [900, 1500, 2600, 3100, club.length - 30]) {
    const bytes = club.slice(0, cut);
    const result = await readAtEverySeam(chatExportReader, bytes, [7, 100_000]);
    assertSound(result, bytes);
    const ended = whole.rows.message!.filter(
      (row) => Number(row.source_offset) + Number(row.source_length) <= cut,
    );
    assert.equal(result.rows.message?.length ?? 0, ended.length, String(cut));
    assert.ok(result.rows.warning!.some((row) => row.code === 'chat-damaged'));
  }
});

test('with one writer nobody is addressed, and that is said', async () => {
  const { rows } = await readAll(chatExportReader, bytesOf(chat([line(1, '7'), line(2, '7')])));
  assert.equal(rows.relation, undefined);
  assert.deepEqual(
    rows.warning!.map((row) => row.code),
    ['chat-recipients'],
  );
});

test('a direct channel of a crowd addresses nobody, at every seam alike', async () => {
  const messages = Array.from({ length: 60 }, (_, id) => line(id, String(id)));
  const result = await readAtEverySeam(chatExportReader, bytesOf(chat(messages)), [11, 997, 1_000_000]);
  assert.equal(result.rows.relation, undefined);
  assert.ok(result.rows.warning!.some((row) => row.code === 'chat-participants'));
  const { channel, ...rest } = chat(messages);
  const late = await readAtEverySeam(chatExportReader, bytesOf({ ...rest, channel }), [11, 997, 1_000_000]);
  assert.ok(late.rows.warning!.some((row) => row.code === 'chat-participants'));
});

test('of two names of an account the older is its former name, whatever their order', async () => {
  const author = (name: string) => ({ author: { id: '7', name, nickname: name } });
  const early = line(1, '7', { ...author('bicycle'), timestamp: '2020-01-01T00:00:00+00:00' });
  const late = line(2, '7', { ...author('tandem'), timestamp: '2021-01-01T00:00:00+00:00' });
  for (const messages of [
    [early, late],
    [late, early],
  ]) {
    const { rows } = await readAll(chatExportReader, bytesOf(chat(messages, 'GuildTextChat')));
    const former = rows.sighting!.filter((row) => row.context === 'former name');
    assert.deepEqual(
      former.map((row) => row.raw),
      ['bicycle'],
    );
    assert.equal(former[0]!.time_text, '2020-01-01T00:00:00+00:00');
    assert.equal(rows.account!.length, 1);
  }
});

test('keys that would reach prototypes are dropped', async () => {
  const text = JSON.stringify(chat([line(1, '7'), line(2, '8')])).replace(
    '"content"',
    '"__proto__":{"isPinned":true},"content"',
  );
  const { rows } = await readAll(chatExportReader, new Uint8Array(Buffer.from(text)));
  assert.equal(rows.message!.length, 2);
  assert.equal(rows.message![0]!.attributes, null);
});

test('any mutation: nothing thrown, counts add up, the same at every seam', async () => {
  const change = fc.record({
    at: fc.nat(club.length - 1),
    remove: fc.nat(60),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc.constantFrom('{', '}', ']', '"', '\\', '{"id":"1","type":1'),
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      let bytes: Buffer = Buffer.from(club);
      for (const { at, remove, put } of changes) {
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(put as string),
          bytes.subarray(at + remove),
        ]);
      }
      const result = await readAtEverySeam(chatExportReader, new Uint8Array(bytes), [13, 1_000_000]);
      assertSound(result, bytes);
    }),
    { seed: 11, numRuns: 150 },
  );
});

test('random JSON values in every place are read without throwing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 5 }), fc.jsonValue(), async (messages, other) => {
      const members = { guild: other, channel: other, messages, messageCount: other };
      assertSound(await readAll(chatExportReader, bytesOf(members)), bytesOf(members));
      const odd = bytesOf(chat([{ ...line(1, '7'), author: other, mentions: other, attachments: [other] }]));
      assertSound(await readAll(chatExportReader, odd), odd);
    }),
    { seed: 12, numRuns: 150 },
  );
});
