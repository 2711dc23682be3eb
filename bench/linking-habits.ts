/**
 * What writing style and hours of activity would bring to linking: how well each tells one person's pairs from others',
 * among pairs that share something already, and what persons would be if they counted.
 * `node bench/linking-habits.ts <operation> <truth> [<operation> <truth> ...]`: operations read and built from exercises.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { lakeSchema } from '../src/evidence/lake-schema.ts';
import { makeFootprint } from '../src/footprint/contacts.ts';
import { makeGivenSelectors } from '../src/footprint/given/given-table.ts';
import { compareWithTruth } from '../src/persons/compare-with-truth.ts';
import { gatherEvidence } from '../src/persons/evidence.ts';
import { cluster, judge, type Link } from '../src/persons/link.ts';
import { Prior } from '../src/persons/prior.ts';
import { mix } from '../src/persons/similarity.ts';
import type { Engine } from '../src/store/engine.ts';
import { openLake } from '../src/store/lake.ts';
import { Operation } from '../src/store/operation.ts';
import * as sql from '../src/store/queries/linking.ts';
import { Hours, hoursBits, Style, Styles } from './support/habits.ts';

/** Bits beyond which habits alone never speak, for or against. */
const cap = 3;
const likeness = 10;
const ownMessages = `
select sender, time, body from message
where sender is not null and (state is null or state <> 'soft-deleted') order by sender, message`;

interface Case {
  readonly accounts: string[];
  readonly links: Link[];
  readonly truth: Map<string, string>;
  readonly style: (a: string, b: string) => number | null;
  readonly hours: (a: string, b: string) => number | null;
}

