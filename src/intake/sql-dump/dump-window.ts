/** Zero bytes kept after the last byte held, so that scanners can look a little ahead without a bound check. */
const slackBytes = 128;

/**
 * The part of a dump that is in memory. Bytes before `pos` are done with; a scanner that runs into `end`
 * asks for more, and what it had begun is begun again with the longer window.
 */
export class DumpWindow {
  buf: Buffer = Buffer.alloc(64 * 1024);
  /** `buf` up to `end`, for native searches that must not see stale bytes. */
  view: Buffer = this.buf.subarray(0, 0);
  pos = 0;
  end = 0;
  /** Place of `buf[0]` in the file. */
  base = 0;
  /** Set by the scanner when a string holds a doubled quote. */
  sawDoubled = false;
  /** True once nothing follows `end`. */
  last = false;

  append(chunk: Uint8Array): void {
    if (this.pos > 0) {
      this.buf.copyWithin(0, this.pos, this.end);
      this.base += this.pos;
      this.end -= this.pos;
      this.pos = 0;
    }
    const needed = this.end + chunk.length + slackBytes;
    if (needed > this.buf.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.buf.length * 2));
      this.buf.copy(grown, 0, 0, this.end);
      this.buf = grown;
    }
    this.buf.set(chunk, this.end);
    this.end += chunk.length;
    this.buf.fill(0, this.end, this.end + slackBytes);
    this.view = this.buf.subarray(0, this.end);
  }
}
