/** Chats, provider reports and subscriber returns: the corpora, and the exercise against its answers. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';
import type { Reader } from '../../src/evidence/reader.ts';
import type { Row } from '../../src/evidence/rows.ts';
import { generateExercise } from '../../src/exercise/generate.ts';
import { chatExportReader } from '../../src/intake/readers/chat-export.ts';
import { providerReportReader } from '../../src/intake/readers/provider-report.ts';
import { subscriberReturnReader } from '../../src/intake/readers/subscriber-return.ts';
import { readers } from '../../src/intake/readers.ts';
import { corpora, corporaMissing } from '../support/corpora.ts';
import { type ReadResult, readAll } from '../support/read.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-provider-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));
const exercise = path.join(folder, 'e');
const summary = await generateExercise(exercise, {
  members: 300,
  seed: 5,
  faults: ['late correction'],
});

/** The reader that would get a file: the surest, of equally sure ones the first. */
function readerOf(bytes: Uint8Array, name: string): Reader {
  const sure = readers.map((reader) => reader.sniff(bytes.subarray(0, 65_536), name));
  return readers[sure.indexOf(Math.max(...sure))]!;
}

interface ReadFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly result: ReadResult;
}

/** Every file under a folder whose name fits, which must go to the reader; with its counts checked. */
async function readFiles(reader: Reader, under: string, kind: RegExp): Promise<ReadFile[]> {
  const names = fs
    .readdirSync(under, { recursive: true, encoding: 'utf8' })
    .filter((name) => kind.test(name));
  assert.ok(names.length > 0, String(kind));
  const files: ReadFile[] = [];
  for (const name of names.sort()) {
    const bytes = fs.readFileSync(path.join(under, name));
    assert.equal(readerOf(bytes, path.basename(name)).name, reader.name, name);
    const result = await readAll(reader, bytes, { name: path.basename(name) });
    for (const { rows, read, skipped } of result.tallies) {
      assert.equal(
        rows,
        Object.values(skipped).reduce((sum, count) => sum + count, read),
      );
    }
    files.push({ name, bytes, result });
  }
  return files;
}

const rowsOf = (files: ReadFile[], table: keyof ReadResult['rows']): Row[] =>
  files.flatMap(({ result }) => result.rows[table] ?? []);
