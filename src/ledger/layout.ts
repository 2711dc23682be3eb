/**
 * Where the parts of a ledger stand in its folder (C2SP tlog-tiles). Paths are relative to that folder and
 * use '/' on every platform.
 */

/** Hashes in a full tile, entries in a full bundle. */
export const tileWidth = 256;

export const checkpointFile = 'checkpoint';

/** A tile of hashes at `level` 0 or above, or a bundle of the entries under the level 0 tile of that index. */
export interface Tile {
  readonly level: number | 'entries';
  readonly index: number;
  /** 1 to 256; below 256 the tile is partial. */
  readonly width: number;
}

/** Number of hashes that stand at `level` in a tree of `size` leaves: each covers 256**level leaves. */
export function hashesAtLevel(size: number, level: number): number {
  return Math.floor(size / tileWidth ** level);
}

/** Number of tile levels of a tree of `size` leaves; 0 for the empty tree. */
export function levelCount(size: number): number {
  let levels = 0;
  while (hashesAtLevel(size, levels) > 0) levels++;
  return levels;
}

/** Width of a tile in a tree of `size` leaves, 0 where there is none. */
export function widthAt(size: number, level: number | 'entries', index: number): number {
  const hashes = hashesAtLevel(size, level === 'entries' ? 0 : level);
  return Math.max(0, Math.min(tileWidth, hashes - index * tileWidth));
}

/** Path of a tile: `tile/<L>/<N>[.p/<W>]`, N in 3-digit elements of which all but the last begin with 'x'. */
export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const elements = padded.match(/\d{3}/g)!;
  const number = elements.map((each, i) => (i < elements.length - 1 ? `x${each}` : each)).join('/');
  return `tile/${level}/${number}${width < tileWidth ? `.p/${width}` : ''}`;
}

/** The tile a path names, or null when it is not written exactly as `tilePath` would. */
export function parseTilePath(file: string): Tile | null {
  const match = /^tile\/(\d{1,2}|entries)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(file);
  if (match === null) return null;
  const level = match[1] === 'entries' ? 'entries' : Number(match[1]);
  const index = Number(match[2]!.replace(/[x/]/g, ''));
  const tile = { level, index, width: match[3] === undefined ? tileWidth : Number(match[3]) } as const;
  return tile.width > 0 && tilePath(tile) === file ? tile : null;
}

/** The partial tiles and the partial bundle at the right edge of a tree of `size` leaves. */
export function edgeTiles(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; level < levelCount(size); level++) {
    const hashes = hashesAtLevel(size, level);
    const edge = { index: Math.floor(hashes / tileWidth), width: hashes % tileWidth };
    if (edge.width === 0) continue;
    if (level === 0) tiles.push({ level: 'entries', ...edge });
    tiles.push({ level, ...edge });
  }
  return tiles;
}

/** Whether a tree of `size` leaves consists of this file among others, the checkpoint included. */
export function belongs(size: number, file: string): boolean {
  if (file === checkpointFile) return true;
  const tile = parseTilePath(file);
  return tile !== null && widthAt(size, tile.level, tile.index) === tile.width;
}
