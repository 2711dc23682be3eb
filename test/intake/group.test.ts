import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { groupIntoParcels, pathInside } from '../../src/intake/group.ts';
import type { FoundFile } from '../../src/intake/walk.ts';

function found(...paths: string[]): FoundFile[] {
  return paths.map((path) => ({ path, file: `/x/${path}`, bytes: 10 }));
}

function grouped(paths: string[], isItem: (path: string) => boolean): Record<string, string[]> {
  const parcels = groupIntoParcels(found(...paths), (file) => isItem(file.path));
  return Object.fromEntries(
    parcels.map((parcel) => [parcel.path, parcel.files.map((file) => pathInside(parcel, file))]),
  );
}

test('a rotated log is one exhibit; other files are one each', () => {
  const logs = [
    'log/access.log',
    'log/access.log.1',
    'log/access.log.2.gz',
    'log/access.log-20190106.gz',
    'log/error.log',
    'board.sql',
    'board.sql.gz',
  ];
  assert.deepEqual(
    grouped(logs, () => false),
    {
      'log/access.log*': ['access.log', 'access.log.1', 'access.log.2.gz', 'access.log-20190106.gz'],
      'log/error.log': [''],
      'board.sql': [''],
      'board.sql.gz': [''],
    },
  );
  assert.deepEqual(
    grouped(['access.log', 'access.log.1'], () => false),
    { 'access.log*': ['access.log', 'access.log.1'] },
  );
});

test('single items of one folder are one exhibit, and a Maildir is', () => {
  assert.deepEqual(
    grouped(['box/cur/1', 'box/new/2', 'files/a', 'files/b', 'lone/c', 'top'], () => true),
    {
      box: ['cur/1', 'new/2'],
      files: ['a', 'b'],
      'lone/c': [''],
      top: [''],
    },
  );
});

test('a list and the file that names its columns are one exhibit; several lists may share one', () => {
  const paths = ['a/club.csv', 'a/club.columns.yaml', 'b/x.parquet', 'b/x.csv.gz', 'b/x.columns.json'];
  const others = ['b/y.columns.yml', 'c/club.csv', 'c/z.csv', 'c/z.csv.columns.json', 'c/z.columns.json.csv'];
  for (const isItem of [true, false]) {
    const parcels = grouped([...paths, ...others].sort(), (path) => isItem && path.endsWith('.csv'));
    assert.deepEqual(parcels['a/club.csv'], ['club.csv', 'club.columns.yaml']);
    assert.deepEqual(parcels['b/x.csv.gz'], ['x.csv.gz', 'x.parquet', 'x.columns.json']);
    assert.deepEqual(parcels['c/z.csv'], ['z.csv', 'z.csv.columns.json']);
    assert.deepEqual(parcels['b/y.columns.yml'], ['']);
    assert.deepEqual(Object.values(parcels).flat().length, 10);
  }
});

test('every file is in exactly one parcel, whatever the names', () => {
  const name = fc
    .array(
      fc.oneof(
        fc.stringMatching(/^[ab.\-0-9]{1,5}$/).filter((part) => !/^\.+$/.test(part)),
        fc.constantFrom('a.csv', 'a.tsv', 'a.columns.json', 'a.csv.columns.yml', 'a.csv.gz'),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((names) => names.join('/'));
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 30 }), fc.boolean(), (all, items) => {
      // What is a folder is no file.
      const paths = all.filter((path) => !all.some((each) => each.startsWith(`${path}/`)));
      const parcels = groupIntoParcels(found(...paths), (file) => items && file.path.length % 2 === 0);
      assert.deepEqual(
        parcels.flatMap((parcel) => parcel.files.map((file) => file.path)).sort(),
        [...paths].sort(),
      );
      for (const parcel of parcels) {
        const inside = parcel.files.map((file) => pathInside(parcel, file));
        assert.equal(new Set(inside).size, inside.length);
        if (parcel.kind === 'folder') assert.ok(inside.every((each) => each !== ''));
      }
      assert.equal(new Set(parcels.map((parcel) => parcel.path)).size, parcels.length);
    }),
    { seed: 6, numRuns: 500 },
  );
});
