import { csvCell } from '../base/csv.ts';
import { isPointer } from '../evidence/pointer.ts';
import type { Cell, Engine } from '../store/engine.ts';
import * as sql from '../store/queries/packages.ts';

/** One table of a package, and the source pointers that stand in it. */
export interface Table {
  readonly path: string;
  readonly about: string;
  readonly text: string;
  readonly rows: number;
  readonly pointers: readonly string[];
  /** Numbers of decisions that rows cite instead of an exhibit. */
  readonly decisions: readonly number[];
}

/** What a package can hold; a sender chooses. Text of messages goes along only when asked for. */
export const parts = ['accounts', 'selectors', 'indicators', 'links', 'contacts', 'messages'] as const;
export type Part = (typeof parts)[number];
export const usualParts: readonly Part[] = parts.filter((part) => part !== 'messages');

const tables: Record<Part, { about: string; sql: string }> = {
  accounts: { about: 'the accounts of each person', sql: sql.packagedAccounts },
  selectors: { about: 'what identifies them, where and when it was seen', sql: sql.packagedSelectors },
  indicators: {
    about: 'their own, objective conduct and what officers entered, for and against',
    sql: sql.packagedIndicators,
  },
  links: {
    about: 'why the accounts are taken for one person, piece by piece, for and against',
    sql: sql.packagedLinks,
  },
  contacts: { about: 'contacts among these persons', sql: sql.packagedContacts },
  messages: { about: 'the text of what they wrote, without files', sql: sql.packagedMessages },
};

/** The tables about these persons. Text stands in them as the exhibits have it, defused for spreadsheets. */
export async function collectTables(
  engine: Engine,
  persons: readonly string[],
  chosen: readonly Part[],
): Promise<Table[]> {
  const collected: Table[] = [];
  for (const part of chosen) {
    const rows = await engine.rows<Record<string, Cell>>(tables[part].sql, { persons: [...persons] });
    collected.push({ path: `records/${part}.csv`, about: tables[part].about, ...tableOf(rows) });
  }
  return collected;
}

/** Contacts of these persons with people who are not in the package. */
export async function countWithheldContacts(engine: Engine, persons: readonly string[]): Promise<number> {
  const [row] = await engine.rows<{ contacts: number }>(sql.withheldContacts, { persons: [...persons] });
  return row!.contacts;
}

function tableOf(
  rows: readonly Record<string, Cell>[],
): Pick<Table, 'text' | 'rows' | 'pointers' | 'decisions'> {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names.join(','), ...rows.map((row) => names.map((name) => csvCell(row[name]!)).join(','))];
  const pointers = new Set<string>();
  const decisions = new Set<number>();
  for (const row of rows) {
    for (const cited of citedIn(row)) {
      const decision = /^decision (\d{1,9})$/.exec(cited)?.[1];
      if (decision !== undefined) decisions.add(Number(decision));
      else if (isPointer(cited)) pointers.add(cited);
    }
  }
  return {
    text: names.length === 0 ? '' : `${lines.join('\r\n')}\r\n`,
    rows: rows.length,
    pointers: [...pointers],
    decisions: [...decisions].sort((a, b) => a - b),
  };
}

/** Sources stand in a column of their own, in a JSON list, or inside the pieces of link evidence. */
function* citedIn(row: Readonly<Record<string, Cell>>): Generator<string> {
  if (typeof row.pointer === 'string') yield row.pointer;
  if (typeof row.more_pointers === 'string') yield* JSON.parse(row.more_pointers) as string[];
  if (typeof row.against === 'string') {
    const against = JSON.parse(row.against) as { pointer?: string };
    if (against.pointer) yield against.pointer;
  }
  if (typeof row.evidence === 'string') {
    for (const piece of JSON.parse(row.evidence) as readonly { pointers: readonly string[] }[])
      yield* piece.pointers;
  }
}
