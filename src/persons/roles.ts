import type { Engine } from '../store/engine.ts';
import * as linking from '../store/queries/linking.ts';
import * as sql from '../store/queries/priorities.ts';
import { accountCategories, type Decision } from './decisions.ts';

/** Bits of a role: an account may be stated to be both, which a human has then to sort out. */
export const roles = { victim: 1, suspect: 2 } as const;

/**
 * Accounts that are stated to be a victim's or a suspect's: by records (a provider names a victim), by officers'
 * facts, in exhibits or as decisions, and by the category that a human gave, which stands in place of all
 * others. A fact whose words begin with 'victim' or 'suspect' ('suspected', 'suspect in ...') counts,
 * 'convicted' with the suspects.
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
  for (const row of await engine.rows<{ account: string; fact: string }>(linking.roleFacts))
    note(row.account, row.fact);
  for (const { account } of await engine.rows<{ account: string }>(sql.victimAccounts))
    note(account, 'victim');
  for (const { kind, subject, value } of decisions) if (kind === 'fact') note(subject[0]!, value);
  for (const [account, category] of accountCategories(decisions)) {
    found.delete(account);
    note(account, category);
  }
  return found;
}

export function roleOf(fact: string): number {
  const text = fact.trim().toLowerCase();
  if (/^victim\b/.test(text)) return roles.victim;
  return /^(suspect(ed)?|convicted)\b/.test(text) ? roles.suspect : 0;
}
