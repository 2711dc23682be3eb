import type { ContactGraph } from './contact-graph.ts';
import { type ContactFilter, isEverything, passes } from './filter.ts';

export interface PathLimits {
  /** Paths listed; all are counted. */
  readonly most: number;
  /** Nodes with more neighbours than this are not walked through (they may be the ends). Null: walk through all. */
  readonly hub: number | null;
}

export interface Paths {
  /** Steps of a shortest path; null where there is none. */
  readonly length: number | null;
  /** All shortest paths, listed or not. */
  readonly total: number;
  /** False when there are more than a number can hold exactly (2^53). */
  readonly isExact: boolean;
  /** In the order of their nodes. */
  readonly paths: readonly (readonly number[])[];
  /** Hubs that were met and not walked through. */
  readonly hubsPassedOver: number;
}

/** One end's search: what it reached, in which step. */
class Side {
  readonly step: Int32Array;
  readonly reached: number[];
  frontier: number[];
  steps = 0;
  /** Arcs at the frontier. */
  cost: number;

  constructor(graph: ContactGraph, start: number) {
    this.step = new Int32Array(graph.nodes).fill(-1);
    this.reached = [start];
    this.frontier = [start];
    this.step[start] = 0;
    this.cost = arcsAt(graph, start);
  }
}

/** Two sides that are used again, so that a question clears only what the one before it touched. */
export class PathFinder {
  private readonly graph: ContactGraph;
  private sides: [Side, Side] | undefined;

  constructor(graph: ContactGraph) {
    this.graph = graph;
  }

  /**
   * All shortest paths between two nodes, walking with and against the direction of messages, by a breadth-first
   * search from both ends that always takes the smaller step.
   */
  find(a: number, b: number, filter: ContactFilter, limits: PathLimits): Paths {
    if (a === b) return { length: 0, total: 1, isExact: true, paths: [[a]], hubsPassedOver: 0 };
    const walk = new Walk(this.graph, filter, limits.hub);
    const [left, right] = this.begin(a, b);
    while (left.frontier.length > 0 && right.frontier.length > 0) {
      const side = left.cost <= right.cost ? left : right;
      const other = side === left ? right : left;
      const meeting = expand(this.graph, walk, side, other);
      if (meeting.length > 0) return collect(walk, left, right, meeting, limits.most);
    }
    return { length: null, total: 0, isExact: true, paths: [], hubsPassedOver: walk.passedOver.size };
  }

  private begin(a: number, b: number): [Side, Side] {
    if (!this.sides) this.sides = [new Side(this.graph, a), new Side(this.graph, b)];
    else {
      for (const [index, side] of this.sides.entries()) {
        for (const node of side.reached) side.step[node] = -1;
        const start = index === 0 ? a : b;
        side.reached.length = 0;
        side.reached.push(start);
        side.frontier = [start];
        side.step[start] = 0;
        side.steps = 0;
        side.cost = arcsAt(this.graph, start);
      }
    }
    return this.sides;
  }
}

function arcsAt({ outStart, inStart }: ContactGraph, node: number): number {
  return outStart[node + 1]! - outStart[node]! + inStart[node + 1]! - inStart[node]!;
}

/** The steps that may be walked. */
class Walk {
  readonly graph: ContactGraph;
  readonly passedOver = new Set<number>();
  private readonly filter: ContactFilter;
  private readonly all: boolean;
  private readonly hub: number | null;

  constructor(graph: ContactGraph, filter: ContactFilter, hub: number | null) {
    this.graph = graph;
    this.filter = filter;
    this.all = isEverything(filter);
    this.hub = hub;
  }

  mayPassThrough(node: number): boolean {
    if (this.hub === null || this.graph.neighbours[node]! <= this.hub) return true;
    this.passedOver.add(node);
    return false;
  }

  /** Visits neighbours; one in contact both ways comes twice. */
  each(node: number, visit: (other: number) => void): void {
    const { outStart, to, inStart, from, inArc } = this.graph;
    for (let a = outStart[node]!; a < outStart[node + 1]!; a++)
      if (this.all || passes(this.graph, a, this.filter)) visit(to[a]!);
    for (let i = inStart[node]!; i < inStart[node + 1]!; i++)
      if (this.all || passes(this.graph, inArc[i]!, this.filter)) visit(from[i]!);
  }
}

