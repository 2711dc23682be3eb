import {
  type Authority,
  type AuthorityStanding,
  type AuthorityTerms,
  allowsPurpose,
  authorityTerms,
  standingOf,
} from '../access/authority.ts';
import { WaymarkError } from '../base/errors.ts';
import type { OnProgress } from '../base/progress.ts';
import { parsePointer } from '../evidence/pointer.ts';
import { type Exhibit, findExhibit, listExhibits } from '../intake/exhibits.ts';
import { listDecisions } from '../persons/decisions.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { countsOf, outsidePlace, scopedTables, unviewedFiles } from '../store/queries/authorities.ts';
import { act, type By, decisionsInForce, policyOf } from './decided.ts';
import { type Exclusion, excludeExhibit } from './exclude.ts';
import { authoritiesOf, closedError, scopesInForce, whyExhibitClosed } from './scope.ts';

/** An authority that exhibits hang on, recorded or only named. */
export interface AuthorityView {
  readonly reference: string;
  readonly recorded: boolean;
  readonly kind: AuthorityTerms['kind'] | null;
  readonly issuer: string | null;
  readonly valid_from: string | null;
  readonly valid_until: string | null;
  readonly people: readonly string[] | null;
  readonly services: readonly string[] | null;
  readonly records_from: string | null;
  readonly records_until: string | null;
  readonly purposes: readonly string[] | null;
  readonly unviewed_files: boolean;
  readonly standing: AuthorityStanding | 'not recorded';
  readonly withdrawn: string | null;
  readonly exhibits: readonly string[];
  readonly excluded: readonly string[];
}

export interface AuthoritiesView {
  readonly authorities: readonly AuthorityView[];
  /** Exhibits that name no authority. */
  readonly without: readonly string[];
  readonly needed: boolean;
  readonly unviewed_locked: boolean;
}

/** Records an authority or its new terms. Throws WaymarkError 'usage' for terms that cannot be. */
export function addAuthority(operation: Operation, reference: string, terms: AuthorityTerms, by: By): number {
  const checked = authorityTerms.safeParse(terms);
  if (!checked.success) {
    const issue = checked.error.issues[0]!;
    throw new WaymarkError('usage', `${issue.path.join('.') || 'the authority'}: ${issue.message}`);
  }
  return act(
    operation,
    { kind: 'authority', subject: [reference], value: 'recorded', details: { terms: checked.data } },
    by,
  );
}

/**
 * Withdraws an authority: its exhibits close at once, are excluded one after the other, and what fell with each is
 * returned. Throws WaymarkError 'not-found', 'usage' where it is withdrawn already.
 */
export async function withdrawAuthority(
  operation: Operation,
  reference: string,
  by: By,
  onProgress: OnProgress,
): Promise<{ sequence: number; exclusions: Exclusion[] }> {
  const authority = assertAuthority(operation, reference);
  if (authority.withdrawn !== null) {
    throw new WaymarkError('usage', `authority ${reference} is withdrawn already`);
  }
  return operation.exclusively(async () => {
    const sequence = act(
      operation,
      { kind: 'authority', subject: [reference], value: 'withdrawn', details: {} },
      by,
    );
    const reason = `authority ${reference} was withdrawn: ${by.reason}`;
    return { sequence, exclusions: await excludeAll(operation, reference, reason, onProgress) };
  });
}

/** Excludes the exhibits of authorities that have expired by now, and returns what fell with each. */
export async function applyExpiry(
  operation: Operation,
  by: By,
  onProgress: OnProgress,
): Promise<{ exclusions: Exclusion[] }> {
  return operation.exclusively(async () => {
    const exclusions: Exclusion[] = [];
    for (const { reference, terms, exhibits } of expiredNow(operation, by.time)) {
      if (exhibits.length === 0) continue;
      act(operation, { kind: 'authority', subject: [reference], value: 'expired', details: {} }, by);
      const reason = `authority ${reference} expired after ${terms.valid_until}: ${by.reason}`;
      exclusions.push(...(await excludeAll(operation, reference, reason, onProgress)));
    }
    return { exclusions };
  });
}

