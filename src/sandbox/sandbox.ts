import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { WaymarkError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { type Frame, FrameCutter, type FrameKind, frameHead, frameKind } from './frames.ts';
import { programFile } from './program.ts';
import type { ToStart } from './spawn.ts';
import { type Started, startProgram } from './start.ts';

/**
 * The only door for hostile bytes: a child process that may read its own program and nothing else, write
 * nothing, start nothing, load no native code, and (where the kernel allows it) has no network. What it must
 * read comes through its standard input, or as a descriptor that is open for reading only.
 */
export interface SandboxOptions {
  /** The program to run, a file of Waymark's own. */
  readonly entry: string;
  /** Files that the child gets open for reading, as descriptors 3, 4, and so on. */
  readonly files?: readonly string[];
  readonly memoryBytes?: number;
  readonly silenceMs?: number;
}

export interface Answer {
  onMessage?(message: Record<string, unknown>): void;
  /** May return a promise: the child then waits. */
  onBatch?(bytes: Buffer): Promise<void> | void;
  onBytes?(bytes: Buffer): Promise<void> | void;
}

let namespaces: boolean | undefined;

/** Whether the kernel lets us take the network away from a child (Linux with user namespaces). */
export function canIsolateNetwork(): boolean {
  namespaces ??=
    process.platform === 'linux' && spawnSync('unshare', ['-rn', 'true'], { stdio: 'ignore' }).status === 0;
  return namespaces;
}

function confined(program: string, { files = [], memoryBytes }: SandboxOptions): ToStart {
  const node = [
    process.execPath,
    '--permission',
    `--allow-fs-read=${program}`,
    '--no-addons',
    '--disable-proto=throw',
    '--disallow-code-generation-from-strings',
    '--disable-warning=ExperimentalWarning',
    `--max-old-space-size=${Math.floor((memoryBytes ?? limits.sandboxMemoryBytes) / 2 / 1024 / 1024)}`,
    program,
  ];
  return {
    command: canIsolateNetwork() ? ['unshare', '-rn', '--', ...node] : node,
    folder: path.parse(program).root,
    environment: { TZ: 'UTC', PATH: process.env.PATH },
    files,
  };
}

export class Sandbox {
  private readonly child: Started;
  private readonly options: SandboxOptions;
  private readonly frames: AsyncIterator<Frame>;
  private readonly watch: NodeJS.Timeout;
  private lastSign = performance.now();
  private working = false;
  private stderr = '';
  private verdict: string | undefined;

  /** Starts the child. Throws WaymarkError 'storage' where its program cannot be written, 'sandbox' where it cannot start. */
  static async open(options: SandboxOptions): Promise<Sandbox> {
    const program = await programFile(options.entry);
    return new Sandbox(options, await startProgram(confined(program, options)));
  }

  private constructor(options: SandboxOptions, child: Started) {
    this.options = options;
    this.child = child;
    this.child.stdin.on('error', () => {});
    this.child.stderr.on('data', (piece: Buffer) => {
      if (this.stderr.length < 4000) this.stderr += piece.toString('latin1');
    });
    this.frames = this.cutFrames();
    this.watch = setInterval(() => this.inspect(), 250);
    this.watch.unref();
  }

  /**
   * Sends a request and follows its answer to the end.
   * Throws WaymarkError 'sandbox' when the child crashes, hangs, outgrows its memory or breaks the protocol
   * (the sandbox is then dead), 'unreadable' when it says that the request failed.
   */
  async ask(request: Record<string, unknown>, attachment: Uint8Array | null, answer: Answer): Promise<void> {
    this.working = true;
    this.lastSign = performance.now();
    await this.send(
      frameKind.message,
      Buffer.from(JSON.stringify({ ...request, attached: attachment !== null })),
    );
    if (attachment) await this.send(frameKind.bytes, attachment);
    try {
      for (;;) {
        const next = await this.frames.next();
        if (next.done) throw await this.died();
        if (await this.take(next.value, answer)) return;
      }
    } finally {
      this.working = false;
    }
  }

  close(): void {
    clearInterval(this.watch);
    this.child.stdin.end();
    this.child.kill();
  }

  /** Returns true at the end of the answer. */
  private async take(frame: Frame, answer: Answer): Promise<boolean> {
    this.lastSign = performance.now();
    if (frame.kind === frameKind.batch) await answer.onBatch?.(frame.payload);
    else if (frame.kind === frameKind.bytes) await answer.onBytes?.(frame.payload);
    else if (frame.kind === frameKind.message) {
      const message = parseMessage(frame.payload);
      if (message.done === true) return true;
      if (typeof message.failed === 'string')
        throw new WaymarkError('unreadable', message.failed.slice(0, 500));
      answer.onMessage?.(message);
    } else
      throw new WaymarkError('sandbox', `the sandboxed process sent a frame of unknown kind ${frame.kind}`);
    this.lastSign = performance.now();
    return false;
  }

  private async *cutFrames(): AsyncGenerator<Frame> {
    const cutter = new FrameCutter();
    for await (const piece of this.child.stdout) yield* cutter.push(piece as Buffer);
  }

  private send(kind: FrameKind, payload: Uint8Array): Promise<void> {
    const { stdin } = this.child;
    stdin.write(frameHead(kind, payload.length));
    return new Promise((resolve) => {
      stdin.write(payload, () => resolve());
    });
  }

  private async died(): Promise<WaymarkError> {
    const ended = await Promise.race([this.child.ended, setTimeout(2000, 'ended early', { ref: false })]);
    const outOfMemory = /heap out of memory|Array buffer allocation failed/.test(this.stderr);
    const reason = this.verdict ?? (outOfMemory ? 'ran out of its memory' : ended);
    return new WaymarkError('sandbox', `the sandboxed reader ${reason}`, {
      remedy: 'The file is set aside as unread and the rest goes on; the original stays in the vault.',
    });
  }

  private inspect(): void {
    if (!this.working || this.verdict !== undefined) return;
    const silenceMs = this.options.silenceMs ?? limits.sandboxSilenceMs;
    const memoryBytes = this.options.memoryBytes ?? limits.sandboxMemoryBytes;
    if (performance.now() - this.lastSign > silenceMs) this.stop(`gave no sign of life for ${silenceMs} ms`);
    else if (residentBytes(this.child.pid) > memoryBytes)
      this.stop(`outgrew its memory of ${memoryBytes} bytes`);
  }

  private stop(verdict: string): void {
    this.verdict = verdict;
    this.child.kill();
  }
}

/** Resident memory of a process; 0 where it has ended, and on other systems than Linux, where the heap limit alone holds. */
function residentBytes(pid: number): number {
  try {
    return Number(fs.readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096;
  } catch {
    return 0;
  }
}

function parseMessage(payload: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {}
  throw new WaymarkError('sandbox', 'the sandboxed process sent a message that is no JSON object');
}
