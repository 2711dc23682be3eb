import { z } from '@hono/zod-openapi';
import { type Endpoint, page, personParams } from './endpoint.ts';
import { evidence, list, micros, stamp } from './fields.ts';

/** How sure: a closed scale, no probability. docs/footprint.md says what each word means. */
const confidence = z.enum(['firm', 'likely', 'possible']);

const style = z.enum([
  'plain',
  'bracketed',
  'spelled out',
  'spaced',
  'look-alike letters',
  'two messages',
  'silent',
]);

/** One step of the chain, in order of time: what stands there, and where. */
const step = z.object({
  step: z.enum(['giving', 'answer', 'first message', 'last before', 'last after']),
  account: evidence,
  ...stamp,
  pointer: evidence,
});

const ground = z.object({ ground: z.string(), text: evidence, pointers: list(evidence) });

const handOff = z.object({
  hand_off: z.string(),
  from_account: evidence.openapi({
    description: 'who gave the selector; of a silent one: the first by name',
  }),
  to_account: evidence,
  from_handle: evidence.nullable(),
  to_handle: evidence.nullable(),
  from_person: z.string().nullable(),
  to_person: z.string().nullable(),
  from_channel: evidence,
  channel: evidence,
  service: evidence,
  style,
  selector_kind: z.string().nullable(),
  selector: evidence.nullable().openapi({ description: 'canonical form; null when silent' }),
  raw: evidence
    .nullable()
    .openapi({ description: 'as written; lines of two messages divided by a line feed' }),
  from_other_account: evidence.openapi({ description: "the giver's account on the other channel" }),
  to_other_account: evidence,
  first_writer: z.enum(['giver', 'taker']),
  first_time: micros,
  delay_seconds: z.number().nullable(),
  messages: z.number().openapi({ description: 'on the other channel from the first message on, both ways' }),
  confidence,
  reasons_for: list(ground),
  reasons_against: list(ground),
  chain: list(step),
});

const given = z.object({
  given: z.string(),
  from_account: evidence,
  to_account: evidence,
  from_handle: evidence.nullable(),
  to_handle: evidence.nullable(),
  from_person: z.string().nullable(),
  to_person: z.string().nullable(),
  channel: evidence,
  style,
  selector_kind: z.string(),
  service: evidence.nullable(),
  selector: evidence,
  raw: evidence,
  meant: z.enum(['contact', 'mention']).openapi({
    description: 'whether the words around it offer it as a way to reach the writer',
  }),
  ...stamp,
  pointers: list(evidence),
  followed: z.boolean().openapi({ description: 'whether a hand-off follows from it' }),
});

const lead = z.object({
  lead: z.string(),
  rank: z.number(),
  kind: z.enum(['selector', 'address']),
  provider: evidence.nullable().openapi({ description: 'null: find out first who runs it' }),
  provider_basis: z.string(),
  selector_kind: z.string(),
  selector: evidence,
  queue_rank: z.number().nullable().openapi({ description: 'best rank of the persons it concerns' }),
  persons: list(z.object({ person: z.string(), handles: list(evidence), rank: z.number().nullable() })),
  accounts: list(evidence),
  count: z.number().openapi({ description: 'places where it stands' }),
  why: evidence,
  ask: list(evidence),
  /** Null when it can be asked. */
  cannot: z.string().nullable(),
  times: list(
    z.object({
      ...stamp,
      zone_basis: z.string(),
      port: z.number().nullable(),
      what: z.string(),
      pointer: evidence,
    }),
  ),
  pointers: list(evidence),
});

export const handOffsSchema = z
  .object({
    hand_offs: list(handOff),
    counts: z.object({ firm: z.number(), likely: z.number(), possible: z.number() }),
    more: z.boolean(),
  })
  .openapi('HandOffs');

export const personHandOffsSchema = z
  .object({
    person: z.string(),
    hand_offs: list(handOff),
    given: list(given),
    more: z.boolean().openapi({ description: 'whether the cap of 500 of either was reached' }),
  })
  .openapi('PersonHandOffs');

export const leadsSchema = z
  .object({
    leads: list(lead),
    total: z.number().openapi({ description: 'leads of this generation, the left out ones included' }),
    left_out: z.number().openapi({ description: 'leads beyond the cap of the generation' }),
    cap: z.number(),
    more: z.boolean(),
  })
  .openapi('Leads');

const person = z.string().max(200).default('').openapi({ description: 'a person, or nothing for all' });

export const handOffsEndpoints = {
  listHandOffs: {
    method: 'get',
    path: '/api/hand-offs',
    summary: 'Contacts that moved from one channel to another, the surest first',
    action: 'hand-off.list',
    on: { kind: 'operation' },
    query: z.strictObject({ person, ...page }),
    status: 200,
    gives: handOffsSchema,
  },
  showPersonHandOffs: {
    method: 'get',
    path: '/api/persons/{person}/hand-offs',
    summary: 'Selectors that a person gave or was given in private, and the contacts that moved',
    action: 'person.show',
    on: { kind: 'person', named: 'person' },
    params: personParams,
    status: 200,
    gives: personHandOffsSchema,
  },
  listLeads: {
    method: 'get',
    path: '/api/leads',
    summary: 'What providers could be asked: drafts for a human, never sent',
    action: 'lead.list',
    on: { kind: 'operation' },
    query: z.strictObject({ person, ...page }),
    status: 200,
    gives: leadsSchema,
  },
} as const satisfies Record<string, Endpoint>;