/** Authorities that have expired, with their exhibits that still count. */
export function expiredNow(operation: Operation, now: string) {
  const standing = listExhibits(operation).filter(({ status }) => status !== 'excluded');
  return [...authoritiesOf(decisionsInForce(operation)).values()]
    .filter((authority) => standingOf(authority, now) === 'expired')
    .map((authority) => ({
      ...authority,
      exhibits: standing.filter((exhibit) => exhibit.authority === authority.reference).map(({ id }) => id),
    }));
}

async function excludeAll(
  operation: Operation,
  reference: string,
  reason: string,
  onProgress: OnProgress,
): Promise<Exclusion[]> {
  const exclusions: Exclusion[] = [];
  for (const exhibit of listExhibits(operation)) {
    if (exhibit.authority !== reference || exhibit.status === 'excluded') continue;
    exclusions.push(await excludeExhibit(operation, exhibit.id, reason, onProgress));
  }
  return exclusions;
}

/** How authorities stand at a time, recorded ones first, with the exhibits that hang on each. */
export function listAuthorities(operation: Operation, now: string): AuthoritiesView {
  const decisions = decisionsInForce(operation);
  const recorded = authoritiesOf(decisions);
  const exhibits = listExhibits(operation);
  const named = exhibits.flatMap(({ authority }) => (authority === null ? [] : [authority]));
  const references = [...new Set([...[...recorded.keys()].sort(), ...named.sort()])];
  return {
    authorities: references.map((reference) => viewOf(reference, recorded.get(reference), exhibits, now)),
    without: exhibits.filter(({ authority }) => authority === null).map(({ id }) => id),
    needed: policyOf(decisions, 'recorded authorities needed') > 0,
    unviewed_locked: policyOf(decisions, 'files not viewed by the provider are locked') > 0,
  };
}

function viewOf(
  reference: string,
  authority: Authority | undefined,
  all: readonly Exhibit[],
  now: string,
): AuthorityView {
  const own = all.filter((exhibit) => exhibit.authority === reference);
  const terms = authority?.terms;
  return {
    reference,
    recorded: authority !== undefined,
    kind: terms?.kind ?? null,
    issuer: terms?.issuer ?? null,
    valid_from: terms?.valid_from ?? null,
    valid_until: terms?.valid_until ?? null,
    people: terms?.people ?? null,
    services: terms?.services ?? null,
    records_from: terms?.records_from ?? null,
    records_until: terms?.records_until ?? null,
    purposes: terms?.purposes ?? null,
    unviewed_files: terms?.unviewed_files ?? false,
    standing: authority ? standingOf(authority, now) : 'not recorded',
    withdrawn: authority?.withdrawn ?? null,
    exhibits: own.filter(({ status }) => status !== 'excluded').map(({ id }) => id),
    excluded: own.filter(({ status }) => status === 'excluded').map(({ id }) => id),
  };
}

export interface AuthorityDetail extends AuthorityView {
  /** read = inside + outside, for each exhibit that is limited and each table. */
  readonly records: readonly {
    readonly exhibit: string;
    readonly table: string;
    readonly read: number;
    readonly inside: number;
    readonly outside: number;
  }[];
  readonly locked: { readonly files: number; readonly places: readonly string[] };
  readonly history: readonly {
    readonly sequence: number;
    readonly value: string;
    readonly author: string;
    readonly time: string;
    readonly reason: string;
  }[];
}

/** Places of locked files that are named one by one. */
const maxPlaces = 100;

/** One authority with what lies inside and outside it; `engine` is null before the first build. */
export async function showAuthority(
  operation: Operation,
  engine: Engine | null,
  reference: string,
  now: string,
): Promise<AuthorityDetail> {
  const view = listAuthorities(operation, now).authorities.find((each) => each.reference === reference);
  if (!view) throw notFound(reference);
  const own = new Set(view.exhibits);
  const locked = (engine ? await lockedFiles(operation, engine) : []).filter(({ exhibit }) =>
    own.has(exhibit),
  );
  return {
    ...view,
    records: (engine ? await recordsOutside(operation, engine) : []).filter(({ exhibit }) =>
      own.has(exhibit),
    ),
    locked: {
      files: locked.length,
      places: locked.slice(0, maxPlaces).map((each) => `${each.exhibit}/${each.source_path}`),
    },
    history: listDecisions(operation)
      .filter(({ kind, subject }) => kind === 'authority' && subject[0] === reference)
      .map(({ sequence, value, author, time, reason }) => ({ sequence, value, author, time, reason })),
  };
}

