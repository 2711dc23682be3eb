import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { hashListReader } from '../../src/intake/readers/hash-list.ts';
import { storedFileReader } from '../../src/intake/readers/stored-file.ts';
import { corpora, corporaMissing } from '../support/corpora.ts';
import { readAll } from '../support/read.ts';

const load = (...parts: string[]) => new Uint8Array(fs.readFileSync(path.join(corpora, ...parts)));
const json = (...parts: string[]) => JSON.parse(Buffer.from(load(...parts)).toString('utf8'));
const board = ['forum', 'phpbb-3.3.10-velo'];

interface Attachment {
  attach_id: number;
  physical: string;
  size: number;
  md5: string;
  sha1: string;
  sha256: string;
}

async function readList(file: string) {
  const bytes = load('hashsets', file);
  assert.ok(hashListReader.sniff(bytes.subarray(0, 65536), file) >= 0.9, file);
  const results = [];
  for (const chunkBytes of [1, 7, 4096, 1024 * 1024]) {
    results.push(await readAll(hashListReader, bytes, { chunkBytes, name: file }));
  }
  for (const result of results) assert.deepEqual(result, results[0]);
  const { rows, tallies } = results[0]!;
  for (const row of rows.listed_hash!) {
    const from = row.source_offset as number;
    const cited = Buffer.from(bytes.subarray(from, from + (row.source_length as number))).toString('latin1');
    assert.ok(cited.toLowerCase().includes(row.value as string));
  }
  return { rows: rows.listed_hash!, warnings: rows.warning ?? [], entries: tallies[0]!, bytes };
}

test('every entry of the lists is read', { skip: corporaMissing }, async () => {
  const truth = json('hashsets', 'truth', 'expected_matches.json');
  for (const file of ['vics_2.0_benign_test.json', 'md5_list.txt', 'sha1_sha256_pdq.csv']) {
    const { entries, warnings } = await readList(file);
    assert.equal(entries.read, truth.list_entries, file);
    assert.deepEqual(warnings, [], file);
  }
  const known = await readList('NSRLFile_rds2_style.txt');
  assert.equal(known.entries.read, truth.known_good_entries);
  assert.ok(known.rows.every((row) => row.disposition === 'known-good'));
});

test('attachments are hashed, and match the lists as they should', { skip: corporaMissing }, async () => {
  const truth = json('hashsets', 'truth', 'expected_matches.json');
  const attachments: Attachment[] = json(...board, 'truth', 'attachments_with_hashes.json');
  const listed = await readList('vics_2.0_benign_test.json');
  const known = await readList('NSRLFile_rds2_style.txt');
  const mediaIdOf = new Map<unknown, number>();
  for (const row of listed.rows) {
    const from = row.source_offset as number;
    const entry = Buffer.from(listed.bytes.subarray(from, from + (row.source_length as number))).toString(
      'utf8',
    );
    mediaIdOf.set(row.value, JSON.parse(entry).MediaID);
  }
  const knownValues = new Set(known.rows.map((row) => row.value));
  const matches: [number, number][] = [];
  const good: number[] = [];
  for (const each of attachments) {
    const bytes = load(...board, 'evidence', 'files', each.physical);
    assert.equal(storedFileReader.sniff(bytes.subarray(0, 65536), each.physical), 0.3, each.physical);
    const { rows } = await readAll(storedFileReader, bytes, {
      name: `files/${each.physical}`,
      chunkBytes: 65536,
    });
    const content = rows.content![0]!;
    const { name, size, md5, sha1, sha256 } = content;
    assert.deepEqual(
      { name, size, md5, sha1, sha256 },
      { name: each.physical, size: each.size, md5: each.md5, sha1: each.sha1, sha256: each.sha256 },
    );
    for (const algorithm of ['md5', 'sha1'] as const) {
      const mediaId = mediaIdOf.get(content[algorithm]!);
      if (mediaId !== undefined && algorithm === 'md5') matches.push([each.attach_id, mediaId]);
    }
    if (knownValues.has(content.sha1!) && knownValues.has(content.md5!)) good.push(each.attach_id);
  }
  assert.deepEqual(matches, truth.exact_matches_attachment_to_MediaID);
  assert.deepEqual(
    good,
    truth.known_good_hits.map(([attachment]: [number, string]) => attachment),
  );
});

test('the reference PDQ lists are taken as PDQ', { skip: corporaMissing }, async () => {
  for (const [file, lines] of [
    ['haystack.txt', 1350],
    ['needles.txt', 100],
  ] as const) {
    const { rows, tallies } = await readAll(hashListReader, load('phash', 'pdq', 'hashlists', file));
    assert.equal(rows.listed_hash!.filter((row) => row.algorithm === 'pdq').length, lines);
    assert.equal(tallies[0]!.rows, lines);
  }
});

test('of all the corpora, only hash lists are claimed', { skip: corporaMissing }, () => {
  const claimed: string[] = [];
  for (const name of fs.readdirSync(corpora, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(corpora, name);
    if (!fs.statSync(file).isFile()) continue;
    const descriptor = fs.openSync(file, 'r');
    const head = new Uint8Array(65536);
    const length = fs.readSync(descriptor, head);
    fs.closeSync(descriptor);
    if (hashListReader.sniff(head.subarray(0, length), name) > 0) claimed.push(name.replaceAll('\\', '/'));
  }
  assert.deepEqual(claimed.sort(), [
    'hashsets/NSRLFile_rds2_style.txt',
    'hashsets/md5_list.txt',
    'hashsets/sha1_sha256_pdq.csv',
    'hashsets/vics_2.0_benign_test.json',
    'phash/pdq/expected/reference_hashes.csv',
    'phash/pdq/hashlists/haystack.txt',
    'phash/pdq/hashlists/needles.txt',
  ]);
});
