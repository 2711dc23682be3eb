import { decodeWords } from './words.ts';

/** The header of a message or body part (RFC 5322 section 2.2), by the positions of its fields. */
export class Header {
  /** First byte behind the header and its empty line. */
  bodyStart: number;
  /** Where a line stood that is no header field, or -1. */
  damagedAt = -1;
  private readonly bytes: Buffer;
  private readonly places = new Map<string, number[]>();

  constructor(bytes: Buffer, bodyStart: number) {
    this.bytes = bytes;
    this.bodyStart = bodyStart;
  }

  /** Fields by their distinct names. */
  get size(): number {
    return this.places.size;
  }

  add(name: string, start: number, end: number): void {
    const places = this.places.get(name);
    if (places) places.push(start, end);
    else this.places.set(name, [start, end]);
  }

  has(name: string): boolean {
    return this.places.has(name);
  }

  /** Fields of this lower-case name. */
  count(name: string): number {
    return (this.places.get(name)?.length ?? 0) / 2;
  }

  /**
   * The first field of this lower-case name, unfolded and trimmed, one character a byte; null without one.
   * Values are cut at 64 KiB.
   */
  raw(name: string): string | null {
    const places = this.places.get(name);
    return places ? this.value(places[0]!, places[1]!) : null;
  }

  /** All fields of this name in the order of the header, at most `max`. */
  all(name: string, max = 1000): string[] {
    const places = this.places.get(name) ?? [];
    const out: string[] = [];
    for (let i = 0; i < places.length && out.length < max; i += 2) {
      out.push(this.value(places[i]!, places[i + 1]!));
    }
    return out;
  }

  /** The first field of this name with encoded words decoded; null without one or when it is empty. */
  text(name: string): string | null {
    const raw = this.raw(name);
    if (raw === null) return null;
    const text = decodeWords(raw).trim();
    return text === '' ? null : text;
  }

  private value(start: number, end: number): string {
    const text = this.bytes.toString('latin1', start, Math.min(end, start + maxValueBytes));
    return (text.includes('\n') ? text.replace(/\r?\n/g, '') : text).trim();
  }
}

const maxValueBytes = 64 * 1024;
const longestName = 256;

/** The colon's place when a field starts at `at`, else -1. White space before the colon is obsolete but read. */
function colonOf(bytes: Uint8Array, at: number, end: number): number {
  const stop = Math.min(end, at + longestName);
  for (let i = at; i < stop; i++) {
    const byte = bytes[i]!;
    if (byte === 58) return i > at ? i : -1;
    if (byte === 32 || byte === 9) {
      let colon = i;
      while (colon < stop && (bytes[colon] === 32 || bytes[colon] === 9)) colon++;
      return bytes[colon] === 58 && i > at ? colon : -1;
    }
    if (byte < 33 || byte > 126) return -1;
  }
  return -1;
}

/** The place behind the line that starts at `at`. */
export function nextLine(bytes: Uint8Array, at: number, end: number): number {
  const feed = bytes.indexOf(10, at);
  return feed < 0 || feed >= end ? end : feed + 1;
}

/** Whether the line at `at` holds nothing but its line break. */
export function isEmptyLine(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return true;
  let i = at;
  while (i < end && bytes[i] === 13) i++;
  return i < end && bytes[i] === 10;
}

/** Whether the line at `at` begins a header field. */
export function isField(bytes: Uint8Array, at: number, end: number): boolean {
  return colonOf(bytes, at, end) >= 0;
}

/**
 * Reads the header that starts at `start`. A line that is no field is passed over when the header plainly
 * goes on behind it, and otherwise taken as the first line of the body (mailers forget the empty line).
 */
export function parseHeader(bytes: Buffer, start: number, end: number): Header {
  const header = new Header(bytes, end);
  let at = start;
  let name = '';
  let valueStart = 0;
  let valueEnd = 0;
  while (at < end) {
    const first = bytes[at]!;
    if (first === 10 || (first === 13 && isEmptyLine(bytes, at, end))) {
      header.bodyStart = nextLine(bytes, at, end);
      break;
    }
    const next = nextLine(bytes, at, end);
    if ((first === 32 || first === 9) && name !== '') {
      valueEnd = next;
      at = next;
      continue;
    }
    if (name !== '') header.add(name, valueStart, valueEnd);
    name = '';
    const colon = colonOf(bytes, at, next);
    if (colon >= 0) {
      name = bytes.toString('latin1', at, colon).trimEnd().toLowerCase();
      valueStart = colon + 1;
      valueEnd = next;
    } else {
      if (header.damagedAt < 0) header.damagedAt = at;
      if (!isField(bytes, next, end)) {
        header.bodyStart = at;
        break;
      }
    }
    at = next;
  }
  if (name !== '') header.add(name, valueStart, valueEnd);
  return header;
}
