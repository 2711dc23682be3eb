import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import type Sigma from 'sigma';
import { changeParts } from '../parts.ts';
import { t } from '../ui/words.ts';
import {
  type Camera,
  firstCamera,
  margin,
  moved,
  nodeAt,
  type Overview,
  openSurface,
} from './network-surface.ts';

interface Props {
  readonly overview: Overview;
  readonly picked: number;
  readonly pick: (index: number | null) => void;
  readonly byCommunity: boolean;
}

/** Milliseconds without movement after which the picture is drawn anew. */
const restMs = 160;

/** The camera that the address names. */
function cameraIn(): Camera {
  const [x, y, ratio] = (new URLSearchParams(location.search).get('camera') ?? '').split(',').map(Number);
  const fits =
    [x, y, ratio].every((value) => value !== undefined && Number.isFinite(value)) && ratio! > 0.0001;
  return fits ? { x: x!, y: y!, ratio: ratio! } : firstCamera;
}

/** The whole network as a picture that follows the hand at once, and is drawn anew when the hand rests. */
export function NetworkMoving({ overview, picked, pick, byCommunity }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const ring = useRef<HTMLDivElement>(null);
  const surface = useRef<Sigma | null>(null);
  const shift = useRef({ dx: 0, dy: 0, scale: 1, timer: 0 });
  const drag = useRef<{ x: number; y: number; far: boolean } | null>(null);
  const [impossible, setImpossible] = useState(false);
  const at = useRef(picked);
  at.current = picked;

  useEffect(() => {
    const element = layer.current!.firstElementChild as HTMLElement;
    let opened: Sigma;
    try {
      opened = openSurface(element, overview, { camera: cameraIn(), byCommunity });
    } catch {
      setImpossible(true);
      return;
    }
    surface.current = opened;
    const settle = () => {
      shift.current = { ...shift.current, dx: 0, dy: 0, scale: 1 };
      layer.current!.style.transform = '';
      placeRing(opened, overview, at.current, ring.current);
    };
    opened.on('afterRender', settle);
    const resize = new ResizeObserver(() => opened.refresh({ skipIndexation: true }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      clearTimeout(shift.current.timer);
      opened.kill();
      surface.current = null;
    };
  }, [overview, byCommunity]);

  useEffect(() => {
    if (surface.current) placeRing(surface.current, overview, picked, ring.current);
  }, [overview, picked]);

  const rest = () => {
    const { dx, dy, scale } = shift.current;
    if (!surface.current || (dx === 0 && dy === 0 && scale === 1)) return;
    const camera = moved(surface.current, dx, dy, scale);
    surface.current.getCamera().setState({ ...camera, angle: 0 });
    changeParts({ camera: [camera.x, camera.y, camera.ratio].map((value) => value.toFixed(5)).join(',') });
  };
  /** Moves the picture that is there; it is drawn anew after a rest. */
  const carry = (dx: number, dy: number, scale: number, held: boolean) => {
    const now = shift.current;
    clearTimeout(now.timer);
    shift.current = { dx, dy, scale, timer: held ? 0 : window.setTimeout(rest, restMs) };
    layer.current!.style.transform = `translate(${dx}px, ${dy}px) scale(${scale})`;
  };
  const zoom = (by: number, x = 0, y = 0) => {
    const { dx, dy, scale } = shift.current;
    const next = Math.min(8, Math.max(0.125, scale * by));
    const share = next / scale;
    carry(x + (dx - x) * share, y + (dy - y) * share, next, false);
  };
  const zoomRef = useRef(zoom);
  zoomRef.current = zoom;
  useEffect(() => {
    const element = frame.current!;
    const turn = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const from = [
        event.clientX - box.left - box.width / 2,
        event.clientY - box.top - box.height / 2,
      ] as const;
      zoomRef.current(event.deltaY > 0 ? 0.87 : 1.15, ...from);
    };
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, []);

  const down = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX - shift.current.dx, y: event.clientY - shift.current.dy, far: false };
    clearTimeout(shift.current.timer);
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const from = drag.current;
    if (from === null) return;
    const { dx, dy, scale } = shift.current;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.far && Math.hypot(x - dx, y - dy) < 4) return;
    from.far = true;
    carry(x, y, scale, true);
  };
  const up = (event: PointerEvent<HTMLDivElement>) => {
    const far = drag.current?.far ?? false;
    drag.current = null;
    if (far) return rest();
    const opened = surface.current;
    if (!opened) return;
    const box = layer.current!.getBoundingClientRect();
    pick(nodeAt(opened, overview, event.clientX - box.left, event.clientY - box.top));
  };
  const press = (event: KeyboardEvent) => {
    const { dx, dy, scale } = shift.current;
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [60, 0],
      ArrowRight: [-60, 0],
      ArrowUp: [0, 60],
      ArrowDown: [0, -60],
    };
    const step = steps[event.key];
    if (step) carry(dx + step[0], dy + step[1], scale, false);
    else if (event.key === '+' || event.key === '=') zoom(1.3);
    else if (event.key === '-') zoom(0.77);
    else if (event.key === '0') home();
    else return;
    event.preventDefault();
  };
  const home = () => {
    surface.current?.getCamera().setState({ ...firstCamera, angle: 0 });
    changeParts({ camera: null });
  };
  if (impossible) {
    return <p className="empty">{t('network-moving.this-browser-cannot-draw')}</p>;
  }
  return (
    <div className="network-drawing">
      <fieldset className="tools" aria-label={t('say.drawing')}>
        <button type="button" className="quiet small" onClick={() => zoom(1.3)}>
          {t('say.closer')}
        </button>
        <button type="button" className="quiet small" onClick={() => zoom(0.77)}>
          {t('say.farther')}
        </button>
        <button type="button" className="quiet small" onClick={home}>
          {t('say.all-of-it')}
        </button>
      </fieldset>
      <div
        ref={frame}
        className="window"
        role="img"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move it, so it must be reachable by keyboard
        tabIndex={0}
        aria-label={t('network-moving.the-whole-network-as')}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onKeyDown={press}
      >
        <div ref={layer} className="moved" style={{ inset: `${-margin * 100}%` }}>
          <div className="surface" />
          <div ref={ring} className="ring" />
        </div>
      </div>
    </div>
  );
}

/** Puts the ring around the picked node, or takes it away. */
function placeRing(surface: Sigma, { nodes }: Overview, index: number, ring: HTMLElement | null): void {
  if (!ring) return;
  const shown = index >= 0;
  ring.hidden = !shown;
  if (!shown) return;
  const at = surface.graphToViewport({ x: nodes.x[index]!, y: nodes.y[index]! });
  ring.style.transform = `translate(${at.x}px, ${at.y}px)`;
}
