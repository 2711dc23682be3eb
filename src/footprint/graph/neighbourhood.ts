import { arcBetween, type ContactGraph, eachNeighbour, noArc } from './contact-graph.ts';
import { type ContactFilter, isEverything, messagesOf, passes } from './filter.ts';

export interface NeighbourhoodLimits {
  /** Neighbours taken for each node, those with most messages first. */
  readonly fan: number;
  /** Nodes in all. */
  readonly most: number;
}

export interface Found {
  readonly node: number;
  readonly hop: number;
}

/** Two nodes in contact, a < b. */
export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly messages: number;
}

export interface Neighbourhood {
  /** The node itself first, then by hop, then by messages with the node it was reached from. */
  readonly found: readonly Found[];
  /** How many nodes there are at one step and at two, shown or not; two is null when not asked for. */
  readonly one: number;
  readonly two: number | null;
}

/** Marks of nodes that need no clearing between questions. */
export class Marks {
  private readonly marks: Uint32Array;
  private present = 0;

  constructor(nodes: number) {
    this.marks = new Uint32Array(nodes);
  }

  /** Forgets all marks. */
  begin(): void {
    if (++this.present < 0xffffffff) return;
    this.marks.fill(0);
    this.present = 1;
  }

  /** Marks a node; says whether it was unmarked. */
  add(node: number): boolean {
    if (this.marks[node] === this.present) return false;
    this.marks[node] = this.present;
    return true;
  }

  has(node: number): boolean {
    return this.marks[node] === this.present;
  }
}

/**
 * The nodes within one or two steps, whoever wrote. Counts are of all; taken into the answer are, from the
 * node outwards, those with most messages, up to the limits.
 */
export function neighbourhood(
  graph: ContactGraph,
  start: number,
  hops: 1 | 2,
  filter: ContactFilter,
  { fan, most }: NeighbourhoodLimits,
  marks = new Marks(graph.nodes),
): Neighbourhood {
  marks.begin();
  marks.add(start);
  const first: number[] = [];
  eachContact(graph, start, filter, (node) => {
    marks.add(node);
    first.push(node);
  });
  const two = hops === 1 ? null : countSecond(graph, first, filter, marks);

  const taken = new Set([start]);
  const found: Found[] = [{ node: start, hop: 0 }];
  for (const node of strongest(graph, start, filter, fan)) {
    if (found.length >= most) break;
    taken.add(node);
    found.push({ node, hop: 1 });
  }
  if (hops === 2) {
    for (const { node: middle, hop } of [...found]) {
      if (hop !== 1 || found.length >= most) continue;
      for (const node of strongest(graph, middle, filter, fan)) {
        // A direct neighbour that its own cap left out is no second step.
        if (found.length >= most || taken.has(node) || isContact(graph, start, node, filter)) continue;
        taken.add(node);
        found.push({ node, hop: 2 });
      }
    }
  }
  return { found, one: first.length, two };
}

/** Visits each node in contact with this one, in ascending order, with the messages between them. */
function eachContact(
  graph: ContactGraph,
  node: number,
  filter: ContactFilter,
  visit: (other: number, messages: number) => void,
): void {
  if (!isEverything(filter)) {
    eachNeighbour(graph, node, (other, arcOut, arcIn) => {
      const messages = messagesOf(graph, arcOut, filter) + messagesOf(graph, arcIn, filter);
      if (messages > 0) visit(other, messages);
    });
    return;
  }
  // The same walk as eachNeighbour, spelled out: hubs are walked for most questions.
  const { to, from, inArc, messages } = graph;
  let o = graph.outStart[node]!;
  let i = graph.inStart[node]!;
  const oEnd = graph.outStart[node + 1]!;
  const iEnd = graph.inStart[node + 1]!;
  while (o < oEnd || i < iEnd) {
    const there = o < oEnd ? to[o]! : graph.nodes;
    const back = i < iEnd ? from[i]! : graph.nodes;
    let sum = 0;
    if (there <= back) sum += messages[o++]!;
    if (back <= there) sum += messages[inArc[i++]!]!;
    visit(Math.min(there, back), sum);
  }
}

