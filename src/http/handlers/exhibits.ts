import { findExhibit, listExhibits } from '../../intake/exhibits.ts';
import { nextGeneration } from '../../workbench/build.ts';
import { gradesInForce } from '../../workbench/decisions.ts';
import {
  type Exclusion,
  excludeExhibit,
  includeExhibit,
  listExclusions,
  previewExclusion,
} from '../../workbench/exclude.ts';
import { type ExhibitView, generationInForce, viewOf, warningsOf } from '../../workbench/overview.ts';
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
    changed(desk, () => excludeExhibit(desk.operation, params.id, body.reason, desk.progress.report)),

  includeExhibit: (desk, { params, body }) =>
    changed(desk, () => includeExhibit(desk.operation, params.id, body.reason, desk.progress.report)),

  previewExclusion: (desk, { params, body: { act } }) => {
    const from = nextGeneration(desk.operation).id;
    return changed(desk, async () => {
      const result = await previewExclusion(desk.operation, params.id, act, desk.progress.report);
      desk.intake.keepPreview(from, result);
      return result;
    });
  },

  listExclusions: async ({ operation, intake }, { params }) => {
    const { id, status } = findExhibit(operation, params.id);
    const act = status === 'excluded' ? 'include' : 'exclude';
    const from = nextGeneration(operation).id;
    return { acts: listExclusions(operation, id), preview: intake.previewOf(from, id, act) };
  },
};

/** Long work that ends with what changed. */
function changed(desk: Desk, work: () => Promise<Exclusion>): Promise<Exclusion> {
  return desk.turns.runLong(() =>
    followed(desk, async () => {
      const result = await work();
      return { result, generation: result.generation ?? generationInForce(desk.operation)?.id ?? '' };
    }),
  );
}

/** Exhibits with the grade that a human gave each. */
function graded<T extends { readonly exhibits: readonly ExhibitView[] }>(desk: Desk, view: T) {
  const grades = gradesInForce(desk.operation);
  const exhibits = view.exhibits.map((exhibit) => ({
    ...exhibit,
    marking: grades.get(`exhibit ${exhibit.id}`) ?? null,
  }));
  return { ...view, exhibits };
}
