import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { version } from '../../base/version.ts';
import { listExhibits } from '../../intake/exhibits.ts';
import { build, partsToCome } from '../../workbench/build.ts';
import { generationInForce } from '../../workbench/overview.ts';
import type { operationEndpoints } from '../contract/operation.ts';
import type { Desk } from '../desk.ts';
import { entryOf } from '../entry.ts';
import { followed, type HandlersOf, readIntake } from './handler.ts';

export const operationHandlers: HandlersOf<typeof operationEndpoints> = {
  showOperation: async (desk) => {
    const { operation } = desk;
    const { exhibits, unread } = await readIntake(desk);
    const generation = generationInForce(desk.operation);
    return {
      folder: operation.folder,
      origin: operation.ledgerIdentity().origin,
      actor: operation.actor,
      version,
      generation,
      exhibits: exhibits.length,
      excluded: listExhibits(operation).length - exhibits.length,
      warnings: exhibits.reduce((sum, exhibit) => sum + exhibit.warnings, 0),
      unread: unread.length,
      building: desk.turns.isWorking,
      toCome: generation === null ? [] : partsToCome(operation, generation.id),
      policyReports: desk.policyReports,
    };
  },

  startBuild: async (desk) => {
    const work = desk.turns.runLong(() =>
      followed(desk, async () => {
        const { id } = await build(desk.operation, desk.progress.report, (inForce) =>
          desk.progress.tell({ kind: 'in force', generation: inForce.id }),
        );
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

/** A stream ends with the session of whoever follows it. */
function isStillIn(c: Context): boolean {
  const { logIn, guest } = entryOf(c);
  return !logIn || (guest !== null && logIn.stands(guest.token));
}

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
      while (!stream.aborted && isStillIn(c)) {
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
