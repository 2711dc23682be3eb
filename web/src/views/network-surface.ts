import Graph from 'graphology';
import Sigma from 'sigma';
import { EdgeLineProgram, NodePointProgram } from 'sigma/rendering';
import type { Answer } from '../api.ts';
import { asSeen } from '../ui/evidence.ts';

export type Overview = Extract<Answer<'showNetworkOverview'>, { state: 'ready' }>;

export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly ratio: number;
}

/**
 * The drawing reaches beyond its window by this share of the window on each side: while it is moved, the picture that
 * was drawn is moved as it is, and drawn anew when the movement ends. Drawing 200,000 lines for every frame is more
 * than a machine without a graphics processor can do.
 */
export const margin = 0.25;
/** All of it in the window. */
export const firstCamera: Camera = { x: 0.5, y: 0.5, ratio: 1 + 2 * margin };
const mostLabel = 24;
/** Up to so many nodes, small ones are named as well, where there is room. */
const fewNodes = 400;

export interface Colours {
  readonly node: string;
  readonly label: string;
  readonly stated: string;
  readonly proposed: string;
  readonly unsure: string;
}

/** The page's colours as they are now: the drawing does not know style sheets. */
export function coloursNow(): Colours {
  const probe = document.createElement('span');
  document.body.append(probe);
  const of = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    node: of('accent'),
    label: of('ink'),
    stated: of('line-strong'),
    proposed: of('inference'),
    unsure: of('against'),
  };
  probe.remove();
  return colours;
}

/** Colours of communities, as red, green and blue: told apart, not judged. */
function communityColour(community: number): string {
  const hue = ((community * 137.5) % 360) / 30;
  const part = (offset: number) => {
    const at = (offset + hue) % 12;
    return Math.round(255 * (0.5 - 0.24 * Math.max(-1, Math.min(at - 3, 9 - at, 1))));
  };
  return `rgb(${part(0)}, ${part(8)}, ${part(4)})`;
}

/** A colour that lets others through. The line program blends colours that hold their share already. */
function paler(colour: string, share: number): string {
  const parts = colour.match(/[\d.]+/g)?.slice(0, 3) ?? ['128', '128', '128'];
  return `rgba(${parts.map((part) => Math.round(Number(part) * share)).join(', ')}, ${share})`;
}

/** A graph of the columns of the overview; nodes are named by their number. */
function graphOf(overview: Overview, colours: Colours, byCommunity: boolean): Graph {
  const graph = new Graph({ type: 'undirected', multi: true });
  const { nodes, edges } = overview;
  for (let index = 0; index < nodes.id.length; index++) {
    graph.addNode(String(index), {
      x: nodes.x[index],
      y: nodes.y[index],
      size: 1.2 + Math.min(6, Math.log2(1 + nodes.neighbours[index]!) * 0.6),
      label: asSeen(nodes.label[index]!, mostLabel),
      color: byCommunity ? communityColour(nodes.community[index]!) : colours.node,
    });
  }
  const strength = Math.max(0.08, Math.min(0.6, 6000 / Math.max(1, edges.a.length)));
  const shades = [colours.stated, colours.stated, colours.proposed, colours.unsure].map((colour) =>
    paler(colour, strength),
  );
  for (let index = 0; index < edges.a.length; index++) {
    graph.addEdge(String(edges.a[index]), String(edges.b[index]), { color: shades[edges.certainty[index]!] });
  }
  return graph;
}

/** The drawing inside an element. Throws where the browser cannot draw with WebGL. */
export function openSurface(
  element: HTMLElement,
  overview: Overview,
  { camera, byCommunity }: { readonly camera: Camera; readonly byCommunity: boolean },
): Sigma {
  const colours = coloursNow();
  const surface = new Sigma(graphOf(overview, colours, byCommunity), element, {
    defaultEdgeType: 'line',
    defaultNodeType: 'point',
    edgeProgramClasses: { line: EdgeLineProgram },
    nodeProgramClasses: { point: NodePointProgram },
    allowInvalidContainer: true,
    renderEdgeLabels: false,
    labelColor: { color: colours.label },
    labelDensity: 0.6,
    labelRenderedSizeThreshold: overview.nodes.id.length <= fewNodes ? 0 : 3.5,
    labelSize: 11,
  });
  surface.getCamera().setState({ ...camera, angle: 0 });
  return surface;
}

/** Where the camera is after the drawn picture was moved by pixels and scaled about a point of the window. */
export function moved(surface: Sigma, dx: number, dy: number, scale: number): Camera {
  const { width, height } = surface.getDimensions();
  const centre = { x: width / 2, y: height / 2 };
  // What stands in the middle after the move: the point that is carried there.
  const middle = surface.viewportToFramedGraph({
    x: centre.x - dx / scale,
    y: centre.y - dy / scale,
  });
  const now = surface.viewportToFramedGraph(centre);
  const state = surface.getCamera().getState();
  return { x: state.x + middle.x - now.x, y: state.y + middle.y - now.y, ratio: state.ratio / scale };
}

/** The node nearest to a point of the surface, within some pixels; null for none. */
export function nodeAt(surface: Sigma, overview: Overview, x: number, y: number, reach = 12): number | null {
  const at = surface.viewportToGraph({ x, y });
  const beside = surface.viewportToGraph({ x: x + reach, y });
  let best = (beside.x - at.x) ** 2 + (beside.y - at.y) ** 2;
  let found: number | null = null;
  const { x: xs, y: ys } = overview.nodes;
  for (let index = 0; index < xs.length; index++) {
    const far = (xs[index]! - at.x) ** 2 + (ys[index]! - at.y) ** 2;
    if (far < best) {
      best = far;
      found = index;
    }
  }
  return found;
}
