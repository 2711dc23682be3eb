import { type Header, isEmptyLine, nextLine, parseHeader } from './headers.ts';
import { type Parameterised, parseParameters } from './parameters.ts';

/** A body part (RFC 2045 to 2047), by its byte positions in the message. */
export interface Part {
  readonly header: Header;
  /** Lower-case media type; text/plain where none is stated or the stated one is malformed. */
  readonly type: string;
  readonly charset: string | null;
  /** Lower-case transfer encoding, or null. */
  readonly encoding: string | null;
  /** inline, attachment, or another word as stated; null without one. */
  readonly disposition: string | null;
  readonly fileName: string | null;
  /** Place in the tree as IMAP numbers it: '1', '2.1'; the message itself is ''. */
  readonly path: string;
  /** First byte of the header, first byte of the body, byte behind the body. */
  readonly start: number;
  readonly bodyStart: number;
  readonly end: number;
  readonly parts: Part[];
}

/** Something in a message that is not as the standard has it; `at` is a byte position in the message. */
export interface Trouble {
  readonly code: string;
  readonly text: string;
  readonly at: number;
}

/** Multiparts inside multiparts that are followed; real mail stays below ten. */
export const maxPartDepth = 100;
/** Parts of one message that are looked at. */
export const maxParts = 10_000;
/** Lines of one message that are looked at as delimiters, over all levels. */
const maxDelimiters = 1_000_000;

interface Walk {
  readonly bytes: Buffer;
  readonly troubles: Trouble[];
  parts: number;
  delimiters: number;
}

/**
 * Reads a message's tree of parts. `start` is the first byte of its header, `end` the byte behind it. Nested
 * messages are leaves. Damage is added to `troubles`, and the tree holds what could be told apart. Never throws.
 */
export function parseParts(bytes: Buffer, start: number, end: number, troubles: Trouble[]): Part {
  return partAt({ bytes, troubles, parts: 0, delimiters: 0 }, start, end, '', 0, 'text/plain');
}

function partAt(walk: Walk, start: number, end: number, path: string, depth: number, fallback: string): Part {
  walk.parts++;
  const header = parseHeader(walk.bytes, start, end);
  if (header.damagedAt >= 0) {
    walk.troubles.push({
      code: 'mail-header',
      text: 'a header holds a line that is no field',
      at: header.damagedAt,
    });
  }
  const content = parseParameters(header.raw('content-type') ?? '');
  const disposition = parseParameters(header.raw('content-disposition') ?? '');
  const type = /^[^\s/]+\/[^\s/]+$/.test(content.value) ? content.value : fallback;
  const part: Part = {
    header,
    type,
    charset: content.parameters.get('charset') ?? null,
    encoding: encodingOf(header),
    disposition: disposition.value === '' ? null : disposition.value,
    fileName: fileNameOf(disposition, content),
    path,
    start,
    bodyStart: header.bodyStart,
    end,
    parts: [],
  };
  if (type.startsWith('multipart/')) addParts(walk, part, content.parameters.get('boundary') ?? null, depth);
  return part;
}

