/**
 * Figures that stand before anything is learned. They are an investigative score in bits, not a likelihood ratio: nothing here has
 * been calibrated on local cases, and every page that shows the score says so.
 */
export const linkingConfiguration = {
  method: 'levels, counted and learned, with correlation clustering',
  version: 2,
  /** Total from which two accounts are proposed as one person. */
  proposeBits: 14,
  /** A selector this strong links on its own. */
  aloneBits: 20,
  /** Distinct accounts above which a shared value is generic and says nothing. */
  genericAccounts: { selector: 8, line: 5, handle: 8 },
  /** The same mailbox, exactly or with its tag taken off. */
  sameMailboxBits: 30,
  /** The same mailbox once letter case, dots and hyphens of the local part are taken off. */
  nearMailboxBits: 21,
  /** The same contact (address, number, messenger id, link) stated by both. */
  sameContactBits: 20,
  /** Handles that differ in letter case, separators, look-alike letters or closing digits; times the length factor. */
  nearHandleBits: 9,
  /** Letters of a handle's stem below which it is too common to say anything, and from which it says all it can. */
  handleLetters: { least: 5, full: 10 },
  /** One line used by both in the same 30 days; more windows and days add to it, up to the cap. */
  lineBits: { base: 5, perDoubling: 1.5, cap: 10 },
  /** Length in days of the window in which an address is taken to be one customer's. */
  lineWindowDays: 30,
  /** A line taken up by the other account within this time is a hand-over; it counts from the second day on. */
  handOver: { seconds: 300, leastDays: 2, bits: 3 },
  /** Bits of a pair of no shared evidence inside a person, and bounds within which one pair speaks there. */
  clustering: { unseenBits: -2, leastBits: -8, mostBits: 8 },
  /** Links of one person record that are kept to be shown, strongest first. */
  linksPerRecord: 4,
} as const;
