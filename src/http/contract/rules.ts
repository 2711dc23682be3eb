import { z } from '@hono/zod-openapi';
import type { Endpoint } from './endpoint.ts';
import { evidence, list } from './fields.ts';
import { reasonText, recordedSchema } from './marking.ts';

const condition = z.object({
  indicator: z.string(),
  least: z.number().openapi({ description: 'how many of it must count' }),
  tool: evidence.nullable(),
  results: list(evidence),
});

export const schemeSchema = z.object({
  name: evidence,
  version: z.number(),
  about: evidence,
  bands: list(z.object({ band: evidence, meaning: evidence })),
  rules: list(z.object({ band: evidence, all: list(condition) })),
  order: list(z.string()),
});

const problem = z.object({
  line: z.number().nullable(),
  what: evidence,
  remedy: evidence,
});

export const rulesSchema = z
  .object({
    inForce: schemeSchema,
    digest: z.string(),
    text: evidence.openapi({ description: 'as a file that can be edited and adopted' }),
    adopted: z
      .object({ sequence: z.number(), author: evidence, time: z.string(), reason: evidence })
      .nullable()
      .openapi({ description: 'null: the scheme that Waymark brings' }),
    built: z.boolean().openapi({ description: 'whether the generation in force was ranked by it' }),
    indicators: list(z.object({ indicator: z.string(), meaning: z.string() })),
    orders: list(z.string()),
    brought: list(z.object({ file: z.string(), name: z.string(), version: z.number(), about: z.string() })),
  })
  .openapi('Rules');

export const checkedRulesSchema = z
  .object({ scheme: schemeSchema.nullable(), digest: z.string().nullable(), problems: list(problem) })
  .openapi('CheckedRules');

const moved = z.object({
  person: z.string(),
  handles: list(evidence),
  from: z.object({ rank: z.number(), band: z.string() }).nullable(),
  to: z.object({ rank: z.number(), band: z.string() }).nullable(),
});

export const previewSchema = z
  .object({
    digest: z.string(),
    persons: z.object({ now: z.number(), after: z.number() }),
    bands: list(z.object({ band: z.string(), now: z.number(), after: z.number() })),
    enters: z.number(),
    leaves: z.number(),
    changesBand: z.number(),
    moves: z.number().openapi({ description: 'other rank, same band' }),
    /** At most 500, in this order: leaves, enters, other band, other rank. */
    changes: list(moved),
    more: z.boolean(),
  })
  .openapi('RulesPreview');

const text = z.string().min(1).max(60_000);

export const rulesEndpoints = {
  showRules: {
    method: 'get',
    path: '/api/rules',
    summary: 'The rules in force, as data and as a file',
    action: 'rules.show',
    on: { kind: 'operation' },
    status: 200,
    gives: rulesSchema,
  },
  checkRules: {
    method: 'post',
    path: '/api/rules/check',
    summary: 'Whether a file of rules can be adopted, and if not, why and where',
    action: 'rules.show',
    on: { kind: 'operation' },
    body: z.strictObject({ text }),
    status: 200,
    gives: checkedRulesSchema,
  },
  previewRules: {
    method: 'post',
    path: '/api/rules/preview',
    summary: 'Who would enter, leave or move under these rules; nothing changes',
    action: 'rules.show',
    on: { kind: 'operation' },
    body: z.strictObject({ text }),
    status: 200,
    gives: previewSchema,
  },
  adoptRules: {
    method: 'post',
    path: '/api/rules/adopt',
    summary: 'Adopts rules by decision; they rank from the next build on',
    action: 'rules.adopt',
    on: { kind: 'operation' },
    body: z.strictObject({ text, reason: reasonText }),
    status: 200,
    gives: recordedSchema,
  },
} as const satisfies Record<string, Endpoint>;
