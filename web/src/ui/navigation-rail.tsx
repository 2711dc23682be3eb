import { type Group, placeOf, places } from '../places.tsx';
import { Link, type Route } from '../router.tsx';
import { ChildrenCount } from './children-count.tsx';
import { t, type Word } from './words.ts';

const groups: readonly (readonly [Group, Word])[] = [
  ['decide', 'nav.decide'],
  ['follow', 'nav.follow'],
  ['ground', 'nav.ground'],
];

/** Every view, always in sight, and with it how many children are open. */
export function NavigationRail({ route }: { readonly route: Route }) {
  const at = placeOf(route.place);
  const current = at?.under ?? at?.place;
  return (
    <nav className="rail" aria-label={t('nav.label')}>
      {groups.map(([group, label]) => {
        const listed = places.filter((place) => place.listed?.group === group);
        if (listed.length === 0) return null;
        return (
          <div key={group} className="group">
            <h2>{t(label)}</h2>
            <ul>
              {listed.map(({ place, listed: entry }) => (
                <li key={place}>
                  <Link href={`/${place}`} {...(place === current && { 'aria-current': 'page' as const })}>
                    {entry && t(entry.label)} {place === 'children' && <ChildrenCount />}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
