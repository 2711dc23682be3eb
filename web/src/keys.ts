import { useEffect } from 'react';
import { commandOf } from './commands.ts';

/** Single keys can be turned off (WCAG 2.1.4): speech input would otherwise press them. */
const setting = 'waymark-single-keys';

export function areKeysOn(): boolean {
  return localStorage.getItem(setting) !== 'off';
}

export function turnKeys(on: boolean): void {
  localStorage.setItem(setting, on ? 'on' : 'off');
}

export interface KeyActions {
  readonly openHelp: () => void;
  readonly openPalette: () => void;
  readonly go: (address: string) => void;
  /** Addresses behind `g` and a letter. */
  readonly places: Readonly<Record<string, string>>;
}

/** Which item of each view was looked at last: coming back finds it again. */
const remembered = new Map<string, string>();

/** Puts the focus on the item that was left, or on the view's heading. Call once its items are there. */
export function focusView(address: string): void {
  // A list that keeps its own place (in the address) has put the focus there already.
  if (document.activeElement?.closest('[data-keeps-place]')) return;
  const key = remembered.get(address);
  const item = key === undefined ? undefined : items().find((each) => each.dataset.item === key);
  const target = item ?? document.querySelector<HTMLElement>('main h1');
  target?.focus({ preventScroll: item === undefined });
  item?.scrollIntoView({ block: 'center' });
}

/** The keyboard of the whole page. */
export function useKeys({ openHelp, openPalette, go, places }: KeyActions): void {
  useEffect(() => {
    let leading = false;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        return openPalette();
      }
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape') return leave(event);
      if (isWriting(event.target) || !areKeysOn()) return;
      const place = leading ? places[event.key] : undefined;
      leading = event.key === 'g';
      const act = place === undefined ? actionOf(event.key, { openHelp, openPalette, go }) : () => go(place);
      if (!act) return;
      event.preventDefault();
      act();
    };
    const remember = (event: FocusEvent) => {
      const key = (event.target as HTMLElement | null)?.dataset?.item;
      if (key !== undefined) remembered.set(`${location.pathname}${location.search}`, key);
    };
    document.addEventListener('keydown', press);
    document.addEventListener('focusin', remember);
    return () => {
      document.removeEventListener('keydown', press);
      document.removeEventListener('focusin', remember);
    };
  }, [openHelp, openPalette, go, places]);
}

type Ways = Pick<KeyActions, 'openHelp' | 'openPalette' | 'go'>;

function actionOf(key: string, { openHelp, openPalette, go }: Ways): (() => void) | null {
  if (key === '?') return openHelp;
  if (key === ':') return openPalette;
  const command = commandOf(key);
  if (command) return command.act;
  if (key === 'j') return () => move(1);
  if (key === 'k') return () => move(-1);
  if (key !== '/') return null;
  const filter = document.querySelector<HTMLInputElement>('[data-filter]');
  // Where there is nothing to filter, the whole operation can be searched.
  if (!filter) return () => go('/search');
  return () => {
    filter.focus();
    filter.select();
  };
}

/** Out of a field first, then back to the view before. */
function leave(event: KeyboardEvent): void {
  if (isWriting(event.target)) {
    // The browser would empty a search field: what is filtered for stays.
    event.preventDefault();
    (event.target as HTMLElement).blur();
  } else if (history.length > 1) history.back();
}

function items(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('main [data-item]')].filter(
    (item) => item.offsetParent !== null,
  );
}

function move(step: 1 | -1): void {
  const all = items();
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? all[step > 0 ? 0 : all.length - 1] : all[at + step];
  next?.focus({ preventScroll: true });
  (next?.closest('tr, li') ?? next)?.scrollIntoView({ block: 'nearest' });
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('input:not([type=checkbox], [type=radio]), textarea, select')
  );
}
