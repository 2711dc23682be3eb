import { type FormEvent, useId, useState } from 'react';
import { type Answer, api } from '../api.ts';
import { useAnswer, useChanged } from '../use-answer.ts';
import { useWork } from '../use-work.ts';
import { Dialog } from './dialog.tsx';
import { asEvidence, type Evidence, keyOf } from './evidence.ts';
import { EvidenceText } from './evidence-text.tsx';
import { MarkingOf } from './marking.tsx';
import { count } from './numbers.ts';
import { Problem } from './problem.tsx';
import { t } from './words.ts';

export type Note = Omit<Answer<'showPersonNotes'>['notes'][number], 'held'>;

/** What a note is put beside: a record by its pointer, or a person by the id of today. */
export type Noted = { readonly pointer: Evidence } | { readonly person: string };

type Given = { kind: 'star' } | { kind: 'tag'; tag: string } | { kind: 'comment'; text: string };

function put(beside: Noted, given: Given) {
  return 'pointer' in beside ? api.noteRecord(beside.pointer, given) : api.notePerson(beside.person, given);
}

/** Puts a star where there is none, else takes back every star that stands. */
export async function turnStar(beside: Noted, notes: readonly Note[]): Promise<void> {
  const stars = notes.filter(({ kind }) => kind === 'star');
  if (stars.length === 0) await put(beside, { kind: 'star' });
  for (const { sequence } of stars) await api.undo(sequence, t('note.taken-back'));
}

interface Props {
  readonly beside: Noted;
  readonly notes: readonly Note[];
  /** What they are beside, for those who hear the page. */
  readonly of: string;
}

/** The notes beside a thing, and the ways to put more: a star by one press, a tag or comment by a small form. */
export function Notes({ beside, notes, of }: Props) {
  const [open, setOpen] = useState(false);
  const { error, run } = useWork();
  const changed = useChanged();
  const starred = notes.some(({ kind }) => kind === 'star');
  const turn = () =>
    run(async () => {
      await turnStar(beside, notes);
      changed();
    });
  return (
    <div className="notes">
      <button
        type="button"
        className="star"
        aria-pressed={starred}
        aria-label={t(starred ? 'note.star-taken' : 'note.star-put', { of })}
        onClick={turn}
      >
        <span aria-hidden="true">{starred ? '★' : '☆'}</span>
      </button>
      <NoteMarks notes={notes} />
      <button
        type="button"
        className="plain"
        aria-haspopup="dialog"
        aria-label={t('note.add-to', { of })}
        onClick={() => setOpen(true)}
      >
        {t('note.add')}
      </button>
      {error && <Problem error={error} />}
      {open && (
        <Dialog open onClose={() => setOpen(false)} title={t('note.add-to', { of })} className="wide">
          <NoteForm beside={beside} notes={notes} onDone={() => setOpen(false)} />
        </Dialog>
      )}
    </div>
  );
}

/** Tags and comments as they stand beside a thing. */
export function NoteMarks({ notes }: { readonly notes: readonly Note[] }) {
  return notes.map((note) =>
    note.kind === 'tag' ? (
      <span key={note.sequence} className="tag note-tag">
        <EvidenceText value={note.tag} />
      </span>
    ) : note.kind === 'comment' ? (
      <span key={note.sequence} className="note-comment">
        <EvidenceText value={note.reason} />{' '}
        <span className="muted">
          <EvidenceText value={note.author} />, {note.time.slice(0, 10)}
        </span>
      </span>
    ) : null,
  );
}

interface FormProps {
  readonly beside: Noted;
  readonly notes: readonly Note[];
  readonly onDone: () => void;
}

