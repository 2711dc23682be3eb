/** A program for `child.test.ts`: answers requests as the sandboxed programs do. */
import { serveRequests } from '../../src/sandbox/child.ts';

await serveRequests<{ ask: string; attached?: boolean }>(async ({ ask }, attachment, reply) => {
  switch (ask) {
    case 'throw an error':
      throw new RangeError('too far');
    case 'throw a text':
      throw 'no error at all';
    case 'a pipe that never waits':
      // What Node does to a pipe it writes to by itself.
      void process.stdout;
      reply.message({});
      return;
    case 'flood': {
      let heldBack = 0;
      for (let i = 0; i < 40; i++) {
        if (i < 20) reply.batch(new Uint8Array(3_000_000));
        else reply.bytes(new Uint8Array(1_000_000));
        let isHeld = false;
        const held = reply.drained().then(() => {
          isHeld = false;
        });
        isHeld = true;
        await Promise.resolve();
        await Promise.resolve();
        await Promise.resolve();
        if (isHeld) heldBack++;
        await held;
      }
      reply.message({ heldBack });
      return;
    }
    default:
      reply.message({ length: attachment?.length ?? null });
  }
});
