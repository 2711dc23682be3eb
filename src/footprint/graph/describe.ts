import { communitiesOf } from './communities.ts';
import type { ContactGraph } from './contact-graph.ts';
import { eachNeighbour, noArc } from './contact-graph.ts';
import { placeNodes } from './layout.ts';
import {
  type Arcs,
  type Betweenness,
  betweennessOf,
  coresOf,
  type Links,
  linksOf,
  type PairList,
  pageRankOf,
} from './measures.ts';

/** What communities and places are computed for: those with most neighbours, and the strongest pairs among them. */
export const describedLimits = { nodes: 50_000, edges: 200_000 } as const;

/** The part of a graph that is shown as a whole. */
export interface Shown {
  /** Nodes of the graph, ascending. */
  readonly nodes: Uint32Array;
  /** Pairs of places in `nodes`, strongest first. */
  readonly pairs: PairList;
  /** Of the whole graph. */
  readonly allNodes: number;
  readonly allPairs: number;
}

export interface Measures {
  readonly cores: Uint32Array;
  readonly pageRank: Float64Array;
  readonly between: Betweenness;
  /** Of the nodes shown as a whole; -1 for others. */
  readonly communities: Int32Array;
}

export interface Places {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Work for the thread that describes: copies of what it needs. */
export type DescribingJob =
  | { readonly kind: 'measure'; readonly pairs: PairList; readonly arcs: Arcs; readonly shown: Shown }
  | { readonly kind: 'place'; readonly shown: Shown; readonly communities: Int32Array };

/** Pairs in contact, a < b. */
export function pairsOf(graph: ContactGraph): PairList {
  let count = 0;
  for (let n = 0; n < graph.nodes; n++) eachNeighbour(graph, n, (other) => void (count += other > n ? 1 : 0));
  const pairs = {
    a: new Uint32Array(count),
    b: new Uint32Array(count),
    messages: new Float64Array(count),
  };
  let at = 0;
  for (let n = 0; n < graph.nodes; n++) {
    eachNeighbour(graph, n, (other, arcOut, arcIn) => {
      if (other < n) return;
      pairs.a[at] = n;
      pairs.b[at] = other;
      pairs.messages[at++] =
        (arcOut === noArc ? 0 : graph.messages[arcOut]!) + (arcIn === noArc ? 0 : graph.messages[arcIn]!);
    });
  }
  return pairs;
}

/** Chooses what is shown: nodes by neighbours, then pairs by messages. Ties fall to the lower number. */
export function choose(
  graph: ContactGraph,
  pairs: PairList,
  limits: { nodes: number; edges: number } = describedLimits,
): Shown {
  const connected: number[] = [];
  for (let n = 0; n < graph.nodes; n++) if (graph.neighbours[n]! > 0) connected.push(n);
  const chosen =
    connected.length <= limits.nodes
      ? connected
      : connected
          .sort((x, y) => graph.neighbours[y]! - graph.neighbours[x]! || x - y)
          .slice(0, limits.nodes)
          .sort((x, y) => x - y);
  const place = new Int32Array(graph.nodes).fill(-1);
  for (const [at, node] of chosen.entries()) place[node] = at;
  const kept: number[] = [];
  for (let i = 0; i < pairs.a.length; i++)
    if (place[pairs.a[i]!]! >= 0 && place[pairs.b[i]!]! >= 0) kept.push(i);
  kept.sort((x, y) => pairs.messages[y]! - pairs.messages[x]! || x - y);
  const shown = kept.slice(0, limits.edges);
  return {
    nodes: Uint32Array.from(chosen),
    pairs: {
      a: Uint32Array.from(shown, (i) => place[pairs.a[i]!]!),
      b: Uint32Array.from(shown, (i) => place[pairs.b[i]!]!),
      messages: Float64Array.from(shown, (i) => pairs.messages[i]!),
    },
    allNodes: connected.length,
    allPairs: pairs.a.length,
  };
}

type Tell = (stage: string, done: number, total: number | null) => void;

export function measure(job: Extract<DescribingJob, { kind: 'measure' }>, tell: Tell): Measures {
  const { nodes } = job.arcs;
  tell('cores and ranks', 0, null);
  const links = linksOf(nodes, job.pairs);
  const cores = coresOf(links);
  const pageRank = pageRankOf(job.arcs);
  const between = betweennessOf(links, (done, total) => tell('paths through each', done, total));
  tell('communities', 0, null);
  const found = communitiesOf(shownLinks(job.shown));
  const communities = new Int32Array(nodes).fill(-1);
  for (const [at, node] of job.shown.nodes.entries()) communities[node] = found[at]!;
  return { cores, pageRank, between, communities };
}

/** Places of the shown nodes, in their order. */
export async function place(job: Extract<DescribingJob, { kind: 'place' }>, tell: Tell): Promise<Places> {
  const communities = Int32Array.from(job.shown.nodes, (node) => job.communities[node]!);
  return placeNodes(shownLinks(job.shown), communities, (done, total) => tell('placing', done, total));
}

function shownLinks({ nodes, pairs }: Shown): Links {
  return linksOf(nodes.length, pairs);
}
