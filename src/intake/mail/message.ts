import { sha256Hex } from '../../base/hash.ts';
import { limits } from '../../base/limits.ts';
import type { Stamp } from '../../base/time.ts';
import { type Address, parseAddresses } from './addresses.ts';
import { decodeCharset } from './charsets.ts';
import { parseDate } from './dates.ts';
import type { Header } from './headers.ts';
import { htmlToText } from './html.ts';
import { type Bodies, chooseBodies, leavesOf, type Part, parseParts, type Trouble } from './parts.ts';
import { decodeTransfer } from './transfer.ts';

/** A mail as it was read. Positions are bytes of the buffer it was read from. */
export interface Mail {
  readonly root: Part;
  readonly header: Header;
  /** Message-ID without its angle brackets, or `sha256:` and a hash of what the author set. */
  readonly id: string;
  readonly from: readonly Address[];
  readonly sender: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly subject: string | null;
  readonly date: Stamp | null;
  readonly body: string | null;
  readonly bodyFormat: 'plain' | 'html' | null;
  readonly inReplyTo: string | null;
  /** First id of References, else In-Reply-To. */
  readonly threadRoot: string | null;
  readonly bodies: Bodies;
  readonly troubles: readonly Trouble[];
}

export interface MailOptions {
  /** Whether lines of the body were quoted as mboxrd does ('>From '), to be undone. */
  readonly quoted?: boolean;
}

/** Reads the message in `bytes` from `start` (first byte of the header) to `end`. Never throws. */
export function parseMail(bytes: Buffer, start: number, end: number, options: MailOptions = {}): Mail {
  const troubles: Trouble[] = [];
  const root = parseParts(bytes, start, end, troubles);
  const { header } = root;
  const quoted = (options.quoted ?? false) && bytes.subarray(root.bodyStart, end).includes('>From ');
  const bodies = chooseBodies(root);
  const { body, bodyFormat } = bodyOf(bytes, bodies, root, quoted, troubles);
  const inReplyTo = firstIdIn(header.raw('in-reply-to'));
  const addresses = (name: string) => header.all(name, 50).flatMap(parseAddresses);
  const dateText = header.raw('date');
  const date = dateText === null ? null : parseDate(dateText);
  if (date && date.micros === null) {
    troubles.push({ code: 'mail-date', text: 'a date does not fix a time (zone or shape)', at: start });
  }
  return {
    root,
    header,
    id: idOf(header.raw('message-id')) ?? `sha256:${contentHash(bytes, root, quoted)}`,
    from: addresses('from'),
    sender: addresses('sender'),
    to: addresses('to'),
    cc: addresses('cc'),
    bcc: addresses('bcc'),
    replyTo: addresses('reply-to'),
    subject: header.text('subject'),
    date,
    body,
    bodyFormat,
    inReplyTo,
    threadRoot: firstIdIn(header.raw('references')) ?? inReplyTo,
    bodies,
    troubles,
  };
}

const longestId = 998;

/** A message id without angle brackets and folding; null where there is none. */
export function idOf(raw: string | null): string | null {
  if (raw === null) return null;
  const id = (/<([^<>]*)>/.exec(raw)?.[1] ?? raw.replace(/[<>]/g, '')).replace(/\s+/g, '');
  return id === '' ? null : id.slice(0, longestId);
}

