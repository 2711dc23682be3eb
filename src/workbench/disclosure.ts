import { csvCell } from '../base/csv.ts';
import { type Exhibit, filesOf, listExhibits } from '../intake/exhibits.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { clearedPersons } from './categories.ts';
import { decisionsInForce } from './decided.ts';
import { gradesInForce } from './decisions.ts';
import { readQueue } from './overview.ts';
import { type LoggedSearch, listSearches } from './search.ts';

/**
 * What a disclosure officer lists (CPIA: MG6C, MG6D, MG6E): every item of unused material, described one by one and
 * numbered through, the terms that were searched for, and what nobody looked at. It proposes no decision: whether an
 * item is sensitive, and whether it meets the test, a human enters in the columns left empty.
 */
export interface ScheduleItem {
  /** From 1, consecutive. */
  readonly item: number;
  readonly exhibit: string;
  readonly reference: string | null;
  /** What it is, in a sentence. */
  readonly description: string;
  readonly sha256: string;
  readonly authority: string | null;
  /** Packages sent that rely on it; none: unused. */
  readonly packages: readonly string[];
  readonly used: boolean;
  /** Why it may belong on the schedule of sensitive material (MG6D); null where nothing marks it. */
  readonly marking: string | null;
}

/** Something that was not looked at: by the machine or by a person. */
export interface NotReviewed {
  readonly item: number | null;
  readonly what: string;
  readonly count: number;
  readonly why: string;
}

/** What speaks for somebody, and must be thought of when the test is applied. */
export interface Exculpatory {
  readonly what: string;
  readonly count: number;
}

export interface DisclosureSchedule {
  readonly made: string;
  readonly items: readonly ScheduleItem[];
  readonly searches: readonly LoggedSearch[];
  readonly notReviewed: readonly NotReviewed[];
  readonly exculpatory: readonly Exculpatory[];
}

/** `engine` is null before the first build; `time` is that of making it. */
export async function disclosureSchedule(
  operation: Operation,
  engine: Engine | null,
  time: string,
): Promise<DisclosureSchedule> {
  const exhibits = listExhibits(operation);
  const citing = packagesByExhibit(operation);
  const grades = gradesInForce(operation);
  const items = exhibits.map((exhibit, index): ScheduleItem => {
    const packages = citing.get(exhibit.id) ?? [];
    const grade = grades.get(`exhibit ${exhibit.id}`);
    return {
      item: index + 1,
      exhibit: exhibit.id,
      reference: exhibit.reference,
      description: describe(operation, exhibit),
      sha256: exhibit.sha256,
      authority: exhibit.authority,
      packages,
      used: packages.length > 0 && exhibit.status !== 'excluded',
      marking:
        [grade?.grade, grade?.tlp && `TLP:${grade.tlp}`, grade?.note].filter(Boolean).join(' ') || null,
    };
  });
  const numbers = new Map(items.map(({ exhibit, item }) => [exhibit, item]));
  return {
    made: time,
    items,
    searches: listSearches(operation),
    notReviewed: [
      ...exhibits.flatMap((exhibit) => unreadOf(exhibit, numbers.get(exhibit.id)!)),
      ...(await unseenByPeople(operation, engine)),
    ],
    exculpatory: await speaksFor(operation, engine),
  };
}

/** Packages sent, by the exhibits that they cite. */
function packagesByExhibit(operation: Operation): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { id, exhibits } of operation.state.all<{ id: string; exhibits: string }>(
    "select id, exhibits from package where direction = 'sent' order by rowid",
  ))
    for (const exhibit of JSON.parse(exhibits) as string[])
      found.set(exhibit, [...(found.get(exhibit) ?? []), id]);
  return found;
}

function describe(operation: Operation, exhibit: Exhibit): string {
  const files = filesOf(operation, exhibit).length;
  const counts = Object.entries(exhibit.summary?.counts ?? {}).filter(([, count]) => count > 0);
  const holds = counts.map(([table, count]) => `${count} ${table}`).join(', ');
  return [
    `${exhibit.kind === 'folder' ? `Folder of ${files} files` : 'File'} "${exhibit.paths[0] ?? exhibit.id}", ${exhibit.bytes} bytes`,
    exhibit.reader === null ? 'read by no reader' : `read as ${exhibit.reader}`,
    holds === '' ? 'no records' : `records: ${holds}`,
    ...(exhibit.status === 'excluded' ? [`excluded: ${exhibit.reason ?? 'no reason stated'}`] : []),
  ].join('; ');
}

