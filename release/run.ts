/** `npm run bundle -- <folder> [--key release.pem]`: one file that installs Waymark where there is no network. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { writeBundle } from './bundle.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { key: { type: 'string' } } });
const [folder] = positionals;
if (folder === undefined || positionals.length > 1) {
  process.stderr.write('usage: npm run bundle -- <folder> [--key <Ed25519 private key in PEM>]\n');
  process.exit(64);
}
const key = values.key === undefined ? null : fs.readFileSync(values.key, 'utf8');
const bundle = await writeBundle(path.join(import.meta.dirname, '..'), path.resolve(folder), key);
process.stdout.write(`${bundle.sha256}  ${bundle.file}\n${bundle.files} files, ${bundle.bytes} bytes\n`);
if (bundle.signature) process.stdout.write(`signed: ${bundle.signature}, public key: ${bundle.publicKey}\n`);
