/**
 * Figures that stand before anything is learned. They are an investigative score in bits, not a likelihood ratio: nothing here has
 * been calibrated on local cases, and every page that shows the score says so.
 */
export const linkingConfiguration = {
  method: 'levels, counted and learned, with correlation clustering',
  version: 3,
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
  /**
   * A mailbox or name elsewhere that an account gives in private messages, and nobody else does; that it talks with
   * somebody new within so many days after; and that the only reader it was given to is whom it talks with.
   */
  given: { givenBits: 12, takenUpBits: 4, takerBits: 10, days: 30 },
  /** One name on two services, by how surprising it is (bits of surprise from which, bits it is worth). */
  sameNameBits: [
    [30, 20],
    [22, 12],
    [16, 8],
  ],
  /** Handles that differ in letter case, separators, look-alike letters or closing digits; times the length factor. */
  nearHandleBits: 10,
  /** Letters of a handle's stem below which it is too common to say anything, and from which it says all it can; letters of
   * a beginning or end by which names alike are looked for. */
  handleLetters: { least: 5, full: 10, end: 8 },
  /** One line used by both within 30 days (an IPv6 network: ever); more windows and days add to it, up to the cap. */
  lineBits: { base: 5, networkBase: 8, perDoubling: 1.5, cap: 10 },
  /** Length in days of the window in which an address is taken to be one customer's. */
  lineWindowDays: 30,
  /** A line taken up by the other account within this time is a hand-over; it counts from the second day on. */
  handOver: { seconds: 300, leastDays: 2, bits: 3 },
  /** A browser shared counts by its rarity up to here; browsers known and never the same, against. Both classes together, with addresses. */
  device: { mostBits: 5, differentBits: 4, addressBits: 8, cap: 12 },
  /** An account made on a line of a banned account within so many days of the ban. */
  returned: { days: 14, bits: 5, soonDays: 7, soonBits: 6 },
  /** What must speak for one person besides lines and places, which people of one household share: in all, and one thing alone. */
  personalBits: 5,
  /**
   * Bits of a pair of no shared evidence inside a person (two person records tell as much by it as they would by
   * sharing; accounts elsewhere seldom show all they share), and bounds within which one pair speaks there.
   */
  clustering: { unseenBits: -2, unseenAccountBits: -0.5, leastBits: -8, mostBits: 8 },
  /** Links of one person record that are kept to be shown, strongest first. */
  linksPerRecord: 4,
} as const;
