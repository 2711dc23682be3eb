import { z } from '@hono/zod-openapi';
import { type Endpoint, whole } from './endpoint.ts';
import { evidence, list } from './fields.ts';

export const ledgerSchema = z
  .object({
    origin: z.string(),
    size: z.number(),
    acts: list(
      z.object({
        index: z.number(),
        time: z.string(),
        actor: z.string(),
        action: z.string(),
        objects: list(z.string()),
        facts: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    ),
  })
  .openapi('Ledger');

export const ledgerCheckSchema = z
  .object({
    ok: z.boolean(),
    origin: z.string().nullable(),
    size: z.number().nullable(),
    root: z.string().nullable().openapi({ description: 'hex' }),
    firstBadIndex: z.number().nullable(),
    problems: list(z.object({ what: evidence, file: evidence, index: z.number().optional() })),
    problemCount: z.number(),
  })
  .openapi('LedgerCheck');

export const ledgerEndpoints = {
  showLedger: {
    method: 'get',
    path: '/api/ledger',
    summary: 'The latest acts, newest first',
    action: 'ledger.show',
    on: { kind: 'ledger' },
    query: z.strictObject({ limit: whole(1, 1000, 100) }),
    status: 200,
    gives: ledgerSchema,
  },
  checkLedger: {
    method: 'post',
    path: '/api/ledger/check',
    summary: 'Recomputes the whole ledger',
    action: 'ledger.check',
    on: { kind: 'ledger' },
    status: 200,
    gives: ledgerCheckSchema,
  },
} as const satisfies Record<string, Endpoint>;
