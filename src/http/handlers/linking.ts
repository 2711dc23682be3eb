import { listGenerics } from '../../workbench/evaluate.ts';
import { personHistory } from '../../workbench/person-history.ts';
import type { linkingEndpoints } from '../contract/linking.ts';
import { type HandlersOf, ifBuilt } from './handler.ts';

export const linkingHandlers: HandlersOf<typeof linkingEndpoints> = {
  showPersonHistory: (desk, { params }) => personHistory(desk.operation, params.person),

  listGenerics: async (desk, { query }) => {
    const values = await ifBuilt(desk, [], (engine) => listGenerics(engine, query.limit + 1, query.offset));
    return { values: values.slice(0, query.limit), more: values.length > query.limit };
  },
};
