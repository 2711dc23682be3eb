import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import * as fs from 'node:fs';

/** A program to run, and all that it is given. */
export interface ToStart {
  readonly command: readonly string[];
  /** Its working folder. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Opened for reading only, as descriptors 3, 4, and so on. */
  readonly files: readonly string[];
}

/**
 * Starts a program with three streams for its standard input, output and error. Calls `ended` with how it ended, in
 * words; where it could not be started that is all that happens, and null comes back.
 */
export function spawnProgram(
  { command, folder, environment, files }: ToStart,
  streams: Extract<StdioOptions, readonly unknown[]>,
  ended: (how: string) => void,
): ChildProcess | null {
  const descriptors: number[] = [];
  const failed = (error: Error) => ended(`could not be started: ${error.message}`);
  let child: ChildProcess | null = null;
  try {
    for (const file of files) descriptors.push(fs.openSync(file, 'r'));
    child = spawn(command[0]!, command.slice(1), {
      cwd: folder,
      env: environment,
      stdio: [...streams, ...descriptors],
    });
    child.once('error', failed);
    child.once('exit', (code, signal) => ended(`ended early (${signal ?? `exit ${code}`})`));
  } catch (error) {
    failed(error as Error);
  }
  for (const descriptor of descriptors) fs.closeSync(descriptor);
  return child?.pid === undefined ? null : child;
}
