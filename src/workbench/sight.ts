import type { Role } from '../access/can.ts';
import { mayKnow, restrictionsOf } from '../access/restricted.ts';
import { sha256Hex } from '../base/hash.ts';
import { canonicalJson } from '../base/json.ts';
import { parsePointer } from '../evidence/pointer.ts';
import { accountCategories, type Decision } from '../persons/decisions.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import * as sql from '../store/queries/withhold.ts';
import { decisionsInForce, viewOfAct } from './decided.ts';
import { gradesInForce } from './decisions.ts';

/** What is kept from somebody: accounts, exhibits, records by pointer, decisions by number. */
export interface Sight {
  /** '' where everything may be known; else a digest of what may not. */
  readonly id: string;
  readonly accounts: readonly string[];
  readonly exhibits: readonly string[];
  readonly pointers: readonly string[];
  readonly decisions: readonly number[];
}

export const wholeSight: Sight = { id: '', accounts: [], exhibits: [], pointers: [], decisions: [] };

/** What an engine withholds, once it is known which accounts go together. */
export interface Hidden extends Sight {
  readonly persons: readonly string[];
  /** Rows withheld of each kind of thing that is counted. */
  readonly counts: Readonly<Record<string, number>>;
}

export const nothingHidden: Hidden = { ...wholeSight, persons: [], counts: {} };

/** What these roles may not know of an operation, by its decisions: victims' accounts, and what is TLP:RED. */
export function sightFor(operation: Operation, roles: readonly Role[]): Sight {
  const decisions = decisionsInForce(operation);
  const isKept = (thing: Parameters<typeof restrictionsOf>[0]) => !mayKnow(roles, restrictionsOf(thing));
  const accounts = [...accountCategories(decisions)]
    .filter(([, category]) => isKept({ category }))
    .map(([account]) => account)
    .sort();
  const graded = (what: string) =>
    [...gradesInForce(operation)]
      .filter(([thing, marking]) => thing.startsWith(`${what} `) && isKept({ marking }))
      .map(([thing]) => thing.slice(what.length + 1))
      .sort();
  const kept = {
    accounts,
    exhibits: graded('exhibit'),
    pointers: graded('record'),
    decisions: [
      ...decisions.filter((each) => isKept({ marking: viewOfAct(each).marking })).map(numberOf),
      ...graded('decision').map(Number),
    ],
  };
  // Children have accounts of their own that no decision names: the digest says who looks, not only what is kept.
  const isWhole = mayKnow(roles, ['victim', 'TLP:RED']);
  return { id: isWhole ? '' : sha256Hex(canonicalJson(kept)).slice(0, 16), ...kept };
}

function numberOf({ sequence }: Decision): number {
  return sequence;
}

/** Things that are counted, and the view whose rows they are. */
const counted = {
  accounts: 'known_account',
  messages: 'message',
  events: 'event',
  files: 'file',
  sightings: 'sighting',
  contacts: 'contact',
  queue: 'queue',
} as const;

/** Names that stand in one pattern. */
const namesAtOnce = 400;

/** Takes out of an engine what the sight does not show. Returns what is withheld. */
export async function withhold(engine: Engine, sight: Sight): Promise<Hidden> {
  if (sight.id === '') return nothingHidden;
  const columns = await engine.rows<sql.ViewColumn>(sql.viewColumns);
  const views = [...new Set(columns.map(({ view }) => view))];
  const { exhibits, pointers, accounts } = sight;
  const [makeExhibits, makePointers, makeAccounts] = sql.makeWithheld;
  await engine.run(makeExhibits, { exhibits: [...exhibits] });
  await engine.run(makePointers, { pointers: [...pointers] });
  await engine.run(makeAccounts, { accounts: [...accounts] });
  if (views.includes('child_source')) await engine.run(sql.withholdChildren);
  if (views.includes('person')) {
    await engine.run(sql.withholdPersons);
    await engine.run(sql.withholdTheirAccounts);
  } else await engine.run(sql.noPersons);
  await engine.run(sql.withholdMessages);
  for (const view of views) await engine.run(sql.renameWhole(view));
  const named = await engine.rows<{ account: string; handle: string | null }>(
    views.includes('known_account') ? sql.withheldAccounts : sql.bareWithheldAccounts,
  );
  const persons = (await engine.rows<{ person: string }>(sql.withheldPersons)).map(({ person }) => person);
  const patterns = patternsOf(named, persons, sight);
  for (const view of views) {
    const own = columns.filter((column) => column.view === view);
    await engine.run(sql.keptView(view, own, patterns));
  }
  const counts: Record<string, number> = { persons: persons.length };
  for (const [thing, view] of Object.entries(counted)) {
    if (!views.includes(view)) continue;
    const [row] = await engine.rows<{ n: number }>(sql.withheldRows(view));
    counts[thing] = row!.n;
  }
  return { ...sight, accounts: named.map(({ account }) => account), persons, counts };
}

