import type { SummerRule } from './countries.ts';

/** The world's fixed dates, in epoch seconds UTC: 65 weeks of a board's life, ending with the seizure. */
export const daySeconds = 86_400;
export const worldStart = Date.UTC(2019, 0, 6) / 1000;
export const worldDays = 455;
export const worldEnd = worldStart + worldDays * daySeconds;

/** Epoch second of the last Sunday of a month at a UTC hour. */
function lastSunday(year: number, month: number, hour: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0));
  return Date.UTC(year, month, last.getUTCDate() - last.getUTCDay(), hour) / 1000;
}

/** Epoch second of the n-th Sunday (1 = first) of a month at a UTC hour. */
function nthSunday(year: number, month: number, n: number, hour: number): number {
  const first = new Date(Date.UTC(year, month, 1)).getUTCDay();
  return Date.UTC(year, month, 1 + ((7 - first) % 7) + (n - 1) * 7, hour) / 1000;
}

/** When summer time is in force, as [from, to) in epoch seconds, for the years the world touches. */
const summers: Record<Exclude<SummerRule, 'none'>, [number, number][]> = {
  eu: [],
  us: [],
  au: [],
  nz: [],
};
for (const year of [2018, 2019, 2020]) {
  summers.eu.push([lastSunday(year, 2, 1), lastSunday(year, 9, 1)]);
  summers.us.push([nthSunday(year, 2, 2, 7), nthSunday(year, 10, 1, 6)]);
  summers.nz.push([lastSunday(year, 8, -10), nthSunday(year + 1, 3, 1, -10)]);
  summers.au.push([nthSunday(year, 9, 1, -8), nthSunday(year + 1, 3, 1, -8)]);
}

/** Minutes east of UTC at an epoch second, for a place with the given winter offset and summer rule. */
export function offsetMinutes(at: number, winterMinutes: number, rule: SummerRule): number {
  if (rule === 'none') return winterMinutes;
  const inSummer = summers[rule].some(([from, to]) => at >= from && at < to);
  return winterMinutes + (inSummer ? 60 : 0);
}

/** `+0100` */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const digits = Math.floor(size / 60) * 100 + (size % 60);
  return `${minutes < 0 ? '-' : '+'}${String(digits).padStart(4, '0')}`;
}

export const monthNames = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
] as const;
export const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

export function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** `2019-01-06T08:00:00Z` */
export function isoUtc(at: number): string {
  return `${new Date(at * 1000).toISOString().slice(0, 19)}Z`;
}

/** `Sun, 06 Jan 2019 09:00:54 +0100` (RFC 5322), in a zone given in minutes east of UTC. */
export function rfcDate(at: number, zone: number): string {
  const local = new Date((at + zone * 60) * 1000);
  const date = `${two(local.getUTCDate())} ${monthNames[local.getUTCMonth()]} ${local.getUTCFullYear()}`;
  const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
  return `${dayNames[local.getUTCDay()]}, ${date} ${time} ${offsetText(zone)}`;
}
