import { arcBetween, type ContactGraph, eachNeighbour, noArc } from './contact-graph.ts';
import type { Measures, Shown } from './describe.ts';
import { type ContactFilter, countedIn, everything, messagesOf, undatedMessages } from './filter.ts';
import { certainties, type Level, type NetworkModel, type Over, resolve } from './model.ts';
import { degreeOf, Marks, neighbourhood, pairsAmong } from './neighbourhood.ts';
import { PathFinder } from './paths.ts';
import {
  describesOnly,
  type ExportedWay,
  type ExportQuestion,
  type MeasuredNode,
  type Neighbours,
  type NeighboursQuestion,
  type NodeView,
  type PathAnswer,
  type PathQuestion,
  type ShownNode,
  type Summary,
  type SummaryQuestion,
} from './questions.ts';
import { noDay } from './rows.ts';
import {
  certaintyOf,
  dayText,
  edgeView,
  filterOf,
  filterView,
  identityLinks,
  labelOf,
  messagesInside,
  nodeView,
  orNull,
  reciprocityOf,
  waysOf,
} from './views.ts';

/** Edges and links in one answer; what is over is counted. */
const mostEdges = 1000;
const mostLinks = 500;

/** What one thread keeps between questions. */
export class Answering {
  readonly model: NetworkModel;
  private readonly kept = new Map<Over, { marks: Marks; finder: PathFinder }>();

  constructor(model: NetworkModel) {
    this.model = model;
  }

  neighbours(question: NeighboursQuestion): Neighbours {
    const { model } = this;
    const filter = filterOf(model, question.filter);
    const { level, nodes } = resolve(model, [question.of], question.over);
    const { graph } = level;
    const { marks } = this.keptFor(level);
    const { found, one, two } = neighbourhood(graph, nodes[0]!, question.hops, filter, question, marks);
    const shown = found.map(({ node }) => node);
    const hops = new Map(found.map(({ node, hop }) => [node, hop]));
    const pairs = pairsAmong(graph, shown, filter, marks);
    return {
      over: level.over,
      of: level.ids[nodes[0]!]!,
      filter: filterView(model, filter),
      reach: { one, two },
      hidden: {
        nodes: one + (two ?? 0) - (shown.length - 1),
        edges: Math.max(0, pairs.length - mostEdges),
      },
      undated: undatedMessages(graph, filter),
      nodes: this.shownNodes(level, shown, pairs, filter, (node) => hops.get(node) as 0 | 1 | 2),
      edges: pairs.slice(0, mostEdges).map(({ a, b }) => edgeView(model, level, a, b, filter)),
      links: identityLinks(model, level, shown, mostLinks),
    };
  }

  path(question: PathQuestion): PathAnswer {
    const { model } = this;
    const filter = filterOf(model, question.filter);
    const { level, nodes } = resolve(model, [question.a, question.b], question.over);
    const { graph, ids } = level;
    const hub = question.hub === 0 ? null : question.hub;
    const [a, b] = nodes as [number, number];
    const { finder, marks } = this.keptFor(level);
    const found = finder.find(a, b, filter, { most: question.most, hub });
    const shown = new Set([a, b, ...found.paths.flat()]);
    const steps = new Map<string, { a: number; b: number }>();
    for (const path of found.paths) {
      for (let i = 1; i < path.length; i++) {
        const [x, y] = [Math.min(path[i - 1]!, path[i]!), Math.max(path[i - 1]!, path[i]!)];
        steps.set(`${x} ${y}`, { a: x, b: y });
      }
    }
    const list = [...shown].sort((x, y) => x - y);
    const edges = [...steps.values()].sort((x, y) => x.a - y.a || x.b - y.b);
    return {
      over: level.over,
      a: ids[a]!,
      b: ids[b]!,
      filter: filterView(model, filter),
      length: found.length,
      total: found.total,
      exact: found.isExact,
      paths: found.paths.map((path) => path.map((node) => ids[node]!)),
      hidden: found.total - found.paths.length,
      hub,
      hubs_passed_over: found.hubsPassedOver,
      undated: undatedMessages(graph, filter),
      nodes: this.shownNodes(level, list, pairsAmong(graph, list, filter, marks), filter, () => null),
      edges: edges.map((pair) => edgeView(model, level, pair.a, pair.b, filter)),
    };
  }

