import type { ParquetParsers } from 'hyparquet/src/types.js';

const utf8 = new TextDecoder();

/** Typed values as text: dates as yyyy-mm-dd, times in UTC; shapes on a map say nothing here. Null stays null. */
export const parsers: Partial<ParquetParsers> = {
  dateFromDays: (days) => (typeof days === 'number' ? isoOf(days * 86_400_000) : null),
  timestampFromMilliseconds: (millis) => timeOf(millis, 1n),
  timestampFromMicroseconds: (micros) => timeOf(micros, 1000n),
  timestampFromNanoseconds: (nanos) => timeOf(nanos, 1_000_000n),
  jsonFromBytes: (bytes) => (bytes ? utf8.decode(bytes) : null),
  geometryFromBytes: () => null,
  geographyFromBytes: () => null,
};

/** A value as it would stand in a CSV list; '' where nothing is stated. Bytes that are no text are written in hex. */
export function parquetText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : '';
  }
}

function timeOf(value: bigint | undefined, perMilli: bigint): string | null {
  return typeof value === 'bigint' ? isoOf(Number(value / perMilli)) : null;
}

/** The day alone at midnight, which is how lists keep days in columns of times. */
function isoOf(millis: number): string | null {
  const time = new Date(millis);
  if (Number.isNaN(time.getTime())) return null;
  return time.toISOString().replace(/T00:00:00\.000Z$/, '');
}
