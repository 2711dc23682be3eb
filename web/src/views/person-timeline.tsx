import { type Answer, api } from '../api.ts';
import { hrefOf } from '../parts.ts';
import { Link } from '../router.tsx';
import { Histogram } from '../ui/bars.tsx';
import { Asked } from '../ui/page.tsx';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Span } from '../ui/time.tsx';
import { useAnswer } from '../use-answer.ts';
import { percent } from './places.tsx';
import { TimelineEntries } from './timeline-entries.tsx';
import './footprint.css';
import { t } from '../ui/words.ts';

type Habits = Answer<'showHabits'>;
const first = 30;

/** The first events of a person, the habits of their hours, and the way to the whole timeline. */
export function PersonTimeline({ person }: { readonly person: string }) {
  const timeline = useAnswer(`timeline of ${person}`, () => api.timeline({ persons: person, limit: first }));
  const habits = useAnswer(`habits of ${person}`, () => api.habits(person));
  return (
    <Section id="timeline" title={t('say.timeline')}>
      <Asked answer={habits} what={t('person-timeline.habits')}>
        {(value) => <Hours habits={value} />}
      </Asked>
      <Asked answer={timeline} what={t('say.events')}>
        {({ entries, untimed, next }) => (
          <>
            <p className="note">
              {next === null ? t('person-timeline.all-events') : t('person-timeline.first', { n: first })}{' '}
              {t('person-timeline.with-a-known-time')} {t('n.event', { n: untimed })}{' '}
              {t('person-timeline.without-one')}{' '}
              <Link href={hrefOf('/timeline', { persons: person })}>
                {t('person-timeline.the-whole-timeline')}
              </Link>
            </p>
            {entries.length > 0 && <TimelineEntries entries={entries} />}
          </>
        )}
      </Asked>
    </Section>
  );
}

function Hours({ habits }: { readonly habits: Habits }) {
  if (habits.events === 0) return null;
  const name = (hour: number) => `${String(hour).padStart(2, '0')}:00 UTC`;
  return (
    <>
      <Histogram
        caption={t('person-timeline.own-acts', {
          acts: t('n.act', { n: habits.events }),
          days: t('n.day', { n: habits.days }),
        })}
        heads={[t('person-timeline.hour'), t('say.acts')]}
        buckets={habits.hours.map((value, hour) => ({ key: String(hour), label: name(hour), value }))}
      />
      <p className="note">
        {habits.verdict === 'cannot tell'
          ? t('person-timeline.what-clock-the-person')
          : t('person-timeline.a-clock-that-fits')}
        : {habits.why} {t('person-timeline.evidence-not-fact')}
      </p>
      {habits.candidates.length > 0 && (
        <details>
          <summary>{t('person-timeline.clocks-that-would-fit')}</summary>
          <Rows
            caption={t('person-timeline.clocks-that-would-fit')}
            heads={[
              t('person-timeline.offset-from-utc-in'),
              t('person-timeline.rule-for-summer'),
              t('person-timeline.share'),
            ]}
            rows={habits.candidates}
            row={(candidate) => (
              <tr key={`${candidate.offset_minutes} ${candidate.rules}`}>
                <th scope="row">{offsetText(candidate.offset_minutes)}</th>
                <td>{candidate.rules}</td>
                <td className="number inferred">{percent(candidate.share)}</td>
              </tr>
            )}
          />
        </details>
      )}
      {habits.longest_gaps.length > 0 && (
        <details>
          <summary>{t('person-timeline.longest-silences')}</summary>
          <Rows
            caption={t('person-timeline.longest-silences')}
            heads={[
              t('person-timeline.from-and-to'),
              t('person-timeline.days'),
              t('person-timeline.before'),
              t('person-timeline.after'),
            ]}
            rows={habits.longest_gaps}
            row={(gap, index) => (
              <tr key={index}>
                <td>
                  <Span first={gap.from_time} last={gap.to_time} />
                </td>
                <td className="number">{Math.round(gap.days)}</td>
                <td>
                  <SourceLink pointer={gap.before} of={t('person-timeline.the-last-act-before')} />
                </td>
                <td>
                  <SourceLink pointer={gap.after} of={t('person-timeline.the-first-act-after')} />
                </td>
              </tr>
            )}
          />
        </details>
      )}
    </>
  );
}

function offsetText(minutes: number): string {
  const whole = Math.abs(minutes);
  return `${minutes < 0 ? '−' : '+'}${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
}
