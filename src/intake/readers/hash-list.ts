import { limits } from '../../base/limits.ts';
import type { Input, Reader } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { baseName, headOf } from '../byte-window.ts';
import type { ListHeading } from '../hash-list/listed-hashes.ts';
import { judgePlain, readPlain } from '../hash-list/plain.ts';
import { readTable } from '../hash-list/table.ts';
import { hasHashHeader, judgeTable } from '../hash-list/table-columns.ts';
import { judgeVics, readVics } from '../hash-list/vics.ts';

/** Certainty from which a plain list of values is taken for a supplied list. */
const surelyList = 0.9;

/**
 * Supplied hash lists: VICS-shaped JSON, NSRL RDS 2, plain lists and CSV with a header. One row for each
 * value, pointing to its entry. The hashes of the empty file and all-zero values are left out and counted.
 * Tally unit `entries`: lines, or Media objects; `other hashes`: values of algorithms that are not matched.
 */
export const hashListReader: Reader = {
  name: 'hash-list',
  version: 1,
  reads: 'hash lists: VICS 1.x/2.0-shaped JSON, NSRL RDS 2, CSV, plain MD5/SHA-1/SHA-256 lists',
  unit: 'file',

  sniff(head: Uint8Array): number {
    return Math.max(judgeVics(head), judgePlain(head).certainty, judgeTable(head));
  },

  async read(input: Input, records: Records): Promise<void> {
    const head = await headOf(input, limits.sniffBytes);
    const heading: ListHeading = { list: baseName(input.name), disposition: 'listed', scheme: null };
    const plain = judgePlain(head);
    const vics = judgeVics(head);
    const table = judgeTable(head);
    const best = Math.max(vics, plain.certainty, table);
    if (best === 0) {
      records.warn('hash-list-unknown', 'the first bytes are no form of hash list that is known here', 0, 0);
    }
    const asTable = best === 0 ? hasHashHeader(head) : table === best;
    if (best > 0 && vics === best) await readVics(input, records, heading);
    else if (asTable) await readTable(input, records, heading);
    else {
      // Values with file names beside them, or one alone, may be the checksums that came with the evidence:
      // they are kept, but nothing that they match is a listed file.
      const disposition = plain.certainty < surelyList ? 'checksum' : heading.disposition;
      await readPlain(input, records, { ...heading, disposition }, plain.pdq);
    }
  },
};
