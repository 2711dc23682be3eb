import { type Answer, api } from '../api.ts';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Asked } from '../ui/page.tsx';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLinks } from '../ui/source-link.tsx';
import { Span } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { useAnswer } from '../use-answer.ts';
import { percent } from './places.tsx';
import './footprint.css';
import { t } from '../ui/words.ts';

type Place = Answer<'showPlace'>;
type Reason = Place['evidence'][number];

/** Where a person likely is, with the other possibilities and what speaks for and against each. */
export function PersonPlace({ person }: { readonly person: string }) {
  const answer = useAnswer(`place of ${person}`, () => api.place(person));
  return (
    <Section id="place" title={t('say.place')} note={t('person-place.inference-from-evidence-never')}>
      <Asked answer={answer} what={t('person-place.the-place')}>
        {(place) => (
          <>
            <p>
              {place.standing === 'likely' && place.candidates[0] ? (
                <>
                  <span className="tag inference">{t('say.likely')}</span>{' '}
                  <strong>{place.candidates[0].name}</strong>.{' '}
                </>
              ) : (
                <>
                  <Unknown text={t('say.not-known')} />.{' '}
                </>
              )}
              {place.why}
            </p>
            <ol className="stories">
              {place.candidates.map((candidate) => (
                <li key={candidate.country}>
                  <p className="told">
                    <strong>
                      {candidate.standing}. {candidate.name}
                    </strong>{' '}
                    <span className="inferred">
                      {percent(candidate.share)} {t('person-place.of-what-is-known')}{' '}
                      {candidate.score.toFixed(1)}
                    </span>
                  </p>
                  <div className="for-against">
                    <Reasons title={t('say.for')} reasons={candidate.for} />
                    <Reasons title={t('say.against')} reasons={candidate.against} against />
                  </div>
                </li>
              ))}
            </ol>
            <All place={place} />
          </>
        )}
      </Asked>
    </Section>
  );
}

interface ReasonsProps {
  readonly title: string;
  readonly reasons: readonly Reason[];
  readonly against?: boolean;
}

function Reasons({ title, reasons, against = false }: ReasonsProps) {
  return (
    <div>
      <p className="side">{title}</p>
      {reasons.length === 0 ? (
        <Unknown text={t('say.none-known')} />
      ) : (
        <ul className="reasons">
          {reasons.map((reason, index) => (
            <li key={keyOf(reason.kind, index)}>
              <span className={against ? 'tag against' : 'tag fact'}>
                {against && t('say.against-2')}
                {reason.kind}
              </span>{' '}
              <EvidenceText value={reason.text} /> <span className="muted">({reason.score.toFixed(1)})</span>{' '}
              <SourceLinks pointers={reason.pointers} of={reason.kind} />
              {reason.against.map((text, nth) => (
                <div key={keyOf(text, nth)} className="muted">
                  {t('person-place.against-this')} <EvidenceText value={text} />
                </div>
              ))}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function All({ place }: { readonly place: Place }) {
  if (place.evidence.length === 0) return null;
  return (
    <details>
      <summary>
        {t('person-place.all-evidence-of-place')}{' '}
        <span className="count">{count(place.evidence.length)}</span>
        {t('person-place.also-what-counts-nothing')}
      </summary>
      <Rows
        caption={t('person-place.all-evidence-of-place')}
        heads={[
          t('say.kind'),
          t('say.country'),
          t('person-place.what-it-says'),
          t('say.score'),
          t('say.account'),
          t('person-place.against-it'),
          t('say.first-and-last'),
          t('say.source'),
        ]}
        rows={place.evidence}
        row={(reason, index) => (
          <tr key={keyOf(reason.kind, index)}>
            <th scope="row">{reason.kind}</th>
            <td>{reason.country ?? <Unknown text={t('say.none')} />}</td>
            <td className="wide">
              <EvidenceText value={reason.text} />
            </td>
            <td className="number">{reason.score.toFixed(1)}</td>
            <td>
              <EvidenceText value={reason.account} />
            </td>
            <td>
              {reason.against.length === 0 ? (
                <Unknown text={t('say.none-known')} />
              ) : (
                reason.against.map((text, nth) => (
                  <div key={keyOf(text, nth)}>
                    <EvidenceText value={text} />
                  </div>
                ))
              )}
            </td>
            <td>
              <Span first={reason.first_time} last={reason.last_time} />
            </td>
            <td>
              <SourceLinks pointers={reason.pointers} of={reason.kind} items />
            </td>
          </tr>
        )}
      />
      {place.left_out > 0 && (
        <p className="note">
          {count(place.left_out)} {t('person-place.further-pieces-are-left')}
        </p>
      )}
    </details>
  );
}
