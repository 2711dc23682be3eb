import type { Role } from './can.ts';
import type { Marking } from './grading.ts';

/**
 * What is kept from some roles: records of victims (LED Art. 6 c), and what is graded TLP:RED, which is for named
 * recipients only. Conditions of handling (3x5x2 C, 4x4 H1 to H3) bind what leaves the operation, not who reads
 * inside it. A role that is not named here does not see it.
 */
export const restrictions = {
  victim: ['local officer', 'investigator', 'supervisor', 'inspector'],
  'TLP:RED': ['local officer', 'investigator', 'supervisor', 'inspector'],
} as const satisfies Record<string, readonly Role[]>;

export type Restriction = keyof typeof restrictions;

/** Whether one of the roles may know of something that all of these restrict. */
export function mayKnow(roles: readonly Role[], restricted: readonly Restriction[]): boolean {
  return restricted.every((restriction) =>
    (restrictions[restriction] as readonly Role[]).some((role) => roles.includes(role)),
  );
}

/** What keeps a thing from some roles, by how it is marked and by the category of whom it is about. */
export function restrictionsOf(thing: {
  readonly marking?: Pick<Marking, 'tlp'> | { readonly tlp: string | null } | null;
  readonly category?: string | null;
}): Restriction[] {
  const found: Restriction[] = [];
  // A person whose accounts have several categories is called by all of them, joined by 'and'.
  if (thing.category?.split(' and ').includes('victim')) found.push('victim');
  if (thing.marking?.tlp === 'RED') found.push('TLP:RED');
  return found;
}
