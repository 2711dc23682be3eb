import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import * as tar from 'tar-stream';
import { sha256Hex } from '../../src/base/hash.ts';
import { canonicalJson } from '../../src/base/json.ts';
import { createKey, loadKey } from '../../src/ledger/key.ts';
import {
  type BackupContents,
  backupFormat,
  digestOfContents,
  readBackup,
  writeBackup,
} from '../../src/packages/backup-archive.ts';
import { backupPayloadType, sealEnvelope } from '../../src/packages/envelope.ts';
import { assertRecipient, createReceivingKey, seal } from '../../src/packages/seal.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const at = (...names: string[]) => path.join(folder, ...names);
const origin = 'unit.example/operation-bicycle';
const created = createKey(origin);
const key = loadKey(origin, created.privatePem);
const mine = await createReceivingKey();

const stored: Record<string, Buffer> = {
  'keys/ledger.pem': Buffer.from('a key'),
  'lake/message/exhibit=0123456789abcdef/part-0.parquet': Buffer.from('rows'),
  'state.db': Buffer.alloc(3 * 1024 * 1024, 'spokes '),
  'vault/empty': Buffer.alloc(0),
};
for (const [name, bytes] of Object.entries(stored)) {
  fs.mkdirSync(path.dirname(at('store', name)), { recursive: true });
  fs.writeFileSync(at('store', name), bytes);
}

function contentsOf(change: Partial<BackupContents> = {}): BackupContents {
  return {
    format: backupFormat,
    version: '0',
    origin,
    vkey: key.vkey,
    ledger: { size: 0, root: '' },
    rows: {},
    generation: null,
    exhibits: [],
    files: Object.entries(stored).map(([name, bytes]) => ({
      path: name,
      bytes: bytes.length,
      sha256: sha256Hex(bytes),
    })),
    ...change,
  };
}

async function write(file: string, contents = contentsOf(), place = (name: string) => at('store', name)) {
  const fd = fs.openSync(file, 'w');
  try {
    return await writeBackup(fd, contents, place, key, [mine.recipient], () => {});
  } finally {
    fs.closeSync(fd);
  }
}

let trials = 0;
const into = () => at(`trial-${trials++}`);
const read = (file: string, vkey?: string) => readBackup(file, mine.identity, into(), vkey, () => {});

test('what is written is what is read, file by file', async () => {
  let [written, restored] = [0, 0];
  const fd = fs.openSync(at('whole'), 'w');
  const size = await writeBackup(
    fd,
    contentsOf(),
    (name) => at('store', name),
    key,
    [mine.recipient],
    (bytes) => {
      written += bytes;
    },
  );
  fs.closeSync(fd);
  assert.equal(size, fs.statSync(at('whole')).size);
  const place = into();
  const contents = await readBackup(at('whole'), mine.identity, place, key.vkey, (bytes) => {
    restored += bytes;
  });
  assert.deepEqual(contents, contentsOf());
  assert.equal(digestOfContents(contents), digestOfContents(contentsOf()));
  for (const [name, bytes] of Object.entries(stored))
    assert.ok(fs.readFileSync(path.join(place, name)).equals(bytes), name);
  assert.equal(fs.statSync(path.join(place, 'keys/ledger.pem')).mode & 0o777, 0o600);
  const total = Object.values(stored).reduce((sum, bytes) => sum + bytes.length, 0);
  assert.deepEqual([written, restored], [total, total]);
});

test('a stored file that is not what its list says makes no backup', async () => {
  const swapped = (bytes: string) => {
    fs.writeFileSync(at('swapped'), bytes);
    return (name: string) => (name.startsWith('lake') ? at('swapped') : at('store', name));
  };
  for (const bytes of ['sowr', 'row', 'rows and more']) {
    await assert.rejects(write(at('bad'), contentsOf(), swapped(bytes)), {
      code: 'integrity',
      where: /^lake/,
    });
  }
  await assert.rejects(
    write(at('bad'), contentsOf(), () => at('none')),
    { code: 'integrity' },
  );
});

test('no recipients, a medium that cannot be written, or a list too long make none either', async () => {
  const fd = fs.openSync(at('whole'), 'r');
  const place = (name: string) => at('store', name);
  await assert.rejects(
    writeBackup(fd, contentsOf(), place, key, [], () => {}),
    { code: 'usage' },
  );
  await assert.rejects(
    writeBackup(fd, contentsOf(), place, key, [mine.recipient], () => {}),
    { code: 'storage' },
  );
  await assert.rejects(
    writeBackup(fd, contentsOf(), place, key, [mine.recipient], () => {}, 100),
    {
      code: 'limit',
    },
  );
  fs.closeSync(fd);
});

interface Member {
  readonly name: string;
  readonly bytes?: Buffer;
  readonly type?: tar.Header['type'];
}

