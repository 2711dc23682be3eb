import { limits } from '../base/limits.ts';
import { decodeLoosely } from '../evidence/columns.ts';
import type { Input } from '../evidence/reader.ts';
import { ByteWindow, bomLength } from './byte-window.ts';
import { expandEntities, nameAt, readTag } from './xml/tag.ts';

/** What an XML file says, in its order. Offsets and lengths are bytes of the file. */
export interface XmlVisitor {
  /** A start tag. Names are as written, with their prefix (see `localName`). */
  open(name: string, attributes: ReadonlyMap<string, string>, offset: number): void;
  /** An end tag, an empty element's end, or the end of an element whose end tag is missing; `end`: behind it. */
  close(name: string, end: number): void;
  /** Character data and CDATA, with entities resolved; an element's text may come in several pieces. */
  text(text: string): void;
  /** Something that could not be taken as it stands. */
  warn(code: string, text: string, offset: number, length: number): void;
}

/** Elements open at once beyond which deeper ones are passed over. */
const maxDepth = 256;
/** Bytes of one tag beyond which it is damage. */
const maxTagBytes = 256 * 1024;
/** Bytes of a document type declaration that are passed over at most. */
const maxDoctypeBytes = 64 * 1024;

const less = 60;
const greater = 62;

/**
 * Reads XML 1.0 as it streams by, in memory bounded by the longest tag or text (16 MiB; longer texts are cut).
 * UTF-8, with single texts that are not read as Windows-1252; UTF-16 is not read.
 *
 * What could make a reader do more than read is left out: a document type declaration is passed over with a
 * warning, so that no entity is ever declared, and only the five predefined entities and character references
 * are resolved. Any other is kept as written, with a warning. Damage is passed over up to the next '<'; an end
 * tag that closes an outer element closes those within; one that closes nothing is passed over.
 */
export class XmlScanner {
  private readonly visitor: XmlVisitor;
  private readonly window = new ByteWindow();
  private readonly open: string[] = [];
  /** Start tags beyond the depth that is followed. */
  private deeper = 0;
  private at = 0;
  private started = false;
  /** What a run of bytes that is passed over ends with; null while nothing is. */
  private passing: string | null = null;
  /** How far the open text or tag was searched for its end. */
  private searched = 0;
  /** What follows up to the next '<' is the rest of a text that was cut, or of broken markup: it is passed over. */
  private cutting = false;

  constructor(visitor: XmlVisitor) {
    this.visitor = visitor;
  }

  push(chunk: Uint8Array): void {
    this.window.append(chunk);
    this.run(false);
  }

  /** Ends the file. What is still open is closed, with a warning. */
  end(): void {
    this.run(true);
    const end = this.window.offset + this.window.size;
    if (this.passing !== null || this.open.length > 0) {
      this.visitor.warn('xml-truncated', 'the file ends inside its markup', end, 0);
    }
    while (this.open.length > 0) this.visitor.close(this.open.pop()!, end);
  }

  private run(final: boolean): void {
    const { window } = this;
    if (!this.started) {
      if (window.size < 3 && !final) return;
      this.started = true;
      this.at = bomLength(window.bytes.subarray(0, window.size));
    }
    while (this.at < window.size) {
      const before = this.at;
      if (!this.step(final)) break;
      if (this.at !== before) this.searched = 0;
    }
    window.discard(this.at);
    this.searched = Math.max(0, this.searched - this.at);
    this.at = 0;
  }

  /** Takes the next piece of markup or text. False when more bytes are needed first. */
  private step(final: boolean): boolean {
    if (this.passing !== null) return this.pass(final);
    if (this.window.bytes[this.at] !== less) return this.characters(final);
    this.cutting = false;
    const { bytes, size } = this.window;
    const head = bytes.toString('latin1', this.at, Math.min(size, this.at + 9));
    if (head === '<![CDATA[') return this.cdata(final);
    if (head.length < 9 && !final && ('<![CDATA['.startsWith(head) || '<!DOCTYPE'.startsWith(head)))
      return false;
    if (head.startsWith('<!--')) return this.beginPass('-->', 4);
    if (head === '<!-' && !final) return false;
    if (head.startsWith('<?')) return this.beginPass('?>', 2);
    if (head === '<!DOCTYPE') return this.doctype(final);
    if (head.startsWith('<!')) return this.damage('a declaration stands where none may', 2);
    return this.tag(final);
  }

  private beginPass(until: string, length: number): boolean {
    this.passing = until;
    this.at += length;
    return true;
  }

  private pass(final: boolean): boolean {
    const { window } = this;
    const until = this.passing!;
    const found = window.bytes.subarray(0, window.size).indexOf(until, this.at, 'latin1');
    if (found < 0) {
      this.at = final ? window.size : Math.max(this.at, window.size - until.length + 1);
      return false;
    }
    this.at = found + until.length;
    this.passing = null;
    return true;
  }

  private characters(final: boolean): boolean {
    const { window } = this;
    const found = window.bytes.subarray(0, window.size).indexOf(less, Math.max(this.at, this.searched));
    this.searched = window.size;
    const over = (found < 0 ? window.size : found) - this.at > limits.maxTextBytes;
    if (found < 0 && !final && !over) return false;
    const end = found < 0 ? window.size : found;
    if (!this.cutting) {
      this.give(this.at, over ? this.boundary(this.at + limits.maxTextBytes) : end, true);
      if (over) this.cut(this.at);
    }
    this.cutting = found < 0 && (this.cutting || over);
    this.at = end;
    return true;
  }

