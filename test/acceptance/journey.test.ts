/** The first journey on a board that was really run: counts, contacts, files, persons and sources against its truth. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import * as zlib from 'node:zlib';
import { parsePointer } from '../../src/evidence/pointer.ts';
import { tableNames } from '../../src/evidence/tables.ts';
import { Operation } from '../../src/store/operation.ts';
import { openGeneration } from '../../src/workbench/build.ts';
import type { RunResult } from '../../src/workbench/run.ts';
import { corpora, corporaMissing } from '../support/corpora.ts';
import { csvRows, jsonLines, temporaryFolder, waymark } from '../support/waymark.ts';

const board = path.join(corpora, 'forum', 'phpbb-3.3.10-velo');
const options = { skip: corporaMissing };
const { folder, remove } = temporaryFolder();
after(remove);

let result: RunResult;
let truth: {
  same_person_pairs: [number, number][];
  pm_edges: { from: number; to: number; messages: number }[];
  accounts: { user_id: number; person: string }[];
  not_same_person: Record<string, unknown>;
};
let counts: Record<string, unknown>;

before(() => {
  if (corporaMissing) return;
  const run = waymark('run', path.join(board, 'evidence'), '--operation', folder, '--json');
  assert.equal(run.code, 3, run.stderr);
  result = run.json<RunResult>();
  truth = JSON.parse(fs.readFileSync(path.join(board, 'truth', 'truth.json'), 'utf8')) as typeof truth;
  counts = JSON.parse(
    fs.readFileSync(path.join(board, 'truth', 'expected_counts.json'), 'utf8'),
  ) as typeof counts;
});

function exhibit(name: string) {
  return result.exhibits.find((each) => each.path === name)!;
}

test('every table of the dump has exactly its rows, and rows = read + skipped everywhere', options, () => {
  const rows = new Map(exhibit('board_a.sql.gz').rows.map((tally) => [tally.unit, tally.rows]));
  for (const [name, expected] of Object.entries(counts)) {
    // An empty table has no rows to tally.
    if (name.startsWith('phpbb_')) assert.equal(rows.get(name) ?? 0, expected, name);
  }
  for (const each of result.exhibits) {
    for (const { unit, rows: all, read, skipped } of each.rows) {
      const left = Object.values(skipped).reduce((sum, count) => sum + count, 0);
      assert.equal(all, read + left, `${each.path} ${unit}`);
    }
  }
});

test('records are as many as the board had', options, () => {
  const { records } = exhibit('board_a.sql.gz');
  assert.equal(records.account, counts.phpbb_users);
  assert.equal(records.message, Number(counts.phpbb_posts) + Number(counts.phpbb_privmsgs));
  assert.equal(records.file, counts.phpbb_attachments);
  assert.equal(exhibit('access.log.gz').records.event, counts.access_log_lines);
  assert.equal(exhibit('error.log.gz').records.event, counts.error_log_lines);
  assert.deepEqual(
    result.unread.map(({ path: name }) => name),
    ['config.php.txt'],
  );
});

test('posts by user, deleted posts, first and last post', options, () => {
  const messages = jsonLines(
    waymark('export', 'messages', '--operation', folder, '--format', 'jsonl').stdout,
  );
  const posts = messages.filter((message) => message.channel === 'post');
  const byUser: Record<string, number> = {};
  for (const { sender } of posts) byUser[sender!.split('/')[1]!] = (byUser[sender!.split('/')[1]!] ?? 0) + 1;
  assert.deepEqual(byUser, counts.posts_by_user);
  assert.equal(posts.filter((post) => post.state === 'soft-deleted').length, counts.soft_deleted_posts);
  const times = posts.map((post) => post.at!).sort();
  const spell = (at: string) => at.replace('T', ' ').replace('Z', '');
  assert.deepEqual([spell(times[0]!), spell(times.at(-1)!)], counts.first_post);
  assert.equal(
    messages.filter((message) => message.channel === 'private message').length,
    counts.phpbb_privmsgs,
  );
});

test('the contact graph of private messages equals truth', options, () => {
  const contacts = csvRows(waymark('export', 'contacts', '--operation', folder).stdout);
  const found = contacts
    .filter((row) => row.channel === 'private message')
    .map((row) => `${row.from_native_id} ${row.to_native_id} ${row.count}`);
  assert.deepEqual(
    found.sort(),
    truth.pm_edges.map(({ from, to, messages }) => `${from} ${to} ${messages}`).sort(),
  );
  assert.equal(result.contacts, contacts.length);
});

test('attachments join their stored files, with the hashes of truth', options, async () => {
  const expected = JSON.parse(
    fs.readFileSync(path.join(board, 'truth', 'attachments_with_hashes.json'), 'utf8'),
  ) as { attach_id: number; md5: string; sha1: string; sha256: string; poster_id: number }[];
  const operation = Operation.openExisting(folder, { actor: 'tester' });
  const engine = await openGeneration(operation);
  const rows = await engine.rows<{ id: string; md5: string; sha1: string; sha256: string; account: string }>(
    'select f.native_id as id, c.md5, c.sha1, c.sha256, f.account from file f join content c on c.name = f.stored_name',
  );
  engine.close();
  operation.close();
  const spell = (
    each: { md5: string; sha1: string; sha256: string },
    id: string | number,
    poster: string | number,
  ) => `${id} ${poster} ${each.md5} ${each.sha1} ${each.sha256}`;
  assert.deepEqual(
    rows.map((row) => spell(row, row.id.replace(/\D/g, ''), row.account.split('/')[1]!)).sort(),
    expected.map((row) => spell(row, row.attach_id, row.poster_id)).sort(),
  );
});

test('linking: precision at least 0.8 at recall at least 0.5, and no trap is fallen for', options, () => {
  const service = csvRows(waymark('export', 'persons', '--operation', folder).stdout)[0]!.service!;
  const file = path.join(folder, 'truth.csv');
  fs.writeFileSync(
    file,
    [
      'service,native_id,person',
      ...truth.accounts.map((account) => `${service},${account.user_id},${account.person}`),
    ].join('\n'),
  );
  const measures = waymark('persons', 'evaluate', '--truth', file, '--operation', folder, '--json').json<
    Record<string, number>
  >();
  assert.equal(measures.truePairs, truth.same_person_pairs.length);
  assert.ok(measures.precision! >= 0.8 && measures.recall! >= 0.5, JSON.stringify(measures));
  const persons = new Map(
    csvRows(waymark('export', 'persons', '--operation', folder).stdout).map((row) => [
      row.native_id!,
      row.person_id!,
    ]),
  );
  const traps = [
    ...(truth.not_same_person.household_shares_address as [number, number][]),
    ...(truth.not_same_person.lookalike_names as [number, number][]),
  ];
  assert.ok(traps.length > 4);
  for (const [a, b] of traps)
    assert.notEqual(persons.get(String(a)), persons.get(String(b)), `${a} and ${b}`);
});

test('every record of every table resolves to bytes of its exhibit', options, async () => {
  const operation = Operation.openExisting(folder, { actor: 'tester' });
  const engine = await openGeneration(operation);
  const sizes = new Map<string, number>();
  let checked = 0;
  for (const table of tableNames) {
    const rows = await engine.rows<{ pointer: string }>(
      `select pointer_of(exhibit, source_path, source_offset, source_length) as pointer from ${table}`,
    );
    for (const { pointer } of rows) {
      const place = parsePointer(pointer);
      const key = `${place.exhibit}/${place.path}`;
      if (!sizes.has(key)) sizes.set(key, sizeOf(operation, place.exhibit, place.path));
      assert.ok(place.offset + place.length <= sizes.get(key)!, `${table} ${pointer} lies outside its file`);
      checked++;
    }
  }
  engine.close();
  operation.close();
  const recorded = result.exhibits.reduce(
    (sum, each) => sum + Object.values(each.records).reduce((a, b) => a + b, 0) + each.warnings,
    0,
  );
  assert.equal(checked, recorded);
});

function sizeOf(operation: Operation, id: string, inner: string): number {
  const found = result.exhibits.find((each) => each.id === id)!;
  const sha256 =
    found.kind === 'file'
      ? found.sha256
      : operation.state.one<{ sha256: string }>(
          'select sha256 from exhibit_file where exhibit = $id and path = $inner',
          { id, inner },
        )!.sha256;
  const bytes = fs.readFileSync(operation.vault.pathOf(sha256));
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? zlib.gunzipSync(bytes).length : bytes.length;
}

test('source prints the very row that a record came from', options, () => {
  const accounts = jsonLines(
    waymark('export', 'accounts', '--operation', folder, '--format', 'jsonl').stdout,
  ).filter((row) => row.native_id === '58');
  const row = waymark('source', accounts[0]!.pointer!, '--operation', folder).stdout;
  assert.match(row, /^\(58,.*'north\.fender'.*\)$/s);
  const dump = zlib.gunzipSync(fs.readFileSync(path.join(board, 'evidence', 'board_a.sql.gz')));
  const { offset, length } = parsePointer(accounts[0]!.pointer!);
  assert.equal(row, dump.toString('utf8', offset, offset + length));
});

test('adding the same exhibits again changes nothing', options, () => {
  const again = waymark(
    'run',
    path.join(board, 'evidence'),
    '--operation',
    folder,
    '--json',
  ).json<RunResult>();
  assert.equal(again.generation, result.generation);
  assert.deepEqual(again.exhibits, result.exhibits);
  assert.equal(waymark('ledger', 'check', '--operation', folder).code, 0);
});

test('a hash list raises exactly those who posted a listed file', options, () => {
  const matches = JSON.parse(
    fs.readFileSync(path.join(corpora, 'hashsets', 'truth', 'expected_matches.json'), 'utf8'),
  ) as { exact_matches_attachment_to_MediaID: [number, number][] };
  const attachments = JSON.parse(
    fs.readFileSync(path.join(board, 'truth', 'attachments_with_hashes.json'), 'utf8'),
  ) as { attach_id: number; poster_id: number }[];
  const posters = new Set(
    matches.exact_matches_attachment_to_MediaID.map(
      ([id]) => attachments.find((each) => each.attach_id === id)!.poster_id,
    ),
  );
  const { queue } = waymark(
    'run',
    path.join(corpora, 'hashsets', 'vics_2.0_benign_test.json'),
    '--operation',
    folder,
    '--json',
  ).json<RunResult>();
  const listed = queue.flatMap((entry) =>
    entry.reasons
      .filter((reason) => reason.indicator === 'listed file')
      .map((reason) => Number(reason.account.split('/')[1])),
  );
  assert.deepEqual([...new Set(listed)].sort(), [...posters].sort());
  assert.equal(listed.length, matches.exact_matches_attachment_to_MediaID.length);
});
