import { showBoard } from '../../workbench/board.ts';
import { listOutcomes } from '../../workbench/outcomes.ts';
import type { boardEndpoints } from '../contract/board.ts';
import { type HandlersOf, ifBuilt } from './handler.ts';

export const boardHandlers: HandlersOf<typeof boardEndpoints> = {
  showBoard: (desk) => desk.engines.use((engine) => showBoard(desk.operation, engine)),

  listOutcomes: async (desk) => ({
    outcomes: await ifBuilt(desk, [], (engine) => listOutcomes(desk.operation, engine)),
  }),
};
