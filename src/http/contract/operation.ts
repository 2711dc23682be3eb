import { z } from '@hono/zod-openapi';
import type { Endpoint } from './endpoint.ts';
import { errorSchema, evidence } from './fields.ts';

export const operationSchema = z
  .object({
    folder: z.string(),
    origin: z.string(),
    actor: z.string(),
    version: z.string(),
    generation: z
      .object({
        id: z.string(),
        accounts: z.number(),
        persons: z.number(),
        contacts: z.number(),
        queued: z.number(),
      })
      .nullable()
      .openapi({ description: 'null before the first build' }),
    exhibits: z.number(),
    excluded: z.number(),
    warnings: z.number(),
    unread: z.number(),
    building: z.boolean(),
    toCome: z
      .array(z.string())
      .openapi({ description: 'parts of the generation in force that are not derived yet' }),
    policyReports: z.number().openapi({ description: 'times a page was stopped by its content policy' }),
  })
  .openapi('Operation');

export const buildStartedSchema = z.object({ started: z.literal(true) }).openapi('BuildStarted');

/** One event of `GET /api/progress`. */
export const progressSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('progress'),
      stage: z.string(),
      what: evidence.optional(),
      done: z.number(),
      total: z.number().nullable(),
    }),
    z
      .object({ kind: z.literal('in force'), generation: z.string() })
      .openapi({ description: 'the queue can be read; the parts in `toCome` are still being derived' }),
    z.object({ kind: z.literal('done'), generation: z.string() }),
    z.object({ kind: z.literal('failed'), error: errorSchema.shape.error }),
  ])
  .openapi('Progress');

export const operationEndpoints = {
  showOperation: {
    method: 'get',
    path: '/api/operation',
    summary: 'The operation: generation in force, counts, warnings',
    action: 'operation.show',
    on: { kind: 'operation' },
    status: 200,
    gives: operationSchema,
  },
  startBuild: {
    method: 'post',
    path: '/api/build',
    summary: 'Starts reading what is unread and building a generation; follow it at /api/progress',
    action: 'operation.build',
    on: { kind: 'operation' },
    status: 202,
    gives: buildStartedSchema,
  },
  followProgress: {
    method: 'get',
    path: '/api/progress',
    summary: 'Server-sent events of the work under way or done last; replayed after Last-Event-ID',
    action: 'operation.follow',
    on: { kind: 'operation' },
    status: 200,
    gives: 'events',
  },
} as const satisfies Record<string, Endpoint>;
