import { type FormEvent, useEffect, useRef } from 'react';
import { type Answer, api } from '../api.ts';
import { changeParts, hrefOf, numberIn, useParts } from '../parts.ts';
import { Link } from '../router.tsx';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Page } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { useAnswer } from '../use-answer.ts';
import { SearchFacets } from './search-facets.tsx';
import { SearchHelp } from './search-help.tsx';
import { SearchHits } from './search-hits.tsx';
import { SearchList } from './search-list.tsx';
import { SavedSearches, SaveSearch } from './search-saved.tsx';
import './footprint.css';
import { t } from '../ui/words.ts';

export type Found = Answer<'search'>;

const hitsOfPage = 50;
const tabs = [
  ['', 'search.tab.words'],
  ['list', 'search.tab.list'],
  ['saved', 'search.tab.saved'],
] as const;

/** Words, names, selectors and files of everything that was read. Each search is an act that is recorded. */
export function SearchPage() {
  const tab = useParts().get('tab') ?? '';
  return (
    <Page title={t('search.search')} lead={<p className="muted">{t('search.that-you-searched-and')}</p>}>
      <nav className="tabs" aria-label={t('search.ways-to-search')}>
        {tabs.map(([name, label]) => (
          <Link
            key={name}
            href={hrefOf('/search', { tab: name })}
            {...(name === tab && { 'aria-current': 'page' as const })}
          >
            {t(label)}
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
    changeParts({ q: field.current?.value.trim() ?? '', pages: null, exact: null, at: null }, 'push');
  };
  return (
    <>
      <form className="search" onSubmit={submit} aria-label={t('search.search')}>
        <label className="hidden" htmlFor="search-query">
          {t('say.query')}
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
        <button type="submit">{t('search.search')}</button>
        {query !== '' && <SaveSearch query={query} />}
      </form>
      <SearchHelp />
      {query !== '' && <Answered key={query} query={query} />}
    </>
  );
}

function Answered({ query }: { readonly query: string }) {
  const parts = useParts();
  const pages = Math.min(20, numberIn(parts, 'pages', 1));
  const exact = parts.get('exact') === 'yes' ? 'yes' : 'no';
  const answer = useAnswer(`search ${exact} ${pages} ${query}`, () => searchPages(query, pages, exact), {
    keep: true,
  });
  if (answer.state === 'asking') {
    return (
      <p className="muted" role="status">
        {t('search.searching')}
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
        <strong>
          {found.totalIsAtLeast && t('search.more-than')}
          {t('n.hit', { n: found.total })}
        </strong>
        <span className="muted">
          {found.order === 'time' ? t('search.in-order-of-time') : t('search.the-best-first')};{' '}
          {count(found.index.documents)} {t('search.texts-searched')}
        </span>
        {found.totalIsAtLeast && (
          <button type="button" className="quiet" onClick={() => changeParts({ exact: 'yes' })}>
            {t('search.count-all')}
          </button>
        )}
      </p>
      {found.note !== null && <p className="note">{found.note}</p>}
      <Understood found={found} />
      <div className="facets-and-hits">
        <SearchFacets found={found} query={query} />
        <SearchHits found={found} />
      </div>
      {found.next !== null && (
        <button type="button" className="quiet" onClick={() => changeParts({ pages: pages + 1 })}>
          {t('search.show-more-hits')}
        </button>
      )}
    </>
  );
}

/** As many pages as the address says, as one answer; only the first is an act of its own. */
async function searchPages(query: string, pages: number, exact: 'yes' | 'no'): Promise<Found> {
  let found = await api.search(query, hitsOfPage, '', exact);
  for (let page = 1; page < pages && found.next !== null; page++) {
    const next = await api.search(query, hitsOfPage, found.next, 'no');
    found = { ...found, next: next.next, hits: [...found.hits, ...next.hits] };
  }
  return found;
}

/** What the query was taken for: also which words a fuzzy one stood for. */
function Understood({ found }: { readonly found: Found }) {
  if (found.understood.length === 0 && found.filters.length === 0) return null;
  return (
    <details className="understood">
      <summary>{t('search.what-was-searched-for')}</summary>
      <ul className="plain">
        {found.understood.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never moves
          <li key={index}>
            {part.not && t('search.not')}
            {part.alternative && t('search.or')}
            {part.kind} “<EvidenceText value={part.text} />
            ”: {part.terms.length === 0 && <span className="unknown">{t('search.nothing-holds-it')}</span>}
            {part.terms.map((term, nth) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never moves
              <span key={nth}>
                {nth > 0 && ', '}
                <EvidenceText value={term.term} />{' '}
                <span className="muted">
                  ({term.documentsIsAtLeast && t('search.more-than')}
                  {count(term.documents)})
                </span>
              </span>
            ))}
            {part.more > 0 && t('search.further', { n: part.more })}
          </li>
        ))}
        {found.filters.map((filter, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never moves
          <li key={`filter ${index}`}>
            {filter.not ? t('search.without') : t('search.only')} {filter.field}:{' '}
            <EvidenceText value={filter.value} />
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
  if (index?.state === 'failed')
    return (
      <p className="bad">
        {t('search.the-index-could-not')} {index.error}
      </p>
    );
  return (
    <p role="status">
      {t('search.the-search-index-is')}{' '}
      {index?.total ? (
        <progress aria-label={t('search.index-being-made')} value={index.done} max={index.total} />
      ) : (
        <progress aria-label={t('search.index-being-made')} />
      )}{' '}
      {index?.stage}
    </p>
  );
}