  summary(question: SummaryQuestion, measures: Measures | null): Summary {
    const { model } = this;
    const filter = filterOf(model, question.filter);
    const level = model.level(question.over);
    const { graph } = level;
    const { channels, exhibits, first, last, totals, degrees } = tally(graph, filter);
    const connected: number[] = [];
    for (let n = 0; n < graph.nodes; n++) if (degrees[n]! > 0) connected.push(n);
    const most = [...connected].sort((x, y) => degrees[y]! - degrees[x]! || x - y).slice(0, question.limit);
    return {
      over: level.over,
      filter: filterView(model, filter),
      undated: undatedMessages(graph, filter),
      totals: {
        nodes: graph.nodes,
        without_contact: graph.nodes - connected.length,
        ...totals,
        inside: messagesInside(level, filter),
      },
      channels: channels
        .map((each, channel) => ({
          channel: model.rows.channels[channel]!,
          messages: each.messages,
          pairs: each.pairs,
          mutual: each.mutual,
          reciprocity: each.messages === 0 ? 0 : each.weaker / each.messages,
          first_time: orNull(first[channel]!),
          last_time: orNull(last[channel]!),
        }))
        .filter(({ messages }) => messages > 0)
        .sort((x, y) => y.messages - x.messages || (x.channel < y.channel ? -1 : 1)),
      exhibits: model.rows.exhibits
        .map((exhibit, number) => ({ exhibit, messages: exhibits[number]! }))
        .filter(({ messages }) => messages > 0)
        .sort((x, y) => (x.exhibit < y.exhibit ? -1 : 1)),
      days: daySeries(graph, filter),
      most: most.map((node) => this.measuredNode(level, node, filter, measures)),
      measured: measures === null ? 'working' : 'ready',
      note: describesOnly,
    };
  }

  exportNodes(question: ExportQuestion): { nodes: NodeView[]; after: number | null } {
    const filter = filterOf(this.model, question.filter);
    const level = this.model.level(question.over);
    const end = Math.min(level.graph.nodes, question.after + exportedNodes);
    const nodes: NodeView[] = [];
    for (let n = question.after; n < end; n++) nodes.push(nodeView(this.model, level, n, filter));
    return { nodes, after: end < level.graph.nodes ? end : null };
  }

  exportWays(question: ExportQuestion): { ways: ExportedWay[]; after: number | null } {
    const filter = filterOf(this.model, question.filter);
    const level = this.model.level(question.over);
    const { graph } = level;
    const ways: ExportedWay[] = [];
    let node = question.after;
    for (; node < graph.nodes && ways.length < exportedWays; node++) {
      eachNeighbour(graph, node, (other, arcOut, arcIn) => {
        if (arcOut === noArc) return;
        const [there, back] = [messagesOf(graph, arcOut, filter), messagesOf(graph, arcIn, filter)];
        const both = {
          reciprocity: reciprocityOf(there, back),
          certainty: certainties[Math.max(level.certainty[node]!, level.certainty[other]!)]!,
        };
        for (const way of waysOf(this.model, level, node, arcOut, filter)) ways.push({ ...way, ...both });
      });
    }
    return { ways, after: node < graph.nodes ? node : null };
  }

  private keptFor(level: Level): { marks: Marks; finder: PathFinder } {
    let kept = this.kept.get(level.over);
    if (!kept) {
      kept = { marks: new Marks(level.graph.nodes), finder: new PathFinder(level.graph) };
      this.kept.set(level.over, kept);
    }
    return kept;
  }

  private shownNodes(
    level: Level,
    nodes: readonly number[],
    pairs: readonly { a: number; b: number }[],
    filter: ContactFilter,
    hopOf: (node: number) => ShownNode['hop'],
  ): ShownNode[] {
    const inside = new Map<number, number>();
    for (const { a, b } of pairs) for (const end of [a, b]) inside.set(end, (inside.get(end) ?? 0) + 1);
    return nodes.map((node) => {
      const view = nodeView(this.model, level, node, filter);
      return { ...view, hop: hopOf(node), hidden: view.neighbours - (inside.get(node) ?? 0) };
    });
  }

  private measuredNode(
    level: Level,
    node: number,
    filter: ContactFilter,
    measures: Measures | null,
  ): MeasuredNode {
    const view = nodeView(this.model, level, node, filter);
    const community = measures?.communities[node] ?? -1;
    return {
      ...view,
      messages: view.sent + view.received,
      page_rank: measures?.pageRank[node] ?? null,
      between: measures?.between.share[node] ?? null,
      core: measures?.cores[node] ?? null,
      community: community < 0 ? null : community,
    };
  }
}

const exportedNodes = 5000;
const exportedWays = 5000;

