import { type Evidence, plain } from './evidence.ts';

/** Puts a text on the clipboard. Rejects where the browser does not let the page. */
export function copyText(text: Evidence): Promise<void> {
  return navigator.clipboard.writeText(plain(text));
}
