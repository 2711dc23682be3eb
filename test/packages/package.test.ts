import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { WaymarkError } from '../../src/base/errors.ts';
import { sha256Hex } from '../../src/base/hash.ts';
import { canonicalJson } from '../../src/base/json.ts';
import { createKey, loadKey, type SigningKey } from '../../src/ledger/key.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { formatProof } from '../../src/ledger/proof.ts';
import { LedgerReader } from '../../src/ledger/reader.ts';
import { cells, Members, pack, readTable, unpack } from '../../src/packages/archive.ts';
import { openEnvelope, sealEnvelope } from '../../src/packages/envelope.ts';
import { type Manifest, nameManifest, parseManifest } from '../../src/packages/manifest.ts';
import {
  digestOf,
  filesOfPackage,
  openPackage,
  packageAction,
  writePackage,
} from '../../src/packages/package.ts';
import {
  createReceivingKey,
  fingerprintOf,
  type ReceivingKey,
  seal,
  unseal,
  unsealStream,
} from '../../src/packages/seal.ts';
import { temporaryFolder } from '../support/waymark.ts';

const verifier = path.join(import.meta.dirname, '..', '..', 'verifier', 'waymark-verify.mjs');
const { folder, remove } = temporaryFolder();
const origin = 'waymark/test-sender';
const created = createKey(origin);
const key: SigningKey = loadKey(origin, created.privatePem);
let mine: ReceivingKey;
let other: ReceivingKey;
let manifest: Manifest;
let ledgerParts: { key: SigningKey; entry: Buffer; proof: string };
let sealed: Uint8Array;
const table = {
  path: 'records/accounts.csv',
  about: 'accounts',
  text: 'person,account\r\np1,board/7\r\n',
  rows: 1,
  pointers: ['0123456789abcdef@0+10'],
  decisions: [],
};
const { files, listed } = filesOfPackage(
  [table],
  [{ pointer: table.pointers[0]!, sha256: sha256Hex('ten bytes!') }],
);

function manifestFor(recipient: string, more: Partial<Manifest> = {}): Manifest {
  return nameManifest({
    created: '2026-01-31T09:30:00Z',
    from: { origin, vkey: key.vkey, author: 'tester' },
    to: [{ name: 'Partner', recipient, fingerprint: fingerprintOf(recipient) }],
    purpose: 'to look into a bicycle club',
    tlp: 'AMBER',
    generation: 'g1',
    persons: 1,
    exhibits: [{ exhibit: '0123456789abcdef', sha256: sha256Hex('x'), authority: 'W-1', reference: null }],
    files: listed,
    withheld: [],
    ...more,
  });
}

function ledgerFor(name: string, made: Manifest): { key: SigningKey; entry: Buffer; proof: string } {
  const place = path.join(folder, name);
  const ledger = Ledger.create(place, { origin, key });
  const time = '2026-01-31T09:30:00Z';
  ledger.append([
    { time, actor: 'tester', action: 'exhibit.read', objects: [], facts: {} },
    {
      time,
      actor: 'tester',
      action: packageAction,
      objects: [made.id],
      facts: { manifest: digestOf(made) },
    },
    { time, actor: 'tester', action: 'ledger.check', objects: [], facts: {} },
  ]);
  const reader = new LedgerReader(place, { origin, vkeys: [key.vkey] });
  const [entry] = reader.entries(1, 2);
  return { key, entry: Buffer.from(entry!.bytes), proof: formatProof(reader, 1) };
}

before(async () => {
  [mine, other] = [await createReceivingKey(), await createReceivingKey()];
  manifest = manifestFor(mine.recipient);
  ledgerParts = ledgerFor('ledger', manifest);
  sealed = await writePackage(manifest, files, ledgerParts);
});
after(remove);

async function codeOf(work: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    assert.ok(error instanceof WaymarkError, String(error));
    return `${error.code}: ${error.message}`;
  }
  return 'no error';
}

test('a package opens for whom it was made, with every file as it was', async () => {
  const opened = await openPackage(sealed, mine, key.vkey);
  assert.deepEqual(opened.manifest, manifest);
  assert.deepEqual(opened.entry, { index: 1, size: 3 });
  assert.deepEqual([...opened.files.keys()], ['records/accounts.csv', 'sources.jsonl']);
  assert.equal(opened.files.get('records/accounts.csv')!.toString(), table.text);
  assert.equal(
    opened.files.get('sources.jsonl')!.toString(),
    `{"pointer":"0123456789abcdef@0+10","sha256":"${sha256Hex('ten bytes!')}"}\n`,
  );
});

