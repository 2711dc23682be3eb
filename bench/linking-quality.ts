/**
 * Quality of linking without labels, and of its calibration with 2,000 labels drawn from a tenth of the
 * persons, against truth; with `--peer <folder>` the same on real Splink 4's candidate pairs. The
 * features that calibrate with whole persons are chosen on one half of the persons and tested on the other.
 * `node bench/linking-quality.ts [--peer /tmp/splink]`
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { calibrate, calibrated, cllr, cllrMin, fitLogistic } from '../src/persons/calibration.ts';
import { type Learned, learn, Support, scorePair } from '../src/persons/learn.ts';
import { mix } from '../src/persons/similarity.ts';
import {
  corpora,
  type DataSet,
  fakeThousand,
  febrl,
  historical,
  quality,
  readTable,
} from './linking-data.ts';
import { runPeer } from './linking-splink.ts';

const labels = 2000;

async function main(): Promise<void> {
  const at = process.argv.indexOf('--peer');
  for (const [name, set] of [
    ['FEBRL 3', () => febrl('dataset3.csv')],
    ['FEBRL 4', () => febrl('dataset4a.csv', 'dataset4b.csv')],
    ['fake 1000', fakeThousand],
    ['historical 50k', historical],
  ] as const) {
    const data = await set();
    const start = performance.now();
    const learned = learn(data.population);
    const seconds = (performance.now() - start) / 1000;
    show(name, {
      seconds,
      ...quality(learned.clusters, data.person),
      recallOfBlocking: blockingRecall(data, learned),
      pairs: learned.pairs.length,
      guard: learned.guard ?? 'none',
    });
    if (name === 'fake 1000')
      confirm('  features chosen on one half', data, learned, learned.pairs.a, learned.pairs.b);
    if (name === 'historical 50k') {
      const inTest = (i: number) => !isTraining(data, i);
      show('  the nine tenths of persons without labels', {
        ...quality(learned.clusters, data.person, inTest),
      });
      calibrateOn('  own candidate pairs', data, learned, learned.pairs.a, learned.pairs.b);
      confirm('  own, features chosen on one half', data, learned, learned.pairs.a, learned.pairs.b);
      if (at > 0) await peer(process.argv[at + 1]!, data, learned);
    }
  }
}

/** A tenth of the persons, told by a hash of their number. */
function isTraining(data: DataSet, i: number): boolean {
  return mix(data.person[i]! + 99) % 10 === 0;
}