/** For each exhibit that an authority limits and each table: records read, inside and outside. */
export async function recordsOutside(
  operation: Operation,
  engine: Engine,
): Promise<AuthorityDetail['records']> {
  if (scopesInForce(operation).length === 0) return [];
  const found: AuthorityDetail['records'][number][] = [];
  for (const table of scopedTables) {
    const rows = await engine.rows<{ exhibit: string; table: string; read: number; inside: number }>(
      countsOf(table),
    );
    found.push(...rows.map((row) => ({ ...row, outside: row.read - row.inside })));
  }
  return found.sort((a, b) => (a.exhibit < b.exhibit ? -1 : a.exhibit > b.exhibit ? 1 : 0));
}

interface Place {
  readonly exhibit: string;
  readonly source_path: string;
}

/** Files that stay closed because no provider looked at them and no authority covers that. */
async function lockedFiles(operation: Operation, engine: Engine): Promise<Place[]> {
  const decisions = decisionsInForce(operation);
  if (policyOf(decisions, 'files not viewed by the provider are locked') === 0) return [];
  const authorities = authoritiesOf(decisions);
  const covered = new Set(
    listExhibits(operation)
      .filter(({ authority }) => authority !== null && authorities.get(authority)?.terms.unviewed_files)
      .map(({ id }) => id),
  );
  const places = await engine.rows<Place>(unviewedFiles);
  return places.filter(({ exhibit }) => !covered.has(exhibit));
}

/**
 * Why bytes of an exhibit may not be opened at a time: its authority does not stand, the record lies outside it, or
 * no provider looked at the file. Null where they may. `engine` is null before the first build.
 */
export async function whyPlaceClosed(
  operation: Operation,
  engine: Engine | null,
  pointer: string,
  now: string,
): Promise<string | null> {
  const { exhibit: id, path, offset, length } = parsePointer(pointer);
  const exhibit = findExhibit(operation, id);
  const closed = whyExhibitClosed(operation, exhibit, now);
  if (closed !== null || engine === null) return closed;
  if (scopesInForce(operation).some((scope) => scope.exhibit === id)) {
    const place = { exhibit: id, path, start: offset, end: offset + length };
    const [found] = await engine.rows<{ every: number; inside: number }>(outsidePlace, place);
    if (found!.every > found!.inside) {
      return `the record lies outside authority ${exhibit.authority}: its people, services or dates`;
    }
  }
  const isLocked = (await lockedFiles(operation, engine)).some(
    (each) => each.exhibit === id && each.source_path === path,
  );
  return isLocked ? 'no provider looked at this file: an authority that covers it is needed' : null;
}

/** Whether the engine must be asked before bytes are opened: some records or files are closed by themselves. */
export function hasClosedPlaces(operation: Operation): boolean {
  return (
    scopesInForce(operation).length > 0 ||
    policyOf(decisionsInForce(operation), 'files not viewed by the provider are locked') > 0
  );
}

/** Throws WaymarkError 'denied' for bytes that may not be opened now, with the reason. */
export async function assertPlaceOpen(
  operation: Operation,
  engine: Engine | null,
  pointer: string,
  now: string,
): Promise<void> {
  const closed = await whyPlaceClosed(operation, engine, pointer, now);
  if (closed !== null) throw closedError(closed, pointer);
}

/** Throws WaymarkError 'denied' where an authority of an exhibit that counts does not allow the purpose. */
export function assertPurpose(operation: Operation, exhibits: readonly Exhibit[], purpose: string): void {
  const authorities = authoritiesOf(decisionsInForce(operation));
  for (const { id, authority } of exhibits) {
    const terms = authority === null ? undefined : authorities.get(authority)?.terms;
    if (!terms || allowsPurpose(terms, purpose)) continue;
    throw new WaymarkError('denied', `authority ${authority} does not allow the purpose "${purpose}"`, {
      where: id,
      remedy: `It allows: ${terms.purposes!.join('; ')}.`,
    });
  }
}

function assertAuthority(operation: Operation, reference: string): Authority {
  const authority = authoritiesOf(decisionsInForce(operation)).get(reference);
  if (authority) return authority;
  throw notFound(reference);
}

function notFound(reference: string): WaymarkError {
  return new WaymarkError('not-found', `there is no authority "${reference}"`, {
    remedy: '"authority list" names them.',
  });
}
