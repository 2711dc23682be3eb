import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { Operation } from '../../src/store/operation.ts';
import { type BackupLine, listBackups, makeBackup, type RestoreTest } from '../../src/workbench/backup.ts';
import { examineOperation } from '../../src/workbench/doctor.ts';
import { writeGarden } from '../support/evidence.ts';
import { temporaryFolder, waymark } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const at = (...names: string[]) => path.join(folder, ...names);
const operation = at('operation');
const backup = at('medium', 'garden.backup');
const keyFile = at('key.txt');
let recipient: string;

function done(...args: string[]) {
  const outcome = waymark(...args);
  assert.equal(outcome.code, 0, outcome.stderr);
  return outcome;
}

before(() => {
  done('run', writeGarden(at('garden')), '--operation', operation);
  recipient = done('backup', 'key', keyFile, '--json').json<{ recipient: string }>().recipient;
  done('backup', backup, '--to', recipient, '--operation', operation);
});

const restore = (file: string, into: string, ...more: string[]) =>
  waymark('restore', file, '--identity', keyFile, '--into', into, ...more);

/** Files of a folder with their bytes. */
function filesOf(place: string): Map<string, Buffer> {
  const entries = fs
    .readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile());
  return new Map(
    entries
      .map((each) => path.join(each.parentPath, each.name))
      .map((file) => [path.relative(place, file), fs.readFileSync(file)] as const),
  );
}

test('no word of the evidence, no key and no name stands in the bytes of a backup', () => {
  const bytes = fs.readFileSync(backup);
  const needles = [
    'garden.example',
    'velo.example',
    'Subject:',
    'phpbb',
    'PRIVATE KEY',
    'AGE-SECRET',
    'waymark/',
  ];
  const inside = Buffer.concat([...filesOf(operation).values()]);
  for (const needle of needles.slice(0, 5))
    assert.ok(inside.includes(needle), `${needle} is in the operation`);
  for (const needle of needles) assert.ok(!bytes.includes(needle), needle);
  assert.ok(bytes.subarray(0, 40).toString('latin1').startsWith('age-encryption.org/v1'));
  assert.equal(fs.statSync(keyFile).mode & 0o077, 0);
});

test('what is restored is what was backed up, and the derived tables come out the same', () => {
  const verified = restore(backup, at('trial'), '--verify', '--json', '--operation', operation);
  assert.equal(verified.code, 0, verified.stderr + verified.stdout);
  const trial = verified.json<RestoreTest & { recorded: boolean }>();
  assert.deepEqual([trial.ok, trial.generation.same, trial.recorded], [true, true, true]);
  assert.ok(trial.rows.length > 5 && trial.rows.every(({ listed, found }) => listed === found && listed > 0));
  assert.ok(!fs.existsSync(at('trial')), 'the trial leaves nothing');
  assert.ok(!fs.existsSync(at('trial.restoring')));

  const vkey = (
    JSON.parse(fs.readFileSync(path.join(operation, 'operation.json'), 'utf8')) as { vkey: string }
  ).vkey;
  assert.equal(restore(backup, at('restored'), '--key', vkey).code, 0);
  const [was, is] = [filesOf(operation), filesOf(at('restored'))];
  for (const kind of ['vault', 'lake', 'keys']) {
    const names = [...was.keys()].filter((name) => name.startsWith(`${kind}${path.sep}`));
    assert.ok(names.length > 0);
    for (const name of names) assert.deepEqual(is.get(name), was.get(name), name);
  }
  const queue = (place: string) =>
    done('queue', '--json', '--operation', place).json<{ queue: unknown }>().queue;
  done('build', '--operation', at('restored'));
  assert.deepEqual(queue(at('restored')), queue(operation));
  const { acts } = done('ledger', 'list', '--json', '--operation', at('restored')).json<{
    acts: { action: string }[];
  }>();
  assert.ok(acts.some(({ action }) => action === 'backup.restore'));
});

test('the list of contents names every file that cannot be made again, in order', async () => {
  const opened = Operation.openExisting(operation, { actor: 'tester' });
  const first = await makeBackup(opened, at('a'), [recipient], () => {});
  opened.close();
  const names = first.contents.files.map((each) => each.path);
  assert.deepEqual(names, [...names].sort());
  assert.ok(
    names.includes('state.db') && names.includes('ledger/checkpoint') && names.includes('keys/ledger.pem'),
  );
  assert.ok(!names.some((name) => /^(generations|search|tmp|lock)/.test(name)));
});

