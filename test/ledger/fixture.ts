import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { TestContext } from 'node:test';
import { type Disk, nodeDisk } from '../../src/ledger/disk.ts';
import type { Entry } from '../../src/ledger/entry.ts';
import { createKey, loadKey, type SigningKey } from '../../src/ledger/key.ts';
import { Ledger } from '../../src/ledger/ledger.ts';

export const origin = 'unit.example/operation-bicycle';

/** The private key of RFC 8032, 7.1, test 1 in PKCS #8: published, so good for nothing but tests. */
const publishedSeed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
export const publishedPem = `-----BEGIN PRIVATE KEY-----\n${Buffer.from(
  `302e020100300506032b657004220420${publishedSeed}`,
  'hex',
).toString('base64')}\n-----END PRIVATE KEY-----\n`;

export const key: SigningKey = loadKey(origin, publishedPem);

/** Without the waiting for a real disk, where a test is not about what is durable on this machine. */
export const quickDisk: Disk = { ...nodeDisk, fsync: () => {}, syncFolder: () => {} };

export function otherKey(name = origin): SigningKey {
  return loadKey(name, createKey(name).privatePem);
}

export function entryNumber(number: number): Entry {
  return {
    time: '2026-01-31T09:30:00Z',
    actor: 'user:7',
    action: 'exhibit.add',
    objects: [`exhibit:${number}`],
    facts: { number, kind: 'coffee-club' },
  };
}

/** Entries `from` (included) to `to` (excluded). */
export function entriesOf(from: number, to: number): Entry[] {
  return Array.from({ length: to - from }, (_, i) => entryNumber(from + i));
}

export function temporaryFolder(context: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-ledger-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A ledger of `size` entries, appended in batches of at most `batch`. */
export function filledLedger(folder: string, size: number, batch = size): Ledger {
  const ledger = Ledger.create(folder, { origin, key, disk: quickDisk });
  for (let from = 0; from < size; from += batch) {
    ledger.append(entriesOf(from, Math.min(size, from + batch)));
  }
  return ledger;
}

/** Every file of a folder with its bytes as text, to compare folders. */
export function snapshot(folder: string): Record<string, string> {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [
        path.relative(folder, file).replaceAll('\\', '/'),
        fs.readFileSync(file).toString('latin1'),
      ]),
  );
}
