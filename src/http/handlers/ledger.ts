import { checkLedger, listActs } from '../../workbench/ledger.ts';
import type { ledgerEndpoints } from '../contract/ledger.ts';
import type { HandlersOf } from './handler.ts';

export const ledgerHandlers: HandlersOf<typeof ledgerEndpoints> = {
  showLedger: async (desk, { query }) => {
    const { origin } = desk.operation.ledgerIdentity();
    return { origin, size: desk.operation.readLedger().size, acts: listActs(desk.operation, query.limit) };
  },

  checkLedger: async (desk) => {
    const result = await desk.turns.runQuietly(() => checkLedger(desk.operation));
    return { ...result, root: result.root?.toString('hex') ?? null };
  },
};
