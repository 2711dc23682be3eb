import {
  addAuthority,
  applyExpiry,
  listAuthorities,
  showAuthority,
  withdrawAuthority,
} from '../../workbench/authorities.ts';
import { currentGeneration } from '../../workbench/build.ts';
import type { authoritiesEndpoints } from '../contract/authorities.ts';
import { byOf, recorded } from './acts.ts';
import { followed, type HandlersOf, ifBuilt } from './handler.ts';

export const authoritiesHandlers: HandlersOf<typeof authoritiesEndpoints> = {
  listAuthorities: async ({ operation }) => listAuthorities(operation, operation.time()),

  showAuthority: async (desk, { params: { reference } }) => {
    const { operation } = desk;
    const now = operation.time();
    const detail = await ifBuilt(desk, null, (engine) => showAuthority(operation, engine, reference, now));
    return detail ?? showAuthority(operation, null, reference, now);
  },

  addAuthority: (desk, { body }) => {
    const { reference, reason, grade, tlp, note, ...given } = body;
    const terms = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const by = byOf({ reason, grade, tlp, note });
    return recorded(desk, () => addAuthority(desk.operation, reference, terms as typeof given & object, by));
  },

  withdrawAuthority: (desk, { params, body }) =>
    desk.turns.runLong(() =>
      followed(desk, async () => {
        const { operation } = desk;
        const result = await withdrawAuthority(operation, params.reference, byOf(body), desk.progress.report);
        return { result, generation: currentGeneration(operation) };
      }),
    ),

  applyExpiry: (desk, { body }) =>
    desk.turns.runLong(() =>
      followed(desk, async () => {
        const result = await applyExpiry(desk.operation, byOf(body), desk.progress.report);
        return { result, generation: currentGeneration(desk.operation) };
      }),
    ),
};