test('each way of going wrong has its own error', async () => {
  assert.match(await codeOf(openPackage(sealed, other, key.vkey)), /^denied: .*sealed for somebody else/);
  const stranger = createKey('waymark/stranger').vkey;
  assert.match(await codeOf(openPackage(sealed, mine, stranger)), /^integrity: .*does not verify/);
  const passedOn = await seal(await unseal(sealed, mine.identity), [other.recipient]);
  assert.match(await codeOf(openPackage(passedOn, other, key.vkey)), /^integrity: .*somebody passed it on/);
  const cut = sealed.subarray(0, sealed.length - 40);
  assert.match(await codeOf(openPackage(cut, mine, key.vkey)), /^integrity: .*altered or cut off/);
  assert.match(await codeOf(openPackage(Buffer.from('hello'), mine, key.vkey)), /^integrity/);
  assert.match(await codeOf(unseal(sealed, 'no key')), /^usage: the receiving key/);
  assert.match(await codeOf(seal(Buffer.from('x'), [])), /^usage: a package needs a recipient/);
  assert.match(await codeOf(seal(Buffer.from('x'), ['age1nonsense'])), /^usage: this is no age recipient/);
});

test('any flipped bit of a sealed package is noticed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length * 8 - 1), async (bit) => {
      const altered = Uint8Array.from(sealed);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      assert.match(await codeOf(openPackage(altered, mine, key.vkey)), /^(integrity|denied): /);
    }),
    { numRuns: 300, seed: 7 },
  );
});

/** The package's archive, changed by somebody who can seal but not sign. */
async function forged(change: (inner: Map<string, Buffer>) => void): Promise<Uint8Array> {
  const inner = await unpack(await unseal(sealed, mine.identity));
  change(inner);
  const archive = await pack([...inner].map(([name, bytes]) => ({ path: name, bytes })));
  return seal(archive, [mine.recipient]);
}

const forgeries: [string, RegExp, (inner: Map<string, Buffer>) => void][] = [
  [
    'another file',
    /another records\/accounts\.csv/,
    (inner) => inner.set('records/accounts.csv', Buffer.from('person\r\np2\r\n')),
  ],
  ['a file less', /another sources\.jsonl/, (inner) => inner.delete('sources.jsonl')],
  [
    'a file more',
    /holds extra\.txt, which was not signed/,
    (inner) => inner.set('extra.txt', Buffer.from('x')),
  ],
  ['no envelope', /has no envelope\.json/, (inner) => inner.delete('envelope.json')],
  ['no entry', /has no ledger\/entry\.json/, (inner) => inner.delete('ledger/entry.json')],
  ['no proof', /has no ledger\/entry\.tlog-proof/, (inner) => inner.delete('ledger/entry.tlog-proof')],
  [
    'an entry that says otherwise',
    /does not lead from the entry/,
    (inner) =>
      inner.set(
        'ledger/entry.json',
        Buffer.from(inner.get('ledger/entry.json')!.toString().replace('tester', 'nobody')),
      ),
  ],
];
for (const [what, message, change] of forgeries) {
  test(`a package with ${what} is refused`, async () => {
    assert.match(await codeOf(openPackage(await forged(change), mine, key.vkey)), message);
  });
}

test('an entry of another package of the same sender does not count', async () => {
  const second = manifestFor(mine.recipient, { purpose: 'another purpose' });
  const mixed = await writePackage(second, files, ledgerParts);
  assert.match(await codeOf(openPackage(mixed, mine, key.vkey)), /a ledger entry that is not its own/);
});

test('a manifest that names another sender than its signer is refused', async () => {
  const stranger = createKey(origin).vkey;
  const claimed = manifestFor(mine.recipient, { from: { origin, vkey: stranger, author: 'tester' } });
  const package_ = await writePackage(claimed, files, ledgerFor('claimed', claimed));
  assert.match(await codeOf(openPackage(package_, mine, key.vkey)), /names another sender/);
});

test('envelopes: only this kind, this key, this text', async () => {
  const envelope = sealEnvelope('{"a":1}', key);
  assert.equal(openEnvelope(envelope, key.vkey), '{"a":1}');
  const edit = (change: (value: Record<string, unknown>) => void) => {
    const value = JSON.parse(envelope) as Record<string, unknown>;
    change(value);
    return JSON.stringify(value);
  };
  const bad = [
    'no json',
    'null',
    'x'.repeat(17 * 1024 * 1024),
    edit((value) => (value.payloadType = 'text/plain')),
    edit((value) => (value.payload = 7)),
    edit((value) => (value.payload = 'e30')),
    edit((value) => (value.signatures = 'none')),
    edit((value) => (value.signatures = [])),
    edit((value) => (value.signatures = [null, { sig: 3 }, { sig: '!' }, { sig: 'AAAA' }])),
    edit((value) => (value.payload = Buffer.from('{"a":2}').toString('base64'))),
  ];
  for (const each of bad) assert.match(await codeOf(() => openEnvelope(each, key.vkey)), /^integrity: /);
  assert.match(await codeOf(() => openEnvelope(envelope, 'no key')), /^usage: /);
});

