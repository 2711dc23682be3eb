import { daysFromCivil, keptMicros } from '../../../base/time.ts';

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Byte length of '06/Jan/2019:09:00:54 +0100', the time between the brackets of a log line. */
export const logTimeBytes = 26;
/** Bytes of it that name the hour: 'dd/Mon/yyyy:HH:'. */
const hourBytes = 15;
const zoneAt = 21;

/**
 * Reads the time of Apache's and nginx's logs ('%t', `$time_local`): 'dd/Mon/yyyy:HH:MM:SS +hhmm' with English
 * month names. The offset is part of each line, so that the hour which a change to or from summer time
 * repeats is never ambiguous. Lines come in order, so the hour and zone of the line before are kept and only
 * minutes and seconds are read anew.
 */
export class LogTime {
  /** The zone of the last time read, as '+01:00'. */
  zone = '';
  private readonly known = new Uint8Array(logTimeBytes);
  private hourMicros = Number.NaN;

  /** UTC microseconds of the 26 bytes at `at`, or NaN when they are no time. The bytes must exist. */
  read(bytes: Uint8Array, at: number): number {
    if (!this.isKnownHour(bytes, at) && !this.readHour(bytes, at)) return Number.NaN;
    if (bytes[at + 17] !== 0x3a) return Number.NaN;
    const minute = twoDigits(bytes, at + 15);
    const second = twoDigits(bytes, at + 18);
    // 60 is a leap second; POSIX time has no place for it, so it counts as the next minute's first.
    if (!(minute < 60 && second <= 60)) return Number.NaN;
    return this.hourMicros + (minute * 60 + second) * 1_000_000;
  }

  private isKnownHour(bytes: Uint8Array, at: number): boolean {
    const { known } = this;
    for (let i = 0; i < hourBytes; i++) if (bytes[at + i] !== known[i]) return false;
    for (let i = zoneAt - 1; i < logTimeBytes; i++) if (bytes[at + i] !== known[i]) return false;
    return true;
  }

  private readHour(bytes: Uint8Array, at: number): boolean {
    const text = String.fromCharCode(...bytes.subarray(at, at + logTimeBytes));
    const match = /^(\d\d)\/(\w{3})\/(\d{4}):(\d\d):..:.. ([+-])(\d\d)(\d\d)$/s.exec(text);
    if (!match) return false;
    const month = monthNames.indexOf(match[2]!);
    const [day, year, hour] = [Number(match[1]), Number(match[3]), Number(match[4])];
    if (month < 0 || !isDay(year, month + 1, day) || hour > 23) return false;
    const zoneMinutes = offsetMinutes(match[5]!, match[6]!, match[7]!);
    if (zoneMinutes === null) return false;
    const minutes = daysFromCivil(year, month + 1, day) * 1440 + hour * 60 - zoneMinutes;
    if (keptMicros((minutes + 60) * 60_000_000) === null || keptMicros(minutes * 60_000_000) === null)
      return false;
    this.hourMicros = minutes * 60_000_000;
    this.zone = `${match[5]}${match[6]}:${match[7]}`;
    this.known.set(bytes.subarray(at, at + logTimeBytes));
    return true;
  }
}

/** Whether the date exists in the Gregorian calendar. Months count from 1. */
export function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > monthDays[month - 1]!) return false;
  return !(month === 2 && day === 29 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0)));
}

/** Minutes east of UTC; null beyond 15 hours, which no zone has ever used. */
function offsetMinutes(sign: string, hours: string, minutes: string): number | null {
  const value = Number(hours) * 60 + Number(minutes);
  if (Number(minutes) > 59 || value > 15 * 60) return null;
  return sign === '-' ? -value : value;
}

/** The number two ASCII digits give, or NaN. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const high = bytes[at]! - 48;
  const low = bytes[at + 1]! - 48;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : Number.NaN;
}