function blockingRecall(data: DataSet, learned: Learned): number {
  const sizes = new Map<number, number>();
  for (const person of data.person) sizes.set(person, (sizes.get(person) ?? 0) + 1);
  const all = [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
  let found = 0;
  const { a, b, length } = learned.pairs;
  for (let i = 0; i < length; i++) if (data.person[a[i]!] === data.person[b[i]!]) found++;
  return found / all;
}

/** Calibrates on labels from training persons (both records), tests on pairs of test persons (both records). */
function calibrateOn(
  name: string,
  data: DataSet,
  learned: Learned,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): void {
  const support = new Support(learned);
  const train: { pair: Float64Array; group: Float64Array; same: Uint8Array } = pick(
    data,
    learned,
    support,
    a,
    b,
    true,
  );
  const test = pick(data, learned, support, a, b, false);
  const own = calibrate({ bits: train.pair, same: train.same });
  const both = fitLogistic(
    hinges(train),
    { bits: train.pair, same: train.same },
    towards,
    10 / train.pair.length,
  );
  const prior = learned.weights.priorBits;
  const lr = test.pair.map((bits) => calibrated(own, bits));
  const columns = hinges(test);
  const joint = test.pair.map((_, i) =>
    columns.reduce((sum, column, k) => sum + both.slopes[k]! * column[i]!, both.offset),
  );
  show(name, {
    labels: train.same.length,
    testPairs: test.same.length,
    cllrRaw: cllr({ bits: test.pair.map((bits) => bits - prior), same: test.same }),
    cllrPairs: cllr({ bits: lr, same: test.same }),
    cllrMinPairs: cllrMin({ bits: test.pair, same: test.same }),
    cllrWithPersons: cllr({ bits: joint, same: test.same }),
    cllrMinWithPersons: cllrMin({ bits: joint, same: test.same }),
    slope: own.slope,
    most: own.most ?? Number.NaN,
  });
}

const towards = [0.5, 0.5, 0.5, 0.5];

type Judged = ReturnType<typeof judged>;

/** Features from which one set is chosen. */
const featureSets: Readonly<Record<string, (scores: Judged) => Float64Array[]>> = {
  pair: ({ pair }) => [pair],
  'pair, both sides apart': (scores) => hinges(scores).slice(0, 2),
  'pair and persons': ({ pair, group }) => [pair, group],
  'pair and persons, both sides apart': hinges,
};

/**
 * Chooses the features by cross validation among one half of the persons, fits them on labels from that half, and says
 * what they cost on the other half, which had no part in the choice.
 */
function confirm(
  name: string,
  data: DataSet,
  learned: Learned,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): void {
  const support = new Support(learned);
  const foldOf = (i: number) => mix(data.person[i]! + 199) % 10;
  const pairsOf = (wanted: (fold: number) => boolean, most = Number.POSITIVE_INFINITY): Judged => {
    const chosen: number[] = [];
    for (let i = 0; i < a.length; i++) if (wanted(foldOf(a[i]!)) && wanted(foldOf(b[i]!))) chosen.push(i);
    if (chosen.length > most) chosen.sort((x, y) => mix(x) - mix(y)).length = most;
    return judged(data, learned, support, a, b, chosen);
  };
  const costOf = (features: (scores: Judged) => Float64Array[], train: Judged, test: Judged): number => {
    const columns = features(train);
    const fitted = fitLogistic(
      columns,
      { bits: train.pair, same: train.same },
      columns.map(() => 1 / columns.length),
      10 / train.pair.length,
    );
    const tested = features(test);
    const bits = test.pair.map((_, i) =>
      tested.reduce((sum, column, k) => sum + fitted.slopes[k]! * column[i]!, fitted.offset),
    );
    return cllr({ bits, same: test.same });
  };
  const folds = [0, 1, 2, 3, 4].map((out) => ({
    train: pairsOf((fold) => fold < 5 && fold !== out, labels),
    test: pairsOf((fold) => fold === out, 20_000),
  }));
  const costs = Object.entries(featureSets).map(([set, features]) => ({
    set,
    features,
    cost: folds.reduce((sum, { train, test }) => sum + costOf(features, train, test), 0) / folds.length,
  }));
  const best = costs.reduce((least, each) => (each.cost < least.cost ? each : least));
  const test = pairsOf((fold) => fold >= 5);
  show(name, {
    chosen: best.set,
    inChoosing: best.cost,
    testPairs: test.same.length,
    cllrOnTheOtherHalf: costOf(
      best.features,
      pairsOf((fold) => fold < 5, labels),
      test,
    ),
    cllrOfThePairAlone: costOf(
      featureSets.pair!,
      pairsOf((fold) => fold < 5, labels),
      test,
    ),
  });
}

/** Scores below and above nought apart, held within bounds: evidence saturates, and not alike on both sides. */
function hinges({ pair, group }: { pair: Float64Array; group: Float64Array }): Float64Array[] {
  const clip = (values: Float64Array, least: number, most: number) =>
    values.map((bits) => Math.max(least, Math.min(most, bits)));
  return [clip(pair, -12, 0), clip(pair, 0, 12), clip(group, -8, 0), clip(group, 0, 8)];
}

function pick(
  data: DataSet,
  learned: Learned,
  support: Support,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  training: boolean,
) {
  const chosen: number[] = [];
  for (let i = 0; i < a.length; i++) {
    if (isTraining(data, a[i]!) === training && isTraining(data, b[i]!) === training) chosen.push(i);
  }
  if (training) chosen.sort((x, y) => mix(x) - mix(y)).length = Math.min(labels, chosen.length);
  return judged(data, learned, support, a, b, chosen);
}

/** Scores of chosen pairs, by themselves and by the persons of both, and whether they are one person. */
function judged(
  data: DataSet,
  learned: Learned,
  support: Support,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  chosen: readonly number[],
) {
  const pair = new Float64Array(chosen.length);
  const group = new Float64Array(chosen.length);
  const same = new Uint8Array(chosen.length);
  chosen.forEach((i, k) => {
    pair[k] = scorePair(learned, a[i]!, b[i]!);
    group[k] = support.between(a[i]!, b[i]!);
    same[k] = data.person[a[i]!] === data.person[b[i]!] ? 1 : 0;
  });
  return { pair, group, same };
}

async function peer(folder: string, data: DataSet, learned: Learned): Promise<void> {
  const source = path.join(corpora, 'er/splink/historical_figures_with_errors_50k.parquet');
  if (!fs.existsSync(path.join(folder, 'pairs.parquet'))) show('Splink', { ...runPeer(folder, source) });
  const index = new Map(data.ids.map((id, i) => [id, i]));
  const rows = await readTable(`'${path.join(folder, 'pairs.parquet')}'`);
  const a = rows.map((row) => index.get(row.unique_id_l!)!);
  const b = rows.map((row) => index.get(row.unique_id_r!)!);
  const found = new Int32Array(data.ids.length);
  const names = new Map<string, number>();
  for (const row of await readTable(`'${path.join(folder, 'clusters.parquet')}'`)) {
    if (!names.has(row.cluster_id!)) names.set(row.cluster_id!, names.size);
    found[index.get(row.unique_id!)!] = names.get(row.cluster_id!)!;
  }
  show('Splink 4, documented, p >= .95', { ...quality(found, data.person) });
  const [train, test]: { bits: number[]; same: number[] }[] = [
    { bits: [], same: [] },
    { bits: [], same: [] },
  ] as const as never;
  rows.forEach((row, i) => {
    const first = isTraining(data, a[i]!);
    if (first !== isTraining(data, b[i]!)) return;
    const into = first ? train! : test!;
    into.bits.push(Number(row.match_weight));
    into.same.push(data.person[a[i]!] === data.person[b[i]!] ? 1 : 0);
  });
  const own = calibrate(train!);
  show('  Splink on its own pairs', {
    pairs: rows.length,
    cllrRaw: cllr(test!),
    cllrCalibrated: cllr({ bits: test!.bits.map((bits) => calibrated(own, bits)), same: test!.same }),
    cllrMin: cllrMin(test!),
  });
  calibrateOn('  Waymark on the same pairs', data, learned, a, b);
  confirm('  Waymark on the same pairs, features chosen on one half of persons', data, learned, a, b);
}

function show(name: string, figures: Record<string, unknown>): void {
  const texts = Object.entries(figures).map(
    ([key, value]) =>
      `${key} ${typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(4) : value}`,
  );
  process.stdout.write(`${name}: ${texts.join(', ')}\n`);
}

await main();
