import * as fs from 'node:fs';
import { type Frame, FrameCutter, type FrameKind, frameHead, frameKind } from './frames.ts';

/** The sandboxed side: receives requests, answers in frames. Knows nothing of what the requests mean. */
export interface Reply {
  message(value: unknown): void;
  batch(bytes: Uint8Array): void;
  bytes(bytes: Uint8Array): void;
  /** Resolves once the other side has taken what was sent; wait for it between pieces of work. */
  drained(): Promise<void>;
}

/** Bytes that may wait for the other side before the reader is held back: a few batches. */
const maxWaitingBytes = 24 * 1024 * 1024;

/**
 * Writes to standard output through the thread pool. `process.stdout` would write synchronously and hold the reader
 * whenever the parent is busy; so both work at the same time.
 */
class PipeReply implements Reply {
  private readonly queue: Uint8Array[] = [];
  private readonly held: (() => void)[] = [];
  private waitingBytes = 0;
  private isWriting = false;

  message(value: unknown): void {
    this.send(frameKind.message, Buffer.from(JSON.stringify(value)));
  }
  batch(bytes: Uint8Array): void {
    this.send(frameKind.batch, bytes);
  }
  bytes(bytes: Uint8Array): void {
    // Copied, because the piece it stands in is used again while this waits.
    this.send(frameKind.bytes, Uint8Array.prototype.slice.call(bytes));
  }
  async drained(): Promise<void> {
    if (this.waitingBytes > maxWaitingBytes) await new Promise<void>((resolve) => this.held.push(resolve));
  }
  private send(kind: FrameKind, payload: Uint8Array): void {
    const head = frameHead(kind, payload.length);
    this.queue.push(head, payload);
    this.waitingBytes += head.length + payload.length;
    if (this.isWriting) return;
    this.isWriting = true;
    void this.writeAll();
  }
  private async writeAll(): Promise<void> {
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      for (let at = 0; at < next.length; ) at += await writePiece(next, at);
      this.waitingBytes -= next.length;
      if (this.waitingBytes <= maxWaitingBytes) for (const release of this.held.splice(0)) release();
    }
    this.isWriting = false;
  }
}

/** Milliseconds to wait where the pipe is full and was given to us non-blocking. */
const fullPipeMs = 1;

/** Writes what the pipe takes; resolves with the number of bytes, 0 where it is full for now. */
function writePiece(bytes: Uint8Array, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(1, bytes, at, bytes.length - at, null, (error, written) => {
      if (error?.code === 'EAGAIN') setTimeout(() => resolve(0), fullPipeMs);
      else if (error) reject(error);
      else resolve(written);
    });
  });
}

/**
 * Serves requests one after the other until standard input ends. A request is a message frame, followed by a
 * bytes frame when it says `attached: true`. The handler's error becomes the answer `{failed: message}`.
 */
export async function serveRequests<Request extends { attached?: boolean }>(
  handle: (request: Request, attachment: Buffer | null, reply: Reply) => Promise<void>,
): Promise<void> {
  const reply = new PipeReply();
  const cutter = new FrameCutter();
  let pending: Request | null = null;
  for await (const piece of process.stdin) {
    for (const frame of cutter.push(piece as Buffer)) {
      const request: Request = pending ?? (JSON.parse(frame.payload.toString('utf8')) as Request);
      if (request.attached && pending === null) {
        pending = request;
        continue;
      }
      pending = null;
      await answer(request, frame, reply, handle);
    }
  }
}

async function answer<Request extends { attached?: boolean }>(
  request: Request,
  frame: Frame,
  reply: Reply,
  handle: (request: Request, attachment: Buffer | null, reply: Reply) => Promise<void>,
): Promise<void> {
  try {
    await handle(request, frame.kind === frameKind.bytes ? frame.payload : null, reply);
    reply.message({ done: true });
  } catch (error) {
    reply.message({ failed: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
  await reply.drained();
}
