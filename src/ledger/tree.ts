import { tileWidth } from './layout.ts';
import { emptyRoot, hashBytes, nodeHash, perfectRoot } from './merkle.ts';

interface Level {
  readonly hashes: Buffer;
  width: number;
  /** Index of the tile being filled. */
  tile: number;
}

/** Receives each tile of hashes as it becomes full. `hashes` (8,192 bytes) is only valid during the call. */
export type FullTile = (level: number, index: number, hashes: Uint8Array) => void;

/**
 * The right edge of a tiled Merkle tree: at every level the hashes of the tile that is not yet full. That is
 * all it takes to append and to know the root, in memory that grows with the logarithm of the size.
 */
export class EdgeTree {
  #size = 0;
  readonly #levels: Level[] = [];

  get size(): number {
    return this.#size;
  }

  /**
   * The tree of `size` leaves from the hashes of its partial tiles; `edges[level]` is empty where a level has
   * no partial tile.
   */
  static from(size: number, edges: readonly Uint8Array[]): EdgeTree {
    const tree = new EdgeTree();
    tree.#size = size;
    edges.forEach((edge, level) => {
      const entry = tree.#level(level);
      entry.hashes.set(edge);
      entry.width = edge.length / hashBytes;
      entry.tile = Math.floor(size / tileWidth ** (level + 1));
    });
    return tree;
  }

  /** An independent copy, to try what the root would be. */
  clone(): EdgeTree {
    return EdgeTree.from(
      this.#size,
      this.#levels.map((_, level) => this.edge(level)),
    );
  }

  /** Appends the hash of one leaf. */
  push(leaf: Uint8Array, full?: FullTile): void {
    this.#size++;
    let number = 0;
    let level = this.#add(number, leaf);
    while (level.width === tileWidth) {
      full?.(number, level.tile, level.hashes);
      const root = perfectRoot(level.hashes, 0, tileWidth);
      level.width = 0;
      level.tile++;
      level = this.#add(++number, root);
    }
  }

  /** Hashes of the partial tile at a level, possibly none; valid until the next push. */
  edge(level: number): Uint8Array {
    const { hashes, width } = this.#level(level);
    return hashes.subarray(0, width * hashBytes);
  }

  /** Merkle tree hash of all leaves. */
  root(): Buffer {
    let root: Buffer | null = null;
    for (const { hashes, width } of this.#levels) {
      let end = width;
      for (let count = 1; count <= width; count *= 2) {
        if ((width & count) === 0) continue;
        end -= count;
        const block = perfectRoot(hashes, end, count);
        root = root === null ? block : nodeHash(block, root);
      }
    }
    return root ?? emptyRoot();
  }

  #add(number: number, hash: Uint8Array): Level {
    const level = this.#level(number);
    level.hashes.set(hash, level.width * hashBytes);
    level.width++;
    return level;
  }

  #level(number: number): Level {
    while (this.#levels.length <= number) {
      this.#levels.push({ hashes: Buffer.alloc(tileWidth * hashBytes), width: 0, tile: 0 });
    }
    return this.#levels[number]!;
  }
}
