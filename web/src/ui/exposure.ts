import { useSyncExternalStore } from 'react';
import { settings } from '../settings.ts';

/**
 * How many texts were opened in this browser today: for the eyes of the one who reads, kept here and never
 * sent. What was opened stands in the ledger; this only counts.
 */
const key = 'waymark-exposure';
const listeners = new Set<() => void>();
let put: { readonly day: string; readonly after: number } = { day: '', after: 0 };

function today(): string {
  const now = new Date();
  return `${now.getFullYear()}-${now.getMonth() + 1}-${now.getDate()}`;
}

export function openedToday(): number {
  const [day, size] = (localStorage.getItem(key) ?? '').split(' ');
  const whole = Number(size);
  return day === today() && Number.isSafeInteger(whole) && whole > 0 ? whole : 0;
}

/** To be called once for each text that is opened. */
export function countOpened(): void {
  localStorage.setItem(key, `${today()} ${openedToday() + 1}`);
  tell();
}

/** Whether a break is suggested now; until as many texts again were opened. */
export function isBreakDue(): boolean {
  const { remindAfter } = settings();
  const since = openedToday() - (put.day === today() ? put.after : 0);
  return remindAfter > 0 && since >= remindAfter;
}

export function putOffBreak(): void {
  put = { day: today(), after: openedToday() };
  tell();
}

function tell(): void {
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useOpenedToday(): number {
  return useSyncExternalStore(subscribe, openedToday);
}

export function useBreakDue(): boolean {
  return useSyncExternalStore(subscribe, isBreakDue);
}
