import { z } from '@hono/zod-openapi';
import { childStates, reviewOutcomes } from '../../persons/decision-kinds.ts';
import { type Endpoint, page, personParams, whole } from './endpoint.ts';
import { evidence, list, reason } from './fields.ts';
import { actSchema, markingBody, reasonText, recordedSchema } from './marking.ts';

/** Whether the accounts that were decided on are still one person. */
export const heldSchema = z.enum(['whole', 'grown', 'split']).openapi({
  description:
    'whole: the accounts decided on are the person of today; grown: the person has accounts that were not decided on; split: the accounts decided on are several persons today',
});

export const reviewSchema = actSchema.extend({ outcome: z.enum(reviewOutcomes), held: heldSchema });

/** The smallest change of indicators that would put the person into another band. */
const change = z.object({ band: z.string().nullable(), indicators: list(z.string()) });

export const completenessSchema = z
  .object({
    board: z.number().openapi({ description: 'posts and private messages' }),
    mail: z.number().openapi({ description: 'mails' }),
    chat: z.number().openapi({ description: 'chat lines' }),
    logs: z.number().openapi({
      description:
        'requests of web logs by session, or at the address and second of a record of theirs alone',
    }),
    returns: z.number().openapi({ description: 'answers of access providers' }),
    place: z.number().openapi({ description: 'stated places, addresses, postcodes' }),
    accounts: z.number().openapi({ description: 'more than one: linked' }),
  })
  .openapi('Completeness', { description: 'which kinds of evidence exist; says nothing about priority' });

const entry = z.object({
  rank: z.number(),
  person: z.string(),
  band: z.string(),
  accounts: list(z.object({ account: evidence, handle: evidence.nullable() })),
  reasons: list(reason),
  raise: change.nullable(),
  lower: change.nullable(),
  completeness: completenessSchema,
  review: reviewSchema.nullable(),
  category: z.string(),
  cleared: z.boolean(),
  /** Victim's accounts are part of this person: check the link first. */
  victimAccounts: list(evidence),
  children: list(z.object({ case: evidence, state: z.enum(childStates) })),
});

export const coverageSchema = z.object({
  queued: z.number(),
  reviewed: z.number().openapi({ description: 'persons of the queue with any review in force' }),
  outcomes: z.record(z.string(), z.number()),
  again: z.number().openapi({ description: 'reviewed before further accounts were linked: not counted' }),
});

export const queueSchema = z
  .object({
    scheme: z.object({ name: z.string(), version: z.number() }),
    queue: list(entry),
    total: z.number().openapi({ description: 'after filters' }),
    more: z.boolean(),
    bands: list(z.object({ band: z.string(), meaning: z.string(), persons: z.number() })),
    coverage: coverageSchema,
    hidden: z.object({
      cleared: z.number().openapi({ description: 'cleared persons left out; show with cleared=show' }),
      victims: z
        .number()
        .openapi({ description: "victims' accounts that have indicators: never ranked as adults" }),
      withdrawn: z.number().openapi({ description: 'persons whose only indicators were withdrawn' }),
    }),
  })
  .openapi('Queue');

export const auditSchema = z
  .object({
    seed: z.string().openapi({ description: 'operation and generation: the same give the same sample' }),
    population: z.number().openapi({ description: 'low-ranked and unranked persons not in a high band' }),
    sample: list(
      z.object({
        person: z.string(),
        rank: z.number().nullable(),
        band: z.string().nullable(),
        accounts: list(z.object({ account: evidence, handle: evidence.nullable() })),
        review: reviewSchema.nullable(),
      }),
    ),
    counted: z.object({
      reviewed: z.number(),
      referred: z.number(),
      most: z.number().nullable().openapi({
        description: 'with 95% confidence at most this share of them would be referred; or null',
      }),
    }),
  })
  .openapi('Audit');

export const queueEndpoints = {
  showQueue: {
    method: 'get',
    path: '/api/queue',
    summary: 'Whom to look at first, with reasons for and against',
    action: 'queue.show',
    on: { kind: 'operation' },
    query: z.strictObject({
      ...page,
      band: z.string().max(20).default(''),
      review: z.enum(['all', 'open', 'done']).default('all'),
      text: z.string().max(200).default(''),
      cleared: z.enum(['hide', 'show']).default('hide'),
    }),
    status: 200,
    gives: queueSchema,
  },
  showAudit: {
    method: 'get',
    path: '/api/queue/audit',
    summary: 'A random sample of the low-ranked and unranked, the same for the same generation',
    action: 'queue.show',
    on: { kind: 'operation' },
    query: z.strictObject({ size: whole(1, 200, 20) }),
    status: 200,
    gives: auditSchema,
  },
  reviewPerson: {
    method: 'post',
    path: '/api/persons/{person}/review',
    summary: 'Records what a human found on looking at a person',
    action: 'person.decide',
    on: { kind: 'person', named: 'person' },
    params: personParams,
    body: z.strictObject({ outcome: z.enum(reviewOutcomes), reason: reasonText, ...markingBody }),
    status: 200,
    gives: recordedSchema,
  },
} as const satisfies Record<string, Endpoint>;
