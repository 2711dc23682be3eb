import { setImmediate } from 'node:timers/promises';
import { messageOf, WaymarkError } from '../base/errors.ts';
import { maxBundleBytes, splitBundle } from './bundle.ts';
import { parseCheckpoint, type SignedCheckpoint, verifyCheckpoint, verifySignatures } from './checkpoint.ts';
import { listFiles, readRegularFile } from './disk.ts';
import { decodeEntry } from './entry.ts';
import { parseVkey } from './key.ts';
import { belongs, checkpointFile, levelCount, type Tile, tilePath, tileWidth, widthAt } from './layout.ts';
import { hashBytes, leafHash, perfectRoot } from './merkle.ts';
import { readCheckpointText, readTile } from './reader.ts';
import { EdgeTree } from './tree.ts';

/** One thing that is not as the signed checkpoint demands. */
export interface Problem {
  /** The tool's own words; never text from an entry. */
  readonly what: string;
  /** The file to look at, relative to the ledger's folder, or 'witness <n>' for an earlier checkpoint given. */
  readonly file: string;
  /** First entry concerned, where one can be named. */
  readonly index?: number;
}

export interface CheckResult {
  readonly ok: boolean;
  readonly origin: string | null;
  /** What the checkpoint states; null when there is none to read. */
  readonly size: number | null;
  readonly root: Buffer | null;
  /** Smallest entry number named by any problem. */
  readonly firstBadIndex: number | null;
  /** At most `maxProblems`, in the order found. */
  readonly problems: readonly Problem[];
  readonly problemCount: number;
}

export interface CheckOptions {
  /** First line the checkpoint must have; the name of the (first) key unless given. */
  readonly origin?: string;
  /** Checkpoints of this ledger seen earlier and kept elsewhere: each must be a beginning of it. */
  readonly witness?: readonly string[];
  /** Called between bundles with the entries done and the size. */
  readonly onProgress?: (done: number, size: number) => void;
}

/** Problems kept one by one; the rest are counted. */
export const maxProblems = 100;

/** Bundles between two turns of the event loop. */
const bundlesPerTurn = 32;

/**
 * Recomputes a whole ledger from its entries and compares every byte of its folder with the result: entries,
 * tiles, checkpoint, signature, missing and additional files, and that it extends each earlier checkpoint.
 * `vkeys` are the keys trusted to have signed (more than one after a change of key). Reads only; constant
 * memory; the folder may come from a stranger. Nothing may append meanwhile. Throws only WaymarkError
 * 'usage', for a malformed verification key.
 */
export async function check(
  folder: string,
  vkeys: string | readonly string[],
  options: CheckOptions = {},
): Promise<CheckResult> {
  const checker = new Checker(folder, typeof vkeys === 'string' ? [vkeys] : vkeys, options);
  return await checker.run();
}

interface Earlier extends SignedCheckpoint {
  readonly name: string;
}

class Checker {
  readonly #folder: string;
  readonly #vkeys: readonly string[];
  readonly #origin: string;
  readonly #options: CheckOptions;
  readonly #problems: Problem[] = [];
  #problemCount = 0;
  #firstBadIndex: number | null = null;
  #size = 0;
  #root: Buffer | null = null;
  readonly #tree = new EdgeTree();
  /** Earlier checkpoints not yet reached, smallest first. */
  #earlier: Earlier[] = [];
  /** Size of the last earlier checkpoint that the entries agree with. */
  #vouched = 0;

  constructor(folder: string, vkeys: readonly string[], options: CheckOptions) {
    const keys = vkeys.map(parseVkey);
    if (keys[0] === undefined) throw new WaymarkError('usage', 'a check needs a verification key');
    this.#folder = folder;
    this.#vkeys = vkeys;
    this.#origin = options.origin ?? keys[0].name;
    this.#options = options;
  }

