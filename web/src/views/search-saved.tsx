import { type FormEvent, useState } from 'react';
import { type Answer, ApiError, api } from '../api.ts';
import { hrefOf } from '../parts.ts';
import { Link } from '../router.tsx';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count, counted } from '../ui/numbers.ts';
import { Asked } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Rows } from '../ui/rows.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { useAnswer } from '../use-answer.ts';

type Saved = Answer<'listSavedSearches'>['searches'][number];

/** Keeps the query under a name; new hits are counted from then on. */
export function SaveSearch({ query }: { readonly query: string }) {
  const [name, setName] = useState('');
  const [state, setState] = useState<'closed' | 'open' | 'saved'>('closed');
  const [error, setError] = useState<ApiError>();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setError(undefined);
    try {
      await api.saveSearch(name.trim(), query);
      setState('saved');
    } catch (caught) {
      if (!(caught instanceof ApiError)) throw caught;
      setError(caught);
    }
  };
  if (state === 'saved') return <span role="status">Saved.</span>;
  if (state === 'closed') {
    return (
      <button type="button" className="quiet" onClick={() => setState('open')}>
        Save this search
      </button>
    );
  }
  return (
    <span className="save">
      <label>
        Name{' '}
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
        Save
      </button>
      {error && <Problem error={error} />}
    </span>
  );
}

/** Saved searches, with how many hits are new since each was last looked at. */
export function SavedSearches() {
  const answer = useAnswer('saved searches', api.savedSearches, { fresh: true });
  const [error, setError] = useState<ApiError>();
  const act = (work: Promise<unknown>) => {
    setError(undefined);
    work.then(answer.again, setError);
  };
  return (
    <Asked answer={answer} what="saved searches">
      {({ searches, index }) => (
        <>
          {error && <Problem error={error} />}
          {index === 'building' && (
            <p className="note">The search index is being made: numbers come when it is ready.</p>
          )}
          {searches.length === 0 ? (
            <p className="empty">None yet: search, then save the search.</p>
          ) : (
            <Rows
              caption="Saved searches"
              heads={['Name', 'Query', 'Hits', 'New', 'Fallen', 'Saved by', 'Last seen', 'Acts']}
              rows={searches}
              row={(saved) => <Line key={saved.name} saved={saved} act={act} />}
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
        <Link data-item={saved.name} href={hrefOf('/search', { q: saved.query })}>
          {saved.name}
        </Link>
      </th>
      <td>
        <code>{saved.query}</code>
        {saved.error !== null && <div className="bad">{saved.error}</div>}
      </td>
      <td className="number">{saved.total === null ? <Unknown text="not yet" /> : count(saved.total)}</td>
      <td>
        {saved.new === null ? <Unknown text="not yet" /> : <strong>{count(saved.new)}</strong>}
        <ul className="plain">
          {saved.newByExhibit.map((each) => (
            <li key={each.exhibit} className="muted">
              {counted(each.hits, 'hit')} in <EvidenceText value={each.path} otherwise={each.exhibit} />
            </li>
          ))}
        </ul>
      </td>
      <td className="number">{saved.gone === null ? <Unknown text="not yet" /> : count(saved.gone)}</td>
      <td>{saved.author}</td>
      <td>{saved.seen === null ? <Unknown text="never" /> : saved.seen.slice(0, 16).replace('T', ' ')}</td>
      <td className="short">
        <button
          type="button"
          className="quiet small"
          aria-label={`Mark ${saved.name} as seen`}
          onClick={() => act(api.markSearchSeen(saved.name))}
        >
          Seen
        </button>{' '}
        <button
          type="button"
          className="quiet small"
          aria-label={`Remove ${saved.name}`}
          onClick={() => act(api.removeSavedSearch(saved.name))}
        >
          Remove
        </button>
      </td>
    </tr>
  );
}
