import { changeParts } from '../parts.ts';
import { count } from './numbers.ts';

interface Props {
  readonly offset: number;
  readonly limit: number;
  readonly more: boolean;
  /** What the pages are of. */
  readonly what: string;
}

/** To the page before and after, by the part `offset` of the address. */
export function Turning({ offset, limit, more, what }: Props) {
  if (offset === 0 && !more) return null;
  const turn = (to: number) => {
    changeParts({ offset: to === 0 ? null : to }, 'push');
    document.querySelector<HTMLElement>('main h1')?.focus();
  };
  return (
    <nav className="pages" aria-label={`Pages of ${what}`}>
      <button
        type="button"
        className="quiet"
        disabled={offset === 0}
        onClick={() => turn(Math.max(0, offset - limit))}
      >
        Earlier in the list
      </button>
      <button type="button" className="quiet" disabled={!more} onClick={() => turn(offset + limit)}>
        From {count(offset + limit + 1)} on
      </button>
    </nav>
  );
}
