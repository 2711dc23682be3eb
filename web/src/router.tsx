import { type ComponentProps, type MouseEvent, useCallback, useMemo, useSyncExternalStore } from 'react';
import { type Evidence, plain } from './ui/evidence.ts';

/**
 * Every view has an address of its own, which can be cited and opened again: the first part of the path is the
 * place, the second (if there is one) what is looked at there, the query its filters and its selection.
 */
export interface Route {
  readonly place: string;
  readonly id: string | null;
}

function query(values: Readonly<Record<string, string>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

/** Part of a path made of an exhibit's text, or of a string of the page. */
function part(value: Evidence | string): string {
  return encodeURIComponent((typeof value === 'string' ? value : plain(value)).toWellFormed());
}

export const addressOf = {
  board: '/board',
  queue: '/queue',
  children: '/children',
  child: (number: Evidence | string) => `/children/${part(number)}`,
  person: (person: string) => `/persons/${part(person)}`,
  pairs: '/pairs',
  pair: (a: Evidence, b: Evidence) => `/pairs${query({ a: plain(a), b: plain(b) })}`,
  exhibits: '/exhibits',
  exhibit: (id: string) => `/exhibits/${id}`,
  source: (pointer: Evidence) => `/source?pointer=${part(pointer)}`,
  rules: '/rules',
  decisions: (numbers: readonly number[]) => `/decisions${query({ numbers: numbers.join(',') })}`,
  ledger: '/ledger',
};

/** The address of a place with filters; empty ones are left out. */
export function addressWith(path: string, values: Readonly<Record<string, string>>): string {
  return `${path}${query(values)}`;
}

export function routeOf(address: string): Route {
  const url = new URL(address, 'http://waymark.invalid');
  const [place = '', id = '', ...rest] = url.pathname.slice(1).split('/').map(decode);
  if (rest.length > 0) return { place: 'unknown', id: null };
  return { place: place === '' ? 'queue' : place, id: id === '' ? null : id };
}

function decode(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

const listeners = new Set<() => void>();
let visits = 0;

function tell(): void {
  for (const listener of [...listeners]) listener();
}

window.addEventListener('popstate', () => {
  visits++;
  tell();
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The address of the present view, without the part after '#'. */
export function useAddress(): string {
  return useSyncExternalStore(subscribe, () => `${location.pathname}${location.search}`);
}

/** Counts the views gone to: a changed filter is no visit. */
export function useVisit(): number {
  return useSyncExternalStore(subscribe, () => visits);
}

export function navigate(address: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') {
    history.pushState(null, '', address);
    visits++;
    window.scrollTo(0, 0);
  } else history.replaceState(null, '', address);
  tell();
}

/**
 * Filters and selection of a view, held in its address. Names that are not given have their default, and a
 * value that is its default is left out. What other parts of the view hold there stays.
 */
export function useQuery<T extends Readonly<Record<string, string>>>(
  defaults: T,
): readonly [{ readonly [K in keyof T]: string }, (change: Partial<Record<keyof T, string>>) => void] {
  const search = useSyncExternalStore(subscribe, () => location.search);
  const shape = JSON.stringify(defaults);
  const values = useMemo(() => {
    const given = new URLSearchParams(search);
    const own = Object.entries(JSON.parse(shape) as Record<string, string>);
    return Object.fromEntries(own.map(([name, otherwise]) => [name, given.get(name) ?? otherwise])) as {
      readonly [K in keyof T]: string;
    };
  }, [search, shape]);
  const change = useCallback(
    (changed: Partial<Record<keyof T, string>>) => {
      const otherwise = JSON.parse(shape) as Record<string, string>;
      const given = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(changed) as [string, string][]) {
        if (value === otherwise[name]) given.delete(name);
        else given.set(name, value.toWellFormed());
      }
      const next = given.size === 0 ? '' : `?${given}`;
      if (next !== location.search) navigate(`${location.pathname}${next}`, 'replace');
    },
    [shape],
  );
  return [values, change];
}

/** A link inside the page. With a modifier key the browser opens it elsewhere, as for any link. */
export function Link({ href, ...rest }: ComponentProps<'a'> & { readonly href: string }) {
  const open = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(href);
  };
  return <a href={href} onClick={open} {...rest} />;
}
