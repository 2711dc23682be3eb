import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  consistencyProof,
  emptyRoot,
  inclusionProof,
  leafHash,
  maxEntryBytes,
  nodeHash,
  rangeHash,
  rootAt,
  type SubtreeHash,
  verifyConsistency,
  verifyInclusion,
} from '../../src/ledger/merkle.ts';
import { EdgeTree } from '../../src/ledger/tree.ts';

/** MTH as RFC 6962, 2.1 words it, to hold the fast forms against. */
function plainRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return emptyRoot();
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(plainRoot(leaves.slice(0, k)), plainRoot(leaves.slice(k)));
}

function subtreesOf(leaves: readonly Uint8Array[]): SubtreeHash {
  return (height, index) => plainRoot(leaves.slice(index * 2 ** height, (index + 1) * 2 ** height));
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function leavesOf(count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`bicycle ${i}`)));
}

function changed(bytes: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = copy[at]! ^ 1;
  return copy;
}

test('the roots published for Certificate Transparency test leaves', () => {
  const inputs = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];
  const leaves = inputs.map((input) => leafHash(Buffer.from(input, 'hex')));
  const published: Record<number, string> = {
    0: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    1: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    3: 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    7: 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    8: '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  };
  for (const [size, root] of Object.entries(published)) {
    assert.equal(hex(rootAt(subtreesOf(leaves), Number(size))), root);
    const tree = new EdgeTree();
    for (const leaf of leaves.slice(0, Number(size))) tree.push(leaf);
    assert.equal(hex(tree.root()), root);
  }
});

test('the edge tree has the root of the plain definition at every size, and full tiles as it grows', () => {
  const leaves = leavesOf(1100);
  const tree = new EdgeTree();
  const tiles: string[] = [];
  for (const [i, leaf] of leaves.entries()) {
    tree.push(leaf, (level, index, hashes) => {
      tiles.push(`${level}/${index}`);
      assert.deepEqual(
        Buffer.from(hashes),
        Buffer.concat(leaves.slice(index * 256, index * 256 + 256)),
        'a level 0 tile is its leaf hashes',
      );
    });
    if (i % 37 !== 0 && i < 1090) continue;
    assert.equal(hex(tree.root()), hex(plainRoot(leaves.slice(0, i + 1))));
    assert.equal(hex(tree.clone().root()), hex(tree.root()));
  }
  const silent = new EdgeTree();
  for (const leaf of leaves) silent.push(leaf);
  assert.equal(hex(silent.root()), hex(tree.root()));
  assert.deepEqual(tiles, ['0/0', '0/1', '0/2', '0/3']);
});

test('every inclusion and consistency proof of every small tree verifies, and only in its place', () => {
  const leaves = leavesOf(20);
  const subtrees = subtreesOf(leaves);
  for (let size = 1; size <= leaves.length; size++) {
    const root = rootAt(subtrees, size);
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(subtrees, index, size);
      for (let claimed = 0; claimed < size; claimed++) {
        assert.equal(verifyInclusion(leaves[index]!, claimed, size, root, proof), claimed === index);
      }
      assert.equal(verifyInclusion(leaves[index]!, index, size, root, [...proof, root]), false);
      if (proof.length > 0) {
        assert.equal(verifyInclusion(leaves[index]!, index, size, root, proof.slice(1)), false);
      }
    }
    for (let first = 0; first <= size; first++) {
      const proof = consistencyProof(subtrees, first, size);
      assert.equal(verifyConsistency(first, rootAt(subtrees, first), size, root, proof), true);
      assert.equal(verifyConsistency(first, rootAt(subtrees, first), size, root, [...proof, root]), false);
    }
  }
});

test('proofs of larger trees verify, and fail on any changed byte', () => {
  const leaves = leavesOf(600);
  const subtrees = subtreesOf(leaves);
  const sizes = fc
    .tuple(fc.integer({ min: 1, max: 600 }), fc.nat(), fc.nat(), fc.nat())
    .map(([size, a, b, at]) => ({ size, index: a % size, first: 1 + (b % size), at }));
  fc.assert(
    fc.property(sizes, ({ size, index, first, at }) => {
      const root = rootAt(subtrees, size);
      const inclusion = inclusionProof(subtrees, index, size);
      assert.ok(verifyInclusion(leaves[index]!, index, size, root, inclusion));
      assert.ok(!verifyInclusion(changed(leaves[index]!, at % 32), index, size, root, inclusion));
      assert.ok(!verifyInclusion(leaves[index]!, index, size, changed(root, at % 32), inclusion));
      inclusion.forEach((hash, i) => {
        const bad = inclusion.with(i, changed(hash, at % 32));
        assert.ok(!verifyInclusion(leaves[index]!, index, size, root, bad));
        assert.ok(!verifyInclusion(leaves[index]!, index, size, root, inclusion.with(i, hash.subarray(1))));
      });
      const old = rootAt(subtrees, first);
      const consistency = consistencyProof(subtrees, first, size);
      assert.ok(verifyConsistency(first, old, size, root, consistency));
      assert.ok(!verifyConsistency(first, changed(old, at % 32), size, root, consistency));
      assert.ok(!verifyConsistency(first, old, size, changed(root, at % 32), consistency));
      consistency.forEach((hash, i) => {
        const bad = consistency.with(i, changed(hash, at % 32));
        assert.ok(!verifyConsistency(first, old, size, root, bad));
        const short = consistency.with(i, hash.subarray(1));
        assert.ok(!verifyConsistency(first, old, size, root, short));
      });
      if (consistency.length > 0) {
        assert.ok(!verifyConsistency(first, old, size, root, []));
        assert.ok(!verifyConsistency(first, old, size, root, consistency.slice(0, -1)));
      }
    }),
    { seed: 6962, numRuns: 60 },
  );
});

test('sizes and places that no proof can have are refused', () => {
  const leaf = leavesOf(1)[0]!;
  for (const [index, size] of [
    [-1, 1],
    [1, 1],
    [0.5, 1],
    [0, 2 ** 53],
  ] as const) {
    assert.equal(verifyInclusion(leaf, index, size, leaf, []), false);
  }
  for (const [first, second] of [
    [-1, 1],
    [2, 1],
    [0.5, 1],
    [1, 2 ** 53],
  ] as const) {
    assert.equal(verifyConsistency(first, leaf, second, leaf, []), false);
  }
  assert.equal(verifyConsistency(0, leaf, 1, leaf, []), false, 'the empty tree has its own root');
  assert.equal(verifyConsistency(1, leaf, 1, changed(leaf, 0), []), false);
  assert.equal(verifyConsistency(3, leaf, 4, leaf, [leaf.subarray(1)]), false);
});

test('ranges are split exactly even where logarithms round', () => {
  const size = 2 ** 52 + 1;
  const asked: string[] = [];
  const subtree: SubtreeHash = (height, index) => {
    asked.push(`${height}:${index}`);
    return emptyRoot();
  };
  rangeHash(subtree, 0, size);
  assert.deepEqual(asked, ['52:0', `0:${2 ** 52}`]);
});

test('a leaf is at most what a bundle can hold', () => {
  assert.equal(leafHash(Buffer.alloc(maxEntryBytes)).length, 32);
  assert.throws(() => leafHash(Buffer.alloc(maxEntryBytes + 1)), RangeError);
});
