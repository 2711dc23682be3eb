import { WaymarkError } from '../base/errors.ts';
import { type ChildState, childStates, type Urgency, urgencies } from '../persons/decision-kinds.ts';
import { type Decision, detailsOf } from '../persons/decisions.ts';
import { caseNumberOf } from '../priorities/children.ts';
import type { Reason } from '../priorities/queue.ts';
import type { RuleScheme } from '../priorities/rules.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import * as sql from '../store/queries/children.ts';
import { queueEntries } from '../store/queries/priorities.ts';
import { accountExists } from '../store/queries/views.ts';
import { type ActView, act, type By, decisionsInForce, viewOfAct } from './decided.ts';
import { schemeOfGeneration } from './rules.ts';

/** A person linked to a child, on what basis, and where that stands. It says nothing of who did what. */
export interface LinkedPerson {
  /** Null where the account is not in this generation. */
  readonly person: string | null;
  readonly account: string;
  readonly handle: string | null;
  readonly rank: number | null;
  readonly band: string | null;
  readonly basis: string;
  readonly pointer: string;
}

/** A child at risk: an opaque number, never a description. */
export interface ChildView {
  readonly case: string;
  readonly country: string | null;
  readonly state: ChildState;
  /** Day of the state in force; null where nobody has decided one. */
  readonly state_since: string | null;
  readonly agency: string | null;
  /** As a human entered it. */
  readonly urgency: Urgency | null;
  /** By rule, for a human to take up or not. */
  readonly proposed: { readonly urgency: Urgency; readonly reason: string } | null;
  readonly owner: string | null;
  readonly next_step: string | null;
  readonly missing: readonly string[];
  readonly linked: readonly LinkedPerson[];
  readonly own_accounts: readonly string[];
}

export interface ChildFile extends ChildView {
  readonly sources: readonly { readonly text: string; readonly pointer: string }[];
  readonly history: readonly (ActView & {
    readonly kind: string;
    readonly value: string;
    readonly details: string | null;
  })[];
}

export interface ChildMark {
  readonly case: string;
  readonly state: ChildState;
}

export interface ChildFilter {
  readonly state: 'all' | 'open' | ChildState;
  /** '' for all. */
  readonly country: string;
  /** Only children with a link to this person; '' for all. */
  readonly person?: string;
  readonly limit: number;
  readonly offset: number;
}

export interface ChildrenView {
  readonly children: readonly ChildView[];
  readonly total: number;
  readonly more: boolean;
  readonly states: Readonly<Record<string, number>>;
  /** Children with no linked person, who are on the list all the same. */
  readonly unlinked: number;
}

interface SourceRow {
  readonly case_number: string;
  readonly account: string | null;
  readonly own: boolean;
  readonly basis: string;
  readonly text: string;
  readonly pointer: string;
}

/** What is known of one child before persons are looked up. */
interface Gathered {
  readonly sources: SourceRow[];
  readonly acts: Decision[];
}

const childKinds: readonly Decision['kind'][] = ['child', 'child state', 'child urgency', 'child owner'];

/** The safeguarding list, the most urgent first. */
export async function showChildren(
  operation: Operation,
  engine: Engine,
  filter: ChildFilter,
): Promise<ChildrenView> {
  const all = await allChildren(operation, engine);
  const shown = all.filter(
    (child) =>
      (filter.country === '' || child.country === filter.country) &&
      (!filter.person || child.linked.some(({ person }) => person === filter.person)) &&
      (filter.state === 'all' ||
        (filter.state === 'open' ? child.state !== 'safeguarded' : child.state === filter.state)),
  );
  const children = shown.slice(filter.offset, filter.offset + filter.limit);
  return {
    children,
    total: shown.length,
    more: filter.offset + children.length < shown.length,
    states: Object.fromEntries(
      childStates.map((state) => [state, all.filter((child) => child.state === state).length]),
    ),
    unlinked: all.filter(({ linked }) => linked.length === 0).length,
  };
}

/** One child with every act. Throws WaymarkError 'not-found'. */
export async function showChild(
  operation: Operation,
  engine: Engine,
  caseNumber: string,
): Promise<ChildFile> {
  const key = caseNumberOf(caseNumber);
  const gathered = (await gather(operation, engine)).get(key);
  if (!gathered) throw unknownCase(caseNumber);
  const [child] = await viewsOf(operation, engine, new Map([[key, gathered]]));
  return {
    ...child!,
    sources: gathered.sources.map(({ text, pointer }) => ({ text, pointer })),
    history: gathered.acts.map((decision) => {
      const { marking: _, ...details } = (decision.details ?? {}) as Record<string, unknown>;
      return {
        ...viewOfAct(decision),
        kind: decision.kind,
        value: decision.value,
        details: Object.keys(details).length === 0 ? null : JSON.stringify(details),
      };
    }),
  };
}

export async function allChildren(operation: Operation, engine: Engine): Promise<ChildView[]> {
  return (await viewsOf(operation, engine, await gather(operation, engine))).sort(byUrgency);
}

