import { type LineBlock, lineBlocks } from '../../evidence/lines.ts';
import type { Input } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { bomLength } from '../byte-window.ts';
import { type HashAlgorithm, hexDigits, ListedHashes, type ListHeading, lowerHex } from './listed-hashes.ts';

/**
 * Plain lists: one value a line, alone or as md5sum, sha1sum and sha256sum write it (`<hex>  <name>`,
 * `<hex> *<name>`, a leading backslash when the name is escaped), in GNU coreutils' default format. Lines
 * that start with '#' are comments. The number of digits tells the algorithm, except that 64 may be SHA-256
 * or PDQ (see `looksLikePdq`).
 */

/** Values of 64 digits a head needs before it is judged whether they are PDQ. */
const judgedValues = 16;
/** Share of non-blank, non-comment lines that must hold a value. */
const sureShare = 0.9;

const lineFeed = 10;

/** Where a line's value lies. Used again for each line. */
class LineValue {
  start = 0;
  end = 0;

  /**
   * Finds the value in the line `[from, to)`: 32, 40 or 64 hex digits at its start, followed by the end, or
   * by white space and a name. False when there is none.
   */
  find(bytes: Uint8Array, from: number, to: number): boolean {
    let at = from;
    while (at < to && (bytes[at] === 32 || bytes[at] === 9)) at++;
    if (bytes[at] === 92 && at < to) at++;
    this.start = at;
    const most = Math.min(to, at + 65);
    while (at < most && lowerHex[bytes[at]!] !== 0) at++;
    this.end = at;
    const digits = at - this.start;
    if (digits !== 32 && digits !== 40 && digits !== 64) return false;
    return at === to || bytes[at] === 32 || bytes[at] === 9;
  }
}

/**
 * What a head looks like as a plain list: how sure that it is one, and whether its 64-digit values are PDQ.
 * The first line that is neither blank nor a comment must hold a value, and nine in ten of all of them.
 */
export function judgePlain(head: Uint8Array): { certainty: number; pdq: boolean } {
  const value = new LineValue();
  let lines = 0;
  let values = 0;
  let named = 0;
  let long = 0;
  let balanced = 0;
  const last = head.lastIndexOf(lineFeed);
  const size = last < 0 ? head.length : last + 1;
  for (let from = bomLength(head); from < size; ) {
    const found = head.indexOf(lineFeed, from);
    const to = found < 0 ? size : found;
    const end = lineEnd(head, from, to);
    if (end > from && head[from] !== 35) {
      const holds = value.find(head, from, end);
      if (!holds && value.start < end && lines++ === 0) return { certainty: 0, pdq: false };
      if (holds) {
        lines++;
        values++;
        if (value.end < end) named++;
        if (value.end - value.start === 64) {
          long++;
          if (bitsSet(head, value.start, value.end) === 128) balanced++;
        }
      }
    }
    from = to + 1;
  }
  const sure = values > 0 && values >= lines * sureShare;
  // One value alone may be anything (a key, a token); values with names may be a manifest of checksums.
  const certainty = !sure ? 0 : values === 1 ? 0.5 : named * 2 > values ? 0.6 : 0.9;
  return { certainty, pdq: looksLikePdq(long, balanced) };
}

/**
 * PDQ sets each of its 256 bits by comparison with the median, so 128 of them are ones in nearly every real
 * value; of SHA-256 values only one in twenty has exactly 128. Half of 16 values by chance: under 1 in a million.
 */
function looksLikePdq(values: number, balanced: number): boolean {
  return values >= judgedValues && balanced * 2 >= values;
}

function bitsSet(bytes: Uint8Array, start: number, end: number): number {
  let bits = 0;
  for (let i = start; i < end; i++) {
    for (let digit = Number.parseInt(String.fromCharCode(bytes[i]!), 16); digit > 0; digit >>= 1)
      bits += digit & 1;
  }
  return bits;
}

function lineEnd(bytes: Uint8Array, from: number, to: number): number {
  return to > from && bytes[to - 1] === 13 ? to - 1 : to;
}

/** Reads a plain list. `pdq` as `judgePlain` found it. */
export async function readPlain(
  input: Input,
  records: Records,
  heading: ListHeading,
  pdq: boolean,
): Promise<void> {
  if (pdq) {
    records.warn(
      'hash-list-taken-as-pdq',
      'values of 64 digits are taken as PDQ, since half their bits are set',
      0,
      0,
    );
  }
  const lines = new PlainLines(records, new ListedHashes(records, heading), pdq ? 'pdq' : 'sha256');
  for await (const block of lineBlocks(input)) lines.take(block);
}

class PlainLines {
  private readonly records: Records;
  private readonly hashes: ListedHashes;
  private readonly longAlgorithm: HashAlgorithm;
  private readonly value = new LineValue();

  constructor(records: Records, hashes: ListedHashes, longAlgorithm: HashAlgorithm) {
    this.records = records;
    this.hashes = hashes;
    this.longAlgorithm = longAlgorithm;
  }

  take({ bytes, offset }: LineBlock): void {
    let from = offset === 0 ? bomLength(bytes) : 0;
    let taken = 0;
    while (from < bytes.length) {
      const found = bytes.indexOf(lineFeed, from);
      const to = found < 0 ? bytes.length : found;
      const end = lineEnd(bytes, from, to);
      if (end === from) this.records.skip('entries', 'blank line');
      else if (bytes[from] === 35) this.records.skip('entries', 'comment');
      else if (this.line(bytes, from, end, offset)) taken++;
      from = to + 1;
    }
    this.records.read('entries', taken);
  }

  private line(bytes: Uint8Array, from: number, end: number, offset: number): boolean {
    const { value, records } = this;
    if (!value.find(bytes, from, end)) {
      if (value.start === end) {
        records.skip('entries', 'blank line');
        return false;
      }
      records.skip('entries', 'no hash in the line');
      records.warn(
        'hash-list-line',
        'the line holds no MD5, SHA-1 or SHA-256 value',
        offset + from,
        end - from,
      );
      return false;
    }
    const digits = value.end - value.start;
    const algorithm =
      digits === hexDigits.md5 ? 'md5' : digits === hexDigits.sha1 ? 'sha1' : this.longAlgorithm;
    const outcome = this.hashes.add(
      algorithm,
      bytes,
      value.start,
      value.end,
      null,
      offset + from,
      end - from,
    );
    if (outcome === 'taken') return true;
    records.skip('entries', outcome);
    return false;
  }
}
