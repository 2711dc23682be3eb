import type { Answer } from '../api.ts';

export type Counts = Answer<'showHistogram'>;
export type Step = 'hour' | 'day' | 'week' | 'month';

export const steps: readonly Step[] = ['hour', 'day', 'week', 'month'];
const hour = 3_600_000_000;

/** The start of the bucket after this one, in UTC microseconds. */
export function after(start: number, step: Step): number {
  if (step === 'hour') return start + hour;
  if (step === 'day') return start + 24 * hour;
  if (step === 'week') return start + 7 * 24 * hour;
  const date = new Date(start / 1000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) * 1000;
}

/** The step that gives between some ten and some two hundred columns. */
export function stepFor(from: number, to: number): Step {
  const days = (to - from) / (24 * hour);
  if (days <= 6) return 'hour';
  if (days <= 180) return 'day';
  return days <= 1_200 ? 'week' : 'month';
}

/** UTC microseconds as the address has them: a day where the time is midnight. */
export function timeText(micros: number): string {
  const text = new Date(micros / 1000).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : `${text.slice(0, 19)}Z`;
}

/** UTC microseconds of '2019-01-06' or '2019-01-06T08:00:00Z'; null for anything else. */
export function timeOf(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(text)) return null;
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? null : millis * 1000;
}

export interface Column {
  readonly start: number;
  readonly end: number;
  readonly events: number;
}

/** Non-empty columns in order of time, with the kinds that are wanted added up; all kinds where none is named. */
export function columnsOf(
  counts: Counts,
  step: Step,
  wanted: (name: Counts['buckets'][number]['name']) => boolean,
): Column[] {
  const columns = new Map<number, number>();
  for (const { start, name, events } of counts.buckets) {
    if (wanted(name)) columns.set(start, (columns.get(start) ?? 0) + events);
  }
  return [...columns]
    .sort(([a], [b]) => a - b)
    .map(([start, events]) => ({ start, end: after(start, step), events }));
}
