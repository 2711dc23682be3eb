import { messageOf } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import type { Input, Reader } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { headOf } from '../byte-window.ts';
import { judgeMapping, parseMapping } from '../person-list/columns.ts';

/**
 * Files that name the columns of a person list beside them (`<list>.columns.yaml` or `.json`). They make no records: what
 * they say is used in reading the list. One that cannot be used is counted and told in a warning. Tally unit `mappings`.
 */
export const columnMappingReader: Reader = {
  name: 'column-mapping',
  version: 1,
  reads: 'the names of the columns of a person list, as JSON or YAML beside it',
  unit: 'file',
  sniff: (head, name) => (/\.columns\.(json|ya?ml)$/.test(name) ? judgeMapping(head) : 0),
  async read(input: Input, records: Records): Promise<void> {
    const text = (await headOf(input, limits.sniffBytes + 1)).toString('utf8');
    const wrong = text.length > limits.sniffBytes ? 'a column mapping is at most 64 KiB long' : faultOf(text);
    if (wrong === null) records.read('mappings');
    else {
      records.warn('column-mapping', wrong, 0, 0);
      records.skip('mappings', 'not usable');
    }
  },
};

function faultOf(text: string): string | null {
  try {
    parseMapping(text);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
