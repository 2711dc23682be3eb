/**
 * Figures that stand before anything is learned. They are an investigative score in bits, not a likelihood ratio: nothing here has
 * been calibrated on local cases, and every page that shows the score says so.
 */
export const linkingConfiguration = {
  method: 'levels, counted and learned, with correlation clustering; a bar that rises with the accounts',
  version: 4,
  /** Of the accounts of the smaller of two services (or of one), the share that has its person's other account there. */
  expectedMates: 0.1,
  /** Bits above even odds from which two accounts are proposed: of those just at the bar, one in 2^bits would be wrong. */
  suretyBits: 6,
  /** Distinct accounts above which a shared value is generic and says nothing. */
  genericAccounts: { selector: 8, line: 5, handle: 8 },
  /**
   * What two accounts state in common, in bits above even odds, whatever their number: the same mailbox, exactly or with
   * its tag taken off; once dots and hyphens are; any other contact (number, messenger id, link).
   */
  contactOdds: { mailbox: 14, nearMailbox: 11, other: 11 },
  /**
   * A mailbox or name that an account gives in private, and nobody else does, offered as a way to reach it or only
   * standing there, in bits above even odds; that it then talks with somebody new, soon or within so many days; and,
   * above even odds, that the only reader it was given to is whom it talks with.
   */
  given: {
    offeredOdds: 5,
    mentionedOdds: 2,
    days: 30,
    soonDays: 7,
    takenUp: { soonBits: 4, laterBits: 1 },
    taker: { soonOdds: 5, laterOdds: 0 },
  },
  /**
   * Shares of one person's pairs that have one name on two services, one stem, or a long run of letters; letters below
   * which a stem or run is no evidence, and of a beginning or end by which names alike are looked for. However rare
   * a name is, another may take it on: the most it is worth, in bits above even odds.
   */
  handles: { sameShare: 0.25, sameOdds: 7, stemShare: 0.15, runShare: 0.06, nearOdds: 3, least: 5, end: 8 },
  /**
   * Shares of one person's pairs by how much their lines have in common, from which strength on: addresses within 30
   * days, and IPv6 networks. Each line counts 2 over its users, and over the days between the uses of both and one. How
   * many pairs of accounts have as much in common is counted.
   */
  sharedLines: {
    addresses: [
      [0, 0.03],
      [0.05, 0.07],
      [0.2, 0.09],
      [0.75, 0.14],
      [2, 0.06],
      [4, 0.03],
    ],
    networks: [
      [0, 0.2],
      [1.5, 0.06],
    ],
  },
  /** Length in days of the window in which an address is taken to be one customer's. */
  lineWindowDays: 30,
  /** A line taken up by the other account within this time is a hand-over; it counts from the second day on. */
  handOver: { seconds: 300, leastDays: 2, bits: 1 },
  /** A browser shared counts by its rarity up to here; browsers known and never the same, against. Both classes together, with addresses. */
  device: { mostBits: 7, differentBits: 4, addressBits: 8, cap: 14 },
  /** An account made on a line of a banned one within so many days; the share of returning persons that do, and the most it is worth. */
  returned: { days: 14, share: 0.5, mostBits: 8 },
  /** What must speak for one person besides lines and places, which people of one household share: in all, and one thing alone. */
  personalBits: 4,
  /**
   * Bits of a pair of no shared evidence inside a person (two person records tell as much by it as they would by
   * sharing; accounts elsewhere seldom show all they share), and bounds within which one pair speaks there.
   */
  clustering: { unseenBits: -2, unseenAccountBits: -0.5, leastBits: -8, mostBits: 8 },
  /** Pairs of either kind that what is stated here counts for against decisions, and the most that they move a weight, in bits. */
  decided: { priorPairs: 20, mostBits: 3 },
  /** Links of one person record that are kept to be shown, strongest first. */
  linksPerRecord: 4,
} as const;
