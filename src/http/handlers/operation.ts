import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { version } from '../../base/version.ts';
import { listExhibits } from '../../intake/exhibits.ts';
import { build } from '../../workbench/build.ts';
import { generationInForce } from '../../workbench/overview.ts';
import type { operationEndpoints } from '../contract/operation.ts';
import type { Desk } from '../desk.ts';
import { followed, type HandlersOf, readIntake } from './handler.ts';

export const operationHandlers: HandlersOf<typeof operationEndpoints> = {
  showOperation: async (desk) => {
    const { operation } = desk;
    const { exhibits, unread } = await readIntake(desk);
    return {
      folder: operation.folder,
      origin: operation.ledgerIdentity().origin,
      actor: operation.actor,
      version,
      generation: generationInForce(desk.operation),
      exhibits: exhibits.length,
      excluded: listExhibits(operation).length - exhibits.length,
      warnings: exhibits.reduce((sum, exhibit) => sum + exhibit.warnings, 0),
      unread: unread.length,
      building: desk.turns.isWorking,
      policyReports: desk.policyReports,
    };
  },

  startBuild: async (desk) => {
    const work = desk.turns.runLong(() =>
      followed(desk, async () => {
        const { id } = await build(desk.operation, desk.progress.report);
        return { result: id, generation: id };
      }),
    );
    // Refused work fails at once; work under way is followed by its events, which tell its failure too.
    await Promise.race([work, new Promise((resolve) => setImmediate(resolve))]);
    work.catch(() => {});
    return { started: true };
  },

  followProgress: async (desk, _input, c) => followProgress(desk, c),
};

/** Time between two signs of life on a quiet stream. */
const aliveMs = 15_000;

function followProgress(desk: Desk, c: Context): Response {
  const asked = Number(c.req.header('last-event-id') ?? '0');
  let last = Number.isSafeInteger(asked) && asked >= 0 ? asked : 0;
  return streamSSE(c, async (stream) => {
    let wake = () => {};
    const stop = desk.progress.follow(() => wake());
    stream.onAbort(() => wake());
    try {
      await stream.write('retry: 1000\n\n');
      while (!stream.aborted) {
        for (const { id, event } of desk.progress.since(last)) {
          await stream.writeSSE({ id: String(id), event: 'work', data: JSON.stringify(event) });
          last = id;
        }
        if (desk.progress.since(last).length > 0 || stream.aborted) continue;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, aliveMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        await stream.write(': alive\n\n');
      }
    } finally {
      stop();
    }
  });
}
