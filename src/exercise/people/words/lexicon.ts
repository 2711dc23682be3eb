/** One language's stock of neutral hobby talk. `{name}` in a sentence is filled from the slot of that name. */
export type Lexicon = {
  readonly slots: Readonly<Record<string, readonly string[]>>;
  readonly titles: readonly string[];
  readonly sentences: readonly string[];
  readonly greetings: readonly string[];
  readonly closings: readonly string[];
  /** Sentences that pass on a mail address or chat name, standing in for {selector}. */
  readonly handOffs: readonly string[];
  /** Answers to such a sentence. */
  readonly agreements: readonly string[];
  /** Slips some writers always make: right spelling, wrong spelling. */
  readonly slips: readonly (readonly [string, string])[];
};

/** One entry a line. */
export function lines(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim());
}

/** Entries between bars. */
export function bars(text: string): string[] {
  return text
    .trim()
    .split('|')
    .map((entry) => entry.trim().replace(/\s+/g, ' '));
}