function NoteForm({ beside, notes, onDone }: FormProps) {
  const [tag, setTag] = useState('');
  const [text, setText] = useState('');
  const { working, error, run } = useWork();
  const changed = useChanged();
  const id = useId();
  const work = (acts: () => Promise<unknown>) =>
    run(async () => {
      await acts();
      changed();
      onDone();
    });
  const send = (event: FormEvent) => {
    event.preventDefault();
    void work(async () => {
      if (tag.trim() !== '') await put(beside, { kind: 'tag', tag: tag.trim() });
      if (text.trim() !== '') await put(beside, { kind: 'comment', text: text.trim() });
    });
  };
  return (
    <form className="fields" onSubmit={send}>
      <NoteList
        notes={notes}
        takeBack={(sequence) => work(() => api.undo(sequence, t('note.taken-back')))}
        working={working}
      />
      <label htmlFor={`${id}tag`}>{t('note.tag-word')}</label>
      <input
        id={`${id}tag`}
        type="text"
        maxLength={60}
        value={tag}
        onChange={(event) => setTag(event.target.value)}
      />
      <label htmlFor={`${id}text`}>{t('note.comment-text')}</label>
      <textarea
        id={`${id}text`}
        rows={3}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <p className="note">{t('note.needs')}</p>
      <p>
        <button type="submit" disabled={working || (tag.trim() === '' && text.trim() === '')}>
          {t('note.record')}
        </button>{' '}
        <button type="button" className="quiet" onClick={onDone}>
          {t('common.close')}
        </button>
      </p>
      {error && <Problem error={error} />}
    </form>
  );
}

interface ListProps {
  readonly notes: readonly Note[];
  readonly takeBack: (sequence: number) => void;
  readonly working?: boolean;
}

/** Notes with author and time, each with the way to take it back; both stay on record. */
export function NoteList({ notes, takeBack, working = false }: ListProps) {
  if (notes.length === 0) return null;
  return (
    <ul className="plain note-list">
      {notes.map((note) => (
        <li key={note.sequence}>
          <span className="tag fact">{t(`note.${note.kind}`)}</span>{' '}
          {note.tag !== null && (
            <strong>
              <EvidenceText value={note.tag} />
            </strong>
          )}{' '}
          {note.kind !== 'star' && <EvidenceText value={note.reason} />}{' '}
          <span className="muted">
            <EvidenceText value={note.author} />, {note.time.slice(0, 16).replace('T', ' ')} UTC
          </span>{' '}
          <MarkingOf marking={note.marking} />{' '}
          <button
            type="button"
            className="plain"
            disabled={working}
            aria-label={`${t('note.take-back')}: ${t('decisions.number', { n: note.sequence })}`}
            onClick={() => takeBack(note.sequence)}
          >
            {t('note.take-back')}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface FilterProps {
  /** '', 'any', 'star', 'comment' or 'tag:<word>', as it stands in the address. */
  readonly value: string;
  readonly change: (value: string | Evidence) => void;
}

/** Only what has such a note: with the tags in use and how many there are of each. */
export function NotedFilter({ value, change }: FilterProps) {
  const answer = useAnswer('tags in use', () => api.notes({ limit: 1 }), { keep: true });
  if (answer.state !== 'answered' || (answer.value.total === 0 && value === '')) return null;
  const kinds = ['any', 'star', 'comment'] as const;
  const chosen = asEvidence(value);
  return (
    <fieldset className="chips">
      <legend>{t('note.filter')}</legend>
      {kinds.map((kind) => (
        <button
          key={kind}
          type="button"
          className="chip"
          aria-pressed={value === kind}
          onClick={() => change(value === kind ? '' : kind)}
        >
          {t(`note.${kind}`)}
        </button>
      ))}
      {answer.value.tags.map(({ tag, notes }) => {
        const of = asEvidence(['tag:', tag].join(''));
        return (
          <button
            key={keyOf(tag)}
            type="button"
            className="chip"
            aria-pressed={chosen === of}
            onClick={() => change(chosen === of ? '' : of)}
          >
            <EvidenceText value={tag} /> <span className="count">{count(notes)}</span>
          </button>
        );
      })}
    </fieldset>
  );
}
