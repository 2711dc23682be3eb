import type { Input } from '../evidence/reader.ts';

/**
 * A growing stretch of a file held in memory: bytes are appended as they arrive and discarded from the front
 * once they are done with. Costs one copy of every byte; holds as much as its user lets it.
 */
export class ByteWindow {
  bytes = Buffer.allocUnsafe(64 * 1024);
  /** How many of `bytes` are in use. */
  size = 0;
  /** Place in the file of `bytes[0]`. */
  offset = 0;

  append(chunk: Uint8Array): void {
    if (this.size + chunk.length > this.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.size + chunk.length));
      this.bytes.copy(grown, 0, 0, this.size);
      this.bytes = grown;
    }
    this.bytes.set(chunk, this.size);
    this.size += chunk.length;
  }

  /** Drops the first `count` bytes. */
  discard(count: number): void {
    if (count === 0) return;
    this.bytes.copyWithin(0, count, this.size);
    this.size -= count;
    this.offset += count;
  }
}

/** The first bytes of a file, at most `maxBytes`, as a copy. Opens the input once; it can be read again after. */
export async function headOf(input: Input, maxBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of input.chunks()) {
    // Not chunk.slice: on a Buffer that is a view of memory which is about to be used again.
    const piece = Uint8Array.prototype.slice.call(chunk, 0, maxBytes - held);
    pieces.push(piece);
    held += piece.length;
    if (held >= maxBytes) break;
  }
  return Buffer.concat(pieces, held);
}

/** Length of a UTF-8 byte order mark at the start, 3 or 0. */
export function bomLength(head: Uint8Array): number {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}

/** The last part of a path, whichever way its separators lean. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
