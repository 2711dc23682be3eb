import { createHash } from 'node:crypto';
import { limits } from '../../base/limits.ts';
import type { Input, Reader } from '../../evidence/reader.ts';
import type { Records } from '../../evidence/records.ts';
import { baseName, headOf } from '../byte-window.ts';
import { isPacking, mediaTypeOf } from '../media-type.ts';

/**
 * Files that a service stored (attachments, uploads): one `content` row with name, size, media type and
 * hashes, for matching with hash lists and with the `file` rows that name them. The bytes are hashed as they
 * stream by and never decoded, so nothing is rendered. Reads whatever it is given, also what no reader knows.
 * Tally unit `files`.
 *
 * `sniff` claims media and documents with a known signature, below every reader of a format; packings whose
 * content is read (ZIP, gzip, tar, bzip2, xz) are left to the unpacking.
 */
export const storedFileReader: Reader = {
  name: 'stored-file',
  version: 1,
  reads: 'media and documents of any kind: name, size, media type and hashes, never the content',
  unit: 'item',

  sniff(head: Uint8Array): number {
    const type = mediaTypeOf(head);
    return type === null || isPacking(type) ? 0 : 0.3;
  },

  async read(input: Input, records: Records): Promise<void> {
    const head = await headOf(input, limits.sniffBytes);
    const md5 = createHash('md5');
    const sha1 = createHash('sha1');
    const sha256 = createHash('sha256');
    let size = 0;
    for await (const chunk of input.chunks()) {
      md5.update(chunk);
      sha1.update(chunk);
      sha256.update(chunk);
      size += chunk.length;
    }
    const row = {
      name: baseName(input.name),
      size,
      media_type: mediaTypeOf(head) ?? 'application/octet-stream',
      md5: md5.digest('hex'),
      sha1: sha1.digest('hex'),
      sha256: sha256.digest('hex'),
    };
    records.table('content').add(row, 0, size);
    records.read('files');
  },
};
