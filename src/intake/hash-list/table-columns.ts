import { type CsvRecord, detectCsv, headRecords } from '../csv.ts';
import { type HashAlgorithm, hashAlgorithmOf, hexDigits, lowerHex } from './listed-hashes.ts';

/** Which column of a CSV list holds what. -1 where there is none. */
export interface TableColumns {
  readonly hashes: readonly { readonly algorithm: HashAlgorithm; readonly field: number }[];
  /** Category of the entry; the label where there is no category column. */
  readonly category: number;
  /** A label column beside a category column, which has no place of its own. */
  readonly unusedLabel: number;
  readonly pdqQuality: number;
  /** The column names are those of the NSRL's RDS 2 (NIST), a list of known-good software. */
  readonly knownGood: boolean;
}

/** Columns that describe a listed file and no person. */
const describing =
  /^(id|mediaid|no|nr|file|files|filename|filenames|name|path|filepath|relativefilepath|size|filesize|mediasize|bytes|length|mime|mimetype|mediatype|type|ext|extension|category|cat|label|class|scheme|list|listname|source|series|tag|tags|comment|comments|note|notes|description|title|quality|pdqquality|crc32|crc|photodna|sha512|sha384|sha3256|tlsh|ssdeep|productcode|opsystemcode|specialcode)$/;

/**
 * Columns that no hash list has: a person's, or the times of a seized file system. A table with them is an
 * account table, or an inventory of files that are not listed by anyone.
 */
const otherwise =
  /(mail|user|phone|mobile|ipaddr|birth|dob|firstname|lastname|forename|surname|givenname|address|account|login|session|passw|agent|poster|author|owner|sender|recipient|created|modified|accessed|written|deleted|mtime|atime|ctime|crtime)|^ip$/;

function bareName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The columns named in a header, or null when it names no hash. */
export function columnsOfHeader(header: CsvRecord): TableColumns | null {
  const names = Array.from({ length: header.count }, (_, field) => bareName(header.text(field)));
  const hashes: { algorithm: HashAlgorithm; field: number }[] = [];
  names.forEach((name, field) => {
    const algorithm = hashAlgorithmOf(name);
    if (algorithm && !hashes.some((each) => each.algorithm === algorithm)) hashes.push({ algorithm, field });
  });
  if (hashes.length === 0) return null;
  const find = (...wanted: string[]) => names.findIndex((name) => wanted.includes(name));
  const category = find('category', 'cat');
  const label = find('label', 'class');
  return {
    hashes,
    category: category >= 0 ? category : label,
    unusedLabel: category >= 0 ? label : -1,
    pdqQuality: find('pdqquality', 'quality'),
    knownGood: names[0] === 'sha1' && names[1] === 'md5' && names.includes('productcode'),
  };
}

/** How surely the head is a CSV hash list: by its header's names, and by hex values standing under them. */
export function judgeTable(head: Uint8Array): number {
  let columns: TableColumns | null = null;
  let named = 1;
  let rows = 0;
  let fitting = 0;
  for (const record of headRecords(head, detectCsv(head))) {
    if (isAside(record)) continue;
    if (columns === null) {
      columns = columnsOfHeader(record);
      if (columns === null) return 0;
      named = shareDescribed(record);
      if (named < 0.5) return 0;
    } else {
      rows++;
      if (holdsHash(record, columns)) fitting++;
    }
  }
  if (columns === null) return 0;
  if (columns.knownGood) return 0.95;
  if (fitting < rows * 0.9) return 0;
  return rows === 0 ? 0.4 : named === 1 ? 0.9 : 0.6;
}

/** Whether the first line that is neither blank nor a comment names a hash column, whatever follows it. */
export function hasHashHeader(head: Uint8Array): boolean {
  for (const record of headRecords(head, detectCsv(head))) {
    if (!isAside(record)) return columnsOfHeader(record) !== null;
  }
  return false;
}

/** Blank lines and comments, which may stand anywhere. */
export function isAside(record: CsvRecord): boolean {
  return !record.damaged && (record.count === 0 || record.bytes[record.start(0)] === 35);
}

/** Share of the columns that a hash list may have; 0 when one of them speaks of persons or of a file system. */
function shareDescribed(header: CsvRecord): number {
  let known = 0;
  for (let field = 0; field < header.count; field++) {
    const name = bareName(header.text(field));
    if (otherwise.test(name)) return 0;
    if (hashAlgorithmOf(name) !== null || describing.test(name)) known++;
  }
  return known / header.count;
}

function holdsHash(record: CsvRecord, columns: TableColumns): boolean {
  return columns.hashes.some(({ algorithm, field }) => {
    const value = record.slice(field);
    return value.length === hexDigits[algorithm] && value.every((byte) => lowerHex[byte] !== 0);
  });
}
