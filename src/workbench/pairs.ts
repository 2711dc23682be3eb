import { type Decision, linkDecisions, listDecisions, pairKey, standing } from '../persons/decisions.ts';
import { type Certificate, explainPair, explainPerson, type PairExplanation } from '../persons/explain.ts';
import { type ReviewLink, reviewList } from '../persons/review.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { allLinks } from '../store/queries/linking.ts';
import * as sql from '../store/queries/pairs.ts';

/** One account of a pair, as it is shown beside the other. */
export interface Side {
  readonly account: string;
  readonly service: string;
  readonly native_id: string;
  readonly handle: string | null;
  readonly kind: string | null;
  readonly status: string | null;
  readonly time: number | null;
  readonly time_text: string | null;
  readonly time_zone: string | null;
  readonly pointer: string;
  readonly person: string;
  /** Messages it sent, and when: never what they say. */
  readonly messages: number;
  readonly first_time: number | null;
  readonly last_time: number | null;
  readonly selectors: readonly SideSelector[];
  /** Selectors that are not listed here. */
  readonly more: number;
}

export interface SideSelector {
  readonly selector: string;
  readonly canonical: string | null;
  readonly raw: string | null;
  readonly basis: string | null;
  readonly times: number;
  readonly first_time: number | null;
  readonly last_time: number | null;
  readonly pointer: string;
}

/** A pair to be judged, without its score: that would judge for the one who looks. */
export interface PairToJudge {
  readonly a: Side;
  readonly b: Side;
  readonly shown: readonly { readonly text: string; readonly pointers: readonly string[] }[];
}

/** Selectors listed for each side; addresses of lines come last, since there are most of them. */
export const selectorsEach = 24;

/**
 * The pairs a human should judge next: those of the review list of this generation that nobody has judged since
 * it was built. `judged` counts the pairs of the operation on which a decision stands.
 */
export async function pairsToJudge(
  operation: Operation,
  engine: Engine,
  limit: number,
): Promise<{ pairs: PairToJudge[]; open: number; judged: number }> {
  const judged = linkDecisions(standing(listDecisions(operation)));
  const links = await engine.rows<ReviewLink>(allLinks);
  const open = links.filter(({ a, b, decision }) => decision === null && !judged.has(pairKey(a, b))).length;
  // As many more as may have been judged since, so that the list is full while there are open pairs.
  const listed = await reviewList(engine, limit + judged.size);
  const wanted = listed.filter(({ a, b }) => !judged.has(pairKey(a, b))).slice(0, limit);
  const sides = await sidesOf(
    engine,
    wanted.flatMap(({ a, b }) => [a, b]),
  );
  const pairs = wanted.flatMap(({ a, b, shown }) => {
    const [one, other] = [sides.get(a), sides.get(b)];
    return one && other ? [{ a: one, b: other, shown }] : [];
  });
  return { pairs, open, judged: judged.size };
}

export interface JudgedPair extends PairExplanation {
  readonly sides: readonly [Side, Side];
  /** What was decided of it and stands, also when no generation has taken it up yet. */
  readonly judged: Decision | null;
}

/** One pair with its score and everything behind it. Throws WaymarkError 'not-found'. */
export async function showPair(
  operation: Operation,
  engine: Engine,
  a: string,
  b: string,
): Promise<JudgedPair> {
  const explained = await explainPair(engine, a, b);
  const sides = await sidesOf(engine, [explained.a, explained.b]);
  const judged = linkDecisions(standing(listDecisions(operation))).get(pairKey(a, b)) ?? null;
  return { ...explained, sides: [sides.get(explained.a)!, sides.get(explained.b)!], judged };
}

/** What holds a person together: each link piece by piece, and the weakest place. Throws 'not-found'. */
export function showCertificate(engine: Engine, person: string): Promise<Certificate> {
  return explainPerson(engine, person);
}

async function sidesOf(engine: Engine, listed: readonly string[]): Promise<Map<string, Side>> {
  const accounts = [...new Set(listed)].sort();
  if (accounts.length === 0) return new Map();
  type Row = Omit<Side, 'selectors' | 'more' | 'messages' | 'first_time' | 'last_time'>;
  const rows = await engine.rows<Row>(sql.accountsOfPairs, { accounts });
  const selectors = await engine.rows<SideSelector & { account: string; more: number }>(
    sql.selectorsOfPairs,
    { accounts, each: selectorsEach },
  );
  const activity = await engine.rows<Pick<Side, 'account' | 'messages' | 'first_time' | 'last_time'>>(
    sql.activityOfPairs,
    { accounts },
  );
  const wrote = new Map(activity.map((row) => [row.account, row]));
  const seen = Map.groupBy(selectors, ({ account }) => account);
  return new Map(
    rows.map((row) => {
      const own = seen.get(row.account) ?? [];
      const { messages = 0, first_time = null, last_time = null } = wrote.get(row.account) ?? {};
      return [
        row.account,
        {
          ...row,
          messages,
          first_time,
          last_time,
          selectors: own.map(
            ({ selector, canonical, raw, basis, times, first_time, last_time, pointer }) => ({
              selector,
              canonical,
              raw,
              basis,
              times,
              first_time,
              last_time,
              pointer,
            }),
          ),
          more: Math.max(0, own[0]?.more ?? 0),
        },
      ];
    }),
  );
}
