import type { ContactRows } from './rows.ts';

/**
 * Who wrote to whom, as compressed sparse rows: the arcs out of node n stand at `outStart[n]` up to
 * `outStart[n + 1]`, ordered by target. The rows of arc a (channels, exhibits, days) are
 * `rowOf[rowStart[a]]` up to `rowOf[rowStart[a + 1]]`. Arcs into a node stand in the same way by source.
 */
export interface ContactGraph {
  readonly nodes: number;
  readonly arcs: number;
  readonly rows: ContactRows;
  readonly outStart: Uint32Array;
  readonly to: Uint32Array;
  readonly inStart: Uint32Array;
  readonly from: Uint32Array;
  /** The arc behind each place of `from`. */
  readonly inArc: Uint32Array;
  readonly rowStart: Uint32Array;
  readonly rowOf: Uint32Array;
  /** Messages of each arc, each once however many exhibits hold it. */
  readonly messages: Float64Array;
  /** Different nodes that each node wrote to or heard from. */
  readonly neighbours: Uint32Array;
  /** Messages that each node sent to others and had from them. */
  readonly sent: Float64Array;
  readonly received: Float64Array;
  /** Rows from a node to itself: accounts of one person writing to one another. No arcs. */
  readonly inside: Uint32Array;
}

/**
 * Builds the graph. `nodeOf` gives each account's node; without it accounts are the nodes. The order of rows
 * does not matter to anything that is asked of the graph.
 */
export function buildContactGraph(nodes: number, rows: ContactRows, nodeOf?: Uint32Array): ContactGraph {
  const endOf = (account: number) => (nodeOf ? nodeOf[account]! : account);
  const kept = new Uint32Array(rows.length);
  const inside: number[] = [];
  let count = 0;
  for (let r = 0; r < rows.length; r++) {
    if (endOf(rows.from[r]!) === endOf(rows.to[r]!)) inside.push(r);
    else kept[count++] = r;
  }
  const byTo = sortedBy(kept.subarray(0, count), nodes, (r) => endOf(rows.to[r]!));
  const rowOf = sortedBy(byTo, nodes, (r) => endOf(rows.from[r]!));

  let arcs = 0;
  let [lastFrom, lastTo] = [-1, -1];
  for (let i = 0; i < count; i++) {
    const [f, t] = [endOf(rows.from[rowOf[i]!]!), endOf(rows.to[rowOf[i]!]!)];
    if (f !== lastFrom || t !== lastTo) arcs++;
    lastFrom = f;
    lastTo = t;
  }
  const outStart = new Uint32Array(nodes + 1);
  const inStart = new Uint32Array(nodes + 1);
  const to = new Uint32Array(arcs);
  const rowStart = new Uint32Array(arcs + 1);
  const messages = new Float64Array(arcs);
  let arc = -1;
  lastFrom = -1;
  lastTo = -1;
  for (let i = 0; i < count; i++) {
    const r = rowOf[i]!;
    const [f, t] = [endOf(rows.from[r]!), endOf(rows.to[r]!)];
    if (f !== lastFrom || t !== lastTo) {
      arc++;
      to[arc] = t;
      rowStart[arc] = i;
      outStart[f + 1]!++;
      inStart[t + 1]!++;
    }
    messages[arc]! += rows.firstMessages[r]!;
    lastFrom = f;
    lastTo = t;
  }
  rowStart[arcs] = count;
  for (let n = 0; n < nodes; n++) {
    outStart[n + 1]! += outStart[n]!;
    inStart[n + 1]! += inStart[n]!;
  }
  // Sources come in ascending order, so each node's arcs in are ordered by source.
  const from = new Uint32Array(arcs);
  const inArc = new Uint32Array(arcs);
  const next = inStart.slice();
  for (let n = 0; n < nodes; n++) {
    for (let a = outStart[n]!; a < outStart[n + 1]!; a++) {
      const at = next[to[a]!]!++;
      from[at] = n;
      inArc[at] = a;
    }
  }
  const graph = {
    nodes,
    arcs,
    rows,
    outStart,
    to,
    inStart,
    from,
    inArc,
    rowStart,
    rowOf,
    messages,
    neighbours: new Uint32Array(nodes),
    sent: new Float64Array(nodes),
    received: new Float64Array(nodes),
    inside: Uint32Array.from(inside),
  };
  for (let n = 0; n < nodes; n++) {
    let degree = 0;
    eachNeighbour(graph, n, (_, arcOut, arcIn) => {
      degree++;
      if (arcOut !== noArc) graph.sent[n]! += messages[arcOut]!;
      if (arcIn !== noArc) graph.received[n]! += messages[arcIn]!;
    });
    graph.neighbours[n] = degree;
  }
  return graph;
}

/** Stable counting sort. */
function sortedBy(items: Uint32Array, keys: number, keyOf: (item: number) => number): Uint32Array {
  const start = new Uint32Array(keys + 1);
  for (let i = 0; i < items.length; i++) start[keyOf(items[i]!) + 1]!++;
  for (let k = 0; k < keys; k++) start[k + 1]! += start[k]!;
  const sorted = new Uint32Array(items.length);
  for (let i = 0; i < items.length; i++) sorted[start[keyOf(items[i]!)]!++] = items[i]!;
  return sorted;
}

/** Absent arc. */
export const noArc = -1;

/** Visits each neighbour once, in ascending order, with the arc there and the arc back. */
export function eachNeighbour(
  graph: Pick<ContactGraph, 'outStart' | 'to' | 'inStart' | 'from' | 'inArc'>,
  node: number,
  visit: (other: number, arcOut: number, arcIn: number) => void,
): void {
  const { to, from, inArc } = graph;
  let o = graph.outStart[node]!;
  let i = graph.inStart[node]!;
  const oEnd = graph.outStart[node + 1]!;
  const iEnd = graph.inStart[node + 1]!;
  while (o < oEnd || i < iEnd) {
    const there = o < oEnd ? to[o]! : Number.POSITIVE_INFINITY;
    const back = i < iEnd ? from[i]! : Number.POSITIVE_INFINITY;
    if (there < back) visit(there, o++, noArc);
    else if (back < there) visit(back, noArc, inArc[i++]!);
    else visit(there, o++, inArc[i++]!);
  }
}

/** The arc from one node to another, or `noArc`. */
export function arcBetween({ outStart, to }: ContactGraph, from: number, target: number): number {
  let low = outStart[from]!;
  let high = outStart[from + 1]! - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = to[middle]!;
    if (found === target) return middle;
    if (found < target) low = middle + 1;
    else high = middle - 1;
  }
  return noArc;
}
