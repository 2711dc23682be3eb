import { type FormEvent, useEffect, useRef } from 'react';
import { type Answer, api } from '../api.ts';
import { changeParts, hrefOf, numberIn, useParts } from '../parts.ts';
import { Link } from '../router.tsx';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count, counted } from '../ui/numbers.ts';
import { Page } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { useAnswer } from '../use-answer.ts';
import { SearchFacets } from './search-facets.tsx';
import { SearchHelp } from './search-help.tsx';
import { SearchHits } from './search-hits.tsx';
import { SearchList } from './search-list.tsx';
import { SavedSearches, SaveSearch } from './search-saved.tsx';
import './footprint.css';

export type Found = Answer<'search'>;

const hitsOfPage = 50;
const tabs = [
  ['', 'Search'],
  ['list', 'List of selectors'],
  ['saved', 'Saved searches'],
] as const;

/** Words, names, selectors and files of everything that was read. Each search is an act that is recorded. */
export function SearchPage() {
  const tab = useParts().get('tab') ?? '';
  return (
    <Page
      title="Search"
      lead={<p className="muted">That you searched, and for what, is recorded. Message text stays closed.</p>}
    >
      <nav className="tabs" aria-label="Ways to search">
        {tabs.map(([name, label]) => (
          <Link
            key={name}
            href={hrefOf('/search', { tab: name })}
            {...(name === tab && { 'aria-current': 'page' as const })}
          >
            {label}
          </Link>
        ))}
      </nav>
      {tab === 'list' ? <SearchList /> : tab === 'saved' ? <SavedSearches /> : <Words />}
    </Page>
  );
}

function Words() {
  const query = useParts().get('q') ?? '';
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (field.current) field.current.value = query;
  }, [query]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    changeParts({ q: field.current?.value.trim() ?? '', pages: null, at: null }, 'push');
  };
  return (
    <>
      <form className="search" onSubmit={submit} aria-label="Search">
        <label className="hidden" htmlFor="search-query">
          Query
        </label>
        <input
          id="search-query"
          type="search"
          ref={field}
          defaultValue={query}
          data-filter
          autoComplete="off"
          spellCheck={false}
          placeholder="bicycle bell*, kind:selector, from:…"
        />
        <button type="submit">Search</button>
        {query !== '' && <SaveSearch query={query} />}
      </form>
      <SearchHelp />
      {query !== '' && <Answered key={query} query={query} />}
    </>
  );
}

function Answered({ query }: { readonly query: string }) {
  const pages = Math.min(20, numberIn(useParts(), 'pages', 1));
  const answer = useAnswer(`search ${pages} ${query}`, () => searchPages(query, pages), { keep: true });
  if (answer.state === 'asking') {
    return (
      <p className="muted" role="status">
        Searching…
      </p>
    );
  }
  if (answer.state === 'failed') {
    return answer.error.facts.code === 'busy' ? (
      <Making again={answer.again} />
    ) : (
      <Problem error={answer.error} />
    );
  }
  const found = answer.value;
  return (
    <>
      <p role="status" className="sums">
        <strong>{counted(found.total, 'hit')}</strong>
        <span className="muted">
          {found.order === 'time' ? 'in order of time' : 'the best first'}; {count(found.index.documents)}{' '}
          texts searched
        </span>
      </p>
      {found.note !== null && <p className="note">{found.note}</p>}
      <Understood found={found} />
      <div className="facets-and-hits">
        <SearchFacets found={found} query={query} />
        <SearchHits found={found} />
      </div>
      {found.next !== null && (
        <button type="button" className="quiet" onClick={() => changeParts({ pages: pages + 1 })}>
          Show more hits
        </button>
      )}
    </>
  );
}

/** As many pages as the address says, as one answer; only the first is an act of its own. */
async function searchPages(query: string, pages: number): Promise<Found> {
  let found = await api.search(query, hitsOfPage, '');
  for (let page = 1; page < pages && found.next !== null; page++) {
    const next = await api.search(query, hitsOfPage, found.next);
    found = { ...next, hits: [...found.hits, ...next.hits] };
  }
  return found;
}

/** What the query was taken for: also which words a fuzzy one stood for. */
function Understood({ found }: { readonly found: Found }) {
  if (found.understood.length === 0 && found.filters.length === 0) return null;
  return (
    <details className="understood">
      <summary>What was searched for</summary>
      <ul className="plain">
        {found.understood.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never moves
          <li key={index}>
            {part.not && 'not '}
            {part.alternative && 'or '}
            {part.kind} “{part.text}”:{' '}
            {part.terms.length === 0 && <span className="unknown">nothing holds it</span>}
            {part.terms.map((term, nth) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never moves
              <span key={nth}>
                {nth > 0 && ', '}
                <EvidenceText value={term.term} /> <span className="muted">({count(term.documents)})</span>
              </span>
            ))}
            {part.more > 0 && ` and ${counted(part.more, 'further term')}, not listed`}
          </li>
        ))}
        {found.filters.map((filter, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never moves
          <li key={`filter ${index}`}>
            {filter.not ? 'without' : 'only'} {filter.field}: {filter.value}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** While the index is being made: how far it is, and then the search by itself. */
function Making({ again }: { readonly again: () => void }) {
  const answer = useAnswer('search index', api.searchIndex, { fresh: true });
  useEffect(() => {
    const ready = answer.state === 'answered' && answer.value.state === 'ready';
    const timer = setTimeout(ready ? again : answer.again, ready ? 0 : 1000);
    return () => clearTimeout(timer);
  }, [answer, again]);
  if (answer.state === 'failed') return <Problem error={answer.error} />;
  const index = answer.state === 'answered' ? answer.value : null;
  if (index?.state === 'failed') return <p className="bad">The index could not be made: {index.error}</p>;
  return (
    <p role="status">
      The search index is being made.{' '}
      {index?.total ? (
        <progress aria-label="Index being made" value={index.done} max={index.total} />
      ) : (
        <progress aria-label="Index being made" />
      )}{' '}
      {index?.stage}
    </p>
  );
}
