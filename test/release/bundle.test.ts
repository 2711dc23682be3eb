/** One file installs Waymark where there is no network, the same file each time, with every part named and allowed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { writeBundle } from '../../release/bundle.ts';
import { publicKeyText, signatureText, verifiedComment } from '../../release/minisign.ts';
import { billOfMaterials, isAllowed, neededPackages } from '../../release/packages.ts';
import { canIsolateNetwork } from '../../src/sandbox/sandbox.ts';
import { writeGarden } from '../support/evidence.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const root = path.join(import.meta.dirname, '..', '..');
const { privateKey } = generateKeyPairSync('ed25519');

test('the bundle unpacks and runs in a world without a network, and a second one has the same bytes', async () => {
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const first = await writeBundle(root, path.join(folder, 'first'), pem);
  const unpacked = path.join(folder, 'unpacked');
  fs.mkdirSync(unpacked);
  assert.equal(spawnSync('tar', ['-xzf', first.file, '-C', unpacked, '--strip-components=1']).status, 0);

  const sums = spawnSync('sha256sum', ['--quiet', '-c', 'SHA256SUMS'], { cwd: unpacked, encoding: 'utf8' });
  assert.equal(sums.status, 0, sums.stdout);
  const digest = createHash('blake2b512').update(fs.readFileSync(first.file)).digest();
  const signature = fs.readFileSync(first.signature!, 'utf8');
  assert.equal(
    verifiedComment(fs.readFileSync(first.publicKey!, 'utf8'), digest, signature),
    path.basename(first.file),
  );

  const garden = writeGarden(path.join(folder, 'garden'));
  const run = [
    path.join(unpacked, 'waymark'),
    'run',
    garden,
    '--operation',
    path.join(folder, 'operation'),
    '--json',
  ];
  const command = canIsolateNetwork() ? ['unshare', '-rn', ...run] : run;
  const bare = { PATH: '/usr/bin:/bin', HOME: folder };
  const { status, stdout, stderr } = spawnSync(command[0]!, command.slice(1), {
    encoding: 'utf8',
    env: bare,
  });
  assert.equal(status, 0, stderr);
  assert.ok((JSON.parse(stdout) as { queue: unknown[] }).queue.length > 0);

  const second = await writeBundle(root, path.join(folder, 'second'), null);
  assert.equal(second.sha256, first.sha256);
});

test('every part is named once with its digest, and its licence allows it to be given out', () => {
  const packages = neededPackages(root);
  assert.ok(packages.length > 20);
  for (const { name, licence } of packages) assert.ok(isAllowed(licence), `${name}: ${licence}`);
  const parts = JSON.parse(billOfMaterials('1.0.0', packages)) as {
    components: { purl: string; hashes: { content: string }[] }[];
  };
  assert.equal(new Set(parts.components.map(({ purl }) => purl)).size, parts.components.length);
  for (const { purl, hashes } of parts.components) assert.match(hashes[0]!.content, /^[0-9a-f]{128}$/, purl);
});

test('what may not be given out is refused', () => {
  for (const licence of ['GPL-3.0-only', 'none stated', 'MIT AND GPL-2.0-only', 'UNLICENSED', ''])
    assert.ok(!isAllowed(licence), licence);
  assert.ok(isAllowed('(MIT OR GPL-3.0-only)'));
});

test('versions are pinned exactly, and every package by its digest', () => {
  const { dependencies, devDependencies } = JSON.parse(
    fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
  ) as Record<string, Record<string, string>>;
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
    assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name);
  const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string }>;
  };
  for (const [name, { integrity }] of Object.entries(lock.packages))
    if (name !== '') assert.match(integrity ?? '', /^sha512-/, name);
});

test('a signature holds for its file, key and comment alone', () => {
  const other = generateKeyPairSync('ed25519').privateKey;
  const digest = createHash('blake2b512').update('a kettle').digest();
  const text = signatureText(privateKey, digest, 'kettle.tar.gz');
  assert.equal(verifiedComment(publicKeyText(privateKey), digest, text), 'kettle.tar.gz');
  assert.equal(verifiedComment(publicKeyText(other), digest, text), null);
  assert.equal(
    verifiedComment(publicKeyText(privateKey), createHash('blake2b512').update('a spade').digest(), text),
    null,
  );
  assert.equal(
    verifiedComment(publicKeyText(privateKey), digest, text.replace('kettle.tar', 'spade.tar')),
    null,
  );
  assert.equal(verifiedComment('', digest, text), null);
  assert.equal(verifiedComment(publicKeyText(privateKey), digest, ''), null);
});

const hasMinisign = spawnSync('minisign', ['-v']).status === 0;
test('minisign itself verifies it', { skip: hasMinisign ? false : 'minisign is not installed' }, () => {
  const file = path.join(folder, 'kettle');
  fs.writeFileSync(file, 'a kettle');
  const digest = createHash('blake2b512').update('a kettle').digest();
  fs.writeFileSync(`${file}.minisig`, signatureText(privateKey, digest, 'kettle'));
  fs.writeFileSync(`${file}.pub`, publicKeyText(privateKey));
  const verify = () => spawnSync('minisign', ['-Vm', file, '-p', `${file}.pub`], { encoding: 'utf8' });
  assert.equal(verify().status, 0, verify().stderr);
  fs.appendFileSync(file, '!');
  assert.notEqual(verify().status, 0);
});
