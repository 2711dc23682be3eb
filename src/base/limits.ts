/**
 * Every cap in one place. A cap that is reached is never silent: it becomes a warning or an unread file
 * that names it. Sizes are bytes, times are milliseconds.
 */
export const limits = {
  /** Bytes of a file given to `sniff`; enough for a dump's header comment and first statements. */
  sniffBytes: 64 * 1024,
  /** One text value of a record; longer ones are cut at a character boundary with a warning. */
  maxTextBytes: 16 * 1024 * 1024,
  /** One row of a dump, log line or mail before a reader gives up on it and resynchronises. */
  maxRowBytes: 64 * 1024 * 1024,
  /** Files up to this size reach the sandbox inside a frame; larger ones as a read-only descriptor. */
  maxInlineFileBytes: 4 * 1024 * 1024,
  /** Files of twice this size whose lines stand alone are read in shares of at least this size, several at once. */
  shareBytes: 128 * 1024 * 1024,
  /** Shares of one file. */
  maxShares: 64,
  /** Small single-item files (mails, stored attachments) above this size are exhibits of their own. */
  maxItemBytes: 64 * 1024 * 1024,
  /** One file that a browser hands over; larger ones are taken in by their path on this machine. */
  maxUploadBytes: 256 * 1024 * 1024 * 1024,
  /** Files handed over by a browser at once; more are taken in by the path of their folder, or packed. */
  maxUploadFiles: 20_000,
  /** Bytes of one piece of such a file: each is one request, so that an interrupted one goes on where it was. */
  maxUploadPieceBytes: 8 * 1024 * 1024,
  /** All bytes that may come out of one archive or compressed file. */
  maxArchiveBytes: 256 * 1024 * 1024 * 1024,
  /** Bytes out per byte in, beyond which an archive is refused as a bomb. */
  maxArchiveRatio: 200,
  /** The ratio is judged only once this much has come out, since small files compress well. */
  archiveRatioGraceBytes: 64 * 1024 * 1024,
  maxArchiveEntries: 200_000,
  /** Resident memory of one sandboxed reader. */
  sandboxMemoryBytes: 1024 * 1024 * 1024,
  /** Time without any output or progress from a sandboxed reader before it is stopped. */
  sandboxSilenceMs: 60_000,
  /** Warnings kept one by one for each code and file; the rest are counted. */
  maxWarningsPerCode: 1000,
  /** Memory that the query engine counts; its process holds up to two thirds more. Beyond it, it writes to the disk. */
  engineMemoryBytes: 1.25 * 1024 * 1024 * 1024,
} as const;

export type Limits = { readonly [K in keyof typeof limits]: number };
