/**
 * Candidates from one table of postings: (key, account). Two accounts are compared when they share a key that
 * few enough accounts hold; a key over its cap is kept as generic, for people to see.
 */
export interface Postings {
  readonly size: number;
  /** Accounts of key `k`: `accounts[keyStarts[k]]` to `accounts[keyStarts[k + 1] - 1]`, ascending. */
  readonly keyStarts: Uint32Array;
  readonly accounts: Uint32Array;
  /** Keys of account `i`: `keys[accountStarts[i]]` to `keys[accountStarts[i + 1] - 1]`, ascending. */
  readonly accountStarts: Uint32Array;
  readonly keys: Uint32Array;
  /** The 32-bit hash of each key. */
  readonly hashes: Uint32Array;
  readonly generics: readonly { readonly hash: number; readonly accounts: number; readonly first: number }[];
}

/** Gathers keys account by account. */
export class PostingsBuilder {
  private hashes = new Uint32Array(4096);
  private owners = new Uint32Array(4096);
  private length = 0;

  add(hash: number, account: number): void {
    if (this.length === this.hashes.length) {
      const hashes = new Uint32Array(this.length * 2);
      const owners = new Uint32Array(this.length * 2);
      hashes.set(this.hashes);
      owners.set(this.owners);
      this.hashes = hashes;
      this.owners = owners;
    }
    this.hashes[this.length] = hash;
    this.owners[this.length++] = account;
  }

  /** Keys held by more than `cap` accounts become generics; keys of one account are left out, they join nobody. */
  finish(size: number, cap: number): Postings {
    const { length } = this;
    const { hashes, owners } = sortByHash(this.hashes.subarray(0, length), this.owners.subarray(0, length));
    this.hashes = new Uint32Array(0);
    this.owners = new Uint32Array(0);
    const generics: { hash: number; accounts: number; first: number }[] = [];
    const keyStarts: number[] = [0];
    const keyHashes: number[] = [];
    let kept = 0;
    for (let from = 0; from < length; ) {
      const hash = hashes[from]!;
      let to = from;
      let distinct = 0;
      const start = kept;
      for (; to < length && hashes[to] === hash; to++) {
        if (to === from || owners[to] !== owners[to - 1]) {
          distinct++;
          owners[kept++] = owners[to]!;
        }
      }
      if (distinct > cap) generics.push({ hash, accounts: distinct, first: owners[start]! });
      if (distinct < 2 || distinct > cap) kept = start;
      else {
        keyStarts.push(kept);
        keyHashes.push(hash);
      }
      from = to;
    }
    const accounts = owners.slice(0, kept);
    return {
      size,
      keyStarts: Uint32Array.from(keyStarts),
      accounts,
      hashes: Uint32Array.from(keyHashes),
      generics,
      ...byAccount(size, keyStarts, accounts),
    };
  }
}

function byAccount(size: number, keyStarts: readonly number[], accounts: Uint32Array) {
  const accountStarts = new Uint32Array(size + 1);
  for (const account of accounts) accountStarts[account + 1]!++;
  for (let i = 0; i < size; i++) accountStarts[i + 1]! += accountStarts[i]!;
  const at = accountStarts.slice();
  const keys = new Uint32Array(accounts.length);
  for (let key = 0; key + 1 < keyStarts.length; key++) {
    for (let p = keyStarts[key]!; p < keyStarts[key + 1]!; p++) keys[at[accounts[p]!]!++] = key;
  }
  return { accountStarts, keys };
}

/** Sorts two columns by the first, keeping the order of equals (radix sort, two passes of 16 bits). */
function sortByHash(hashes: Uint32Array, owners: Uint32Array): { hashes: Uint32Array; owners: Uint32Array } {
  let [fromHash, fromOwner]: [Uint32Array, Uint32Array] = [hashes, owners];
  let [toHash, toOwner]: [Uint32Array, Uint32Array] = [
    new Uint32Array(hashes.length),
    new Uint32Array(hashes.length),
  ];
  for (const shift of [0, 16]) {
    const counts = new Uint32Array(65537);
    for (const hash of fromHash) counts[((hash >>> shift) & 0xffff) + 1]!++;
    for (let i = 0; i < 65536; i++) counts[i + 1]! += counts[i]!;
    for (let i = 0; i < fromHash.length; i++) {
      const hash = fromHash[i]!;
      const place = counts[(hash >>> shift) & 0xffff]!++;
      toHash[place] = hash;
      toOwner[place] = fromOwner[i]!;
    }
    [fromHash, toHash] = [toHash, fromHash];
    [fromOwner, toOwner] = [toOwner, fromOwner];
  }
  return { hashes: fromHash, owners: fromOwner };
}

/** Visits each candidate pair once, a < b, in order of a and then of first meeting. */
export function eachCandidate(
  postings: Postings,
  visit: (a: number, b: number) => void,
  wanted: (a: number) => boolean = () => true,
): void {
  const { size, keyStarts, accounts, accountStarts, keys } = postings;
  const met = new Uint32Array(size);
  for (let a = 0; a < size; a++) {
    if (!wanted(a)) continue;
    const from = accountStarts[a]!;
    const to = accountStarts[a + 1]!;
    for (let k = from; k < to; k++) {
      const key = keys[k]!;
      const start = keyStarts[key]!;
      for (let p = keyStarts[key + 1]! - 1; p >= start; p--) {
        const b = accounts[p]!;
        if (b <= a) break;
        if (met[b] !== a + 1) {
          met[b] = a + 1;
          visit(a, b);
        }
      }
    }
  }
}
