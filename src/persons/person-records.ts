import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/linking.ts';
import { genericCap, KeyMaker } from './blocking.ts';
import type { Constraints, ScoredPairs } from './clustering.ts';
import { type Comparison, makeComparisons } from './comparisons.ts';
import type { Evidence, EvidenceGroup, Generic } from './evidence.ts';
import type { KeptLearning, Lesson } from './kept-learning.ts';
import { learn, learnSettings } from './learn.ts';
import { type FieldPlan, type Population, PopulationBuilder } from './population.ts';

/** Fields of a person record and the selector that each comes from. */
export const recordFields: readonly (FieldPlan & { readonly selector: string })[] = [
  { name: 'name', selector: 'name', kind: 'words', group: 'name' },
  { name: 'date of birth', selector: 'birthday', kind: 'date', group: 'birth' },
  { name: 'gender', selector: 'gender', kind: 'category', group: 'birth' },
  { name: 'place', selector: 'place', kind: 'text', group: 'location' },
  { name: 'postcode', selector: 'postcode', kind: 'code', group: 'location' },
  { name: 'address', selector: 'address', kind: 'words', group: 'location' },
  { name: 'region', selector: 'region', kind: 'category', group: 'location' },
  { name: 'occupation', selector: 'occupation', kind: 'text', group: 'occupation' },
];

/** Person records of the lake: accounts that state a name or a date of birth and one thing more. */
export interface PersonRecords {
  readonly accounts: readonly string[];
  readonly population: Population;
  /** Pointer of each field of each account: `pointers[i][f]`, '' where it says nothing. */
  readonly pointers: readonly (readonly string[])[];
}

/** Reads what accounts say of the person behind them, in order of account. */
export async function readPersonRecords(
  engine: Engine,
  linkable: ReadonlySet<string>,
): Promise<PersonRecords> {
  const fieldOf = new Map(recordFields.map((field, index) => [field.selector, index]));
  const builder = new PopulationBuilder(recordFields);
  const accounts: string[] = [];
  const pointers: string[][] = [];
  let current = '';
  let values: [number, string][] = [];
  let places = recordFields.map(() => '');
  const end = () => {
    const told = places.filter((place) => place !== '').length;
    if (told >= 2 && (places[0] !== '' || places[1] !== '') && linkable.has(current)) {
      for (const [field, value] of values) builder.set(field, value);
      builder.end();
      accounts.push(current);
      pointers.push(places);
    }
    values = [];
    places = recordFields.map(() => '');
  };
  await engine.pages(sql.statedOfPersons, {}, ({ columns, rows }) => {
    const [account, selector, canonical, pointer] = columns as [unknown[], unknown[], unknown[], unknown[]];
    for (let r = 0; r < rows; r++) {
      if (account[r] !== current) {
        end();
        current = String(account[r]);
      }
      const field = fieldOf.get(String(selector[r]))!;
      values.push([field, String(canonical[r])]);
      if (places[field] === '') places[field] = String(pointer[r]);
    }
  });
  end();
  return { accounts, population: builder.finish(), pointers };
}

/** What was learned of person records, and the pairs worth keeping. */
export interface LearnedRecords extends Lesson {
  readonly comparisons: readonly Comparison[];
}

/**
 * Learns how person records agree, or takes the same from `kept`, where the same was learned from. Null when there are too few
 * to compare.
 */
export function learnRecords(
  { accounts, population }: PersonRecords,
  constraints: Constraints,
  kept: KeptLearning | null = null,
): LearnedRecords | null {
  if (accounts.length < 2) return null;
  const key = kept?.keyOf(population, constraints);
  const known = key === undefined ? null : kept!.read(key);
  if (known) return { ...known, comparisons: makeComparisons(population) };
  const { comparisons, weights, postings, pairs } = learn(population, constraints);
  const lesson = { weights, generics: postings.generics, pairs: aboveFloor(pairs) };
  if (key !== undefined) kept!.write(key, lesson);
  return { ...lesson, comparisons };
}

/** Pairs that may count; of few candidates all are scored. */
function aboveFloor({ length, a, b, bits }: ScoredPairs): ScoredPairs {
  const wanted: number[] = [];
  for (let i = 0; i < length; i++) if (bits[i]! > learnSettings.keptBits) wanted.push(i);
  return {
    length: wanted.length,
    a: Uint32Array.from(wanted, (i) => a[i]!),
    b: Uint32Array.from(wanted, (i) => b[i]!),
    bits: Float32Array.from(wanted, (i) => bits[i]!),
  };
}

/** Keys that too many person records share to be compared for that alone, with how many do. */
export function recordGenerics(records: PersonRecords, { generics }: LearnedRecords): Generic[] {
  const maker = new KeyMaker(records.population);
  return generics.map(({ hash, accounts, first }) => ({
    selector: 'person records',
    canonical: maker.describe(first, hash) ?? `key ${hash}`,
    accounts,
    cap: genericCap,
  }));
}

/** What two person records show of one another, comparison by comparison, for and against. */
export function recordEvidence(
  records: PersonRecords,
  learned: LearnedRecords,
  a: number,
  b: number,
): Evidence[] {
  const evidence: Evidence[] = [];
  learned.comparisons.forEach((comparison, c) => {
    const level = comparison.level(a, b);
    if (level === 0) return;
    const bits = learned.weights.bits[c]![level]!;
    const [m, u] = [learned.weights.m[c]![level]!, learned.weights.u[c]![level]!];
    evidence.push({
      group: comparison.group as EvidenceGroup,
      text: `${comparison.field}: ${comparison.levels[level]} (${share(m)} of pairs of one person, ${share(u)} of pairs of two)`,
      bits,
      accounts: sharedBy(records.population, c, a, b),
      pointers: [records.pointers[a]![c]!, records.pointers[b]![c]!],
    });
  });
  return evidence;
}

/** How many accounts hold the rarest value that both hold; 0 where they hold none in common. */
function sharedBy(population: Population, f: number, a: number, b: number): number {
  const { starts, codes, holders } = population.fields[f]!;
  let least = 0;
  for (let i = starts[a]!; i < starts[a + 1]!; i++) {
    for (let j = starts[b]!; j < starts[b + 1]!; j++) {
      if (codes[i] === codes[j] && (least === 0 || holders[codes[i]!]! < least)) least = holders[codes[i]!]!;
    }
  }
  return least;
}

function share(value: number): string {
  return value >= 0.001 ? `${(value * 100).toFixed(1)} %` : `1 in ${Math.round(1 / Math.max(value, 1e-15))}`;
}
