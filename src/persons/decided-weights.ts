import { linkingConfiguration as config } from './configuration.ts';
import { type Decision, linkDecisions, pairKey } from './decisions.ts';
import { type Evidence, type PairEvidence, totalBits } from './evidence.ts';
import type { Prior } from './prior.ts';
import { probabilityOf } from './weights.ts';

/** Decided pairs that show one kind of evidence: how many of either, and how many of one person the score foresaw. */
interface Decided {
  readonly same: number;
  readonly different: number;
  readonly foreseen: number;
}

/** Kinds of evidence, told by how their words begin; others are known by their group. */
const kinds = [
  'same mailbox',
  'mailboxes alike',
  'both state',
  'offers',
  'gives',
  'one name on two services',
  'handles with the same stem',
  'handles that are drawn alike',
  'names that share',
  'after it is given',
  'is given',
  'one line, ',
  'one account leaves',
  "one device's address",
  'same phone browser',
  'same computer browser',
  'different phone browsers',
  'different computer browsers',
] as const;

/** The kind of a piece of evidence, whose weight decisions change as one. */
export function kindOf({ group, text }: Evidence): string {
  const kind = kinds.find((beginning) => text.startsWith(beginning));
  if (kind === undefined) return group;
  return kind === 'one line, ' ? (/^one line, [^,]*:/.test(text) ? 'one network' : 'one address') : kind;
}

/**
 * What decisions teach of each kind of evidence: the pairs with it that humans found the same and different, against how
 * many of either the score foresaw. What is stated beforehand counts as so many pairs of either kind as the
 * configuration says (a Dirichlet prior), so that single decisions move little, and decisions as foreseen nothing. The
 * same decisions in any order give the same, and an undone one leaves no trace. A pair's own decision never changes its
 * own score, so that the score can be validated on it.
 */
export class DecidedWeights {
  private readonly counts = new Map<string, Decided>();
  private readonly own = new Map<string, Decided>();

  constructor(pairs: readonly PairEvidence[], decisions: readonly Decision[], prior: Pick<Prior, 'bits'>) {
    const decided = linkDecisions(decisions);
    if (decided.size === 0) return;
    const sorted = pairs.filter(({ a, b }) => decided.has(pairKey(a, b))).sort(byPair);
    for (const { a, b, evidence } of sorted) {
      const { value } = decided.get(pairKey(a, b))!;
      if (value !== 'same' && value !== 'different') continue;
      const one: Decided = {
        same: value === 'same' ? 1 : 0,
        different: value === 'same' ? 0 : 1,
        foreseen: probabilityOf(totalBits(evidence) - prior.bits(a, b)),
      };
      this.own.set(pairKey(a, b), one);
      for (const kind of new Set(evidence.filter((each) => each.bits !== 0).map(kindOf)))
        this.counts.set(kind, sumOf(this.counts.get(kind), one, 1));
    }
  }

  /** The evidence of a pair with the weights that decisions on others changed, each change said in its words. */
  of({ a, b, evidence }: PairEvidence): readonly Evidence[] {
    if (this.counts.size === 0) return evidence;
    const own = this.own.get(pairKey(a, b));
    const lines = new Map<string, number>();
    for (const each of evidence) {
      if (each.group === 'line') lines.set(kindOf(each), (lines.get(kindOf(each)) ?? 0) + each.bits);
    }
    return evidence.map((each) => {
      const kind = kindOf(each);
      const counted = this.counts.get(kind);
      if (counted === undefined || each.bits === 0) return each;
      const decided = own === undefined ? counted : sumOf(counted, own, -1);
      // Of lines, whose worth is divided among the pieces, so is the change.
      const part = each.group === 'line' ? each.bits / lines.get(kind)! : 1;
      const moved = each.bits + changeOf(decided) * part;
      // No piece turns from speaking for one person to speaking against it, or back.
      const bits = each.bits > 0 ? Math.max(0, moved) : Math.min(0, moved);
      if (Math.abs(bits - each.bits) < 0.05) return each;
      const change = `${bits > each.bits ? '+' : '-'}${Math.abs(bits - each.bits).toFixed(1)} bits`;
      const text = `${each.text}; ${change} by other pairs with it, ${decided.same} decided the same and ${decided.different} different`;
      return { ...each, bits, text };
    });
  }
}

/** Bits that decided pairs add to the weight of their kind of evidence, within bounds. */
export function changeOf({ same, different, foreseen }: Decided): number {
  const { priorPairs, mostBits } = config.decided;
  const bits =
    Math.log2((priorPairs + same) / (priorPairs + foreseen)) -
    Math.log2((priorPairs + different) / (priorPairs + same + different - foreseen));
  return Math.max(-mostBits, Math.min(mostBits, bits));
}

function sumOf(held: Decided | undefined, { same, different, foreseen }: Decided, sign: 1 | -1): Decided {
  const before = held ?? { same: 0, different: 0, foreseen: 0 };
  return {
    same: before.same + sign * same,
    different: before.different + sign * different,
    foreseen: Math.max(0, before.foreseen + sign * foreseen),
  };
}

function byPair(x: PairEvidence, y: PairEvidence): number {
  return x.a < y.a ? -1 : x.a > y.a ? 1 : x.b < y.b ? -1 : x.b > y.b ? 1 : 0;
}
