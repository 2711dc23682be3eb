import type { OnProgress } from '../base/progress.ts';
import type { Evidence } from '../persons/evidence.ts';
import type { Cell, Engine } from '../store/engine.ts';
import { openEngine } from '../store/lake.ts';
import type { Operation } from '../store/operation.ts';
import * as sql from '../store/queries/changes.ts';

/** Entries of a list that is shown, those that matter most first, and how many there are in all. */
export interface Listed<T> {
  readonly count: number;
  /** At most `mostListed`. */
  readonly items: readonly T[];
}

/** Entries that each list of changes shows. */
export const mostListed = 500;
/** Accounts named for one part of a person, and pieces of evidence for one link. */
const mostNamed = 20;

export interface KnownAccount {
  readonly account: string;
  readonly handle: string | null;
  readonly pointer: string | null;
}

/** A piece of evidence between two accounts. */
export interface Piece {
  readonly text: string;
  readonly bits: number;
  readonly pointers: readonly string[];
}

export interface LinkChange {
  readonly a: string;
  readonly b: string;
  /** Null where the link does not hold a person together there. */
  readonly bits_before: number | null;
  readonly bits_after: number | null;
  /** A human's decision, where the link stands on one. */
  readonly decision: string | null;
  /** Whether one of the accounts is not known on the other side at all. */
  readonly gone: boolean;
  /** Evidence that stands on one side only. */
  readonly pieces: readonly Piece[];
}

export interface PersonPart {
  /** Null: the accounts belong to nobody any more. */
  readonly person: string | null;
  readonly accounts: readonly string[];
  readonly count: number;
}

/** A person and the parts that it goes into, or was made of. */
export interface PersonChange {
  readonly person: string;
  readonly rank: number | null;
  readonly parts: readonly PersonPart[];
}

export interface QueueChange {
  readonly kind: 'left' | 'came' | 'band' | 'moved';
  /** Before; null for one who came. */
  readonly person: string | null;
  /** After; null where nothing is left of the person. Another id where the first account changed. */
  readonly heir: string | null;
  readonly handles: readonly string[];
  readonly from: number | null;
  readonly from_band: string | null;
  readonly to: number | null;
  readonly to_band: string | null;
}

export interface ChildChange {
  /** Its case number. */
  readonly child: string;
  readonly fell: number;
  readonly came: number;
  /** What records still say of it afterwards. */
  readonly stand: number;
  readonly fell_pointers: readonly string[];
  readonly came_pointers: readonly string[];
}

/** What differs between two sets of derived results. */
export interface Changes {
  readonly cap: number;
  readonly accounts: { readonly fell: Listed<KnownAccount>; readonly came: Listed<KnownAccount> };
  readonly links: {
    readonly fell: Listed<LinkChange>;
    readonly weaker: Listed<LinkChange>;
    readonly stronger: Listed<LinkChange>;
    readonly came: Listed<LinkChange>;
  };
  readonly persons: {
    readonly before: number;
    readonly after: number;
    /** Nothing of them is left. */
    readonly gone: number;
    /** Some of their accounts are not known any more. */
    readonly smaller: number;
    readonly appeared: number;
    readonly split: Listed<PersonChange>;
    readonly joined: Listed<PersonChange>;
  };
  readonly queue: Listed<QueueChange> & { readonly kinds: Readonly<Record<QueueChange['kind'], number>> };
  readonly children: Listed<ChildChange>;
  readonly hand_offs: { readonly fell: number; readonly came: number };
  readonly leads: { readonly fell: number; readonly came: number };
  /** Accounts that decisions are about and that are not known afterwards. */
  readonly decided_gone: readonly string[];
}

/** Where each compared table of one side lies. */
export type Side = (table: (typeof sql.comparedTables)[number]) => string;

/** Compares two sets of derived tables. `decided` are the accounts that decisions are about. */
export async function compareSides(
  operation: Operation,
  before: Side,
  after: Side,
  decided: readonly string[],
  onProgress: OnProgress,
): Promise<Changes> {
  onProgress({ stage: 'comparing', done: 0, total: null });
  const engine = await openEngine(operation);
  try {
    for (const table of sql.comparedTables) {
      await engine.run(sql.viewOfSide('before', table, before(table)));
      await engine.run(sql.viewOfSide('after', table, after(table)));
    }
    await engine.run(sql.makeHeirs);
    const most = { most: mostListed };
    const listed = async <Row extends { found: number }, T>(
      statement: string,
      view: (row: Row) => T,
    ): Promise<Listed<T>> => {
      const rows = await engine.rows<Row>(statement, most);
      return { count: rows[0]?.found ?? 0, items: rows.map(view) };
    };
    const [{ split: _, ...persons }] = (await engine.rows<PersonCounts>(sql.personCounts)) as [PersonCounts];
    const [followed] = (await engine.rows<FollowedCounts>(sql.followedCounts)) as [FollowedCounts];
    return {
      cap: mostListed,
      accounts: {
        fell: await listed(sql.accountsOnlyIn('before'), viewOfAccount),
        came: await listed(sql.accountsOnlyIn('after'), viewOfAccount),
      },
      links: {
        fell: await listed(sql.linksOnlyIn('before'), (row: LinkRow) => viewOfLink(row, 'before')),
        weaker: await listed(sql.linksReweighed('weaker'), (row: ReweighedRow) =>
          viewOfReweighed(row, 'before'),
        ),
        stronger: await listed(sql.linksReweighed('stronger'), (row: ReweighedRow) =>
          viewOfReweighed(row, 'after'),
        ),
        came: await listed(sql.linksOnlyIn('after'), (row: LinkRow) => viewOfLink(row, 'after')),
      },
      persons: {
        ...persons,
        split: await personChanges(engine, sql.personsSplit, sql.partsAfter),
        joined: await personChanges(engine, sql.personsJoined, sql.partsBefore),
      },
      queue: await queueChanges(engine),
      children: cut(await engine.rows<ChildChange>(sql.childChanges)),
      hand_offs: { fell: followed.hand_offs_fell, came: followed.hand_offs_came },
      leads: { fell: followed.leads_fell, came: followed.leads_came },
      decided_gone: await unknownAfter(engine, decided),
    };
  } finally {
    engine.close();
  }
}

