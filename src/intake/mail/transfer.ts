/**
 * Content-Transfer-Encodings (RFC 2045 section 6; x-uuencode as POSIX uuencode). Decoders are tolerant and
 * their result depends on the bytes alone, because file hashes are taken from it.
 */

/** Decoded bytes, and how many bytes of the source did not belong to the encoding. */
export interface Transferred {
  readonly bytes: Uint8Array;
  readonly strays: number;
}

const skip = 64;
const stray = 65;
const pad = 66;

const base64Values = new Uint8Array(256).fill(stray);
for (const [index, char] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
].entries()) {
  base64Values[char.charCodeAt(0)] = index;
}
for (const white of [9, 10, 11, 12, 13, 32]) base64Values[white] = skip;
base64Values[61] = pad;

/**
 * Base64. Bytes outside the alphabet are passed over and counted (RFC 2045 section 6.8); padding ends a
 * group, and what follows it is decoded as a new run, since mailers join encoded pieces.
 */
export function decodeBase64(source: Uint8Array, start: number, end: number): Transferred {
  const out = Buffer.allocUnsafe(((end - start) * 3) / 4 + 3);
  let to = 0;
  let strays = 0;
  let group = 0;
  let held = 0;
  for (let i = start; i < end; i++) {
    const value = base64Values[source[i]!]!;
    if (value < 64) {
      group = (group << 6) | value;
      if (++held === 4) {
        out[to++] = group >> 16;
        out[to++] = (group >> 8) & 255;
        out[to++] = group & 255;
        group = 0;
        held = 0;
      }
    } else if (value === pad) {
      to = endGroup(out, to, group, held);
      group = 0;
      held = 0;
    } else if (value === stray) strays++;
  }
  if (held === 1) strays++;
  to = endGroup(out, to, group, held);
  return { bytes: out.subarray(0, to), strays };
}

function endGroup(out: Uint8Array, to: number, group: number, held: number): number {
  if (held === 2) out[to++] = group >> 4;
  if (held === 3) {
    out[to++] = group >> 10;
    out[to++] = (group >> 2) & 255;
  }
  return to;
}

function hexValue(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/**
 * Quoted-printable. White space at the end of a line is transport padding and dropped (RFC 2045 section 6.7
 * rule 3); an '=' that starts no escape stays as it is and is counted.
 */
export function decodeQuotedPrintable(source: Uint8Array, start: number, end: number): Transferred {
  const out = Buffer.allocUnsafe(end - start);
  let to = 0;
  let strays = 0;
  /** Behind the last byte that is not white space of this line. */
  let solid = 0;
  for (let i = start; i < end; i++) {
    const byte = source[i]!;
    if (byte === 61) {
      const high = i + 1 < end ? hexValue(source[i + 1]) : -1;
      const low = i + 2 < end ? hexValue(source[i + 2]) : -1;
      if (high >= 0 && low >= 0) {
        out[to++] = (high << 4) | low;
        solid = to;
        i += 2;
        continue;
      }
      const next = softBreakEnd(source, i + 1, end);
      if (next > 0) {
        solid = to;
        i = next - 1;
        continue;
      }
      strays++;
      out[to++] = byte;
      solid = to;
    } else if (byte === 10) {
      to = solid;
      if (i > start && source[i - 1] === 13) out[to++] = 13;
      out[to++] = 10;
      solid = to;
    } else {
      out[to++] = byte;
      if (byte !== 32 && byte !== 9 && byte !== 13) solid = to;
    }
  }
  return { bytes: out.subarray(0, to), strays };
}

/** Where the next line starts when `=` is followed by nothing but white space, else 0. */
function softBreakEnd(source: Uint8Array, from: number, end: number): number {
  let i = from;
  while (i < end && (source[i] === 32 || source[i] === 9 || source[i] === 13)) i++;
  if (i >= end) return end;
  return source[i] === 10 ? i + 1 : 0;
}

/** The data lines between `begin` and `end`; lines before `begin` are passed over. */
export function decodeUuencode(source: Uint8Array, start: number, end: number): Transferred {
  const out = Buffer.allocUnsafe(end - start);
  let to = 0;
  let strays = 0;
  let begun = false;
  for (let line = start; line < end; ) {
    const feed = source.indexOf(10, line);
    const stop = feed < 0 || feed > end ? end : feed;
    if (!begun) begun = startsWith(source, line, stop, 'begin ');
    else if (startsWith(source, line, stop, 'end')) break;
    else {
      const length = (source[line]! - 32) & 63;
      const before = to;
      for (let i = line + 1; to - before < length && i < stop; i += 4) {
        let group = 0;
        for (let k = i; k < i + 4; k++) group = (group << 6) | (k < stop ? (source[k]! - 32) & 63 : 0);
        for (let shift = 16; shift >= 0 && to - before < length; shift -= 8)
          out[to++] = (group >> shift) & 255;
      }
      if (to - before < length) strays++;
    }
    line = stop + 1;
  }
  return { bytes: out.subarray(0, to), strays };
}

function startsWith(source: Uint8Array, from: number, end: number, text: string): boolean {
  if (from + text.length > end) return false;
  for (let i = 0; i < text.length; i++) if (source[from + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The bytes of a body behind its transfer encoding; 7bit, 8bit, binary and unknown names come as they stand. */
export function decodeTransfer(
  source: Uint8Array,
  start: number,
  end: number,
  encoding: string | null,
): Transferred {
  switch (encoding) {
    case 'base64':
      return decodeBase64(source, start, end);
    case 'quoted-printable':
      return decodeQuotedPrintable(source, start, end);
    case 'x-uuencode':
    case 'uuencode':
    case 'x-uue':
      return decodeUuencode(source, start, end);
    default:
      return { bytes: source.subarray(start, end), strays: 0 };
  }
}
