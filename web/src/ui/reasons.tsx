import type { Answer } from '../api.ts';
import { keyOf } from './evidence.ts';
import { EvidenceText } from './evidence-text.tsx';
import { SourceLink, SourceLinks } from './source-link.tsx';
import { Unknown } from './unknown.tsx';
import { t } from './words.ts';

export type Reason = Answer<'showQueue'>['queue'][number]['reasons'][number];

/** A listed file is cited by the record of the act, the stored bytes where there are any, and the list. */
function labelsOf({ indicator, morePointers }: Reason): readonly string[] {
  if (indicator !== 'listed file') return [];
  return morePointers.length > 1 ? ['source', 'stored file', 'list entry'] : ['source', 'list entry'];
}

interface Props {
  readonly reasons: readonly Reason[];
  /** Whether j and k stop at the sources. */
  readonly items?: boolean;
}

/** Reasons for looking first: facts, each with its place. */
export function ReasonsFor({ reasons, items = false }: Props) {
  return (
    <ul className="reasons">
      {reasons.map((reason, index) => (
        <li key={keyOf(reason.pointer, index)}>
          <span className="tag fact">{reason.indicator}</span> <EvidenceText value={reason.text} />{' '}
          <SourceLinks
            pointers={[reason.pointer, ...reason.morePointers]}
            of={reason.indicator}
            labels={labelsOf(reason)}
            items={items}
          />
        </li>
      ))}
    </ul>
  );
}

/** What speaks against them. That nothing is known is not that nothing exists. */
export function ReasonsAgainst({ reasons, items = false }: Props) {
  const against = reasons.flatMap((reason) => (reason.against ? [{ reason, against: reason.against }] : []));
  if (against.length === 0) return <Unknown text={t('say.none-known')} />;
  return (
    <ul className="reasons">
      {against.map(({ reason, against: { text, pointer } }, index) => (
        <li key={keyOf(pointer, index)}>
          <span className="tag against">
            {t('reasons.against')} {reason.indicator}
          </span>{' '}
          <EvidenceText value={text} />{' '}
          <SourceLink
            pointer={pointer}
            of={t('say.speaks-against', { what: reason.indicator })}
            item={items}
          />
        </li>
      ))}
    </ul>
  );
}

export function Band({ band }: { readonly band: string }) {
  return (
    <span className={`band band-${band.toLowerCase()}`}>
      <span className="hidden">{t('reasons.band')} </span>
      {band}
    </span>
  );
}
