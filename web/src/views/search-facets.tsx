import { changeParts } from '../parts.ts';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count, counted } from '../ui/numbers.ts';
import { hasFilter, toggledFilter } from '../ui/search-query.ts';
import type { Found } from './search.tsx';

type Name = keyof Found['facets'];

const facets: readonly (readonly [Name, string])[] = [
  ['kind', 'Kind'],
  ['channel', 'Channel'],
  ['service', 'Service'],
  ['country', 'Likely country'],
  ['exhibit', 'Exhibit'],
  ['month', 'Month'],
];
const first = 8;

/** Hits by kind, channel, service, place, exhibit and month; all counts of one facet add up to the total. */
export function SearchFacets({ found, query }: { readonly found: Found; readonly query: string }) {
  return (
    <aside className="facets" aria-label="Narrow the search">
      {facets.map(([name, title]) => {
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
                onClick={() => changeParts({ q: toggledFilter(query, name, value), pages: null }, 'push')}
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
                <summary>{options.length - first} more</summary>
                <ul className="plain">{options.slice(first)}</ul>
              </details>
            )}
            {facet.more > 0 && (
              <p className="note">
                {counted(facet.more, 'further value')} with {counted(facet.others, 'hit')}
              </p>
            )}
            {facet.none > 0 && <p className="note">{counted(facet.none, 'hit')} that state none</p>}
          </section>
        );
      })}
    </aside>
  );
}