/** A backup that somebody made by hand. */
async function forged(members: readonly Member[]): Promise<string> {
  const archive = tar.pack();
  const whole = buffer(archive as unknown as AsyncIterable<Buffer>);
  for (const { name, bytes = Buffer.alloc(0), type = 'file' } of members)
    archive.entry({ name, type, ...(type === 'symlink' && { linkname: '/etc/passwd' }) }, bytes);
  archive.finalize();
  const file = at(`forged-${trials++}`);
  fs.writeFileSync(file, await seal(await whole, [mine.recipient]));
  return file;
}

const listOf = (contents: unknown, by = key): Member => ({
  name: 'contents.json',
  bytes: Buffer.from(sealEnvelope(canonicalJson(contents), by, backupPayloadType)),
});
const members = (): Member[] => Object.entries(stored).map(([name, bytes]) => ({ name, bytes }));

test('a backup that was put together by somebody else is refused, whatever is wrong with it', async () => {
  const good = listOf(contentsOf());
  assert.deepEqual(await read(await forged([good, ...members()])), contentsOf());
  const other = loadKey(origin, createKey(origin).privatePem);
  const [first, ...rest] = contentsOf().files as [BackupContents['files'][number]];
  const cases: [string, readonly Member[], RegExp][] = [
    ['nothing in it', [], /is cut off/],
    ['no list', members(), /does not begin with its list/],
    [
      'a list that is none',
      [{ name: 'contents.json', bytes: Buffer.from('{}') }],
      /has no list that can be read/,
    ],
    ['a link', [good, { name: first.path, type: 'symlink' }], /more than plain files/],
    ['another file', [good, { name: 'other' }], /other files than its list/],
    [
      'a file of another length',
      [good, { name: first.path, bytes: Buffer.from('x') }],
      /other files than its list/,
    ],
    ['other bytes', [good, { name: first.path, bytes: Buffer.from('b key') }], /another keys\/ledger\.pem/],
    ['a file too many', [good, ...members(), { name: 'zz' }], /other files than its list/],
    ['a file less', [good, ...members().slice(1)], /other files than its list/],
    ['the end missing', [good, ...members().slice(0, -1)], /is cut off/],
    ['another signer', [listOf(contentsOf(), other), ...members()], /signature does not verify/],
    ['another version', [listOf(contentsOf({ format: 'x' as never }))], /of another version/],
    ['files out of order', [listOf(contentsOf({ files: [...rest, first] }))], /cannot hold/],
    ['a way out', [listOf(contentsOf({ files: [{ ...first, path: '../out' }] }))], /cannot hold/],
    ['an absolute path', [listOf(contentsOf({ files: [{ ...first, path: '/tmp/out' }] }))], /cannot hold/],
  ];
  for (const [what, each, message] of cases) {
    await assert.rejects(read(await forged(each)), { code: 'integrity', message }, what);
  }
  const named = await forged([listOf(contentsOf({ vkey: other.vkey })), ...members()]);
  await assert.rejects(read(named, key.vkey), /of another operation than who signed it/);
  await assert.rejects(read(await forged([good, ...members()]), other.vkey), /signature does not verify/);
});

test('not a backup, another’s, cut or changed: each is told apart', async () => {
  await assert.rejects(read(at('none')), { code: 'not-found' });
  fs.writeFileSync(at('text'), 'hello');
  await assert.rejects(read(at('text')), { code: 'integrity' });
  const stranger = await createReceivingKey();
  await assert.rejects(
    readBackup(at('whole'), stranger.identity, into(), undefined, () => {}),
    { code: 'denied' },
  );
  await assert.rejects(
    readBackup(at('whole'), 'no key', into(), undefined, () => {}),
    { code: 'usage' },
  );
  const bytes = fs.readFileSync(at('whole'));
  for (const length of [10, 300, 70_000, bytes.length - 1]) {
    fs.writeFileSync(at('cut'), bytes.subarray(0, length));
    await assert.rejects(read(at('cut')), { code: 'integrity' }, `${length}`);
  }
  for (const place of [200, 70_000, bytes.length >> 1, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed[place]! ^= 1;
    fs.writeFileSync(at('cut'), changed);
    await assert.rejects(read(at('cut')), { code: 'integrity' }, `${place}`);
  }
  fs.writeFileSync(at('cut'), await seal(Buffer.alloc(700, 7), [mine.recipient]));
  await assert.rejects(read(at('cut')), { code: 'integrity', message: /cannot be taken apart/ });
});

test('a place that cannot be written, and an error of the caller, end it', async () => {
  fs.writeFileSync(at('file'), '');
  const blocked = readBackup(at('whole'), mine.identity, at('file'), undefined, () => {});
  await assert.rejects(blocked, { code: 'storage' });
  const stopped = readBackup(at('whole'), mine.identity, into(), undefined, () => {
    throw new Error('stop');
  });
  await assert.rejects(stopped, /cannot be taken apart/);
});

test('a recipient is one that age knows', () => {
  assertRecipient(mine.recipient);
  assert.throws(() => assertRecipient('age1nonsense'), { code: 'usage' });
});
