import { WaymarkError } from '../base/errors.ts';
import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/linking.ts';
import { type Calibration, calibrate, calibrated, verbalBand } from './calibration.ts';
import { type Bar, barsOf, type Evidence } from './evidence.ts';
import type { Link } from './link.ts';
import { Prior } from './prior.ts';
import { drawWeights, type ReviewLink } from './review.ts';
import { type Cut, weakestCut } from './weakest-cut.ts';

/** What the number is: nothing has been validated locally, or it has, on these decided pairs. */
export interface Standing {
  readonly kind: 'investigative score' | 'likelihood ratio';
  /** Decided pairs behind it, of one person and of two. */
  readonly samePairs: number;
  readonly differentPairs: number;
  readonly note: string;
}

/** A rung of the ladder: what is claimed, against which alternative, and what the evidence says of it in bits. */
export interface Rung {
  readonly proposition: 'same line' | 'same premises' | 'same person';
  readonly against: string;
  readonly bits: number;
  readonly words: string;
}

export interface Removal {
  readonly text: string;
  /** What is left without it. */
  readonly bits: number;
  readonly from: string;
  readonly to: string;
}

/** Why two accounts are, or are not, taken for one person. */
export interface PairExplanation {
  readonly a: string;
  readonly b: string;
  readonly decision: Link['decision'];
  /** Each piece of evidence with what it adds, for and against; the sum of `counted` is `bits`. */
  readonly bars: readonly Bar[];
  readonly bits: number;
  readonly threshold: number;
  /** Accounts among which the shared values were counted. */
  readonly population: number;
  readonly standing: Standing;
  readonly ladder: readonly Rung[];
  /** The least favourable alternative that is relevant: what may be quoted. */
  readonly headline: Rung;
  /** The one piece whose removal would change the words of the headline most; null where none would. */
  readonly pivot: Removal | null;
}

/** What holds a person together, and what is missing. */
export interface Certificate {
  readonly person: string;
  readonly accounts: readonly string[];
  /** The division into two with the least evidence across it; null for a person of one account. */
  readonly weakest: Cut | null;
  /** Whether one link alone holds the division together. */
  readonly bridge: boolean;
  readonly decisions: readonly { readonly a: string; readonly b: string; readonly decision: string }[];
  /** Pairs inside the person that show nothing of one another. */
  readonly pairsWithoutEvidence: number;
  readonly pairs: number;
  readonly links: readonly PairExplanation[];
}

/** Evidence that people of one household share, whoever they are. */
const householdGroups: ReadonlySet<string> = new Set(['line', 'location']);

/** Explains two accounts. Throws WaymarkError 'not-found' for an account that no person holds. */
export async function explainPair(engine: Engine, x: string, y: string): Promise<PairExplanation> {
  const [a, b] = x < y ? [x, y] : [y, x];
  const known = await engine.rows<{ account: string }>(sql.personsOfAccounts, { accounts: [a, b] });
  for (const account of [a, b]) {
    if (!known.some((row) => row.account === account)) {
      throw new WaymarkError('not-found', `no person of this generation has the account "${account}"`, {
        remedy: 'Accounts are written service/native id, as "export persons" lists them.',
      });
    }
  }
  const links = await linksAmong(engine, [a, b]);
  const link = links.find((each) => each.a === a && each.b === b) ?? (await withoutEvidence(engine, a, b));
  return explainLink(link, await contextOf(engine));
}

async function withoutEvidence(engine: Engine, a: string, b: string): Promise<Link> {
  const rows = await engine.rows<{ account: string }>(sql.allAccounts);
  const prior = new Prior(rows.map((row) => row.account));
  return { a, b, bits: 0, decision: null, threshold: prior.bar(a, b), evidence: [] };
}

/** Explains a person: each of its links, and its certificate. Throws WaymarkError 'not-found'. */
export async function explainPerson(engine: Engine, person: string): Promise<Certificate> {
  const rows = await engine.rows<{ account: string }>(sql.accountsOfPerson, { person });
  if (rows.length === 0)
    throw new WaymarkError('not-found', `there is no person "${person}" in this generation`);
  const accounts = rows.map((row) => row.account);
  const links = await linksAmong(engine, accounts);
  return certify(person, accounts, links, await contextOf(engine));
}

/** The certificate of a person from its accounts and the links among them. */
export function certify(
  person: string,
  accounts: readonly string[],
  links: readonly Link[],
  context: ExplainContext,
): Certificate {
  const pairs = (accounts.length * (accounts.length - 1)) / 2;
  const weakest = weakestCut(accounts, links);
  return {
    person,
    accounts,
    weakest,
    bridge: weakest !== null && weakest.links === 1,
    decisions: links
      .filter((link) => link.decision !== null)
      .map(({ a, b, decision }) => ({ a, b, decision: decision! })),
    pairsWithoutEvidence: pairs - links.filter((link) => link.evidence.length > 0).length,
    pairs,
    links: links.map((link) => explainLink(link, context)),
  };
}

/** What an explanation needs besides the link itself. */
export interface ExplainContext {
  readonly population: number;
  readonly calibration: Calibration | null;
}

/** Decided pairs of each kind below which no likelihood ratio is given. */
const leastJudged = 20;

