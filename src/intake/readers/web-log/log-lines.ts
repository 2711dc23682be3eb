import { lineBlocks } from '../../../evidence/lines.ts';
import type { Input } from '../../../evidence/reader.ts';

/** Longest line that is read; Apache's and nginx's defaults allow some 40 KiB once escaped. */
export const maxLineBytes = 1024 * 1024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** What a log's reader does with its lines. */
export interface LineSink {
  /**
   * One line: bytes[start..end) without its line feed, carriage return and any NUL bytes before it.
   * `offset` is the place of bytes[0] in the file.
   */
  line(bytes: Buffer, start: number, end: number, offset: number): void;
  /** NUL bytes before a line, as a log that was cut while being written to has them. */
  padding(offset: number, length: number): void;
  /** A line longer than `maxLineBytes`. */
  overlong(offset: number, length: number): void;
}

/** Goes through a file's lines. The last one counts even when nothing ends it. */
export async function eachLine(input: Input, sink: LineSink): Promise<void> {
  // A line longer than a block comes in pieces: its start is kept until its end is seen.
  let overlongStart = -1;
  let fileEnd = 0;
  for await (const { bytes, offset } of lineBlocks(input)) {
    const block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    fileEnd = offset + block.length;
    let start = 0;
    if (overlongStart >= 0) {
      const end = block.indexOf(lineFeed);
      if (end < 0) continue;
      sink.overlong(overlongStart, offset + end - overlongStart);
      overlongStart = -1;
      start = end + 1;
    }
    while (start < block.length) {
      const end = block.indexOf(lineFeed, start);
      if (end < 0 && block.length - start > maxLineBytes) {
        overlongStart = offset + start;
        break;
      }
      oneLine(block, start, end < 0 ? block.length : end, offset, sink);
      if (end < 0) break;
      start = end + 1;
    }
  }
  if (overlongStart >= 0) sink.overlong(overlongStart, fileEnd - overlongStart);
}

function oneLine(block: Buffer, start: number, end: number, offset: number, sink: LineSink): void {
  if (end - start > maxLineBytes) {
    sink.overlong(offset + start, end - start);
    return;
  }
  if (end > start && block[end - 1] === carriageReturn) end--;
  if (block[start] === 0 && end > start) {
    const padded = start;
    while (start < end && block[start] === 0) start++;
    sink.padding(offset + padded, start - padded);
  }
  sink.line(block, start, end, offset);
}
