import type { FoundFile } from './walk.ts';

/** Files that make one exhibit: a single file, or the small single-item files of one folder. */
export interface Parcel {
  readonly kind: 'file' | 'folder';
  /** Path as received; of the folder where it is one. */
  readonly path: string;
  readonly files: readonly FoundFile[];
}

/**
 * Groups found files into exhibits. `isItem` says whether a file is one of many small ones (a single mail, a
 * stored attachment). The `cur` and `new` folders of a Maildir belong to the folder above them.
 */
export function groupIntoParcels(
  found: readonly FoundFile[],
  isItem: (file: FoundFile) => boolean,
): Parcel[] {
  const parcels: Parcel[] = [];
  const folders = new Map<string, FoundFile[]>();
  for (const file of found) {
    if (!isItem(file)) {
      parcels.push({ kind: 'file', path: file.path, files: [file] });
      continue;
    }
    const folder = folderOf(file.path);
    const held = folders.get(folder);
    if (held) held.push(file);
    else folders.set(folder, [file]);
  }
  for (const [folder, files] of folders) {
    const single = files.length === 1;
    parcels.push({ kind: single ? 'file' : 'folder', path: single ? files[0]!.path : folder || '.', files });
  }
  return parcels.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  const folder = cut < 0 ? '' : path.slice(0, cut);
  return folder.replace(/(^|\/)(cur|new|tmp)$/, '');
}

/** Path of a file inside its folder exhibit. */
export function pathInside(parcel: Parcel, file: FoundFile): string {
  if (parcel.kind === 'file') return '';
  return parcel.path === '.' ? file.path : file.path.slice(parcel.path.length + 1);
}
