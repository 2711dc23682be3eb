import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const entry = path.join(import.meta.dirname, '..', '..', 'src', 'cli', 'waymark.ts');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as the one JSON document it must be. */
  json<T>(): T;
}

/** Runs the command line as a user does. */
export function waymark(...args: string[]): Outcome {
  const result = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, WAYMARK_ACTOR: 'tester' },
  });
  return {
    code: result.status,
    stdout: result.stdout,
    stderr: result.stderr,
    json: <T>() => JSON.parse(result.stdout) as T,
  };
}

export function temporaryFolder(): { folder: string; remove(): void } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-test-'));
  return { folder, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

export function jsonLines(text: string): Record<string, string>[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);
}

/** Lines of an unquoted or simply quoted CSV, as objects. */
export function csvRows(text: string): Record<string, string>[] {
  const [heading, ...lines] = text
    .trim()
    .split('\r\n')
    .map((line) => line.split(',').map((cell) => cell.replace(/^"|"$/g, '')));
  return lines.map((cells) => Object.fromEntries(heading!.map((name, index) => [name, cells[index] ?? ''])));
}