function unreadOf(exhibit: Exhibit, item: number): NotReviewed[] {
  const reasons = new Map<string, number>();
  for (const { unread } of exhibit.summary?.outcomes ?? [])
    if (unread !== null) reasons.set(unread, (reasons.get(unread) ?? 0) + 1);
  const found = [...reasons]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([why, count]) => ({ item, what: 'files that no reader could read', count, why }));
  const warnings = exhibit.summary?.warnings ?? 0;
  if (warnings > 0) {
    found.push({
      item,
      what: 'parts read with a warning',
      count: warnings,
      why: '"exhibit show" lists them',
    });
  }
  if (exhibit.summary === null) {
    found.push({ item, what: 'exhibits not read yet', count: 1, why: 'they were received only' });
  }
  return found;
}

/** What the machine read, and no person opened or reviewed. */
async function unseenByPeople(operation: Operation, engine: Engine | null): Promise<NotReviewed[]> {
  if (engine === null) return [];
  const opened = new Set<string>();
  for (const { entry } of operation.readLedger().entries())
    if (entry.action === 'source.reveal' || entry.action === 'source.consult')
      opened.add(`${entry.objects[0]} ${entry.facts.offset ?? entry.facts.note} ${entry.facts.length ?? ''}`);
  const messages = listExhibits(operation)
    .filter(({ status }) => status !== 'excluded')
    .reduce((sum, { summary }) => sum + (summary?.counts.message ?? 0), 0);
  const queue = await readQueue(engine);
  const reviewed = new Set(
    decisionsInForce(operation)
      .filter(({ kind }) => kind === 'review')
      .map(({ details }) => (details as { person?: string } | null)?.person),
  );
  const waiting = queue.filter(({ person }) => !reviewed.has(person)).length;
  return [
    {
      item: null,
      what: 'messages whose text was searched by machine and opened by nobody (at least)',
      count: Math.max(0, messages - opened.size),
      why: `${opened.size} places were opened; searches by machine are listed under the terms`,
    },
    {
      item: null,
      what: 'persons in the queue without a review',
      count: waiting,
      why: `${queue.length} are in the queue`,
    },
  ];
}

async function speaksFor(operation: Operation, engine: Engine | null): Promise<Exculpatory[]> {
  if (engine === null) return [];
  const decisions = decisionsInForce(operation);
  const queue = await readQueue(engine);
  const against = queue.flatMap(({ reasons }) => reasons).filter((reason) => reason.against !== null).length;
  const apart = decisions.filter(({ kind, value }) => kind === 'link' && value === 'different').length;
  return [
    { what: 'persons cleared by a human', count: (await clearedPersons(engine, decisions)).size },
    { what: 'reasons in the queue that have evidence against them', count: against },
    { what: 'pairs of accounts judged to be different persons', count: apart },
  ];
}

/** One part of the schedule as CSV (RFC 4180); columns left empty are for a human. */
export function scheduleCsv(schedule: DisclosureSchedule, part: SchedulePart): string {
  const { head, rows } = tables[part](schedule);
  return [head, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

type Row = readonly (string | number | null)[];
type Tabled = (schedule: DisclosureSchedule) => { head: readonly string[]; rows: Row[] };

const tables = {
  /** Unused material. */
  items: ({ items }) => ({
    head: [
      ...['item', 'description', 'reference', 'exhibit', 'sha256', 'authority', 'handling marking'],
      ...['schedule (MG6C or MG6D)', 'reason if sensitive', 'meets the test (yes or no)', 'decision'],
    ],
    rows: items
      .filter(({ used }) => !used)
      .map((each) => [
        each.item,
        each.description,
        each.reference,
        each.exhibit,
        each.sha256,
        each.authority,
        each.marking,
        null,
        null,
        null,
        null,
      ]),
  }),
  used: ({ items }) => ({
    head: ['item', 'description', 'reference', 'exhibit', 'sha256', 'authority', 'packages that rely on it'],
    rows: items
      .filter(({ used }) => used)
      .map((each) => [
        each.item,
        each.description,
        each.reference,
        each.exhibit,
        each.sha256,
        each.authority,
        each.packages.join(' '),
      ]),
  }),
  searches: ({ searches }) => ({
    head: ['number', 'time', 'by', 'kind', 'terms', 'hits', 'index'],
    rows: searches.map((each) => [
      each.sequence,
      each.time,
      each.author,
      each.kind,
      each.query,
      each.hits,
      each.index,
    ]),
  }),
  'not-reviewed': ({ notReviewed }) => ({
    head: ['item', 'what', 'count', 'why'],
    rows: notReviewed.map((each) => [each.item, each.what, each.count, each.why]),
  }),
  exculpatory: ({ exculpatory }) => ({
    head: ['what', 'count'],
    rows: exculpatory.map((each) => [each.what, each.count]),
  }),
} as const satisfies Record<string, Tabled>;

export type SchedulePart = keyof typeof tables;
export const scheduleParts = Object.keys(tables) as SchedulePart[];
