import { hash } from 'node:crypto';

/** Bytes of one SHA-256 hash. */
export const hashBytes = 32;

/** Longest data of one leaf: what the 16-bit length prefix of a C2SP entry bundle can state. */
export const maxEntryBytes = 65_535;

const leafInput = Buffer.alloc(1 + maxEntryBytes);
const nodeInput = Buffer.alloc(1 + 2 * hashBytes, 0x01);

/** Hash of a leaf, SHA256(0x00 ‖ data) (RFC 6962, 2.1). Throws RangeError above `maxEntryBytes`. */
export function leafHash(data: Uint8Array): Buffer {
  leafInput.set(data, 1);
  return hash('sha256', leafInput.subarray(0, 1 + data.length), 'buffer');
}

/** Hash of an inner node, SHA256(0x01 ‖ left ‖ right) (RFC 6962, 2.1). Both are 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + hashBytes);
  return hash('sha256', nodeInput, 'buffer');
}

/** Root of the tree without leaves, SHA256(""). */
export function emptyRoot(): Buffer {
  return hash('sha256', '', 'buffer');
}

/**
 * Root of a perfect subtree over `count` (a power of two) hashes that stand one after another in `hashes`
 * from hash number `start`.
 */
export function perfectRoot(hashes: Uint8Array, start: number, count: number): Buffer {
  const level = Buffer.from(hashes.subarray(start * hashBytes, (start + count) * hashBytes));
  for (let width = count; width > 1; width /= 2) {
    for (let i = 0; i < width; i += 2) {
      const left = level.subarray(i * hashBytes, (i + 1) * hashBytes);
      const right = level.subarray((i + 1) * hashBytes, (i + 2) * hashBytes);
      level.set(nodeHash(left, right), (i / 2) * hashBytes);
    }
  }
  return level.subarray(0, hashBytes);
}

/** The hash of each perfect, aligned subtree: leaves `index * 2**height` up to `(index + 1) * 2**height`. */
export type SubtreeHash = (height: number, index: number) => Uint8Array;

/** Largest power of two smaller than `n`, for n ≥ 2. */
function splitPoint(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

/** k where n = 2**k, or -1. (Math.log2 rounds: from about 2**47 it takes some n for powers that are none.) */
function heightOf(n: number): number {
  let height = 0;
  let power = 1;
  for (; power < n; power *= 2) height++;
  return power === n ? height : -1;
}

/** MTH(D[from:to]) (RFC 6962, 2.1) for ranges that arise by splitting a tree from the left; from < to. */
export function rangeHash(subtree: SubtreeHash, from: number, to: number): Uint8Array {
  const length = to - from;
  const height = heightOf(length);
  if (height >= 0) return subtree(height, from / length);
  const middle = from + splitPoint(length);
  return nodeHash(rangeHash(subtree, from, middle), rangeHash(subtree, middle, to));
}

/** Root of the tree of the first `size` leaves. */
export function rootAt(subtree: SubtreeHash, size: number): Uint8Array {
  return size === 0 ? emptyRoot() : rangeHash(subtree, 0, size);
}

/**
 * Inclusion proof PATH(index, D[size]) (RFC 6962, 2.1.1), from the leaf's sibling up to the root's child.
 * Needs index < size.
 */
export function inclusionProof(subtree: SubtreeHash, index: number, size: number): Uint8Array[] {
  const proof: Uint8Array[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitPoint(to - from);
    if (index < middle) {
      proof.unshift(rangeHash(subtree, middle, to));
      to = middle;
    } else {
      proof.unshift(rangeHash(subtree, from, middle));
      from = middle;
    }
  }
  return proof;
}

/**
 * Consistency proof PROOF(first, D[second]) (RFC 6962, 2.1.2). Needs first ≤ second. Empty when first is 0
 * or equals second.
 */
export function consistencyProof(subtree: SubtreeHash, first: number, second: number): Uint8Array[] {
  const proof: Uint8Array[] = [];
  if (first === 0 || first === second) return proof;
  let from = 0;
  let to = second;
  while (first !== to) {
    const middle = from + splitPoint(to - from);
    if (first <= middle) {
      proof.unshift(rangeHash(subtree, middle, to));
      to = middle;
    } else {
      proof.unshift(rangeHash(subtree, from, middle));
      from = middle;
    }
  }
  if (from > 0) proof.unshift(rangeHash(subtree, from, to));
  return proof;
}

const isOdd = (n: number): boolean => n % 2 === 1;
const half = (n: number): number => Math.floor(n / 2);
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Whether `proof` shows that the leaf stands at `index` of the tree of `size` leaves (RFC 9162, 2.1.3.2). */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let node = index;
  let last = size - 1;
  let computed = leaf;
  for (const hashed of proof) {
    if (last === 0 || hashed.length !== hashBytes) return false;
    if (isOdd(node) || node === last) {
      computed = nodeHash(hashed, computed);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      computed = nodeHash(computed, hashed);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && same(computed, root);
}

/**
 * Whether `proof` shows that the tree of `second` leaves extends the tree of `first` leaves
 * (RFC 9162, 2.1.4.2). The empty tree is extended by every tree, with an empty proof.
 */
export function verifyConsistency(
  first: number,
  firstRoot: Uint8Array,
  second: number,
  secondRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(second) || first < 0 || first > second)
    return false;
  if (first === second) return proof.length === 0 && same(firstRoot, secondRoot);
  if (first === 0) return proof.length === 0 && same(firstRoot, emptyRoot());
  const path = heightOf(first) >= 0 ? [firstRoot, ...proof] : [...proof];
  let node = first - 1;
  let last = second - 1;
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  const start = path.shift();
  if (start === undefined || start.length !== hashBytes) return false;
  let [old, now]: [Uint8Array, Uint8Array] = [start, start];
  for (const hashed of path) {
    if (last === 0 || hashed.length !== hashBytes) return false;
    if (isOdd(node) || node === last) {
      old = nodeHash(hashed, old);
      now = nodeHash(hashed, now);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      now = nodeHash(now, hashed);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && same(old, firstRoot) && same(now, secondRoot);
}
