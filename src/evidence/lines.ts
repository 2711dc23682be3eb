import { limits } from '../base/limits.ts';
import type { Input } from './reader.ts';

/**
 * Whole lines of a file, many at a time: each block ends at a line feed (the last one where the file does).
 * `offset` is the place of `bytes[0]` in the file. A line longer than `limits.maxRowBytes` comes in pieces.
 */
export interface LineBlock {
  readonly bytes: Uint8Array;
  readonly offset: number;
}

const lineFeed = 10;

export async function* lineBlocks(input: Input): AsyncGenerator<LineBlock> {
  let rest = new Uint8Array(0);
  let offset = input.from ?? 0;
  for await (const chunk of input.chunks()) {
    const cut = chunk.lastIndexOf(lineFeed) + 1;
    if (cut === 0 && rest.length + chunk.length < limits.maxRowBytes) {
      rest = concat(rest, chunk);
      continue;
    }
    const end = cut === 0 ? chunk.length : cut;
    if (rest.length > 0) {
      // Only the first line of the chunk is joined to what was left over; the bulk is not copied.
      const first = cut === 0 ? end : chunk.indexOf(lineFeed) + 1;
      const joined = concat(rest, chunk.subarray(0, first));
      yield { bytes: joined, offset };
      offset += joined.length;
      if (first < end) {
        yield { bytes: chunk.subarray(first, end), offset };
        offset += end - first;
      }
    } else {
      yield { bytes: chunk.subarray(0, end), offset };
      offset += end;
    }
    rest = Uint8Array.prototype.slice.call(chunk, end) as Uint8Array<ArrayBuffer>;
  }
  if (rest.length > 0) yield { bytes: rest, offset };
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
