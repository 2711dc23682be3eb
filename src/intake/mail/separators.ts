import { isField } from './headers.ts';

/**
 * The lines that divide an mbox: `From ` + sender + date, as RFC 4155 and the dialects mboxo, mboxrd, mboxcl
 * and mboxcl2 write them. A body may hold lines that look alike, so shape, place and what follows all count.
 */

const longestSeparator = 1024;

const clock = String.raw`\d{1,2}:\d{2}(?::\d{2})?`;
const zone = String.raw`(?:\s+(?:[+-]\d{4}|[A-Z][A-Za-z]{0,4}(?:\s+DST)?|\([A-Za-z]+\)))`;
const year = String.raw`(?:\d{4}|\d{2})`;
const weekday = String.raw`(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+)?`;
const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*';
/** asctime ("Thu Nov 17 00:49:30 2016", zone before or after the year) or RFC 5322 order or ISO 8601. */
const dated = new RegExp(
  String.raw`^From (?:(.*?)\s+)??(${weekday}(?:${month}\s+\d{1,2}\s+${clock}${zone}{0,2}\s+${year}${zone}{0,2}` +
    String.raw`|\d{1,2}[\s-]${month}[\s-]${year}\s+${clock}${zone}{0,2})` +
    String.raw`|\d{4}-\d{2}-\d{2}[T ]${clock}\S*${zone}?)(?:\s+remote from \S+)?\s*$`,
);
/** What Berkeley mail and some exporters write without a date: nothing, a dash, or one address. */
const undated = /^From (?:\s*|-\s*|\S+@\S+\s*)$/;

/** Fields with which a stored message begins. */
const firstFields =
  /^(?:>?From:|Return-Path:|Received:|Delivered-To:|Envelope-To:|X-[\w-]+:|Message-ID:|Date:|To:|Subject:|List-[\w-]+:|Mime-Version:|Status:|Reply-To:|Sender:|Content-[\w-]+:|Authentication-Results:|DKIM-Signature:|ARC-[\w-]+:|Path:|Xref:|Newsgroups:|Old-[\w-]+:|Approved-By:|Mailing-List:)/i;

/** A separator line. */
export interface Separator {
  /** Byte behind the line, where the header starts. */
  readonly headerStart: number;
  /** Envelope sender as written; null without one. */
  readonly sender: string | null;
  /** Date as written; null without one. */
  readonly date: string | null;
  /** Whether it stands where it should: at the start of the file or behind an empty line. */
  readonly regular: boolean;
}

/** `more`: the bytes at hand end before it can be told. */
export type Found = Separator | 'more' | null;

/**
 * Judges the line at `at`, which starts with 'From '. `atStart` says that it is the first of the file, `last`
 * that no bytes follow `end`. Behind a line that is not empty it must carry a date and be followed by a field
 * with which messages begin; without a date it must be followed by such a field in any case.
 */
export function separatorAt(bytes: Buffer, at: number, end: number, atStart: boolean, last: boolean): Found {
  const feed = bytes.indexOf(10, at + 5);
  if (feed < 0 || feed >= end) {
    if (!last && end - at <= longestSeparator) return 'more';
    if (!last || end - at > longestSeparator) return null;
  }
  const headerStart = feed < 0 || feed >= end ? end : feed + 1;
  if (headerStart - at > longestSeparator) return null;
  const following = bytes.indexOf(10, headerStart);
  const complete = following >= 0 && following < end;
  if (!last && !complete && end - headerStart < longestSeparator) return 'more';
  const line = bytes.toString('latin1', at, headerStart).trimEnd();
  const match = dated.exec(line);
  const regular = atStart || emptyLineBefore(bytes, at);
  const found = { headerStart, sender: match?.[1]?.trim() || null, date: match?.[2] ?? null, regular };
  if (match && regular) return headerFollows(bytes, headerStart, end) ? found : null;
  if (!match && (!regular || !(atStart || undated.test(`${line} `)))) return null;
  if (!firstFields.test(bytes.toString('latin1', headerStart, Math.min(end, headerStart + 80)))) return null;
  return match ? found : { ...found, sender: line.slice(5).trim() || null };
}

/** A field, a quoted From line (mboxo in mboxo), the empty line of a message without header, or the end. */
function headerFollows(bytes: Buffer, at: number, end: number): boolean {
  if (at >= end || bytes[at] === 10 || bytes[at] === 13) return true;
  return isField(bytes, at, end) || bytes.toString('latin1', at, at + 6) === '>From ';
}

function emptyLineBefore(bytes: Uint8Array, at: number): boolean {
  if (bytes[at - 1] !== 10) return false;
  return bytes[at - 2] === 10 || (bytes[at - 2] === 13 && bytes[at - 3] === 10);
}

/** Whether a file's first bytes are an mbox: a dated separator, or another followed by a mail header. */
export function startsMailbox(head: Buffer): boolean {
  const start = firstLineOf(head);
  if (
    head.toString('latin1', start, start + 5) !== 'From ' &&
    head.toString('latin1', start, start + 5) !== 'From\n'
  ) {
    return false;
  }
  const found = separatorAt(head, start, head.length, true, true);
  return found !== null && found !== 'more';
}

/** Behind a byte order mark and blank lines. */
export function firstLineOf(bytes: Uint8Array): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length && (bytes[at] === 10 || bytes[at] === 13)) at++;
  return at;
}
