import { randomFrom } from './random.ts';

/** A graph without directions as compressed sparse rows: neighbours of n in ascending order, each once. */
export interface Links {
  readonly nodes: number;
  readonly start: Uint32Array;
  readonly to: Uint32Array;
  /** Messages both ways. */
  readonly messages: Float64Array;
}

export interface PairList {
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  readonly messages: Float64Array;
}

/** Links from pairs; each pair once, in any order. */
export function linksOf(nodes: number, { a, b, messages }: PairList): Links {
  const start = new Uint32Array(nodes + 1);
  for (let i = 0; i < a.length; i++) {
    start[a[i]! + 1]!++;
    start[b[i]! + 1]!++;
  }
  for (let n = 0; n < nodes; n++) start[n + 1]! += start[n]!;
  const unordered = new Uint32Array(a.length * 2);
  const weights = new Float64Array(a.length * 2);
  const next = start.slice();
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [next[a[i]!]!++, next[b[i]!]!++];
    unordered[x] = b[i]!;
    unordered[y] = a[i]!;
    weights[x] = messages[i]!;
    weights[y] = messages[i]!;
  }
  // Going through the rows in order and writing each into its neighbours' rows orders every row.
  const to = new Uint32Array(unordered.length);
  const sortedWeights = new Float64Array(unordered.length);
  next.set(start);
  for (let n = 0; n < nodes; n++) {
    for (let i = start[n]!; i < start[n + 1]!; i++) {
      const at = next[unordered[i]!]!++;
      to[at] = n;
      sortedWeights[at] = weights[i]!;
    }
  }
  return { nodes, start, to, messages: sortedWeights };
}

/**
 * The core of each node: the largest k for which it stays when every node with fewer than k neighbours left is
 * taken away again and again. V. Batagelj, M. Zaversnik, "An O(m) Algorithm for Cores Decomposition of Networks", 2003.
 */
export function coresOf({ nodes, start, to }: Links): Uint32Array {
  const degree = new Uint32Array(nodes);
  let most = 0;
  for (let n = 0; n < nodes; n++) {
    degree[n] = start[n + 1]! - start[n]!;
    most = Math.max(most, degree[n]!);
  }
  const bin = new Uint32Array(most + 2);
  for (let n = 0; n < nodes; n++) bin[degree[n]! + 1]!++;
  for (let d = 0; d <= most; d++) bin[d + 1]! += bin[d]!;
  const position = new Uint32Array(nodes);
  const order = new Uint32Array(nodes);
  const next = bin.slice();
  for (let n = 0; n < nodes; n++) {
    position[n] = next[degree[n]!]!++;
    order[position[n]!] = n;
  }
  for (let i = 0; i < nodes; i++) {
    const n = order[i]!;
    for (let e = start[n]!; e < start[n + 1]!; e++) {
      const other = to[e]!;
      const d = degree[other]!;
      if (d <= degree[n]!) continue;
      // Swap it with the first of its bin, then let the bin begin one later.
      const at = position[other]!;
      const first = bin[d]!;
      const there = order[first]!;
      order[at] = there;
      position[there] = at;
      order[first] = other;
      position[other] = first;
      bin[d] = first + 1;
      degree[other] = d - 1;
    }
  }
  return degree;
}

/** Arcs with their weights, as compressed sparse rows. */
export interface Arcs {
  readonly nodes: number;
  readonly start: Uint32Array;
  readonly to: Uint32Array;
  readonly messages: Float64Array;
}

export const pageRankSettings = { damping: 0.85, rounds: 100, tolerance: 1e-9 } as const;

/**
 * PageRank along the direction of messages, weighted by their number: who is written to by those who are
 * written to. Sums to 1. L. Page, S. Brin, R. Motwani, T. Winograd, 1999; power iteration.
 */
