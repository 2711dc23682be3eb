import { ByteWindow, bomLength } from './byte-window.ts';

/** Bytes of one entry beyond which it is passed over. */
const maxEntryBytes = 16 * 1024 * 1024;
/** Bytes of a member of the root object beyond which it is not given out. */
const maxMemberBytes = 64 * 1024;
/** Bytes from an object's brace within which an anchor must be told. */
const anchorBytes = 256;

const quote = 34;
const backslash = 92;

/** What a JSON file looks like whose root object holds one long array of objects, the entries. */
export interface ObjectsShape {
  /** The member of the root object that is the array. */
  readonly array: string;
  /**
   * The member of the array's objects that is an array of objects itself. Where it is present, its objects are
   * the entries. Null when there is no such.
   */
  readonly inner: string | null;
  /**
   * Where an entry surely begins: matched against the bytes (as Latin-1) from an opening brace on, up to 256
   * of them. It must never match inside a text of valid JSON, nor at an object within an entry. A set instead
   * names the keys that objects within an entry may begin with; the anchor is then the key with which the
   * file's first entry begins, unless that is one of them.
   */
  readonly anchor: RegExp | ReadonlySet<string>;
}

export interface ObjectsVisitor {
  /** A member of the root object other than the array, as JSON wrote it. Members above 64 KiB are left out. */
  root(key: string, json: string): void;
  /** The bytes of one entry. Valid only during the call. */
  entry(bytes: Uint8Array, offset: number): void;
  /** Bytes that were passed over because the JSON is damaged there; `entry` when an entry is lost with them. */
  lost(offset: number, length: number, entry: boolean): void;
}

/**
 * Walks a JSON file as it streams by and gives out each entry's bytes, holding no more than one of them
 * (16 MiB at most; larger ones are lost). It follows braces, brackets and strings only; the objects are parsed
 * by whoever visits.
 *
 * Damage (a raw control character in a string, an entry that begins inside another) is passed over up to the
 * next place where an entry surely begins: see `ObjectsShape.anchor`. A brace followed by a quoted key is
 * never part of a text in valid JSON, since there the quote would be escaped.
 */
export class JsonObjects {
  private readonly visitor: ObjectsVisitor;
  private readonly shape: ObjectsShape;
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
  /** Where the value of a member of the root begins in the window, or -1. */
  private valueAt = -1;
  private inArray = false;
  private inInner = false;
  private innerSeen = false;
  /** Where the entry begins in the window, or -1. */
  private entryAt = -1;
  /** The first key of the first entry with its quotes; null while unknown or when it could be a nested one's. */
  private anchor: Buffer | null = null;
  private anchorSought: boolean;
  /** Place in the file from which on the JSON is not understood, or -1. */
  private lostFrom = -1;
  private lostEntry = false;
  private started = false;

