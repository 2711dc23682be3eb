/** What a partner packed, as the sandboxed program takes it apart, run without the sandbox. */
import assert from 'node:assert/strict';
import * as path from 'node:path';
import { test } from 'node:test';
import { pack } from '../../src/packages/archive.ts';
import { answersTo, messagesOf } from '../support/child-program.ts';

const program = path.join(import.meta.dirname, '..', '..', 'src', 'packages', 'open-child.ts');

test('a tar is taken apart as its pieces come, one archive after the other', async () => {
  const large = Buffer.alloc(3_000_000, 'stamps ');
  const tar = await pack([
    { path: 'a.csv', bytes: Buffer.from('x') },
    { path: 'b.csv', bytes: large },
  ]);
  const pieces = [tar.subarray(0, 700), tar.subarray(700, 2_000_000), tar.subarray(2_000_000)];
  const told = await answersTo(program, [
    ...pieces.map((piece): [object, Buffer] => [{ kind: 'piece' }, piece]),
    [{ kind: 'end' }],
    [{ kind: 'end' }],
  ]);
  const files = messagesOf(told).filter((message) => 'file' in (message as object));
  assert.deepEqual(files, [
    { file: { name: 'a.csv', type: 'file', size: 1 } },
    { file: { name: 'b.csv', type: 'file', size: large.length } },
  ]);
  const bytes = told.reduce((sum, { message, bytes: held }) => sum + (message === null ? held : 0), 0);
  assert.equal(bytes, 1 + large.length);
  assert.equal(messagesOf(told).filter((message) => 'done' in (message as object)).length, 5);
});

test('what is no tar fails at its end', async () => {
  const told = await answersTo(program, [[{ kind: 'piece' }, Buffer.alloc(2000, 7)], [{ kind: 'end' }]]);
  assert.ok(messagesOf(told).some((message) => 'failed' in (message as object)));
});

test('rows come by the columns that are asked for, and are counted all', async () => {
  const lines = Array.from({ length: 1201 }, (_, i) => `email,a${i}@b.example`);
  const table = Buffer.from(['kind,value', ...lines, ''].join('\n'));
  const told = messagesOf(
    await answersTo(program, [
      [{ kind: 'rows', columns: ['value'], most: 1100 }, table],
      [{ kind: 'rows', columns: ['shoe'], most: 5 }, table],
      [{ kind: 'rows', columns: ['shoe'], most: 5 }, Buffer.from('kind\n')],
    ]),
  ) as { rows?: string[][]; total?: number; failed?: string }[];
  const rows = told.flatMap((message) => message.rows ?? []);
  assert.equal(rows.length, 1100);
  assert.deepEqual(rows[1099], ['a1099@b.example']);
  assert.deepEqual(
    told.filter((message) => message.total !== undefined).map(({ total }) => total),
    [1201, 0],
  );
  assert.match(told.find((message) => message.failed !== undefined)!.failed!, /no column "shoe"/);
});
