import { changeParts } from '../parts.ts';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { hasFilter, toggledFilter } from '../ui/search-query.ts';
import { named, t } from '../ui/words.ts';
import type { Found } from './search.tsx';

type Name = keyof Found['facets'];

const facets: readonly Name[] = ['kind', 'channel', 'service', 'country', 'exhibit', 'month'];
const first = 8;

/** Hits by kind, channel, service, place, exhibit and month; all counts of one facet add up to the hits counted. */
export function SearchFacets({ found, query }: { readonly found: Found; readonly query: string }) {
  return (
    <aside className="facets" aria-label={t('search-facets.narrow-the-search')}>
      {found.totalIsAtLeast && (
        <p className="note">
          {t('search-facets.of-the-first')} {t('n.hit', { n: found.total })} {t('search-facets.in-time')}
        </p>
      )}
      {facets.map((name) => {
        const title = named('facet', name);
        const facet = found.facets[name];
        if (facet === null || facet.values.length === 0) return null;
        const options = facet.values.map(({ value, label, count: size }) => {
          const on = hasFilter(query, name, value);
          return (
            <li key={keyOf(value)}>
              <button
                type="button"
                className="facet"
                aria-pressed={on}
                onClick={() =>
                  changeParts({ q: toggledFilter(query, name, value), pages: null, exact: null }, 'push')
                }
              >
                <EvidenceText value={label ?? value} /> <span className="count">{count(size)}</span>
              </button>
            </li>
          );
        });
        return (
          <section key={name} aria-label={title}>
            <h2>{title}</h2>
            <ul className="plain">{options.slice(0, first)}</ul>
            {options.length > first && (
              <details>
                <summary>
                  {options.length - first} {t('say.more')}
                </summary>
                <ul className="plain">{options.slice(first)}</ul>
              </details>
            )}
            {facet.more > 0 && (
              <p className="note">
                {t('n.further-value', { n: facet.more })} {t('search-facets.with')}{' '}
                {t('n.hit', { n: facet.others })}
              </p>
            )}
            {facet.none > 0 && (
              <p className="note">
                {t('n.hit', { n: facet.none })} {t('search-facets.that-state-none')}
              </p>
            )}
          </section>
        );
      })}
    </aside>
  );
}
