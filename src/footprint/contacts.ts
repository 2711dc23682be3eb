import type { Engine } from '../store/engine.ts';
import {
  makeAttributedRequests,
  makeContacts,
  makeKnownAccounts,
  makeKnownMessages,
} from '../store/queries/accounts.ts';
import { claimedContent } from '../store/queries/files.ts';
import { makeContactDays } from '../store/queries/network.ts';
import { footprintCounts } from '../store/queries/views.ts';

/**
 * Makes the engine's tables `known_account`, `known_message`, `contact`, `contact_day`, `attributed_request` and
 * `claimed_content`. Contacts come
 * from messages addressed to somebody (private messages, mail); writing in one topic is no contact.
 */
export async function makeFootprint(engine: Engine): Promise<{ accounts: number; contacts: number }> {
  for (const statement of [
    makeKnownAccounts,
    makeKnownMessages,
    makeContacts,
    makeContactDays,
    makeAttributedRequests,
    claimedContent,
  ])
    await engine.run(statement);
  const [counts] = await engine.rows<{ accounts: number; contacts: number }>(footprintCounts);
  return counts!;
}
