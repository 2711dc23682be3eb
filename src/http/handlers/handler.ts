import type { Context } from 'hono';
import { messageOf, WaymarkError } from '../../base/errors.ts';
import { safeText } from '../../base/safe-text.ts';
import type { Engine } from '../../store/engine.ts';
import { generationInForce, intakeView } from '../../workbench/overview.ts';
import type { Endpoint, InputOf, OutputOf } from '../contract/endpoint.ts';
import type { Desk } from '../desk.ts';
import { errorBody } from '../errors.ts';

/** One function for each endpoint of an area: a call of the workbench and nothing more. */
export type HandlersOf<Endpoints extends Record<string, Endpoint>> = {
  readonly [Name in keyof Endpoints]: (
    desk: Desk,
    input: InputOf<Endpoints[Name]>,
    c: Context,
  ) => Promise<OutputOf<Endpoints[Name]>>;
};

/** Runs work whose progress is told, and tells its end. */
export async function followed<T>(
  desk: Desk,
  work: () => Promise<{ result: T; generation: string }>,
): Promise<T> {
  desk.progress.begin();
  try {
    const { result, generation } = await work();
    desk.progress.tell({ kind: 'done', generation });
    desk.search.refresh();
    return result;
  } catch (error) {
    desk.progress.tell({ kind: 'failed', error: errorBody(error).error });
    if (!(error instanceof WaymarkError)) console.error(`waymark: ${safeText(messageOf(error))}`);
    throw error;
  }
}

/** Runs work on the tables of the generation in force, or gives `otherwise` before the first build. */
export function ifBuilt<T>(desk: Desk, otherwise: T, work: (engine: Engine) => Promise<T>): Promise<T> {
  return generationInForce(desk.operation) === null ? Promise.resolve(otherwise) : desk.engines.use(work);
}

/** Exhibits, and what of the intake was left unread. */
export function readIntake(desk: Desk): ReturnType<typeof intakeView> {
  return ifBuilt<Awaited<ReturnType<typeof intakeView>> | null>(desk, null, (engine) =>
    intakeView(desk.operation, engine),
  ).then((view) => view ?? intakeView(desk.operation, null));
}
