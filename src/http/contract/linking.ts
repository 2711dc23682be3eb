import { z } from '@hono/zod-openapi';
import { type Endpoint, page, personParams } from './endpoint.ts';
import { evidence, list } from './fields.ts';

const part = z.object({ person: z.string(), accounts: list(evidence) });

export const personHistorySchema = z
  .object({
    person: z.string(),
    events: list(
      z.object({
        before: z.string().openapi({ description: 'the generation before' }),
        after: z.string().openapi({ description: 'the generation that brought the change' }),
        time: z.string().openapi({ description: 'when it came into force' }),
        personBefore: z.string().nullable(),
        personAfter: z.string(),
        kinds: list(z.enum(['formed', 'merged', 'split', 'accounts added', 'accounts gone', 'renamed'])),
        mergedFrom: list(part),
        splitInto: list(part),
        added: list(evidence),
        gone: list(evidence),
        causes: list(
          z.object({
            kind: z.enum(['decision', 'evidence', 'exhibit', 'method']),
            text: evidence,
            pointers: list(evidence),
          }),
        ),
      }),
    ),
    compared: z.number().openapi({ description: 'changes of generation that were looked at' }),
    generations: z.number().openapi({ description: 'how often a generation came into force' }),
  })
  .openapi('PersonHistory');

export const genericsSchema = z
  .object({
    values: list(
      z.object({
        selector: z.string(),
        canonical: evidence,
        accounts: z.number(),
        cap: z.number().openapi({ description: 'accounts up to which such a value would be compared' }),
      }),
    ),
    more: z.boolean(),
  })
  .openapi('GenericValues');

export const linkingEndpoints = {
  showPersonHistory: {
    method: 'get',
    path: '/api/persons/{person}/history',
    summary: 'How a person came to be: merges, splits and changes of accounts from generation to generation',
    action: 'person.show',
    on: { kind: 'person', named: 'person' },
    params: personParams,
    status: 200,
    gives: personHistorySchema,
  },
  listGenerics: {
    method: 'get',
    path: '/api/generics',
    summary: 'Values that so many accounts share that they join nobody',
    action: 'person.list',
    on: { kind: 'operation' },
    query: z.strictObject({ ...page }),
    status: 200,
    gives: genericsSchema,
  },
} as const satisfies Record<string, Endpoint>;
