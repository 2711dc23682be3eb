import { z } from '@hono/zod-openapi';
import type { Endpoint } from './endpoint.ts';
import { evidence, list, markingSchema } from './fields.ts';

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

export const exclusionSchema = z
  .object({
    exhibit: z.string(),
    generation: z.string(),
    links: z.object({ fell: list(evidence), appeared: list(evidence) }),
    queue: z.object({
      fell: list(z.string()),
      moved: list(z.object({ person: z.string(), from: z.number(), to: z.number() })),
      appeared: list(z.string()),
    }),
  })
  .openapi('Exclusion');

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
    summary: 'Takes an exhibit out of everything derived and lists what changed',
    action: 'exhibit.exclude',
    on: { kind: 'exhibit', named: 'exhibit' },
    params: exhibit,
    body: z.strictObject({ reason: z.string().trim().min(1, 'a reason is needed').max(2000) }),
    status: 200,
    gives: exclusionSchema,
  },
} as const satisfies Record<string, Endpoint>;
