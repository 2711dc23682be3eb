import { z } from '@hono/zod-openapi';
import type { Endpoint } from './endpoint.ts';
import { evidence, list } from './fields.ts';

/** A number, and the decisions behind it (their sequence), so that each can be opened. */
const figure = z.object({
  count: z.number(),
  decisions: list(z.number()).openapi({ description: 'empty where the number comes from the generation' }),
});

const row = z.object({
  country: z.string().openapi({ description: 'ISO 3166-1; "" where no country is known' }),
  /** Persons of the queue whose country is only likely, by derivation; kept apart from what was decided. */
  likely_targets: z.number(),
  targets: figure,
  arrests: figure,
  charges: figure,
  convictions: figure,
  referrals: figure,
  children: figure,
});

export const boardSchema = z
  .object({
    generation: z.string(),
    exhibits: z.number(),
    accounts: z.number(),
    persons: z.number(),
    members: z.number().openapi({ description: 'accounts that services call their members' }),
    funnel: list(z.object({ step: z.string(), count: z.number(), decisions: list(z.number()) })),
    totals: row.omit({ country: true }),
    countries: list(row),
    agencies: list(
      z.object({
        agency: evidence,
        arrests: figure,
        charges: figure,
        convictions: figure,
        referrals: figure,
        children: figure,
      }),
    ),
    children: z.object({
      listed: z.number(),
      indicated: figure,
      located: figure,
      referred: figure,
      safeguarded: figure,
    }),
    reviewed: z.object({
      of: z.number(),
      reviewed: figure,
      referred: figure,
      cleared: figure,
      noAction: figure,
    }),
    change: z
      .object({
        before: z.string().openapi({ description: 'the generation before' }),
        accounts: z.number(),
        persons: z.number(),
        contacts: z.number(),
        queued: z.number(),
        entered: list(z.string()),
        left: list(z.string()),
        band: list(z.object({ person: z.string(), from: z.string(), to: z.string() })),
      })
      .nullable()
      .openapi({ description: 'what changed since the generation before; null for the first' }),
  })
  .openapi('Board');

export const outcomesSchema = z
  .object({
    outcomes: list(
      z.object({
        sequence: z.number(),
        kind: z.string(),
        country: z.string(),
        agency: evidence,
        date: z.string(),
        case: evidence.nullable(),
        persons: list(z.string()).openapi({ description: 'the persons of today' }),
        accounts: list(evidence),
        reason: evidence,
        author: evidence,
        time: z.string(),
      }),
    ),
  })
  .openapi('Outcomes');

export const boardEndpoints = {
  showBoard: {
    method: 'get',
    path: '/api/board',
    summary: 'The operation in numbers, each with the decisions behind it',
    action: 'board.show',
    on: { kind: 'operation' },
    status: 200,
    gives: boardSchema,
  },
  listOutcomes: {
    method: 'get',
    path: '/api/outcomes',
    summary: 'Arrests, charges, convictions, referrals and children safeguarded',
    action: 'board.show',
    on: { kind: 'operation' },
    status: 200,
    gives: outcomesSchema,
  },
} as const satisfies Record<string, Endpoint>;
