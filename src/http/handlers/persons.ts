import { clearedPersons } from '../../workbench/categories.ts';
import { decisionsInForce } from '../../workbench/decided.ts';
import { markingsOf } from '../../workbench/decisions.ts';
import { notedPersons, noteFilter } from '../../workbench/notes.ts';
import { listPersons, showPerson } from '../../workbench/person.ts';
import type { personsEndpoints } from '../contract/persons.ts';
import { type HandlersOf, ifBuilt } from './handler.ts';

export const personsHandlers: HandlersOf<typeof personsEndpoints> = {
  listPersons: async (desk, { query }) => {
    const none = { persons: [], hidden: 0 };
    const { persons, hidden } = await ifBuilt(desk, none, async (engine) => {
      const cleared =
        query.cleared === 'show'
          ? []
          : [...(await clearedPersons(engine, decisionsInForce(desk.operation))).keys()];
      const noted = await notedPersons(desk.operation, engine, noteFilter(query.noted));
      const found = await listPersons(engine, query.text, query.limit + 1, query.offset, cleared, noted);
      return { persons: found, hidden: cleared.length };
    });
    return {
      persons: persons.slice(0, query.limit),
      total: persons[0]?.total ?? 0,
      more: persons.length > query.limit,
      hidden,
    };
  },

  showPerson: async (desk, { params }) => {
    const view = await desk.engines.use((engine) => showPerson(engine, params.person));
    const accounts = view.accounts.map(({ account }) => account);
    desk.consultations.look('person.consult', params.person, accounts);
    const marked = markingsOf(desk.operation);
    return { ...view, reasons: view.reasons.map((reason) => ({ ...reason, marking: marked(reason) })) };
  },
};
