import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/linking.ts';
import type { Evidence } from './evidence.ts';
import type { Link } from './link.ts';
import { hashText, mix } from './similarity.ts';

/** A link as review needs it, without its evidence. */
export interface ReviewLink {
  readonly a: string;
  readonly b: string;
  readonly bits: number;
  readonly threshold: number;
  readonly decision: Link['decision'];
}

/** A pair for a human to judge. Neither its score nor why it was picked is shown. */
export interface ReviewPair {
  readonly a: string;
  readonly b: string;
  /** What both show, in order of the text, without the bits. */
  readonly shown: readonly { readonly text: string; readonly pointers: readonly string[] }[];
}

/** Shares of a review list: nearest to the threshold, even over the scores, and blindly drawn. */
export const reviewShares = { uncertain: 0.5, stratified: 0.3, random: 0.2 } as const;

/** Width in bits of the strata, and how many pairs of each are drawn for calibration. */
const stratumBits = 5;
const pairsPerStratum = 40;
/** One pair in this many is drawn blindly. */
const randomOneIn = 8;

/**
 * The pairs that calibration may learn from, whatever else was judged: those drawn blindly, and those drawn
 * within their stratum of scores. A pair's own hash draws it, so that the same pair is always in or out,
 * whoever asks and whenever. Returns of how many pairs each stands for (the inverse of the chance to be
 * drawn), 0 where it was not drawn.
 */
export function drawWeights(links: readonly ReviewLink[]): Float64Array {
  const strata = new Map<number, number>();
  for (const link of links) strata.set(stratumOf(link), (strata.get(stratumOf(link)) ?? 0) + 1);
  return Float64Array.from(links, (link) => {
    const step = Math.max(1, Math.ceil(strata.get(stratumOf(link))! / pairsPerStratum));
    const drawn = hashOf(link) % randomOneIn === 0 || mix(hashOf(link) + 1) % step === 0;
    return drawn ? 1 / (1 - (1 - 1 / randomOneIn) * (1 - 1 / step)) : 0;
  });
}

function stratumOf(link: ReviewLink): number {
  return Math.floor(link.bits / stratumBits);
}

/**
 * Picks up to `count` undecided pairs for review: half of them uncertain, three tenths spread over the scores,
 * the rest blindly. The order is by hash, so that a pair's place says nothing of its score.
 */
export function pickForReview(links: readonly ReviewLink[], count: number): ReviewLink[] {
  const open = links.filter((link) => link.decision === null);
  const picked = new Map<string, ReviewLink>();
  const take = (from: readonly ReviewLink[], wanted: number) => {
    for (const link of from) {
      if (wanted <= 0) break;
      const key = `${link.a}\n${link.b}`;
      if (picked.has(key)) continue;
      picked.set(key, link);
      wanted--;
    }
  };
  const byHash = [...open].sort(inHashOrder);
  take(
    byHash.filter((link) => hashOf(link) % randomOneIn === 0),
    Math.floor(count * reviewShares.random),
  );
  const weights = drawWeights(links);
  const drawn = new Set(links.filter((_, i) => weights[i]! > 0));
  take(spread(byHash.filter((link) => drawn.has(link))), Math.floor(count * reviewShares.stratified));
  const uncertain = [...open].sort(
    (x, y) => Math.abs(x.bits - x.threshold) - Math.abs(y.bits - y.threshold) || inHashOrder(x, y),
  );
  take(uncertain, count - picked.size);
  return [...picked.values()].sort(inHashOrder);
}

/** One of each stratum of scores in turn, each stratum in order of hash. */
function spread(links: readonly ReviewLink[]): ReviewLink[] {
  const strata = Map.groupBy(links, stratumOf);
  const columns = [...strata.keys()].sort((x, y) => x - y).map((key) => strata.get(key)!);
  const out: ReviewLink[] = [];
  for (let row = 0; out.length < links.length; row++) {
    for (const column of columns) if (row < column.length) out.push(column[row]!);
  }
  return out;
}

/** The review list of the current generation, `count` pairs at most. */
export async function reviewList(engine: Engine, count: number): Promise<ReviewPair[]> {
  const picked = pickForReview(await engine.rows<ReviewLink>(sql.allLinks), count);
  const accounts = [...new Set(picked.flatMap((link) => [link.a, link.b]))];
  const rows = await engine.rows<{ a: string; b: string; evidence: string }>(sql.linksAmong, { accounts });
  const evidence = new Map(rows.map((row) => [`${row.a}\n${row.b}`, JSON.parse(row.evidence) as Evidence[]]));
  return picked.map(({ a, b }) => ({
    a,
    b,
    shown: (evidence.get(`${a}\n${b}`) ?? [])
      .map(({ text, pointers }) => ({ text, pointers }))
      .sort((x, y) => (x.text < y.text ? -1 : x.text > y.text ? 1 : 0)),
  }));
}

function hashOf(link: ReviewLink): number {
  return mix(hashText(`${link.a}\n${link.b}`));
}

function inHashOrder(x: ReviewLink, y: ReviewLink): number {
  const [p, q] = [`${x.a}\n${x.b}`, `${y.a}\n${y.b}`];
  return hashOf(x) - hashOf(y) || (p < q ? -1 : p > q ? 1 : 0);
}
