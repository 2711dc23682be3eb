import { messageOf, WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
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
  /** What else is to be said of how it was handed over. */
  readonly note?: string | null;
}

/** What became of one exhibit that was handed over. */
export interface Receipt {
  readonly exhibit: string;
  readonly path: string;
  readonly how: 'received' | 'received again' | 'here already';
}

/** What came of handing over files together. */
export interface Received {
  readonly delivery: number;
  readonly receipts: readonly Receipt[];
  readonly refused: readonly Refused[];
}

/** A time that an exhibit was handed over, as it was recorded. */
export interface CustodyEntry {
  readonly delivery: number;
  readonly exhibit: string;
  readonly path: string;
  readonly how: string;
  readonly authority: string | null;
  readonly reference: string | null;
  readonly note: string | null;
  readonly author: string;
  readonly time: string;
}

/** Every time that an exhibit was handed over, first to last. Earlier Waymarks kept the ledger entry alone. */
export function custodyOf(operation: Operation, exhibit: string): CustodyEntry[] {
  return operation.state.all<CustodyEntry>(
    'select * from custody where exhibit = $exhibit order by delivery, path',
    { exhibit },
  );
}

/**
 * Takes everything under a path into custody: finds the files, groups them into exhibits, copies each into the
 * vault while hashing it, and records it. What is already there is not taken twice. Returns what became of each, and what was
 * refused or could not be read. Call inside `operation.exclusively`.
 */
export async function receiveExhibits(
  operation: Operation,
  start: string,
  custody: Custody,
  onProgress: OnProgress,
): Promise<Received> {
  const { found, refused } = walk(start);
  if (found.length === 0 && refused.length === 0) {
    throw new WaymarkError('not-found', `there are no files under ${start}`, {
      remedy: 'Name the folder that holds the exhibits.',
    });
  }
  return receiveFiles(operation, found, refused, custody, onProgress);
}

/** The same for files that were found already. */
export async function receiveFiles(
  operation: Operation,
  found: readonly FoundFile[],
  refusedAlready: readonly Refused[],
  custody: Custody,
  onProgress: OnProgress,
): Promise<Received> {
  const refused = [...refusedAlready];
  const receipts: Receipt[] = [];
  const delivery =
    1 + operation.state.one<{ last: number }>('select coalesce(max(delivery), 0) as last from custody')!.last;
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
      const onBytes = (bytes: number) => {
        done += bytes;
        onProgress({ stage: 'taking in', what: parcel.path, done, total });
      };
      receipts.push(await receiveParcel(operation, parcel, { ...custody, delivery }, onBytes));
    } catch (error) {
      if (!(error instanceof WaymarkError) || error.code !== 'unreadable') throw error;
      refused.push({ path: parcel.path, reason: messageOf(error) });
    }
  }
  return { delivery, receipts, refused };
}

/** Small files wait for the disk more than they are worked on: so many go into the vault at once. */
const filesAtOnce = 16;

async function receiveParcel(
  operation: Operation,
  parcel: Parcel,
  custody: Custody & { readonly delivery: number },
  onBytes: (bytes: number) => void,
): Promise<Receipt> {
  const stored: { path: string; sha256: string; bytes: number; found: FoundFile }[] = [];
  for (let at = 0; at < parcel.files.length; at += filesAtOnce) {
    const part = parcel.files.slice(at, at + filesAtOnce);
    const added = await Promise.allSettled(part.map((each) => store(operation, each, onBytes)));
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
    return { exhibit: id, path: parcel.path, how: 'here already' };
  const { authority, reference, delivery } = custody;
  const note = custody.note?.trim() || null;
  const how = known ? 'received again' : 'received';
  const facts = {
    sha256,
    bytes,
    files: stored.length,
    ...(note !== null && { note: sha256Hex(note) }),
  };
  const time = operation.time();
  operation.record(
    { action: known ? 'exhibit.receive-again' : 'exhibit.receive', objects: [id], facts },
    () => {
      if (!known) {
        state.run(
          `insert into exhibit (id, sha256, kind, bytes, authority, reference, status)
         values ($id, $sha256, $kind, $bytes, $authority, $reference, 'received')`,
          { id, sha256, kind: parcel.kind, bytes, authority, reference },
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
      state.run(
        `insert into custody (delivery, exhibit, path, how, authority, reference, note, author, time)
         values ($delivery, $id, $path, $how, $authority, $reference, $note, $author, $time)`,
        { delivery, id, path: parcel.path, how, authority, reference, note, author: operation.actor, time },
      );
    },
  );
  return { exhibit: id, path: parcel.path, how };
}

/** Copies a file into the vault while hashing it, or moves it there where it was hashed while it arrived. */
async function store(
  operation: Operation,
  { file, sha256, bytes }: FoundFile,
  onBytes: (bytes: number) => void,
): Promise<{ sha256: string; bytes: number }> {
  if (sha256 === undefined) return operation.vault.add(file, onBytes);
  await operation.vault.adopt(file, sha256, bytes);
  onBytes(bytes);
  return { sha256, bytes };
}
