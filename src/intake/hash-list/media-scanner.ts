import { ByteWindow, bomLength } from '../byte-window.ts';

/** Bytes of one Media object beyond which it is passed over. */
const maxEntryBytes = 16 * 1024 * 1024;
/** White space between an object's brace and its first key that is still recognised as an anchor. */
const anchorBytes = 256;

/** Keys that the objects nested in a Media object may begin with; they cannot mark where a Media object begins. */
const nestedKeys = new Set(
  'MD5 SHA1 FileName FilePath Created Written Accessed Unallocated Deleted PhysicalLocation SourceID ParentMD5 HashName HashValue PropertyName PropertyValue SegmentIndex Start End Category RepositoryName'.split(
    ' ',
  ),
);

const quote = 34;
const backslash = 92;

export interface MediaVisitor {
  /** The value of a text member of the root object, as JSON wrote it, with its quotes. */
  root(key: string, json: string): void;
  /** The bytes of one object of `Media[]` or, in a hash set, of `value[]`. Valid only during the call. */
  entry(bytes: Uint8Array, offset: number): void;
  /** Bytes that were passed over because the JSON is damaged there; `entry` when a Media object is lost with them. */
  lost(offset: number, length: number, entry: boolean): void;
}

/**
 * Walks a VICS-shaped JSON file as it streams by and gives out each Media object's bytes, holding no more
 * than one of them. It follows braces, brackets and strings only; the objects are parsed by whoever visits.
 *
 * Damage (a raw control character in a string, a Media object that begins inside another) is passed over up
 * to the next place where a Media object surely begins: a brace followed by the key with which the file's
 * first Media object begins. Inside valid JSON that sequence of bytes is never part of a text, since there
 * the quote would be escaped.
 */
export class MediaScanner {
  private readonly visitor: MediaVisitor;
  private readonly window = new ByteWindow();
  private at = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private stringAt = 0;
  /** The last text at depth 1 or 3, as JSON wrote it; a key once a colon follows. */
  private text = '';
  private key1 = '';
  private key3 = '';
  private afterColon = false;
  private inValue = false;
  private inMedia = false;
  private mediaSeen = false;
  /** Where the entry begins in the window, or -1. */
  private entryAt = -1;
  /** The first key of the first entry with its quotes; null while unknown or when it could be a nested one's. */
  private anchor: Buffer | null = null;
  private anchorSought = true;
  /** Place in the file from which on the JSON is not understood, or -1. */
  private lostFrom = -1;
  private lostEntry = false;
  private started = false;

  constructor(visitor: MediaVisitor) {
    this.visitor = visitor;
  }

  push(chunk: Uint8Array): void {
    this.window.append(chunk);
    this.run(false);
  }

  /** Ends the file; what is still open is damaged. */
  end(): void {
    this.run(true);
    const { window } = this;
    const fileEnd = window.offset + window.size;
    if (this.lostFrom >= 0) this.visitor.lost(this.lostFrom, fileEnd - this.lostFrom, this.lostEntry);
    else if (this.entryAt >= 0)
      this.visitor.lost(window.offset + this.entryAt, window.size - this.entryAt, true);
    else if (this.depth > 0 || this.inString) this.visitor.lost(fileEnd, 0, false);
  }

  private run(final: boolean): void {
    const { window } = this;
    if (!this.started) {
      if (window.size < 3 && !final) return;
      this.started = true;
      this.at = bomLength(window.bytes.subarray(0, window.size));
    }
    while (this.at < window.size) {
      if (!this.step(final)) break;
    }
    this.drop();
  }

  /** Looks at the bytes up to the next one that matters and at that one. False when more bytes are needed first. */
  private step(final: boolean): boolean {
    const { window } = this;
    const { bytes, size } = window;
    if (this.lostFrom >= 0) return this.seek(final);
    const byte = bytes[this.at]!;
    if (byte === 123) {
      const anchored = this.anchorAt(this.at, final);
      if (anchored === null) return false;
      if (anchored && (this.inString || this.entryAt >= 0)) {
        this.lose();
        return true;
      }
    }
    if (this.inString) {
      this.inText(byte);
      this.at++;
      while (this.inString && this.at < size && !this.escaped && isPlain(bytes[this.at]!)) this.at++;
      return true;
    }
    this.structure(byte);
    this.at++;
    return true;
  }

  private inText(byte: number): void {
    if (this.escaped) {
      this.escaped = false;
    } else if (byte === backslash) {
      this.escaped = true;
    } else if (byte === quote) {
      this.inString = false;
      if (this.anchorSought && this.entryAt >= 0) {
        this.anchor = anchorOf(this.window.bytes.subarray(this.entryAt, this.at + 1));
        this.anchorSought = false;
      }
      if (this.depth === 1 || (this.depth === 3 && this.inValue)) this.ended();
    } else if (byte < 32) {
      this.lose();
    }
  }

