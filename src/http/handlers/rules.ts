import { adoptRules, checkRules, previewRules, showRules } from '../../workbench/rules.ts';
import type { rulesEndpoints } from '../contract/rules.ts';
import { byOf, recorded } from './acts.ts';
import type { HandlersOf } from './handler.ts';

export const rulesHandlers: HandlersOf<typeof rulesEndpoints> = {
  showRules: async ({ operation }) => showRules(operation),
  checkRules: async (_desk, { body }) => checkRules(body.text),
  previewRules: (desk, { body }) => desk.engines.use((engine) => previewRules(engine, body.text)),
  adoptRules: (desk, { body }) => recorded(desk, () => adoptRules(desk.operation, body.text, byOf(body))),
};
