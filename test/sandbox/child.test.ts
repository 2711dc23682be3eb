/** The sandboxed side, run without the sandbox, so that every step of it can be watched. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as path from 'node:path';
import { test } from 'node:test';
import { frameKind } from '../../src/sandbox/frames.ts';
import { answersTo, messagesOf, startProgram } from '../support/child-program.ts';

const program = path.join(import.meta.dirname, 'answering.ts');

test('requests are answered one after the other, with what was attached to them', async () => {
  const told = await answersTo(program, [
    [{ ask: 'length' }, Buffer.alloc(300_000)],
    [{ ask: 'length' }],
    [{ ask: 'length' }, Buffer.alloc(0)],
  ]);
  assert.deepEqual(messagesOf(told), [
    { length: 300_000 },
    { done: true },
    { length: null },
    { done: true },
    { length: 0 },
    { done: true },
  ]);
});

test('whatever a handler throws becomes an answer, and the next request is served', async () => {
  const told = await answersTo(program, [
    [{ ask: 'throw an error' }],
    [{ ask: 'throw a text' }],
    [{ ask: 'length' }],
  ]);
  assert.deepEqual(messagesOf(told), [
    { failed: 'RangeError: too far' },
    { failed: 'no error at all' },
    { length: null },
    { done: true },
  ]);
});

test('a pipe that does not wait while it is full loses nothing', async () => {
  const told = await answersTo(program, [[{ ask: 'a pipe that never waits' }], [{ ask: 'flood' }]], 1);
  const bytes = told.reduce((sum, { kind, bytes }) => sum + (kind === frameKind.message ? 0 : bytes), 0);
  assert.equal(bytes, 80_000_000);
  assert.deepEqual(messagesOf(told).at(-1), { done: true });
});

test('a program whose answers nobody reads any more ends', async () => {
  const child = startProgram(program, [[{ ask: 'flood' }], [{ ask: 'flood' }]], 'ignore');
  child.stdout.destroy();
  const [code] = await once(child, 'exit');
  assert.notEqual(code, 0);
});

test('a handler is held while more waits than memory should hold, and nothing of it is lost', async () => {
  const told = await answersTo(program, [[{ ask: 'flood' }]], 1);
  const sizes = told.filter(({ kind }) => kind !== frameKind.message).map(({ bytes }) => bytes);
  assert.deepEqual(sizes, [...Array(20).fill(3_000_000), ...Array(20).fill(1_000_000)]);
  const [waited, done] = messagesOf(told) as [{ heldBack: number }, object];
  assert.ok(waited.heldBack > 0, 'the handler was never held back');
  assert.deepEqual(done, { done: true });
});