test('another key, a changed or cut file, or another operation’s key restores nothing', async () => {
  done('backup', 'key', at('other.txt'));
  const wrong = waymark('restore', backup, '--identity', at('other.txt'), '--into', at('no'));
  assert.match(wrong.stderr, /sealed for somebody else/);
  const bytes = fs.readFileSync(backup);
  for (const [name, changed] of [
    ['flipped', flipped(bytes, bytes.length >> 1)],
    ['flipped-late', flipped(bytes, bytes.length - 3)],
    ['cut', bytes.subarray(0, bytes.length - 70_000)],
    ['head', bytes.subarray(0, 120)],
  ] as const) {
    fs.writeFileSync(at(name), changed);
    const outcome = restore(at(name), at('no'));
    assert.equal(outcome.code, 1, name);
    assert.match(outcome.stderr, /altered or cut off|cannot be taken apart|is cut off/, name);
  }
  const key = 'waymark/other+00000000+AAAA';
  assert.equal(restore(backup, at('no'), '--key', key).code, 2);
});

function flipped(bytes: Buffer, at_: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at_]! ^= 1;
  return copy;
}

test('an interrupted or refused backup or restore leaves nothing half', async () => {
  assert.ok(!fs.existsSync(at('no')) && !fs.existsSync(at('no.restoring')));
  const opened = Operation.openExisting(operation, { actor: 'tester' });
  const before = opened.readLedger().size;
  await assert.rejects(
    makeBackup(opened, at('bad'), ['age1nonsense'], () => {}),
    { code: 'usage' },
  );
  await assert.rejects(
    makeBackup(opened, backup, [recipient], () => {}),
    /a file of that name already/,
  );
  await assert.rejects(
    makeBackup(opened, at('stopped'), [recipient], () => {
      throw new Error('pulled out');
    }),
    /pulled out/,
  );
  const [sha256] = opened.state
    .all<{ sha256: string }>('select sha256 from exhibit limit 1')
    .map((row) => row.sha256);
  const blob = opened.vault.pathOf(sha256!);
  const whole = fs.readFileSync(blob);
  fs.chmodSync(blob, 0o600);
  fs.writeFileSync(blob, flipped(whole, 0));
  await assert.rejects(
    makeBackup(opened, at('damaged'), [recipient], () => {}),
    { code: 'integrity' },
  );
  fs.writeFileSync(blob, whole);
  for (const name of ['bad', 'stopped', 'damaged'])
    assert.ok(!fs.existsSync(at(name)) && !fs.existsSync(at(`${name}.part`)), name);
  assert.deepEqual(fs.readdirSync(path.join(operation, 'tmp')), []);
  assert.equal(opened.readLedger().size, before, 'what was not made is not recorded');
  opened.close();
  fs.mkdirSync(at('half.restoring', 'vault'), { recursive: true });
  fs.writeFileSync(at('half.restoring', 'left'), 'by one that was killed');
  assert.equal(restore(backup, at('half')).code, 0);
  assert.ok(!fs.existsSync(at('half', 'left')));
  assert.match(restore(backup, at('half')).stderr, /a folder of that name already/);
});

test('doctor says when no restore was tested for 90 days', async () => {
  const opened = Operation.openExisting(at('half'), { actor: 'tester' });
  const found = async (now: string, of = opened) =>
    (await examineOperation(of, now)).find(({ what }) => what === 'backups')!;
  assert.match((await found('2026-01-01T00:00:00Z')).found, /no restore of this operation was ever tested/);
  opened.close();
  const tested = Operation.openExisting(operation, { actor: 'tester' });
  const then = tested.state.one<{ value: string }>(
    "select value from setting where name = 'restore tested'",
  )!.value;
  const later = (days: number) => new Date(Date.parse(then) + days * 86_400_000).toISOString();
  assert.equal((await found(later(90), tested)).level, 'good');
  const warned = await found(later(92), tested);
  assert.equal(warned.level, 'note');
  assert.match(warned.found, /no restore was tested for 92 days/);
  tested.close();
});

test('a backup is on the list until every copy was destroyed', () => {
  const list = () =>
    done('backup', 'list', '--json', '--operation', operation).json<{ backups: BackupLine[] }>().backups;
  const [first] = list();
  assert.match(
    waymark('backup', 'destroyed', 'none', '--reason', 'x', '--operation', operation).stderr,
    /there is no backup/,
  );
  done('backup', 'destroyed', first!.id.slice(0, 16), '--reason', 'shredded', '--operation', operation);
  assert.notEqual(list()[0]!.destroyed, null);
  const twice = waymark('backup', 'destroyed', first!.id, '--reason', 'x', '--operation', operation);
  assert.match(twice.stderr, /was destroyed on/);
  const opened = Operation.openExisting(operation, { actor: 'tester' });
  assert.equal(listBackups(opened).length, list().length);
  opened.close();
});
