import { z } from '@hono/zod-openapi';
import type { Endpoint } from './endpoint.ts';
import { evidence, list, reason } from './fields.ts';

export const queueSchema = z
  .object({
    queue: list(
      z.object({
        rank: z.number(),
        person: z.string(),
        band: z.string(),
        accounts: list(z.object({ account: evidence, handle: evidence.nullable() })),
        reasons: list(reason),
      }),
    ),
  })
  .openapi('Queue');

export const queueEndpoints = {
  showQueue: {
    method: 'get',
    path: '/api/queue',
    summary: 'Whom to look at first, with reasons for and against',
    action: 'queue.show',
    on: { kind: 'operation' },
    status: 200,
    gives: queueSchema,
  },
} as const satisfies Record<string, Endpoint>;
