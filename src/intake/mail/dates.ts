import { daysFromCivil, keptMicros, type Stamp } from '../../base/time.ts';

/** Dates as mail writes them (RFC 5322 section 3.3 and 4.3, asctime, and the slips seen in practice). */

const months = 'janfebmaraprmayjunjulaugsepoctnovdec';

/** The only zone names a date may carry with a fixed meaning (RFC 5322 section 4.3), as hours from UTC. */
const namedZones: Record<string, number> = {
  UT: 0,
  GMT: 0,
  UTC: 0,
  Z: 0,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
};

const dateShape =
  /(?:\b(\d{1,2})[\s-]+([A-Za-z]{3})[A-Za-z]*[\s,-]+(\d{2,4})\s+|\b([A-Za-z]{3})[A-Za-z]*\s+(\d{1,2})[\s,]+(?:(\d{4})\s+)?)(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?(?:\s*([ap])m\b)?\s*(.*)$/is;

/**
 * A date's time. The text is kept as written. A zone that is missing, unknown or ambiguous (a name outside
 * RFC 5322, a military letter) leaves `micros` null, because an hour's error accuses the wrong subscriber.
 * '-0000' fixes UTC but not the sender's zone, and is kept as '-00:00'. Two-digit years below 50 are 20xx,
 * others and three-digit years count from 1900. Null when the text is empty.
 */
export function parseDate(written: string): Stamp | null {
  const text = written.trim();
  if (text === '') return null;
  const match = dateShape.exec(text.slice(0, 200));
  if (!match) return { micros: null, text, zone: null };
  let zoneText = match[11] ?? '';
  let yearText = match[3] ?? match[6];
  if (yearText === undefined) {
    // asctime puts the year last; some write the zone in front of it.
    const offset = /[+-]\d{4}/.exec(zoneText)?.[0] ?? '';
    const rest = zoneText.replace(offset, ' ');
    yearText = /\b\d{4}\b/.exec(rest)?.[0];
    if (yearText === undefined) return { micros: null, text, zone: null };
    zoneText = offset === '' ? rest.replace(yearText, ' ').trim() : offset;
  }
  const month = months.indexOf((match[2] ?? match[4]!).toLowerCase()) / 3 + 1;
  const zone = zoneOf(zoneText);
  const seconds = secondsOf(fullYear(yearText), month, Number(match[1] ?? match[5]), match);
  if (seconds === null) return { micros: null, text, zone: zone.label };
  return {
    micros: zone.minutes === null ? null : keptMicros((seconds - zone.minutes * 60) * 1_000_000),
    text,
    zone: zone.label,
  };
}

function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return text.length === 3 ? 1900 + year : year;
}

function secondsOf(year: number, month: number, day: number, match: RegExpExecArray): number | null {
  let hour = Number(match[7]);
  const minute = Number(match[8]);
  const second = Number(match[9] ?? 0);
  const half = match[10]?.toLowerCase();
  if (half && (hour < 1 || hour > 12)) return null;
  if (half) hour = (hour % 12) + (half === 'p' ? 12 : 0);
  if (!Number.isInteger(month) || month < 1 || year < 1900 || hour > 23 || minute > 59 || second > 60)
    return null;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const longest = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  if (day < 1 || day > longest) return null;
  return daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
}

function zoneOf(text: string): { label: string | null; minutes: number | null } {
  const offset = /^(?:(?:GMT|UTC|UT)\s?)?([+-])(\d{2}):?(\d{2})(?!\d)/i.exec(text);
  if (offset) {
    const label = `${offset[1]}${offset[2]}:${offset[3]}`;
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    const real = minutes <= 14 * 60 && Number(offset[3]) < 60;
    return { label, minutes: real ? (offset[1] === '-' ? -minutes || 0 : minutes) : null };
  }
  const name = /^\(?([A-Za-z][A-Za-z/_]*)/.exec(text)?.[1];
  if (name === undefined) return { label: null, minutes: null };
  const hours = namedZones[name.toUpperCase()];
  return { label: name.slice(0, 64), minutes: hours === undefined ? null : hours * 60 };
}