const codesOf = (files: ReadFile[]) => rowsOf(files, 'warning').map((row) => row.code);
const truth = (name: string) =>
  fs
    .readFileSync(path.join(exercise, 'truth', name), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
const evidence = path.join(exercise, 'evidence');

test('every chat message of the exercise is read, by the accounts and pairs of the answers', async () => {
  const chats = await readFiles(chatExportReader, evidence, /chat.*\.json$/);
  const messages = rowsOf(chats, 'message');
  assert.equal(messages.length, summary.chatMessages);
  for (const { bytes, result } of chats) {
    const source = JSON.parse(bytes.toString()).messages;
    const rows = result.rows.message!;
    assert.deepEqual(
      rows.map((row) => [row.native_id, row.body, Number(row.time) / 1000]),
      source.map((each: { id: string; content: string; timestamp: string }) => [
        each.id,
        each.content,
        Date.parse(each.timestamp),
      ]),
    );
  }
  const known = new Set(truth('persons.csv').map(([service, id]) => `${service}/${id}`));
  for (const row of rowsOf(chats, 'account')) assert.ok(known.has(String(row.account)), String(row.account));
  const found = new Map<string, number>();
  for (const { relation, from_account: from, to_account: to } of rowsOf(chats, 'relation')) {
    if (relation === 'to') found.set(`${from},${to}`, (found.get(`${from},${to}`) ?? 0) + 1);
  }
  const stated = truth('contacts.csv')
    .filter(([, , channel, , inEvidence]) => channel === 'chat' && inEvidence !== '0')
    .map(([from, to, , , inEvidence]) => [`${from},${to}`, Number(inEvidence)] as const);
  assert.ok(stated.length > 0);
  // Where only one side ever writes, the export does not name the other.
  const told = new Map<string, number>(stated);
  for (const [pair, count] of found) assert.equal(count, told.get(pair), pair);
  const silent = chats.filter(({ result }) =>
    result.rows.warning?.some((row) => row.code === 'chat-recipients'),
  );
  const addressed = [...found.values()].reduce((sum, count) => sum + count, 0);
  const alone = silent.reduce((sum, { result }) => sum + result.rows.message!.length, 0);
  assert.equal(addressed + alone, summary.chatMessages);
});

test('names handed on in private messages are those of the chat accounts', async () => {
  const chats = await readFiles(chatExportReader, evidence, /chat.*\.json$/);
  const named = new Set(
    rowsOf(chats, 'sighting')
      .filter((row) => row.selector === 'messenger')
      .map((row) => row.canonical),
  );
  const handed = truth('hand_offs.csv').filter((cells) => cells[3] === 'chat' && cells.at(-1) === 'yes');
  assert.ok(handed.length > 0);
  for (const cells of handed) assert.ok(named.has(`discord:${cells[5]!.toLowerCase()}`), cells[5]);
});

test('every provider report of the exercise is read, with the accounts, numbers and times of the answers', async () => {
  const reports = await readFiles(providerReportReader, evidence, /reports\/.*\.xml$/);
  assert.deepEqual(codesOf(reports), []);
  const events = rowsOf(reports, 'event').filter((row) => row.action === 'provider report');
  assert.equal(events.length, summary.reports);
  assert.equal(rowsOf(reports, 'file').length, summary.reports);
  const accounts = new Set(events.map((row) => row.account));
  const known = truth('persons.csv').filter(([service]) => service === 'hosting.example');
  assert.ok(known.length > 0);
  for (const [service, id] of known) assert.ok(accounts.has(`${service}/${id}`), id);
  const byTarget = new Map(events.map((row) => [row.target, row]));
  const told = truth('targets.csv').filter((cells) => cells[3] === 'provider report');
  assert.ok(told.length > 0);
  for (const cells of told) {
    const event = byTarget.get(`report ${cells[4]}`);
    assert.equal(event?.time_text, cells[5], cells[4]);
    assert.equal(event?.time, Date.parse(cells[5]!) * 1000);
  }
});

test('every answer of the returns is read, for the subscribers of the answers', async () => {
  const returns = await readFiles(subscriberReturnReader, evidence, /returns\/.*\.csv$/);
  const lines = returns.reduce(
    (sum, { bytes }) => sum + bytes.toString().trimEnd().split('\n').length - 1,
    0,
  );
  assert.equal(rowsOf(returns, 'event').length, lines);
  assert.deepEqual(
    new Set(rowsOf(returns, 'account').map((row) => row.native_id)),
    new Set(truth('subscribers.csv').map(([subscriber]) => subscriber)),
  );
  const missing = truth('return_errors.csv').filter((cells) => cells[2] === 'port missing');
  const warned = returns.flatMap(({ name, bytes, result }) =>
    (result.rows.warning ?? [])
      .filter((row) => row.code === 'port-missing')
      .map((row) => [
        path.basename(name),
        String(bytes.subarray(0, Number(row.source_offset)).toString().split('\n').length),
      ]),
  );
  assert.ok(missing.length > 0);
  assert.deepEqual(warned.sort(), missing.map(([file, line]) => [file, line]).sort());
  const others = codesOf(returns).filter((code) => code !== 'port-missing');
  assert.deepEqual(new Set(others), new Set(['return-provider']));
});

test('a late correction withdraws a report by its number', async () => {
  const files = await readFiles(subscriberReturnReader, evidence, /corrections\.csv$/);
  const reports = await readFiles(providerReportReader, evidence, /reports\/.*\.xml$/);
  const [event] = rowsOf(files, 'event');
  assert.equal(event?.action, 'correction');
  assert.ok(rowsOf(reports, 'event').some((row) => row.target === event?.target));
});

test('nothing of the exercise outside the stored files is left to no reader', () => {
  const left = fs
    .readdirSync(evidence, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('server'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => readerOf(fs.readFileSync(file), path.basename(file)).name === 'stored-file');
  assert.deepEqual(left, []);
});

test('the corpus of reports and its answers', { skip: corporaMissing }, async () => {
  const under = path.join(corpora, 'provider_returns');
  const reports = await readFiles(providerReportReader, under, /\.xml$/);
  const links = JSON.parse(fs.readFileSync(path.join(under, 'truth/links.json'), 'utf8'));
  assert.equal(reports.length, links.length);
  assert.deepEqual(codesOf(reports), []);
  for (const { file, service_account: account } of links) {
    const { result, bytes } = reports.find(({ name }) => name === file)!;
    assert.deepEqual(
      result.rows.account!.map((row) => row.account),
      [`hosting.example/${account}`],
    );
    const captures = bytes.toString().match(/<ipCaptureEvent>/g)!.length;
    assert.equal(result.rows.sighting!.filter((row) => row.selector === 'ip').length, captures);
    const md5 = /"MD5">([0-9a-f]{32})/.exec(bytes.toString())![1];
    assert.deepEqual(
      result.rows.file!.map((row) => row.md5),
      [md5],
    );
  }
});

test('the corpus return and its answers', { skip: corporaMissing }, async () => {
  const under = path.join(corpora, 'provider_returns');
  const [file] = await readFiles(subscriberReturnReader, under, /\.csv$/);
  const subscribers = JSON.parse(fs.readFileSync(path.join(under, 'truth/subscribers.json'), 'utf8'));
  const lines = file!.bytes.toString().trimEnd().split('\n').length - 1;
  assert.equal(file!.result.rows.event!.length, lines);
  for (const row of file!.result.rows.account!)
    assert.ok(String(row.native_id) in subscribers, String(row.native_id));
  assert.ok(file!.result.rows.sighting!.every((row) => row.canonical !== null));
});

test('the corpus chat', { skip: corporaMissing }, async () => {
  const [chat] = await readFiles(chatExportReader, path.join(corpora, 'chat', 'discord'), /\.json$/);
  const { messages } = JSON.parse(chat!.bytes.toString());
  assert.deepEqual(
    chat!.result.rows.message!.map((row) => [row.native_id, row.body]),
    messages.map((each: { id: string; content: string }) => [each.id, each.content]),
  );
  assert.equal(chat!.result.warnings, 0);
});

test('of all other corpora nothing is claimed', { skip: corporaMissing }, () => {
  const mine = [chatExportReader, providerReportReader, subscriberReturnReader];
  const claimed: string[] = [];
  let looked = 0;
  for (const entry of fs.readdirSync(corpora, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || /provider_returns\/[^/]+$|chat\/discord/.test(file)) continue;
    const fd = fs.openSync(file, 'r');
    const head = Buffer.alloc(65_536);
    const size = fs.readSync(fd, head, 0, head.length, 0);
    fs.closeSync(fd);
    looked++;
    for (const reader of mine) {
      if (reader.sniff(head.subarray(0, size), entry.name) > 0) claimed.push(`${reader.name} ${file}`);
    }
  }
  assert.ok(looked > 300);
  assert.deepEqual(claimed, []);
});
