import { type FormEvent, useState } from 'react';
import { type Answer, api } from '../api.ts';
import { hrefOf } from '../parts.ts';
import { Link } from '../router.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Asked } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Rows } from '../ui/rows.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import { useWork } from '../use-work.ts';

type Saved = Answer<'listSavedSearches'>['searches'][number];

/** Keeps the query under a name; new hits are counted from then on. */
export function SaveSearch({ query }: { readonly query: string }) {
  const [name, setName] = useState('');
  const [state, setState] = useState<'closed' | 'open' | 'saved'>('closed');
  const { error, run } = useWork();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (await run(() => api.saveSearch(name.trim(), query))) setState('saved');
  };
  if (state === 'saved') return <span role="status">{t('search-saved.saved')}</span>;
  if (state === 'closed') {
    return (
      <button type="button" className="quiet" onClick={() => setState('open')}>
        {t('search-saved.save-this-search')}
      </button>
    );
  }
  return (
    <span className="save">
      <label>
        {t('say.name')}{' '}
        <input
          type="text"
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && name.trim() !== '') save(event);
          }}
        />
      </label>{' '}
      <button type="button" onClick={save} disabled={name.trim() === ''}>
        {t('search-saved.save')}
      </button>
      {error && <Problem error={error} />}
    </span>
  );
}

/** Saved searches, with how many hits are new since each was last looked at. */
export function SavedSearches() {
  const answer = useAnswer('saved searches', api.savedSearches, { fresh: true });
  const { error, run } = useWork();
  const act = async (work: Promise<unknown>) => {
    if (await run(() => work)) answer.again();
  };
  return (
    <Asked answer={answer} what={t('search-saved.saved-searches')}>
      {({ searches, index }) => (
        <>
          {error && <Problem error={error} />}
          {index === 'building' && <p className="note">{t('search-saved.the-search-index-is')}</p>}
          {searches.length === 0 ? (
            <p className="empty">{t('search-saved.none-yet-search-then')}</p>
          ) : (
            <Rows
              caption={t('search-saved.saved-searches-2')}
              heads={[
                t('say.name'),
                t('say.query'),
                t('say.hits'),
                t('search-saved.new'),
                t('search-saved.fallen'),
                t('search-saved.saved-by'),
                t('search-saved.last-seen'),
                t('say.acts'),
              ]}
              rows={searches}
              row={(saved) => <Line key={keyOf(saved.name)} saved={saved} act={act} />}
            />
          )}
        </>
      )}
    </Asked>
  );
}

interface LineProps {
  readonly saved: Saved;
  readonly act: (work: Promise<unknown>) => void;
}

function Line({ saved, act }: LineProps) {
  return (
    <tr>
      <th scope="row">
        <Link data-item={keyOf(saved.name)} href={hrefOf('/search', { q: saved.query })}>
          <EvidenceText value={saved.name} />
        </Link>
      </th>
      <td>
        <code>
          <EvidenceText value={saved.query} />
        </code>
        {saved.error !== null && (
          <div className="bad">
            <EvidenceText value={saved.error} />
          </div>
        )}
      </td>
      <td className="number">
        {saved.total === null ? <Unknown text={t('say.not-yet')} /> : count(saved.total)}
      </td>
      <td>
        {saved.new === null ? <Unknown text={t('say.not-yet')} /> : <strong>{count(saved.new)}</strong>}
        <ul className="plain">
          {saved.newByExhibit.map((each) => (
            <li key={each.exhibit} className="muted">
              {t('n.hit', { n: each.hits })} {t('say.in')}{' '}
              <EvidenceText value={each.path} otherwise={each.exhibit} />
            </li>
          ))}
        </ul>
      </td>
      <td className="number">
        {saved.gone === null ? <Unknown text={t('say.not-yet')} /> : count(saved.gone)}
      </td>
      <td>
        <EvidenceText value={saved.author} />
      </td>
      <td>
        {saved.seen === null ? (
          <Unknown text={t('search-saved.never')} />
        ) : (
          saved.seen.slice(0, 16).replace('T', ' ')
        )}
      </td>
      <td className="short">
        <button
          type="button"
          className="quiet small"
          aria-label={t('search-saved.mark-the-saved-search')}
          onClick={() => act(api.markSearchSeen(saved.name))}
        >
          {t('search-saved.seen')}
        </button>{' '}
        <button
          type="button"
          className="quiet small"
          aria-label={t('search-saved.remove-the-saved-search')}
          onClick={() => act(api.removeSavedSearch(saved.name))}
        >
          {t('search-saved.remove')}
        </button>
      </td>
    </tr>
  );
}
