import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { sha256Hex } from '../../src/base/hash.ts';
import type { Manifest } from '../../src/packages/manifest.ts';
import { unseal } from '../../src/packages/seal.ts';
import type { Exclusion, PastExclusion } from '../../src/workbench/exclude.ts';
import type { Notice, PackageLine } from '../../src/workbench/packages.ts';
import type { Partner, PartnerCard } from '../../src/workbench/partners.ts';
import type { RunResult } from '../../src/workbench/run.ts';
import { jsonLines, temporaryFolder, waymark } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
const [mine, theirs] = [path.join(folder, 'mine'), path.join(folder, 'theirs')];
const sealed = path.join(folder, 'out', 'one.waymark');
let persons: string[];

/** Runs a verb that must succeed, in an operation. */
function done(operation: string, ...args: string[]) {
  const outcome = waymark(...args, '--operation', operation);
  assert.equal(outcome.code, 0, outcome.stderr);
  return outcome;
}

function cardOf(operation: string, name: string): { file: string; card: PartnerCard } {
  const file = path.join(folder, `${name}.json`);
  const card = done(operation, 'partner', 'me', '--name', name).json<PartnerCard>();
  fs.writeFileSync(file, JSON.stringify(card));
  return { file, card };
}

const fingerprint = (card: PartnerCard) => sha256Hex(card.recipient).slice(0, 16);

before(() => {
  const exercise = path.join(folder, 'exercise');
  assert.equal(waymark('exercise', exercise, '--members', '60', '--seed', '7').code, 0);
  const ran = waymark(
    ...[
      'run',
      path.join(exercise, 'evidence'),
      '--operation',
      mine,
      '--authority',
      'Warrant 12/34',
      '--json',
    ],
  );
  persons = ran
    .json<RunResult>()
    .queue.slice(0, 3)
    .map(({ person }) => person);
  assert.equal(persons.length, 3);
  fs.mkdirSync(path.join(folder, 'empty'));
  waymark('exhibit', 'add', path.join(folder, 'empty'), '--operation', theirs);
});
after(remove);

test('cards are exchanged, and a swapped one is noticed by its fingerprint', () => {
  const [we, they] = [cardOf(mine, 'Unit North'), cardOf(theirs, 'Unit South')];
  const swapped = waymark(
    ...['partner', 'add', they.file, '--fingerprint', fingerprint(we.card), '--operation', mine],
  );
  assert.equal(swapped.code, 1);
  assert.match(swapped.stderr, /the fingerprint is not the one of this card/);
  done(mine, 'partner', 'add', they.file, '--fingerprint', fingerprint(they.card).toUpperCase());
  done(theirs, 'partner', 'add', we.file, '--fingerprint', fingerprint(we.card));
  const { partners } = done(mine, 'partner', 'list', '--json').json<{ partners: Partner[] }>();
  assert.deepEqual(
    partners.map(({ name }) => name),
    ['Unit South'],
  );
  assert.deepEqual(cardOf(theirs, 'Unit South').card, they.card, 'the card stays the same');
  const nothing = path.join(folder, 'nothing.json');
  fs.writeFileSync(nothing, '{"name":"x"}');
  assert.equal(waymark('partner', 'add', nothing, '--fingerprint', '0', '--operation', mine).code, 2);
});

test('a package travels: made, recorded, opened, checked, and its sources lead back to bytes', () => {
  const made = done(
    mine,
    ...['package', 'create', ...persons, '--to', 'Unit South', '--purpose', 'to locate', '--tlp', 'AMBER'],
    ...['--out', sealed, '--json'],
  ).json<{ manifest: Manifest }>().manifest;
  assert.equal(made.persons, 3);
  assert.ok(made.exhibits.length > 0);
  assert.ok(made.exhibits.every(({ authority }) => authority === 'Warrant 12/34'));
  assert.equal(made.withheld.find(({ what }) => what === 'bytes of sources')?.count, made.files.at(-1)!.rows);

  const out = path.join(folder, 'received');
  const opened = done(
    theirs,
    ...['package', 'open', sealed, '--from', 'Unit North', '--out', out, '--json'],
  ).json<{ manifest: Manifest }>();
  assert.deepEqual(opened.manifest, made);
  const accounts = fs.readFileSync(path.join(out, 'records', 'accounts.csv'), 'utf8');
  for (const person of persons) assert.ok(accounts.includes(person));
  assert.ok(!fs.existsSync(path.join(out, 'records', 'messages.csv')), 'text goes along only when asked for');

  const cited = jsonLines(fs.readFileSync(path.join(out, 'sources.jsonl'), 'utf8'));
  assert.ok(cited.length > 10);
  for (const { pointer, sha256 } of cited.filter((_, n) => n % Math.ceil(cited.length / 12) === 0)) {
    const { stdout } = spawnSync(
      process.execPath,
      ['src/cli/waymark.ts', 'source', pointer!, '--operation', mine],
      { cwd: path.join(import.meta.dirname, '..', '..') },
    );
    assert.equal(sha256Hex(stdout), sha256, pointer);
  }
  const again = waymark(
    ...['package', 'open', sealed, '--from', 'Unit North', '--out', `${out}2`, '--operation', theirs],
  );
  assert.match(again.stderr, /opened here before/);
  assert.ok(!fs.existsSync(`${out}2`));
  const { acts } = done(theirs, 'ledger', 'list', '--json').json<{ acts: { action: string }[] }>();
  assert.ok(acts.some(({ action }) => action === 'package.receive'));
});

