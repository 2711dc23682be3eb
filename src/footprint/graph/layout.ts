import { createRequire } from 'node:module';
import { noCommunity } from './communities.ts';
import type { Links } from './measures.ts';

/** One step of ForceAtlas2 over flat matrices, as the package itself runs it; it has no entry of its own for this. */
type Iterate = (settings: object, nodes: Float32Array, edges: Float32Array) => void;
const require = createRequire(import.meta.url);
const iterate = require('graphology-layout-forceatlas2/iterate.js') as Iterate;
const defaults = require('graphology-layout-forceatlas2/defaults.js') as object;

/** Numbers for each node and each edge in the matrices. */
const nodeCells = 10;
const edgeCells = 3;
const massCell = 6;

export const layoutSettings = {
  /** Steps for small networks and for large ones. */
  steps: { most: 300, least: 50 },
  /** Steps times nodes that are worth their time. */
  work: 2_500_000,
} as const;

export function layoutSteps(nodes: number): number {
  const { steps, work } = layoutSettings;
  return Math.max(steps.least, Math.min(steps.most, Math.floor(work / Math.max(1, nodes))));
}

export interface Places {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * A place for each node that has contacts; others stay at 0. Begins with communities on a sunflower, largest in the
 * middle, members around their middle, then a fixed number of steps of ForceAtlas2 (M. Jacomy and others, 2014)
 * with Barnes-Hut. No chance in it: the same network gives the same picture. Distances mean nothing
 * exact. `tell` is called after each step and may wait.
 */
export async function placeNodes(
  links: Links,
  communities: Int32Array,
  tell: (done: number, total: number) => Promise<void> | void = () => {},
): Promise<Places> {
  const { nodes, start, to, messages } = links;
  const x = new Float64Array(nodes);
  const y = new Float64Array(nodes);
  const shown: number[] = [];
  for (let n = 0; n < nodes; n++) if (start[n + 1]! > start[n]!) shown.push(n);
  if (shown.length === 0) return { x, y };
  const begin = sunflower(shown, communities);
  const index = new Int32Array(nodes).fill(-1);
  const matrix = new Float32Array(shown.length * nodeCells);
  for (const [i, n] of shown.entries()) {
    index[n] = i;
    matrix.set([begin[i]![0], begin[i]![1], 0, 0, 0, 0, 1, 1, 1, 0], i * nodeCells);
  }
  const edges = new Float32Array((to.length / 2) * edgeCells);
  let at = 0;
  for (const n of shown) {
    for (let e = start[n]!; e < start[n + 1]!; e++) {
      if (to[e]! <= n) continue;
      // Ten messages pull somewhat more than one, not ten times as much.
      const weight = 1 + Math.log2(messages[e]!);
      const [source, target] = [index[n]! * nodeCells, index[to[e]!]! * nodeCells];
      edges.set([source, target, weight], at);
      at += edgeCells;
      matrix[source + massCell]! += weight;
      matrix[target + massCell]! += weight;
    }
  }
  const settings = {
    ...defaults,
    barnesHutOptimize: shown.length > 2000,
    barnesHutTheta: 1.2,
    strongGravityMode: true,
    gravity: 0.05,
    scalingRatio: 10,
    slowDown: 1 + Math.log(shown.length),
  };
  const steps = layoutSteps(shown.length);
  for (let step = 0; step < steps; step++) {
    iterate(settings, matrix, edges);
    await tell(step + 1, steps);
  }
  for (const [i, n] of shown.entries()) {
    x[n] = rounded(matrix[i * nodeCells]!);
    y[n] = rounded(matrix[i * nodeCells + 1]!);
  }
  return { x, y };
}

function rounded(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 100) / 100 : 0;
}

/** The angle by which sunflower seeds follow one another. */
const goldenAngle = Math.PI * (3 - Math.sqrt(5));

/** Places to begin with: each community a disc, discs by size from the middle outwards. */
function sunflower(shown: readonly number[], communities: Int32Array): [number, number][] {
  const members = new Map<number, number[]>();
  for (const [i, n] of shown.entries()) {
    const community = communities[n] ?? noCommunity;
    const known = members.get(community);
    if (known) known.push(i);
    else members.set(community, [i]);
  }
  const places = new Array<[number, number]>(shown.length);
  const spacing = 10;
  let covered = 0;
  for (const [number, list] of [...members].sort(([p], [q]) => p - q)) {
    const away = spacing * Math.sqrt(covered + list.length / 2);
    const turn = (number + 1) * goldenAngle;
    const [middleX, middleY] = [away * Math.cos(turn), away * Math.sin(turn)];
    for (const [k, i] of list.entries()) {
      const distance = spacing * 0.7 * Math.sqrt(k);
      places[i] = [
        middleX + distance * Math.cos(k * goldenAngle),
        middleY + distance * Math.sin(k * goldenAngle),
      ];
    }
    covered += list.length;
  }
  return places;
}
