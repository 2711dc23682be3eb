import type { Operation } from '../../store/operation.ts';
import { notedRecords, noteFilter, withNotes } from '../../workbench/notes.ts';
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
    desk.engines.use(async (engine) => {
      const asked = queryOf(desk.operation, query);
      const page = await showTimeline(engine, asked, query.limit, query.after ?? null);
      return { ...page, entries: withNotes(desk.operation, page.entries) };
    }),

  listUntimed: (desk, { query }) =>
    desk.engines.use(async (engine) => {
      const asked = queryOf(desk.operation, query);
      const page = await listUntimed(engine, asked, query.limit, query.offset);
      return { ...page, entries: withNotes(desk.operation, page.entries) };
    }),

  showHistogram: (desk, { query }) =>
    desk.engines.use((engine) =>
      showHistogram(engine, queryOf(desk.operation, query), query.by, query.split),
    ),

  listClockSkew: async (desk) => ({ skews: await desk.engines.use(listClockSkew) }),

  showHabits: (desk, { params }) => desk.engines.use((engine) => showHabits(engine, params.person)),
};

interface Filters {
  readonly persons: string;
  readonly kinds: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly exhibit?: string | undefined;
  readonly noted: string;
}

function queryOf(operation: Operation, { persons, kinds, from, to, exhibit, noted }: Filters): TimelineQuery {
  const parts = (text: string) => text.split(',').filter((part) => part !== '');
  return {
    persons: parts(persons),
    kinds: parts(kinds),
    from: from === undefined ? null : timelineTime(from),
    to: to === undefined ? null : timelineTime(to),
    exhibit: exhibit ?? null,
    noted: notedRecords(operation, noteFilter(noted)),
  };
}
