import { changeParts } from '../parts.ts';
import { count } from './numbers.ts';
import { t } from './words.ts';

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
    <nav className="pages" aria-label={t('say.pages-of', { what })}>
      <button
        type="button"
        className="quiet"
        disabled={offset === 0}
        onClick={() => turn(Math.max(0, offset - limit))}
      >
        {t('turning.earlier-in-the-list')}
      </button>
      <button type="button" className="quiet" disabled={!more} onClick={() => turn(offset + limit)}>
        {t('say.from')} {count(offset + limit + 1)} {t('say.on')}
      </button>
    </nav>
  );
}
