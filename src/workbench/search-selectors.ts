import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { formatPointer } from '../evidence/pointer.ts';
import type { Replies } from '../footprint/search/ask.ts';
import { readSelectorList } from '../footprint/search/selector-list.ts';
import type { Engine } from '../store/engine.ts';
import { selectorListAccounts, selectorListCounts } from '../store/queries/search.ts';
import { personsOf } from './search.ts';
import type { Asked } from './search-desk.ts';

export interface SelectorHits {
  readonly line: number;
  readonly given: string;
  readonly kinds: readonly string[];
  readonly canonical: string;
}

export interface SelectorAccount {
  readonly account: string | null;
  readonly handle: string | null;
  readonly person: string | null;
  readonly where: string;
  readonly selector: string | null;
  readonly hits: number;
  readonly first_time: number | null;
  readonly last_time: number | null;
  readonly pointer: string;
}

export interface SelectorFinding extends SelectorHits {
  readonly hits: number;
  readonly byKind: readonly {
    readonly where: string;
    readonly selector: string | null;
    readonly hits: number;
  }[];
  readonly accounts: readonly SelectorAccount[];
  /** Rows of accounts that are not listed. */
  readonly more: number;
}

/** lines = blank + duplicates + notUnderstood + withHits + withoutHits. */
export interface SelectorListView {
  readonly lines: number;
  readonly blank: number;
  readonly duplicates: number;
  readonly notUnderstood: number;
  readonly withHits: number;
  readonly withoutHits: number;
  readonly found: readonly SelectorFinding[];
  readonly missed: readonly SelectorHits[];
  readonly rejected: readonly { readonly line: number; readonly given: string; readonly reason: string }[];
}

/** Lines of one list. */
const mostLines = 50_000;
const mostAccounts = 20;

interface CountRow {
  readonly line: number;
  readonly place: string;
  readonly selector: string | null;
  readonly hits: number;
  readonly accounts: number;
}

interface AccountRow {
  readonly line: number;
  readonly place: string;
  readonly selector: string | null;
  readonly account: string | null;
  readonly hits: number;
  readonly first_time: number | null;
  readonly last_time: number | null;
  readonly pointer: string;
}

/**
 * Looks up a list of selectors in one pass: exactly, in their canonical form, in sightings, requests, files and
 * hash lists, and word for word in messages. Throws WaymarkError 'limit' for more than 50,000 lines.
 */
export async function searchSelectors(asked: Asked, engine: Engine, text: string): Promise<SelectorListView> {
  const list = readSelectorList(text);
  if (list.lines > mostLines) {
    throw new WaymarkError('limit', `a list has ${list.lines} lines; ${mostLines} are possible`, {
      remedy: 'Divide the list.',
    });
  }
  const wanted = list.entries.flatMap(({ line, forms }) =>
    forms.map(({ kind, canonical }) => ({ line: String(line), kind, value: canonical })),
  );
  const parameters = {
    line: wanted.map(({ line }) => line),
    kind: wanted.map(({ kind }) => kind),
    value: wanted.map(({ value }) => value),
  };
  const counts = groupByLine(await engine.rows<CountRow>(selectorListCounts, parameters));
  const accounts = groupByLine(
    await engine.rows<AccountRow>(selectorListAccounts, { ...parameters, most: mostAccounts }),
  );
  const mentions = await asked.answer({
    kind: 'mentions',
    values: list.entries.map(({ forms }) => forms[0]!.canonical),
  });
  const known = await personsOf(engine, [
    ...[...accounts.values()].flat().flatMap(({ account }) => account ?? []),
    ...mentions.flatMap(({ accounts: each }) => each.flatMap(({ account }) => account ?? [])),
  ]);
  const found: SelectorFinding[] = [];
  const missed: SelectorHits[] = [];
  list.entries.forEach((entry, i) => {
    const kinds = [...new Set(entry.forms.map(({ kind }) => kind))];
    const head = { line: entry.line, given: entry.given, kinds, canonical: entry.forms[0]!.canonical };
    const byKind = (counts.get(entry.line) ?? []).map(({ place, selector, hits }) => ({
      where: place,
      selector,
      hits,
    }));
    const mention = mentions[i]!;
    if (mention.hits > 0) byKind.push({ where: 'message text', selector: null, hits: mention.hits });
    const hits = byKind.reduce((sum, each) => sum + each.hits, 0);
    if (hits === 0) {
      missed.push(head);
      return;
    }
    const rows = [...(accounts.get(entry.line) ?? []).map(accountRow(known)), ...mentionRows(mention, known)];
    const all =
      (counts.get(entry.line) ?? []).reduce((sum, each) => sum + each.accounts, 0) +
      mention.accounts.length +
      mention.more;
    const listed = rows.slice(0, mostAccounts);
    found.push({ ...head, hits, byKind, accounts: listed, more: all - listed.length });
  });
  return {
    lines: list.lines,
    blank: list.blank,
    duplicates: list.duplicates,
    notUnderstood: list.rejected.length,
    withHits: found.length,
    withoutHits: missed.length,
    found,
    missed,
    rejected: list.rejected,
  };
}

function groupByLine<T extends { readonly line: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row.line);
    if (group) group.push(row);
    else groups.set(row.line, [row]);
  }
  return groups;
}

function accountRow(persons: ReadonlyMap<string, string>): (row: AccountRow) => SelectorAccount {
  return ({ account, place, selector, hits, first_time, last_time, pointer }) => ({
    account,
    handle: null,
    person: account === null ? null : (persons.get(account) ?? null),
    where: place,
    selector,
    hits,
    first_time,
    last_time,
    pointer,
  });
}

function mentionRows(
  mention: Replies['mentions'][number],
  persons: ReadonlyMap<string, string>,
): SelectorAccount[] {
  return mention.accounts.map(({ account, hits, time, ...place }) => ({
    account,
    handle: null,
    person: account === null ? null : (persons.get(account) ?? null),
    where: 'message text',
    selector: null,
    hits,
    first_time: time,
    last_time: null,
    pointer: formatPointer(place),
  }));
}

/** What the log says of a list of selectors. */
export function listDigest(text: string): string {
  return `sha256:${sha256Hex(text)}`;
}