  async run(): Promise<CheckResult> {
    const checkpoint = this.#attempt(checkpointFile, () => this.#readCheckpoint());
    if (checkpoint) {
      this.#size = checkpoint.size;
      this.#root = checkpoint.root;
      this.#readEarlier();
      if (await this.#streamEntries()) this.#compareEnd(checkpoint.root);
      this.#attempt('tile', () => this.#findExtra());
    }
    return {
      ok: this.#problemCount === 0,
      origin: checkpoint?.origin ?? null,
      size: checkpoint?.size ?? null,
      root: checkpoint?.root ?? null,
      firstBadIndex: this.#firstBadIndex,
      problems: this.#problems,
      problemCount: this.#problemCount,
    };
  }

  #report(file: string, what: string, index?: number): void {
    this.#problemCount++;
    if (index !== undefined) this.#firstBadIndex = Math.min(index, this.#firstBadIndex ?? index);
    if (this.#problems.length < maxProblems) {
      this.#problems.push({ what, file, ...(index !== undefined && { index }) });
    }
  }

  /** Result of a step, or null with what it threw reported as a problem. */
  #attempt<T>(file: string, step: () => T, index?: number): T | null {
    try {
      return step();
    } catch (error) {
      this.#report(file, error instanceof WaymarkError ? error.message : messageOf(error), index);
      return null;
    }
  }

  /** A checkpoint that is badly signed is a problem, yet still says what the rest is to be compared with. */
  #readCheckpoint(): SignedCheckpoint {
    const checkpoint = parseCheckpoint(readCheckpointText(this.#folder));
    this.#attempt(checkpointFile, () => verifySignatures(checkpoint, this.#vkeys.map(parseVkey)));
    if (checkpoint.origin !== this.#origin) {
      this.#report(checkpointFile, 'the checkpoint belongs to another ledger');
    }
    return checkpoint;
  }

  #readEarlier(): void {
    for (const [i, note] of (this.#options.witness ?? []).entries()) {
      const name = `witness ${i + 1}`;
      const earlier = this.#attempt(name, () => verifyCheckpoint(note, this.#vkeys, this.#origin));
      if (earlier === null) continue;
      if (earlier.size <= this.#size) this.#earlier.push({ ...earlier, name });
      else this.#report(name, `${earlier.size} entries were witnessed, ${this.#size} are left`, this.#size);
    }
    this.#earlier.sort((a, b) => a.size - b.size);
    this.#compareEarlier();
  }

  #compareEarlier(): void {
    while (this.#earlier[0]?.size === this.#tree.size) {
      const { name, size, root } = this.#earlier.shift()!;
      if (this.#tree.root().equals(root)) this.#vouched = size;
      else
        this.#report(name, `entries ${this.#vouched} to ${size - 1} are not those witnessed`, this.#vouched);
    }
  }

  /** False when neither entries nor hashes are left to go on with. */
  async #streamEntries(): Promise<boolean> {
    for (let index = 0; index * tileWidth < this.#size; index++) {
      const leaves = this.#checkBundle(index, widthAt(this.#size, 0, index));
      if (leaves === null) {
        const first = index * tileWidth;
        this.#report(checkpointFile, `entries ${first} to ${this.#size - 1} could not be checked`, first);
        return false;
      }
      for (let at = 0; at < leaves.length; at += hashBytes) {
        this.#tree.push(leaves.subarray(at, at + hashBytes), this.#compareFull);
        if (this.#earlier.length > 0) this.#compareEarlier();
      }
      if (index % bundlesPerTurn !== 0) continue;
      this.#options.onProgress?.(this.#tree.size, this.#size);
      await setImmediate();
    }
    this.#options.onProgress?.(this.#size, this.#size);
    return true;
  }

  /**
   * Compares a bundle with its tile of leaf hashes. Returns the hashes to build the tree with: those of the
   * entries, or those recorded where the tree says that the entries are what changed; null with neither.
   */
  #checkBundle(index: number, width: number): Buffer | null {
    const bundle: Tile = { level: 'entries', index, width };
    const tile: Tile = { level: 0, index, width };
    const first = index * tileWidth;
    const computed = this.#attempt(tilePath(bundle), () => this.#hashEntries(bundle, first), first);
    const recorded = this.#attempt(tilePath(tile), () => readTile(this.#folder, tile), first);
    if (computed === null || recorded === null) return computed ?? recorded;
    if (computed.equals(recorded)) return computed;
    const differing = firstDifference(computed, recorded);
    const entriesChanged = computed.length < recorded.length || this.#agrees(recorded, tile);
    if (entriesChanged) this.#report(tilePath(bundle), 'an entry was changed', first + differing);
    else this.#report(tilePath(tile), 'a leaf hash is not that of its entry', first + differing);
    return entriesChanged ? recorded : computed;
  }

  /** Leaf hashes of a bundle's entries; fewer than its width, and a problem, where it is damaged. */
  #hashEntries(bundle: Tile, first: number): Buffer {
    const file = tilePath(bundle);
    const bytes = readRegularFile(this.#folder, file, maxBundleBytes);
    const { entries, rest } = splitBundle(bytes, bundle.width);
    const hashes = Buffer.allocUnsafe(entries.length * hashBytes);
    for (const [i, entry] of entries.entries()) {
      hashes.set(leafHash(entry), i * hashBytes);
      this.#attempt(file, () => decodeEntry(entry), first + i);
    }
    if (entries.length < bundle.width) this.#report(file, 'the bundle is cut off', first + entries.length);
    else if (rest < bytes.length)
      this.#report(file, 'the bundle holds bytes too many', first + bundle.width - 1);
    return hashes;
  }

  /** Whether leaf hashes agree with what is recorded above them: the next tile, or at the edge the root. */
  #agrees(leaves: Buffer, { index, width }: Tile): boolean {
    if (width === tileWidth) {
      const parent = Math.floor(index / tileWidth);
      const tile = { level: 1, index: parent, width: widthAt(this.#size, 1, parent) };
      try {
        const above = readTile(this.#folder, tile);
        const at = (index % tileWidth) * hashBytes;
        return perfectRoot(leaves, 0, tileWidth).equals(above.subarray(at, at + hashBytes));
      } catch {
        return false; // What is wrong with that tile is reported when its own turn comes.
      }
    }
    const tree = this.#tree.clone();
    for (let at = 0; at < leaves.length; at += hashBytes) {
      tree.push(leaves.subarray(at, at + hashBytes));
    }
    return this.#root !== null && tree.root().equals(this.#root);
  }

  readonly #compareFull = (level: number, index: number, hashes: Uint8Array): void => {
    if (level > 0) this.#compareTile({ level, index, width: tileWidth }, hashes);
  };

  #compareTile(tile: Tile, hashes: Uint8Array): void {
    const file = tilePath(tile);
    const span = tileWidth ** Number(tile.level);
    const first = tile.index * tileWidth * span;
    const recorded = this.#attempt(file, () => readTile(this.#folder, tile), first);
    if (recorded === null || recorded.equals(hashes)) return;
    const differing = firstDifference(hashes, recorded);
    this.#report(file, `hash ${differing} is not that of the tile below`, first + differing * span);
  }

  #compareEnd(root: Buffer): void {
    for (let level = 1; level < levelCount(this.#size); level++) {
      const edge = this.#tree.edge(level);
      const index = Math.floor(this.#size / tileWidth ** (level + 1));
      if (edge.length > 0) this.#compareTile({ level, index, width: edge.length / hashBytes }, edge);
    }
    if (!this.#tree.root().equals(root)) {
      this.#report(checkpointFile, 'the entries do not hash to the root that was signed');
    }
  }

  #findExtra(): void {
    for (const file of listFiles(this.#folder)) {
      if (belongs(this.#size, file)) continue;
      this.#report(file, 'is no part of the ledger, or was left by an interrupted append');
    }
  }
}

/** Number of the first hash in which two tiles differ. */
function firstDifference(a: Uint8Array, b: Uint8Array): number {
  let at = 0;
  while (a[at] === b[at] && at < a.length) at++;
  return Math.floor(at / hashBytes);
}
