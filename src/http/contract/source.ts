import { z } from '@hono/zod-openapi';
import type { Endpoint } from './endpoint.ts';
import { evidence } from './fields.ts';

export const sourceSchema = z
  .object({
    pointer: evidence,
    exhibit: z.string(),
    received: evidence,
    inner: evidence,
    sha256: z.string(),
    authority: z.string().nullable(),
    reference: z.string().nullable(),
    offset: z.number(),
    length: z.number(),
    shown: z.number().openapi({ description: 'bytes given here, from the offset on' }),
    bytes: z.string().nullable().openapi({ description: 'base64; null where withheld or closed' }),
    closed: z.boolean().openapi({
      description: 'the bytes come only once the text was opened as the operation asks (GET /api/reading)',
    }),
    withheld: z
      .string()
      .nullable()
      .openapi({ description: 'media type of imagery, whose bytes are never given' }),
  })
  .openapi('Source');

export const revealedSchema = z.object({ recorded: z.literal(true) }).openapi('Revealed');

const pointer = z.strictObject({ pointer: z.string().min(1).max(8192) });

export const sourceEndpoints = {
  showSource: {
    method: 'get',
    path: '/api/source',
    summary: 'Where a pointer stands and the first 256 KiB of its bytes; never those of imagery',
    action: 'source.show',
    on: { kind: 'exhibit', named: 'pointer' },
    query: pointer,
    status: 200,
    gives: sourceSchema,
  },
  downloadSource: {
    method: 'get',
    path: '/api/source/raw',
    summary: 'The bytes of a pointer as a download; never those of imagery',
    action: 'source.download',
    on: { kind: 'exhibit', named: 'pointer' },
    query: pointer,
    status: 200,
    gives: 'bytes',
  },
  revealSource: {
    method: 'post',
    path: '/api/source/reveal',
    summary:
      'Records in the ledger that the text behind a pointer is being read, with a reason and a second person where the operation asks for them',
    action: 'source.reveal',
    on: { kind: 'exhibit', named: 'pointer' },
    body: pointer.extend({
      reason: z.string().trim().max(2000).optional(),
      second: z
        .strictObject({ name: z.string().trim().min(1).max(200), key: z.string().min(1).max(200) })
        .optional()
        .openapi({ description: 'who confirms it, with the key that is theirs alone' }),
    }),
    status: 200,
    gives: revealedSchema,
  },
} as const satisfies Record<string, Endpoint>;
