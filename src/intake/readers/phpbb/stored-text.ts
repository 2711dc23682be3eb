import type { DumpRow } from '../../sql-dump/read-dump.ts';

/** Named references that phpBB's own escaping writes. */
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/**
 * Text as phpBB stores it, made readable as bytes `bytes[from..to)`. Three ways of storing are told apart by
 * the text itself:
 *
 * - 3.2 and later: XML of s9e/TextFormatter, `<t>` plain or `<r>` with markup. Leaving out the tags gives
 *   back what the author typed, since the BBCode signs stand inside as text.
 * - 3.0 and 3.1: `[b:uid]`, links and smilies as HTML between `<!-- m -->` comments.
 * - 2.0: `[b:uid]` and `[code:1:uid]`.
 *
 * The result is BBCode as typed: quotes are marked `[quote=name]`, URLs are kept whole. Valid until the next
 * load.
 */
export class StoredText {
  bytes: Buffer = Buffer.alloc(0);
  from = 0;
  to = 0;
  /** Id of the first post that the text quotes, as 3.2 and later record it; NaN when none. */
  quotedPost = Number.NaN;

  private scratch = Buffer.allocUnsafe(64 * 1024);
  private used = 0;

  /** A name, title or other one-line text: character references undone, nothing else. False when NULL. */
  loadPlain(row: DumpRow, column: number): boolean {
    if (!row.loadText(column)) return false;
    this.pass(row.value, row.from, row.to);
    if (indexOf(row.value, 38, row.from, row.to) >= 0) this.rewrite(false, null);
    return true;
  }

  /** A message or signature. `uid` is the row's bbcode_uid, '' when it has none. */
  loadBody(row: DumpRow, column: number, uid: string): boolean {
    this.quotedPost = Number.NaN;
    if (!row.loadText(column)) return false;
    this.pass(row.value, row.from, row.to);
    const { bytes, from, to } = this;
    const isXml =
      to - from >= 7 &&
      bytes[from] === 60 &&
      (bytes[from + 1] === 116 || bytes[from + 1] === 114) &&
      (bytes[from + 2] === 62 || bytes[from + 2] === 32);
    let sign = isXml ? from + 3 : from;
    while (sign < to && bytes[sign] !== 60 && bytes[sign] !== 38) sign++;
    if (isXml) {
      const isPlain = bytes[from + 2] === 62 && sign === to - 4 && indexOf(bytes, 38, sign, to) < 0;
      if (isPlain) this.pass(bytes, from + 3, sign);
      else this.rewrite(true, null);
    } else if (sign < to || uid !== '') this.rewrite(true, Buffer.from(uid));
    return true;
  }

  text(): string {
    return this.bytes.toString('utf8', this.from, this.to);
  }

  get isEmpty(): boolean {
    return this.from === this.to;
  }

  private pass(bytes: Buffer, from: number, to: number): void {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
  }

  /** Copies the text to the scratch buffer without its tags and references. `uid` null: XML, no HTML links. */
  private rewrite(tags: boolean, uid: Buffer | null): void {
    const { bytes, from, to } = this;
    // No rule makes text longer, but for a numeric reference, which is never shorter than its UTF-8.
    if (this.scratch.length < to - from + 8) this.scratch = Buffer.allocUnsafe((to - from) * 2 + 8);
    const { scratch } = this;
    this.used = 0;
    let isLastTag = false;
    for (let i = from; i < to; ) {
      const c = bytes[i]!;
      if (c === 38) i = this.reference(i);
      else if (c === 60 && tags && !isLastTag && isTagStart(bytes[i + 1]!)) {
        const close = indexOf(bytes, 62, i, to);
        if (close < 0) isLastTag = true;
        else i = uid === null ? this.xmlTag(i, close) : this.htmlTag(i, close);
      } else if (c === 58 && uid !== null && uid.length > 0) i = this.uid(i, uid);
      else i = this.run(i, tags ? 60 : 38, uid === null || uid.length === 0 ? 38 : 58);
    }
    this.pass(scratch, 0, this.used);
  }

