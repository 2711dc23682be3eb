import type { Records, TableBuilder } from '../../evidence/records.ts';

export type HashAlgorithm = 'md5' | 'sha1' | 'sha256' | 'pdq';

/** Hex digits of a value of each algorithm. */
export const hexDigits: { readonly [K in HashAlgorithm]: number } = {
  md5: 32,
  sha1: 40,
  sha256: 64,
  pdq: 64,
};

/** Lower-case hex digit of each byte that is one in either case, else 0. */
export const lowerHex = new Uint8Array(256);
for (const digit of '0123456789abcdefABCDEF')
  lowerHex[digit.charCodeAt(0)] = digit.toLowerCase().charCodeAt(0);

/** The hashes of no bytes at all. Every empty file has them, so a list that holds them says nothing. */
const emptyFile: Partial<Record<HashAlgorithm, string>> = {
  md5: 'd41d8cd98f00b204e9800998ecf8427e',
  sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
};

/**
 * What became of one value. `malformed`: not that many hex digits. `placeholder`: all zeros, which exporters
 * write for "none" and which PDQ gives a picture without features.
 */
export type HashOutcome = 'taken' | 'hash of the empty file' | 'placeholder hash' | 'malformed hash';

/** What the rows of one list have in common. */
export interface ListHeading {
  /** Name of the list: the base name of its file. */
  readonly list: string;
  readonly disposition: 'listed' | 'known-good' | 'checksum';
  /** Whose categories these are, or null when the list does not say. */
  readonly scheme: string | null;
}

/** Writes rows of `listed_hash`. No object or string is made for a value. */
export class ListedHashes {
  private readonly table: TableBuilder<'listed_hash'>;
  private readonly heading: ListHeading;
  private readonly digits = Buffer.alloc(64);

  constructor(records: Records, heading: ListHeading) {
    this.table = records.table('listed_hash');
    this.heading = heading;
  }

  /**
   * Adds the value whose hex digits (either case) are `source[start, end)`, for the entry at `offset` of
   * `length` bytes of the file. Values that match what they should not are left out; the outcome says so.
   */
  add(
    algorithm: HashAlgorithm,
    source: Uint8Array,
    start: number,
    end: number,
    category: string | null,
    offset: number,
    length: number,
  ): HashOutcome {
    const count = end - start;
    if (count !== hexDigits[algorithm]) return 'malformed hash';
    const { digits } = this;
    let bits = 48;
    for (let i = 0; i < count; i++) {
      const digit = lowerHex[source[start + i]!]!;
      if (digit === 0) return 'malformed hash';
      bits |= digit;
      digits[i] = digit;
    }
    if (bits === 48) return 'placeholder hash';
    if (this.isEmptyFile(algorithm, count)) return 'hash of the empty file';
    const { column } = this.table;
    column.list.text(this.heading.list);
    column.disposition.text(this.heading.disposition);
    if (this.heading.scheme !== null) column.scheme.text(this.heading.scheme);
    if (category !== null) column.category.text(category);
    column.algorithm.text(algorithm);
    column.value.bytes(digits, 0, count);
    this.table.end(offset, length);
    return 'taken';
  }

  private isEmptyFile(algorithm: HashAlgorithm, count: number): boolean {
    const first = this.digits[0]!;
    // 'd' (MD5, SHA-1) or 'e' (SHA-256) spares most values the comparison.
    if (first !== 100 && first !== 101) return false;
    const known = emptyFile[algorithm];
    return known !== undefined && this.digits.toString('latin1', 0, count) === known;
  }
}

/** The algorithm a column or hash name means ('SHA-1', 'sha256', 'PDQ hash'), or null when it is none we match. */
export function hashAlgorithmOf(name: string): HashAlgorithm | null {
  const bare = name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/(hash|value|hex)$/, '');
  if (bare === 'md5' || bare === 'sha1' || bare === 'sha256' || bare === 'pdq') return bare;
  return bare === 'sha2256' ? 'sha256' : null;
}
