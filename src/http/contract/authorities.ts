import { z } from '@hono/zod-openapi';
import { authorityKinds } from '../../access/authority.ts';
import type { Endpoint } from './endpoint.ts';
import { exclusionSchema } from './exhibits.ts';
import { evidence, list } from './fields.ts';
import { markingBody, reasonText, recordedSchema } from './marking.ts';

export const authoritySchema = z
  .object({
    reference: evidence,
    recorded: z.boolean().openapi({ description: 'false: exhibits name it, but nobody recorded its terms' }),
    kind: z.enum(authorityKinds).nullable(),
    issuer: evidence.nullable(),
    valid_from: z.string().nullable(),
    valid_until: z.string().nullable(),
    people: list(evidence).nullable().openapi({ description: 'accounts it covers; null: not limited' }),
    services: list(evidence).nullable(),
    records_from: z.string().nullable(),
    records_until: z.string().nullable(),
    purposes: list(evidence).nullable(),
    unviewed_files: z.boolean(),
    standing: z.enum(['in force', 'not yet', 'expired', 'withdrawn', 'not recorded']),
    withdrawn: evidence.nullable().openapi({ description: 'why' }),
    exhibits: list(z.string()),
    excluded: list(z.string()),
  })
  .openapi('Authority');

export const authoritiesSchema = z
  .object({
    authorities: list(authoritySchema),
    without: list(z.string()).openapi({ description: 'exhibits that name no authority' }),
    needed: z.boolean().openapi({ description: 'whether exhibits open only under a recorded authority' }),
    unviewed_locked: z.boolean(),
  })
  .openapi('Authorities');

export const authorityDetailSchema = authoritySchema
  .extend({
    records: list(
      z.object({
        exhibit: z.string(),
        table: z.string(),
        read: z.number(),
        inside: z.number(),
        outside: z.number().openapi({ description: 'withheld: read = inside + outside' }),
      }),
    ),
    locked: z.object({
      files: z.number().openapi({ description: 'files closed because no provider looked at them' }),
      places: list(evidence).openapi({ description: 'the first 100 of them' }),
    }),
    history: list(
      z.object({
        sequence: z.number(),
        value: z.string(),
        author: evidence,
        time: z.string(),
        reason: evidence,
      }),
    ),
  })
  .openapi('AuthorityDetail');

const words = z.array(z.string().trim().min(1).max(1000)).min(1).max(10_000).optional();
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is written 2026-01-31')
  .optional();
const params = z.strictObject({ reference: z.string().min(1).max(2000) });

export const authoritiesEndpoints = {
  listAuthorities: {
    method: 'get',
    path: '/api/authorities',
    summary: 'Legal bases, how they stand today, and the exhibits that hang on each',
    action: 'authority.list',
    on: { kind: 'operation' },
    status: 200,
    gives: authoritiesSchema,
  },
  showAuthority: {
    method: 'get',
    path: '/api/authorities/{reference}',
    summary: 'One authority: records inside and outside it, what is locked, every act',
    action: 'authority.show',
    on: { kind: 'operation' },
    params,
    status: 200,
    gives: authorityDetailSchema,
  },
  addAuthority: {
    method: 'post',
    path: '/api/authorities',
    summary: 'Records an authority or its new terms; they hold at once, results from the next build on',
    action: 'authority.add',
    on: { kind: 'operation' },
    body: z.strictObject({
      reference: z.string().trim().min(1).max(2000),
      kind: z.enum(authorityKinds),
      issuer: z.string().trim().min(1).max(1000),
      valid_from: day,
      valid_until: day,
      people: words,
      services: words,
      records_from: day,
      records_until: day,
      purposes: words,
      unviewed_files: z.boolean().optional(),
      reason: reasonText,
      ...markingBody,
    }),
    status: 200,
    gives: recordedSchema,
  },
  withdrawAuthority: {
    method: 'post',
    path: '/api/authorities/{reference}/withdraw',
    summary: 'Withdraws an authority: its exhibits close at once and are excluded, and what fell is listed',
    action: 'authority.withdraw',
    on: { kind: 'operation' },
    params,
    body: z.strictObject({ reason: reasonText }),
    status: 200,
    gives: z
      .object({ sequence: z.number(), exclusions: list(exclusionSchema) })
      .openapi('AuthorityWithdrawn'),
  },
  applyExpiry: {
    method: 'post',
    path: '/api/authorities/expire',
    summary: 'Excludes the exhibits of authorities that have expired, and lists what fell',
    action: 'authority.withdraw',
    on: { kind: 'operation' },
    body: z.strictObject({ reason: reasonText }),
    status: 200,
    gives: z.object({ exclusions: list(exclusionSchema) }).openapi('AuthoritiesExpired'),
  },
} as const satisfies Record<string, Endpoint>;
