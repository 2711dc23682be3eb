import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { Drawing, numberAt } from '../ui/drawing.tsx';
import { asSeen, type Evidence, keyOf } from '../ui/evidence.ts';
import { counted } from '../ui/numbers.ts';
import { t } from '../ui/words.ts';
import { boxOf, type Edge, type Graph, type Node, type Point } from './network-graph.ts';

type Box = readonly [number, number, number, number];

interface Props {
  readonly graph: Graph;
  readonly centre: Evidence;
  readonly picked: readonly Evidence[];
  readonly pick: (node: Evidence, more: boolean) => void;
  readonly expand: (node: Evidence) => void;
}

const mostLabel = 22;

/**
 * Nodes and contacts. A line is solid where records or a human's decision stand behind both ends, dashed where an
 * end is a person that Waymark proposes, dotted where a human was unsure. The tables below say the same.
 */
export function NetworkDrawing({ graph, centre, picked, pick, expand }: Props) {
  const whole = boxOf(graph.places);
  const [box, setBox] = useState<Box>(whole);
  const surface = useRef<SVGSVGElement>(null);
  const shape = whole.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: fits anew when the drawing has another shape
  useEffect(() => setBox(whole), [shape]);
  const zoom = (by: number, at: readonly [number, number] = [0.5, 0.5]) =>
    setBox(([x, y, width, height]) => {
      const [w, h] = [width * by, height * by];
      return [x + (width - w) * at[0], y + (height - h) * at[1], w, h];
    });
  useWheel(surface, zoom);
  const drag = useDrag(box, setBox);
  const chosen = new Set(picked);
  // Names stay legible when there is much to draw, and do not become posters when there is little.
  const unit = Math.max(0.35, Math.min(1.7, Math.max(box[2] / 900, box[3] / 600)));
  return (
    <div className="network-drawing">
      <fieldset className="tools" aria-label={t('say.drawing')}>
        <button type="button" className="quiet small" onClick={() => zoom(0.75)}>
          {t('say.closer')}
        </button>
        <button type="button" className="quiet small" onClick={() => zoom(1.33)}>
          {t('say.farther')}
        </button>
        <button type="button" className="quiet small" onClick={() => setBox(whole)}>
          {t('say.all-of-it')}
        </button>
      </fieldset>
      <Drawing
        label={t('network-drawing.said', {
          nodes: t('n.node', { n: graph.nodes.length }),
          contacts: t('n.contact', { n: graph.edges.length }),
        })}
        box={box}
        className="network"
        surface={surface}
        onClick={(event) => {
          const node = graph.nodes[numberAt(event) ?? -1];
          if (node && !drag.moved()) pick(node.node, event.shiftKey);
        }}
        onDoubleClick={(event) => {
          const node = graph.nodes[numberAt(event) ?? -1];
          if (node) expand(node.node);
        }}
        {...drag.acts}
      >
        {graph.edges.map((edge) => (
          <Line key={keyOf(edge.a, edge.b)} edge={edge} places={graph.places} chosen={chosen} />
        ))}
        {graph.nodes.map((node, index) => (
          <Shape
            key={keyOf(node.node)}
            node={node}
            number={index}
            place={graph.places.get(node.node) ?? { x: 0, y: 0 }}
            hidden={graph.hidden.get(node.node) ?? 0}
            centre={node.node === centre}
            chosen={chosen.has(node.node)}
            unit={unit}
          />
        ))}
      </Drawing>
    </div>
  );
}

interface LineProps {
  readonly edge: Edge;
  readonly places: ReadonlyMap<Evidence, Point>;
  readonly chosen: ReadonlySet<Evidence>;
}

