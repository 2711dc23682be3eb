import { messageOf, WaymarkError } from '../base/errors.ts';
import { canonicalJson } from '../base/json.ts';
import { limits } from '../base/limits.ts';
import type { OnProgress } from '../base/progress.ts';
import type { Operation } from '../store/operation.ts';
import { groupIntoParcels, type Parcel, pathInside } from './group.ts';
import { readers } from './readers.ts';
import { sniffFiles } from './sniff.ts';
import { type FoundFile, type Refused, walk } from './walk.ts';

/** What is known when an exhibit is handed over. */
export interface Custody {
  /** Reference of the legal authority under which it was obtained. */
  readonly authority: string | null;
  /** Exhibit reference given by the unit. */
  readonly reference: string | null;
}

/**
 * Takes everything under a path into custody: finds the files, groups them into exhibits, copies each into the
 * vault while hashing it, and records it. What is already there is not taken twice. Returns what was refused
 * or could not be read. Call inside `operation.exclusively`.
 */
export async function receiveExhibits(
  operation: Operation,
  start: string,
  custody: Custody,
  onProgress: OnProgress,
): Promise<Refused[]> {
  const { found, refused } = walk(start);
  if (found.length === 0 && refused.length === 0) {
    throw new WaymarkError('not-found', `there are no files under ${start}`, {
      remedy: 'Name the folder that holds the exhibits.',
    });
  }
  const sniffed = await sniffFiles(found);
  const items = new Set(readers.filter((reader) => reader.unit === 'item').map((reader) => reader.name));
  const parcels = groupIntoParcels(found, (file) => {
    const reader = sniffed.get(file);
    return (
      file.bytes <= limits.maxItemBytes && (reader === null || reader === undefined || items.has(reader))
    );
  });
  const total = found.reduce((sum, file) => sum + file.bytes, 0);
  let done = 0;
  for (const parcel of parcels) {
    try {
      await receiveParcel(operation, parcel, custody, (bytes) => {
        done += bytes;
        onProgress({ stage: 'taking in', what: parcel.path, done, total });
      });
    } catch (error) {
      if (!(error instanceof WaymarkError) || error.code !== 'unreadable') throw error;
      refused.push({ path: parcel.path, reason: messageOf(error) });
    }
  }
  return refused;
}

/** Small files wait for the disk more than they are worked on: so many go into the vault at once. */
const filesAtOnce = 16;

async function receiveParcel(
  operation: Operation,
  parcel: Parcel,
  custody: Custody,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const stored: { path: string; sha256: string; bytes: number; found: FoundFile }[] = [];
  for (let at = 0; at < parcel.files.length; at += filesAtOnce) {
    const part = parcel.files.slice(at, at + filesAtOnce);
    const added = await Promise.allSettled(part.map(({ file }) => operation.vault.add(file, onBytes)));
    for (const [index, result] of added.entries()) {
      if (result.status === 'rejected') throw result.reason;
      const found = part[index]!;
      stored.push({ path: pathInside(parcel, found), ...result.value, found });
    }
  }
  const bytes = stored.reduce((sum, file) => sum + file.bytes, 0);
  const manifest = stored.map(({ path, sha256, bytes }) => ({ path, sha256, bytes }));
  const sha256 =
    parcel.kind === 'file'
      ? stored[0]!.sha256
      : operation.vault.addBytes(Buffer.from(canonicalJson(manifest)));
  const id = sha256.slice(0, 16);
  const { state } = operation;
  const known = state.one<{ sha256: string }>('select sha256 from exhibit where id = $id', { id });
  if (known && known.sha256 !== sha256) {
    throw new WaymarkError('integrity', 'two different exhibits have the same id', {
      where: parcel.path,
      remedy: 'Please report this: it should not happen in the life of the universe.',
    });
  }
  if (
    known &&
    state.one('select 1 from exhibit_path where exhibit = $id and path = $path', { id, path: parcel.path })
  )
    return;
  const facts = { sha256, bytes, files: stored.length };
  operation.record(
    { action: known ? 'exhibit.receive-again' : 'exhibit.receive', objects: [id], facts },
    () => {
      if (!known) {
        state.run(
          `insert into exhibit (id, sha256, kind, bytes, authority, reference, status)
         values ($id, $sha256, $kind, $bytes, $authority, $reference, 'received')`,
          { id, sha256, kind: parcel.kind, bytes, ...custody },
        );
        if (parcel.kind === 'folder') {
          for (const file of manifest) {
            state.run(
              'insert into exhibit_file (exhibit, path, sha256, bytes) values ($id, $path, $sha256, $bytes)',
              { id, ...file },
            );
          }
        }
      }
      state.run('insert into exhibit_path (exhibit, path) values ($id, $path)', { id, path: parcel.path });
    },
  );
}
