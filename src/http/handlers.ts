import type { Contract } from './contract.ts';
import { exhibitsHandlers } from './handlers/exhibits.ts';
import type { HandlersOf } from './handlers/handler.ts';
import { ledgerHandlers } from './handlers/ledger.ts';
import { operationHandlers } from './handlers/operation.ts';
import { personsHandlers } from './handlers/persons.ts';
import { queueHandlers } from './handlers/queue.ts';
import { sourceHandlers } from './handlers/source.ts';

/** What each route does: a call of the workbench and nothing more. */
export const handlers: HandlersOf<Contract> = {
  ...operationHandlers,
  ...exhibitsHandlers,
  ...queueHandlers,
  ...personsHandlers,
  ...sourceHandlers,
  ...ledgerHandlers,
};
