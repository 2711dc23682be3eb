import {
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useCommands } from '../commands.ts';
import { t } from './words.ts';

export interface Column<T> {
  readonly name: string;
  /** What stands above it; empty for a column that needs no words. */
  readonly head: string;
  readonly cell: (row: T, index: number) => ReactNode;
  /** Names the row for those who hear the page. One column should. */
  readonly names?: boolean;
  readonly className?: string;
}

interface Props<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  /** Rows in all, drawn or not. */
  readonly total: number;
  /** Undefined while a row is on its way. */
  readonly rowAt: (index: number) => T | undefined;
  /** Told which rows are in sight, to fetch them. */
  readonly onSight?: (from: number, to: number) => void;
  readonly keyOf: (row: T) => string;
  /** Pixels of every row; what is higher is cut, so that ten thousand rows are as quick as ten. */
  readonly rowHeight: number;
  /** The row that keys act on; -1 for none yet. */
  readonly current: number;
  readonly onCurrent: (index: number) => void;
  /** Rows that are selected, by key, and how to change that: `x` and a box in front of each row. */
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (key: string, row: T) => void;
  /** False where other lists of the view have j and k. */
  readonly keys?: boolean;
  readonly className?: string;
}

/** Rows drawn above and below those in sight. */
const spare = 8;

/**
 * A table of any length: only the rows in sight are drawn. j and k move, Enter opens the row's first link, x
 * selects. It is a table to those who hear it, with the number of all rows and of each.
 */
export function Table<T>(props: Props<T>) {
  const { caption, columns, total, rowAt, onSight, keyOf: idOf, rowHeight, current, onCurrent } = props;
  const { selected, onSelect, keys = true, className = '' } = props;
  const box = useRef<HTMLDivElement>(null);
  const { from, to, onScroll } = useWindow(box, total, rowHeight);
  /** The row to focus once it is drawn. */
  const wanted = useRef(current);
  useEffect(() => onSight?.(from, to), [onSight, from, to]);
  const show = useCallback(
    (index: number) => {
      const element = box.current;
      if (!element) return;
      const [top, bottom] = [index * rowHeight, (index + 1) * rowHeight];
      const height = element.clientHeight - headHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (bottom > element.scrollTop + height) element.scrollTop = bottom - height;
    },
    [rowHeight],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, where the address says
  useLayoutEffect(() => {
    if (current > 0 && box.current) box.current.scrollTop = Math.max(0, (current - 2) * rowHeight);
  }, []);
  useEffect(() => {
    if (wanted.current < 0) return;
    const row = box.current?.querySelector<HTMLElement>(`[aria-rowindex="${wanted.current + 2}"]`);
    const target = row?.querySelector<HTMLElement>('[data-item]');
    if (!target) return;
    wanted.current = -1;
    target.focus({ preventScroll: true });
  });
  const move = (step: 1 | -1) => {
    if (total === 0) return;
    const next = current < 0 ? 0 : Math.min(total - 1, Math.max(0, current + step));
    wanted.current = next;
    show(next);
    onCurrent(next);
  };
  const chosen = current < 0 ? undefined : rowAt(current);
  useCommands(
    keys
      ? [
          { id: 'next', label: t('keys.next'), key: 'j', act: () => move(1), listed: false },
          { id: 'previous', label: t('keys.next'), key: 'k', act: () => move(-1), listed: false },
          ...(onSelect
            ? [
                {
                  id: 'select',
                  label: t('keys.select'),
                  key: 'x',
                  act: () => chosen !== undefined && onSelect(idOf(chosen), chosen),
                },
              ]
            : []),
        ]
      : [],
  );
  const drawn = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  const span = columns.length + (onSelect ? 1 : 0);
  return (
    <div className={`scroll windowed ${className}`} ref={box} onScroll={onScroll} data-keeps-place>
      <table className={className} aria-rowcount={total + 1}>
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr aria-rowindex={1}>
            {onSelect && (
              <td>
                <span className="hidden">{t('keys.select')}</span>
              </td>
            )}
            {columns.map(({ name, head, className: of }) => (
              <th key={name} scope="col" className={of}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {from > 0 && <Gap rows={from} rowHeight={rowHeight} span={span} />}
          {drawn.map((index) => {
            const row = rowAt(index);
            return (
              <tr
                key={row === undefined ? `row ${index}` : idOf(row)}
                aria-rowindex={index + 2}
                style={{ height: rowHeight }}
                className={index === current ? 'current' : ''}
                onFocus={() => index !== current && onCurrent(index)}
                onClick={() => index !== current && onCurrent(index)}
              >
                {row === undefined ? (
                  <td colSpan={span} className="muted">
                    {t('common.loading')}
                  </td>
                ) : (
                  <Cells {...props} row={row} index={index} />
                )}
              </tr>
            );
          })}
          {to < total && <Gap rows={total - to} rowHeight={rowHeight} span={span} />}
        </tbody>
      </table>
      {selected && selected.size > 0 && (
        <span className="hidden">{t('common.selected', { n: selected.size })}</span>
      )}
    </div>
  );
}

type CellsProps<T> = Pick<Props<T>, 'columns' | 'keyOf' | 'rowHeight' | 'selected' | 'onSelect'> & {
  readonly row: T;
  readonly index: number;
};

function Cells<T>({ columns, keyOf: idOf, rowHeight, selected, onSelect, row, index }: CellsProps<T>) {
  const style = { maxHeight: rowHeight - cellPadding };
  return (
    <>
      {onSelect && (
        <td className="select">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={t('keys.select')}
            checked={selected?.has(idOf(row)) ?? false}
            onChange={() => onSelect(idOf(row), row)}
          />
        </td>
      )}
      {columns.map(({ name, cell, names, className }) => {
        const Cell = names ? 'th' : 'td';
        return (
          <Cell key={name} className={className} {...(names && { scope: 'row' })}>
            <div className="cell" style={style}>
              {cell(row, index)}
            </div>
          </Cell>
        );
      })}
    </>
  );
}

/** The room of rows that are not drawn. */
function Gap({ rows, rowHeight, span }: { rows: number; rowHeight: number; span: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row is no stop of the keyboard
    <tr className="gap" aria-hidden="true" style={{ height: rows * rowHeight }}>
      <td colSpan={span} />
    </tr>
  );
}

/** Pixels of the heading, and above and below the content of a cell; as in the style sheet. */
const headHeight = 30;
const cellPadding = 9;

function useWindow(box: RefObject<HTMLDivElement | null>, total: number, rowHeight: number) {
  const [seen, setSeen] = useState({ top: 0, height: 800 });
  const measure = useCallback(() => {
    const element = box.current;
    if (!element) return;
    const top = Math.floor(element.scrollTop / rowHeight);
    const height = element.clientHeight;
    setSeen((last) => (last.top === top && last.height === height ? last : { top, height }));
  }, [box, rowHeight]);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, measure]);
  const from = Math.max(0, Math.min(seen.top - spare, total - 1));
  const to = Math.min(total, seen.top + Math.ceil(seen.height / rowHeight) + spare);
  return { from, to, onScroll: measure };
}
