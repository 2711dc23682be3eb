import { z } from '@hono/zod-openapi';
import { notedThings, noteKinds } from '../../persons/decision-kinds.ts';
import { type Endpoint, page, personParams } from './endpoint.ts';
import { evidence, list } from './fields.ts';
import { actSchema, markingBody, recordedSchema } from './marking.ts';
import { heldSchema } from './queue.ts';

/** A note beside a record or a person. What an officer wrote may quote an exhibit: it is evidence to the page. */
export const noteSchema = actSchema.extend({ kind: z.enum(noteKinds), tag: evidence.nullable() });

/** Which notes are meant, in a query. */
export const noted = z
  .string()
  .max(80)
  .default('')
  .openapi({ description: 'only what has such a note: any, star, tag, comment or tag:<word>' });

const listed = noteSchema.extend({
  what: z.enum(notedThings),
  pointer: evidence.nullable(),
  persons: list(z.object({ person: z.string(), held: heldSchema })),
  accounts: list(evidence),
});

export const notesSchema = z
  .object({
    notes: list(listed),
    total: z.number(),
    more: z.boolean(),
    tags: list(z.object({ tag: evidence, notes: z.number() })),
  })
  .openapi('Notes');

export const personNotesSchema = z
  .object({ person: z.string(), notes: list(noteSchema.extend({ held: heldSchema })) })
  .openapi('PersonNotes');

const given = {
  kind: z.enum(noteKinds),
  tag: z.string().trim().min(1).max(60).optional().openapi({ description: 'the word; needed with "tag"' }),
  text: z.string().trim().max(2000).optional().openapi({ description: 'needed with "comment"' }),
  ...markingBody,
};

export const notesEndpoints = {
  listNotes: {
    method: 'get',
    path: '/api/notes',
    summary: 'Stars, tags and comments in force, latest first, with the tags in use',
    action: 'note.list',
    on: { kind: 'operation' },
    query: z.strictObject({ what: z.enum(['', ...notedThings]).default(''), noted, ...page }),
    status: 200,
    gives: notesSchema,
  },
  noteRecord: {
    method: 'post',
    path: '/api/notes',
    summary: 'Puts a star, tag or comment beside a record; it bears on no rank and no link',
    action: 'record.note',
    on: { kind: 'exhibit', named: 'pointer' },
    body: z.strictObject({ pointer: z.string().min(1).max(8192), ...given }),
    status: 200,
    gives: recordedSchema,
  },
  showPersonNotes: {
    method: 'get',
    path: '/api/persons/{person}/notes',
    summary: 'Stars, tags and comments beside a person, and whether they still fit the accounts of today',
    action: 'person.show',
    on: { kind: 'person', named: 'person' },
    params: personParams,
    status: 200,
    gives: personNotesSchema,
  },
  notePerson: {
    method: 'post',
    path: '/api/persons/{person}/notes',
    summary: 'Puts a star, tag or comment beside a person; it bears on no rank and no link',
    action: 'person.note',
    on: { kind: 'person', named: 'person' },
    params: personParams,
    body: z.strictObject(given),
    status: 200,
    gives: recordedSchema,
  },
} as const satisfies Record<string, Endpoint>;
