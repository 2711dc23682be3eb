import { type FormEvent, useRef, useState } from 'react';
import { type Answer, api } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { useAnswer } from '../use-answer.ts';
import { EvidenceText } from './evidence-text.tsx';
import { t } from './words.ts';

interface Props {
  readonly persons: readonly string[];
  readonly change: (persons: readonly string[]) => void;
  /** What choosing does: 'Add a person'. */
  readonly label: string;
  readonly most?: number;
}

type Line = Answer<'listPersons'>['persons'][number];

/** The persons that a view is about, each with a way out; and a field that finds more by handle, account or id. */
export function PersonChips({ persons, change, label, most = 50 }: Props) {
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setText(field.current?.value.trim() ?? '');
  };
  const pick = (person: string) => {
    setText('');
    if (field.current) field.current.value = '';
    if (!persons.includes(person)) change([...persons, person].slice(-most));
    field.current?.focus();
  };
  return (
    <div className="person-chips">
      {persons.map((person) => (
        <span key={person} className="chip">
          <PersonName person={person} />{' '}
          <button
            type="button"
            className="chip-out"
            aria-label={t('say.take-out', { person })}
            onClick={() => change(persons.filter((each) => each !== person))}
          >
            ×
          </button>
        </span>
      ))}
      <form onSubmit={submit} aria-label={label}>
        <label>
          {label}{' '}
          <input
            ref={field}
            type="search"
            data-filter
            placeholder={t('person-chips.handle-account-id')}
            autoComplete="off"
          />
        </label>
        <button type="submit" className="quiet small">
          {t('person-chips.find')}
        </button>
      </form>
      {text !== '' && <Matches text={text} pick={pick} />}
    </div>
  );
}

/** A person by the handle that the server lists first. */
export function PersonName({ person }: { readonly person: string }) {
  const answer = useAnswer(`name of ${person}`, () => api.persons(person, 1, 0));
  const line =
    answer.state === 'answered' ? answer.value.persons.find((each) => each.person === person) : undefined;
  return (
    <Link href={addressOf.person(person)}>
      <EvidenceText value={line?.handles[0] ?? null} otherwise={person} />
    </Link>
  );
}

function Matches({ text, pick }: { readonly text: string; readonly pick: (person: string) => void }) {
  const answer = useAnswer(`persons named ${text}`, () => api.persons(text, 12, 0));
  if (answer.state !== 'answered') return <span className="muted">{t('say.reading')}</span>;
  const { persons, more } = answer.value;
  if (persons.length === 0) return <span role="status">{t('person-chips.nobody-has-this-name')}</span>;
  return (
    <ul className="matches" aria-label={t('person-chips.persons-found')}>
      {persons.map((line: Line) => (
        <li key={line.person}>
          <button type="button" className="quiet small" onClick={() => pick(line.person)}>
            <EvidenceText value={line.handles[0] ?? null} otherwise={line.person} />{' '}
            <span className="muted">
              <EvidenceText value={line.account_list[0] ?? null} />
            </span>
          </button>
        </li>
      ))}
      {more && <li className="muted">{t('person-chips.and-more-say-more')}</li>}
    </ul>
  );
}