async function read(folder: string, truthFolder: string): Promise<Case> {
  const operation = Operation.open(folder, { actor: 'bench', now: () => '2026-01-01T00:00:00Z' });
  const engine = await openLake(operation, lakeSchema);
  try {
    await makeFootprint(engine);
    await makeGivenSelectors(engine);
    const accounts: string[] = [];
    await engine.pages(sql.linkableAccounts, {}, ({ columns, rows }) => {
      for (let r = 0; r < rows; r++) accounts.push(String(columns[0]![r]));
    });
    accounts.sort();
    const prior = new Prior(accounts);
    const gatherer = await gatherEvidence(engine, new Set(accounts), prior);
    const { styles, hours } = await habitsOf(engine);
    const compared = new Styles(styles);
    const usual = Array<number>(48).fill(0);
    for (const { counts } of hours.values()) for (let h = 0; h < 48; h++) usual[h]! += counts[h]! + 1e-3;
    const total = usual.reduce((sum, each) => sum + each, 0);
    const shares = usual.map((each) => each / total);
    const truth = new Map<string, string>();
    for (const line of fs
      .readFileSync(path.join(truthFolder, 'persons.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)) {
      const [service, id, person] = line.trim().split(',') as [string, string, string];
      truth.set(`${service}/${id}`, person);
    }
    return {
      accounts,
      links: judge(gatherer.result(), [], prior),
      truth,
      style: (a, b) => compared.likeness(a, b),
      hours(a, b) {
        const [x, y] = [hours.get(a), hours.get(b)];
        return x?.isKnown && y?.isKnown ? hoursBits(x, y, shares, likeness) : null;
      },
    };
  } finally {
    engine.close();
  }
}

async function habitsOf(engine: Engine) {
  const styles = new Map<string, Style>();
  const hours = new Map<string, Hours>();
  await engine.pages(ownMessages, {}, ({ columns, rows }) => {
    for (let r = 0; r < rows; r++) {
      const sender = String(columns[0]![r]);
      if (columns[2]![r] !== null) of(styles, sender, () => new Style()).add(String(columns[2]![r]));
      if (columns[1]![r] !== null) of(hours, sender, () => new Hours()).add(Number(columns[1]![r]));
    }
  });
  return { styles, hours };
}

function of<T>(map: Map<string, T>, key: string, make: () => T): T {
  let held = map.get(key);
  if (held === undefined) map.set(key, (held = make()));
  return held;
}

/** Values of one measure over pairs of one person and of two, and what a level of it is worth. */
function levels(
  name: string,
  pairs: readonly { value: number | null; same: boolean }[],
  random: readonly number[],
): (value: number) => number {
  const known = pairs.filter((pair) => pair.value !== null) as { value: number; same: boolean }[];
  const sorted = [...random].sort((x, y) => x - y);
  const bounds = [0.1, 0.5, 0.9, 0.99].map((share) => sorted[Math.floor(share * sorted.length)]!);
  const band = (value: number) => bounds.filter((bound) => value >= bound).length;
  const count = (list: readonly number[]) => {
    const counts = Array<number>(5).fill(0);
    for (const value of list) counts[band(value)]!++;
    return counts;
  };
  const same = count(known.filter((pair) => pair.same).map((pair) => pair.value));
  const other = count(known.filter((pair) => !pair.same).map((pair) => pair.value));
  const strangers = count(random);
  // Against those that share something: strangers mostly live elsewhere and write another language.
  const reference = same.map((n, i) => n + other[i]!);
  const compared = reference.reduce((sum, n) => sum + n, 0);
  const all = same.reduce((sum, n) => sum + n, 0);
  const bits = same.map((n, i) =>
    Math.max(-cap, Math.min(cap, Math.log2((n + 1) / (all + 5) / ((reference[i]! + 1) / (compared + 5))))),
  );
  process.stdout.write(
    `${name}: bands of strangers' 10, 50, 90, 99 %: one person ${same.join(' ')}; two that share something ${other.join(' ')}; strangers ${strangers.join(' ')}; bits ${bits.map((x) => x.toFixed(1)).join(' ')}\n`,
  );
  return (value) => bits[band(value)]!;
}

const args = process.argv.slice(2);
for (let at = 0; at + 1 < args.length; at += 2) {
  const found = await read(args[at]!, args[at + 1]!);
  const { accounts, links, truth } = found;
  const isSame = (a: string, b: string) => truth.has(a) && truth.get(a) === truth.get(b);
  process.stdout.write(
    `\n${args[at]}: ${accounts.length} accounts, ${links.length} pairs that share something\n`,
  );
  const weigh = (['style', 'hours'] as const).map((name) => {
    const random: number[] = [];
    for (let i = 0; i < 20_000; i++) {
      const [a, b] = [
        accounts[mix(2 * i + 1) % accounts.length]!,
        accounts[mix(2 * i + 2) % accounts.length]!,
      ];
      const value = a === b || isSame(a, b) ? null : found[name](a, b);
      if (value !== null) random.push(value);
    }
    const pairs = links.map(({ a, b }) => ({ value: found[name](a, b), same: isSame(a, b) }));
    return { name, bitsOf: levels(name, pairs, random) };
  });
  const show = (words: string, counted: readonly Link[]) => {
    const result = compareWithTruth(cluster(accounts, counted), truth);
    process.stdout.write(
      `  ${words}: recall ${result.recall.toFixed(4)}, precision ${result.precision.toFixed(4)}, false merges ${result.falseMerges} of ${result.foundPairs}\n`,
    );
  };
  show('as it stands', links);
  for (const names of [['style'], ['hours'], ['style', 'hours']]) {
    for (const most of [1, 2, cap]) {
      const more = links.map((link) => {
        let bits = 0;
        for (const { name, bitsOf } of weigh) {
          const value = names.includes(name) ? found[name](link.a, link.b) : null;
          if (value !== null) bits += Math.max(-most, Math.min(most, bitsOf(value)));
        }
        return { ...link, bits: link.bits + Math.max(-cap, Math.min(cap, bits)) };
      });
      show(`with ${names.join(' and ')}, at most ${most} bits each`, more);
    }
  }
}
process.exit(0);
