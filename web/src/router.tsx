import { type ComponentProps, type MouseEvent, useSyncExternalStore } from 'react';
import { type Evidence, plain } from './ui/evidence.ts';

/** Every view has an address of its own, which can be cited and opened again. */
export type Route =
  | { readonly view: 'queue' }
  | { readonly view: 'persons'; readonly text: string; readonly offset: number }
  | { readonly view: 'person'; readonly person: string }
  | { readonly view: 'exhibits' }
  | { readonly view: 'exhibit'; readonly id: string }
  | { readonly view: 'source'; readonly pointer: string }
  | { readonly view: 'ledger' }
  | { readonly view: 'unknown' };

export const addressOf = {
  queue: '/queue',
  persons: (text: string, offset = 0) =>
    `/persons?${new URLSearchParams({ ...(text && { text }), ...(offset > 0 && { offset: String(offset) }) })}`,
  person: (person: string) => `/persons/${encodeURIComponent(person)}`,
  exhibits: '/exhibits',
  exhibit: (id: string) => `/exhibits/${id}`,
  source: (pointer: Evidence) => `/source?pointer=${encodeURIComponent(plain(pointer).toWellFormed())}`,
  ledger: '/ledger',
};

export function routeOf(address: string): Route {
  const url = new URL(address, 'http://waymark.invalid');
  const [first = '', second, ...rest] = url.pathname.slice(1).split('/').map(decode);
  if (rest.length > 0) return { view: 'unknown' };
  if (second !== undefined && second !== '') {
    if (first === 'persons') return { view: 'person', person: second };
    return first === 'exhibits' ? { view: 'exhibit', id: second } : { view: 'unknown' };
  }
  switch (first) {
    case '':
    case 'queue':
      return { view: 'queue' };
    case 'persons': {
      const offset = Number(url.searchParams.get('offset') ?? 0);
      const text = url.searchParams.get('text') ?? '';
      return { view: 'persons', text, offset: Number.isSafeInteger(offset) && offset > 0 ? offset : 0 };
    }
    case 'exhibits':
      return { view: 'exhibits' };
    case 'source':
      return { view: 'source', pointer: url.searchParams.get('pointer') ?? '' };
    case 'ledger':
      return { view: 'ledger' };
    default:
      return { view: 'unknown' };
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

/** The address of the present view, without the part after '#'. */
export function useAddress(): string {
  return useSyncExternalStore(subscribe, () => `${location.pathname}${location.search}`);
}

export function navigate(address: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  if (how === 'push') window.scrollTo(0, 0);
  for (const listener of [...listeners]) listener();
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
