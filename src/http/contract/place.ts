import { z } from '@hono/zod-openapi';
import { type Endpoint, page, personParams } from './endpoint.ts';
import { evidence, list, micros } from './fields.ts';

const reason = z.object({
  kind: z.string(),
  country: z.string().nullable(),
  text: evidence,
  score: z.number(),
  account: evidence,
  against: list(evidence).openapi({ description: 'what speaks against this piece itself' }),
  first_time: micros,
  last_time: micros,
  pointers: list(evidence),
});

export const placeSchema = z
  .object({
    person: z.string(),
    standing: z.enum(['likely', 'not known']),
    why: z.string(),
    candidates: list(
      z.object({
        standing: z.number(),
        country: z.string().openapi({ description: 'ISO 3166' }),
        name: z.string(),
        score: z.number().openapi({ description: 'points, not a likelihood' }),
        share: z.number(),
        for: list(reason),
        against: list(reason).openapi({ description: 'evidence for other countries' }),
      }),
    ),
    evidence: list(reason).openapi({ description: 'all of it, also what counts nothing and why' }),
    left_out: z.number(),
  })
  .openapi('Place');

export const jurisdictionsSchema = z
  .object({
    countries: list(
      z.object({ country: z.string(), name: z.string(), persons: z.number(), queued: z.number() }),
    ),
    not_known: z.number(),
    not_known_queued: z.number(),
    persons: z.number(),
  })
  .openapi('Jurisdictions');

export const jurisdictionPersonsSchema = z
  .object({
    persons: list(
      z.object({
        person: z.string(),
        handles: list(evidence),
        rank: z.number().nullable(),
        country: z.string().nullable(),
        name: z.string().nullable(),
        score: z.number(),
        share: z.number(),
        second: z.string().nullable(),
        second_share: z.number(),
      }),
    ),
    more: z.boolean(),
  })
  .openapi('JurisdictionPersons');

export const placeEndpoints = {
  showPlace: {
    method: 'get',
    path: '/api/persons/{person}/place',
    summary: 'The countries that evidence names for a person, every alternative, for and against',
    action: 'person.place',
    on: { kind: 'person', named: 'person' },
    params: personParams,
    status: 200,
    gives: placeSchema,
  },
  listJurisdictions: {
    method: 'get',
    path: '/api/jurisdictions',
    summary: 'Persons by likely country, and how many have none',
    action: 'jurisdiction.list',
    on: { kind: 'operation' },
    status: 200,
    gives: jurisdictionsSchema,
  },
  listPersonsByCountry: {
    method: 'get',
    path: '/api/jurisdictions/persons',
    summary: 'Persons of a likely country, or of none, those in the queue first',
    action: 'jurisdiction.list',
    on: { kind: 'operation' },
    query: z.strictObject({
      country: z.string().regex(/^([A-Za-z]{2}|unknown)$/, 'two letters or "unknown" are needed'),
      ...page,
    }),
    status: 200,
    gives: jurisdictionPersonsSchema,
  },
} as const satisfies Record<string, Endpoint>;
