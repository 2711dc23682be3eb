import { api } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { duration } from '../ui/duration.ts';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Asked } from '../ui/page.tsx';
import { Rows } from '../ui/rows.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Span } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';

/** How far clocks of sources stand apart. Shown, so that a human can weigh it; no time is ever changed by it. */
export function ClockSkew() {
  const answer = useAnswer('clock skew', api.clockSkew);
  return (
    <Asked answer={answer} what={t('timeline-skew.the-clocks')}>
      {({ skews }) => (
        <>
          <p className="note">{t('timeline-skew.sources-that-hold-the')}</p>
          {skews.length === 0 ? (
            <Unknown text={t('timeline-skew.no-two-sources-hold')} />
          ) : (
            <Rows
              caption={t('timeline-skew.clocks-of-sources-compared')}
              heads={[
                t('say.source'),
                t('timeline-skew.compared-with'),
                t('say.by-2'),
                t('timeline-skew.difference'),
                t('timeline-skew.spread'),
                t('timeline-skew.pairs'),
                t('timeline-skew.span'),
                t('say.standing'),
                t('timeline-skew.examples'),
              ]}
              rows={skews}
              row={(skew, index) => (
                <tr key={keyOf(skew.exhibit, skew.path, skew.reference, skew.basis, index)}>
                  <th scope="row">
                    <Link
                      href={addressOf.exhibit(skew.exhibit)}
                      data-item={keyOf(skew.exhibit, skew.path, index)}
                    >
                      <EvidenceText value={skew.path} />
                    </Link>
                  </th>
                  <td>
                    <Link href={addressOf.exhibit(skew.reference)}>
                      <code>{skew.reference.slice(0, 8)}</code>
                    </Link>
                  </td>
                  <td>{skew.basis}</td>
                  <td className="inferred">
                    {skew.median_seconds === 0
                      ? t('say.none')
                      : t(skew.median_seconds > 0 ? 'timeline-skew.ahead' : 'timeline-skew.behind', {
                          time: duration(skew.median_seconds),
                        })}
                  </td>
                  <td className="number">{skew.spread_seconds} s</td>
                  <td className="number">
                    {count(skew.agreeing)} {t('say.of')} {count(skew.pairs)} {t('timeline-skew.agree')}
                  </td>
                  <td>
                    <Span first={skew.from_time} last={skew.to_time} />
                  </td>
                  <td>{skew.standing}</td>
                  <td>
                    {skew.samples.slice(0, 3).map((sample, nth) => (
                      <div key={keyOf(sample.source, nth)}>
                        <SourceLink
                          pointer={sample.source}
                          of={t('timeline-skew.the-sources-event')}
                          label={t('timeline-skew.one')}
                        />{' '}
                        <SourceLink
                          pointer={sample.reference}
                          of={t('timeline-skew.the-others-event')}
                          label={t('timeline-skew.other')}
                        />{' '}
                        <span className="number">{sample.seconds} s</span>
                      </div>
                    ))}
                  </td>
                </tr>
              )}
            />
          )}
        </>
      )}
    </Asked>
  );
}
