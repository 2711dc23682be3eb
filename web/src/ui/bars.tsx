import { type ReactNode, useState } from 'react';
import { count } from './numbers.ts';
import { t } from './words.ts';

export interface Bar {
  readonly key: string;
  readonly label: ReactNode;
  readonly value: number;
  /** What stands in place of the bare number, a link to what is behind it for example. */
  readonly shown?: ReactNode;
  readonly tone?: Tone;
}

/** What a bar stands for, never told by colour alone: inference is dashed, against is hatched. */
export type Tone = 'plain' | 'fact' | 'inference' | 'against';

interface BarsProps {
  readonly caption: string;
  readonly heads: readonly [string, string];
  readonly bars: readonly Bar[];
  /** The value of a full bar; the greatest of them otherwise. */
  readonly most?: number;
}

/** Bars that are a table: each with its label and its number. */
export function Bars({ caption, heads, bars, most }: BarsProps) {
  const full = most ?? Math.max(1, ...bars.map(({ value }) => value));
  return (
    <table className="bars">
      <caption className="hidden">{caption}</caption>
      <thead className="hidden">
        <tr>
          <th scope="col">{heads[0]}</th>
          <th scope="col">{heads[1]}</th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ key, label, value, shown, tone = 'plain' }) => (
          <tr key={key}>
            <th scope="row">{label}</th>
            <td>
              <BarOf value={value} most={full} tone={tone} />
              <span className="number">{shown ?? count(value)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One bar for a cell of a table that states the number beside it. */
export function BarOf({ value, most, tone = 'plain' }: { value: number; most: number; tone?: Tone }) {
  const share = most > 0 ? Math.max(0, Math.min(1, value / most)) : 0;
  return (
    <span className="track" aria-hidden="true">
      <span className={`bar ${tone}`} style={{ inlineSize: `${(share * 100).toFixed(1)}%` }} />
    </span>
  );
}

export interface Bucket {
  readonly key: string;
  /** What the bucket is called, in full. */
  readonly label: string;
  readonly value: number;
}

interface HistogramProps {
  readonly caption: string;
  readonly heads: readonly [string, string];
  readonly buckets: readonly Bucket[];
  /** Called with the key of a bucket that is chosen. */
  readonly onChoose?: (key: string) => void;
  readonly chosen?: ReadonlySet<string>;
}

/** Columns side by side, with the same as a table below. */
export function Histogram({ caption, heads, buckets, onChoose, chosen }: HistogramProps) {
  const [asTable, setAsTable] = useState(false);
  const most = Math.max(1, ...buckets.map(({ value }) => value));
  return (
    <figure className="histogram">
      <figcaption>
        {caption}{' '}
        <button type="button" className="plain" aria-expanded={asTable} onClick={() => setAsTable(!asTable)}>
          {t('common.table')}
        </button>
      </figcaption>
      <div className="columns" {...(!onChoose && { 'aria-hidden': true })}>
        {buckets.map(({ key, label, value }) => {
          const style = { blockSize: `${((value / most) * 100).toFixed(1)}%` };
          const named = `${label}: ${count(value)}`;
          return onChoose ? (
            <button
              key={key}
              type="button"
              className="column"
              title={named}
              aria-label={named}
              aria-pressed={chosen?.has(key) ?? false}
              onClick={() => onChoose(key)}
            >
              <span className="bar plain" style={style} />
            </button>
          ) : (
            <span key={key} className="column" title={named}>
              <span className="bar plain" style={style} />
            </span>
          );
        })}
      </div>
      {asTable && <Bars caption={caption} heads={heads} bars={buckets} most={most} />}
    </figure>
  );
}
