import * as fs from 'node:fs';
import { parseCsv } from '../base/csv.ts';
import { WaymarkError } from '../base/errors.ts';
import { accountOf } from '../evidence/tables.ts';
import { calibrated, cllr, cllrMin, type JudgedScores } from '../persons/calibration.ts';
import { type Comparison, compareWithTruth } from '../persons/compare-with-truth.ts';
import { calibrationFrom } from '../persons/explain.ts';
import type { ReviewLink } from '../persons/review.ts';
import type { Engine } from '../store/engine.ts';
import { allLinks, genericCount, genericValues, judgedLinks } from '../store/queries/linking.ts';
import { accountsWithPersons } from '../store/queries/views.ts';

/** How the persons of a generation stand against known truth. */
export interface Evaluation extends Comparison {
  /** Accounts that the truth does not name: left out. */
  readonly outside: number;
  /**
   * Share of the true pairs that were met and kept, or are in one person: no way of forming persons finds more. A
   * lower bound, since of person records only the strongest links of each are kept.
   */
  readonly blockingRecall: number;
  /** Pairs with evidence of which the truth knows both, of one person and of two: what the costs are taken over. */
  readonly judgedSame: number;
  readonly judgedDifferent: number;
  /**
   * Log-likelihood-ratio cost of the scores as they stand: 0 perfect, 1 says nothing, more misleads. Null where the
   * judged pairs are all of one kind.
   */
  readonly cllr: number | null;
  /** What would be left of it after the best calibration on these very pairs. */
  readonly cllrMin: number | null;
  /** The cost after the calibration on this operation's decisions; null where there are too few. */
  readonly cllrCalibrated: number | null;
  /** Values that so many share that they join nobody. */
  readonly generics: number;
}

/**
 * Compares the persons of the current generation with known truth, a CSV with the columns
 * service,native_id,person. Throws WaymarkError 'usage' for a file of another shape.
 */
export async function evaluate(engine: Engine, truthFile: string): Promise<Evaluation> {
  const truth = truePersons(truthFile);
  const found = new Map<string, string>();
  let outside = 0;
  for (const [account, person] of await foundPersons(engine)) {
    if (truth.has(account)) found.set(account, person);
    else outside++;
  }
  if (found.size === 0) {
    throw new WaymarkError('usage', 'the truth names no account of this operation', {
      where: truthFile,
      remedy: 'Its service and native_id must be written as "export persons" writes them.',
    });
  }
  const comparison = compareWithTruth(found, truth);
  const [{ generics } = { generics: 0 }] = await engine.rows<{ generics: number }>(genericCount);
  return { ...comparison, outside, ...(await judgeLinks(engine, found, truth, comparison)), generics };
}

async function judgeLinks(
  engine: Engine,
  found: ReadonlyMap<string, string>,
  truth: ReadonlyMap<string, string>,
  { truePairs, foundPairs, falseMerges }: Comparison,
): Promise<
  Pick<
    Evaluation,
    'blockingRecall' | 'judgedSame' | 'judgedDifferent' | 'cllr' | 'cllrMin' | 'cllrCalibrated'
  >
> {
  const [bits, same]: [number[], number[]] = [[], []];
  let metApart = 0;
  await engine.pages(judgedLinks, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      const [a, b] = [String(columns[0]![r]), String(columns[1]![r])];
      if (!found.has(a) || !found.has(b)) continue;
      const isOne = truth.get(a) === truth.get(b);
      bits.push(Number(columns[2]![r]));
      same.push(isOne ? 1 : 0);
      if (isOne && found.get(a) !== found.get(b)) metApart++;
    }
  });
  const judgedSame = same.reduce((sum, each) => sum + each, 0);
  const judgedDifferent = same.length - judgedSame;
  const calibration = calibrationFrom(await engine.rows<ReviewLink>(allLinks));
  const cost = (of: (judged: JudgedScores) => number, values: readonly number[]) =>
    judgedSame === 0 || judgedDifferent === 0 ? null : of({ bits: values, same });
  return {
    blockingRecall: truePairs === 0 ? 1 : (foundPairs - falseMerges + metApart) / truePairs,
    judgedSame,
    judgedDifferent,
    cllr: cost(cllr, bits),
    cllrMin: cost(cllrMin, bits),
    cllrCalibrated:
      calibration === null
        ? null
        : cost(
            cllr,
            bits.map((each) => calibrated(calibration, each)),
          ),
  };
}

/** A value over its cap: so many accounts share it that it joins nobody. */
export interface GenericValue {
  readonly selector: string;
  readonly canonical: string;
  readonly accounts: number;
  readonly cap: number;
}

/** Values over their cap, those of most accounts first. */
export async function listGenerics(engine: Engine, limit: number, offset: number): Promise<GenericValue[]> {
  return engine.rows<GenericValue>(genericValues, { limit, offset });
}

/** The person of every account, as the current generation has it. */
export async function foundPersons(engine: Engine): Promise<Map<string, string>> {
  const rows = await engine.rows<{ service: string; native_id: string; person: string }>(accountsWithPersons);
  return new Map(rows.map((row) => [accountOf(row.service, row.native_id), row.person]));
}

/** Account to person, from a CSV with the columns service,native_id,person. Throws WaymarkError 'usage', 'not-found'. */
export function truePersons(file: string): Map<string, string> {
  const rows = readTruth(file, ['service', 'native_id', 'person']);
  return new Map(rows.map((row) => [accountOf(row.service!, row.native_id!), row.person!]));
}

/** A truth file's rows. Throws WaymarkError 'not-found', or 'usage' where a column is missing. */
export function readTruth(file: string, columns: readonly string[]): Record<string, string>[] {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw new WaymarkError('not-found', 'the truth file cannot be read', { where: file, cause });
  }
  const heading = text.split(/\r?\n/, 1)[0]!.split(',');
  const missing = columns.filter((name) => !heading.includes(name));
  if (missing.length > 0) {
    throw new WaymarkError('usage', `the truth file has no column ${missing.join(', ')}`, {
      where: file,
      remedy: `Its first line must name ${columns.join(',')}.`,
    });
  }
  return parseCsv(text, file);
}

/** A part of a whole, between 0 and 1; of nothing, all of it. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
