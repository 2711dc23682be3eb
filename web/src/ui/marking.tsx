import type { Answer } from '../api.ts';
import { EvidenceText } from './evidence-text.tsx';
import { t } from './words.ts';

export type Marking = NonNullable<Answer<'showStanding'>['decisions'][number]['marking']>;
type Tlp = NonNullable<Marking['tlp']>;

/** From least to most restricted. */
const order: readonly Tlp[] = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'];

/** How an act was graded and may be handled, as it was entered. */
export function MarkingOf({ marking }: { readonly marking: Marking | null }) {
  if (marking === null) return null;
  return (
    <span className="marking">
      {marking.tlp !== null && <TlpTag tlp={marking.tlp} />}
      {marking.grade !== null && (
        <span className="tag fact" title={marking.grade_words ?? marking.grade}>
          {t('marking.grade')} {marking.grade}
        </span>
      )}
      {marking.note !== null && <EvidenceText value={marking.note} />}
    </span>
  );
}

function TlpTag({ tlp }: { readonly tlp: Tlp }) {
  return <span className={`tag tlp tlp-${tlp.toLowerCase().replace('+', '-')}`}>TLP:{tlp}</span>;
}

/** The most restricted marking of what a view shows, above it. Nothing where nothing was marked. */
export function HandlingBanner({ markings }: { readonly markings: readonly (Marking | null)[] }) {
  const found = markings.flatMap((marking) => marking?.tlp ?? []);
  const most = order.findLast((tlp) => found.includes(tlp));
  if (most === undefined) return null;
  return (
    <p className="handling">
      <TlpTag tlp={most} /> {t('marking.banner', { tlp: `TLP:${most}` })}
    </p>
  );
}
