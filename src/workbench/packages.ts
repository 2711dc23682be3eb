import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Tlp } from '../access/grading.ts';
import { makeFolder, writeFileDurably } from '../base/durable.ts';
import { WaymarkError } from '../base/errors.ts';
import { canonicalJson } from '../base/json.ts';
import type { OnProgress } from '../base/progress.ts';
import { parsePointer } from '../evidence/pointer.ts';
import { filesOf, findExhibit } from '../intake/exhibits.ts';
import { readPlaces } from '../intake/read-exhibit.ts';
import { readKeyFile } from '../ledger/key.ts';
import { formatProof } from '../ledger/proof.ts';
import { collectTables, countWithheldContacts, type Part } from '../packages/contents.ts';
import { type Manifest, nameManifest } from '../packages/manifest.ts';
import {
  type CitedSource,
  digestOf,
  filesOfPackage,
  openPackage,
  packageAction,
  writePackage,
} from '../packages/package.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { accountsOfPerson } from '../store/queries/linking.ts';
import { currentGeneration } from './build.ts';
import { findPartner, receivingKey } from './partners.ts';

export interface PackageRequest {
  readonly persons: readonly string[];
  /** Names of partners. */
  readonly to: readonly string[];
  readonly purpose: string;
  readonly tlp: Tlp;
  readonly parts: readonly Part[];
}

export interface MadePackage {
  readonly manifest: Manifest;
  readonly file: string;
  readonly bytes: number;
}

/**
 * Makes a sealed package about persons of the generation in force and records it: who made it, for whom, about
 * how many. Throws WaymarkError 'usage' without a purpose or persons, 'not-found' for a person or partner that is
 * not there, 'storage' when the file cannot be written or exists already.
 */
export async function createPackage(
  operation: Operation,
  engine: Engine,
  request: PackageRequest,
  file: string,
  onProgress: OnProgress,
): Promise<MadePackage> {
  if (request.purpose.trim() === '') {
    throw new WaymarkError('usage', 'a package needs a purpose', {
      remedy: 'Say what the partner is asked to do, and under which arrangement.',
    });
  }
  if (request.persons.length === 0) throw new WaymarkError('usage', 'a package needs at least one person');
  for (const person of request.persons) await assertPerson(engine, person);
  const partners = request.to.map((name) => findPartner(operation, name));
  if (partners.length === 0) throw new WaymarkError('usage', 'a package needs a recipient');
  if (fs.existsSync(file)) {
    throw new WaymarkError('storage', 'there is a file of that name already', { where: file });
  }
  onProgress({ stage: 'collecting', done: 0, total: null });
  const tables = await collectTables(engine, request.persons, request.parts);
  const pointers = [...new Set(tables.flatMap((table) => table.pointers))].sort();
  const sources = await hashSources(operation, pointers, onProgress);
  const { files, listed } = filesOfPackage(tables, sources);
  const { origin, vkey } = operation.ledgerIdentity();
  const outside = await countWithheldContacts(engine, request.persons);
  return operation.exclusively(async () => {
    const manifest = nameManifest({
      created: operation.time(),
      from: { origin, vkey, author: operation.actor },
      to: partners.map(({ name, recipient, fingerprint }) => ({ name, recipient, fingerprint })),
      purpose: request.purpose.trim(),
      tlp: request.tlp,
      generation: currentGeneration(operation),
      persons: request.persons.length,
      exhibits: citedExhibits(operation, pointers),
      files: listed,
      withheld: [
        { what: 'contacts with others', count: outside, why: 'they are with people outside this package' },
        {
          what: 'bytes of sources',
          count: sources.length,
          why: 'their hashes are given; originals are shown on request',
        },
      ].filter(({ count }) => count > 0),
    });
    const facts = {
      manifest: digestOf(manifest),
      recipients: partners.length,
      persons: request.persons.length,
    };
    operation.record({ action: packageAction, objects: [manifest.id], facts }, () =>
      keep(operation, manifest, 'sent', request.persons),
    );
    const ledger = operation.readLedger();
    const index = ledger.size - 1;
    const [entry] = ledger.entries(index, ledger.size);
    const sealed = await writePackage(manifest, files, {
      key: readKeyFile(operation.path('keys', 'ledger.pem'), origin),
      entry: entry!.bytes,
      proof: formatProof(ledger, index),
    });
    makeFolder(path.dirname(path.resolve(file)));
    writeFileDurably(file, sealed);
    return { manifest, file, bytes: sealed.length };
  });
}

/** A package that was made or opened here. */
export interface PackageLine {
  readonly id: string;
  readonly direction: 'sent' | 'received';
  readonly created: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly purpose: string;
  readonly tlp: Tlp;
  readonly persons: number;
  /** Cited exhibits that have been excluded since: the recipients must be told. */
  readonly excluded: readonly string[];
}

export function listPackages(operation: Operation): PackageLine[] {
  const rows = operation.state.all<{
    id: string;
    direction: 'sent' | 'received';
    manifest: string;
    exhibits: string;
  }>('select id, direction, manifest, exhibits from package order by rowid');
  const excluded = new Set(
    operation.state
      .all<{ id: string }>("select id from exhibit where status = 'excluded'")
      .map(({ id }) => id),
  );
  return rows.map(({ id, direction, manifest, exhibits }) => {
    const { created, from, to, purpose, tlp, persons } = JSON.parse(manifest) as Manifest;
    return {
      id,
      direction,
      created,
      from: from.origin,
      to: to.map(({ name }) => name),
      purpose,
      tlp,
      persons,
      excluded: (JSON.parse(exhibits) as string[]).filter((exhibit) => excluded.has(exhibit)),
    };
  });
}

