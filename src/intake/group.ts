import type { FoundFile } from './walk.ts';

/** Files that make one exhibit: a single file, or the small single-item files of one folder. */
export interface Parcel {
  readonly kind: 'file' | 'folder';
  /** Path as received; of the folder where it is one. */
  readonly path: string;
  readonly files: readonly FoundFile[];
}

/** Files of one exhibit at most, since each large one is a descriptor of the sandbox. */
const maxFiles = 400;

const mappingName = /\.columns\.(json|ya?ml)$/;

/** Whether a file, by its name, says what the columns of a list beside it are. */
export function isMapping(path: string): boolean {
  return mappingName.test(path);
}

/**
 * The file beside `path` that names its columns (`list.columns.yaml` for `list.csv`, or for `list.csv` in full), among
 * some paths; undefined where there is none.
 */
export function mappingBeside(path: string, paths: Iterable<string>): string | undefined {
  if (isMapping(path)) return undefined;
  for (const each of paths) {
    const bare = mappingName.test(each) ? each.replace(mappingName, '') : null;
    if (bare !== null && (path === bare || path.replace(/\.(csv|tsv|txt|parquet)(\.gz)?$/i, '') === bare))
      return each;
  }
  return undefined;
}

/**
 * Groups found files into exhibits. `isItem` says whether a file is one of many small ones (a single mail, a
 * stored attachment): those of one folder are one exhibit, and the `cur` and `new` folders of a Maildir belong to
 * the folder above them. A rotated log (`access.log`, `access.log.1`, `access.log.2.gz`) is one exhibit, and so is a list
 * with the file that names its columns.
 */
export function groupIntoParcels(
  found: readonly FoundFile[],
  isItem: (file: FoundFile) => boolean,
): Parcel[] {
  const parcels: Parcel[] = [];
  const folders = new Map<string, FoundFile[]>();
  const series = new Map<string, FoundFile[]>();
  const mappings = found.filter((file) => isMapping(file.path)).map((file) => file.path);
  const mapped = new Map<string, FoundFile[]>();
  for (const file of mappings.length > 0 ? found : []) {
    const beside = mappingBeside(file.path, mappings);
    if (beside !== undefined) mapped.set(beside, [...(mapped.get(beside) ?? []), file]);
  }
  const paired = new Set<FoundFile>();
  for (const file of found) {
    const lists = mapped.get(file.path);
    if (lists === undefined) continue;
    const files = [...lists, file];
    parcels.push({ kind: 'folder', path: lists[0]!.path, files });
    for (const each of files) paired.add(each);
  }
  for (const file of found) {
    if (paired.has(file)) continue;
    const [groups, key] = isItem(file)
      ? [folders, folderOf(file.path)]
      : [series, rotationOf(file.path).series];
    const held = groups.get(key);
    if (held) held.push(file);
    else groups.set(key, [file]);
  }
  for (const [folder, files] of folders) {
    for (const [index, part] of parts(files).entries()) parcels.push(parcelOf(folder || '.', index, part));
  }
  for (const [name, files] of series) {
    // A name and its compressed copy are no series; several numbers of one name are.
    const rotated = files.filter((file) => rotationOf(file.path).numbered).length >= files.length - 1;
    const groups = rotated ? parts(files) : files.map((file) => [file]);
    for (const [index, part] of groups.entries()) parcels.push(parcelOf(`${name}*`, index, part));
  }
  return parcels.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function parcelOf(path: string, index: number, files: readonly FoundFile[]): Parcel {
  if (files.length === 1) return { kind: 'file', path: files[0]!.path, files };
  return { kind: 'folder', path: index === 0 ? path : `${path} (part ${index + 1})`, files };
}

function parts(files: readonly FoundFile[]): FoundFile[][] {
  const out: FoundFile[][] = [];
  for (let at = 0; at < files.length; at += maxFiles) out.push(files.slice(at, at + maxFiles));
  return out;
}

/** A log's name without what rotation adds: `.1`, `-20190106`, `.gz`. */
function rotationOf(path: string): { series: string; numbered: boolean } {
  const bare = path.replace(/\.gz$/, '');
  const series = bare.replace(/[.-]\d{1,8}$/, '');
  return { series, numbered: series !== bare };
}

function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  const folder = cut < 0 ? '' : path.slice(0, cut);
  return folder.replace(/(^|\/)(cur|new|tmp)$/, '');
}

/** Path of a file inside its folder exhibit: what is left once the folder that holds them all is taken off. */
export function pathInside(parcel: Parcel, file: FoundFile): string {
  if (parcel.kind === 'file') return '';
  const shared = parcel.files.map((each) => folderOf(each.path)).sort();
  const [first, last] = [shared[0]!, shared.at(-1)!];
  return first === '' || first !== last ? file.path : file.path.slice(first.length + 1);
}
