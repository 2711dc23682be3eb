import { decodeUuencode } from './transfer.ts';

/** A uuencoded file that stands in plain text, by its byte positions. */
export interface UuencodedFile {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** Files taken from one text. */
const maxFiles = 1000;

/**
 * The uuencoded files in a text: `begin <mode> <name>`, data lines, `end`. A block whose first data line does
 * not hold as many characters as its length says, or that has no `end`, is prose and left alone.
 */
export function uuencodedIn(bytes: Buffer, start: number, end: number): UuencodedFile[] {
  const files: UuencodedFile[] = [];
  const region = bytes.subarray(start, end);
  let hit = region.indexOf('begin ');
  let close = 0;
  while (hit >= 0 && files.length < maxFiles) {
    // The next end is looked for once, however many beginnings stand in front of it.
    if (close < hit) close = region.indexOf('\nend', hit);
    if (close < 0) break;
    const file = hit === 0 || region[hit - 1] === 10 ? fileAt(region, hit, close) : null;
    if (file) files.push({ ...file, start: file.start + start, end: file.end + start });
    hit = region.indexOf('begin ', file ? file.end : hit + 1);
  }
  return files;
}

function fileAt(region: Buffer, at: number, close: number): UuencodedFile | null {
  const head = /^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n/.exec(region.toString('latin1', at, at + 300));
  if (!head) return null;
  const data = at + head[0].length;
  const feed = region.indexOf(10, data);
  if (feed < 0) return null;
  const line = region.toString('latin1', data, Math.min(feed, data + 100)).trimEnd();
  const length = (line.charCodeAt(0) - 32) & 63;
  const characters = Math.ceil(length / 3) * 4;
  if (!/^[ -`]+$/.test(line) || length === 0 || Math.abs(line.length - 1 - characters) > 1) return null;
  if (close < feed) return null;
  const after = region[close + 4];
  if (after !== undefined && after !== 10 && after !== 13) return null;
  const decoded = decodeUuencode(region, at, close + 4);
  return { name: head[1]!.trim(), start: at, end: close + 4, bytes: decoded.bytes };
}
