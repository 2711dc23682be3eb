import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/linking.ts';
import type { Decision } from './decisions.ts';

/** Bits of a role: an account may be stated to be both, which a human has then to sort out. */
export const roles = { victim: 1, suspect: 2 } as const;

/**
 * Accounts that officers' facts, in exhibits or as decisions, name as a victim's or a suspect's. A fact whose
 * words begin with 'victim' or 'suspect' ('suspected', 'suspect in ...') counts, 'convicted' with the suspects.
 */
export async function readRoles(
  engine: Engine,
  decisions: readonly Decision[],
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const note = (account: string, fact: string) => {
    const role = roleOf(fact);
    if (role !== 0) found.set(account, (found.get(account) ?? 0) | role);
  };
  for (const row of await engine.rows<{ account: string; fact: string }>(sql.roleFacts))
    note(row.account, row.fact);
  for (const { kind, subject, value } of decisions) if (kind === 'fact') note(subject[0]!, value);
  return found;
}

export function roleOf(fact: string): number {
  const text = fact.trim().toLowerCase();
  if (/^victim\b/.test(text)) return roles.victim;
  return /^(suspect(ed)?|convicted)\b/.test(text) ? roles.suspect : 0;
}
