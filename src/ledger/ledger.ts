import * as fs from 'node:fs';
import * as path from 'node:path';
import { WaymarkError } from '../base/errors.ts';
import { frameEntry } from './bundle.ts';
import { signCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { type Disk, ensureFolder, listFiles, nodeDisk, placeFile, temporarySuffix } from './disk.ts';
import { type Entry, encodeEntry } from './entry.ts';
import type { SigningKey } from './key.ts';
import {
  belongs,
  checkpointFile,
  edgeTiles,
  levelCount,
  parseTilePath,
  type Tile,
  tilePath,
  tileWidth,
} from './layout.ts';
import { emptyRoot, leafHash } from './merkle.ts';
import { LedgerReader, readBundle, readCheckpointText, readTile } from './reader.ts';
import { EdgeTree } from './tree.ts';

export interface LedgerOptions {
  readonly origin: string;
  readonly key: SigningKey;
  /** Earlier keys of this ledger whose last checkpoint may still stand, after a change of key. */
  readonly earlierVkeys?: readonly string[];
  /** Checkpoints of this ledger kept elsewhere; opening fails unless the ledger still extends each. */
  readonly witness?: readonly string[];
  readonly disk?: Disk;
}

/** What opening put right after an interrupted append. */
export interface Repair {
  /** Files removed: unfinished ones, those beyond the checkpoint, and superseded partial tiles. */
  readonly files: readonly string[];
  /** Entries found beyond the checkpoint. None had been acknowledged. */
  readonly droppedEntries: number;
}

/** The unfinished right edge held in memory. */
interface Edge {
  readonly tree: EdgeTree;
  /** The framed entries of the partial bundle. */
  bundle: Buffer[];
}

/**
 * A ledger opened to append. One process at a time; the caller holds the lock. All calls are synchronous, and
 * what `append` returned is on disk.
 */
export class Ledger extends LedgerReader {
  readonly repair: Repair;
  readonly #key: SigningKey;
  readonly #disk: Disk;
  #edge: Edge;
  #failure: unknown = null;
  /** Folders, relative to the ledger's, whose own names this process has synced. */
  readonly #folders = new Set(['.']);

  /**
   * Begins a ledger of no entries in a folder that is missing or empty. Throws WaymarkError 'usage' when the
   * folder holds anything else, 'storage' when it could not be written.
   */
  static create(folder: string, options: LedgerOptions): Ledger {
    const disk = options.disk ?? nodeDisk;
    const text = signCheckpoint({ origin: options.origin, size: 0, root: emptyRoot() }, options.key);
    refuseNonEmpty(folder);
    storing(() => {
      const changed = ensureFolder(disk, path.resolve(folder));
      placeFile(disk, path.join(folder, checkpointFile), Buffer.from(text));
      for (const each of [folder, ...changed]) disk.syncFolder(each);
    });
    return new Ledger(folder, options);
  }

  /**
   * Opens a ledger, checks its right edge against the signed checkpoint, and removes what an interrupted
   * append left. Nothing is changed unless the edge and every witness checkpoint agree. Throws WaymarkError
   * 'not-found', 'integrity', 'storage'.
   */
  static open(folder: string, options: LedgerOptions): Ledger {
    return new Ledger(folder, options);
  }

  private constructor(folder: string, options: LedgerOptions) {
    const vkeys = [options.key.vkey, ...(options.earlierVkeys ?? [])];
    super(folder, { origin: options.origin, vkeys });
    this.#key = options.key;
    this.#disk = options.disk ?? nodeDisk;
    this.#edge = this.#readEdge();
    for (const note of options.witness ?? []) this.#assertExtends(note, vkeys);
    this.repair = storing(() => this.#repair());
  }

  /**
   * Appends entries as one batch and returns once they are durable: index of the first, and the new size.
   * All are validated before anything is written: WaymarkError 'usage' or 'limit' leaves the ledger as it
   * was. After 'storage' or 'busy' this object refuses to go on: whether the batch stands is then known only
   * by opening the ledger again, best in a new process.
   */
  append(entries: readonly Entry[]): { first: number; size: number } {
    if (this.#failure !== null) {
      throw new WaymarkError('storage', 'the ledger stopped after a failed write', {
        where: this.folder,
        remedy: 'Check the disk, then start again: opening the ledger repairs it.',
        cause: this.#failure,
      });
    }
    const first = this.size;
    const encoded = entries.map(encodeEntry);
    if (encoded.length === 0) return { first, size: first };
    try {
      this.#assertSoleWriter();
      storing(() => this.#write(encoded));
    } catch (cause) {
      this.#failure = cause;
      throw cause;
    }
    try {
      this.#removeSuperseded(first);
    } catch (cause) {
      // The batch is durable, so this is no error of the append; the next opening removes the files.
      this.#failure = cause;
    }
    return { first, size: this.size };
  }

  #write(encoded: readonly Buffer[]): void {
    const unsynced = new Set<string>();
    const before = new Set(edgeTiles(this.size).map(tilePath));
    const edge: Edge = { tree: this.#edge.tree.clone(), bundle: [...this.#edge.bundle] };
    const place = (tile: Tile, bytes: Uint8Array): void => {
      const file = tilePath(tile);
      this.#makeFolder(path.dirname(file), unsynced);
      placeFile(this.#disk, path.join(this.folder, file), bytes);
      unsynced.add(path.dirname(file));
    };
    for (const bytes of encoded) {
      edge.bundle.push(frameEntry(bytes));
      edge.tree.push(leafHash(bytes), (level, index, hashes) => {
        if (level === 0) {
          place({ level: 'entries', index, width: tileWidth }, Buffer.concat(edge.bundle));
          edge.bundle = [];
        }
        place({ level, index, width: tileWidth }, hashes);
      });
    }
    for (const tile of edgeTiles(edge.tree.size)) {
      if (before.has(tilePath(tile))) continue;
      place(tile, tile.level === 'entries' ? Buffer.concat(edge.bundle) : edge.tree.edge(tile.level));
    }
    for (const folder of unsynced) this.#disk.syncFolder(path.join(this.folder, folder));
    this.#commit(edge);
  }

  /** Signs and places the checkpoint: the moment from which the batch counts. */
  #commit(edge: Edge): void {
    const root = edge.tree.root();
    const text = signCheckpoint({ origin: this.origin, size: edge.tree.size, root }, this.#key);
    this.#placeCheckpoint(text);
    this.#edge = edge;
    this.checkpointText = text;
    this.currentSize = edge.tree.size;
    this.currentRoot = root;
  }

  #placeCheckpoint(text: string): void {
    placeFile(this.#disk, path.join(this.folder, checkpointFile), Buffer.from(text));
    this.#disk.syncFolder(this.folder);
  }

  /** Two writers would sign two histories; this finds the second before it signs. */
  #assertSoleWriter(): void {
    if (readCheckpointText(this.folder) === this.checkpointText) return;
    throw new WaymarkError('busy', 'another process has appended to the ledger', { where: this.folder });
  }

  #readEdge(): Edge {
    const mismatch = (cause?: unknown): WaymarkError =>
      new WaymarkError('integrity', 'the end of the ledger does not match its checkpoint', {
        where: this.folder,
        remedy: 'Change nothing and run a full check.',
        cause,
      });
    const edges: Uint8Array[] = Array.from({ length: levelCount(this.size) }, () => Buffer.alloc(0));
    let entries: Buffer[] = [];
    try {
      for (const tile of edgeTiles(this.size)) {
        if (tile.level === 'entries') entries = readBundle(this.folder, tile);
        else edges[tile.level] = readTile(this.folder, tile);
      }
    } catch (cause) {
      throw mismatch(cause);
    }
    const tree = EdgeTree.from(this.size, edges);
    const leaves = Buffer.concat(entries.map(leafHash));
    if (!tree.root().equals(this.root) || !leaves.equals(tree.edge(0))) throw mismatch();
    return { tree, bundle: entries.map(frameEntry) };
  }

  #assertExtends(note: string, vkeys: readonly string[]): void {
    const earlier = verifyCheckpoint(note, vkeys, this.origin);
    if (earlier.size <= this.size && earlier.root.equals(this.rootAt(earlier.size))) return;
    throw new WaymarkError(
      'integrity',
      `the ledger does not extend its checkpoint of ${earlier.size} entries`,
      {
        where: this.folder,
        remedy: 'Entries were dropped or changed: change nothing and compare with a backup.',
      },
    );
  }

  /**
   * The checkpoint is written anew before anything older is removed: a crash may have come between its
   * renaming and the syncing of the folder.
   */
  #repair(): Repair {
    const leftover: string[] = [];
    let end = this.size;
    for (const file of listFiles(this.folder)) {
      const whole = file.endsWith(temporarySuffix) ? file.slice(0, -temporarySuffix.length) : file;
      const tile = parseTilePath(whole);
      if (belongs(this.size, file) || (tile === null && whole !== checkpointFile)) continue;
      leftover.push(file);
      if (tile?.level === 'entries' && whole === file) {
        end = Math.max(end, tile.index * tileWidth + tile.width);
      }
    }
    this.#placeCheckpoint(this.checkpointText);
    for (const file of leftover) {
      // An unfinished checkpoint has just been written over and moved into place.
      if (file !== checkpointFile + temporarySuffix) this.#remove(file);
    }
    return { files: leftover, droppedEntries: end - this.size };
  }

  /**
   * Makes a folder and those above it, and names in `unsynced` each in which a name may be new. A folder that
   * is already there may come from an append that died before it could sync it, so it counts as new as well.
   */
  #makeFolder(folder: string, unsynced: Set<string>): void {
    if (this.#folders.has(folder)) return;
    const parent = path.dirname(folder);
    this.#makeFolder(parent, unsynced);
    if (!fs.existsSync(path.join(this.folder, folder))) {
      this.#disk.makeFolder(path.join(this.folder, folder));
    }
    unsynced.add(parent);
    this.#folders.add(folder);
  }

  #removeSuperseded(before: number): void {
    for (const tile of edgeTiles(before)) {
      const file = tilePath(tile);
      if (!belongs(this.size, file)) this.#remove(file);
    }
  }

  /** Removes a file and the folders this leaves empty. */
  #remove(file: string): void {
    this.#disk.remove(path.join(this.folder, file));
    let folder = path.dirname(file);
    while (folder !== '.' && fs.readdirSync(path.join(this.folder, folder)).length === 0) {
      this.#disk.removeFolder(path.join(this.folder, folder));
      this.#folders.delete(folder);
      folder = path.dirname(folder);
    }
  }
}

function refuseNonEmpty(folder: string): void {
  if (!fs.existsSync(folder) || fs.readdirSync(folder).every((name) => name.endsWith(temporarySuffix)))
    return;
  throw new WaymarkError('usage', 'a ledger begins in an empty folder', { where: folder });
}

/** Runs what writes, and turns what the disk says into WaymarkError 'storage'. */
function storing<T>(write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw new WaymarkError('storage', 'the ledger could not be written', {
      remedy: 'Check free space, permissions and the disk, then start again: opening the ledger repairs it.',
      cause,
    });
  }
}
