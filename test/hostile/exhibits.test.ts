/** Wrong, damaged and malicious exhibits: each gives a clear line, costs only itself, and loses nothing. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import * as zlib from 'node:zlib';
import type { RunResult } from '../../src/workbench/run.ts';
import { gardenFiles } from '../support/evidence.ts';
import { tarOf, zipOf } from '../support/pack.ts';
import { temporaryFolder, waymark } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
let next = 0;
const mbox = gardenFiles['mail/club.mbox']!();
const log = gardenFiles['server/access.log']!();

function runOn(files: Record<string, Uint8Array | ((file: string) => void)>): {
  code: number | null;
  result: RunResult;
  stderr: string;
} {
  const where = path.join(folder, `evidence-${next++}`);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(where, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    if (typeof content === 'function') content(file);
    else fs.writeFileSync(file, content);
  }
  const run = waymark('run', where, '--operation', `${where}-operation`, '--json');
  assert.ok(run.stdout.startsWith('{'), run.stderr);
  return { code: run.code, result: run.json<RunResult>(), stderr: run.stderr };
}

function readOf(result: RunResult, name: string) {
  return result.exhibits.find((each) => each.path === name)!;
}

test('an unknown file is named with a reason, kept, and the others are read', () => {
  const { code, result } = runOn({
    'club.mbox': mbox,
    'noise.bin': randomBytes(5000),
    'empty.txt': Buffer.alloc(0),
  });
  assert.equal(code, 3);
  assert.deepEqual(
    result.unread.map((each) => each.path),
    ['empty.txt', 'noise.bin'],
  );
  assert.ok(result.unread.every((each) => each.reason.length > 10));
  assert.equal(readOf(result, 'club.mbox').reader, 'mbox');
});

test('a truncated gzip gives what stands before the cut, and says that it is cut', () => {
  const whole = zlib.gzipSync(
    Buffer.concat(
      Array.from({ length: 400 }, (_, i) =>
        Buffer.concat([
          log,
          Buffer.from(`10.0.0.${i % 256} - - [06/Jan/2019:10:00:00 +0100] "GET /${i} HTTP/1.1" 200 5`),
        ]),
      ),
    ),
  );
  const { code, result } = runOn({ 'access.log.gz': whole.subarray(0, whole.length >> 1) });
  assert.equal(code, 3);
  assert.match(result.unread[0]!.reason, /damaged/);
  const events = readOf(result, 'access.log.gz').records.event!;
  assert.ok(events > 500, String(events));
});

test('a bomb is stopped by its ratio, and costs only itself', () => {
  const bomb = zlib.gzipSync(Buffer.alloc(300 * 1024 * 1024), { level: 9 });
  const { code, result } = runOn({ 'bomb.gz': bomb, 'club.mbox': mbox });
  assert.equal(code, 3);
  assert.match(result.unread.find((each) => each.path === 'bomb.gz')!.reason, /unpacking stopped/);
  assert.ok(readOf(result, 'club.mbox').records.message! > 1);
});

test('nested archives end at a depth; names that climb are only names; links are refused', async () => {
  let nested: Buffer = zipOf([{ name: 'club.mbox', bytes: mbox }]);
  for (let depth = 0; depth < 6; depth++) nested = zipOf([{ name: `${depth}.zip`, bytes: nested }]);
  const climbing = zipOf([
    { name: '../../../../climbed.log', bytes: log },
    { name: 'C:\\climbed.log', bytes: mbox },
  ]);
  const linked = await tarOf([
    { name: 'link', bytes: Buffer.alloc(0), type: 'symlink', linkname: '/etc/passwd' },
    { name: 'club.mbox', bytes: mbox },
  ]);
  const { result } = runOn({ 'nested.zip': nested, 'climbing.zip': climbing, 'linked.tar': linked });
  assert.match(result.unread.find((each) => each.path.startsWith('nested.zip'))!.reason, /deep/);
  assert.match(result.unread.find((each) => each.path === 'linked.tar/link')!.reason, /symlink/);
  assert.equal(readOf(result, 'climbing.zip').reader, 'access-log+mbox');
  assert.ok(
    !fs.existsSync(path.join(folder, 'climbed.log')) &&
      !fs.existsSync(path.join(folder, '..', 'climbed.log')),
  );
});

test('damaged zips and tars say so', async () => {
  const zip = zipOf([
    { name: 'a.mbox', bytes: mbox },
    { name: 'b.log', bytes: log },
  ]);
  const tar = await tarOf([
    { name: 'a.mbox', bytes: mbox },
    { name: 'b.log', bytes: log },
  ]);
  const { code, result } = runOn({
    'cut.zip': zip.subarray(0, zip.length - 30),
    'cut.tar': tar.subarray(0, 1200),
  });
  assert.equal(code, 3);
  assert.deepEqual([...new Set(result.unread.map((each) => each.path.split('/')[0]))].sort(), [
    'cut.tar',
    'cut.zip',
  ]);
});

test('of a tar that is cut inside an entry, the entries before the cut are read', async () => {
  const tar = await tarOf([
    { name: 'a.mbox', bytes: mbox },
    { name: 'b.log', bytes: log },
  ]);
  const { code, result } = runOn({ 'cut.tar': tar.subarray(0, tar.indexOf(log) + 400) });
  assert.equal(code, 3);
  const read = readOf(result, 'cut.tar');
  assert.equal(read.reader, 'access-log+mbox');
  assert.ok(read.records.message! > 1);
  assert.match(result.unread.find((each) => each.path === 'cut.tar/b.log')!.reason, /cut or damaged/);
});

test('a time outside what can be kept costs its line only', () => {
  const { result } = runOn({
    'access.log': Buffer.concat([
      log,
      Buffer.from(
        ['1019', '2019', '9999']
          .map((year) => `\n192.0.2.10 - - [06/Jan/${year}:09:01:02 +0100] "GET /tea HTTP/1.1" 200 5`)
          .join(''),
      ),
    ]),
    'whole.log': Buffer.concat([
      log,
      Buffer.from('\n192.0.2.10 - - [06/Jan/2019:09:01:02 +0100] "GET /tea HTTP/1.1" 200 5'),
    ]),
  });
  assert.equal(readOf(result, 'access.log').records.event, readOf(result, 'whole.log').records.event);
});

test('symbolic links and what they point to are left alone', { skip: process.platform === 'win32' }, () => {
  const { result } = runOn({
    'club.mbox': mbox,
    link: (file) => fs.symlinkSync('/etc/passwd', file),
    loop: (file) => fs.symlinkSync('.', file),
  });
  assert.deepEqual(
    result.unread.map((each) => `${each.path}: ${each.reason}`),
    ['link: symbolic links are not followed', 'loop: symbolic links are not followed'],
  );
});

test('a dump that would act as a program is only read', () => {
  const board = zlib.gunzipSync(gardenFiles['server/board.sql.gz']!()).toString();
  const commands = [
    "ATTACH DATABASE '/tmp/waymark-attached.db' AS x;",
    "COPY (SELECT 1) TO '/tmp/waymark-copied.csv';",
    "SELECT load_extension('/tmp/x.so');",
    "SELECT 1 INTO OUTFILE '/tmp/waymark-outfile';",
    'INSTALL httpfs; LOAD httpfs;',
    'SYSTEM touch /tmp/waymark-shell;',
    "DROP TABLE gd_users; -- '",
  ];
  const table = 'DROP TABLE IF EXISTS `gd_acl_options`;';
  const acting = board
    .replace(table, `${commands.join('\n')}\n${table}`)
    .replace("'keeper'", "'x\\'; DROP TABLE account; --'");
  assert.notEqual(acting, board);
  const { result } = runOn({ 'dump.sql': Buffer.from(acting) });
  const { result: plain } = runOn({ 'dump.sql': Buffer.from(board) });
  assert.ok(readOf(plain, 'dump.sql').records.account! > 3);
  assert.deepEqual(readOf(result, 'dump.sql').records, readOf(plain, 'dump.sql').records);
  for (const name of ['attached.db', 'copied.csv', 'outfile', 'shell'])
    assert.ok(!fs.existsSync(`/tmp/waymark-${name}`), name);
});

test('wrong usage says what to do, with its own exit code', () => {
  const cases: [string[], number, RegExp][] = [
    [['run', path.join(folder, 'nowhere'), '--operation', path.join(folder, 'o1')], 1, /nothing at/],
    [['run'], 2, /missing required argument/],
    [['frobnicate'], 2, /unknown command/],
    [['queue', '--operation', path.join(folder, 'nowhere')], 1, /no operation/],
    [['export', 'secrets'], 2, /Allowed choices/],
    [
      ['source', 'nonsense', '--operation', `${path.join(folder, 'evidence-0')}-operation`],
      2,
      /not a source pointer/,
    ],
    [
      ['source', '0123456789abcdef@0+1', '--operation', `${path.join(folder, 'evidence-0')}-operation`],
      1,
      /no exhibit/,
    ],
    [
      [
        'persons',
        'decide',
        'a/1',
        'a/2',
        '--as',
        'same',
        '--reason',
        'x',
        '--operation',
        `${path.join(folder, 'evidence-0')}-operation`,
      ],
      1,
      /no account/,
    ],
    [
      ['persons', 'show', 'person-0', '--operation', `${path.join(folder, 'evidence-0')}-operation`],
      1,
      /no person/,
    ],
  ];
  for (const [args, code, message] of cases) {
    const outcome = waymark(...args);
    assert.equal(outcome.code, code, `${args.join(' ')}: ${outcome.stderr}`);
    assert.match(outcome.stderr, message);
    assert.equal(outcome.stdout, '');
  }
  fs.mkdirSync(path.join(folder, 'void'));
  const nothing = waymark('run', path.join(folder, 'void'), '--operation', path.join(folder, 'o2'));
  assert.match(nothing.stderr, /no files/);
});
