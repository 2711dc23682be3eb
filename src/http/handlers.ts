import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { messageOf, WaymarkError } from '../base/errors.ts';
import { version } from '../base/version.ts';
import { parsePointer } from '../evidence/pointer.ts';
import { findExhibit, listExhibits } from '../intake/exhibits.ts';
import * as sql from '../store/queries/views.ts';
import { build, currentGeneration } from '../workbench/build.ts';
import { excludeExhibit } from '../workbench/exclude.ts';
import { checkLedger, listActs } from '../workbench/ledger.ts';
import { intakeView, readQueue, viewOf } from '../workbench/overview.ts';
import { listPersons, showPerson } from '../workbench/person.ts';
import type { Contract, EndpointName, InputOf, OutputOf } from './contract.ts';
import type { Desk } from './desk.ts';
import { errorBody } from './errors.ts';
import { downloadPolicy } from './guard.ts';
import { look, readDownload } from './source.ts';

export type Handlers = {
  readonly [Name in EndpointName]: (
    desk: Desk,
    input: InputOf<Contract[Name]>,
    c: Context,
  ) => Promise<OutputOf<Contract[Name]>>;
};

/** What each route does: a call of the workbench and nothing more. */
export const handlers: Handlers = {
  showOperation: async (desk) => {
    const { operation } = desk;
    const { exhibits, unread } = await readIntake(desk);
    return {
      folder: operation.folder,
      origin: operation.ledgerIdentity().origin,
      actor: operation.actor,
      version,
      generation: generationOf(desk),
      exhibits: exhibits.length,
      excluded: listExhibits(operation).length - exhibits.length,
      warnings: exhibits.reduce((sum, exhibit) => sum + exhibit.warnings, 0),
      unread: unread.length,
      building: desk.turns.isWorking,
      policyReports: desk.policyReports,
    };
  },

  listExhibits: async (desk) => ({
    ...(await readIntake(desk)),
    excluded: listExhibits(desk.operation)
      .filter((exhibit) => exhibit.status === 'excluded')
      .map(({ id, paths, reason }) => ({ id, path: paths[0] ?? '', reason })),
  }),

  listWarnings: async (desk, { params }) => {
    const exhibit = findExhibit(desk.operation, params.id);
    const warnings =
      exhibit.status === 'excluded' || generationOf(desk) === null
        ? []
        : await desk.engines.use((engine) =>
            engine.rows<{ code: string; text: string; pointer: string }>(sql.warningsOfExhibit, {
              exhibit: exhibit.id,
            }),
          );
    return { exhibit: viewOf(exhibit), warnings };
  },

  excludeExhibit: (desk, { params, body }) =>
    desk.turns.runLong(() =>
      followed(desk, async () => {
        const result = await excludeExhibit(desk.operation, params.id, body.reason, desk.progress.report);
        return { result, generation: result.generation };
      }),
    ),

  showQueue: async (desk) =>
    generationOf(desk) === null ? { queue: [] } : { queue: await desk.engines.use(readQueue) },

  listPersons: async (desk, { query }) => {
    if (generationOf(desk) === null) return { persons: [], more: false };
    const persons = await desk.engines.use((engine) =>
      listPersons(engine, query.text, query.limit + 1, query.offset),
    );
    return { persons: persons.slice(0, query.limit), more: persons.length > query.limit };
  },

  showPerson: (desk, { params }) => desk.engines.use((engine) => showPerson(engine, params.person)),

  showSource: async (desk, { query }) => {
    const { source, exhibit, imagery, length } = await look(desk.operation, query.pointer);
    return {
      pointer: query.pointer,
      exhibit: source.exhibit,
      received: source.received,
      inner: source.inner,
      sha256: source.sha256,
      authority: exhibit.authority,
      reference: exhibit.reference,
      offset: source.offset,
      length,
      shown: imagery === null ? source.bytes.length : 0,
      bytes: imagery === null ? source.bytes.toString('base64') : null,
      withheld: imagery,
    };
  },

  downloadSource: async (desk, { query }, c) => {
    const { exhibit, offset, length } = parsePointer(query.pointer);
    const bytes = await readDownload(desk.operation, query.pointer);
    c.header('Content-Security-Policy', downloadPolicy);
    c.header('Content-Type', 'application/octet-stream');
    c.header('Content-Disposition', `attachment; filename="${exhibit}-${offset}-${length}.bin"`);
    return c.body(new Uint8Array(bytes));
  },

  revealSource: async (desk, { body }) => {
    const { exhibit: id, offset, length } = parsePointer(body.pointer);
    const exhibit = findExhibit(desk.operation, id);
    if (exhibit.status === 'excluded') {
      throw new WaymarkError('denied', 'this exhibit is excluded', { where: id });
    }
    const act = { action: 'source.reveal', objects: [exhibit.id], facts: { offset, length } };
    await desk.turns.record(() => desk.operation.record(act));
    return { recorded: true };
  },

  showLedger: async (desk, { query }) => {
    const { origin } = desk.operation.ledgerIdentity();
    return { origin, size: desk.operation.readLedger().size, acts: listActs(desk.operation, query.limit) };
  },

  checkLedger: async (desk) => {
    const result = await desk.turns.runQuietly(() => checkLedger(desk.operation));
    return { ...result, root: result.root?.toString('hex') ?? null };
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

function generationOf(desk: Desk): OutputOf<Contract['showOperation']>['generation'] {
  let id: string;
  try {
    id = currentGeneration(desk.operation);
  } catch (error) {
    if (error instanceof WaymarkError && error.code === 'not-found') return null;
    throw error;
  }
  const row = desk.operation.state.one<{ summary: string }>('select summary from generation where id = $id', {
    id,
  });
  return {
    id,
    ...(JSON.parse(row!.summary) as { accounts: number; persons: number; contacts: number; queued: number }),
  };
}

function readIntake(desk: Desk): ReturnType<typeof intakeView> {
  if (generationOf(desk) === null) return intakeView(desk.operation, null);
  return desk.engines.use((engine) => intakeView(desk.operation, engine));
}

/** Runs work whose progress is told, and tells its end. */
async function followed<T>(desk: Desk, work: () => Promise<{ result: T; generation: string }>): Promise<T> {
  desk.progress.begin();
  try {
    const { result, generation } = await work();
    desk.progress.finish({ kind: 'done', generation });
    return result;
  } catch (error) {
    desk.progress.finish({ kind: 'failed', error: errorBody(error).error });
    if (!(error instanceof WaymarkError)) console.error(`waymark: ${messageOf(error)}`);
    throw error;
  }
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
