import { classify, showStanding } from '../../workbench/categories.ts';
import {
  assertKnown,
  decideLink,
  grade,
  listDecisions,
  recordFact,
  recordRisk,
  undoDecision,
} from '../../workbench/decisions.ts';
import { recordOutcome } from '../../workbench/outcomes.ts';
import type { decisionsEndpoints } from '../contract/decisions.ts';
import { byOf, recorded } from './acts.ts';
import type { HandlersOf } from './handler.ts';

export const decisionsHandlers: HandlersOf<typeof decisionsEndpoints> = {
  listDecisions: async ({ operation }, { query }) =>
    listDecisions(operation, query.kind, query.limit, query.offset),

  showStanding: (desk, { params }) =>
    desk.engines.use((engine) => showStanding(desk.operation, engine, params.person)),

  undoDecision: (desk, { params, body }) =>
    recorded(desk, () => undoDecision(desk.operation, Number(params.sequence), byOf(body))),

  classifyPerson: async (desk, { params, body }) => {
    const act = await desk.engines.use((engine) =>
      classify(desk.operation, engine, params.person, body.category),
    );
    return recorded(desk, () => act(byOf(body)));
  },

  recordOutcome: async (desk, { params, body }) => {
    const act = await desk.engines.use((engine) =>
      recordOutcome(desk.operation, engine, params.person, body),
    );
    return recorded(desk, () => act(byOf(body)));
  },

  recordFact: async (desk, { body }) => {
    await desk.engines.use((engine) => assertKnown(engine, [body.account]));
    return recorded(desk, () => recordFact(desk.operation, body.account, body.fact, byOf(body)));
  },

  recordRisk: async (desk, { body }) => {
    await desk.engines.use((engine) => assertKnown(engine, [body.account]));
    return recorded(desk, () => recordRisk(desk.operation, body, byOf(body)));
  },

  decideLink: async (desk, { body }) => {
    await desk.engines.use((engine) => assertKnown(engine, [body.a, body.b]));
    return recorded(desk, () => decideLink(desk.operation, body.a, body.b, body.verdict, byOf(body)));
  },

  gradeThing: (desk, { body }) => recorded(desk, () => grade(desk.operation, body.what, body.id, byOf(body))),
};