/** A draft for one recipient of a package that cites an exhibit which no longer stands. A human sends it. */
export interface Notice {
  readonly package: string;
  readonly to: string;
  readonly text: string;
}

/** Notices of recall: for each package sent that cites excluded exhibits, one to each of its recipients. */
export function draftNotices(operation: Operation): Notice[] {
  return listPackages(operation)
    .filter(({ direction, excluded }) => direction === 'sent' && excluded.length > 0)
    .flatMap((line) =>
      line.to.map((to) => ({ package: line.id, to, text: noticeText(operation, line, to) })),
    );
}

function noticeText(operation: Operation, line: PackageLine, to: string): string {
  const exhibits = line.excluded.map((id) => {
    const { reason } = findExhibit(operation, id);
    return `  ${id}: ${reason ?? 'no reason stated'}`;
  });
  return [
    `To: ${to}`,
    `About: package ${line.id} of ${line.created} (TLP:${line.tlp})`,
    '',
    'These exhibits, which the package cites, have been excluded from our operation since:',
    ...exhibits,
    '',
    'Please do not rely on what rests on them, tell those whom you passed it on to, and confirm in writing.',
    'Records that cite them are found in the package by the exhibit id at the start of each pointer.',
  ].join('\n');
}

export interface ReceivedPackage {
  readonly manifest: Manifest;
  readonly entry: { readonly index: number; readonly size: number };
  readonly folder: string;
}

/**
 * Opens a package that a partner sent, checks all of it, and writes its files into a new folder. Each package is
 * taken once: a second time it is refused as a repetition. Throws WaymarkError 'denied', 'integrity', 'not-found',
 * 'usage' for one that was opened before, 'storage'.
 */
export async function receivePackage(
  operation: Operation,
  file: string,
  from: string,
  folder: string,
): Promise<ReceivedPackage> {
  const partner = findPartner(operation, from);
  if (partner.vkey === null) {
    throw new WaymarkError('usage', `the card of "${from}" has no key that signs packages`, {
      remedy: 'Ask the partner for a card made with "partner me".',
    });
  }
  const { vkey } = partner;
  const sealed = readSealed(file);
  const { manifest, files, entry } = await openPackage(sealed, await receivingKey(operation), vkey);
  if (
    operation.state.one("select 1 from package where id = $id and direction = 'received'", {
      id: manifest.id,
    })
  ) {
    throw new WaymarkError('usage', 'this package was opened here before', {
      where: manifest.id,
      remedy: 'Use what was taken from it then. "package list" shows when.',
    });
  }
  if (fs.existsSync(folder)) {
    throw new WaymarkError('storage', 'there is a folder of that name already', { where: folder });
  }
  await operation.exclusively(async () => {
    for (const [name, bytes] of files) writeFileDurably(path.join(folder, name), bytes);
    writeFileDurably(path.join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    const facts = { manifest: digestOf(manifest), 'sender.entry': entry.index, 'sender.size': entry.size };
    operation.record({ action: 'package.receive', objects: [manifest.id], facts }, () =>
      keep(operation, manifest, 'received', null),
    );
  });
  return { manifest, entry, folder };
}

function readSealed(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (cause) {
    throw new WaymarkError('not-found', 'the package cannot be opened', { where: file, cause });
  }
}

function keep(
  operation: Operation,
  manifest: Manifest,
  direction: 'sent' | 'received',
  persons: readonly string[] | null,
): void {
  operation.state.run(
    `insert into package (id, direction, manifest, persons, exhibits)
     values ($id, $direction, $manifest, $persons, $exhibits)`,
    {
      id: manifest.id,
      direction,
      manifest: canonicalJson(manifest),
      persons: persons === null ? null : canonicalJson(persons),
      exhibits: canonicalJson(manifest.exhibits.map(({ exhibit }) => exhibit)),
    },
  );
}

async function assertPerson(engine: Engine, person: string): Promise<void> {
  if ((await engine.rows(accountsOfPerson, { person })).length > 0) return;
  throw new WaymarkError('not-found', `there is no person "${person}" in this generation`, {
    remedy: 'Persons are formed anew by each build: look the person up by handle or account.',
  });
}

/** The hash of the bytes of each cited place: one pass through each file that is cited. */
async function hashSources(
  operation: Operation,
  pointers: readonly string[],
  onProgress: OnProgress,
): Promise<CitedSource[]> {
  const files = Map.groupBy(pointers, (pointer) => {
    const { exhibit, path: inner } = parsePointer(pointer);
    return `${exhibit}/${inner}`;
  });
  const hashed = new Map<string, string>();
  for (const cited of files.values()) {
    onProgress({ stage: 'hashing sources', done: hashed.size, total: pointers.length });
    const { exhibit: id, path: inner } = parsePointer(cited[0]!);
    const hashes = cited.map(() => createHash('sha256'));
    const exhibit = findExhibit(operation, id);
    await readPlaces(
      operation.vault,
      filesOf(operation, exhibit),
      inner,
      cited.map(parsePointer),
      (place, bytes) => hashes[place]!.update(bytes),
    );
    for (const [place, pointer] of cited.entries()) hashed.set(pointer, hashes[place]!.digest('hex'));
  }
  return pointers.map((pointer) => ({ pointer, sha256: hashed.get(pointer)! }));
}

function citedExhibits(operation: Operation, pointers: readonly string[]): Manifest['exhibits'] {
  const ids = [...new Set(pointers.map((pointer) => parsePointer(pointer).exhibit))].sort();
  return ids.map((id) => {
    const { sha256, authority, reference } = findExhibit(operation, id);
    return { exhibit: id, sha256, authority, reference };
  });
}
