import { type Answer, api } from '../api.ts';
import { hrefOf } from '../parts.ts';
import { Link } from '../router.tsx';
import { Histogram } from '../ui/bars.tsx';
import { counted } from '../ui/numbers.ts';
import { Asked } from '../ui/page.tsx';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Span } from '../ui/time.tsx';
import { useAnswer } from '../use-answer.ts';
import { percent } from './places.tsx';
import { TimelineEntries } from './timeline-entries.tsx';
import './footprint.css';

type Habits = Answer<'showHabits'>;
const first = 30;

/** The first events of a person, the habits of their hours, and the way to the whole timeline. */
export function PersonTimeline({ person }: { readonly person: string }) {
  const timeline = useAnswer(`timeline of ${person}`, () => api.timeline({ persons: person, limit: first }));
  const habits = useAnswer(`habits of ${person}`, () => api.habits(person));
  return (
    <Section id="timeline" title="Timeline">
      <Asked answer={habits} what="habits">
        {(value) => <Hours habits={value} />}
      </Asked>
      <Asked answer={timeline} what="events">
        {({ entries, untimed, next }) => (
          <>
            <p className="note">
              {next === null ? 'All events' : `The first ${first} events`} with a known time;{' '}
              {counted(untimed, 'event')} without one.{' '}
              <Link href={hrefOf('/timeline', { persons: person })}>The whole timeline</Link>
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
        caption={`Own acts by hour of the day, in UTC (${counted(habits.events, 'act')} on ${counted(habits.days, 'day')})`}
        heads={['Hour', 'Acts']}
        buckets={habits.hours.map((value, hour) => ({ key: String(hour), label: name(hour), value }))}
      />
      <p className="note">
        {habits.verdict === 'cannot tell'
          ? 'What clock the person lives by cannot be told'
          : 'A clock that fits'}
        : {habits.why} Evidence, not fact.
      </p>
      {habits.candidates.length > 0 && (
        <details>
          <summary>Clocks that would fit</summary>
          <Rows
            caption="Clocks that would fit"
            heads={['Offset from UTC in winter', 'Rule for summer', 'Share']}
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
          <summary>Longest silences</summary>
          <Rows
            caption="Longest silences"
            heads={['From and to', 'Days', 'Before', 'After']}
            rows={habits.longest_gaps}
            row={(gap, index) => (
              <tr key={index}>
                <td>
                  <Span first={gap.from_time} last={gap.to_time} />
                </td>
                <td className="number">{Math.round(gap.days)}</td>
                <td>
                  <SourceLink pointer={gap.before} of="the last act before" />
                </td>
                <td>
                  <SourceLink pointer={gap.after} of="the first act after" />
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
