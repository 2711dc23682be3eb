import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { test } from 'node:test';

test('every branch of src/access is taken by its tests', () => {
  const root = path.join(import.meta.dirname, '..', '..');
  const files = ['authority', 'can', 'log-in'].map((name) => `test/access/${name}.test.ts`);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const result = spawnSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--test',
      '--experimental-test-coverage',
      '--test-coverage-include=src/access/**',
      '--test-coverage-branches=100',
      '--test-coverage-lines=100',
      '--test-coverage-functions=100',
      ...files,
    ],
    { cwd: root, env, encoding: 'utf8' },
  );
  assert.equal(result.status, 0, result.stdout);
  assert.match(result.stdout, /can\.ts/);
});
