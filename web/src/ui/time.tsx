import type { Evidence } from './evidence.ts';
import { EvidenceText } from './evidence-text.tsx';
import { Unknown } from './unknown.tsx';
import { t } from './words.ts';

/** UTC microseconds as '2019-01-05 08:12:40'. */
export function utc(micros: number): string {
  const date = new Date(micros / 1000);
  return Number.isNaN(date.getTime()) ? '?' : date.toISOString().slice(0, 19).replace('T', ' ');
}

interface Props {
  readonly time: number | null;
  readonly text: Evidence | null;
  readonly zone: Evidence | null;
}

/** A time in UTC, and beside it as the exhibit states it, with its zone. */
export function Time({ time, text, zone }: Props) {
  if (time === null && text === null) return <Unknown />;
  return (
    <span className="time">
      {time === null ? (
        <Unknown text={t('time.utc-not-fixed')} />
      ) : (
        <span className="utc">
          {utc(time)} <abbr title={t('time.coordinated-universal-time')}>UTC</abbr>
        </span>
      )}
      {text !== null && (
        <span className="original">
          <EvidenceText value={text} />
          {zone === null ? (
            t('time.no-zone-stated')
          ) : (
            <>
              {' '}
              {t('time.zone')} <EvidenceText value={zone} />)
            </>
          )}
        </span>
      )}
    </span>
  );
}

/** The time of a first and a last act, in UTC. */
export function Span({ first, last }: { readonly first: number | null; readonly last: number | null }) {
  if (first === null || last === null) return <Unknown text={t('time.utc-not-fixed')} />;
  return (
    <span className="time">
      <span className="utc">
        {utc(first)} <abbr title={t('time.coordinated-universal-time')}>UTC</abbr>
      </span>
      {last !== first && (
        <span className="utc">
          {t('say.to')} {utc(last)} <abbr title={t('time.coordinated-universal-time')}>UTC</abbr>
        </span>
      )}
    </span>
  );
}