/** The children linked to each of these persons. */
export async function childrenOfPersons(
  operation: Operation,
  engine: Engine,
  persons: ReadonlySet<string>,
): Promise<Map<string, ChildMark[]>> {
  const found = new Map<string, ChildMark[]>();
  for (const child of await allChildren(operation, engine)) {
    for (const person of new Set(child.linked.map((linked) => linked.person))) {
      if (person !== null && persons.has(person))
        found.set(person, [...(found.get(person) ?? []), { case: child.case, state: child.state }]);
    }
  }
  return found;
}

async function gather(operation: Operation, engine: Engine): Promise<Map<string, Gathered>> {
  const found = new Map<string, Gathered>();
  const of = (caseNumber: string) => {
    const held = found.get(caseNumber) ?? { sources: [], acts: [] };
    found.set(caseNumber, held);
    return held;
  };
  for (const row of await engine.rows<SourceRow>(sql.childSources)) of(row.case_number).sources.push(row);
  for (const decision of decisionsInForce(operation)) {
    if (!childKinds.includes(decision.kind)) continue;
    const child = of(decision.subject[0]!);
    child.acts.push(decision);
    if (decision.kind === 'child') child.sources.push(...sourcesOfAct(decision));
  }
  return found;
}

function sourcesOfAct(decision: Decision): SourceRow[] {
  const { accounts = [] } = detailsOf('child', decision);
  const row = {
    case_number: decision.subject[0]!,
    own: false,
    basis: 'decision',
    text: decision.reason,
    pointer: `decision ${decision.sequence}`,
  };
  return accounts.length === 0
    ? [{ ...row, account: null }]
    : accounts.map((account) => ({ ...row, account }));
}

interface Linkable {
  readonly account: string;
  readonly handle: string | null;
  readonly person: string | null;
  readonly rank: number | null;
  readonly band: string | null;
}

async function viewsOf(
  operation: Operation,
  engine: Engine,
  gathered: ReadonlyMap<string, Gathered>,
): Promise<ChildView[]> {
  const sources = [...gathered.values()].flatMap((child) => child.sources);
  const accounts = [...new Set(sources.map(({ account }) => account).filter((each) => each !== null))].sort();
  const known = new Map(
    (await engine.rows<Linkable>(sql.linkedAccounts, { accounts })).map((row) => [row.account, row]),
  );
  const persons = [
    ...new Set([...known.values()].map(({ person }) => person).filter((each) => each !== null)),
  ].sort();
  const access = await withAccess(engine, persons);
  const placed = await withPlace(engine, persons);
  const scheme = schemeOfGeneration(operation);
  return [...gathered].map(([caseNumber, { sources: own, acts }]) => {
    const linked = own
      .filter(({ account, own: isOwn }) => account !== null && !isOwn)
      .map((row) => linkedOf(row, known));
    const state = acts.findLast(({ kind }) => kind === 'child state');
    const owner = acts.findLast(({ kind }) => kind === 'child owner');
    const stated = state && detailsOf('child state', state);
    const owned = owner && detailsOf('child owner', owner);
    const country = acts
      .filter(({ kind }) => kind === 'child')
      .map((decision) => detailsOf('child', decision).country)
      .findLast((each) => each !== undefined);
    const view = {
      case: caseNumber,
      country: country ?? null,
      state: (state?.value ?? 'indicated') as ChildState,
      state_since: state ? (stated?.date ?? state.time.slice(0, 10)) : null,
      agency: stated?.agency ?? owned?.agency ?? null,
      urgency: (acts.findLast(({ kind }) => kind === 'child urgency')?.value ?? null) as Urgency | null,
      proposed: proposalOf(linked, access, scheme),
      owner: owner?.value ?? null,
      next_step: owned?.step ?? null,
      linked,
      own_accounts: [...new Set(own.filter((row) => row.own).map(({ account }) => account!))].sort(),
    };
    const places = new Set(own.map(({ pointer }) => pointer)).size;
    return { ...view, missing: view.state === 'safeguarded' ? [] : missingOf(view, places, placed) };
  });
}

function linkedOf(row: SourceRow, known: ReadonlyMap<string, Linkable>): LinkedPerson {
  const { person = null, handle = null, rank = null, band = null } = known.get(row.account!) ?? {};
  return { person, account: row.account!, handle, rank, band, basis: row.basis, pointer: row.pointer };
}

/** Persons of whom an officer stated that they have access to children. */
async function withAccess(engine: Engine, persons: string[]): Promise<Set<string>> {
  const rows = await engine.rows<{ person: string; reasons: string }>(queueEntries, { persons });
  return new Set(
    rows
      .filter(({ reasons }) =>
        (JSON.parse(reasons) as Reason[]).some(
          ({ indicator, withdrawn }) => indicator === 'access to children' && !withdrawn,
        ),
      )
      .map(({ person }) => person),
  );
}

