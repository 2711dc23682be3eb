import type { z } from '@hono/zod-openapi';
import { authoritiesEndpoints } from './contract/authorities.ts';
import { boardEndpoints } from './contract/board.ts';
import { childrenEndpoints } from './contract/children.ts';
import { decisionsEndpoints } from './contract/decisions.ts';
import { exhibitsEndpoints } from './contract/exhibits.ts';
import { filesEndpoints } from './contract/files.ts';
import { handOffsEndpoints } from './contract/hand-offs.ts';
import { intakeEndpoints } from './contract/intake.ts';
import { ledgerEndpoints } from './contract/ledger.ts';
import { linkingEndpoints } from './contract/linking.ts';
import { networkEndpoints } from './contract/network.ts';
import { notesEndpoints } from './contract/notes.ts';
import { operationEndpoints } from './contract/operation.ts';
import { packagesEndpoints } from './contract/packages.ts';
import { pairsEndpoints } from './contract/pairs.ts';
import { personsEndpoints } from './contract/persons.ts';
import { placeEndpoints } from './contract/place.ts';
import { queueEndpoints } from './contract/queue.ts';
import { readingEndpoints } from './contract/reading.ts';
import { requestsEndpoints } from './contract/requests.ts';
import { rulesEndpoints } from './contract/rules.ts';
import { searchEndpoints } from './contract/search.ts';
import { sessionEndpoints } from './contract/session.ts';
import { sourceEndpoints } from './contract/source.ts';
import { timelineEndpoints } from './contract/timeline.ts';

/** Every route of the API, one file for each area in `contract/`. */
export const contract = {
  ...operationEndpoints,
  ...exhibitsEndpoints,
  ...intakeEndpoints,
  ...queueEndpoints,
  ...childrenEndpoints,
  ...decisionsEndpoints,
  ...notesEndpoints,
  ...rulesEndpoints,
  ...boardEndpoints,
  ...personsEndpoints,
  ...pairsEndpoints,
  ...linkingEndpoints,
  ...networkEndpoints,
  ...filesEndpoints,
  ...handOffsEndpoints,
  ...searchEndpoints,
  ...timelineEndpoints,
  ...placeEndpoints,
  ...sourceEndpoints,
  ...readingEndpoints,
  ...packagesEndpoints,
  ...ledgerEndpoints,
  ...authoritiesEndpoints,
  ...requestsEndpoints,
  ...sessionEndpoints,
} as const;

export type Contract = typeof contract;
export type EndpointName = keyof Contract;

/** What a client receives. */
export type AnswerOf<Name extends EndpointName> = Contract[Name]['gives'] extends z.ZodType
  ? z.output<Contract[Name]['gives']>
  : never;
