import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import * as sql from '../store/queries/board.ts';
import { allChildren } from './children.ts';
import { allNotes } from './notes.ts';
import { listOutcomes } from './outcomes.ts';

/**
 * Puts what humans decided beside the tables of the generation, so that it can be exported like them: the tables
 * `listed_child` (one row for each link of a child, one for a child without any), `listed_outcome` and `listed_note`
 * (one row for each account of a person, one for a record).
 */
export async function tellDecisions(operation: Operation, engine: Engine): Promise<void> {
  const children = (await allChildren(operation, engine)).flatMap((child) =>
    (child.linked.length === 0 ? [null] : child.linked).map((linked) => ({ child, linked })),
  );
  await engine.run(sql.createListedChildren);
  await engine.run(sql.insertListedChildren, {
    case_number: children.map(({ child }) => child.case),
    country: children.map(({ child }) => child.country ?? ''),
    state: children.map(({ child }) => child.state),
    since: children.map(({ child }) => child.state_since ?? ''),
    agency: children.map(({ child }) => child.agency ?? ''),
    urgency: children.map(({ child }) => child.urgency ?? ''),
    proposed: children.map(({ child }) => child.proposed?.urgency ?? ''),
    owner: children.map(({ child }) => child.owner ?? ''),
    missing: children.map(({ child }) => child.missing.join('; ')),
    person: children.map(({ linked }) => linked?.person ?? ''),
    account: children.map(({ linked }) => linked?.account ?? ''),
    basis: children.map(({ linked }) => linked?.basis ?? ''),
    pointer: children.map(({ linked }) => linked?.pointer ?? ''),
  });
  const outcomes = (await listOutcomes(operation, engine)).flatMap((outcome) =>
    outcome.accounts.map((account) => ({ outcome, account })),
  );
  await engine.run(sql.createListedOutcomes);
  await engine.run(sql.insertListedOutcomes, {
    sequence: outcomes.map(({ outcome }) => String(outcome.sequence)),
    kind: outcomes.map(({ outcome }) => outcome.kind),
    country: outcomes.map(({ outcome }) => outcome.country),
    agency: outcomes.map(({ outcome }) => outcome.agency),
    date: outcomes.map(({ outcome }) => outcome.date),
    case_number: outcomes.map(({ outcome }) => outcome.case ?? ''),
    account: outcomes.map(({ account }) => account),
    reason: outcomes.map(({ outcome }) => outcome.reason),
    author: outcomes.map(({ outcome }) => outcome.author),
    time: outcomes.map(({ outcome }) => outcome.time),
  });
  const notes = (await allNotes(operation, engine)).flatMap((note) =>
    (note.what === 'record' ? [''] : note.accounts).map((account) => ({ note, account })),
  );
  await engine.run(sql.createListedNotes);
  await engine.run(sql.insertListedNotes, {
    sequence: notes.map(({ note }) => String(note.sequence)),
    kind: notes.map(({ note }) => note.kind),
    tag: notes.map(({ note }) => note.tag ?? ''),
    what: notes.map(({ note }) => note.what),
    account: notes.map(({ account }) => account),
    pointer: notes.map(({ note }) => note.pointer ?? ''),
    text: notes.map(({ note }) => note.reason),
    author: notes.map(({ note }) => note.author),
    time: notes.map(({ note }) => note.time),
  });
}
