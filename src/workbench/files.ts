import type { Engine } from '../store/engine.ts';
import { fileKinds, fileLists, fileStandings, filesPage } from '../store/queries/files-list.ts';

/** Where the hashes of a file stand. Without a hash nothing can be said. */
export const fileStandingNames = ['listed', 'both', 'known-good', 'on no list', 'no hash'] as const;
export type FileStanding = (typeof fileStandingNames)[number];

/** A record of a file: names and hashes, never what it shows. */
export interface FileRecord {
  readonly account: string | null;
  readonly handle: string | null;
  readonly person: string | null;
  readonly service: string | null;
  readonly name: string | null;
  readonly stored_name: string | null;
  readonly media_type: string | null;
  readonly size: number | null;
  readonly time: number | null;
  readonly time_text: string | null;
  readonly time_zone: string | null;
  readonly state: string | null;
  readonly md5: string | null;
  readonly sha1: string | null;
  readonly sha256: string | null;
  readonly standing: FileStanding;
  readonly list: string | null;
  readonly category: string | null;
  readonly list_pointer: string | null;
  readonly known_good: string | null;
  readonly known_good_pointer: string | null;
  readonly pointer: string;
  readonly content_pointer: string | null;
}

export interface FilesPage {
  /** Records of files in all: the sum of the standings. */
  readonly total: number;
  readonly standings: readonly {
    readonly standing: FileStanding;
    readonly files: number;
    readonly hashes: number;
    readonly accounts: number;
  }[];
  readonly kinds: readonly { readonly media_type: string | null; readonly files: number }[];
  readonly lists: readonly {
    readonly list: string;
    readonly disposition: string;
    readonly files: number;
    readonly matched: number;
  }[];
  readonly files: readonly FileRecord[];
  readonly more: boolean;
}

/** Files of the operation by what lists say of their hashes, those on lists first. `standing` '' for all. */
export async function listFiles(
  engine: Engine,
  standing: FileStanding | '',
  limit: number,
  offset: number,
): Promise<FilesPage> {
  const counted = await engine.rows<FilesPage['standings'][number]>(fileStandings);
  const kinds = await engine.rows<FilesPage['kinds'][number]>(fileKinds, { standing });
  const lists = await engine.rows<FilesPage['lists'][number]>(fileLists);
  const files = await engine.rows<FileRecord>(filesPage, { standing, limit: limit + 1, offset });
  const standings = fileStandingNames.map(
    (name) =>
      counted.find((each) => each.standing === name) ?? { standing: name, files: 0, hashes: 0, accounts: 0 },
  );
  return {
    total: standings.reduce((sum, each) => sum + each.files, 0),
    standings,
    kinds,
    lists,
    files: files.slice(0, limit),
    more: files.length > limit,
  };
}
