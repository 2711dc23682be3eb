import { WaymarkError } from '../base/errors.ts';
import { parsePointer } from '../evidence/pointer.ts';
import { findExhibit } from '../intake/exhibits.ts';
import { type NotedThing, type NoteKind, noteKinds } from '../persons/decision-kinds.ts';
import { type Decision, detailsOf } from '../persons/decisions.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import {
  type ActView,
  accountsOfToday,
  act,
  type Bearing,
  type By,
  bearings,
  decisionsInForce,
  type Held,
  viewOfAct,
} from './decided.ts';

/**
 * Stars, tags and comments beside records and persons: a memory aid of those who work on the operation. They are
 * decisions like all human acts (author, time, append-only, taken back by `undo`), and bear on no rank and no link.
 */
export interface NoteView extends ActView {
  readonly kind: NoteKind;
  /** The word of a tag. A comment's text is its reason. */
  readonly tag: string | null;
}

/** A note with what it is beside. */
export interface ListedNote extends NoteView {
  readonly what: NotedThing;
  /** Of a record. */
  readonly pointer: string | null;
  /** Persons of today who have the accounts that were noted; none where the accounts are gone. */
  readonly persons: readonly { readonly person: string; readonly held: Held }[];
  readonly accounts: readonly string[];
}

export interface NotesView {
  readonly notes: readonly ListedNote[];
  readonly total: number;
  readonly more: boolean;
  /** Tags in force with the number of their notes, the most used first. */
  readonly tags: readonly { readonly tag: string; readonly notes: number }[];
}

/** Which notes are meant: any, those of a kind, those with a tag. */
export type NoteFilter = { readonly kind: NoteKind | 'any'; readonly tag: string | null };

/** What a note says where nobody wrote more: it bears on nothing, so no court asks for its reason. */
const unspoken = { star: 'starred', tag: 'tagged', comment: '' } as const;

export interface NoteGiven {
  readonly kind: NoteKind;
  readonly tag?: string | undefined;
  /** The comment; may be left out for a star or tag. */
  readonly text?: string | undefined;
}

/** Puts a note beside a record. Throws WaymarkError 'usage', 'not-found', 'denied' where the exhibit is excluded. */
export function noteRecord(operation: Operation, pointer: string, given: NoteGiven, by: Omit<By, 'reason'>) {
  const exhibit = findExhibit(operation, parsePointer(pointer).exhibit);
  if (exhibit.status === 'excluded') {
    throw new WaymarkError('denied', 'this exhibit is excluded', { where: exhibit.id });
  }
  return noteOn(operation, ['record', pointer], given, by);
}

/** Puts a note beside a person: beside the accounts of today. Throws WaymarkError 'usage', 'not-found'. */
export async function notePerson(
  operation: Operation,
  engine: Engine,
  person: string,
  given: NoteGiven,
): Promise<(by: Omit<By, 'reason'>) => number> {
  const accounts = await accountsOfToday(engine, person);
  return (by) => noteOn(operation, ['person', ...accounts], given, by, person);
}

function noteOn(
  operation: Operation,
  subject: readonly string[],
  { kind, tag, text = '' }: NoteGiven,
  by: Omit<By, 'reason'>,
  person?: string,
): number {
  const reason = text.trim() || unspoken[kind];
  if (reason === '') throw new WaymarkError('usage', 'a comment needs its text');
  const word = tag
    ?.trim()
    .toLowerCase()
    .replace(/[\s,]+/g, ' ');
  const details = { ...(word && { tag: word }), ...(person !== undefined && { person }) };
  return act(operation, { kind: 'note', subject, value: kind, details }, { ...by, reason });
}

/** 'any', 'star', 'tag', 'comment' or 'tag:<word>'; null for ''. Throws WaymarkError 'usage'. */
export function noteFilter(text: string): NoteFilter | null {
  if (text === '') return null;
  if (text.startsWith('tag:')) return { kind: 'tag', tag: text.slice(4).trim().toLowerCase() };
  const kind = (['any', ...noteKinds] as const).find((each) => each === text);
  if (kind !== undefined) return { kind, tag: null };
  throw new WaymarkError('usage', `"${text.slice(0, 40)}" is no kind of note`, {
    remedy: `Use any, ${noteKinds.join(', ')} or tag:<word>.`,
  });
}

function notesInForce(operation: Operation, filter: NoteFilter | null): Decision[] {
  return decisionsInForce(operation).filter((decision) => {
    if (decision.kind !== 'note') return false;
    if (filter === null || filter.kind === 'any') return true;
    return (
      decision.value === filter.kind &&
      (filter.tag === null || detailsOf('note', decision).tag === filter.tag)
    );
  });
}