  constructor(shape: ObjectsShape, visitor: ObjectsVisitor) {
    this.shape = shape;
    this.visitor = visitor;
    this.anchorSought = !(shape.anchor instanceof RegExp);
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
        this.anchor = this.learned();
        this.anchorSought = false;
      }
      if (this.depth === 1 || (this.depth === 3 && this.inArray)) this.ended();
    } else if (byte < 32) {
      this.lose();
    }
  }

  /** A text ended at depth 1 or 3: keep it as a possible key. */
  private ended(): void {
    const length = this.at + 1 - this.stringAt;
    this.text = length > 4096 ? '""' : this.window.bytes.toString('utf8', this.stringAt, this.at + 1);
  }

  /** A value at depth 1 ended before `at`. */
  private endMember(): void {
    const { valueAt, window } = this;
    this.valueAt = -1;
    if (valueAt < 0 || this.at - valueAt > maxMemberBytes) return;
    this.visitor.root(this.key1, window.bytes.toString('utf8', valueAt, this.at).trim());
  }

  private structure(byte: number): void {
    switch (byte) {
      case quote:
        this.inString = true;
        this.stringAt = this.at;
        break;
      case 58: // ':'
        if (this.depth === 1) {
          this.key1 = this.text.slice(1, -1);
          this.valueAt = this.at + 1;
        } else if (this.depth === 3) this.key3 = this.text.slice(1, -1);
        return;
      case 44: // ','
        if (this.depth === 1) this.endMember();
        return;
      case 123:
        this.depth++;
        if (this.depth === (this.inInner ? 5 : this.inArray ? 3 : -1)) this.entryAt = this.at;
        return;
      case 91: // '['
        this.openArray();
        return;
      case 125: // '}'
        if (this.entryAt >= 0 && this.depth === (this.inInner ? 5 : 3)) this.emit();
        if (this.depth === 1) this.endMember();
        this.depth = Math.max(0, this.depth - 1);
        return;
      case 93: // ']'
        if (this.depth === 4) this.inInner = false;
        if (this.depth === 2) this.inArray = false;
        this.depth = Math.max(0, this.depth - 1);
    }
  }

  private openArray(): void {
    this.depth++;
    if (this.depth === 2 && this.key1 === this.shape.array) {
      this.inArray = true;
      this.valueAt = -1;
    }
    if (this.depth === 4 && this.inArray && this.key3 === this.shape.inner) {
      // What was taken for an entry only holds the entries.
      this.inInner = true;
      this.entryAt = -1;
      if (!this.innerSeen) this.anchorSought = !(this.shape.anchor instanceof RegExp);
      this.innerSeen = true;
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

  /** Whether an entry surely begins here; null when the bytes that tell are not here yet. */
  private anchorAt(at: number, final: boolean): boolean | null {
    const { anchor: pattern } = this.shape;
    const { bytes, size } = this.window;
    if (pattern instanceof RegExp) {
      if (pattern.test(bytes.toString('latin1', at, Math.min(size, at + anchorBytes)))) return true;
      return final || size - at >= anchorBytes ? false : null;
    }
    const { anchor } = this;
    if (anchor === null) return false;
    const most = Math.min(size, at + anchorBytes);
    let next = at + 1;
    while (next < most && (bytes[next] === 32 || (bytes[next]! >= 9 && bytes[next]! <= 13))) next++;
    for (let i = 0; i < anchor.length; i++, next++) {
      if (next >= size) return final || next - at >= anchorBytes + anchor.length ? false : null;
      if (bytes[next] !== anchor[i]) return false;
    }
    return true;
  }

  /** The first key of the open entry with its quotes, if no nested object may begin with it. */
  private learned(): Buffer | null {
    const { anchor } = this.shape;
    const entry = this.window.bytes.subarray(this.entryAt, this.at + 1);
    const key = /^\{\s*("([^"\\]{1,64})")/.exec(entry.toString('latin1', 0, 128));
    const known = key !== null && !(anchor instanceof RegExp) && !anchor.has(key[2]!);
    return known ? Buffer.from(key[1]!, 'latin1') : null;
  }

  /** The JSON cannot be followed from here on. */
  private lose(): void {
    const from = this.entryAt >= 0 ? this.entryAt : this.at;
    this.lostFrom = this.window.offset + from;
    this.lostEntry = this.entryAt >= 0;
    this.entryAt = -1;
    this.valueAt = -1;
    this.inString = false;
    this.escaped = false;
  }

  /** Goes on at the next place where an entry surely begins. */
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
    this.depth = this.inInner ? 4 : 2;
    this.inArray = true;
    return true;
  }

  /** Drops what need not be held: everything before the open entry, member of the root, or text. */
  private drop(): void {
    const { window } = this;
    if (this.entryAt >= 0 && this.at - this.entryAt > maxEntryBytes) this.lose();
    if (this.valueAt >= 0 && this.at - this.valueAt > maxMemberBytes) this.valueAt = -1;
    let keep = this.at;
    if (this.entryAt >= 0) keep = this.entryAt;
    else if (this.inString && this.at - this.stringAt < 8192) keep = this.stringAt;
    if (this.valueAt >= 0) keep = Math.min(keep, this.valueAt);
    window.discard(keep);
    this.at -= keep;
    this.stringAt -= keep;
    if (this.entryAt >= 0) this.entryAt -= keep;
    if (this.valueAt >= 0) this.valueAt -= keep;
  }
}

function isPlain(byte: number): boolean {
  return byte >= 32 && byte !== quote && byte !== backslash && byte !== 123;
}
