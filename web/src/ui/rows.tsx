import { type ReactNode, useState } from 'react';
import { t } from './words.ts';

interface Props<T> {
  readonly caption: string;
  readonly heads: readonly string[];
  readonly rows: readonly T[];
  readonly row: (item: T, index: number) => ReactNode;
  /** Rows shown before "show all" is pressed. */
  readonly first?: number;
  /** For tables without links: what scrolls on a narrow screen must be reachable by keyboard. */
  readonly reachable?: boolean;
}

/** A table that starts short and says how much more there is. */
export function Rows<T>({ caption, heads, rows, row, first = 50, reachable = false }: Props<T>) {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, first);
  return (
    <>
      <div className="scroll" {...(reachable && { tabIndex: 0, role: 'group', 'aria-label': caption })}>
        <table>
          <caption className="hidden">{caption}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{shown.map(row)}</tbody>
        </table>
      </div>
      {shown.length < rows.length && (
        <button type="button" className="quiet" onClick={() => setAll(true)}>
          {t('common.show-all', { n: rows.length })}
        </button>
      )}
    </>
  );
}