interface ChannelTally {
  messages: number;
  pairs: number;
  mutual: number;
  weaker: number;
}

/** Counts over the whole graph: by channel, by exhibit, by pair, and each node's neighbours. */
function tally(graph: ContactGraph, filter: ContactFilter) {
  const { rows } = graph;
  const channels: ChannelTally[] = rows.channels.map(() => ({ messages: 0, pairs: 0, mutual: 0, weaker: 0 }));
  const exhibits = new Float64Array(rows.exhibits.length);
  const first = new Float64Array(channels.length).fill(Number.POSITIVE_INFINITY);
  const last = new Float64Array(channels.length).fill(Number.NEGATIVE_INFINITY);
  const degrees = new Uint32Array(graph.nodes);
  const totals = { pairs: 0, mutual: 0, messages: 0 };
  const inAnyExhibit = rows.exhibits.map((_, exhibit) => ({ ...filter, exhibit }));
  const there = new Float64Array(channels.length);
  const back = new Float64Array(channels.length);
  const add = (arc: number, into: Float64Array): number => {
    if (arc === noArc) return 0;
    let sum = 0;
    for (let i = graph.rowStart[arc]!; i < graph.rowStart[arc + 1]!; i++) {
      const row = graph.rowOf[i]!;
      const channel = rows.channel[row]!;
      const messages = countedIn(graph, row, filter);
      if (messages === 0) continue;
      into[channel]! += messages;
      sum += messages;
      if (rows.firstTime[row]! < first[channel]!) first[channel] = rows.firstTime[row]!;
      if (rows.lastTime[row]! > last[channel]!) last[channel] = rows.lastTime[row]!;
    }
    return sum;
  };
  // By exhibit, a message that several hold stands in each of them, so these do not add up to the whole.
  for (const row of graph.rowOf) {
    if (filter.exhibit === null || rows.exhibit[row] === filter.exhibit)
      exhibits[rows.exhibit[row]!]! += countedIn(graph, row, inAnyExhibit[rows.exhibit[row]!]!);
  }
  for (let n = 0; n < graph.nodes; n++) {
    eachNeighbour(graph, n, (other, arcOut, arcIn) => {
      if (other < n) return;
      there.fill(0);
      back.fill(0);
      const [out, into] = [add(arcOut, there), add(arcIn, back)];
      if (out + into === 0) return;
      degrees[n]!++;
      degrees[other]!++;
      totals.pairs++;
      totals.messages += out + into;
      if (out > 0 && into > 0) totals.mutual++;
      for (const [channel, each] of channels.entries()) {
        const [x, y] = [there[channel]!, back[channel]!];
        if (x + y === 0) continue;
        each.messages += x + y;
        each.pairs++;
        if (x > 0 && y > 0) each.mutual++;
        each.weaker += Math.min(x, y);
      }
    });
  }
  return { channels, exhibits, first, last, totals, degrees };
}

/** Bars of the time slider at most. */
const mostBars = 600;

/** Messages over time in equal steps of days, whatever range of time is asked for. */
function daySeries(graph: ContactGraph, filter: ContactFilter): Summary['days'] {
  const { rows } = graph;
  const anyTime = { ...filter, fromDay: null, toDay: null };
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of graph.rowOf) {
    const day = rows.day[row]!;
    if (day === noDay || countedIn(graph, row, anyTime) === 0) continue;
    low = Math.min(low, day);
    high = Math.max(high, day);
  }
  if (low > high) return { from: null, step: 1, messages: [] };
  const span = high - low + 1;
  const step = [1, 7, 28, 364].find((days) => span <= days * mostBars) ?? Math.ceil(span / mostBars);
  const messages = new Array<number>(Math.ceil(span / step)).fill(0);
  for (const row of graph.rowOf) {
    if (rows.day[row] !== noDay)
      messages[Math.floor((rows.day[row]! - low) / step)]! += countedIn(graph, row, anyTime);
  }
  return { from: dayText(low), step, messages };
}

/** Letters of a label in the overview. */
const labelLetters = 60;

