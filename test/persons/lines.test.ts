import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Evidence, PairGatherer, totalBits } from '../../src/persons/evidence.ts';
import { learn } from '../../src/persons/learn.ts';
import { shareLines } from '../../src/persons/lines.ts';
import { PopulationBuilder } from '../../src/persons/population.ts';
import { Prior } from '../../src/persons/prior.ts';
import type { Engine } from '../../src/store/engine.ts';
import { usedAddresses } from '../../src/store/queries/linking.ts';
import { draw, testFields } from './support.ts';

type Use = readonly [account: string, ip: string, first: number, last: number];

/** What lines in common give each pair, from uses as the lake would state them. */
async function linesOf(uses: readonly Use[], accounts: readonly string[]): Promise<PairGatherer> {
  const rows = uses.map(
    ([account, ip, first, last]) =>
      [account, ip, Math.floor(first / 30), last - first + 1, `x@${first}+1`, first, last] as const,
  );
  const engine = {
    pages: async (sql: string, _: unknown, visit: (page: unknown) => void) => {
      const shown = sql === usedAddresses ? rows : [];
      visit({ columns: [0, 1, 2, 3, 4, 5, 6].map((c) => shown.map((row) => row[c])), rows: shown.length });
    },
  } as unknown as Engine;
  const gatherer = new PairGatherer();
  await shareLines(engine, new Set(accounts), new Prior(accounts), gatherer);
  return gatherer;
}

const accounts = Array.from({ length: 400 }, (_, i) => `s/${1000 + i}`);
const bitsOf = (gatherer: PairGatherer, i: number, j: number) =>
  totalBits(gatherer.evidenceOf(accounts[i]!, accounts[j]!) as Evidence[]);
/** Strangers who took up an address that another had given up three weeks before. */
const passedOn: Use[] = Array.from({ length: 100 }, (_, i) => [
  [accounts[100 + 2 * i]!, `198.51.100.${i}`, 0, 0] as const,
  [accounts[101 + 2 * i]!, `198.51.100.${i}`, 22, 22] as const,
]).flat();

test('an address used at one time is worth more than one that went from hand to hand, and more of them never less', async () => {
  const many = [0, 1, 2, 3, 4].flatMap((n): Use[] => [
    [accounts[2]!, `203.0.113.${n}`, 30 * n, 30 * n],
    [accounts[3]!, `203.0.113.${n}`, 30 * n, 30 * n],
  ]);
  const uses: Use[] = [
    [accounts[0]!, '192.0.2.1', 3, 5],
    [accounts[1]!, '192.0.2.1', 4, 4],
    ...many,
    ...passedOn,
  ];
  const gatherer = await linesOf(uses, accounts);
  const [passed, together, often] = [
    bitsOf(gatherer, 100, 101),
    bitsOf(gatherer, 0, 1),
    bitsOf(gatherer, 2, 3),
  ];
  assert.ok(passed >= 0 && together > passed + 3 && often >= together, `${passed} ${together} ${often}`);
  assert.equal(gatherer.evidenceOf(accounts[2]!, accounts[3]!).length, 5);
  const turned = await linesOf([...uses].reverse(), [...accounts].reverse());
  assert.deepEqual(turned.result(), gatherer.result());
});

test('lines are worth what is counted: the more pairs have as much in common, the less', async () => {
  const together = (pairs: number) =>
    Array.from({ length: pairs }, (_, i): Use[] => [
      [accounts[2 * i]!, `192.0.2.${i}`, 1, 1],
      [accounts[2 * i + 1]!, `192.0.2.${i}`, 1, 1],
    ]).flat();
  const few = bitsOf(await linesOf(together(2), accounts), 0, 1);
  const more = bitsOf(await linesOf(together(128), accounts), 0, 1);
  assert.ok(Math.abs(few - more - 6) < 1e-6, `${few} ${more}`);
});

test('a date of birth in common makes nobody one person among many strangers', () => {
  const builder = new PopulationBuilder(testFields);
  const people = 4000;
  for (let i = 0; i < people; i++) {
    builder.set(1, `${1955 + draw(i * 3 + 1, 40)}-0${1 + draw(i * 5 + 2, 9)}-${10 + draw(i * 7 + 3, 18)}`);
    builder.set(2, `place${draw(i * 11 + 4, 12)}`);
    builder.end();
  }
  const learned = learn(builder.finish());
  const [, date] = learned.comparisons;
  const rarest = date!.levels.length - 1;
  // 40 years of 162 days each, in this test: one in 6,480.
  assert.ok(learned.weights.bits[1]![rarest]! < Math.log2(6480) + 0.5, `${learned.weights.bits[1]![rarest]}`);
  const persons = new Set(learned.clusters).size;
  assert.ok(persons > people * 0.98, `${persons} persons`);
});
