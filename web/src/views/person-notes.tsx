import { api } from '../api.ts';
import { hrefOf } from '../parts.ts';
import { Link } from '../router.tsx';
import { NoteList, Notes } from '../ui/notes.tsx';
import { Problem } from '../ui/problem.tsx';
import { Section } from '../ui/section.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { named, t } from '../ui/words.ts';
import { useAnswer, useChanged } from '../use-answer.ts';
import { useWork } from '../use-work.ts';
import { TimelineEntries } from './timeline-entries.tsx';

/** Stars, tags and comments beside a person, and beside what they did. */
export function PersonNotes({ person }: { readonly person: string }) {
  const answer = useAnswer(`notes of ${person}`, () => api.personNotes(person), { keep: true });
  const events = useAnswer(`noted events of ${person}`, () =>
    api.timeline({ persons: person, noted: 'any', limit: 100 }),
  );
  const { error, run } = useWork();
  const changed = useChanged();
  const takeBack = (sequence: number) =>
    run(async () => {
      await api.undo(sequence, t('note.taken-back'));
      changed();
    });
  const notes = answer.state === 'answered' ? answer.value.notes : [];
  return (
    <Section id="notes" title={t('nav.notes')} note={t('note.about')}>
      {answer.state === 'failed' && <Problem error={answer.error} />}
      {answer.state === 'answered' && (
        <>
          {notes.length === 0 ? (
            <Unknown text={t('note.none')} />
          ) : (
            <NoteList notes={notes} takeBack={takeBack} />
          )}
          {notes.some(({ held }) => held !== 'whole') && (
            <p className="note">
              {notes.map(({ sequence, held }) =>
                held === 'whole' ? null : (
                  <span key={sequence} className="tag against">
                    {t('decisions.number', { n: sequence })}: {named('held', held)}
                  </span>
                ),
              )}
            </p>
          )}
          <Notes beside={{ person }} notes={notes} of={t('note.person-thing')} />
        </>
      )}
      {error && <Problem error={error} />}
      {events.state === 'answered' && events.value.entries.length > 0 && (
        <details>
          <summary>
            {t('note.events')} <span className="count">{events.value.entries.length}</span>
          </summary>
          <TimelineEntries entries={events.value.entries} />
          {events.value.next !== null && (
            <Link href={hrefOf('/timeline', { persons: person, noted: 'any' })}>{t('nav.timeline')}</Link>
          )}
        </details>
      )}
    </Section>
  );
}