export function pageRankOf({ nodes, start, to, messages }: Arcs): Float64Array {
  const { damping, rounds, tolerance } = pageRankSettings;
  if (nodes === 0) return new Float64Array();
  const sent = new Float64Array(nodes);
  for (let n = 0; n < nodes; n++) for (let e = start[n]!; e < start[n + 1]!; e++) sent[n]! += messages[e]!;
  let rank = new Float64Array(nodes).fill(1 / nodes);
  for (let round = 0; round < rounds; round++) {
    let idle = 0;
    for (let n = 0; n < nodes; n++) if (sent[n] === 0) idle += rank[n]!;
    const next = new Float64Array(nodes).fill((1 - damping + damping * idle) / nodes);
    for (let n = 0; n < nodes; n++) {
      if (sent[n] === 0) continue;
      const each = (damping * rank[n]!) / sent[n]!;
      for (let e = start[n]!; e < start[n + 1]!; e++) next[to[e]!]! += each * messages[e]!;
    }
    let change = 0;
    for (let n = 0; n < nodes; n++) change += Math.abs(next[n]! - rank[n]!);
    rank = next;
    if (change < tolerance) break;
  }
  return rank;
}

export interface Betweenness {
  /** Share of the shortest paths between two others that pass a node, 0 to 1. */
  readonly share: Float64Array;
  /** Nodes from which paths were followed; all of them makes it exact. */
  readonly pivots: number;
}

export const betweennessSettings = { seed: 1, mostPivots: 128, mostSteps: 200_000_000 } as const;

/**
 * Betweenness by U. Brandes, "A Faster Algorithm for Betweenness Centrality", 2001, from sampled starting nodes
 * (U. Brandes, C. Pich, "Centrality Estimation in Large Networks", 2007). The sample is drawn from the nodes in order with a
 * fixed seed; small graphs are computed exactly. `tell` is called after each starting node.
 */
export function betweennessOf(
  { nodes, start, to }: Links,
  tell: (done: number, total: number) => void = () => {},
  settings: { seed: number; mostPivots: number; mostSteps: number } = betweennessSettings,
): Betweenness {
  const share = new Float64Array(nodes);
  const connected: number[] = [];
  for (let n = 0; n < nodes; n++) if (start[n + 1]! > start[n]!) connected.push(n);
  const pivots = sample(
    connected,
    Math.min(settings.mostPivots, Math.max(1, Math.floor(settings.mostSteps / Math.max(1, to.length)))),
    settings.seed,
  );
  const distance = new Int32Array(nodes).fill(-1);
  const paths = new Float64Array(nodes);
  const dependence = new Float64Array(nodes);
  const order = new Uint32Array(nodes);
  for (const [index, source] of pivots.entries()) {
    let length = 0;
    order[length++] = source;
    distance[source] = 0;
    paths[source] = 1;
    for (let i = 0; i < length; i++) {
      const n = order[i]!;
      for (let e = start[n]!; e < start[n + 1]!; e++) {
        const other = to[e]!;
        if (distance[other] === -1) {
          distance[other] = distance[n]! + 1;
          order[length++] = other;
        }
        if (distance[other] === distance[n]! + 1) paths[other]! += paths[n]!;
      }
    }
    for (let i = length - 1; i > 0; i--) {
      const n = order[i]!;
      const each = (1 + dependence[n]!) / paths[n]!;
      for (let e = start[n]!; e < start[n + 1]!; e++) {
        const before = to[e]!;
        if (distance[before] === distance[n]! - 1) dependence[before]! += paths[before]! * each;
      }
      share[n]! += dependence[n]!;
    }
    for (let i = 0; i < length; i++) {
      const n = order[i]!;
      distance[n] = -1;
      paths[n] = 0;
      dependence[n] = 0;
    }
    tell(index + 1, pivots.length);
  }
  // Every pivot saw all other ends; scaled to all starts, and each pair of ends counted from both.
  const pairs = (nodes - 1) * (nodes - 2);
  const scale = pivots.length === 0 || pairs <= 0 ? 0 : connected.length / pivots.length / pairs;
  for (let n = 0; n < nodes; n++) share[n]! *= scale;
  return { share, pivots: pivots.length };
}

/** Some of the items, in their order (selection sampling: Knuth, TAOCP 2, algorithm S). */
function sample(items: readonly number[], count: number, seed: number): number[] {
  if (items.length <= count) return [...items];
  const random = randomFrom(seed);
  const taken: number[] = [];
  for (let i = 0; i < items.length && taken.length < count; i++) {
    if (random() * (items.length - i) < count - taken.length) taken.push(items[i]!);
  }
  return taken;
}