test('manifests: every field is judged, and the id is that of the rest', async () => {
  const good = JSON.parse(canonicalJson(manifest)) as Record<string, unknown>;
  assert.deepEqual(parseManifest(canonicalJson(good)), manifest);
  assert.match(await codeOf(() => parseManifest('{')), /^integrity: /);
  assert.match(await codeOf(() => parseManifest('null')), /^integrity: /);
  const renamed = { ...good, purpose: 'another' };
  assert.match(await codeOf(() => parseManifest(canonicalJson(renamed))), /its own id/);
  for (const field of Object.keys(good)) {
    for (const value of [7, null, [7], [null], [{}], { a: 1 }]) {
      if (field === 'persons' && value === 7) continue;
      const broken = parseFails({ ...good, [field]: value });
      assert.match(await codeOf(broken), /^integrity: /, `${field} = ${JSON.stringify(value)}`);
    }
  }
});

test('manifests: what was withheld is counted', async () => {
  const { format: _, id: __, ...parts } = manifest;
  const withheld = { what: 'texts', why: 'outside the purpose', count: 2 };
  const counted = nameManifest({ ...parts, withheld: [withheld] });
  assert.deepEqual(parseManifest(canonicalJson(counted)), counted);
  const wrong = parseFails({ ...counted, withheld: [{ ...withheld, count: -1 }] });
  assert.match(await codeOf(wrong), /^integrity: .*not one of this version/);
});

test('manifests: markings may be missing; where they stand, each is judged', async () => {
  const { format: _, id: __, ...parts } = manifest;
  const marking = { what: 'person', id: 'person-1', grade: 'A1', tlp: null, note: null };
  const marked = nameManifest({ ...parts, markings: [marking] } as Omit<Manifest, 'format' | 'id'>);
  assert.deepEqual(parseManifest(canonicalJson(marked)), marked);
  for (const wrong of [{ ...marking, id: 7 }, { ...marking, grade: 7 }, null, 'A1'])
    assert.match(
      await codeOf(parseFails({ ...marked, markings: [wrong] })),
      /^integrity: .*not one of this version/,
    );
});

function parseFails(value: unknown): () => unknown {
  return () => parseManifest(canonicalJson(value));
}

test('archives hold plain files under plain names, each once', async () => {
  const one = { path: 'a/b.csv', bytes: Buffer.from('x') };
  assert.deepEqual(await unpack(await pack([one])), new Map([['a/b.csv', Buffer.from('x')]]));
  assert.ok((await pack([one])).equals(await pack([one])), 'equal files give equal bytes');
  for (const bad of ['../a', '/a', 'a//b', 'a/../b', 'a/.b', 'C:\\a', 'a/b/c/d/e/f']) {
    assert.match(await codeOf(unpack(await pack([{ ...one, path: bad }]))), /^integrity: /, bad);
  }
  assert.match(await codeOf(unpack(await pack([one, one]))), /twice/);
  assert.match(await codeOf(unpack(Buffer.alloc(700, 7))), /^integrity: .*cannot be taken apart/);
});

test('of what the sandbox says of an archive nothing is believed', async () => {
  const file = { name: 'a.csv', type: 'file', size: 3 };
  const judged = (caps: { bytes: number; files: number }, act: (members: Members) => void) =>
    codeOf(() => {
      const members = new Members(caps);
      act(members);
      members.whole();
    });
  const wide = { bytes: 100, files: 2 };
  const cases: [typeof wide, (members: Members) => void, RegExp][] = [
    [wide, (members) => members.begin({ ...file, name: 7 }), /^integrity: .*holds "7"/],
    [wide, (members) => members.begin({ ...file, type: 'symlink' }), /^integrity: .*holds "a.csv"/],
    [wide, (members) => members.begin({ ...file, size: '3' }), /^integrity: .*without its size/],
    [wide, (members) => members.begin({ ...file, size: 1.5 }), /^integrity: .*without its size/],
    [wide, (members) => members.begin({ ...file, size: -1 }), /^integrity: .*without its size/],
    [wide, (members) => members.add(Buffer.from('x')), /^integrity: .*bytes of no file/],
    [wide, (members) => members.begin({ ...file, size: 101 }), /^limit: /],
    [{ bytes: 100, files: 0 }, (members) => members.begin(file), /^limit: /],
    [
      { bytes: 4, files: 1 },
      (members) => {
        members.begin(file);
        members.add(Buffer.alloc(5));
      },
      /^limit: /,
    ],
    [
      wide,
      (members) => {
        members.begin(file);
        members.add(Buffer.alloc(4));
      },
      /^integrity: .*more bytes than it names/,
    ],
    [
      wide,
      (members) => {
        members.begin(file);
        members.add(Buffer.alloc(2));
      },
      /^integrity: .*cut off inside "a.csv"/,
    ],
  ];
  for (const [caps, act, error] of cases) assert.match(await judged(caps, act), error);
  assert.match(
    await codeOf(unpack(await pack([{ path: 'a.csv', bytes: Buffer.alloc(9) }]), { bytes: 8, files: 1 })),
    /^limit: /,
  );
});

