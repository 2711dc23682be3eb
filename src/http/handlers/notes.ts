import { listNotes, noteFilter, notePerson, noteRecord, showPersonNotes } from '../../workbench/notes.ts';
import type { notesEndpoints } from '../contract/notes.ts';
import { byOf, recorded } from './acts.ts';
import { type HandlersOf, ifBuilt } from './handler.ts';

export const notesHandlers: HandlersOf<typeof notesEndpoints> = {
  listNotes: async (desk, { query: { what, noted, limit, offset } }) => {
    const asked = { what, filter: noteFilter(noted) };
    const list = (engine: Parameters<typeof listNotes>[1]) =>
      listNotes(desk.operation, engine, asked, limit, offset);
    return (await ifBuilt(desk, null, list)) ?? list(null);
  },

  noteRecord: (desk, { body: { pointer, kind, tag, text, ...marking } }) =>
    recorded(desk, () =>
      noteRecord(desk.operation, pointer, { kind, tag, text }, byOf({ reason: '', ...marking })),
    ),

  showPersonNotes: (desk, { params }) =>
    desk.engines.use((engine) => showPersonNotes(desk.operation, engine, params.person)),

  notePerson: async (desk, { params, body: { kind, tag, text, ...marking } }) => {
    const note = await desk.engines.use((engine) =>
      notePerson(desk.operation, engine, params.person, { kind, tag, text }),
    );
    return recorded(desk, () => note(byOf({ reason: '', ...marking })));
  },
};
