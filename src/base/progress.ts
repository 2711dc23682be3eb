/** How long work reports: what is being done, how far it is, and of how much where that is known. */
export interface Progress {
  /** In the user's words: 'reading board.sql.gz'. */
  readonly stage: string;
  /** In the unit of `total`; bytes for reading. */
  readonly done: number;
  readonly total: number | null;
}

export type OnProgress = (progress: Progress) => void;
