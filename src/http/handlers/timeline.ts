import {
  listClockSkew,
  listUntimed,
  showHabits,
  showHistogram,
  showTimeline,
  type TimelineQuery,
  timelineTime,
} from '../../workbench/timeline.ts';
import type { timelineEndpoints } from '../contract/timeline.ts';
import type { HandlersOf } from './handler.ts';

export const timelineHandlers: HandlersOf<typeof timelineEndpoints> = {
  showTimeline: (desk, { query }) =>
    desk.engines.use((engine) => showTimeline(engine, queryOf(query), query.limit, query.after ?? null)),

  listUntimed: (desk, { query }) =>
    desk.engines.use((engine) => listUntimed(engine, queryOf(query), query.limit, query.offset)),

  showHistogram: (desk, { query }) =>
    desk.engines.use((engine) => showHistogram(engine, queryOf(query), query.by, query.split)),

  listClockSkew: async (desk) => ({ skews: await desk.engines.use(listClockSkew) }),

  showHabits: (desk, { params }) => desk.engines.use((engine) => showHabits(engine, params.person)),
};

interface Filters {
  readonly persons: string;
  readonly kinds: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly exhibit?: string | undefined;
}

function queryOf({ persons, kinds, from, to, exhibit }: Filters): TimelineQuery {
  const parts = (text: string) => text.split(',').filter((part) => part !== '');
  return {
    persons: parts(persons),
    kinds: parts(kinds),
    from: from === undefined ? null : timelineTime(from),
    to: to === undefined ? null : timelineTime(to),
    exhibit: exhibit ?? null,
  };
}
