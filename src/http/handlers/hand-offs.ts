import { countHandOffs, handOffsOfPerson, listHandOffs } from '../../workbench/hand-offs.ts';
import { listLeads } from '../../workbench/leads.ts';
import type { handOffsEndpoints } from '../contract/hand-offs.ts';
import { type HandlersOf, ifBuilt } from './handler.ts';

export const handOffsHandlers: HandlersOf<typeof handOffsEndpoints> = {
  listHandOffs: (desk, { query }) =>
    ifBuilt(
      desk,
      { hand_offs: [], counts: { firm: 0, likely: 0, possible: 0 }, more: false },
      async (engine) => {
        const rows = await listHandOffs(engine, query.person, query.limit + 1, query.offset);
        return {
          hand_offs: rows.slice(0, query.limit),
          counts: await countHandOffs(engine, query.person),
          more: rows.length > query.limit,
        };
      },
    ),

  showPersonHandOffs: (desk, { params }) =>
    desk.engines.use((engine) => handOffsOfPerson(engine, params.person)),

  listLeads: (desk, { query }) =>
    ifBuilt(desk, { leads: [], total: 0, left_out: 0, cap: 0, more: false }, (engine) =>
      listLeads(engine, query.person, query.limit, query.offset),
    ),
};
