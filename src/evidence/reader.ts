import type { Records } from './records.ts';

/** A file as a reader sees it: bytes and a name, nothing else of the machine. */
export interface Input {
  /** Path inside the exhibit ('' when the exhibit is this file). A hint at most: formats are told by content. */
  readonly path: string;
  /** Name of the file as received, for messages and folder layouts (Maildir flags). Never trusted. */
  readonly name: string;
  /** Whole length in bytes, or null while it is not known (inside a compressed stream). */
  readonly size: number | null;
  /**
   * The bytes from the start, in order, in pieces of up to a few MiB. May be called again for another pass
   * (a compressed file is then decompressed again). A piece is valid until the next one is asked for.
   */
  chunks(): AsyncIterable<Uint8Array>;
  /** Set where this is a share of a large file, whole lines of it: the byte of the file with which they begin. */
  readonly from?: number;
}

/**
 * Parses one format into records. Runs only inside the sandbox: no file system, clock, network or native code.
 * A reader never throws on bad input: it warns with the place, resynchronises and goes on. Whatever it throws
 * all the same ends the reading of that file, which is then listed as unread from that place on.
 */
export interface Reader {
  /** Short name in lower case with hyphens; stands in exhibits, exports and docs. */
  readonly name: string;
  /** Raised whenever the same bytes would give other records; exhibits are then read anew. */
  readonly version: number;
  /** What it reads, for people. */
  readonly reads: string;
  /**
   * `file`: each file is an exhibit of its own. `item`: files are small and many (single mails, stored
   * attachments), so that all of one folder together are one exhibit.
   */
  readonly unit: 'file' | 'item';
  /** How surely the first bytes (up to 64 KiB) are this format, 0 to 1. By content, never by name alone. */
  sniff(head: Uint8Array, name: string): number;
  /**
   * Whether each line of a file that begins like this can be read by itself, so that shares of a large one may be
   * read at once (`Input.from`). Where a line further on shows that it is not so, reading a share throws.
   */
  readonly linesStandAlone?: (head: Uint8Array) => boolean;
  read(input: Input, records: Records): Promise<void>;
}