  /** A text ended at depth 1 or 3: keep it as a possible key, or report it as a member of the root. */
  private ended(): void {
    const { window } = this;
    const length = this.at + 1 - this.stringAt;
    const json = length > 4096 ? '""' : window.bytes.toString('utf8', this.stringAt, this.at + 1);
    if (this.depth === 1 && this.afterColon) this.visitor.root(this.key1, json);
    else this.text = json;
  }

  private structure(byte: number): void {
    switch (byte) {
      case quote:
        this.inString = true;
        this.stringAt = this.at;
        break;
      case 58: // ':'
        if (this.depth === 1) this.key1 = this.text.slice(1, -1);
        else if (this.depth === 3) this.key3 = this.text.slice(1, -1);
        this.afterColon = true;
        return;
      case 44: // ','
        this.afterColon = false;
        return;
      case 123:
        this.depth++;
        if (this.depth === (this.inMedia ? 5 : this.inValue ? 3 : -1)) this.entryAt = this.at;
        this.afterColon = false;
        return;
      case 91: // '['
        this.depth++;
        if (this.depth === 2 && this.key1 === 'value') this.inValue = true;
        if (this.depth === 4 && this.inValue && this.key3 === 'Media') {
          // What was taken for an entry is a case; its media are the entries.
          this.inMedia = true;
          this.entryAt = -1;
          if (!this.mediaSeen) this.anchorSought = true;
          this.mediaSeen = true;
        }
        return;
      case 125: // '}'
        if (this.entryAt >= 0 && this.depth === (this.inMedia ? 5 : 3)) this.emit();
        this.depth = Math.max(0, this.depth - 1);
        return;
      case 93: // ']'
        if (this.depth === 4) this.inMedia = false;
        if (this.depth === 2) this.inValue = false;
        this.depth = Math.max(0, this.depth - 1);
    }
  }

  private emit(): void {
    const { window } = this;
    const slice = window.bytes.subarray(this.entryAt, this.at + 1);
    if (slice.length > maxEntryBytes) {
      this.lose();
      return;
    }
    this.visitor.entry(slice, window.offset + this.entryAt);
    this.entryAt = -1;
  }

  /** Whether a Media object surely begins here; null when the bytes that tell are not here yet. */
  private anchorAt(at: number, final: boolean): boolean | null {
    const { anchor, window } = this;
    if (anchor === null) return false;
    const { bytes, size } = window;
    const most = Math.min(size, at + anchorBytes);
    let next = at + 1;
    while (next < most && (bytes[next] === 32 || (bytes[next]! >= 9 && bytes[next]! <= 13))) next++;
    for (let i = 0; i < anchor.length; i++, next++) {
      if (next >= size) return final || next - at >= anchorBytes + anchor.length ? false : null;
      if (bytes[next] !== anchor[i]) return false;
    }
    return true;
  }

  /** The JSON cannot be followed from here on. */
  private lose(): void {
    const from = this.entryAt >= 0 ? this.entryAt : this.at;
    this.lostFrom = this.window.offset + from;
    this.lostEntry = this.entryAt >= 0;
    this.entryAt = -1;
    this.inString = false;
    this.escaped = false;
  }

  /** Goes on at the next place where a Media object surely begins. */
  private seek(final: boolean): boolean {
    const { window } = this;
    const found = window.bytes.subarray(0, window.size).indexOf(123, this.at);
    if (found < 0) {
      this.at = window.size;
      return false;
    }
    this.at = found;
    const anchored = this.anchorAt(found, final);
    if (anchored === null) return false;
    if (!anchored) {
      this.at++;
      return true;
    }
    const here = window.offset + found;
    this.visitor.lost(this.lostFrom, here - this.lostFrom, this.lostEntry);
    this.lostFrom = -1;
    this.depth = this.inMedia ? 4 : 2;
    this.inValue = true;
    this.afterColon = false;
    return true;
  }

  /** Drops what need not be held: everything before the open entry, or before the open text. */
  private drop(): void {
    const { window } = this;
    if (this.entryAt >= 0 && this.at - this.entryAt > maxEntryBytes) this.lose();
    let keep = this.at;
    if (this.entryAt >= 0) keep = this.entryAt;
    else if (this.inString && this.at - this.stringAt < 8192) keep = this.stringAt;
    window.discard(keep);
    this.at -= keep;
    this.stringAt -= keep;
    if (this.entryAt >= 0) this.entryAt -= keep;
  }
}

function isPlain(byte: number): boolean {
  return byte >= 32 && byte !== quote && byte !== backslash && byte !== 123;
}

/** The first key of a Media object with its quotes, if no nested object may begin with it. */
function anchorOf(entry: Uint8Array): Buffer | null {
  const head = Buffer.from(entry.subarray(0, 128)).toString('latin1');
  const key = /^\{\s*("([^"\\]{1,64})")/.exec(head);
  return key && !nestedKeys.has(key[2]!) ? Buffer.from(key[1]!, 'latin1') : null;
}
