import type { Stamp } from '../../../base/time.ts';
import { enteredAt } from '../fact-list.ts';

/** A time of a return, with what must be said of it. */
export interface ReturnTime {
  readonly stamp: Stamp | null;
  readonly trouble: 'no zone' | 'two zones' | 'no time' | null;
}

const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(.*)$/;

/**
 * A time as providers write it: ISO 8601, or day.month.year (dots are never month first). The zone is the one
 * beside the time (an offset, Z, UTC or GMT); where there is none, UTC if the column's name says so. Without
 * either, and where the two contradict each other, the time stays unresolved: an hour's error names the wrong
 * subscriber.
 */
export function returnTime(text: string, columnIsUtc: boolean): ReturnTime {
  if (text === '') return { stamp: null, trouble: null };
  const named = /\b(UTC|GMT)$/i.exec(text)?.[1]?.toUpperCase() ?? null;
  const iso = isoOf(text);
  const own = enteredAt(iso);
  const open = { micros: null, text, zone: own?.zone ?? null };
  if (own !== null && own.micros !== null) {
    const differs = columnIsUtc && !/(Z|[+-]00:?(00)?)$/i.test(iso);
    if (differs) return { stamp: open, trouble: 'two zones' };
    return { stamp: { micros: own.micros, text, zone: named ?? own.zone }, trouble: null };
  }
  const asUtc = enteredAt(`${iso}Z`);
  if (asUtc === null || asUtc.micros === null) return { stamp: open, trouble: 'no time' };
  if (!columnIsUtc) return { stamp: open, trouble: 'no zone' };
  return { stamp: { micros: asUtc.micros, text, zone: 'UTC' }, trouble: null };
}

/** The text in ISO 8601 as far as its form can be told. */
function isoOf(text: string): string {
  const plain = text.replace(/\s*(UTC|GMT)$/i, 'Z');
  const match = dotted.exec(plain);
  if (!match) return plain;
  const [, day, month, year, hour, minute, second, zone] = match as unknown as string[];
  const two = (part: string) => part.padStart(2, '0');
  return `${year}-${two(month!)}-${two(day!)}T${two(hour!)}:${minute}:${second ?? '00'}${zone}`;
}
