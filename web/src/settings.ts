import { useSyncExternalStore } from 'react';

/** What one reader prefers, kept in this browser alone and never sent. */
export interface Settings {
  readonly theme: 'auto' | 'light' | 'dark';
  readonly language: 'en' | 'de' | '';
  /** Words masked in text that is opened. */
  readonly masked: readonly string[];
  /** Texts after which a break is suggested; 0 for never. */
  readonly remindAfter: number;
}

const key = 'waymark-settings';
const first: Settings = { theme: 'auto', language: '', masked: [], remindAfter: 15 };

let held: Settings = read();
const listeners = new Set<() => void>();

function read(): Settings {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return checked(stored !== null && typeof stored === 'object' ? (stored as Partial<Settings>) : {});
  } catch {
    return first;
  }
}

/** What was stored may be anything: each part is taken only if it is what it should be. */
function checked({ theme, language, masked, remindAfter }: Partial<Settings>): Settings {
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
    language: language === 'en' || language === 'de' ? language : '',
    masked: Array.isArray(masked) ? masked.filter((word) => typeof word === 'string').slice(0, 500) : [],
    remindAfter: Number.isSafeInteger(remindAfter) && remindAfter! >= 0 ? remindAfter! : first.remindAfter,
  };
}

export function settings(): Settings {
  return held;
}

export function set(change: Partial<Settings>): void {
  held = checked({ ...held, ...change });
  localStorage.setItem(key, JSON.stringify(held));
  showTheme();
  for (const listener of [...listeners]) listener();
}

export function useSettings(): Settings {
  return useSyncExternalStore(subscribe, settings);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Colours as chosen; without a choice as the system has them. */
export function showTheme(): void {
  document.documentElement.dataset.theme = held.theme;
}
