import type { Link } from './link.ts';

/** The division of a person into two parts with the least evidence across. */
export interface Cut {
  readonly one: readonly string[];
  readonly other: readonly string[];
  /** Sum of the bits of the links across, those against taken off. */
  readonly bits: number;
  /** How many links speak across it for one person. */
  readonly links: number;
}

/**
 * The weakest cut of a person (Stoer and Wagner 1997). Links count with their bits where they speak for one
 * person; a human's "same" counts as no machine could. Null for fewer than two accounts. Cubic in the accounts:
 * beyond 400 the cut around the account with the least evidence is given.
 */
export function weakestCut(accounts: readonly string[], links: readonly Link[]): Cut | null {
  if (accounts.length < 2) return null;
  const place = new Map(accounts.map((account, index) => [account, index]));
  const weights = accounts.map(() => new Float64Array(accounts.length));
  for (const link of links) {
    const [i, j] = [place.get(link.a), place.get(link.b)];
    if (i === undefined || j === undefined) continue;
    const bits = link.decision === 'same' ? 1e6 : Math.max(0, link.bits);
    weights[i]![j] = bits;
    weights[j]![i] = bits;
  }
  const part = accounts.length > 400 ? loneliest(weights) : stoerWagner(weights);
  const inside = new Set(part.map((index) => accounts[index]!));
  const across = links.filter(
    (link) => inside.has(link.a) !== inside.has(link.b) && place.has(link.a) && place.has(link.b),
  );
  return {
    one: [...inside].sort(),
    other: accounts.filter((account) => !inside.has(account)),
    bits: across.reduce((sum, link) => sum + link.bits, 0),
    links: across.filter((link) => link.bits > 0 || link.decision === 'same').length,
  };
}

function loneliest(weights: readonly Float64Array[]): number[] {
  const sums = weights.map((row) => row.reduce((sum, value) => sum + value, 0));
  return [sums.indexOf(Math.min(...sums))];
}

function stoerWagner(weights: readonly Float64Array[]): number[] {
  const groups = weights.map((_, index) => [index]);
  const alive = weights.map((_, index) => index);
  let best: { weight: number; part: number[] } = { weight: Number.POSITIVE_INFINITY, part: [0] };
  while (alive.length > 1) {
    const reach = new Map(alive.map((index) => [index, 0]));
    let [before, last] = [-1, -1];
    let weight = 0;
    while (reach.size > 0) {
      let next = -1;
      for (const [index, sum] of reach) if (next < 0 || sum > reach.get(next)!) next = index;
      weight = reach.get(next)!;
      reach.delete(next);
      [before, last] = [last, next];
      for (const [index, sum] of reach) reach.set(index, sum + weights[next]![index]!);
    }
    if (weight < best.weight) best = { weight, part: [...groups[last]!] };
    for (const index of alive) {
      weights[before]![index]! += weights[last]![index]!;
      weights[index]![before] = weights[before]![index]!;
    }
    groups[before]!.push(...groups[last]!);
    alive.splice(alive.indexOf(last), 1);
  }
  return best.part;
}
