/** How found persons agree with true ones, over the accounts that both know. */
export interface Comparison {
  readonly accounts: number;
  readonly truePairs: number;
  readonly foundPairs: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** B-cubed (Bagga and Baldwin 1998): precision and recall averaged over accounts. */
  readonly bCubedPrecision: number;
  readonly bCubedRecall: number;
  readonly bCubedF1: number;
  /** Share of found persons that are exactly a true one, and of true ones found exactly, as F1. */
  readonly exactClusterF1: number;
  readonly falseMerges: number;
}

/** `found` and `truth` map accounts to persons; only accounts in both are compared. */
export function compareWithTruth(
  found: ReadonlyMap<string, string>,
  truth: ReadonlyMap<string, string>,
): Comparison {
  const accounts = [...found.keys()].filter((account) => truth.has(account)).sort();
  const foundGroups = groups(accounts, found);
  const trueGroups = groups(accounts, truth);
  const shared = new Map<string, number>();
  for (const account of accounts) {
    const key = `${found.get(account)}\n${truth.get(account)}`;
    shared.set(key, (shared.get(key) ?? 0) + 1);
  }
  const foundPairs = sum([...foundGroups.values()].map(pairs));
  const truePairs = sum([...trueGroups.values()].map(pairs));
  const right = sum([...shared.values()].map(pairs));
  const precision = ratio(right, foundPairs);
  const recall = ratio(right, truePairs);
  let cubedPrecision = 0;
  let cubedRecall = 0;
  let exact = 0;
  for (const [key, count] of shared) {
    const [person, truePerson] = key.split('\n') as [string, string];
    const [foundSize, trueSize] = [foundGroups.get(person)!, trueGroups.get(truePerson)!];
    cubedPrecision += (count * count) / foundSize;
    cubedRecall += (count * count) / trueSize;
    if (count === foundSize && count === trueSize) exact++;
  }
  const bCubedPrecision = ratio(cubedPrecision, accounts.length);
  const bCubedRecall = ratio(cubedRecall, accounts.length);
  return {
    accounts: accounts.length,
    truePairs,
    foundPairs,
    precision,
    recall,
    f1: harmonic(precision, recall),
    bCubedPrecision,
    bCubedRecall,
    bCubedF1: harmonic(bCubedPrecision, bCubedRecall),
    exactClusterF1: harmonic(ratio(exact, foundGroups.size), ratio(exact, trueGroups.size)),
    falseMerges: foundPairs - right,
  };
}

function groups(accounts: readonly string[], persons: ReadonlyMap<string, string>): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const account of accounts)
    sizes.set(persons.get(account)!, (sizes.get(persons.get(account)!) ?? 0) + 1);
  return sizes;
}

function pairs(size: number): number {
  return (size * (size - 1)) / 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** 1 for nothing out of nothing: no pair was found, and none was wrong. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

function harmonic(a: number, b: number): number {
  return a + b === 0 ? 0 : (2 * a * b) / (a + b);
}
