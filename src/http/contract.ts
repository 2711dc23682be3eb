import type { z } from '@hono/zod-openapi';
import { exhibitsEndpoints } from './contract/exhibits.ts';
import { ledgerEndpoints } from './contract/ledger.ts';
import { operationEndpoints } from './contract/operation.ts';
import { personsEndpoints } from './contract/persons.ts';
import { queueEndpoints } from './contract/queue.ts';
import { sourceEndpoints } from './contract/source.ts';

/** Every route of the API, one file for each area in `contract/`. */
export const contract = {
  ...operationEndpoints,
  ...exhibitsEndpoints,
  ...queueEndpoints,
  ...personsEndpoints,
  ...sourceEndpoints,
  ...ledgerEndpoints,
} as const;

export type Contract = typeof contract;
export type EndpointName = keyof Contract;

/** What a client receives. */
export type AnswerOf<Name extends EndpointName> = Contract[Name]['gives'] extends z.ZodType
  ? z.output<Contract[Name]['gives']>
  : never;
