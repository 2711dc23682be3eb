import { linkingConfiguration as config } from './configuration.ts';

/**
 * What speaks against one person before anything is known: among how many pairs of accounts one pair of one person
 * is to be expected. It grows with the operation, and with it the bar from which two accounts are proposed, so that
 * the share of wrong proposals does not grow.
 */
export class Prior {
  private readonly sizes = new Map<string, number>();
  /** All accounts. */
  readonly accounts: number;

  constructor(accounts: Iterable<string>) {
    let count = 0;
    for (const account of accounts) {
      const service = serviceOf(account);
      this.sizes.set(service, (this.sizes.get(service) ?? 0) + 1);
      count++;
    }
    this.accounts = count;
  }

  /** Accounts of an account's service. */
  sizeOf(account: string): number {
    return this.sizes.get(serviceOf(account)) ?? 1;
  }

  /** Bits against: log2 of the pairs between the services of two accounts for each that is expected to be one person's. */
  bits(a: string, b: string): number {
    const [one, other] = [serviceOf(a), serviceOf(b)];
    const [x, y] = [this.sizeOf(a), this.sizeOf(b)];
    // Of the smaller service, a share of the accounts has its person's other account in the larger.
    const mates = one === other ? (x - 1) / 2 : Math.max(x, y);
    return Math.log2(Math.max(1, mates) / config.expectedMates);
  }

  /** Bits from which two accounts are proposed as one person. */
  bar(a: string, b: string): number {
    return this.bits(a, b) + config.suretyBits;
  }

  /** Pairs of all accounts. */
  get pairs(): number {
    return (this.accounts * (this.accounts - 1)) / 2;
  }

  /**
   * Bits of something that `counted` pairs of accounts show, true ones among them, and that a share `m` of one
   * person's pairs would show. What nobody showed yet counts as shown once.
   */
  bitsOfCounted(m: number, counted: number): number {
    return Math.log2((m * Math.max(1, this.pairs)) / Math.max(1, counted));
  }
}

export function serviceOf(account: string): string {
  return account.slice(0, account.indexOf('/'));
}
