import * as path from 'node:path';
import type { Engine } from '../store/engine.ts';
import { givenFound, handOffsFound } from '../store/queries/hand-offs.ts';
import { readTruth, share, truePersons } from './evaluate.ts';

/** How the hand-offs of an exercise were found. Shares are between 0 and 1. */
export interface HandOffScore {
  /** Those whose other side lies in the exhibits. */
  readonly expected: number;
  readonly found: number;
  /** Of all found: who gave, who took, channel, selector, and the taker's account there are right. */
  readonly precision: number;
  /** Of the expected. */
  readonly recall: number;
  /** Of those right, with the right first message as well, to the second. */
  readonly firstMessage: number;
  readonly byConfidence: readonly {
    readonly confidence: string;
    readonly found: number;
    readonly right: number;
  }[];
  /**
   * Contacts that moved though nothing was given: those of the exercise whose other side lies in the exhibits, those
   * found, and those found rightly (the two humans and the channel).
   */
  readonly silent: { readonly expected: number; readonly found: number; readonly right: number };
  /** Selectors given in private messages, by how they were written, whether or not anything followed. */
  readonly given: readonly { readonly style: string; readonly expected: number; readonly found: number }[];
  /** Selectors found as contacts in private messages, and how many of those were given. */
  readonly givenPrecision: number;
}

interface Found {
  readonly from_account: string;
  readonly to_account: string;
  readonly channel: string;
  readonly style: string;
  readonly selector: string | null;
  readonly confidence: string;
  readonly first_time: number | null;
  readonly to_other_account: string;
}

const columns = [
  'hand_off',
  'from',
  'to',
  'channel',
  'style',
  'selector',
  'first_at',
  'in_evidence',
] as const;
type True = Readonly<Record<(typeof columns)[number], string>>;

/** Throws WaymarkError 'not-found' or 'usage' for a folder that holds no truth. */
export async function scoreHandOffs(engine: Engine, truth: string): Promise<HandOffScore> {
  const truths = readTruth(path.join(truth, 'hand_offs.csv'), columns) as unknown as True[];
  const persons = truePersons(path.join(truth, 'persons.csv'));
  const [silent, found] = split(await engine.rows<Found>(handOffsFound));
  const [trulySilent, expected] = split(truths);
  const met = new Set<string>();
  const levels = new Map<string, { found: number; right: number }>();
  let right = 0;
  let first = 0;
  for (const each of found) {
    const level = levels.get(each.confidence) ?? { found: 0, right: 0 };
    levels.set(each.confidence, level);
    level.found++;
    const hit = matchOf(each, expected, met, persons);
    if (!hit) continue;
    met.add(hit.hand_off);
    right++;
    level.right++;
    if (each.first_time !== null && secondOf(each.first_time / 1000) === secondOf(Date.parse(hit.first_at)))
      first++;
  }
  const inEvidence = expected.filter(isInEvidence);
  return {
    expected: inEvidence.length,
    found: found.length,
    precision: share(right, found.length),
    recall: share(inEvidence.filter((each) => met.has(each.hand_off)).length, inEvidence.length),
    firstMessage: share(first, right),
    byConfidence: ['firm', 'likely', 'possible'].map((confidence) => ({
      confidence,
      found: levels.get(confidence)?.found ?? 0,
      right: levels.get(confidence)?.right ?? 0,
    })),
    silent: scoreSilent(silent, trulySilent.filter(isInEvidence), persons),
    ...(await scoreGiven(engine, expected)),
  };
}

function split<T extends { readonly style: string }>(all: readonly T[]): [silent: T[], given: T[]] {
  return [all.filter(({ style }) => style === 'silent'), all.filter(({ style }) => style !== 'silent')];
}

function isInEvidence({ in_evidence, first_at }: True): boolean {
  return in_evidence === 'yes' && first_at !== '';
}

/** Each pair of humans and channel counts once, whoever wrote first. */
function scoreSilent(
  found: readonly Found[],
  expected: readonly True[],
  persons: ReadonlyMap<string, string>,
): HandOffScore['silent'] {
  const members = [...persons].filter(([account]) => account.startsWith('phpbb:'));
  const board = new Map(members.map(([account, person]) => [nativeId(account), person]));
  const key = (humans: readonly (string | undefined)[], channel: string) =>
    [...humans.map(String).sort(), channel].join('\n');
  const wanted = new Set(
    expected.map((each) => key([board.get(each.from), board.get(each.to)], each.channel)),
  );
  const met = new Set(
    found
      .map((each) => key([persons.get(each.from_account), persons.get(each.to_account)], each.channel))
      .filter((each) => wanted.has(each)),
  );
  return { expected: wanted.size, found: found.length, right: met.size };
}

/** The answer that a found hand-off is, if any: of several between the same two the nearest in time. */
function matchOf(
  found: Found,
  expected: readonly True[],
  met: ReadonlySet<string>,
  persons: ReadonlyMap<string, string>,
): True | undefined {
  const taker = persons.get(found.to_other_account);
  if (taker === undefined || taker !== persons.get(found.to_account)) return undefined;
  const distance = (each: True) => Math.abs(Date.parse(each.first_at) - (found.first_time ?? 0) / 1000);
  return expected
    .filter(
      (each) =>
        !met.has(each.hand_off) &&
        each.from === nativeId(found.from_account) &&
        each.to === nativeId(found.to_account) &&
        each.channel === found.channel &&
        each.selector === found.selector,
    )
    .sort((x, y) => distance(x) - distance(y))[0];
}

async function scoreGiven(
  engine: Engine,
  expected: readonly True[],
): Promise<Pick<HandOffScore, 'given' | 'givenPrecision'>> {
  const rows = await engine.rows<{
    from_account: string;
    to_account: string;
    selector: string;
    meant: string;
    channel: string;
  }>(givenFound);
  const inPrivate = rows.filter(({ channel, meant }) => channel === 'private message' && meant === 'contact');
  const key = (from: string, to: string, selector: string) => `${from}\n${to}\n${selector}`;
  const said = new Set(
    inPrivate.map((row) => key(nativeId(row.from_account), nativeId(row.to_account), row.selector)),
  );
  const truth = new Set(expected.map((each) => key(each.from, each.to, each.selector)));
  const styles = new Map<string, { expected: number; found: number }>();
  for (const each of expected) {
    const style = styles.get(each.style) ?? { expected: 0, found: 0 };
    styles.set(each.style, style);
    style.expected++;
    if (said.has(key(each.from, each.to, each.selector))) style.found++;
  }
  const right = inPrivate.filter((row) =>
    truth.has(key(nativeId(row.from_account), nativeId(row.to_account), row.selector)),
  ).length;
  return {
    given: [...styles].sort(([a], [b]) => (a < b ? -1 : 1)).map(([style, counts]) => ({ style, ...counts })),
    givenPrecision: share(right, inPrivate.length),
  };
}

function nativeId(account: string): string {
  return account.slice(account.indexOf('/') + 1);
}

function secondOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
