import { UndirectedGraph } from 'graphology';
import louvainModule from 'graphology-communities-louvain';
import type { Links } from './measures.ts';
import { randomFrom } from './random.ts';

// The package is CommonJS whose one export is the function; its types say otherwise.
const louvain = louvainModule as unknown as typeof louvainModule.default;

export const communitySettings = { seed: 1, resolution: 1 } as const;

/** Community of a node without contact. */
export const noCommunity = -1;

/**
 * Groups of nodes that write to one another more than to the rest: V. Blondel and others, "Fast unfolding of
 * communities in large networks", 2008, weighted by messages, nodes in order, fixed seed. A community that fell into
 * pieces, as that method can leave it (V. Traag and others, "From Louvain to Leiden", 2019), is divided. Numbered by size.
 *
 * This describes a network. It is no reason for anything: nothing that ranks may read it.
 */
export function communitiesOf(links: Links): Int32Array {
  const { nodes, start, to, messages } = links;
  const graph = new UndirectedGraph<{ community?: number }, { weight: number }>();
  for (let n = 0; n < nodes; n++) if (start[n + 1]! > start[n]!) graph.addNode(n);
  for (let n = 0; n < nodes; n++) {
    for (let e = start[n]!; e < start[n + 1]!; e++)
      if (n < to[e]!) graph.addUndirectedEdge(n, to[e]!, { weight: messages[e]! });
  }
  const found = new Int32Array(nodes).fill(noCommunity);
  if (graph.size === 0) return found;
  const { seed, resolution } = communitySettings;
  const communities = louvain(graph, { getEdgeWeight: 'weight', rng: randomFrom(seed), resolution });
  for (const [node, community] of Object.entries(communities)) found[Number(node)] = community;
  return numberedBySize(connectedParts(links, found));
}

/** Divides communities whose members do not hang together inside them. */
function connectedParts({ nodes, start, to }: Links, communities: Int32Array): Int32Array {
  const parts = new Int32Array(nodes).fill(noCommunity);
  let next = 0;
  for (let first = 0; first < nodes; first++) {
    if (parts[first] !== noCommunity || communities[first] === noCommunity) continue;
    const open = [first];
    parts[first] = next;
    for (let n = open.pop(); n !== undefined; n = open.pop()) {
      for (let e = start[n]!; e < start[n + 1]!; e++) {
        const other = to[e]!;
        if (parts[other] !== noCommunity || communities[other] !== communities[first]) continue;
        parts[other] = next;
        open.push(other);
      }
    }
    next++;
  }
  return parts;
}

/** Numbers the largest 0; equal ones in the order of their first members. */
function numberedBySize(communities: Int32Array): Int32Array {
  const sizes = new Map<number, { size: number; first: number }>();
  for (const [node, community] of communities.entries()) {
    if (community === noCommunity) continue;
    const known = sizes.get(community);
    if (known) known.size++;
    else sizes.set(community, { size: 1, first: node });
  }
  const order = [...sizes].sort(([, x], [, y]) => y.size - x.size || x.first - y.first);
  const numbers = new Map(order.map(([community], number) => [community, number]));
  return communities.map((community) => numbers.get(community) ?? noCommunity);
}
