/**
 * Loaded before the command line (`--import`): the Nth file-system call that changes something under the operation's
 * folder fails, or the process dies at it. `WAYMARK_BREAK` is `<folder> <n> <how>`, how being an error code (EIO, ENOSPC)
 * or `kill`; `count` breaks nothing. At the end the number of calls seen is appended to `<folder>.calls`.
 */
import * as fs from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import * as path from 'node:path';

const [folder, at, how] = process.env.WAYMARK_BREAK!.split(' ') as [string, string, string];
const broken = Number(at);
const patched = createRequire(import.meta.url)('node:fs') as Record<string, (...args: unknown[]) => unknown>;
/** Paths of what is open, by descriptor. */
const open = new Map<number, string>();
let calls = 0;

const isInside = (place: unknown): boolean => {
  const file = typeof place === 'number' ? open.get(place) : typeof place === 'string' ? place : undefined;
  return file !== undefined && path.resolve(file).startsWith(folder);
};

/** An error as the system gives it, when this is the call that breaks. */
function breaks(name: string, place: unknown): NodeJS.ErrnoException | null {
  if (!isInside(place)) return null;
  calls++;
  if (calls !== broken) return null;
  if (how === 'kill') process.kill(process.pid, 'SIGKILL');
  if (how === 'count') return null;
  return Object.assign(new Error(`${how}: broken on purpose, ${name}`), { code: how, syscall: name });
}

for (const name of [
  'openSync',
  'writeSync',
  'writeFileSync',
  'fsyncSync',
  'renameSync',
  'linkSync',
  'mkdirSync',
  'copyFileSync',
  'unlinkSync',
  'rmSync',
  'chmodSync',
  'ftruncateSync',
]) {
  const original = patched[name]!;
  patched[name] = (...args) => {
    const isRead =
      name === 'openSync' &&
      typeof args[1] === 'number' &&
      (args[1] & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) === 0;
    const isReadByName = name === 'openSync' && (args[1] === undefined || args[1] === 'r');
    if (!isRead && !isReadByName) {
      const error = breaks(name, args[0]);
      if (error) throw error;
    }
    const result = original.apply(patched, args);
    if (name === 'openSync') open.set(result as number, String(args[0]));
    return result;
  };
}
for (const name of ['write', 'fsync', 'rename', 'open']) {
  const original = patched[name]!;
  patched[name] = (...args) => {
    const isRead =
      name === 'open' && (args[1] === undefined || args[1] === 'r' || typeof args[1] === 'function');
    const error = isRead ? null : breaks(name, args[0]);
    const done = args.at(-1) as (error: Error | null, result?: unknown) => void;
    if (error) return void setImmediate(done, error);
    if (name !== 'open') return original.apply(patched, args);
    return original.apply(patched, [
      ...args.slice(0, -1),
      (problem: Error | null, fd: number) => {
        if (!problem) open.set(fd, String(args[0]));
        done(problem, fd);
      },
    ]);
  };
}
syncBuiltinESMExports();
process.on('exit', () => fs.appendFileSync(`${folder}.calls`, `${calls}\n`));
