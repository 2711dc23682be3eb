import { z } from '@hono/zod-openapi';
import { twoPersonActs } from '../../persons/decision-kinds.ts';
import { exportTables } from '../../store/queries/views.ts';
import type { Endpoint } from './endpoint.ts';
import { evidence, list } from './fields.ts';
import { reasonText, recordedSchema } from './marking.ts';

const exportNames = Object.keys(exportTables) as (keyof typeof exportTables)[];

export const requestsSchema = z
  .object({
    needed: z.object({ export: z.number(), erasure: z.number() }).openapi({
      description: 'persons that each act needs',
    }),
    requests: list(
      z.object({
        sequence: z.number(),
        act: z.enum(twoPersonActs),
        what: list(evidence),
        author: evidence,
        time: z.string(),
        reason: evidence,
        answer: z
          .object({
            sequence: z.number(),
            value: z.enum(['approved', 'refused']),
            author: evidence,
            time: z.string(),
            reason: evidence,
          })
          .nullable(),
        used: z.boolean(),
      }),
    ),
  })
  .openapi('Requests');

export const requestsEndpoints = {
  listRequests: {
    method: 'get',
    path: '/api/requests',
    summary: 'Acts that two people must want: who asked, who answered, what was carried out',
    action: 'request.list',
    on: { kind: 'operation' },
    status: 200,
    gives: requestsSchema,
  },
  makeRequest: {
    method: 'post',
    path: '/api/requests',
    summary: 'Asks for an export or an erasure, naming exactly what; another person answers',
    action: 'request.make',
    on: { kind: 'operation' },
    body: z.strictObject({
      act: z.enum(twoPersonActs),
      what: z.array(z.string().trim().min(1).max(2000)).min(1).max(1000),
      reason: reasonText,
    }),
    status: 200,
    gives: recordedSchema,
  },
  answerRequest: {
    method: 'post',
    path: '/api/requests/{sequence}/answer',
    summary: "Approves or refuses another person's request",
    action: 'request.answer',
    on: { kind: 'operation' },
    params: z.strictObject({ sequence: z.string().regex(/^\d{1,9}$/) }),
    body: z.strictObject({ value: z.enum(['approved', 'refused']), reason: reasonText }),
    status: 200,
    gives: recordedSchema,
  },
  exportTable: {
    method: 'post',
    path: '/api/exports',
    summary: 'A whole table as a file, recorded; with two persons where the operation has users',
    action: 'export.carry-out',
    on: { kind: 'operation' },
    body: z.strictObject({
      table: z.enum(exportNames),
      format: z.enum(['csv', 'jsonl', 'parquet']),
      purpose: z.string().trim().min(1).max(1000),
      permission: z
        .string()
        .trim()
        .min(1)
        .max(1000)
        .optional()
        .openapi({ description: 'who permitted it, where handling codes ask for that' }),
    }),
    status: 200,
    gives: 'bytes',
  },
} as const satisfies Record<string, Endpoint>;
