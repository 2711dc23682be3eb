import { daysFromCivil, keptMicros } from '../../../base/time.ts';
import { isDay } from './log-time.ts';

/**
 * UTC microseconds of 'yyyy-mm-dd hh:mm:ss[.ffffff]' (a space or 'T' between, as ISO 8601 and the W3C's log
 * format write it) taken as UTC; null when it is no time. What zone it is in the caller must know.
 */
export function microsOfUtc(text: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6})\d*)?$/.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 60) return null;
  const seconds = daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
  return keptMicros(seconds * 1_000_000 + Number((match[7] ?? '').padEnd(6, '0')));
}
