import { z } from '@hono/zod-openapi';
import { type Endpoint, page, personParams } from './endpoint.ts';
import { evidence, list, micros, reason, stamp } from './fields.ts';
import { noted } from './notes.ts';

export const personsSchema = z
  .object({
    persons: list(
      z.object({
        person: z.string(),
        accounts: z.number(),
        account_list: list(evidence),
        handles: list(evidence),
        band: z.string().nullable(),
        rank: z.number().nullable(),
      }),
    ),
    total: z.number().openapi({ description: 'persons under these filters; 0 for a page behind the last' }),
    more: z.boolean().openapi({ description: 'whether there are persons after this page' }),
    hidden: z
      .number()
      .openapi({ description: 'cleared persons left out of all lists; show with cleared=show' }),
  })
  .openapi('Persons');

const account = z.object({
  account: evidence,
  service: evidence,
  native_id: evidence,
  handle: evidence.nullable(),
  kind: evidence.nullable(),
  status: evidence.nullable(),
  ...stamp,
  attributes: evidence.nullable(),
  pointer: evidence,
});

const selector = z.object({
  account: evidence,
  selector: z.string(),
  raw: evidence.nullable(),
  canonical: evidence.nullable(),
  basis: evidence.nullable(),
  context: evidence.nullable(),
  times: z.number(),
  first_time: micros,
  last_time: micros,
  pointer: evidence,
});

const link = z.object({
  account_a: evidence,
  account_b: evidence,
  handle_a: evidence.nullable(),
  handle_b: evidence.nullable(),
  person_a: z.string(),
  person_b: z.string(),
  bits: z.number().openapi({ description: 'investigative score, not a likelihood ratio: uncalibrated' }),
  decision: z.enum(['same', 'different', 'unsure']).nullable(),
  proposed: z.boolean(),
  evidence: list(
    z.object({
      group: z.string(),
      text: evidence,
      bits: z.number(),
      accounts: z.number(),
      pointers: list(evidence),
    }),
  ),
});

const contact = z.object({
  from_account: evidence,
  to_account: evidence,
  from_handle: evidence.nullable(),
  to_handle: evidence.nullable(),
  from_person: z.string().nullable(),
  to_person: z.string().nullable(),
  channel: evidence,
  messages: z.number(),
  first_time: micros,
  last_time: micros,
  pointer: evidence,
});

const file = z.object({
  account: evidence,
  name: evidence.nullable(),
  stored_name: evidence.nullable(),
  media_type: evidence.nullable(),
  size: z.number().nullable(),
  ...stamp,
  md5: z.string().nullish(),
  sha1: z.string().nullish(),
  sha256: z.string().nullish(),
  state: evidence.nullable(),
  pointer: evidence,
});

/** A message without its text: reading that is a deliberate act, by its pointer. */
const message = z.object({
  sender: evidence,
  channel: evidence,
  ...stamp,
  place: evidence.nullable(),
  state: evidence.nullable(),
  body_bytes: z.number(),
  pointer: evidence,
});

export const personSchema = z
  .object({
    person: z.string(),
    rank: z.number().nullable(),
    band: z.string().nullable(),
    reasons: list(reason),
    accounts: list(account),
    selectors: list(selector),
    links: list(link),
    contacts: list(contact),
    files: list(file),
    messages: list(message),
  })
  .openapi('Person');

export const personsEndpoints = {
  listPersons: {
    method: 'get',
    path: '/api/persons',
    summary: 'Persons in the order of the queue, filtered by handle, account or id',
    action: 'person.list',
    on: { kind: 'operation' },
    query: z.strictObject({
      text: z.string().max(200).default(''),
      ...page,
      cleared: z.enum(['hide', 'show']).default('hide'),
      noted,
    }),
    status: 200,
    gives: personsSchema,
  },
  showPerson: {
    method: 'get',
    path: '/api/persons/{person}',
    summary: 'Everything known of one person, without the text of messages',
    action: 'person.show',
    on: { kind: 'person', named: 'person' },
    params: personParams,
    status: 200,
    gives: personSchema,
  },
} as const satisfies Record<string, Endpoint>;
