/**
 * Time is kept three ways: UTC microseconds (null when the zone is unknown), the text as it stood in the
 * evidence, and the zone as stated there. A time without a zone can be listed but never resolves an address:
 * an hour's error has led to the arrest of innocent people.
 */
export interface Stamp {
  /** Microseconds since 1970-01-01T00:00:00Z, or null where the evidence does not fix it. */
  readonly micros: number | null;
  /** Exactly as written in the exhibit. */
  readonly text: string;
  /** 'epoch', an offset such as '+01:00', a zone name, or null when none is stated. */
  readonly zone: string | null;
}

/**
 * Microseconds where a whole number of 53 bits holds them (the years 1684 to 2255), else null: the time then stays as it
 * is written, unresolved.
 */
export function keptMicros(micros: number): number | null {
  return Number.isSafeInteger(micros) ? micros : null;
}

/** Unix epoch seconds as found in dumps. 0 and negative values mean "never" in the software that writes them. */
export function stampFromEpoch(seconds: string): Stamp | null {
  if (!/^\d{1,12}$/.test(seconds)) return null;
  const micros = keptMicros(Number(seconds) * 1_000_000);
  return micros === null || micros === 0 ? null : { micros, text: seconds, zone: 'epoch' };
}

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar (Howard Hinnant's days_from_civil). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

/** UTC microseconds as '2019-01-06T08:00:54.000000Z' without the fraction when it is zero. */
export function formatMicros(micros: number): string {
  const fraction = ((micros % 1_000_000) + 1_000_000) % 1_000_000;
  const whole = new Date((micros - fraction) / 1000).toISOString().slice(0, 19);
  return fraction === 0 ? `${whole}Z` : `${whole}.${String(fraction).padStart(6, '0')}Z`;
}