interface PersonCounts {
  readonly before: number;
  readonly after: number;
  readonly gone: number;
  readonly smaller: number;
  readonly appeared: number;
  readonly split: number;
}

interface FollowedCounts {
  readonly hand_offs_fell: number;
  readonly hand_offs_came: number;
  readonly leads_fell: number;
  readonly leads_came: number;
}

function cut<T>(items: readonly T[]): Listed<T> {
  return { count: items.length, items: items.slice(0, mostListed) };
}

function viewOfAccount({ account, handle, pointer }: KnownAccount & { found: number }): KnownAccount {
  return { account, handle, pointer };
}

interface LinkRow {
  readonly a: string;
  readonly b: string;
  readonly bits: number;
  readonly decision: string | null;
  readonly evidence: string;
  readonly gone: boolean;
  readonly found: number;
}

function viewOfLink(row: LinkRow, side: 'before' | 'after'): LinkChange {
  const { a, b, bits, decision, gone } = row;
  return {
    a,
    b,
    bits_before: side === 'before' ? bits : null,
    bits_after: side === 'after' ? bits : null,
    decision,
    gone,
    pieces: piecesOf(row.evidence, '[]'),
  };
}

interface ReweighedRow {
  readonly a: string;
  readonly b: string;
  readonly bits_before: number;
  readonly bits_after: number;
  readonly before: string;
  readonly after: string;
  readonly found: number;
}

function viewOfReweighed(row: ReweighedRow, side: 'before' | 'after'): LinkChange {
  const { a, b, bits_before, bits_after, before, after } = row;
  const pieces = side === 'before' ? piecesOf(before, after) : piecesOf(after, before);
  return { a, b, bits_before, bits_after, decision: null, gone: false, pieces };
}

/** Pieces of evidence of one side that the other has not. */
function piecesOf(evidence: string, other: string): Piece[] {
  const known = new Set((JSON.parse(other) as Evidence[]).map(({ text }) => text));
  return (JSON.parse(evidence) as Evidence[])
    .filter(({ text }) => !known.has(text))
    .slice(0, mostNamed)
    .map(({ text, bits, pointers }) => ({ text, bits, pointers: pointers.slice(0, mostNamed) }));
}

interface PersonRow {
  readonly person: string;
  readonly rank: number | null;
  readonly found: number;
}

async function personChanges(
  engine: Engine,
  statement: string,
  parts: string,
): Promise<Listed<PersonChange>> {
  const rows = await engine.rows<PersonRow>(statement, { most: mostListed });
  const found = Map.groupBy(
    await engine.rows<{ person: string; part: string | null; accounts: string[] }>(parts, {
      persons: rows.map(({ person }) => person),
    }),
    ({ person }) => person,
  );
  const items = rows.map(({ person, rank }) => ({
    person,
    rank,
    parts: (found.get(person) ?? []).map(({ part, accounts }) => ({
      person: part,
      accounts: accounts.slice(0, mostNamed),
      count: accounts.length,
    })),
  }));
  return { count: rows[0]?.found ?? 0, items };
}

interface QueueRow {
  readonly kind: QueueChange['kind'];
  readonly person: string | null;
  readonly heir: string | null;
  readonly from_rank: number | null;
  readonly from_band: string | null;
  readonly to_rank: number | null;
  readonly to_band: string | null;
  readonly accounts: string;
}

async function queueChanges(engine: Engine): Promise<Changes['queue']> {
  const rows = await engine.rows<QueueRow>(sql.queueChanges);
  const count = (kind: QueueChange['kind']) => rows.filter((row) => row.kind === kind).length;
  return {
    count: rows.length,
    kinds: { left: count('left'), came: count('came'), band: count('band'), moved: count('moved') },
    items: rows.slice(0, mostListed).map((row) => ({
      kind: row.kind,
      person: row.person,
      heir: row.heir,
      handles: (JSON.parse(row.accounts) as { account: string; handle: string | null }[])
        .slice(0, mostNamed)
        .map(({ account, handle }) => handle ?? account),
      from: row.from_rank,
      from_band: row.from_band,
      to: row.to_rank,
      to_band: row.to_band,
    })),
  };
}

async function unknownAfter(engine: Engine, decided: readonly string[]): Promise<string[]> {
  const accounts: Cell[] = [...new Set(decided)].sort();
  if (accounts.length === 0) return [];
  const known = new Set(
    (await engine.rows<{ account: string }>(sql.accountsKnownAfter, { accounts })).map(
      ({ account }) => account,
    ),
  );
  return (accounts as string[]).filter((account) => !known.has(account)).slice(0, mostListed);
}