/** Patterns of what may not be quoted: accounts, their handles, persons, and pointers into withheld exhibits. */
function patternsOf(
  named: readonly { account: string; handle: string | null }[],
  persons: readonly string[],
  { exhibits, pointers }: Sight,
): string[] {
  const plain = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const handles = [...new Set(named.flatMap(({ handle }) => handle ?? []))].filter(
    ({ length }) => length > 2,
  );
  const words = [
    ...named.map(({ account }) => plain(account)),
    ...persons.map(plain),
    ...pointers.map(plain),
    ...exhibits.map((id) => `${plain(id)}[^"\\s\\]]*`),
    ...handles.map((handle) => `\\b${plain(handle)}\\b`),
  ];
  const patterns: string[] = [];
  for (let at = 0; at < words.length; at += namesAtOnce) {
    // Longest first: a name that begins another must not cut it.
    const some = words.slice(at, at + namesAtOnce).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
    patterns.push(some.join('|'));
  }
  return patterns;
}

/** Whether a place holds a record that is withheld. Only where something is withheld. */
export async function isPlaceWithheld(engine: Engine, hidden: Hidden, pointer: string): Promise<boolean> {
  const { exhibit, path, offset, length } = parsePointer(pointer);
  if (hidden.exhibits.includes(exhibit) || hidden.pointers.includes(pointer)) return true;
  const place = { exhibit, path, start: offset, end: offset + length };
  const [found] = await engine.rows<{ whole: number; shown: number }>(sql.recordsAtPlace, place);
  return found!.whole > found!.shown;
}

/** Whether something that is asked for or acted on names what is withheld, wherever it stands. */
export function namesWithheld(hidden: Hidden, value: unknown): boolean {
  if (typeof value === 'string') {
    return (
      hidden.accounts.includes(value) ||
      hidden.persons.includes(value) ||
      hidden.pointers.includes(value) ||
      hidden.exhibits.some((id) => value.startsWith(id))
    );
  }
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((each) => namesWithheld(hidden, each));
}

/**
 * An answer without what is withheld: items of lists that name it are left out and counted. Texts are as the
 * engine gave them, already masked; this takes what comes from elsewhere (decisions, earlier generations).
 */
export function leaveOut<T>(hidden: Hidden, answer: T): { answer: T; left: number } {
  let left = 0;
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      const kept = value.filter((item) => !isAbout(hidden, item));
      left += value.length - kept.length;
      return kept.map(walk);
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item)]));
  };
  const shown = walk(answer) as T;
  return { answer: shown, left };
}

function isAbout(hidden: Hidden, item: unknown): boolean {
  if (typeof item === 'string') return namesWithheld(hidden, item);
  if (typeof item !== 'object' || item === null) return false;
  const { sequence, kind, subject } = item as { sequence?: unknown; kind?: unknown; subject?: unknown };
  if (kind !== undefined && typeof sequence === 'number' && hidden.decisions.includes(sequence)) return true;
  if (Array.isArray(subject) && namesWithheld(hidden, subject)) return true;
  return Object.values(item).some((value) => typeof value === 'string' && namesWithheld(hidden, value));
}