/** Persons of whom anything in evidence says where they are. */
async function withPlace(engine: Engine, persons: string[]): Promise<Set<string>> {
  const rows = await engine.rows<{ person: string; place: number; returns: number }>(sql.completenessOf, {
    persons,
  });
  return new Set(rows.filter(({ place, returns }) => place + returns > 0).map(({ person }) => person));
}

/** How many bands from the top make a linked person's child immediate (with access to children), or urgent. */
const high = { immediate: 2, urgent: 3 } as const;

/** What the rules propose; nothing where nobody is linked, which says nothing of how urgent it is. */
function proposalOf(
  linked: readonly LinkedPerson[],
  access: ReadonlySet<string>,
  scheme: RuleScheme,
): ChildView['proposed'] {
  const top = (count: number, band: string | null) =>
    scheme.bands.slice(0, count).some((each) => each.band === band);
  const nearest = linked.find(
    ({ person, band }) => person !== null && access.has(person) && top(high.immediate, band),
  );
  if (nearest) {
    return {
      urgency: 'immediate',
      reason: `${nearest.person} is linked, stands in band ${nearest.band}, and an officer stated access to children`,
    };
  }
  const ranked = linked.find(({ band }) => top(high.urgent, band));
  if (ranked)
    return { urgency: 'urgent', reason: `${ranked.person} is linked and stands in band ${ranked.band}` };
  const known = linked.find(({ person }) => person !== null);
  return known
    ? {
        urgency: 'standard',
        reason: `${known.person} is linked and stands in none of the first ${high.urgent} bands`,
      }
    : null;
}

function missingOf(
  child: Omit<ChildView, 'missing' | 'proposed'>,
  places: number,
  placed: ReadonlySet<string>,
): string[] {
  const persons = child.linked.map(({ person }) => person).filter((person) => person !== null);
  const missing: string[] = [];
  if (persons.length === 0) missing.push('identity: no person is linked');
  else if (!persons.some((person) => placed.has(person)))
    missing.push('place: nothing in evidence says where a linked person is');
  if (child.country === null) missing.push('country: none is stated for the child');
  if (child.agency === null) missing.push('agency: none has taken the case');
  if (places < 2) missing.push('corroboration: it rests on one source');
  if (child.owner === null) missing.push('owner: nobody owns the next step');
  return missing;
}

/** Open before safeguarded; then by urgency as entered, else as proposed; a child of whom nothing is known stands before the standard ones. */
function byUrgency(x: ChildView, y: ChildView): number {
  const key = (child: ChildView) => [
    child.state === 'safeguarded' ? 1 : 0,
    placeOf(child.urgency ?? child.proposed?.urgency ?? null),
    childStates.indexOf(child.state),
  ];
  const [a, b] = [key(x), key(y)];
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return x.case < y.case ? -1 : x.case > y.case ? 1 : 0;
}

function placeOf(urgency: Urgency | null): number {
  return urgency === null ? urgencies.indexOf('standard') - 0.5 : urgencies.indexOf(urgency);
}

export interface NewChild {
  readonly case: string;
  readonly country?: string | undefined;
  readonly account?: string | undefined;
  readonly urgency?: Urgency | undefined;
}

/** Puts a child on the list, or adds a link to one that is on it. Throws WaymarkError 'not-found', 'usage'. */
export async function addChild(
  engine: Engine | null,
  child: NewChild,
): Promise<(operation: Operation, by: By) => number> {
  const caseNumber = caseNumberOf(child.case);
  if (caseNumber === '') throw new WaymarkError('usage', 'a child is listed under a case number');
  if (child.account !== undefined && engine) {
    const found = await engine.rows(accountExists, { account: child.account });
    if (found.length === 0) {
      throw new WaymarkError('not-found', `there is no account "${child.account}"`, {
        remedy:
          'Accounts are written service/native id, as "persons" shows them. The child can be listed without.',
      });
    }
  }
  return (operation, by) => {
    const details = {
      ...(child.country !== undefined && { country: child.country }),
      ...(child.account !== undefined && { accounts: [child.account] }),
    };
    const sequence = act(operation, { kind: 'child', subject: [caseNumber], value: 'listed', details }, by);
    if (child.urgency !== undefined)
      act(operation, { kind: 'child urgency', subject: [caseNumber], value: child.urgency }, by);
    return sequence;
  };
}

/** Records what a human decided of a child on the list. Throws WaymarkError 'not-found', 'usage'. */
export async function decideOnChild(
  operation: Operation,
  engine: Engine,
  caseNumber: string,
  decision: {
    readonly kind: 'child state' | 'child urgency' | 'child owner';
    readonly value: string;
    readonly details?: Record<string, unknown>;
  },
): Promise<(by: By) => number> {
  const key = caseNumberOf(caseNumber);
  if (!(await gather(operation, engine)).has(key)) throw unknownCase(caseNumber);
  return (by) => act(operation, { ...decision, subject: [key] }, by);
}

function unknownCase(caseNumber: string): WaymarkError {
  return new WaymarkError('not-found', `there is no child "${caseNumber}" on the list`, {
    remedy: '"children" lists them; "child add" puts one on the list.',
  });
}