/** The first id in angle brackets; where there are none, the first word with an '@' (old mailers wrote prose). */
function firstIdIn(raw: string | null): string | null {
  if (raw === null) return null;
  for (const match of raw.matchAll(/<([^<>]*)>/g)) if (match[1]!.includes('@')) return idOf(match[0]);
  const words = raw.slice(0, longestId).split(/[\s<>()"';,]+/);
  return words.find((word) => /.@./.test(word)) ?? null;
}

/** Fields the author's own program sets; relays, archives and mailboxes add others and reorder them. */
const authored = [
  'date',
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'subject',
  'in-reply-to',
  'references',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
];

/** Hash of the authored fields and the body with line breaks as LF and no blank lines at its end. */
function contentHash(bytes: Buffer, root: Part, quoted: boolean): string {
  const lines = authored.flatMap((name) =>
    root.header.all(name).map((value) => `${name}: ${value.replace(/\s+/g, ' ')}\n`),
  );
  const raw = bytes.subarray(root.bodyStart, root.end);
  const body = (quoted ? unquote(raw) : raw).toString('latin1').replaceAll('\r\n', '\n');
  let end = body.length;
  while (end > 0 && body[end - 1] === '\n') end--;
  return sha256Hex(Buffer.from(`${lines.join('')}\n${body.slice(0, end)}`, 'latin1'));
}

/** Undoes mboxrd quoting: one '>' less on lines of '>'s followed by 'From '. */
export function unquote(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let hit = bytes.indexOf('>From '); hit >= 0; hit = bytes.indexOf('>From ', hit + 1)) {
    let line = hit;
    while (line > 0 && bytes[line - 1] === 62) line--;
    if (line > 0 && bytes[line - 1] !== 10) continue;
    pieces.push(bytes.subarray(from, hit));
    from = hit + 1;
  }
  return from === 0 ? bytes : Buffer.concat([...pieces, bytes.subarray(from)]);
}

/** A leaf's content behind its transfer encoding. */
export function contentOf(bytes: Buffer, part: Part, quoted: boolean, troubles: Trouble[]): Uint8Array {
  const raw = bytes.subarray(part.bodyStart, part.end);
  const source = quoted ? unquote(raw) : raw;
  const decoded = decodeTransfer(source, 0, source.length, part.encoding);
  if (decoded.strays > 0) {
    troubles.push({
      code: 'mail-encoding',
      text: `${part.encoding} holds bytes that are none of it`,
      at: part.start,
    });
  }
  // Where a good part of the bytes is none of it, the encoding was never applied.
  return decoded.strays * strayShare > source.length ? source : decoded.bytes;
}

/** One stray byte in so many is damage; more is another encoding than the one stated. */
const strayShare = 20;

function bodyOf(bytes: Buffer, bodies: Bodies, root: Part, quoted: boolean, troubles: Trouble[]) {
  const shown = bodies.text.filter((part) => part.type === 'text/plain' || part.type === 'text/html');
  const plain = shown.filter((part) => part.type === 'text/plain');
  let chosen = plain.length > 0 ? plain : shown;
  if (chosen.length === 0) {
    // A multipart in which nothing could be told apart, or a lone text of another kind, is still text.
    chosen = leavesOf(root).filter(
      (part) => part.path === '' && (part.type.startsWith('text/') || part.type.startsWith('multipart/')),
    );
  }
  if (chosen.length === 0) return { body: null, bodyFormat: null };
  const texts = chosen.map((part) => textOf(bytes, part, quoted, troubles));
  const html = chosen.every((part) => part.type === 'text/html');
  return { body: texts.join('\n'), bodyFormat: html ? ('html' as const) : ('plain' as const) };
}

/** A text part as text: decoded, line breaks as LF, HTML reduced. */
export function textOf(bytes: Buffer, part: Part, quoted: boolean, troubles: Trouble[]): string {
  const content = contentOf(bytes, part, quoted, troubles);
  const { text, guessed } = decodeCharset(content, part.charset);
  if (guessed) {
    troubles.push({ code: 'mail-charset', text: 'a text is not in the charset it states', at: part.start });
  }
  const lines = text.includes('\r') ? text.replace(/\r{1,3}\n/g, '\n') : text;
  if (part.type !== 'text/html') return lines;
  if (lines.length > limits.maxTextBytes) {
    troubles.push({ code: 'mail-text', text: 'a text is longer than the limit and was cut', at: part.start });
  }
  return htmlToText(lines.slice(0, limits.maxTextBytes));
}
