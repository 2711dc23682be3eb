import { listPersons, showPerson } from '../../workbench/person.ts';
import type { personsEndpoints } from '../contract/persons.ts';
import { type HandlersOf, ifBuilt } from './handler.ts';

export const personsHandlers: HandlersOf<typeof personsEndpoints> = {
  listPersons: async (desk, { query }) => {
    const persons = await ifBuilt(desk, [], (engine) =>
      listPersons(engine, query.text, query.limit + 1, query.offset),
    );
    return { persons: persons.slice(0, query.limit), more: persons.length > query.limit };
  },

  showPerson: (desk, { params }) => desk.engines.use((engine) => showPerson(engine, params.person)),
};
