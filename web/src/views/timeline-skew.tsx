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
import { useAnswer } from '../use-answer.ts';

/** How far clocks of sources stand apart. Shown, so that a human can weigh it; no time is ever changed by it. */
export function ClockSkew() {
  const answer = useAnswer('clock skew', api.clockSkew);
  return (
    <Asked answer={answer} what="the clocks">
      {({ skews }) => (
        <>
          <p className="note">
            Sources that hold the same event, compared. Shown, never applied: every time stands as its source
            has it.
          </p>
          {skews.length === 0 ? (
            <Unknown text="no two sources hold the same event" />
          ) : (
            <Rows
              caption="Clocks of sources compared"
              heads={[
                'Source',
                'Compared with',
                'By',
                'Difference',
                'Spread',
                'Pairs',
                'Span',
                'Standing',
                'Examples',
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
                      ? 'none'
                      : `${duration(skew.median_seconds)} ${skew.median_seconds > 0 ? 'ahead' : 'behind'}`}
                  </td>
                  <td className="number">{skew.spread_seconds} s</td>
                  <td className="number">
                    {count(skew.agreeing)} of {count(skew.pairs)} agree
                  </td>
                  <td>
                    <Span first={skew.from_time} last={skew.to_time} />
                  </td>
                  <td>{skew.standing}</td>
                  <td>
                    {skew.samples.slice(0, 3).map((sample, nth) => (
                      <div key={keyOf(sample.source, nth)}>
                        <SourceLink pointer={sample.source} of="the source's event" label="one" />{' '}
                        <SourceLink pointer={sample.reference} of="the other's event" label="other" />{' '}
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
