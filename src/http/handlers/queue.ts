import { auditSample, reviewPerson, showQueue } from '../../workbench/queue.ts';
import type { queueEndpoints } from '../contract/queue.ts';
import { byOf, recorded } from './acts.ts';
import { type HandlersOf, ifBuilt } from './handler.ts';

export const queueHandlers: HandlersOf<typeof queueEndpoints> = {
  showQueue: (desk, { query }) =>
    ifBuilt(desk, noQueue, (engine) => showQueue(desk.operation, engine, query)),

  showAudit: (desk, { query }) =>
    desk.engines.use((engine) => auditSample(desk.operation, engine, query.size)),

  reviewPerson: async (desk, { params, body }) => {
    const act = await desk.engines.use((engine) =>
      reviewPerson(desk.operation, engine, params.person, body.outcome),
    );
    return recorded(desk, () => act(byOf(body)));
  },
};

/** What there is before the first build. */
const noQueue = {
  scheme: { name: '', version: 0 },
  queue: [],
  total: 0,
  more: false,
  bands: [],
  coverage: { queued: 0, reviewed: 0, outcomes: {}, again: 0 },
  hidden: { cleared: 0, victims: 0, withdrawn: 0 },
};
