import { WaymarkError } from '../base/errors.ts';
import { maxBundleBytes, splitBundle } from './bundle.ts';
import { maxCheckpointBytes, verifyCheckpoint } from './checkpoint.ts';
import { readRegularFile } from './disk.ts';
import { decodeEntry, type Entry } from './entry.ts';
import { checkpointFile, type Tile, tilePath, tileWidth, widthAt } from './layout.ts';
import {
  consistencyProof,
  hashBytes,
  inclusionProof,
  leafHash,
  perfectRoot,
  rootAt,
  type SubtreeHash,
} from './merkle.ts';

/** Where the bytes of a ledger come from, and whose they must be. */
export interface LedgerIdentity {
  /** First line of every checkpoint; names the ledger. */
  readonly origin: string;
  /** Keys whose signature on the checkpoint is accepted, as text (`CreatedKey.vkey`). */
  readonly vkeys: readonly string[];
}

/** One entry with its place. `bytes` is the canonical JSON that was hashed. */
export interface LedgerEntry {
  readonly index: number;
  readonly entry: Entry;
  readonly bytes: Uint8Array;
}

/** The UTF-8 text of a checkpoint file. Throws as `readRegularFile`, and 'unreadable' when it is not UTF-8. */
export function readCheckpointText(folder: string): string {
  const bytes = readRegularFile(folder, checkpointFile, maxCheckpointBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new WaymarkError('unreadable', 'is not UTF-8', { where: checkpointFile, cause });
  }
}

/** The hashes of a tile. Throws as `readRegularFile`, and 'integrity' when it has not `width` hashes. */
export function readTile(folder: string, tile: Tile): Buffer {
  const file = tilePath(tile);
  const hashes = readRegularFile(folder, file, tileWidth * hashBytes);
  if (hashes.length === tile.width * hashBytes) return hashes;
  throw new WaymarkError('integrity', `does not hold ${tile.width} hashes`, { where: file });
}

/** The entries of a bundle. Throws as `readRegularFile`, and 'integrity' when it has not `width` entries. */
export function readBundle(folder: string, tile: Tile): Buffer[] {
  const file = tilePath(tile);
  const bundle = readRegularFile(folder, file, maxBundleBytes);
  const { entries, rest } = splitBundle(bundle, tile.width);
  if (entries.length === tile.width && rest === bundle.length) return entries;
  throw new WaymarkError('integrity', `does not hold ${tile.width} entries`, { where: file });
}

/**
 * A ledger opened to read: entries and proofs. Trusts the checkpoint's signature; hashes every entry it hands
 * out, but only `check` recomputes the whole.
 */
export class LedgerReader {
  readonly folder: string;
  readonly origin: string;
  protected checkpointText: string;
  protected currentSize: number;
  protected currentRoot: Buffer;

  /** Throws WaymarkError 'not-found' without a checkpoint, 'integrity' when it is not this ledger's. */
  constructor(folder: string, { origin, vkeys }: LedgerIdentity) {
    this.folder = folder;
    this.origin = origin;
    this.checkpointText = readCheckpointText(folder);
    const { size, root } = verifyCheckpoint(this.checkpointText, vkeys, origin);
    this.currentSize = size;
    this.currentRoot = root;
  }

  /** Number of entries. */
  get size(): number {
    return this.currentSize;
  }

  /** Merkle tree hash of all entries, 32 bytes. */
  get root(): Buffer {
    return Buffer.from(this.currentRoot);
  }

  /** The signed checkpoint, as text to print, carry out or hand to a witness. */
  get checkpoint(): string {
    return this.checkpointText;
  }

  /**
   * Entries `from` (included) to `to` (excluded), one bundle in memory at a time. Throws WaymarkError 'usage'
   * for a range outside the ledger, 'integrity' where an entry does not match its recorded hash.
   */
  *entries(from = 0, to: number = this.size): Generator<LedgerEntry> {
    this.#assertRange(from, to, this.size);
    for (let index = Math.floor(from / tileWidth); index * tileWidth < to; index++) {
      const width = widthAt(this.size, 0, index);
      const hashes = readTile(this.folder, { level: 0, index, width });
      const bundle = readBundle(this.folder, { level: 'entries', index, width });
      for (const [i, bytes] of bundle.entries()) {
        const number = index * tileWidth + i;
        if (number < from || number >= to) continue;
        if (!leafHash(bytes).equals(hashes.subarray(i * hashBytes, (i + 1) * hashBytes))) {
          throw new WaymarkError('integrity', `ledger entry ${number} does not match its recorded hash`, {
            where: tilePath({ level: 'entries', index, width }),
          });
        }
        yield { index: number, entry: decodeEntry(bytes), bytes };
      }
    }
  }

  /** Proof that an entry is among the first `size`. Throws WaymarkError 'usage' outside 0 ≤ index < size. */
  proveInclusion(index: number, size: number = this.size): Uint8Array[] {
    this.#assertRange(index, index + 1, size);
    this.#assertRange(0, size, this.size);
    return inclusionProof(this.subtrees(), index, size);
  }

  /** Proof that the first `second` entries extend the first `first`. Throws WaymarkError 'usage'. */
  proveConsistency(first: number, second: number = this.size): Uint8Array[] {
    this.#assertRange(first, second, this.size);
    return consistencyProof(this.subtrees(), first, second);
  }

  /** Merkle tree hash of the first `size` entries, from the tiles. Throws WaymarkError 'usage'. */
  rootAt(size: number): Uint8Array {
    this.#assertRange(0, size, this.size);
    return rootAt(this.subtrees(), size);
  }

  /** Hashes of subtrees from the tiles on disk; the tiles read are remembered for one proof. */
  protected subtrees(): SubtreeHash {
    const tiles = new Map<string, Buffer>();
    return (height, index) => {
      const level = Math.floor(height / 8);
      const count = 2 ** (height % 8);
      const first = index * count;
      const number = Math.floor(first / tileWidth);
      const tile = { level, index: number, width: widthAt(this.size, level, number) };
      const file = tilePath(tile);
      const hashes = tiles.get(file) ?? readTile(this.folder, tile);
      tiles.set(file, hashes);
      return perfectRoot(hashes, first % tileWidth, count);
    };
  }

  #assertRange(from: number, to: number, size: number): void {
    if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from <= to && to <= size)
      return;
    throw new WaymarkError('usage', `the ledger has no entries ${from} to ${to} among ${size}`);
  }
}
