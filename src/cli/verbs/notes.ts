import type { Command } from 'commander';
import { type NotedThing, notedThings, noteKinds } from '../../persons/decision-kinds.ts';
import type { Operation } from '../../store/operation.ts';
import { listNotes, type NoteGiven, noteFilter, notePerson, noteRecord } from '../../workbench/notes.ts';
import { safeText, table } from '../terminal.ts';
import { count, type Options, print, verb, withGeneration, withOperation } from '../verb.ts';
import { oneOf, record } from './acts.ts';

/** Stars, tags and comments beside records and persons: they help to find again, and bear on nothing. */
export function addNoteVerbs(program: Command): void {
  const notes = program.command('note').description('stars, tags and comments beside records and persons');
  verb(notes, 'list', 'notes in force, latest first', { isDefault: true })
    .option('--what <what>', notedThings.join(', '), '')
    .option('--noted <note>', `any, ${noteKinds.join(', ')} or tag:<word>`, '')
    .option('--limit <n>', 'how many', count, 50)
    .option('--offset <n>', 'how many to leave out first', count, 0)
    .action(withOperation(false, list));
  add(notes, 'star', 'mark it to be found again').action(
    withOperation(false, (operation: Operation, options: Options, what: string, id: string) =>
      put(operation, options, what, id, { kind: 'star', text: options.text as string | undefined }),
    ),
  );
  add(notes, 'tag', 'put a word beside it')
    .argument('<word>', 'of up to 60 characters')
    .action(
      withOperation(false, (operation: Operation, options: Options, what: string, id: string, tag: string) =>
        put(operation, options, what, id, { kind: 'tag', tag, text: options.text as string | undefined }),
      ),
    );
  add(notes, 'comment', 'write something beside it')
    .argument('<words>', 'the comment')
    .action(
      withOperation(false, (operation: Operation, options: Options, what: string, id: string, text: string) =>
        put(operation, options, what, id, { kind: 'comment', text }),
      ),
    );
}

function add(notes: Command, name: 'star' | 'tag' | 'comment', description: string): Command {
  const command = verb(notes, name, description)
    .argument('<what>', notedThings.join(', '))
    .argument('<id>', 'source pointer of a record, id of a person');
  return name === 'comment' ? command : command.option('--text <text>', 'why');
}

async function put(
  operation: Operation,
  options: Options,
  what: string,
  id: string,
  given: NoteGiven,
): Promise<undefined> {
  const by = { time: new Date().toISOString() };
  const thing: NotedThing = oneOf(notedThings, what, 'thing to note');
  const act =
    thing === 'record'
      ? () => noteRecord(operation, id, given, by)
      : await withGeneration(operation, (engine) => notePerson(operation, engine, id, given)).then(
          (note) => () => note(by),
        );
  return record(operation, options, act, '"decisions undo" takes it back.');
}

async function list(operation: Operation, options: Options): Promise<undefined> {
  const { what, noted, limit, offset } = options as unknown as Record<'what' | 'noted', string> &
    Record<'limit' | 'offset', number>;
  const asked = {
    what: what === '' ? ('' as const) : oneOf(notedThings, what, 'thing to note'),
    filter: noteFilter(noted),
  };
  const view = await withGeneration(operation, (engine) =>
    listNotes(operation, engine, asked, limit, offset),
  );
  print(options, view, () =>
    [
      `${view.total} notes${view.tags.length > 0 ? `; tags: ${view.tags.map(({ tag, notes }) => `${safeText(tag)} (${notes})`).join(', ')}` : ''}`,
      table(
        ['number', 'note', 'tag', 'beside', 'text', 'author', 'time'],
        view.notes.map((note) => [
          String(note.sequence),
          note.kind,
          note.tag ?? '',
          note.pointer ?? note.persons.map(({ person, held }) => `${person} (${held})`).join(', '),
          note.reason,
          note.author,
          note.time,
        ]),
        90,
      ),
    ].join('\n'),
  );
}