  /** Copies the byte at `at` and those behind it up to the next '&' or either of the two signs. */
  private run(at: number, sign: number, other: number): number {
    const { bytes, to, scratch } = this;
    let { used } = this;
    let i = at;
    let c = bytes[i]!;
    do {
      scratch[used++] = c;
      c = bytes[++i]!;
    } while (i < to && c !== sign && c !== other && c !== 38);
    this.used = used;
    return i;
  }

  private reference(at: number): number {
    const { bytes, to } = this;
    const end = indexOf(bytes, 59, at, Math.min(to, at + 12));
    const name = end < 0 ? '' : bytes.toString('latin1', at + 1, end);
    let text: string | undefined;
    const number = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
    if (number) {
      const code = number[1] ? Number.parseInt(number[1], 16) : Number(number[2]);
      if (code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)) text = String.fromCodePoint(code);
    } else if (Object.hasOwn(entities, name)) text = entities[name];
    if (text === undefined) {
      this.scratch[this.used++] = 38;
      return at + 1;
    }
    this.used += this.scratch.write(text, this.used, 'utf8');
    return end + 1;
  }

  private xmlTag(at: number, close: number): number {
    const { bytes } = this;
    if (Number.isNaN(this.quotedPost) && bytes[at + 1] === 81 && close - at < 2000) {
      const id = /^<QUOTE [^>]*\bpost_id="(\d{1,10})"/.exec(bytes.toString('latin1', at, close));
      if (id) this.quotedPost = Number(id[1]);
    }
    return close + 1;
  }

  /** Links become their address, smilies the sign that was typed, comments nothing. */
  private htmlTag(at: number, close: number): number {
    const { bytes, to } = this;
    const tag = bytes.toString('latin1', at, Math.min(close + 1, at + 4096));
    if (tag.startsWith('<!--')) return close + 1;
    if (/^<br\b/i.test(tag)) this.scratch[this.used++] = 10;
    const value = tag.startsWith('<a ')
      ? /\shref="([^"]*)"/.exec(tag)
      : /^<img\s[^>]*?\balt="([^"]*)"/.exec(tag);
    if (!value) return close + 1;
    const start = at + value.index + value[0].length - 1 - value[1]!.length;
    const mail = value[1]!.startsWith('mailto:') ? 7 : 0;
    for (let i = start + mail; i < start + value[1]!.length; ) {
      if (bytes[i] === 38) i = this.reference(i);
      else this.scratch[this.used++] = bytes[i++]!;
    }
    if (!tag.startsWith('<a ')) return close + 1;
    const end = bytes.subarray(close, Math.min(to, close + 8192)).indexOf('</a>', 0, 'latin1');
    return end < 0 ? close + 1 : close + end + 4;
  }

  /** Drops ':uid' and ':u:uid' (and o, m, or a digit for u), which only mark that BBCode was parsed. */
  private uid(at: number, uid: Buffer): number {
    const { bytes, to, scratch } = this;
    const behind = bytes[at + 2] === 58 && /[uom\d]/.test(String.fromCharCode(bytes[at + 1]!)) ? at + 2 : at;
    for (const colon of behind === at ? [at] : [behind, at]) {
      const end = colon + 1 + uid.length;
      if (end > to || bytes.compare(uid, 0, uid.length, colon + 1, end) !== 0) continue;
      const { used } = this;
      // phpBB closes list items itself, as [/*:m:uid].
      if (
        bytes[end] === 93 &&
        scratch[used - 1] === 42 &&
        scratch[used - 2] === 47 &&
        scratch[used - 3] === 91
      ) {
        this.used -= 3;
        return end + 1;
      }
      return end;
    }
    scratch[this.used++] = 58;
    return at + 1;
  }
}

/** A letter, '/' or '!': what makes '<' begin a tag or comment. */
function isTagStart(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 47 || c === 33;
}

function indexOf(bytes: Buffer, byte: number, from: number, to: number): number {
  if (to - from < 256) {
    for (let i = from; i < to; i++) if (bytes[i] === byte) return i;
    return -1;
  }
  const at = bytes.subarray(from, to).indexOf(byte);
  return at < 0 ? -1 : from + at;
}
