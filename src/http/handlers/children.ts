import { addChild, decideOnChild, showChild, showChildren } from '../../workbench/children.ts';
import type { childrenEndpoints } from '../contract/children.ts';
import { byOf, recorded } from './acts.ts';
import { type HandlersOf, ifBuilt } from './handler.ts';

export const childrenHandlers: HandlersOf<typeof childrenEndpoints> = {
  listChildren: (desk, { query }) =>
    ifBuilt(desk, noChildren, (engine) => showChildren(desk.operation, engine, query)),

  showChild: (desk, { params }) =>
    desk.engines.use((engine) => showChild(desk.operation, engine, params.case)),

  addChild: async (desk, { body }) => {
    const act = await desk.engines.use((engine) => addChild(engine, body));
    return recorded(desk, () => act(desk.operation, byOf(body)));
  },

  setChildState: async (desk, { params, body }) => {
    const { state, agency, date } = body;
    const details = { agency, ...(date !== undefined && { date }) };
    const act = await desk.engines.use((engine) =>
      decideOnChild(desk.operation, engine, params.case, { kind: 'child state', value: state, details }),
    );
    return recorded(desk, () => act(byOf(body)));
  },

  setChildUrgency: async (desk, { params, body }) => {
    const act = await desk.engines.use((engine) =>
      decideOnChild(desk.operation, engine, params.case, { kind: 'child urgency', value: body.urgency }),
    );
    return recorded(desk, () => act(byOf(body)));
  },

  assignChild: async (desk, { params, body }) => {
    const { owner, agency, step } = body;
    const details = { ...(agency !== undefined && { agency }), ...(step !== undefined && { step }) };
    const act = await desk.engines.use((engine) =>
      decideOnChild(desk.operation, engine, params.case, { kind: 'child owner', value: owner, details }),
    );
    return recorded(desk, () => act(byOf(body)));
  },
};

/** What there is before the first build. */
const noChildren = { children: [], total: 0, more: false, states: {}, unlinked: 0 };
