import { type Authority, scopeOf, whyClosed } from '../access/authority.ts';
import { WaymarkError } from '../base/errors.ts';
import { type Exhibit, listExhibits } from '../intake/exhibits.ts';
import { type Decision, detailsOf } from '../persons/decisions.ts';
import type { Operation } from '../store/operation.ts';
import type { ScopeRow } from '../store/queries/authorities.ts';
import { decisionsInForce, policyOf } from './decided.ts';

/** Authorities as humans recorded them, by reference. The last record of each holds; a withdrawal stays on it. */
export function authoritiesOf(decisions: readonly Decision[]): Map<string, Authority> {
  const found = new Map<string, Authority>();
  for (const decision of decisions) {
    if (decision.kind !== 'authority') continue;
    const reference = decision.subject[0]!;
    const known = found.get(reference);
    const { terms } = detailsOf('authority', decision);
    if (terms) found.set(reference, { reference, terms, withdrawn: null });
    else if (known && decision.value === 'withdrawn')
      found.set(reference, { ...known, withdrawn: decision.reason });
  }
  return found;
}

/** What limits the records of exhibits; nothing for those whose authority states no limit. In order of exhibits. */
export function scopesInForce(operation: Operation): ScopeRow[] {
  const authorities = authoritiesOf(decisionsInForce(operation));
  if (authorities.size === 0) return [];
  return listExhibits(operation)
    .flatMap(({ id, authority }) => {
      const terms = authority === null ? undefined : authorities.get(authority)?.terms;
      const scope = terms && scopeOf(terms);
      return scope ? [{ exhibit: id, ...scope }] : [];
    })
    .sort((a, b) => (a.exhibit < b.exhibit ? -1 : 1));
}

/** Why an exhibit may not be opened at a time, by its authority; null where it may. */
export function whyExhibitClosed(
  operation: Operation,
  exhibit: Pick<Exhibit, 'authority'>,
  now: string,
): string | null {
  const decisions = decisionsInForce(operation);
  const authority = exhibit.authority === null ? undefined : authoritiesOf(decisions).get(exhibit.authority);
  if (authority) return whyClosed(authority, now);
  if (policyOf(decisions, 'recorded authorities needed') === 0) return null;
  return exhibit.authority === null
    ? 'the exhibit hangs on no authority'
    : `authority ${exhibit.authority} is named but not recorded`;
}

/** Throws WaymarkError 'denied' where exhibits may not be taken in under this authority now. */
export function assertCustodyOpen(operation: Operation, authority: string | null, now: string): void {
  const closed = whyExhibitClosed(operation, { authority }, now);
  if (closed !== null) throw closedError(closed, authority ?? 'no authority');
}

/** What is said to whoever may not open something now. */
export function closedError(why: string, where: string): WaymarkError {
  return new WaymarkError('denied', why, {
    where,
    remedy: 'Record an authority that covers it ("authority add"), or leave it closed.',
  });
}