test('a table of a partner is read by its columns, as far as is wanted', async () => {
  const table = Buffer.from('kind,value,note\nemail,a@b.example,x\nemail,c@d.example,y\n');
  assert.deepEqual(await readTable(table, ['value', 'kind'], 1), {
    rows: [['a@b.example', 'email']],
    total: 2,
  });
  assert.deepEqual(await readTable(Buffer.from('kind,value\n'), ['value'], 5), { rows: [], total: 0 });
  assert.match(await codeOf(readTable(table, ['shoe'], 5)), /^integrity: .*a table that cannot be read/);
  assert.deepEqual(cells(['a', 'b'], ['kind', 'value']), ['a', 'b']);
  for (const row of [['a'], ['a', 7], 'ab', null])
    assert.match(
      await codeOf(() => cells(row, ['kind', 'value'])),
      /^integrity: .*a table that cannot be read/,
    );
});

test('what goes wrong where sealed bytes come from is told as it is', async () => {
  const fault = new WaymarkError('storage', 'the disk is gone');
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield* [];
    throw fault;
  }
  const opened = unsealStream(bytes(), mine.identity);
  await assert.rejects(opened.next(), (error) => error === fault);
});

test('a fingerprint is four groups of four digits', () => {
  assert.match(fingerprintOf(mine.recipient), /^[0-9a-f]{4}( [0-9a-f]{4}){3}$/);
});

function verify(...args: string[]): { code: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [verifier, ...args], { encoding: 'utf8' });
  return { code: status, text: stdout + stderr };
}

test('the stand-alone verifier agrees: whole, forged in every way, another key', async () => {
  const write = async (name: string, package_: Uint8Array) => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, await unseal(package_, mine.identity));
    return file;
  };
  const whole = verify('package', await write('whole.tar', sealed), '--vkey', key.vkey);
  assert.equal(whole.code, 0, whole.text);
  assert.match(whole.text, /entry 1 of 3 .*VERIFIED/s);
  for (const [index, [what, , change]] of forgeries.entries()) {
    const file = await write(`forged-${index}.tar`, await forged(change));
    const judged = verify('package', file, '--vkey', key.vkey);
    assert.equal(judged.code, 1, what);
    assert.match(judged.text, /^NOT VERIFIED: /, what);
  }
  const wrong = verify('package', path.join(folder, 'whole.tar'), '--vkey', createKey('other').vkey);
  assert.match(wrong.text, /^NOT VERIFIED: the manifest is not signed with this key/);
  assert.equal(verify('package').code, 1);
});

test('the stand-alone verifier hashes a whole ledger anew and names the first bad one', () => {
  const place = path.join(folder, 'long');
  const ledger = Ledger.create(place, { origin, key });
  const time = '2026-01-31T09:30:00Z';
  const entries = Array.from({ length: 700 }, (_, n) => ({
    time,
    actor: 'tester',
    action: 'exhibit.read',
    objects: [],
    facts: { n },
  }));
  ledger.append(entries);
  const whole = verify('ledger', place, '--vkey', key.vkey);
  assert.equal(whole.code, 0, whole.text);
  assert.match(whole.text, /700 entries/);
  const bundle = path.join(place, 'tile', 'entries', '001');
  const bytes = fs.readFileSync(bundle);
  fs.chmodSync(bundle, 0o600);
  bytes[bytes.length - 20]! ^= 1;
  fs.writeFileSync(bundle, bytes);
  assert.match(
    verify('ledger', place, '--vkey', key.vkey).text,
    /^NOT VERIFIED: the entries do not give the root/,
  );
});
