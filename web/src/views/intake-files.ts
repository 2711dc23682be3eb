import { type Answer, api, arrivedIn, sentKey } from '../api.ts';
import { asEvidence, type Evidence } from '../ui/evidence.ts';

/** A file that was chosen or dropped, with the path that it will be known by. */
export interface Chosen {
  readonly path: string;
  readonly file: File;
}

/** Files of a field, with their folder where one was chosen. */
export function chosenOf(files: FileList | null): Chosen[] {
  return [...(files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** What was dropped: files, and everything in folders. */
export async function droppedOf(items: DataTransferItemList): Promise<Chosen[]> {
  // Taken at once: the list is empty when the event has passed.
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found: Chosen[] = [];
  for (const entry of entries) await gather(entry, found);
  return found;
}

async function gather(entry: FileSystemEntry, into: Chosen[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    into.push({ path: entry.fullPath.replace(/^\//, ''), file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A folder is told part by part; the last part is empty.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return;
    for (const inner of part) await gather(inner, into);
  }
}

/** Both lists, each path once: what was chosen last counts. */
export function joined(before: readonly Chosen[], more: readonly Chosen[]): Chosen[] {
  const all = new Map([...before, ...more].map((each) => [each.path, each]));
  return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function sizeOf(chosen: readonly Chosen[]): number {
  return chosen.reduce((sum, { file }) => sum + file.size, 0);
}

export interface Sending {
  readonly at: number;
  readonly name: Evidence;
  readonly sent: number;
}

/**
 * Sends files one after the other, piece by piece; what has arrived already of the same file (path, size and time
 * of change) is not sent again. Returns the upload's id, or null when it was stopped.
 */
export async function sendAll(
  chosen: readonly Chosen[],
  intake: Answer<'showIntake'>,
  tell: (sending: Sending) => void,
  isStopped: () => boolean,
): Promise<string | null> {
  const upload = intake.upload ?? (await api.beginUpload(chosen.length, sizeOf(chosen)));
  const arrived = arrivedIn(upload);
  let sent = 0;
  for (const [at, { path, file }] of chosen.entries()) {
    const [bytes, modified] = [file.size, Math.max(0, Math.trunc(file.lastModified))];
    const before = arrived.get(sentKey(path, bytes, modified));
    let offset = before ?? 0;
    let isFirst = before === undefined;
    while (offset < bytes || isFirst) {
      if (isStopped()) return null;
      tell({ at: at + 1, name: asEvidence(path), sent: sent + offset });
      const piece = file.slice(offset, offset + intake.limits.piece);
      const query = { upload: upload.id, path: path.toWellFormed(), bytes, modified, offset };
      ({ received: offset } = await api.sendPiece(query, piece));
      isFirst = false;
    }
    sent += bytes;
  }
  return upload.id;
}
