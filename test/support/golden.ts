import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { ReadResult } from './read.ts';

const folder = path.join(import.meta.dirname, '..', 'golden');

/**
 * Compares text with `test/golden/<name>`. `npm run golden` writes the files anew; the difference is then
 * reviewed like any other change.
 */
export function assertGolden(name: string, actual: string): void {
  const file = path.join(folder, name);
  if (process.env.UPDATE_GOLDEN === '1') {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, actual);
    return;
  }
  assert.ok(fs.existsSync(file), `test/golden/${name} is missing: run "npm run golden" and review it`);
  assert.equal(actual, fs.readFileSync(file, 'utf8'), `differs from test/golden/${name}`);
}

/** A reader's result as JSON lines: a heading for each table, nulls left out, then tallies. */
export function goldenText(result: ReadResult): string {
  const lines: string[] = [];
  for (const table of Object.keys(result.rows).sort()) {
    lines.push(`# ${table}`);
    for (const row of result.rows[table as keyof typeof result.rows]!) {
      lines.push(
        JSON.stringify(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))),
      );
    }
  }
  lines.push('# tallies');
  for (const tally of result.tallies) lines.push(JSON.stringify(tally));
  return `${lines.join('\n')}\n`;
}
