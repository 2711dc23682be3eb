/**
 * The whole test command: format, lint and types, then every test file under Node's own runner. Folders that nothing may
 * pass by are measured meanwhile: it fails, and says which lines, where one of their branches was not taken.
 * `node test/run.ts [--update-golden] [--coverage] [file ...]`, where `--coverage` takes those folders' tests alone.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const update = args.includes('--update-golden');
const onlyCoverage = args.includes('--coverage');
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

/** Every branch of these, in src, is taken by the tests of the same name. */
const measured = ['access', 'ledger', 'packages', 'sandbox'];
const coverage = [
  '--experimental-test-coverage',
  '--test-coverage-branches=100',
  '--test-coverage-lines=100',
  ...measured.map((folder) => `--test-coverage-include=src/${folder}/**`),
];

if (files.length === 0 && !update && !onlyCoverage) run('npm', ['run', '--silent', 'check']);
const all = files.length > 0 ? files : testFiles(path.join(root, 'test'));
const isIn = (folders: readonly string[]) => (file: string) =>
  folders.includes(path.basename(path.dirname(file)));
const isMeasured = files.length === 0 ? isIn(measured) : () => false;
const inBrowser = isIn(['browser']);
const atOnce = Math.max(2, os.availableParallelism() - 1);
for (const { part, concurrency, flags } of [
  { part: all.filter(isMeasured), concurrency: atOnce, flags: coverage },
  { part: all.filter((file) => !isMeasured(file) && !inBrowser(file)), concurrency: atOnce, flags: [] },
  // A browser is several busy processes by itself: one at a time, so that no wait runs out for want of a processor.
  { part: all.filter(inBrowser), concurrency: 1, flags: [] },
].slice(0, onlyCoverage ? 1 : undefined)) {
  if (part.length === 0) continue;
  run(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    '--test',
    `--test-concurrency=${concurrency}`,
    ...flags,
    ...part,
  ]);
}