export function viewOfNote(decision: Decision): NoteView {
  const { tag = null } = detailsOf('note', decision);
  return { ...viewOfAct(decision), kind: decision.value as NoteKind, tag };
}

/** Pointers of the records that have such a note; null where no filter is set. */
export function notedRecords(operation: Operation, filter: NoteFilter | null): string[] | null {
  if (filter === null) return null;
  return [...new Set(ofRecords(notesInForce(operation, filter)).map(({ subject }) => subject[1]!))].sort();
}

/** Persons of today that have such a note; null where no filter is set. */
export async function notedPersons(
  operation: Operation,
  engine: Engine,
  filter: NoteFilter | null,
): Promise<string[] | null> {
  if (filter === null) return null;
  return [...(await personNotes(engine, notesInForce(operation, filter))).keys()].sort();
}

function ofRecords(notes: readonly Decision[]): Decision[] {
  return notes.filter(({ subject }) => subject[0] === 'record');
}

/** Notes beside persons, by the persons of today. */
function personNotes(engine: Engine, notes: readonly Decision[]): Promise<Map<string, Bearing[]>> {
  const about = notes
    .filter(({ subject }) => subject[0] === 'person')
    .map((decision) => ({ ...decision, subject: decision.subject.slice(1) }));
  return bearings(engine, about);
}

/** The same things with the notes beside each. */
export function withNotes<T extends { readonly pointer: string }>(
  operation: Operation,
  things: readonly T[],
): (T & { readonly notes: readonly NoteView[] })[] {
  const by = new Map<string, NoteView[]>();
  for (const note of ofRecords(notesInForce(operation, null))) {
    const pointer = note.subject[1]!;
    by.set(pointer, [...(by.get(pointer) ?? []), viewOfNote(note)]);
  }
  return things.map((thing) => ({ ...thing, notes: by.get(thing.pointer) ?? [] }));
}

export interface PersonNotesView {
  readonly person: string;
  readonly notes: readonly (NoteView & { readonly held: Held })[];
}

/** Notes beside a person of today, in order. Throws WaymarkError 'not-found'. */
export async function showPersonNotes(
  operation: Operation,
  engine: Engine,
  person: string,
): Promise<PersonNotesView> {
  await accountsOfToday(engine, person);
  const met = (await personNotes(engine, notesInForce(operation, null))).get(person) ?? [];
  return { person, notes: met.map(({ decision, held }) => ({ ...viewOfNote(decision), held })) };
}

/** Notes in force, latest first. `what` '' for all; `engine` null before the first build: then no persons are named. */
export async function listNotes(
  operation: Operation,
  engine: Engine | null,
  { what, filter }: { readonly what: NotedThing | ''; readonly filter: NoteFilter | null },
  limit: number,
  offset: number,
): Promise<NotesView> {
  const all = notesInForce(operation, null);
  const meant = new Set(notesInForce(operation, filter).map(({ sequence }) => sequence));
  const found = all
    .filter(({ sequence, subject }) => meant.has(sequence) && (what === '' || subject[0] === what))
    .reverse();
  const notes = await viewsOf(engine, found.slice(offset, offset + limit));
  return { notes, total: found.length, more: offset + notes.length < found.length, tags: tagsOf(all) };
}

/** Every note in force, in order, for an export. */
export async function allNotes(operation: Operation, engine: Engine): Promise<ListedNote[]> {
  return viewsOf(engine, notesInForce(operation, null));
}

async function viewsOf(engine: Engine | null, notes: readonly Decision[]): Promise<ListedNote[]> {
  const met: Map<string, Bearing[]> = engine === null ? new Map() : await personNotes(engine, notes);
  const persons = new Map<number, { person: string; held: Held }[]>();
  for (const [person, each] of [...met].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const { decision, held } of each)
      persons.set(decision.sequence, [...(persons.get(decision.sequence) ?? []), { person, held }]);
  }
  return notes.map((decision) => {
    const [what, ...about] = decision.subject as [NotedThing, ...string[]];
    return {
      ...viewOfNote(decision),
      what,
      pointer: what === 'record' ? about[0]! : null,
      persons: persons.get(decision.sequence) ?? [],
      accounts: what === 'person' ? about : [],
    };
  });
}

function tagsOf(notes: readonly Decision[]): { tag: string; notes: number }[] {
  const by = new Map<string, number>();
  for (const note of notes) {
    const { tag } = detailsOf('note', note);
    if (tag !== undefined) by.set(tag, (by.get(tag) ?? 0) + 1);
  }
  return [...by]
    .map(([tag, size]) => ({ tag, notes: size }))
    .sort((x, y) => y.notes - x.notes || (x.tag < y.tag ? -1 : 1));
}
