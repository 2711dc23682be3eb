import { type Frame, FrameCutter, type FrameKind, frameHead, frameKind } from './frames.ts';

/** The sandboxed side: receives requests, answers in frames. Knows nothing of what the requests mean. */
export interface Reply {
  message(value: unknown): void;
  batch(bytes: Uint8Array): void;
  bytes(bytes: Uint8Array): void;
  /** Resolves once the other side has taken what was sent; wait for it between pieces of work. */
  drained(): Promise<void>;
}

class PipeReply implements Reply {
  private waiting: Promise<void> | undefined;

  message(value: unknown): void {
    this.send(frameKind.message, Buffer.from(JSON.stringify(value)));
  }
  batch(bytes: Uint8Array): void {
    this.send(frameKind.batch, bytes);
  }
  bytes(bytes: Uint8Array): void {
    this.send(frameKind.bytes, bytes);
  }
  async drained(): Promise<void> {
    await this.waiting;
  }
  private send(kind: FrameKind, payload: Uint8Array): void {
    process.stdout.write(frameHead(kind, payload.length));
    if (!process.stdout.write(payload) && !this.waiting) {
      this.waiting = new Promise((resolve) =>
        process.stdout.once('drain', () => {
          this.waiting = undefined;
          resolve();
        }),
      );
    }
  }
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
