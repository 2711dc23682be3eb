import type { Engine } from '../store/engine.ts';
import { makeTimelines } from '../store/queries/timeline.ts';

/**
 * Makes the tables `timeline` (entries with a time), `timeline_untimed` (those without: they are listed apart
 * and resolve nothing) and `timeline_hour` (counts of all accounts by the hour). Needs `known_account` and
 * `attributed_request`.
 */
export async function makeTimeline(engine: Engine): Promise<void> {
  for (const statement of makeTimelines) await engine.run(statement);
}
