/**
 * The whole test command: format, lint and types, then every test file under Node's own runner.
 * `node test/run.ts [--update-golden] [file ...]`
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const update = args.includes('--update-golden');
const files = args.filter((arg) => !arg.startsWith('--'));

function run(command: string, commandArgs: string[]): void {
  const result = spawnSync(command, commandArgs, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, TZ: 'UTC', ...(update ? { UPDATE_GOLDEN: '1' } : {}) },
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function testFiles(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.join(folder, file))
    .sort();
}

if (files.length === 0 && !update) run('npm', ['run', '--silent', 'check']);
const all = files.length > 0 ? files : testFiles(path.join(root, 'test'));
const inBrowser = (file: string) => /(^|[\\/])browser[\\/]/.test(file);
// A browser is several busy processes by itself: one at a time, so that no wait runs out for want of a processor.
for (const [part, atOnce] of [
  [all.filter((file) => !inBrowser(file)), Math.max(2, os.availableParallelism() - 1)],
  [all.filter(inBrowser), 1],
] as const) {
  if (part.length === 0) continue;
  run(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    '--test',
    `--test-concurrency=${atOnce}`,
    ...part,
  ]);
}
