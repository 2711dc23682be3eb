/** Mail archives end to end: every archive has as many messages as it should, whatever it is packed in. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import type { RunResult } from '../../src/workbench/run.ts';
import { corpora, corporaMissing } from '../support/corpora.ts';
import { jsonLines, temporaryFolder, waymark } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);

test('each mbox and the packed collection give their messages', { skip: corporaMissing }, () => {
  const expected = JSON.parse(fs.readFileSync(path.join(corpora, 'expected_counts.json'), 'utf8')) as Record<
    string,
    Record<string, number>
  >;
  const evidence = path.join(folder, 'evidence');
  fs.cpSync(path.join(corpora, 'mail', 'mbox_ponymail'), path.join(evidence, 'mbox_ponymail'), {
    recursive: true,
    filter: (file) => !file.includes(`${path.sep}expected`),
  });
  fs.copyFileSync(
    path.join(corpora, 'mail', 'spamassassin_easy_ham_1.tar.gz'),
    path.join(evidence, 'spamassassin_easy_ham_1.tar.gz'),
  );
  const run = waymark('run', evidence, '--operation', path.join(folder, 'operation'), '--json');
  assert.equal(run.code, 0, run.stderr);
  const { exhibits } = run.json<RunResult>();
  let compared = 0;
  for (const [name, counts] of Object.entries(expected)) {
    const messages = counts.from_lines ?? counts.messages;
    const exhibit = exhibits.find((each) => `mail/${each.path}` === name);
    if (messages === undefined || exhibit === undefined) continue;
    assert.equal(exhibit.records.message, messages, name);
    compared++;
  }
  assert.equal(compared, exhibits.length);
  const rows = jsonLines(
    waymark('export', 'messages', '--operation', path.join(folder, 'operation'), '--format', 'jsonl').stdout,
  );
  const byKey = Map.groupBy(rows, (row) => row.message!);
  const twice = [...byKey.values()].filter((group) => group.length > 1);
  assert.ok(twice.length > 0, 'no message is in two archives');
  for (const group of twice) assert.equal(new Set(group.map((row) => row.pointer)).size, group.length);
});
