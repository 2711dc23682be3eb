import type { Answer } from '../api.ts';
import type { Evidence } from '../ui/evidence.ts';

export type Neighbours = Answer<'showNeighbours'>;
export type Node = Neighbours['nodes'][number];
export type Edge = Neighbours['edges'][number];

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What is drawn: the answers for one node and for those expanded, as one graph. */
export interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly places: ReadonlyMap<Evidence, Point>;
  /** Neighbours of each node that are not drawn. */
  readonly hidden: ReadonlyMap<Evidence, number>;
}

/** Distance at which an edge is at rest. */
const length = 90;

/**
 * Joins answers in the order in which they were asked for, and gives each node a place. What stands keeps its place
 * when more is added; the same answers always give the same places.
 */
export function joined(answers: readonly Pick<Neighbours, 'nodes' | 'edges' | 'of'>[]): Graph {
  const nodes = new Map<Evidence, Node>();
  const edges = new Map<Evidence, Map<Evidence, Edge>>();
  const places = new Map<Evidence, { x: number; y: number }>();
  for (const answer of answers) {
    const added = answer.nodes.filter(({ node }) => !nodes.has(node));
    for (const node of answer.nodes) if (!nodes.has(node.node)) nodes.set(node.node, node);
    for (const edge of answer.edges) {
      const from = edges.get(edge.a) ?? new Map<Evidence, Edge>();
      const known = from.get(edge.b);
      // An answer under a narrower filter knows less of the same contact.
      if (!known || known.ways.length < edge.ways.length) from.set(edge.b, edge);
      edges.set(edge.a, from);
    }
    const all = [...edges.values()].flatMap((from) => [...from.values()]);
    place(places, added, all, answer.of);
  }
  const all = [...edges.values()].flatMap((from) => [...from.values()]);
  const shown = new Map<Evidence, number>();
  for (const { a, b } of all) {
    shown.set(a, (shown.get(a) ?? 0) + 1);
    shown.set(b, (shown.get(b) ?? 0) + 1);
  }
  const hidden = new Map(
    [...nodes.values()].map(({ node, neighbours }) => [
      node,
      Math.max(0, neighbours - (shown.get(node) ?? 0)),
    ]),
  );
  return { nodes: [...nodes.values()], edges: all, places, hidden };
}

type Places = Map<Evidence, { x: number; y: number }>;

/** Places the added nodes around what they are in contact with, then lets them push each other apart. */
function place(places: Places, added: readonly Node[], edges: readonly Edge[], centre: Evidence): void {
  if (!places.has(centre) && added.some(({ node }) => node === centre)) places.set(centre, { x: 0, y: 0 });
  const middle = places.get(centre) ?? { x: 0, y: 0 };
  // Away from the middle of the drawing, so that what is expanded opens outwards.
  const outward = middle.x === 0 && middle.y === 0 ? 0 : Math.atan2(middle.y, middle.x);
  const around = new Map<Evidence, Evidence>();
  for (const { a, b } of edges) {
    if (!around.has(b)) around.set(b, a);
    if (!around.has(a)) around.set(a, b);
  }
  const fresh = added.filter(({ node }) => !places.has(node));
  const near = fresh.filter(({ hop }) => hop !== 2);
  const far = fresh.filter(({ hop }) => hop === 2);
  const radius = Math.max(length, (near.length * 26) / (2 * Math.PI));
  near.forEach(({ node }, index) => {
    const angle =
      outward + ((index % 2 === 0 ? 1 : -1) * Math.ceil(index / 2) * 2 * Math.PI) / Math.max(1, near.length);
    const at = radius * (1 + 0.35 * (index % 3));
    places.set(node, { x: middle.x + at * Math.cos(angle), y: middle.y + at * Math.sin(angle) });
  });
  far.forEach(({ node }, index) => {
    const host = places.get(around.get(node) ?? centre) ?? middle;
    const angle = Math.atan2(host.y - middle.y, host.x - middle.x) + ((index % 7) - 3) * 0.22;
    const at = length * (1 + 0.25 * (index % 4));
    places.set(node, { x: host.x + at * Math.cos(angle), y: host.y + at * Math.sin(angle) });
  });
  relax(places, new Set(fresh.map(({ node }) => node).filter((node) => node !== centre)), edges);
}

/** Springs along edges, repulsion between all; what is not free stays where it is. */
function relax(places: Places, free: ReadonlySet<Evidence>, edges: readonly Edge[]): void {
  const ids = [...places.keys()];
  const points = ids.map((id) => places.get(id)!);
  const movable = ids.map((id) => free.has(id));
  const at = new Map(ids.map((id, index) => [id, index]));
  const springs = edges.map(({ a, b }) => [at.get(a)!, at.get(b)!] as const);
  const rounds = Math.max(12, Math.min(150, Math.floor(12_000_000 / ids.length ** 2)));
  for (let round = 0; round < rounds; round++) {
    const step = 14 * (1 - round / rounds) + 0.5;
    const dx = new Float64Array(ids.length);
    const dy = new Float64Array(ids.length);
    for (let i = 0; i < points.length; i++) {
      for (let j = i + 1; j < points.length; j++) {
        const x = points[i]!.x - points[j]!.x || (i - j) * 0.01;
        const y = points[i]!.y - points[j]!.y || 0.01;
        const push = (length * length * 0.09) / (x * x + y * y);
        dx[i]! += x * push;
        dy[i]! += y * push;
        dx[j]! -= x * push;
        dy[j]! -= y * push;
      }
    }
    for (const [i, j] of springs) {
      const x = points[j]!.x - points[i]!.x;
      const y = points[j]!.y - points[i]!.y;
      const pull = (0.3 * (Math.hypot(x, y) - length)) / Math.max(1, Math.hypot(x, y));
      dx[i]! += x * pull;
      dy[i]! += y * pull;
      dx[j]! -= x * pull;
      dy[j]! -= y * pull;
    }
    for (let i = 0; i < points.length; i++) {
      if (!movable[i]) continue;
      const far = Math.hypot(dx[i]!, dy[i]!);
      const share = far > step ? step / far : 1;
      points[i]!.x += dx[i]! * share;
      points[i]!.y += dy[i]! * share;
    }
  }
}

/** Nodes of shortest paths in columns, one for each step. */
export function columnsOfPaths(paths: readonly (readonly Evidence[])[]): Map<Evidence, Point> {
  const steps: Set<Evidence>[] = [];
  for (const path of paths) {
    path.forEach((node, step) => {
      steps[step] ??= new Set();
      steps[step].add(node);
    });
  }
  const places = new Map<Evidence, Point>();
  steps.forEach((column, step) => {
    [...column].forEach((node, index) => {
      places.set(node, { x: step * 190, y: (index - (column.size - 1) / 2) * 46 });
    });
  });
  return places;
}

/** The smallest box around all places, with room for labels. */
export function boxOf(places: ReadonlyMap<Evidence, Point>): readonly [number, number, number, number] {
  const points = [...places.values()];
  if (points.length === 0) return [-200, -120, 400, 240];
  const low = (of: (point: Point) => number) => Math.min(...points.map(of));
  const high = (of: (point: Point) => number) => Math.max(...points.map(of));
  const [left, top] = [low(({ x }) => x) - 70, low(({ y }) => y) - 40];
  const width = Math.max(760, high(({ x }) => x) - left + 90);
  const height = Math.max(320, high(({ y }) => y) - top + 50);
  const spare = (width - (high(({ x }) => x) - left + 90)) / 2;
  const below = (height - (high(({ y }) => y) - top + 50)) / 2;
  return [left - spare, top - below, width, height];
}