/** The neighbours with most messages, those first; of equal ones the lower number. A hub costs no sort of all it has. */
function strongest(graph: ContactGraph, node: number, filter: ContactFilter, count: number): number[] {
  const nodes: number[] = [];
  const strengths: number[] = [];
  let weakest = 0;
  eachContact(graph, node, filter, (other, messages) => {
    if (messages <= weakest) return;
    // Neighbours come in ascending order, so one as strong as another belongs behind it.
    let at = nodes.length;
    while (at > 0 && strengths[at - 1]! < messages) at--;
    nodes.splice(at, 0, other);
    strengths.splice(at, 0, messages);
    if (nodes.length > count) {
      nodes.pop();
      strengths.pop();
    }
    if (nodes.length === count) weakest = strengths[count - 1]!;
  });
  return nodes;
}

/** Nodes at exactly two steps. The marks hold the start and all at one step. */
function countSecond(
  graph: ContactGraph,
  first: readonly number[],
  filter: ContactFilter,
  marks: Marks,
): number {
  const { outStart, to, inStart, from, inArc } = graph;
  const all = isEverything(filter);
  let count = 0;
  for (const node of first) {
    for (let a = outStart[node]!; a < outStart[node + 1]!; a++) {
      if (!marks.has(to[a]!) && (all || passes(graph, a, filter)) && marks.add(to[a]!)) count++;
    }
    for (let i = inStart[node]!; i < inStart[node + 1]!; i++) {
      if (!marks.has(from[i]!) && (all || passes(graph, inArc[i]!, filter)) && marks.add(from[i]!)) count++;
    }
  }
  return count;
}

export function isContact(graph: ContactGraph, a: number, b: number, filter: ContactFilter): boolean {
  return between(graph, a, b, filter) > 0;
}

function between(graph: ContactGraph, a: number, b: number, filter: ContactFilter): number {
  return (
    messagesOf(graph, arcBetween(graph, a, b), filter) + messagesOf(graph, arcBetween(graph, b, a), filter)
  );
}

/** Every pair among some nodes that is in contact, strongest first. */
export function pairsAmong(
  graph: ContactGraph,
  nodes: readonly number[],
  filter: ContactFilter,
  marks = new Marks(graph.nodes),
): Pair[] {
  const sorted = [...nodes].sort((x, y) => x - y);
  marks.begin();
  for (const node of sorted) marks.add(node);
  const pairs: Pair[] = [];
  for (const [index, a] of sorted.entries()) {
    const later = sorted.length - index - 1;
    const arcs = graph.outStart[a + 1]! - graph.outStart[a]! + graph.inStart[a + 1]! - graph.inStart[a]!;
    if (later === 0) continue;
    if (arcs > later * 16) {
      // A hub: looking up each other node is cheaper than walking through its contacts.
      for (const b of sorted.slice(index + 1)) {
        const messages = between(graph, a, b, filter);
        if (messages > 0) pairs.push({ a, b, messages });
      }
      continue;
    }
    eachContact(graph, a, filter, (b, messages) => {
      if (b > a && marks.has(b)) pairs.push({ a, b, messages });
    });
  }
  return pairs.sort((x, y) => y.messages - x.messages || x.a - y.a || x.b - y.b);
}

/** How many different nodes a node is in contact with, and messages sent and received. */
export function degreeOf(
  graph: ContactGraph,
  node: number,
  filter: ContactFilter,
): { neighbours: number; sent: number; received: number } {
  if (isEverything(filter))
    return { neighbours: graph.neighbours[node]!, sent: graph.sent[node]!, received: graph.received[node]! };
  let [neighbours, sent, received] = [0, 0, 0];
  eachNeighbour(graph, node, (_, arcOut, arcIn) => {
    const there = arcOut === noArc ? 0 : messagesOf(graph, arcOut, filter);
    const back = arcIn === noArc ? 0 : messagesOf(graph, arcIn, filter);
    if (there + back > 0) neighbours++;
    sent += there;
    received += back;
  });
  return { neighbours, sent, received };
}
