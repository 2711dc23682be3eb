/** Disjoint ranges of 128-bit numbers with the row each belongs to, for binary search. */
export class Ranges {
  private readonly fromHigh: BigUint64Array;
  private readonly fromLow: BigUint64Array;
  private readonly toHigh: BigUint64Array;
  private readonly toLow: BigUint64Array;
  private readonly row: Int32Array;

  /**
   * Where ranges overlap, the one that begins last holds; of those that begin together the shortest; of equal
   * ones the first. Registry tables nest and never cross, so that this is the narrowest.
   */
  constructor(ranges: readonly { readonly from: bigint; readonly to: bigint; readonly row: number }[]) {
    const pieces = divide(ranges);
    this.fromHigh = BigUint64Array.from(pieces, ({ from }) => from >> 64n);
    this.fromLow = BigUint64Array.from(pieces, ({ from }) => from & lowest64);
    this.toHigh = BigUint64Array.from(pieces, ({ to }) => to >> 64n);
    this.toLow = BigUint64Array.from(pieces, ({ to }) => to & lowest64);
    this.row = Int32Array.from(pieces, ({ row }) => row);
  }

  get size(): number {
    return this.row.length;
  }

  /** The row whose range holds the number, or -1. */
  find(value: bigint): number {
    const high = value >> 64n;
    const low = value & lowest64;
    let from = 0;
    let to = this.row.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const middleHigh = this.fromHigh[middle]!;
      if (middleHigh < high || (middleHigh === high && this.fromLow[middle]! <= low)) from = middle + 1;
      else to = middle;
    }
    const at = from - 1;
    if (at < 0) return -1;
    const end = this.toHigh[at]!;
    return end > high || (end === high && this.toLow[at]! >= low) ? this.row[at]! : -1;
  }
}

const lowest64 = (1n << 64n) - 1n;

interface Piece {
  readonly from: bigint;
  readonly to: bigint;
  readonly row: number;
}

/** Cuts overlapping ranges into pieces that do not overlap, in order. */
function divide(ranges: readonly Piece[]): Piece[] {
  const sorted = [...ranges].sort((a, b) => order(a.from, b.from) || order(b.to, a.to) || b.row - a.row);
  const pieces: Piece[] = [];
  const open: Piece[] = [];
  let at = 0n;
  const close = () => {
    const { to, row } = open.pop()!;
    if (at <= to) {
      pieces.push({ from: at, to, row });
      at = to + 1n;
    }
  };
  for (const range of sorted) {
    while (open.length > 0 && open.at(-1)!.to < range.from) close();
    const under = open.at(-1);
    if (under && at < range.from) pieces.push({ from: at, to: range.from - 1n, row: under.row });
    open.push(range);
    at = range.from;
  }
  while (open.length > 0) close();
  return pieces;
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** An address as a number of 128 bits; IPv4 as IPv6 maps it. Null when the text is no canonical address. */
export function addressNumber(address: string): bigint | null {
  if (!address.includes(':')) {
    const parts = address.split('.');
    if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
      return null;
    return mapped | BigInt(parts.reduce((sum, part) => sum * 256 + Number(part), 0));
  }
  const [head, tail, more] = address.split('::');
  if (more !== undefined) return null;
  const front = groupsOf(head!);
  const back = tail === undefined ? [] : groupsOf(tail);
  const missing = 8 - front.length - back.length;
  if (missing < 0 || missing > 0 !== (tail !== undefined)) return null;
  let value = 0n;
  for (const group of [...front, ...Array<string>(missing).fill('0'), ...back]) {
    if (!/^[0-9a-f]{1,4}$/.test(group)) return null;
    value = (value << 16n) | BigInt(`0x${group}`);
  }
  return value;
}

const mapped = 0xffffn << 32n;

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

/** What stands for one customer's line: an IPv4 address, or the first 64 bits of an IPv6 address. */
export function lineOf(value: bigint): bigint {
  return value >> 32n === 0xffffn ? value : (value >> 64n) << 64n;
}
