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
run(process.execPath, [
  '--disable-warning=ExperimentalWarning',
  '--test',
  `--test-concurrency=${Math.max(2, os.availableParallelism() - 1)}`,
  ...(files.length > 0 ? files : testFiles(path.join(root, 'test'))),
]);
