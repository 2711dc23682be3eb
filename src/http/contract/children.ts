import { z } from '@hono/zod-openapi';
import { childStates, urgencies } from '../../persons/decision-kinds.ts';
import { type Endpoint, page } from './endpoint.ts';
import { evidence, list } from './fields.ts';
import { actSchema, markingBody, reasonText, recordedSchema } from './marking.ts';

/** A person linked to a child: on what basis, and where that stands. Says nothing about who did what. */
const linked = z.object({
  person: z.string().nullable().openapi({ description: 'null where the account is not in this generation' }),
  account: evidence,
  handle: evidence.nullable(),
  rank: z.number().nullable(),
  band: z.string().nullable(),
  basis: evidence,
  pointer: evidence,
});

/** A child at risk: never described. */
const child = z.object({
  case: evidence,
  country: z.string().nullable(),
  state: z.enum(childStates),
  state_since: z.string().nullable().openapi({ description: 'date of the decision in force' }),
  agency: evidence.nullable(),
  urgency: z.enum(urgencies).nullable().openapi({ description: 'as entered by a human' }),
  proposed: z
    .object({ urgency: z.enum(urgencies), reason: evidence })
    .nullable()
    .openapi({ description: 'by rule, for a human to take up or not' }),
  owner: evidence.nullable().openapi({ description: 'who owns the next step' }),
  next_step: evidence.nullable(),
  missing: list(z.string()).openapi({ description: 'what is missing to act' }),
  linked: list(linked),
  /** Accounts that records name as this child's own. */
  own_accounts: list(evidence),
});

export const childrenSchema = z
  .object({
    children: list(child),
    total: z.number(),
    more: z.boolean(),
    states: z.record(z.string(), z.number()),
    unlinked: z.number().openapi({ description: 'children with no linked person: on the list all the same' }),
  })
  .openapi('Children');

export const childSchema = child
  .extend({
    sources: list(z.object({ text: evidence, pointer: evidence })),
    history: list(actSchema.extend({ kind: z.string(), value: evidence, details: evidence.nullable() })),
  })
  .openapi('Child');

const params = z.strictObject({ case: z.string().min(1).max(200) });
const agency = z.string().trim().min(1).max(200);
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is written 2026-01-31');

export const childrenEndpoints = {
  listChildren: {
    method: 'get',
    path: '/api/children',
    summary: 'Children at risk, most urgent first; apart from the ranking of adults',
    action: 'child.list',
    on: { kind: 'operation' },
    query: z.strictObject({
      state: z.enum(['all', 'open', ...childStates]).default('all'),
      country: z.string().max(2).default(''),
      person: z.string().max(200).default('').openapi({ description: 'only children linked to this person' }),
      ...page,
    }),
    status: 200,
    gives: childrenSchema,
  },
  showChild: {
    method: 'get',
    path: '/api/children/{case}',
    summary: 'One child: linked persons with basis, what is missing to act, every act',
    action: 'child.show',
    on: { kind: 'operation' },
    params,
    status: 200,
    gives: childSchema,
  },
  addChild: {
    method: 'post',
    path: '/api/children',
    summary: 'Puts a child on the list, or adds a link to one that is on it',
    action: 'child.decide',
    on: { kind: 'operation' },
    body: z.strictObject({
      case: z.string().trim().min(1).max(200),
      country: z
        .string()
        .regex(/^[A-Z]{2}$/)
        .optional(),
      account: z.string().min(3).max(1000).optional(),
      urgency: z.enum(urgencies).optional(),
      reason: reasonText,
      ...markingBody,
    }),
    status: 200,
    gives: recordedSchema,
  },
  setChildState: {
    method: 'post',
    path: '/api/children/{case}/state',
    summary: 'Records where a child stands: indicated, located, referred, safeguarded',
    action: 'child.decide',
    on: { kind: 'operation' },
    params,
    body: z.strictObject({
      state: z.enum(childStates),
      agency,
      date: isoDate.optional(),
      reason: reasonText,
      ...markingBody,
    }),
    status: 200,
    gives: recordedSchema,
  },
  setChildUrgency: {
    method: 'post',
    path: '/api/children/{case}/urgency',
    summary: 'Records how urgent a human holds it to be',
    action: 'child.decide',
    on: { kind: 'operation' },
    params,
    body: z.strictObject({ urgency: z.enum(urgencies), reason: reasonText, ...markingBody }),
    status: 200,
    gives: recordedSchema,
  },
  assignChild: {
    method: 'post',
    path: '/api/children/{case}/assign',
    summary: 'Records who owns the next step',
    action: 'child.decide',
    on: { kind: 'operation' },
    params,
    body: z.strictObject({
      owner: z.string().trim().min(1).max(200),
      agency: agency.optional(),
      step: z.string().trim().min(1).max(500).optional(),
      reason: reasonText,
    }),
    status: 200,
    gives: recordedSchema,
  },
} as const satisfies Record<string, Endpoint>;
