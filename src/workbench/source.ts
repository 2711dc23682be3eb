import { WaymarkError } from '../base/errors.ts';
import { parsePointer } from '../evidence/pointer.ts';
import { filesOf, findExhibit } from '../intake/exhibits.ts';
import { readPlaces } from '../intake/read-exhibit.ts';
import type { Operation } from '../store/operation.ts';
import { closedError, whyExhibitClosed } from './scope.ts';

/** Bytes that one look may fetch; longer sources are cut and say so. */
const maxSourceBytes = 64 * 1024 * 1024;

/** The original bytes that a record came from, and where they stand. */
export interface Source {
  readonly pointer: string;
  readonly exhibit: string;
  /** Path under which the exhibit was received. */
  readonly received: string;
  readonly sha256: string;
  readonly inner: string;
  readonly offset: number;
  readonly length: number;
  /** Whether `bytes` is all of it. */
  readonly whole: boolean;
  readonly bytes: Buffer;
}

/**
 * Throws WaymarkError 'usage' for what is no pointer, 'not-found' for a place that does not exist, 'denied' for an
 * exhibit that is excluded or whose authority does not stand now.
 */
export async function showSource(operation: Operation, pointer: string): Promise<Source> {
  const { exhibit: id, path: inner, offset, length } = parsePointer(pointer);
  const exhibit = findExhibit(operation, id);
  if (exhibit.status === 'excluded') {
    throw new WaymarkError('denied', 'this exhibit is excluded', {
      where: id,
      remedy: exhibit.reason ?? 'Ask who excluded it.',
    });
  }
  const closed = whyExhibitClosed(operation, exhibit, operation.time());
  if (closed !== null) throw closedError(closed, id);
  const wanted = Math.min(length, maxSourceBytes);
  const pieces: Buffer[] = [];
  const place = { offset, length: wanted };
  await readPlaces(operation.vault, filesOf(operation, exhibit), inner, [place], (_, piece) => {
    pieces.push(piece);
  });
  const bytes = Buffer.concat(pieces);
  return {
    pointer,
    exhibit: id,
    received: exhibit.paths[0] ?? '',
    sha256: exhibit.sha256,
    inner,
    offset,
    length,
    whole: wanted === length,
    bytes,
  };
}