function Line({ edge, places, chosen }: LineProps) {
  const [a, b] = [places.get(edge.a), places.get(edge.b)];
  if (!a || !b) return null;
  const messages = edge.a_to_b + edge.b_to_a;
  const on = chosen.has(edge.a) || chosen.has(edge.b);
  const oneWay = edge.a_to_b === 0 || edge.b_to_a === 0;
  const [from, to] = edge.a_to_b === 0 ? [b, a] : [a, b];
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  return (
    <g className={`edge ${edge.certainty}${on ? ' chosen' : ''}`}>
      <title>{t('n.message', { n: messages })}</title>
      <line x1={a.x} y1={a.y} x2={b.x} y2={b.y} strokeWidth={1 + Math.min(4, Math.log2(1 + messages) / 2)} />
      {oneWay && (
        <path
          d="M -5 -4 L 5 0 L -5 4 Z"
          transform={`translate(${from.x * 0.4 + to.x * 0.6} ${from.y * 0.4 + to.y * 0.6}) rotate(${angle})`}
        />
      )}
    </g>
  );
}

interface ShapeProps {
  readonly node: Node;
  readonly number: number;
  readonly place: Point;
  readonly hidden: number;
  readonly centre: boolean;
  readonly chosen: boolean;
  readonly unit: number;
}

/** A circle for a person, a square for an account in none; a second ring where several accounts are joined. */
function Shape({ node, number, place, hidden, centre, chosen, unit }: ShapeProps) {
  const size = 6 + Math.min(8, Math.log2(1 + node.neighbours));
  const label = asSeen(node.label, mostLabel);
  return (
    <g
      className={`node ${node.certainty}${centre ? ' centre' : ''}${chosen ? ' chosen' : ''}`}
      transform={`translate(${place.x} ${place.y}) scale(${unit})`}
      data-number={number}
    >
      <title>{`${asSeen(node.label)}: ${t('n.neighbour', { n: node.neighbours })}, ${counted(hidden, 'of them hidden', 'of them hidden')}`}</title>
      {node.person === null ? (
        <rect x={-size} y={-size} width={2 * size} height={2 * size} />
      ) : (
        <circle r={size} />
      )}
      {node.accounts > 1 && <circle className="ring" r={size + 3} />}
      <text className="name" y={size + 13} textAnchor="middle">
        {label}
      </text>
      {hidden > 0 && (
        <text className="more" x={size + 3} y={-size + 2}>
          +{hidden}
        </text>
      )}
    </g>
  );
}

/** Zooming by the wheel; React's own listener could not keep the page from scrolling. */
function useWheel(
  surface: { readonly current: SVGSVGElement | null },
  zoom: (by: number, at: readonly [number, number]) => void,
): void {
  const latest = useRef(zoom);
  latest.current = zoom;
  useEffect(() => {
    const element = surface.current;
    const turn = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = element!.getBoundingClientRect();
      const at = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height] as const;
      latest.current(event.deltaY > 0 ? 1.15 : 0.87, at);
    };
    element?.addEventListener('wheel', turn, { passive: false });
    return () => element?.removeEventListener('wheel', turn);
  }, [surface]);
}

/** Moving the drawing with the pointer held down. */
function useDrag(box: Box, setBox: (box: Box) => void) {
  const from = useRef<{ x: number; y: number; box: Box } | null>(null);
  const far = useRef(false);
  return {
    /** Whether the pointer was moved between down and up: then a click picks nothing. */
    moved: () => far.current,
    acts: {
      onPointerDown: (event: PointerEvent<SVGSVGElement>) => {
        from.current = { x: event.clientX, y: event.clientY, box };
        far.current = false;
      },
      onPointerMove: (event: PointerEvent<SVGSVGElement>) => {
        if (from.current === null || event.buttons === 0) return;
        const element = event.currentTarget.getBoundingClientRect();
        const [x, y, width, height] = from.current.box;
        const scale = Math.max(width / element.width, height / element.height);
        const [dx, dy] = [event.clientX - from.current.x, event.clientY - from.current.y];
        if (Math.hypot(dx, dy) > 4) far.current = true;
        setBox([x - dx * scale, y - dy * scale, width, height]);
      },
      onPointerUp: () => {
        from.current = null;
      },
    },
  };
}