function encodingOf(header: Header): string | null {
  const stated = header.raw('content-transfer-encoding')?.slice(0, 200) ?? null;
  return stated === null ? null : stated.replace(/\([^()]*\)|[;"\s]/g, '').toLowerCase() || null;
}

function fileNameOf(disposition: Parameterised, content: Parameterised): string | null {
  return disposition.parameters.get('filename') || content.parameters.get('name') || null;
}

function addParts(walk: Walk, part: Part, stated: string | null, depth: number): void {
  const { troubles, bytes } = walk;
  if (depth >= maxPartDepth) {
    troubles.push({
      code: 'mail-depth',
      text: `parts nest deeper than ${maxPartDepth} levels; what lies below was kept as one part`,
      at: part.start,
    });
    return;
  }
  let boundary = stated;
  if (boundary === null || boundary === '') {
    boundary = guessBoundary(bytes, part.bodyStart, part.end);
    troubles.push({ code: 'mail-boundary', text: 'a multipart states no boundary', at: part.start });
  }
  if (boundary === null) return;
  const split = splitAt(walk, part.bodyStart, part.end, boundary);
  if (!split.closed) {
    troubles.push({
      code: 'mail-boundary',
      text: split.ranges.length === 0 ? 'a multipart holds no part' : 'a multipart does not end',
      at: part.start,
    });
  }
  const fallback = part.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
  for (const [from, to] of split.ranges) {
    if (walk.parts >= maxParts) {
      troubles.push({
        code: 'mail-parts',
        text: `more than ${maxParts} parts; the rest was not read`,
        at: from,
      });
      return;
    }
    const path = `${part.path === '' ? '' : `${part.path}.`}${part.parts.length + 1}`;
    part.parts.push(partAt(walk, from, to, path, depth + 1, fallback));
  }
}

/**
 * The parts between the delimiter lines of a boundary. The line break in front of a delimiter belongs to it
 * (RFC 2046 section 5.1.1); white space behind it is allowed.
 */
function splitAt(
  walk: Walk,
  start: number,
  end: number,
  boundary: string,
): { ranges: [number, number][]; closed: boolean } {
  const region = walk.bytes.subarray(start, end);
  const length = boundary.length + 2;
  const ranges: [number, number][] = [];
  let open = -1;
  for (const place of linesStarting(region, `--${boundary}`)) {
    if (++walk.delimiters > maxDelimiters || ranges.length >= maxParts) break;
    let at = place + length;
    const closing = region[at] === 45 && region[at + 1] === 45;
    if (closing) at += 2;
    while (region[at] === 32 || region[at] === 9 || region[at] === 13) at++;
    if (at < region.length && region[at] !== 10) continue;
    if (open >= 0) ranges.push([start + open, start + Math.max(open, withoutBreak(region, place))]);
    if (closing) return { ranges, closed: true };
    open = Math.min(at + 1, region.length);
  }
  if (open >= 0) ranges.push([start + open, end]);
  return { ranges, closed: false };
}

/** Where lines start with a text of one character a byte. */
function* linesStarting(region: Buffer, text: string): Generator<number> {
  const line = Buffer.from(`\n${text}`, 'latin1');
  if (region.subarray(0, text.length).equals(line.subarray(1))) yield 0;
  for (let hit = region.indexOf(line); hit >= 0; hit = region.indexOf(line, hit + 1)) yield hit + 1;
}

function withoutBreak(bytes: Uint8Array, at: number): number {
  if (at > 0 && bytes[at - 1] === 10) return at > 1 && bytes[at - 2] === 13 ? at - 2 : at - 1;
  return at;
}

/** A line that starts with two hyphens in front of a part's header is taken as the delimiter. */
function guessBoundary(bytes: Buffer, start: number, end: number): string | null {
  for (let at = start, lines = 0; at < end && lines < 100; lines++) {
    const next = nextLine(bytes, at, end);
    if (
      bytes[at] === 45 &&
      bytes[at + 1] === 45 &&
      next - at > 4 &&
      next - at < 200 &&
      !isEmptyLine(bytes, next, end)
    ) {
      return bytes.toString('latin1', at + 2, next).trimEnd();
    }
    at = next;
  }
  return null;
}

/** The parts that are no multipart, in the order of the message. */
export function leavesOf(root: Part): Part[] {
  return root.parts.length === 0 ? [root] : root.parts.flatMap(leavesOf);
}

/**
 * What a mailer shows as the text, and what it lists as attachments (RFC 8621 section 4.1.4). Pictures, sound
 * and video shown in line are listed as attachments as well.
 */
export interface Bodies {
  readonly text: Part[];
  readonly html: Part[];
  readonly attachments: Part[];
}

export function chooseBodies(root: Part): Bodies {
  const bodies: Bodies = { text: [], html: [], attachments: [] };
  chooseFrom([root], 'mixed', false, bodies, bodies.text, bodies.html);
  return bodies;
}

/** The algorithm of RFC 8621 section 4.1.4; a null list is one that may not be added to. */
function chooseFrom(
  parts: readonly Part[],
  kind: string,
  inAlternative: boolean,
  bodies: Bodies,
  text: Part[] | null,
  html: Part[] | null,
): void {
  const textLength = text ? text.length : -1;
  const htmlLength = html ? html.length : -1;
  let textList = text;
  let htmlList = html;
  for (const [index, part] of parts.entries()) {
    const media = /^(?:image|audio|video)\//.test(part.type);
    const inline =
      part.disposition !== 'attachment' &&
      (part.type === 'text/plain' || part.type === 'text/html' || media) &&
      (index === 0 || (kind !== 'related' && (media || part.fileName === null)));
    if (part.parts.length > 0) {
      const sub = part.type.slice(part.type.indexOf('/') + 1);
      chooseFrom(part.parts, sub, inAlternative || sub === 'alternative', bodies, textList, htmlList);
    } else if (!inline) {
      bodies.attachments.push(part);
    } else if (kind === 'alternative') {
      if (part.type === 'text/plain') textList?.push(part);
      else if (part.type === 'text/html') htmlList?.push(part);
      else bodies.attachments.push(part);
    } else {
      if (inAlternative) {
        if (part.type === 'text/plain') htmlList = null;
        if (part.type === 'text/html') textList = null;
      }
      textList?.push(part);
      htmlList?.push(part);
      if (media) bodies.attachments.push(part);
    }
  }
  if (kind !== 'alternative' || !text || !html) return;
  if (textLength === text.length && htmlLength !== html.length) text.push(...html.slice(htmlLength));
  if (htmlLength === html.length && textLength !== text.length) html.push(...text.slice(textLength));
}
