import { WaymarkError } from '../base/errors.ts';
import { formatPointer, parsePointer } from '../evidence/pointer.ts';
import { type Exhibit, findExhibit } from '../intake/exhibits.ts';
import { mediaTypeOf } from '../intake/media-type.ts';
import type { Operation } from '../store/operation.ts';
import { type Source, showSource } from './source.ts';

/** Bytes of a source given to a page; the rest is a download. */
const maxShownBytes = 256 * 1024;
/** Bytes of a file that tell what it is. */
const headBytes = 512;

/** A source with what a page says beside it. */
export interface Look {
  readonly source: Source;
  readonly exhibit: Exhibit;
  /** Media type of imagery, whose bytes are never given; else null. */
  readonly imagery: string | null;
  /** Length that the pointer names; `source.length` may be less. */
  readonly length: number;
}

/**
 * The bytes behind a pointer, at most `maxBytes`, and whether they are imagery: by their own first bytes, and
 * by those of the file they lie in. Throws as `showSource`.
 */
export async function look(operation: Operation, pointer: string, maxBytes = maxShownBytes): Promise<Look> {
  const at = parsePointer(pointer);
  const exhibit = findExhibit(operation, at.exhibit);
  const length = Math.min(at.length, maxBytes);
  const source = await showSource(operation, formatPointer({ ...at, length }));
  const imagery =
    imageryOf(source.bytes) ?? (await imageryOfFile(operation, exhibit, at.path, at.offset, length));
  return { source, exhibit, imagery, length: at.length };
}

/** All bytes of a pointer for a download. Throws WaymarkError 'denied' for imagery. */
export async function readDownload(operation: Operation, pointer: string): Promise<Buffer> {
  const { source, imagery } = await look(operation, pointer, Number.MAX_SAFE_INTEGER);
  if (imagery !== null) {
    throw new WaymarkError('denied', 'the bytes of pictures and films are never given', {
      where: pointer,
      remedy: 'Work with their hashes. Those who must see them have the original exhibit.',
    });
  }
  if (!source.whole) {
    throw new WaymarkError('limit', 'this source is too long to be fetched at once', {
      where: pointer,
      remedy: 'Cite it by its pointer, or work with the original exhibit.',
    });
  }
  return source.bytes;
}

/** Only files that no reader of a format took can be pictures as a whole: the others are text or records. */
async function imageryOfFile(
  operation: Operation,
  exhibit: Exhibit,
  path: string,
  offset: number,
  length: number,
): Promise<string | null> {
  const outcome = exhibit.summary?.outcomes.find((each) => each.path === path);
  const taken = outcome && outcome.unread === null && outcome.reader !== 'stored-file';
  if (offset === 0 || taken) return null;
  // The file is known to reach as far as the pointer does, and no further.
  const start = { exhibit: exhibit.id, path, offset: 0, length: Math.min(offset + length, headBytes) };
  const head = await showSource(operation, formatPointer(start));
  return imageryOf(head.bytes);
}

function imageryOf(head: Uint8Array): string | null {
  const type = mediaTypeOf(head);
  return type !== null && /^(image|video)\//.test(type) ? type : null;
}
