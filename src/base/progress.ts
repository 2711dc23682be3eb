/** How long work reports: what is being done, how far it is, and of how much where that is known. */
export interface Progress {
  /** In the user's words: 'reading'. */
  readonly stage: string;
  /** What is being worked on: the path of an exhibit. Text from evidence. */
  readonly what?: string;
  /** In the unit of `total`; bytes for reading. */
  readonly done: number;
  readonly total: number | null;
}

export type OnProgress = (progress: Progress) => void;