test('the stand-alone verifier needs neither operation nor Waymark', async () => {
  const { identity } = JSON.parse(fs.readFileSync(path.join(theirs, 'keys', 'receiving.json'), 'utf8')) as {
    identity: string;
  };
  const archive = path.join(folder, 'one.tar');
  fs.writeFileSync(archive, await unseal(fs.readFileSync(sealed), identity));
  const vkey = cardOf(mine, 'Unit North').card.vkey!;
  const verifier = path.join(import.meta.dirname, '..', '..', 'verifier', 'waymark-verify.mjs');
  const copy = path.join(folder, 'verify.mjs');
  fs.copyFileSync(verifier, copy);
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [copy, ...args, '--vkey', vkey], { encoding: 'utf8' });
  assert.match(run('package', archive).stdout, /VERIFIED/);
  assert.match(run('ledger', path.join(mine, 'ledger')).stdout, /VERIFIED/);
});

test('excluding a cited exhibit drafts a notice to each recipient', () => {
  const before = done(mine, 'package', 'notices', '--json').json<{ notices: Notice[] }>();
  assert.deepEqual(before.notices, []);
  const { packages } = done(mine, 'package', 'list', '--json').json<{ packages: PackageLine[] }>();
  const exhibits = done(mine, 'exhibit', 'list', '--json').json<{
    exhibits: { id: string; reader: string }[];
  }>().exhibits;
  const board = exhibits.find(({ reader }) => reader === 'phpbb')!;
  const preview = done(mine, 'exhibit', 'exclude', board.id, '--preview', '--json').json<Exclusion>();
  assert.equal(preview.generation, null);
  assert.deepEqual(
    preview.packages.map(({ id, to }) => [id, to]),
    [[packages[0]!.id, ['Unit South']]],
  );
  assert.match(preview.notices[0]!.text, new RegExp(`To: Unit South.*package ${packages[0]!.id}`, 's'));
  assert.ok(preview.changes.links.fell.count > 0);
  assert.ok(preview.changes.persons.gone > 0);
  assert.deepEqual(done(mine, 'package', 'notices', '--json').json<{ notices: Notice[] }>().notices, []);
  const said = ['--reason', 'ruled inadmissible', '--json'];
  const excluded = done(mine, 'exhibit', 'exclude', board.id, ...said).json<Exclusion>();
  assert.deepEqual(excluded.changes, preview.changes, 'what was done is what the preview said');
  const listed = done(mine, 'exhibit', 'changes', board.id, '--json').json<{ changes: PastExclusion[] }>();
  assert.deepEqual(
    listed.changes.map(({ act, result }) => [act, result]),
    [['exclude', excluded]],
  );
  assert.equal(waymark('exhibit', 'exclude', board.id, '--operation', mine).code, 2, 'not without a reason');
  const { notices } = done(mine, 'package', 'notices', '--json').json<{ notices: Notice[] }>();
  assert.equal(notices.length, 1);
  assert.equal(notices[0]!.package, packages[0]!.id);
  assert.equal(notices[0]!.to, 'Unit South');
  assert.match(notices[0]!.text, new RegExp(`${board.id}: ruled inadmissible`));
});

test('what is missing or wrong is said before anything is written', () => {
  const create = (...args: string[]) =>
    waymark('package', 'create', ...args, '--operation', mine, '--out', path.join(folder, 'never.waymark'));
  const purpose = ['--purpose', 'to locate'];
  assert.match(
    create('no-such-person', '--to', 'Unit South', ...purpose).stderr,
    /there is no person "no-such-person"/,
  );
  assert.match(create(persons[0]!, '--to', 'Nobody', ...purpose).stderr, /there is no partner "Nobody"/);
  assert.match(create(persons[0]!, '--to', 'Unit South', '--purpose', ' ').stderr, /needs a purpose/);
  const exists = waymark(
    ...['package', 'create', persons[0]!, '--to', 'Unit South', ...purpose, '--out', sealed],
    ...['--operation', mine],
  );
  assert.match(exists.stderr, /there is a file of that name already|there is no person/);
  assert.ok(!fs.existsSync(path.join(folder, 'never.waymark')));
});
