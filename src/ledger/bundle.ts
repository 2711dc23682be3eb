import { WaymarkError } from '../base/errors.ts';
import { tileWidth } from './layout.ts';
import { maxEntryBytes } from './merkle.ts';

/** Largest possible entry bundle: 256 entries of 65,535 bytes with their 16-bit lengths. */
export const maxBundleBytes = tileWidth * (2 + maxEntryBytes);

/** One entry as it stands in a bundle: big-endian 16-bit length, then the bytes (C2SP tlog-tiles). */
export function frameEntry(bytes: Uint8Array): Buffer {
  if (bytes.length > maxEntryBytes) {
    throw new WaymarkError(
      'limit',
      `a ledger entry has ${bytes.length} bytes; ${maxEntryBytes} are possible`,
    );
  }
  const framed = Buffer.allocUnsafe(2 + bytes.length);
  framed.writeUInt16BE(bytes.length);
  framed.set(bytes, 2);
  return framed;
}

/**
 * Splits a bundle into at most `width` entries. `rest` is where the next entry would begin: at the end of a
 * whole bundle, or before an entry that is cut off, or before bytes too many.
 */
export function splitBundle(bundle: Buffer, width: number): { entries: Buffer[]; rest: number } {
  const entries: Buffer[] = [];
  let rest = 0;
  while (entries.length < width && rest + 2 <= bundle.length) {
    const end = rest + 2 + bundle.readUInt16BE(rest);
    if (end > bundle.length) break;
    entries.push(bundle.subarray(rest + 2, end));
    rest = end;
  }
  return { entries, rest };
}
