import { createHash, createPrivateKey } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { pack } from 'tar-stream';
import { WaymarkError } from '../src/base/errors.ts';
import { version } from '../src/base/version.ts';
import { publicKeyText, signatureText } from './minisign.ts';
import { billOfMaterials, isAllowed, neededPackages } from './packages.ts';

/** Waymark's own files, besides the packages. */
const own = [
  'src',
  'web',
  'verifier',
  'docs',
  'package.json',
  'package-lock.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];
/** Times in the archive say nothing: the same sources give the same bytes whenever they are packed. */
const noTime = new Date('2000-01-01T00:00:00Z');

const launcher = `#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
exec "$here/node_modules/node/bin/node" "$here/src/cli/waymark.ts" "$@"
`;

export interface Bundle {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly files: number;
  /** Where a key was given: the signature beside the bundle, and the public key to give out once. */
  readonly signature: string | null;
  readonly publicKey: string | null;
}

/**
 * Writes all that Waymark needs on a machine like this one (same system and processor) as one archive, with the list of
 * its parts and the digest of each file. Unpacked, it runs without npm and without a network. Throws WaymarkError 'usage' where
 * a part's licence does not allow it, 'storage' where a part is missing.
 */
export async function writeBundle(root: string, folder: string, keyPem: string | null): Promise<Bundle> {
  const packages = neededPackages(root);
  const refused = packages.filter(({ licence }) => !isAllowed(licence));
  if (refused.length > 0) {
    throw new WaymarkError(
      'usage',
      `not to be given out: ${refused.map(({ name, licence }) => `${name} (${licence})`).join(', ')}`,
      {
        remedy: 'Replace the package, or judge its licence and add it to release/packages.ts.',
      },
    );
  }
  const name = `waymark-${version}-${process.platform}-${process.arch}`;
  const file = path.join(folder, `${name}.tar.gz`);
  fs.mkdirSync(folder, { recursive: true });
  const archive = pack();
  const digests: string[] = [];
  const add = async (inner: string, bytes: Buffer, isProgram: boolean): Promise<void> => {
    digests.push(`${createHash('sha256').update(bytes).digest('hex')}  ${inner}`);
    await entry(inner, bytes, isProgram);
  };
  const entry = (inner: string, bytes: Buffer, isProgram: boolean) =>
    new Promise<void>((resolve, reject) => {
      const header = { name: `${name}/${inner}`, mtime: noTime, mode: isProgram ? 0o755 : 0o644 };
      archive.entry(header, bytes, (error) => (error ? reject(error) : resolve()));
    });
  const written = pipeline(archive, zlib.createGzip({ level: 6 }), fs.createWriteStream(file));
  for (const inner of filesOf(root, [...own, ...packages.map(({ folder: of }) => of)])) {
    const from = path.join(root, inner);
    await add(inner, fs.readFileSync(from), (fs.statSync(from).mode & 0o100) !== 0);
  }
  await add('waymark', Buffer.from(launcher), true);
  await add('parts.cdx.json', Buffer.from(billOfMaterials(version, packages)), false);
  await entry('SHA256SUMS', Buffer.from(`${digests.join('\n')}\n`), false);
  archive.finalize();
  await written;
  return { file, ...(await digestsOf(file)), files: digests.length, ...signed(file, keyPem) };
}

/** Every plain file under these, once, in the order of their names. Links are left out: they are npm's own. */
function filesOf(root: string, names: readonly string[]): string[] {
  const found = new Set<string>();
  const walk = (inner: string): void => {
    const stat = fs.lstatSync(path.join(root, inner));
    if (stat.isFile()) found.add(inner);
    else if (stat.isDirectory()) {
      for (const child of fs.readdirSync(path.join(root, inner))) {
        // A package's own packages are listed by themselves, so that none comes that the lock file does not name.
        const isOther = child === 'node_modules' || child === '.bin' || child === '.cache';
        if (!isOther) walk(`${inner}/${child}`);
      }
    }
  };
  for (const name of names) walk(name);
  return [...found].sort();
}

async function digestsOf(file: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  for await (const piece of fs.createReadStream(file)) hash.update(piece as Buffer);
  return { sha256: hash.digest('hex'), bytes: fs.statSync(file).size };
}

function signed(file: string, keyPem: string | null): Pick<Bundle, 'signature' | 'publicKey'> {
  if (keyPem === null) return { signature: null, publicKey: null };
  const key = createPrivateKey(keyPem);
  const digest = createHash('blake2b512').update(fs.readFileSync(file)).digest();
  fs.writeFileSync(`${file}.minisig`, signatureText(key, digest, path.basename(file)));
  fs.writeFileSync(path.join(path.dirname(file), 'waymark.pub'), publicKeyText(key));
  return { signature: `${file}.minisig`, publicKey: path.join(path.dirname(file), 'waymark.pub') };
}