  private cdata(final: boolean): boolean {
    const { window } = this;
    const start = this.at + 9;
    const found = window.bytes.subarray(0, window.size).indexOf(']]>', Math.max(start, this.searched - 2));
    this.searched = window.size;
    const over = (found < 0 ? window.size : found) - start > limits.maxTextBytes;
    if (found < 0 && !final && !over) return false;
    const end = found < 0 ? window.size : found;
    this.give(start, over ? this.boundary(start + limits.maxTextBytes) : end, false);
    if (over) this.cut(this.at);
    // What follows a section without an end is passed over like a comment.
    if (found < 0) this.passing = ']]>';
    this.at = found >= 0 ? end + 3 : final ? end : Math.max(start, end - 2);
    return true;
  }

  /** The last place up to `at` where a UTF-8 character begins. */
  private boundary(at: number): number {
    const { bytes } = this.window;
    let start = at;
    while (start > at - 4 && (bytes[start]! & 0xc0) === 0x80) start--;
    return start;
  }

  private cut(from: number): void {
    this.warn('xml-text-cut', 'a text is longer than is kept', from, limits.maxTextBytes);
  }

  private give(start: number, end: number, entities: boolean): void {
    if (end <= start || this.deeper > 0) return;
    const written = decodeLoosely(this.window.bytes.subarray(start, end));
    const { text, unresolved } = entities ? expandEntities(written) : { text: written, unresolved: false };
    if (unresolved) this.unresolved(start, end);
    if (this.open.length > 0) this.visitor.text(text);
    else if (text.trim() !== '')
      this.warn('xml-damaged', 'text stands outside every element', start, end - start);
  }

  private unresolved(start: number, end: number): void {
    this.warn('xml-entity', 'an entity that XML does not define is kept as written', start, end - start);
  }

  /** Passes over a document type declaration, with its internal subset: nothing that it declares is taken. */
  private doctype(final: boolean): boolean {
    const { window } = this;
    const { bytes, size } = window;
    const most = Math.min(size, this.at + maxDoctypeBytes);
    let nested = 0;
    let quoted = 0;
    for (let i = this.at + 9; i < most; i++) {
      const byte = bytes[i]!;
      if (quoted !== 0) {
        if (byte === quoted) quoted = 0;
      } else if (byte === less && bytes.toString('latin1', i, i + 4) === '<!--') {
        const end = bytes.subarray(0, most).indexOf('-->', i + 4, 'latin1');
        i = end < 0 ? most : end + 2;
      } else if (byte === 34 || byte === 39) {
        quoted = byte;
      } else if (byte === less || byte === 91) {
        nested++;
      } else if (byte === 93) {
        nested--;
      } else if (byte === greater && nested-- <= 0) {
        this.warn('xml-doctype', 'a document type declaration is not followed', this.at, i + 1 - this.at);
        this.at = i + 1;
        return true;
      }
    }
    if (!final && size - this.at < maxDoctypeBytes) return false;
    return this.damage('a document type declaration does not end', 9);
  }

  private tag(final: boolean): boolean {
    const { window } = this;
    const result = readTag(window.bytes, this.at, Math.min(window.size, this.at + maxTagBytes));
    if (result === 'more') {
      if (!final && window.size - this.at < maxTagBytes) return false;
      return this.damage('a tag does not end', 1);
    }
    if (result === 'damaged') return this.damage('this is no tag', 1);
    const start = this.at;
    this.at = result.end;
    if (result.trouble !== null) this.warn('xml-attribute', result.trouble, start, result.end - start);
    if (result.kind === 'end') this.closeTag(result.name, start);
    else {
      this.openTag(result.name, result.attributes, start);
      if (result.kind === 'empty') this.closeInnermost(result.name);
    }
    return true;
  }

  private openTag(name: string, attributes: ReadonlyMap<string, string>, start: number): void {
    if (this.open.length >= maxDepth) {
      if (this.deeper++ === 0) {
        this.warn('xml-depth', 'elements nested this deep are passed over', start, this.at - start);
      }
      return;
    }
    this.open.push(name);
    this.visitor.open(name, attributes, this.window.offset + start);
  }

  private closeInnermost(name: string): void {
    if (this.deeper > 0) this.deeper--;
    else {
      this.open.pop();
      this.visitor.close(name, this.window.offset + this.at);
    }
  }

  private closeTag(name: string, start: number): void {
    if (this.deeper > 0) {
      this.deeper--;
      return;
    }
    const depth = this.open.lastIndexOf(name);
    if (depth < 0) {
      this.warn('xml-damaged', 'an end tag closes no open element', start, this.at - start);
      return;
    }
    if (depth < this.open.length - 1) {
      this.warn('xml-damaged', 'elements within this one were not closed', start, this.at - start);
    }
    while (this.open.length > depth + 1) this.visitor.close(this.open.pop()!, this.window.offset + start);
    this.closeInnermost(name);
  }

  /** Passes over broken markup up to the next '<'. */
  private damage(text: string, length: number): boolean {
    this.warn('xml-damaged', text, this.at, length);
    this.at += length;
    this.cutting = true;
    return true;
  }

  private warn(code: string, text: string, at: number, length: number): void {
    this.visitor.warn(code, text, this.window.offset + at, length);
  }
}

/** Reads a whole file. */
export async function scanXml(input: Input, visitor: XmlVisitor): Promise<void> {
  const scanner = new XmlScanner(visitor);
  for await (const chunk of input.chunks()) scanner.push(chunk);
  scanner.end();
}

/** A name without its namespace prefix. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The name of the first element of a head, or null when the head is no XML. For sniffing. */
export function rootName(head: Uint8Array): string | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  const before = /^(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^[>]*(?:\[[\s\S]*?\]\s*)?>)*/.exec(
    bytes.toString('latin1', bomLength(head)),
  )![0];
  const at = bomLength(head) + before.length;
  return bytes[at] === less ? nameAt(bytes, at + 1, bytes.length) : null;
}
