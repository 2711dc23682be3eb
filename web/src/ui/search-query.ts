import { type Evidence, plain } from './evidence.ts';

/** A value as the query language takes it: in quotes where it is more than one word. */
function quoted(value: string): string {
  return /^[\p{L}\p{N}._@+-]+$/u.test(value) ? value : `"${value.replaceAll('"', ' ')}"`;
}

function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}

/** The filter that a value of a facet stands for; a month is a span of time. */
export function filterOf(field: string, value: Evidence): string {
  const text = plain(value);
  if (field === 'month') return `after:${text} before:${monthAfter(text)}`;
  return `${field}:${quoted(text)}`;
}

/** The query with the filter in it, or without it where it stands there already. */
export function toggledFilter(query: string, field: string, value: Evidence): string {
  const filter = filterOf(field, value);
  return hasFilter(query, field, value)
    ? query.replace(filter, '').replace(/\s+/g, ' ').trim()
    : `${query} ${filter}`.trim();
}

export function hasFilter(query: string, field: string, value: Evidence): boolean {
  return ` ${query} `.includes(` ${filterOf(field, value)} `);
}

/** A query for one word or value as it stands. */
export function exactly(value: Evidence): string {
  return `"${plain(value).replaceAll('"', ' ')}"`;
}
