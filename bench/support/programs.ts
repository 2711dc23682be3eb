import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import type { Command } from './measure.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** Our own command line, as a user runs it. Exit code 2 says that something in the exhibit was left unread. */
export function waymark(...args: string[]): Command {
  return {
    program: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', path.join(root, 'src', 'cli', 'waymark.ts'), ...args],
  };
}

/** A program of the benchmarks' own, run in a fresh process. */
export function benchProgram(file: string, ...args: string[]): Command {
  return {
    program: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', path.join(root, 'bench', 'support', file), ...args],
  };
}

/** Makes sure that a peer's program is there, with the system's package manager where it is not. */
export function install(program: string, debianPackage: string): void {
  if (spawnSync('which', [program]).status === 0) return;
  process.stderr.write(`installing ${debianPackage}\n`);
  run('apt-get', ['update']);
  run('apt-get', ['install', '-y', '--no-install-recommends', debianPackage]);
}

/** Runs a step of preparation. Throws Error when it fails. */
export function run(program: string, args: readonly string[], env: Record<string, string> = {}): string {
  const result = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', ...env },
  });
  if (result.status !== 0) {
    throw new Error(
      `${program} ended with ${result.status ?? result.signal}: ${result.stderr?.slice(-2000)}`,
    );
  }
  return result.stdout;
}
