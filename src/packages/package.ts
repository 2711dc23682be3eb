import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';
import type { Entry } from '../ledger/entry.ts';
import type { SigningKey } from '../ledger/key.ts';
import { verifyProof } from '../ledger/proof.ts';
import { type ArchiveFile, pack, unpack } from './archive.ts';
import type { Table } from './contents.ts';
import { openEnvelope, sealEnvelope } from './envelope.ts';
import { type Manifest, type PackedFile, parseManifest } from './manifest.ts';
import { seal, unseal } from './seal.ts';

/**
 * A package: a signed manifest, the files that it names, the ledger entry of its making with the proof that it
 * stands in the sender's ledger; all of it as one tar, sealed with age for those whom the manifest names.
 */
const envelopeFile = 'envelope.json';
const entryFile = 'ledger/entry.json';
const proofFile = 'ledger/entry.tlog-proof';

/** The action of the ledger entry that a package carries. */
export const packageAction = 'package.create';

/** A cited place in an exhibit and the hash of its bytes, by which a recipient can hold the original to it. */
export interface CitedSource {
  readonly pointer: string;
  readonly sha256: string;
}

/** The files of a package, in the order in which they are packed. */
export function filesOfPackage(
  tables: readonly Table[],
  sources: readonly CitedSource[],
): { files: ArchiveFile[]; listed: PackedFile[] } {
  const files: ArchiveFile[] = [];
  const listed: PackedFile[] = [];
  const add = (path: string, bytes: Buffer, rows: number, about: string) => {
    files.push({ path, bytes });
    listed.push({ path, bytes: bytes.length, sha256: sha256Hex(bytes), rows, about });
  };
  for (const table of tables) add(table.path, Buffer.from(table.text), table.rows, table.about);
  const lines = sources.map(({ pointer, sha256 }) => canonicalJson({ pointer, sha256 }));
  add(
    'sources.jsonl',
    Buffer.from(lines.map((line) => `${line}\n`).join('')),
    lines.length,
    'each cited place: exhibit, path, offset, length, and the SHA-256 of its bytes',
  );
  return { files, listed };
}

/** The hash that the sender's ledger keeps of a manifest. */
export function digestOf(manifest: Manifest): string {
  return sha256Hex(canonicalJson(manifest));
}

/** Signs, packs and seals. The entry must be the ledger's own record of this manifest's digest, with its proof. */
export async function writePackage(
  manifest: Manifest,
  files: readonly ArchiveFile[],
  ledger: { readonly key: SigningKey; readonly entry: Uint8Array; readonly proof: string },
): Promise<Uint8Array> {
  const archive = await pack([
    { path: envelopeFile, bytes: Buffer.from(sealEnvelope(canonicalJson(manifest), ledger.key)) },
    { path: entryFile, bytes: Buffer.from(ledger.entry) },
    { path: proofFile, bytes: Buffer.from(ledger.proof) },
    ...files,
  ]);
  return seal(
    archive,
    manifest.to.map(({ recipient }) => recipient),
  );
}

/** A package that stood every check. */
export interface OpenedPackage {
  readonly manifest: Manifest;
  /** The named files, and nothing else. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Where its making stands in the sender's ledger. */
  readonly entry: { readonly index: number; readonly size: number };
}

/**
 * Opens a package and checks, in this order: sealed for this key; signed by the sender whose key was handed over;
 * meant for this recipient; every file as the manifest says, none more; its making recorded in the sender's
 * ledger. Throws WaymarkError 'denied' for somebody else's package, 'integrity' for one that fails a check.
 */
export async function openPackage(
  sealed: Uint8Array,
  mine: { readonly identity: string; readonly recipient: string },
  senderVkey: string,
): Promise<OpenedPackage> {
  const all = await unpack(await unseal(sealed, mine.identity));
  const take = (path: string): Buffer => {
    const bytes = all.get(path);
    if (!bytes) throw failed(`has no ${path}`);
    all.delete(path);
    return bytes;
  };
  const manifest = parseManifest(openEnvelope(take(envelopeFile).toString('utf8'), senderVkey));
  if (manifest.from.vkey !== senderVkey) throw failed('names another sender than the one who signed it');
  if (!manifest.to.some(({ recipient }) => recipient === mine.recipient)) {
    throw failed('is sealed for this key, but its sender did not name it: somebody passed it on');
  }
  const entryBytes = take(entryFile);
  const { index, size } = verifyProof(take(proofFile).toString('utf8'), entryBytes, {
    origin: manifest.from.origin,
    vkeys: [senderVkey],
  });
  assertRecords(entryBytes, manifest);
  assertFiles(manifest, all);
  return { manifest, files: all, entry: { index, size } };
}

function assertRecords(bytes: Buffer, manifest: Manifest): void {
  const entry = JSON.parse(bytes.toString('utf8')) as Entry;
  if (entry.action !== packageAction || entry.facts.manifest !== digestOf(manifest)) {
    throw failed('carries a ledger entry that is not its own');
  }
}

function assertFiles(manifest: Manifest, files: ReadonlyMap<string, Buffer>): void {
  for (const { path, bytes, sha256 } of manifest.files) {
    const found = files.get(path);
    if (found?.length !== bytes || sha256Hex(found) !== sha256) {
      throw failed(`has another ${path} than was signed`);
    }
  }
  const named = new Set(manifest.files.map(({ path }) => path));
  const extra = [...files.keys()].find((path) => !named.has(path));
  if (extra !== undefined) throw failed(`holds ${extra}, which was not signed`);
}

function failed(what: string): WaymarkError {
  return new WaymarkError('integrity', `the package ${what}`, {
    remedy: 'Do not rely on it; tell the sender, and ask for it again.',
  });
}
