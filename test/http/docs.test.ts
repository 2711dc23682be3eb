import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { contract } from '../../src/http/contract.ts';
import { statusOf } from '../../src/http/errors.ts';

const text = fs.readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'api.md'), 'utf8');

test('every route stands in the documentation with its action, and no other', () => {
  const written = [...text.matchAll(/^\| `(GET|POST) (\/api\/[^`?]+)[^`]*`(?: `[^`]*`)? \| `([^`]+)` \|/gm)];
  const documented = written.map(([, method, route, action]) => `${method} ${route} ${action}`).sort();
  const real = Object.values(contract).map(
    ({ method, path: route, action }) => `${method.toUpperCase()} ${route} ${action}`,
  );
  assert.deepEqual(documented, [...real, 'GET /api/openapi.json api.describe'].sort());
});

test('every error code stands in the documentation with its status', () => {
  for (const [code, status] of Object.entries(statusOf)) {
    const row = text
      .split('\n')
      .find((line) => /^\| `.*\| \d{3}(, \d{3})? \|/.test(line) && line.includes(`\`${code}\``));
    assert.ok(row?.includes(String(status)), `${code} ${status}`);
  }
});
