import { navigate, useAddress } from './router.tsx';
import { type Evidence, plain } from './ui/evidence.ts';

/** What may stand in an address. Nothing and null take a part out. */
export type Part = string | number | Evidence | null | undefined | readonly (string | Evidence)[];

/** The parts behind '?' of the present address: the whole state of a view. */
export function useParts(): URLSearchParams {
  const address = useAddress();
  const at = address.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : address.slice(at + 1));
}

/** Text of an address: what came from exhibits is made fit for one, and used for nothing else. */
function textOf(part: string | number | Evidence): string {
  const text = typeof part === 'number' ? `${part}` : typeof part === 'string' ? part : plain(part);
  return text.toWellFormed();
}

/** Puts a part in the place of what stood there; a list as the same name several times. */
function put(query: URLSearchParams, name: string, part: Part): void {
  query.delete(name);
  const values = part === null || part === undefined ? [] : Array.isArray(part) ? part : [part];
  for (const value of values as readonly (string | number | Evidence)[]) {
    const text = textOf(value);
    if (text !== '') query.append(name, text);
  }
}

/** Text of a request to the server made of an exhibit's text: for api.ts alone. */
export function askedText(value: Evidence): string {
  return textOf(value);
}

/** An address with these parts. */
export function hrefOf(path: string, parts: Readonly<Record<string, Part>>): string {
  const query = new URLSearchParams();
  for (const [name, part] of Object.entries(parts)) put(query, name, part);
  return query.size === 0 ? path : `${path}?${query}`;
}

/** Changes parts of the present address; the others stand. `push` lets "back" undo it. */
export function changeParts(changes: Readonly<Record<string, Part>>, how: 'push' | 'replace' = 'replace') {
  const query = new URLSearchParams(location.search);
  for (const [name, part] of Object.entries(changes)) put(query, name, part);
  const top = window.scrollY;
  navigate(query.size === 0 ? location.pathname : `${location.pathname}?${query}`, how);
  if (how === 'push') window.scrollTo(0, top);
}

/** A whole number of an address, or what stands for its absence. */
export function numberIn(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name) ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : otherwise;
}

/** The words of a list in an address, divided by commas. */
export function listIn(query: URLSearchParams, name: string): string[] {
  return (query.get(name) ?? '').split(',').filter((word) => word !== '');
}

/** A list with the word put in, or taken out where it stands. */
export function toggled(list: readonly string[], word: string): string {
  return (list.includes(word) ? list.filter((each) => each !== word) : [...list, word]).join(',');
}
