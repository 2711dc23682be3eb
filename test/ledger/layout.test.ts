import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { frameEntry, splitBundle } from '../../src/ledger/bundle.ts';
import {
  belongs,
  edgeTiles,
  levelCount,
  parseTilePath,
  type Tile,
  tilePath,
  widthAt,
} from '../../src/ledger/layout.ts';

test('paths as C2SP tlog-tiles gives them', () => {
  assert.equal(tilePath({ level: 0, index: 1_234_067, width: 256 }), 'tile/0/x001/x234/067');
  assert.equal(tilePath({ level: 3, index: 5, width: 17 }), 'tile/3/005.p/17');
  assert.equal(tilePath({ level: 'entries', index: 999, width: 256 }), 'tile/entries/999');
  assert.equal(tilePath({ level: 'entries', index: 1000, width: 255 }), 'tile/entries/x001/000.p/255');
});

test('every tile path is read back; other spellings are not tiles', () => {
  const tile = fc.record({
    level: fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const)),
    index: fc.integer({ min: 0, max: 2 ** 45 }),
    width: fc.integer({ min: 1, max: 256 }),
  });
  fc.assert(
    fc.property(tile, (each: Tile) => assert.deepEqual(parseTilePath(tilePath(each)), { ...each })),
    { seed: 1 },
  );
  for (const file of [
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/07',
    'tile/00/000',
    'tile/0/x000/001',
    'tile/0/1',
    'tile/0/001/002',
    'tile/other/001',
    'tile/0/000.tmp',
    'checkpoint',
  ]) {
    assert.equal(parseTilePath(file), null, file);
  }
});

test('a log of 70,000 entries has the tiles the specification counts', () => {
  const size = 70_000;
  const widths = (level: number | 'entries'): number[] => {
    const found: number[] = [];
    for (let index = 0; widthAt(size, level, index) > 0; index++) found.push(widthAt(size, level, index));
    return found;
  };
  for (const level of ['entries', 0] as const) {
    assert.equal(widths(level).length, 274);
    assert.ok(
      widths(level)
        .slice(0, 273)
        .every((width) => width === 256),
    );
    assert.equal(widths(level)[273], 112);
  }
  assert.deepEqual(widths(1), [256, 17]);
  assert.deepEqual(widths(2), [1]);
  assert.equal(levelCount(size), 3);
  assert.deepEqual(edgeTiles(size).map(tilePath), [
    'tile/entries/273.p/112',
    'tile/0/273.p/112',
    'tile/1/001.p/17',
    'tile/2/000.p/1',
  ]);
  assert.deepEqual(edgeTiles(256).map(tilePath), ['tile/1/000.p/1']);
  assert.deepEqual(edgeTiles(0), []);
});

test('what belongs to a log of 70,000 entries', () => {
  for (const file of ['checkpoint', 'tile/0/272', 'tile/entries/273.p/112', 'tile/1/000', 'tile/2/000.p/1']) {
    assert.ok(belongs(70_000, file), file);
  }
  for (const file of [
    'tile/0/273',
    'tile/0/273.p/111',
    'tile/0/274.p/1',
    'tile/3/000.p/1',
    'tile/1/000.p/3',
    'notes',
  ]) {
    assert.ok(!belongs(70_000, file), file);
  }
});

test('bundles are split where they were joined, and stop at damage', () => {
  const entries = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 });
  fc.assert(
    fc.property(entries, (list) => {
      const bundle = Buffer.concat(list.map(frameEntry));
      const split = splitBundle(bundle, 256);
      assert.deepEqual(
        split.entries.map((each) => [...each]),
        list.map((each) => [...each]),
      );
      assert.equal(split.rest, bundle.length);
      if (list.length === 0) return;
      const cut = splitBundle(bundle.subarray(0, -1), 256);
      assert.equal(cut.entries.length, list.length - 1);
      const fewer = splitBundle(bundle, list.length - 1);
      assert.equal(fewer.rest, bundle.length - 2 - list.at(-1)!.length);
    }),
    { seed: 2 },
  );
  assert.throws(() => frameEntry(new Uint8Array(65_536)), { code: 'limit' });
  assert.equal(frameEntry(new Uint8Array(65_535)).length, 65_537);
});
