import { type ChildProcess, spawn } from 'node:child_process';
import * as net from 'node:net';
import * as path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { WaymarkError } from '../base/errors.ts';
import { ownFolder } from './own-folder.ts';
import { spawnProgram, type ToStart } from './spawn.ts';
import type { Said, Told } from './starter.ts';

/** A program that was started. */
export interface Started {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves with how it ended, in words. */
  readonly ended: Promise<string>;
  kill(): void;
}

/** The least that systems allow for the path of a socket, in bytes (macOS; its closing zero taken off). */
const maxSocketPath = 103;

let starter: Starter | undefined;
let count = 0;

/**
 * Starts a program by way of the starter, which is itself started once, while this process is small. Throws
 * WaymarkError 'sandbox'.
 */
export async function startProgram(what: ToStart): Promise<Started> {
  const socket = path.join(ownFolder(), `start-${++count}`);
  // Windows copies nothing of the process that starts another.
  if (process.platform === 'win32' || Buffer.byteLength(socket) > maxSocketPath) return startDirectly(what);
  if (!starter?.isThere) starter = new Starter();
  return starter.start(what, socket);
}

/** Starts a program from this very process. Throws WaymarkError 'sandbox'. */
export async function startDirectly(what: ToStart): Promise<Started> {
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  const child = spawnProgram(what, ['pipe', 'pipe', 'pipe'], end);
  if (!child) throw notStarted(await ended);
  const { stdin, stdout, stderr } = child;
  return {
    ...{ pid: child.pid!, stdin: stdin!, stdout: stdout!, stderr: stderr!, ended },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** This side of the starter. */
class Starter {
  private readonly child: ChildProcess;
  /** What listens to the starter, by the number of a start; taken away with the end of its program. */
  private readonly listeners = new Map<number, (said: Said) => void>();
  private readonly running = new Map<number, number>();
  private last = 0;

  constructor() {
    // In a group of its own: an interruption from the keyboard is for this process to act upon.
    this.child = spawn(process.execPath, [path.join(import.meta.dirname, 'starter.ts')], {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child.on('message', (said: Said) => this.listeners.get(said.id)?.(said));
    for (const event of ['error', 'exit']) this.child.once(event, () => this.lost());
    this.child.unref();
  }

  get isThere(): boolean {
    return this.child.connected && this.child.exitCode === null && this.child.signalCode === null;
  }

  async start(what: ToStart, socket: string): Promise<Started> {
    const id = ++this.last;
    const waits = Promise.withResolvers<void>();
    const runs = Promise.withResolvers<number>();
    const ended = new Promise<string>((resolve) => {
      this.listen(id, (said) => {
        if ('waits' in said) waits.resolve();
        else if ('pid' in said) runs.resolve(said.pid);
        else resolve(said.ended);
      });
    });
    const failed = ended.then((how) => Promise.reject(notStarted(how)));
    this.tell({ start: id, socket, what });
    await Promise.race([waits.promise, failed]);
    const [stdin, stdout, stderr] = [
      await connectTo(socket),
      await connectTo(socket),
      await connectTo(socket),
    ];
    const pid = await Promise.race([runs.promise, failed]);
    return { pid, stdin, stdout, stderr, ended, kill: () => this.tell({ stop: id }) };
  }

  private listen(id: number, hear: (said: Said) => void): void {
    this.listeners.set(id, (said) => {
      if ('pid' in said) this.running.set(id, said.pid);
      if ('ended' in said) {
        this.listeners.delete(id);
        this.running.delete(id);
      }
      this.holdOn();
      hear(said);
    });
    this.holdOn();
  }

  /** Keeps this process from ending while programs run, and no longer. */
  private holdOn(): void {
    if (this.listeners.size > 0) this.child.channel?.ref();
    else this.child.channel?.unref();
  }

  /** Nothing runs on that nobody watches. */
  private lost(): void {
    for (const pid of this.running.values()) killIfThere(pid);
    for (const [id, hear] of this.listeners) hear({ id, ended: 'lost the process that had started it' });
  }

  private tell(told: Told): void {
    this.child.send(told, () => {});
  }
}

/** Resolves once connected; a socket that fails later ends, as one whose other side has gone. */
function connectTo(socket: string): Promise<net.Socket> {
  const { promise, resolve } = Promise.withResolvers<net.Socket>();
  const stream = net.connect({ path: socket }, () => resolve(stream));
  stream.on('error', () => resolve(stream));
  return promise;
}

/** Ends a process, which may have ended by itself. */
export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {}
}

function notStarted(how: string): WaymarkError {
  return new WaymarkError('sandbox', `the sandboxed reader ${how}`, {
    remedy:
      'Check with "waymark doctor" that this machine has memory and processes to spare; then try again.',
  });
}
