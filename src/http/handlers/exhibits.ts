import { findExhibit, listExhibits } from '../../intake/exhibits.ts';
import { gradesInForce } from '../../workbench/decisions.ts';
import { excludeExhibit } from '../../workbench/exclude.ts';
import { type ExhibitView, viewOf, warningsOf } from '../../workbench/overview.ts';
import type { exhibitsEndpoints } from '../contract/exhibits.ts';
import type { Desk } from '../desk.ts';
import { followed, type HandlersOf, ifBuilt, readIntake } from './handler.ts';

export const exhibitsHandlers: HandlersOf<typeof exhibitsEndpoints> = {
  listExhibits: async (desk) => ({
    ...graded(desk, await readIntake(desk)),
    excluded: listExhibits(desk.operation)
      .filter((exhibit) => exhibit.status === 'excluded')
      .map(({ id, paths, reason }) => ({ id, path: paths[0] ?? '', reason })),
  }),

  listWarnings: async (desk, { params }) => {
    const exhibit = findExhibit(desk.operation, params.id);
    const warnings =
      exhibit.status === 'excluded'
        ? []
        : await ifBuilt(desk, [], (engine) => warningsOf(engine, exhibit.id));
    return { exhibit: graded(desk, { exhibits: [viewOf(exhibit)] }).exhibits[0]!, warnings };
  },

  excludeExhibit: (desk, { params, body }) =>
    desk.turns.runLong(() =>
      followed(desk, async () => {
        const result = await excludeExhibit(desk.operation, params.id, body.reason, desk.progress.report);
        return { result, generation: result.generation };
      }),
    ),
};

/** Exhibits with the grade that a human gave each. */
function graded<T extends { readonly exhibits: readonly ExhibitView[] }>(desk: Desk, view: T) {
  const grades = gradesInForce(desk.operation);
  const exhibits = view.exhibits.map((exhibit) => ({
    ...exhibit,
    marking: grades.get(`exhibit ${exhibit.id}`) ?? null,
  }));
  return { ...view, exhibits };
}