/** Takes one step of one side. Returns the nodes where it meets the other. */
function expand(graph: ContactGraph, walk: Walk, side: Side, other: Side): number[] {
  const next: number[] = [];
  const meeting: number[] = [];
  const step = ++side.steps;
  let cost = 0;
  for (const node of side.frontier) {
    if (step > 1 && !walk.mayPassThrough(node)) continue;
    walk.each(node, (neighbour) => {
      if (side.step[neighbour] !== -1) return;
      side.step[neighbour] = step;
      side.reached.push(neighbour);
      next.push(neighbour);
      cost += arcsAt(graph, neighbour);
      // A hub may be an end, never the place where both sides meet on their way.
      if (other.step[neighbour] !== -1 && (other.step[neighbour] === 0 || walk.mayPassThrough(neighbour)))
        meeting.push(neighbour);
    });
  }
  side.frontier = next;
  side.cost = cost;
  return meeting;
}

/** Counts and lists the paths that run through the nodes where the sides met. */
function collect(walk: Walk, left: Side, right: Side, meeting: readonly number[], most: number): Paths {
  const length = left.steps + right.steps;
  // Nodes on a shortest path, by their step from the left end, and from each those of the next step.
  const layers: Set<number>[] = Array.from({ length: length + 1 }, () => new Set<number>());
  const next = new Map<number, Set<number>>();
  const join = (from: number, to: number) => {
    const known = next.get(from);
    if (known) known.add(to);
    else next.set(from, new Set([to]));
  };
  const [start, end] = [left.reached[0]!, right.reached[0]!];
  for (const node of meeting) layers[left.steps]!.add(node);
  for (let at = left.steps; at > 1; at--) {
    for (const node of layers[at]!) {
      walk.each(node, (neighbour) => {
        if (left.step[neighbour] !== at - 1 || !walk.mayPassThrough(neighbour)) return;
        layers[at - 1]!.add(neighbour);
        join(neighbour, node);
      });
    }
  }
  for (let at = left.steps; at < length - 1; at++) {
    for (const node of layers[at]!) {
      walk.each(node, (neighbour) => {
        if (right.step[neighbour] !== length - at - 1 || !walk.mayPassThrough(neighbour)) return;
        layers[at + 1]!.add(neighbour);
        join(node, neighbour);
      });
    }
  }
  // What is one step from an end needs no walk, which may be long where it is a hub.
  if (left.steps > 0) for (const node of layers[1]!) join(start, node);
  if (right.steps > 0) for (const node of layers[length - 1]!) join(node, end);
  layers[0]!.add(start);
  layers[length]!.add(end);

  const counts = new Map([[end, 1]]);
  for (let at = length - 1; at >= 0; at--) {
    for (const node of layers[at]!) {
      let sum = 0;
      for (const each of next.get(node)!) sum += counts.get(each)!;
      counts.set(node, sum);
    }
  }
  const total = counts.get(start)!;
  return {
    length,
    total,
    isExact: Number.isSafeInteger(total),
    paths: firstPaths(start, length, next, most),
    hubsPassedOver: walk.passedOver.size,
  };
}

/** Depth first, without recursion: a path may have very many steps. */
function firstPaths(
  start: number,
  length: number,
  next: ReadonlyMap<number, ReadonlySet<number>>,
  most: number,
): number[][] {
  const sorted = new Map<number, number[]>();
  const waysOn = (node: number): number[] => {
    let ways = sorted.get(node);
    if (!ways) sorted.set(node, (ways = [...(next.get(node) ?? [])].sort((x, y) => x - y)));
    return ways;
  };
  const paths: number[][] = [];
  const path = [start];
  const chosen = [0];
  while (path.length > 0 && paths.length < most) {
    const ways = path.length > length ? [] : waysOn(path.at(-1)!);
    const way = chosen.at(-1)!;
    if (path.length > length) paths.push([...path]);
    if (way >= ways.length) {
      path.pop();
      chosen.pop();
      continue;
    }
    chosen[chosen.length - 1] = way + 1;
    path.push(ways[way]!);
    chosen.push(0);
  }
  return paths;
}
