import { z } from '@hono/zod-openapi';
import type { Endpoint } from './endpoint.ts';
import { evidence, list } from './fields.ts';

export const readingSchema = z
  .object({
    reason: z.boolean().openapi({ description: 'whether a reason must be given' }),
    second: z.boolean().openapi({ description: 'whether a second person must confirm' }),
    second_readers: list(evidence),
  })
  .openapi('Reading');

export const readingEndpoints = {
  showReading: {
    method: 'get',
    path: '/api/reading',
    summary: 'What the operation asks for before a text is opened, and who can confirm it',
    action: 'reading.show',
    on: { kind: 'operation' },
    status: 200,
    gives: readingSchema,
  },
} as const satisfies Record<string, Endpoint>;
