import { z } from '@hono/zod-openapi';
import { type Endpoint, personParams, whole } from './endpoint.ts';
import { evidence, list, micros, stamp } from './fields.ts';

const side = z.object({
  account: evidence,
  service: evidence,
  native_id: evidence,
  handle: evidence.nullable(),
  kind: evidence.nullable(),
  status: evidence.nullable(),
  ...stamp,
  pointer: evidence,
  person: z.string(),
  messages: z.number().openapi({ description: 'messages it sent; never what they say' }),
  first_time: micros,
  last_time: micros,
  selectors: list(
    z.object({
      selector: z.string(),
      canonical: evidence.nullable(),
      raw: evidence.nullable(),
      basis: evidence.nullable(),
      times: z.number(),
      first_time: micros,
      last_time: micros,
      pointer: evidence,
    }),
  ),
  more: z.number().openapi({ description: 'selectors that are not listed' }),
});

const bar = z.object({
  group: z.string(),
  text: evidence,
  counted: z.number().openapi({ description: 'bits it adds (for) or takes off (against)' }),
  accounts: z.number(),
  pointers: list(evidence),
});

const rung = z.object({
  proposition: z.enum(['same line', 'same premises', 'same person']),
  against: z.string(),
  bits: z.number(),
  words: z.string(),
});

const explanation = z.object({
  a: evidence,
  b: evidence,
  decision: z.enum(['same', 'different', 'unsure']).nullable(),
  bars: list(bar),
  bits: z.number(),
  threshold: z.number(),
  population: z.number(),
  standing: z.object({
    kind: z.enum(['investigative score', 'likelihood ratio']),
    samePairs: z.number(),
    differentPairs: z.number(),
    note: z.string(),
  }),
  ladder: list(rung),
  headline: rung,
  pivot: z.object({ text: evidence, bits: z.number(), from: z.string(), to: z.string() }).nullable(),
});

export const reviewListSchema = z
  .object({
    pairs: list(
      z.object({ a: side, b: side, shown: list(z.object({ text: evidence, pointers: list(evidence) })) }),
    ),
    open: z.number().openapi({ description: 'pairs with any evidence that nobody has judged' }),
    judged: z.number().openapi({ description: 'pairs on which a decision stands' }),
  })
  .openapi('ReviewList');

export const pairSchema = explanation
  .extend({
    sides: list(side),
    judged: z
      .object({
        sequence: z.number(),
        value: z.string(),
        author: evidence,
        time: z.string(),
        reason: evidence,
      })
      .nullable()
      .openapi({ description: 'the decision that stands, also when no generation has taken it up yet' }),
  })
  .openapi('Pair');

export const certificateSchema = z
  .object({
    person: z.string(),
    accounts: list(evidence),
    weakest: z
      .object({ one: list(evidence), other: list(evidence), bits: z.number(), links: z.number() })
      .nullable(),
    bridge: z.boolean(),
    pairsWithoutEvidence: z.number(),
    pairs: z.number(),
    links: list(explanation),
    more: z.number().openapi({ description: 'links that are not given' }),
  })
  .openapi('Certificate');

const account = z.string().min(3).max(1000);

export const pairsEndpoints = {
  listReview: {
    method: 'get',
    path: '/api/review',
    summary: 'Pairs of accounts for a human to judge, side by side and without their scores',
    action: 'pair.list',
    on: { kind: 'operation' },
    query: z.strictObject({ limit: whole(1, 200, 50) }),
    status: 200,
    gives: reviewListSchema,
  },
  showPair: {
    method: 'get',
    path: '/api/pairs',
    summary: 'One pair of accounts: every piece of evidence for and against, and what it adds',
    action: 'pair.list',
    on: { kind: 'operation' },
    query: z.strictObject({ a: account, b: account }),
    status: 200,
    gives: pairSchema,
  },
  showCertificate: {
    method: 'get',
    path: '/api/persons/{person}/links',
    summary: 'What holds a person together: each link piece by piece, and the weakest place',
    action: 'person.show',
    on: { kind: 'person', named: 'person' },
    params: personParams,
    status: 200,
    gives: certificateSchema,
  },
} as const satisfies Record<string, Endpoint>;
