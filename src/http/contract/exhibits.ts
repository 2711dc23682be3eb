import { z } from '@hono/zod-openapi';
import type { Endpoint } from './endpoint.ts';
import { evidence, list, markingSchema } from './fields.ts';
import { reasonText } from './marking.ts';
import { noticeSchema, packageLine } from './packages.ts';

const tally = z.object({
  unit: z.string(),
  rows: z.number(),
  read: z.number(),
  skipped: z.record(z.string(), z.number()),
});

export const exhibitSchema = z
  .object({
    id: z.string(),
    path: evidence,
    paths: list(evidence),
    kind: z.enum(['file', 'folder']),
    bytes: z.number(),
    sha256: z.string(),
    status: z.enum(['received', 'read', 'unread', 'excluded']),
    authority: z.string().nullable(),
    reference: z.string().nullable(),
    reader: z.string().nullable(),
    readerVersion: z.string().nullable(),
    records: z.record(z.string(), z.number()),
    warnings: z.number(),
    rows: list(tally),
    marking: markingSchema.nullable().openapi({ description: 'as a human graded it' }),
  })
  .openapi('Exhibit');

export const exhibitsSchema = z
  .object({
    exhibits: list(exhibitSchema),
    unread: list(z.object({ path: evidence, reason: evidence })),
    excluded: list(z.object({ id: z.string(), path: evidence, reason: z.string().nullable() })),
  })
  .openapi('Exhibits');

export const warningsSchema = z
  .object({
    exhibit: exhibitSchema,
    /** At most 500; `exhibit.warnings` is the whole count. */
    warnings: list(z.object({ code: z.string(), text: evidence, pointer: evidence })),
  })
  .openapi('Warnings');

/** The first of a list, those that matter most first, and how many there are in all. */
function listed<T extends z.ZodType>(item: T) {
  return z.object({ count: z.number(), items: list(item) });
}

const knownAccount = z.object({
  account: evidence,
  handle: evidence.nullable(),
  pointer: evidence.nullable(),
});

const linkChange = z.object({
  a: evidence,
  b: evidence,
  bits_before: z.number().nullable(),
  bits_after: z.number().nullable(),
  decision: evidence.nullable(),
  gone: z.boolean().openapi({ description: 'one of the accounts is not known on the other side' }),
  pieces: list(z.object({ text: evidence, bits: z.number(), pointers: list(evidence) })),
});

const personChange = z.object({
  person: z.string(),
  rank: z.number().nullable(),
  parts: list(
    z.object({
      person: z.string().nullable().openapi({ description: 'null: the accounts are known no more' }),
      accounts: list(evidence),
      count: z.number(),
    }),
  ),
});

const queueChange = z.object({
  kind: z.enum(['left', 'came', 'band', 'moved']),
  person: z.string().nullable(),
  heir: z.string().nullable(),
  handles: list(evidence),
  from: z.number().nullable(),
  from_band: z.string().nullable(),
  to: z.number().nullable(),
  to_band: z.string().nullable(),
});

const childChange = z.object({
  child: evidence,
  fell: z.number(),
  came: z.number(),
  stand: z.number(),
  fell_pointers: list(evidence),
  came_pointers: list(evidence),
});

const fellAndCame = z.object({ fell: z.number(), came: z.number() });

export const changesSchema = z
  .object({
    cap: z.number().openapi({ description: 'entries that a list shows at most; counts are whole' }),
    accounts: z.object({ fell: listed(knownAccount), came: listed(knownAccount) }),
    links: z.object({
      fell: listed(linkChange),
      weaker: listed(linkChange),
      stronger: listed(linkChange),
      came: listed(linkChange),
    }),
    persons: z.object({
      before: z.number(),
      after: z.number(),
      gone: z.number(),
      smaller: z.number(),
      appeared: z.number(),
      split: listed(personChange),
      joined: listed(personChange),
    }),
    queue: listed(queueChange).extend({
      kinds: z.object({ left: z.number(), came: z.number(), band: z.number(), moved: z.number() }),
    }),
    children: listed(childChange),
    hand_offs: fellAndCame,
    leads: fellAndCame,
    decided_gone: list(evidence),
  })
  .openapi('Changes');

export const exclusionSchema = z
  .object({
    exhibit: z.string(),
    act: z.enum(['exclude', 'include']),
    generation: z.string().nullable().openapi({ description: 'null for a preview' }),
    compared_with: z.enum(['the generation in force', 'what a build would give']),
    records: z.record(z.string(), z.number()),
    changes: changesSchema,
    packages: list(packageLine),
    notices: list(noticeSchema),
  })
  .openapi('Exclusion');

export const exclusionsSchema = z
  .object({
    acts: list(
      z.object({
        sequence: z.number(),
        act: z.enum(['exclude', 'include']),
        reason: evidence,
        author: evidence,
        time: z.string(),
        result: exclusionSchema.nullable(),
      }),
    ),
    preview: exclusionSchema.nullable().openapi({ description: 'made last, while it still holds' }),
  })
  .openapi('Exclusions');

const exhibit = z.strictObject({ id: z.string().regex(/^[0-9a-f]{16}$/, 'an exhibit id has 16 hex digits') });

export const exhibitsEndpoints = {
  listExhibits: {
    method: 'get',
    path: '/api/exhibits',
    summary: 'Exhibits with counts that add up, what was left unread, what was excluded',
    action: 'exhibit.list',
    on: { kind: 'operation' },
    status: 200,
    gives: exhibitsSchema,
  },
  listWarnings: {
    method: 'get',
    path: '/api/exhibits/{id}/warnings',
    summary: 'One exhibit and the first 500 warnings of reading it',
    action: 'exhibit.show',
    on: { kind: 'exhibit', named: 'exhibit' },
    params: exhibit,
    status: 200,
    gives: warningsSchema,
  },
  excludeExhibit: {
    method: 'post',
    path: '/api/exhibits/{id}/exclude',
    summary: 'Takes an exhibit out of everything derived and lists what changed; the list stays',
    action: 'exhibit.exclude',
    on: { kind: 'exhibit', named: 'exhibit' },
    params: exhibit,
    body: z.strictObject({ reason: reasonText }),
    status: 200,
    gives: exclusionSchema,
  },
  includeExhibit: {
    method: 'post',
    path: '/api/exhibits/{id}/include',
    summary: 'Takes an excluded exhibit back in and lists what changed',
    action: 'exhibit.exclude',
    on: { kind: 'exhibit', named: 'exhibit' },
    params: exhibit,
    body: z.strictObject({ reason: reasonText }),
    status: 200,
    gives: exclusionSchema,
  },
  previewExclusion: {
    method: 'post',
    path: '/api/exhibits/{id}/preview',
    summary: 'What would fall or appear if the exhibit were taken out or back in; nothing changes',
    action: 'exhibit.preview',
    on: { kind: 'exhibit', named: 'exhibit' },
    params: exhibit,
    body: z.strictObject({ act: z.enum(['exclude', 'include']) }),
    status: 200,
    gives: exclusionSchema,
  },
  listExclusions: {
    method: 'get',
    path: '/api/exhibits/{id}/exclusions',
    summary: 'Each time that the exhibit was taken out or back in, with what changed; and the last preview',
    action: 'exhibit.changes',
    on: { kind: 'exhibit', named: 'exhibit' },
    params: exhibit,
    status: 200,
    gives: exclusionsSchema,
  },
} as const satisfies Record<string, Endpoint>;
