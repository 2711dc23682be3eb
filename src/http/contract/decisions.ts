import { z } from '@hono/zod-openapi';
import { categories, gradedThings, outcomeKinds } from '../../persons/decision-kinds.ts';
import { type Endpoint, page, personParams } from './endpoint.ts';
import { evidence, list } from './fields.ts';
import { actSchema, markingBody, reasonText, recordedSchema } from './marking.ts';
import { heldSchema } from './queue.ts';

const decision = actSchema.extend({
  kind: z.string(),
  subject: list(evidence),
  value: evidence,
  details: evidence.nullable().openapi({ description: 'further facts of the act, as JSON' }),
  undone: z.number().nullable().openapi({ description: 'number of the decision that took it back' }),
});

export const decisionsSchema = z
  .object({ decisions: list(decision), total: z.number(), more: z.boolean() })
  .openapi('Decisions');

/** What humans decided of one person. */
export const standingSchema = z
  .object({
    person: z.string(),
    category: z.string(),
    cleared: z.boolean(),
    /** ISO date from which a cleared person's records are due for erasure, by the operation's policy. */
    eraseAfter: z.string().nullable(),
    decisions: list(decision.extend({ held: heldSchema })),
  })
  .openapi('Standing');

const account = z.string().min(3).max(1000);
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is written 2026-01-31');

export const decisionsEndpoints = {
  listDecisions: {
    method: 'get',
    path: '/api/decisions',
    summary: 'What humans decided, latest first',
    action: 'decision.list',
    on: { kind: 'operation' },
    query: z.strictObject({
      kind: z.string().max(40).default(''),
      ...page,
    }),
    status: 200,
    gives: decisionsSchema,
  },
  showStanding: {
    method: 'get',
    path: '/api/persons/{person}/standing',
    summary: 'What humans decided of a person: category, reviews, outcomes, and whether it still fits',
    action: 'person.show',
    on: { kind: 'person', named: 'person' },
    params: personParams,
    status: 200,
    gives: standingSchema,
  },
  undoDecision: {
    method: 'post',
    path: '/api/decisions/{sequence}/undo',
    summary: 'Takes a decision back; both stay on record',
    action: 'decision.record',
    on: { kind: 'operation', named: 'decision' },
    params: z.strictObject({ sequence: z.string().regex(/^\d{1,9}$/) }),
    body: z.strictObject({ reason: reasonText }),
    status: 200,
    gives: recordedSchema,
  },
  classifyPerson: {
    method: 'post',
    path: '/api/persons/{person}/category',
    summary: 'Puts a person into a category of LED Art. 6',
    action: 'person.decide',
    on: { kind: 'person', named: 'person' },
    params: personParams,
    body: z.strictObject({ category: z.enum(categories), reason: reasonText, ...markingBody }),
    status: 200,
    gives: recordedSchema,
  },
  recordOutcome: {
    method: 'post',
    path: '/api/persons/{person}/outcomes',
    summary: 'Records an arrest, charge, conviction, referral or a child safeguarded',
    action: 'person.decide',
    on: { kind: 'person', named: 'person' },
    params: personParams,
    body: z.strictObject({
      kind: z.enum(outcomeKinds),
      country: z.string().regex(/^[A-Z]{2}$/, 'a country has two capital letters (ISO 3166-1)'),
      agency: z.string().trim().min(1).max(200),
      date: isoDate,
      case: z
        .string()
        .trim()
        .min(1)
        .max(200)
        .optional()
        .openapi({ description: 'case number of the child; needed with "child safeguarded"' }),
      reason: reasonText,
      ...markingBody,
    }),
    status: 200,
    gives: recordedSchema,
  },
  recordFact: {
    method: 'post',
    path: '/api/facts',
    summary: 'Records a fact about an account that an officer answers for',
    action: 'decision.record',
    on: { kind: 'operation' },
    body: z.strictObject({
      account,
      fact: z.string().trim().min(1).max(500),
      reason: reasonText,
      ...markingBody,
    }),
    status: 200,
    gives: recordedSchema,
  },
  recordRisk: {
    method: 'post',
    path: '/api/risk-assessments',
    summary: 'Records the result of an accredited risk tool; it is stored and shown, never computed',
    action: 'decision.record',
    on: { kind: 'operation' },
    body: z.strictObject({
      account,
      tool: z.string().trim().min(1).max(100),
      version: z.string().trim().min(1).max(100),
      result: z.string().trim().min(1).max(100),
      assessor: z.string().trim().min(1).max(200),
      reason: reasonText,
      ...markingBody,
    }),
    status: 200,
    gives: recordedSchema,
  },
  decideLink: {
    method: 'post',
    path: '/api/links',
    summary: 'Records that two accounts are the same person, different, unsure, or takes that back',
    action: 'decision.record',
    on: { kind: 'operation' },
    body: z.strictObject({
      a: account,
      b: account,
      verdict: z.enum(['same', 'different', 'unsure', 'undone']),
      reason: reasonText,
      ...markingBody,
    }),
    status: 200,
    gives: recordedSchema,
  },
  gradeThing: {
    method: 'post',
    path: '/api/grades',
    summary: 'Grades an exhibit, a record (by pointer) or a decision (by number)',
    action: 'decision.record',
    on: { kind: 'operation' },
    body: z.strictObject({
      what: z.enum(gradedThings),
      id: z.string().trim().min(1).max(2000),
      reason: reasonText,
      ...markingBody,
    }),
    status: 200,
    gives: recordedSchema,
  },
} as const satisfies Record<string, Endpoint>;