/** The whole network as columns: the JSON of the overview. */
export function overviewColumns(
  model: NetworkModel,
  level: Level,
  shown: Shown,
  measures: Measures,
  places: { x: Float64Array; y: Float64Array },
  caps: { nodes: number; edges: number },
): object {
  const { graph, ids } = level;
  const order = [...shown.nodes.keys()]
    .sort((p, q) => {
      const [x, y] = [shown.nodes[p]!, shown.nodes[q]!];
      return graph.neighbours[y]! - graph.neighbours[x]! || x - y;
    })
    .slice(0, caps.nodes);
  const index = new Int32Array(shown.nodes.length).fill(-1);
  for (const [at, p] of order.entries()) index[p] = at;
  const edges: number[] = [];
  for (let i = 0; i < shown.pairs.a.length && edges.length < caps.edges; i++)
    if (index[shown.pairs.a[i]!]! >= 0 && index[shown.pairs.b[i]!]! >= 0) edges.push(i);
  const nodes = order.map((p) => shown.nodes[p]!);
  const endOf = (place: number) => shown.nodes[place]!;
  const degrees = nodes.map((node) => degreeOf(graph, node, everything));
  const communityOf = (node: number) => measures.communities[node]!;
  return {
    state: 'ready',
    over: level.over,
    totals: {
      nodes: shown.allNodes,
      edges: shown.allPairs,
      without_contact: graph.nodes - shown.allNodes,
      shown_nodes: nodes.length,
      shown_edges: edges.length,
      hidden_nodes: shown.allNodes - nodes.length,
      hidden_edges: shown.allPairs - edges.length,
    },
    nodes: {
      id: nodes.map((node) => ids[node]!),
      label: nodes.map((node) => shortened(labelOf(model, level, node))),
      x: order.map((p) => places.x[p]!),
      y: order.map((p) => places.y[p]!),
      neighbours: nodes.map((node) => graph.neighbours[node]!),
      messages: degrees.map(({ sent, received }) => sent + received),
      core: nodes.map((node) => measures.cores[node]!),
      page_rank: nodes.map((node) => significant(measures.pageRank[node]!)),
      between: nodes.map((node) => significant(measures.between.share[node]!)),
      community: nodes.map(communityOf),
      band: nodes.map((node) => bandOf(model, level, node)),
      certainty: nodes.map((node) => certaintyOf(level, node)),
    },
    edges: {
      a: edges.map((i) => index[shown.pairs.a[i]!]!),
      b: edges.map((i) => index[shown.pairs.b[i]!]!),
      messages: edges.map((i) => shown.pairs.messages[i]!),
      reciprocity: edges.map((i) =>
        significant(reciprocityBetween(graph, endOf(shown.pairs.a[i]!), endOf(shown.pairs.b[i]!))),
      ),
      certainty: edges.map((i) =>
        Math.max(level.certainty[endOf(shown.pairs.a[i]!)]!, level.certainty[endOf(shown.pairs.b[i]!)]!),
      ),
    },
    communities: communityList(shown, measures),
    methods: {
      place:
        'ForceAtlas2 from communities on a sunflower, a fixed number of steps; distances mean nothing exact',
      community: `Louvain by messages, fixed seed, pieces divided; over the ${shown.nodes.length} nodes with most neighbours and their ${shown.pairs.a.length} strongest pairs`,
      between: `share of shortest paths, followed from ${measures.between.pivots} nodes drawn with a fixed seed`,
      page_rank: 'PageRank along messages, damping 0.85',
      core: 'k-core by different neighbours',
    },
    note: describesOnly,
  };
}

function reciprocityBetween(graph: ContactGraph, a: number, b: number): number {
  const sent = (from: number, to: number) => messagesOf(graph, arcBetween(graph, from, to), everything);
  return reciprocityOf(sent(a, b), sent(b, a));
}

function bandOf(model: NetworkModel, level: Level, node: number): string | null {
  const person = model.persons[level.members[level.memberStart[node]!]!];
  return person == null ? null : (model.bands.get(person)?.band ?? null);
}

function communityList(shown: Shown, measures: Measures): object[] {
  const list: { community: number; nodes: number; messages_inside: number }[] = [];
  for (const node of shown.nodes) {
    const community = measures.communities[node]!;
    if (community < 0) continue;
    list[community] ??= { community, nodes: 0, messages_inside: 0 };
    list[community].nodes++;
  }
  for (let i = 0; i < shown.pairs.a.length; i++) {
    const [p, q] = [shown.nodes[shown.pairs.a[i]!]!, shown.nodes[shown.pairs.b[i]!]!];
    const community = measures.communities[p]!;
    if (community >= 0 && community === measures.communities[q])
      list[community]!.messages_inside += shown.pairs.messages[i]!;
  }
  return list;
}

function significant(value: number): number {
  return Number(value.toPrecision(4));
}

function shortened(label: string): string {
  const letters = [...label.slice(0, labelLetters * 2 + 2)];
  return letters.length <= labelLetters ? label : `${letters.slice(0, labelLetters - 1).join('')}…`;
}