/**
 * Decisions on pairs of the random and stratified streams, which were drawn without looking at the score,
 * are the local validation; each counts by how rarely such a pair is drawn.
 */
export function calibrationFrom(links: readonly ReviewLink[]): Calibration | null {
  const weights = drawWeights(links);
  const judged = links
    .map((link, i) => ({ ...link, weight: weights[i]! }))
    .filter(({ decision, weight }) => weight > 0 && (decision === 'same' || decision === 'different'));
  const same = judged.map((link) => (link.decision === 'same' ? 1 : 0));
  const alike = same.filter((each) => each === 1).length;
  if (alike < leastJudged || same.length - alike < leastJudged) return null;
  return calibrate({
    bits: judged.map((link) => link.bits),
    same,
    weight: judged.map((link) => link.weight),
  });
}

async function contextOf(engine: Engine): Promise<ExplainContext> {
  const [{ accounts } = { accounts: 0 }] = await engine.rows<{ accounts: number }>(sql.populationSize);
  return { population: accounts, calibration: calibrationFrom(await engine.rows<ReviewLink>(sql.allLinks)) };
}

async function linksAmong(engine: Engine, accounts: readonly string[]): Promise<Link[]> {
  const rows = await engine.rows<Omit<Link, 'evidence'> & { evidence: string }>(sql.linksAmong, {
    accounts: [...accounts],
  });
  return rows.map((row) => ({ ...row, evidence: JSON.parse(row.evidence) as Evidence[] }));
}

/** The waterfall of a link, the ladder and the one removal that matters. */
export function explainLink(link: Link, context: ExplainContext): PairExplanation {
  const bars = barsOf(link.evidence);
  const ladder = ladderOf(bars, context.calibration);
  const headline = headlineOf(bars, ladder);
  return {
    a: link.a,
    b: link.b,
    decision: link.decision,
    bars,
    bits: sum(bars),
    threshold: link.threshold,
    population: context.population,
    standing: standingOf(context.calibration),
    ladder,
    headline,
    pivot: pivotOf(link.evidence, headline, context.calibration),
  };
}

function standingOf(calibration: Calibration | null): Standing {
  if (calibration === null) {
    const note = `Not validated on local cases: an investigative score, not evidence of its weight. It takes ${leastJudged} decided pairs of either kind from the review list to give a likelihood ratio.`;
    return { kind: 'investigative score', samePairs: 0, differentPairs: 0, note };
  }
  const { samePairs, differentPairs } = calibration;
  const note = 'Calibrated on decisions of this operation and held within what they can support.';
  return { kind: 'likelihood ratio', samePairs, differentPairs, note };
}

function ladderOf(bars: readonly Bar[], calibration: Calibration | null): Rung[] {
  const rung = (proposition: Rung['proposition'], against: string, bits: number): Rung => {
    const said = calibration && proposition === 'same person' ? calibrated(calibration, bits) : bits;
    const words =
      proposition === 'same person'
        ? verbalBand(said)
        : verbalBand(said)
            .replace('they are one person', 'it is so')
            .replace('they are two persons', 'it is not so');
    return { proposition, against, bits: said, words };
  };
  const of = (...groups: string[]) => sum(bars.filter((bar) => groups.includes(bar.group)));
  return [
    rung('same line', 'an unrelated account of this population', of('line')),
    rung('same premises', 'an unrelated account of this population', of('line', 'location')),
    rung('same person', 'a stranger of this population', sum(bars)),
    rung(
      'same person',
      'someone of the same household or line',
      sum(bars.filter((bar) => !householdGroups.has(bar.group))),
    ),
    rung(
      'same person',
      'someone of the same household with the same device',
      sum(bars.filter((bar) => !householdGroups.has(bar.group) && !speaksOfDevice(bar))),
    ),
  ];
}

/** A device in common is one that several people may use. */
function speaksOfDevice(bar: Bar): boolean {
  return bar.group === 'device' && bar.counted > 0;
}

/**
 * Where a line or a place is part of the evidence, someone of the household is the alternative to beat; where a
 * device is too, someone of the household who uses it.
 */
function headlineOf(bars: readonly Bar[], ladder: readonly Rung[]): Rung {
  const [stranger, household, sameDevice] = [ladder[2]!, ladder[3]!, ladder[4]!];
  if (!bars.some((bar) => householdGroups.has(bar.group) && bar.counted > 0)) return stranger;
  const relevant = bars.some(speaksOfDevice) ? sameDevice : household;
  return relevant.bits < stranger.bits ? relevant : stranger;
}

function pivotOf(
  evidence: readonly Evidence[],
  headline: Rung,
  calibration: Calibration | null,
): Removal | null {
  let best: Removal | null = null;
  for (const piece of evidence) {
    const bars = barsOf(evidence.filter((each) => each !== piece));
    const rest = headlineOf(bars, ladderOf(bars, calibration));
    if (rest.words === headline.words) continue;
    const change = Math.abs(rest.bits - headline.bits);
    if (best === null || change > Math.abs(best.bits - headline.bits)) {
      best = { text: piece.text, bits: rest.bits, from: headline.words, to: rest.words };
    }
  }
  return best;
}

function sum(bars: readonly Bar[]): number {
  return bars.reduce((total, bar) => total + bar.counted, 0);
}
