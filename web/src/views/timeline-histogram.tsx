import { type PointerEvent, useRef, useState } from 'react';
import { Drawing } from '../ui/drawing.tsx';
import { count } from '../ui/numbers.ts';
import { Rows } from '../ui/rows.tsx';
import { utc } from '../ui/time.tsx';
import { t } from '../ui/words.ts';
import { type Column, timeText } from './timeline-columns.ts';

interface Props {
  readonly columns: readonly Column[];
  /** The span that is drawn, in UTC microseconds. */
  readonly from: number;
  readonly to: number;
  /** The time of the entry that is chosen. */
  readonly chosen: number | null;
  readonly zoom: (from: number, to: number) => void;
  /** Half as high, where it is a filter and not the matter itself. */
  readonly low?: boolean;
}

const width = 1000;
const height = 110;

/**
 * Events over time. Dragging over it, or the two handles below and Enter, zoom to a span; the table says the same
 * in numbers and zooms by a press on a row's name.
 */
export function TimelineHistogram({ columns, from, to, chosen, zoom, low = false }: Props) {
  const [brush, setBrush] = useState<readonly [number, number]>();
  const dragging = useRef<number | null>(null);
  const most = Math.max(1, ...columns.map(({ events }) => events));
  const x = (time: number) => ((time - from) / (to - from)) * width;
  const timeAt = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return from + share * (to - from);
  };
  const begin = (event: PointerEvent<SVGSVGElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    dragging.current = timeAt(event);
  };
  const move = (event: PointerEvent<SVGSVGElement>) => {
    if (dragging.current === null) return;
    const at = timeAt(event);
    setBrush([Math.min(at, dragging.current), Math.max(at, dragging.current)]);
  };
  const end = () => {
    dragging.current = null;
    if (brush && x(brush[1]) - x(brush[0]) > 4) zoom(...onColumns(columns, brush));
    setBrush(undefined);
  };
  return (
    <figure className="time-histogram">
      <Drawing
        label={t('timeline-histogram.said', {
          spans: t('n.span', { n: columns.length }),
          from: utc(from),
          to: utc(to),
        })}
        box={[0, 0, width, height]}
        className={low ? 'columns-drawing low' : 'columns-drawing'}
        stretch
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={end}
      >
        {columns.map((column) => (
          <rect
            key={column.start}
            className={
              chosen !== null && chosen >= column.start && chosen < column.end ? 'column chosen' : 'column'
            }
            x={x(column.start)}
            width={Math.max(1, x(column.end) - x(column.start) - 1)}
            y={height - Math.max(1.5, (column.events / most) * height)}
            height={Math.max(1.5, (column.events / most) * height)}
          >
            <title>
              {t('timeline-histogram.column', {
                time: utc(column.start),
                events: t('n.event', { n: column.events }),
              })}
            </title>
          </rect>
        ))}
        {brush && (
          <rect className="brush" x={x(brush[0])} width={x(brush[1]) - x(brush[0])} y={0} height={height} />
        )}
      </Drawing>
      <Handles columns={columns} from={from} to={to} zoom={zoom} show={setBrush} />
      <details>
        <summary>{t('say.the-same-as-a')}</summary>
        <Rows
          caption={t('timeline-histogram.events-over-time')}
          heads={[t('timeline-histogram.from-utc'), t('say.to-2'), t('timeline-histogram.events')]}
          rows={columns}
          row={(column) => (
            <tr key={column.start}>
              <th scope="row">
                <button type="button" className="plain" onClick={() => zoom(column.start, column.end)}>
                  {utc(column.start)}
                </button>
              </th>
              <td>{utc(column.end)}</td>
              <td className="number">{count(column.events)}</td>
            </tr>
          )}
        />
      </details>
    </figure>
  );
}

/** The span that was drawn over, widened to whole columns. */
function onColumns(columns: readonly Column[], [from, to]: readonly [number, number]): [number, number] {
  const inside = columns.filter(({ start, end }) => end > from && start < to);
  return [inside[0]?.start ?? from, inside.at(-1)?.end ?? to];
}

interface HandlesProps {
  readonly columns: readonly Column[];
  readonly from: number;
  readonly to: number;
  readonly zoom: (from: number, to: number) => void;
  readonly show: (brush: readonly [number, number] | undefined) => void;
}

/** The brush by keyboard: two handles over the columns, moved by arrows, and a button. */
function Handles({ columns, from, to, zoom, show }: HandlesProps) {
  const last = Math.max(0, columns.length - 1);
  const [span, setSpan] = useState<readonly [number, number]>([0, last]);
  const [first, final] = [Math.min(span[0], last), Math.min(span[1], last)];
  const set = (a: number, b: number) => {
    setSpan([a, b]);
    const [start, end] = [columns[Math.min(a, b)], columns[Math.max(a, b)]];
    if (start && end) show([start.start, end.end]);
  };
  if (columns.length < 2) return null;
  const [start, end] = [columns[Math.min(first, final)]!, columns[Math.max(first, final)]!];
  const whole = start.start <= from && end.end >= to;
  return (
    <div className="handles">
      <label>
        {t('say.from')}{' '}
        <input
          type="range"
          min={0}
          max={last}
          value={first}
          aria-valuetext={timeText(start.start)}
          onChange={(event) => set(Number(event.target.value), final)}
          onKeyDown={(event) => event.key === 'Enter' && zoom(start.start, end.end)}
        />
      </label>
      <label>
        {t('say.to')}{' '}
        <input
          type="range"
          min={0}
          max={last}
          value={final}
          aria-valuetext={timeText(end.end)}
          onChange={(event) => set(first, Number(event.target.value))}
          onKeyDown={(event) => event.key === 'Enter' && zoom(start.start, end.end)}
        />
      </label>
      <span className="muted">
        {utc(start.start)} {t('say.to')} {utc(end.end)} UTC
      </span>
      <button
        type="button"
        className="quiet small"
        disabled={whole}
        onClick={() => {
          show(undefined);
          zoom(start.start, end.end);
        }}
      >
        {t('timeline-histogram.zoom-to-it')}
      </button>
    </div>
  );
}
