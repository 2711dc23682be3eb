import * as path from 'node:path';
import type { Engine } from '../store/engine.ts';
import { allJurisdictions } from '../store/queries/place.ts';
import { foundPersons, readTruth, share, truePersons } from './evaluate.ts';

/** How the likely countries of persons compare with where the people of an exercise live. Shares are 0 to 1. */
export interface JurisdictionScore {
  /** Found persons that stand for somebody of the exercise. */
  readonly persons: number;
  /** Those of them with a stated country. */
  readonly answered: number;
  readonly coverage: number;
  /** Right ones among those with a stated country. */
  readonly precision: number;
  /** Persons whose true country is among their first three candidates, over all. */
  readonly amongThree: number;
}

/**
 * A found person counts as the human to whom most of its accounts belong; of equally many, the first by name.
 * Throws WaymarkError 'not-found' or 'usage' for a folder that holds no truth.
 */
export async function scoreJurisdictions(engine: Engine, truth: string): Promise<JurisdictionScore> {
  const humans = truePersons(path.join(truth, 'persons.csv'));
  const countries = new Map(
    readTruth(path.join(truth, 'jurisdictions.csv'), ['person', 'country']).map((row) => [
      row.person!,
      row.country!,
    ]),
  );
  const owners = new Map<string, Map<string, number>>();
  for (const [account, person] of await foundPersons(engine)) {
    const human = humans.get(account);
    if (human === undefined) continue;
    const known = owners.get(person) ?? new Map<string, number>();
    owners.set(person, known);
    known.set(human, (known.get(human) ?? 0) + 1);
  }
  const candidates = new Map<string, { country: string | null; likely: boolean }[]>();
  const rows = await engine.rows<{ person: string; country: string | null; likely: boolean }>(
    allJurisdictions,
  );
  for (const { person, country, likely } of rows)
    candidates.set(person, [...(candidates.get(person) ?? []), { country, likely }]);
  let answered = 0;
  let right = 0;
  let amongThree = 0;
  for (const [person, known] of owners) {
    const [owner] = [...known].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const country = countries.get(owner![0]);
    const ranked = candidates.get(person) ?? [];
    if (ranked.slice(0, 3).some((each) => each.country === country)) amongThree++;
    if (!ranked[0]?.likely) continue;
    answered++;
    if (ranked[0].country === country) right++;
  }
  return {
    persons: owners.size,
    answered,
    coverage: share(answered, owners.size),
    precision: share(right, answered),
    amongThree: share(amongThree, owners.size),
  };
}
