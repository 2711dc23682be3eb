import type { Contract } from './contract.ts';
import { authoritiesHandlers } from './handlers/authorities.ts';
import { boardHandlers } from './handlers/board.ts';
import { childrenHandlers } from './handlers/children.ts';
import { decisionsHandlers } from './handlers/decisions.ts';
import { exhibitsHandlers } from './handlers/exhibits.ts';
import { filesHandlers } from './handlers/files.ts';
import { handOffsHandlers } from './handlers/hand-offs.ts';
import type { HandlersOf } from './handlers/handler.ts';
import { intakeHandlers } from './handlers/intake.ts';
import { ledgerHandlers } from './handlers/ledger.ts';
import { linkingHandlers } from './handlers/linking.ts';
import { networkHandlers } from './handlers/network.ts';
import { notesHandlers } from './handlers/notes.ts';
import { operationHandlers } from './handlers/operation.ts';
import { packagesHandlers } from './handlers/packages.ts';
import { pairsHandlers } from './handlers/pairs.ts';
import { personsHandlers } from './handlers/persons.ts';
import { placeHandlers } from './handlers/place.ts';
import { queueHandlers } from './handlers/queue.ts';
import { readingHandlers } from './handlers/reading.ts';
import { requestsHandlers } from './handlers/requests.ts';
import { rulesHandlers } from './handlers/rules.ts';
import { searchHandlers } from './handlers/search.ts';
import { sessionHandlers } from './handlers/session.ts';
import { sourceHandlers } from './handlers/source.ts';
import { timelineHandlers } from './handlers/timeline.ts';

/** What each route does: a call of the workbench and nothing more. */
export const handlers: HandlersOf<Contract> = {
  ...operationHandlers,
  ...exhibitsHandlers,
  ...intakeHandlers,
  ...queueHandlers,
  ...childrenHandlers,
  ...decisionsHandlers,
  ...notesHandlers,
  ...rulesHandlers,
  ...boardHandlers,
  ...personsHandlers,
  ...pairsHandlers,
  ...linkingHandlers,
  ...networkHandlers,
  ...filesHandlers,
  ...handOffsHandlers,
  ...searchHandlers,
  ...timelineHandlers,
  ...placeHandlers,
  ...sourceHandlers,
  ...readingHandlers,
  ...packagesHandlers,
  ...ledgerHandlers,
  ...authoritiesHandlers,
  ...requestsHandlers,
  ...sessionHandlers,
};
