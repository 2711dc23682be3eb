/** THREATS.md names, for every threat, tests that are there and switched on; they run in the same command as this. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';

const root = path.join(import.meta.dirname, '..', '..');
const threats = 27;

interface Row {
  readonly number: number;
  readonly shown: readonly { readonly file: string; readonly title: string }[];
}

function rowsOf(text: string): Row[] {
  return [...text.matchAll(/^\| (\d+) \|.*\| ([^|]*) \|$/gm)].map((match) => ({
    number: Number(match[1]),
    shown: match[2]!.split('<br>').map((each) => {
      const [, file, title] = /^`([^`]+)`: (.+)$/.exec(each) ?? [];
      return { file: file ?? each, title: title ?? '' };
    }),
  }));
}

/** Null where the test stands in the file and runs everywhere that its needs are met; else what is wrong. */
function fault(file: string, title: string): string | null {
  const place = path.join(root, file);
  if (!fs.existsSync(place)) return `${file} is not there`;
  const source = fs.readFileSync(place, 'utf8');
  const start = source.search(
    new RegExp(`\\btest\\(\\s*['"\`]${title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`),
  );
  if (title === '' || start < 0) return `${file} has no test "${title}"`;
  const head = source.slice(start, start + title.length + 120);
  return /skip: (?:true|'[^']*'|"[^"]*")|todo/.test(head) ? `"${title}" is switched off` : null;
}

test('every threat has tests, and they are there', () => {
  const rows = rowsOf(fs.readFileSync(path.join(root, 'THREATS.md'), 'utf8'));
  assert.deepEqual(
    rows.map(({ number }) => number),
    Array.from({ length: threats }, (_, index) => index + 1),
  );
  const faults = rows.flatMap(({ number, shown }) =>
    shown
      .map(({ file, title }) => fault(file, title))
      .filter((each) => each !== null)
      .map((each) => `${number}: ${each}`),
  );
  assert.deepEqual(faults, []);
});

test('a test that is missing, renamed or switched off is noticed', () => {
  assert.match(fault('test/docs/none.test.ts', 'a')!, /not there/);
  assert.match(fault('test/docs/threats.test.ts', 'a kettle')!, /no test/);
  assert.equal(fault('test/docs/threats.test.ts', 'every threat has tests'), null);
});
