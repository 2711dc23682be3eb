import { type FormEvent, useState } from 'react';
import { type Answer, api } from '../api.ts';
import { changeParts, hrefOf, listIn, numberIn, toggled, useParts } from '../parts.ts';
import { Link } from '../router.tsx';
import { asEvidence, type Evidence, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count, counted } from '../ui/numbers.ts';
import { Asked, Page } from '../ui/page.tsx';
import { PersonChips } from '../ui/person-chips.tsx';
import { Turning } from '../ui/turning.tsx';
import { useAnswer } from '../use-answer.ts';
import { type Counts, columnsOf, type Step, stepFor, steps, timeOf, timeText } from './timeline-columns.ts';
import { TimelineEntries } from './timeline-entries.tsx';
import { TimelineHistogram } from './timeline-histogram.tsx';
import { ClockSkew } from './timeline-skew.tsx';
import './footprint.css';

type Timeline = Answer<'showTimeline'>;

const limit = 100;
const tabs = [
  ['', 'In order of time'],
  ['untimed', 'Without a time'],
  ['clocks', 'Clocks'],
] as const;

/** What happened when, by persons, kinds and sources; all of it in the address. */
export function TimelinePage() {
  const parts = useParts();
  const tab = parts.get('tab') ?? '';
  const keep = Object.fromEntries(
    ['persons', 'kinds', 'exhibit', 'from', 'to'].map((name) => [name, parts.get(name)]),
  );
  return (
    <Page
      title="Timeline"
      lead={<p className="muted">Times in UTC, beside each as its source states it. Text stays closed.</p>}
    >
      <PersonChips
        label="Add a person"
        persons={listIn(parts, 'persons')}
        change={(persons) =>
          changeParts({ persons: persons.join(','), pages: null, at: null, who: null, time: null }, 'push')
        }
      />
      <nav className="tabs" aria-label="Parts of the timeline">
        {tabs.map(([name, label]) => (
          <Link
            key={name}
            href={hrefOf('/timeline', { ...keep, tab: name })}
            {...(name === tab && { 'aria-current': 'page' as const })}
          >
            {label}
          </Link>
        ))}
      </nav>
      {tab === 'clocks' ? <ClockSkew /> : tab === 'untimed' ? <UntimedPart /> : <Timed />}
    </Page>
  );
}

function Timed() {
  const parts = useParts();
  const persons = parts.get('persons') ?? '';
  const exhibit = parts.get('exhibit') ?? '';
  const [from, to] = [parts.get('from') ?? '', parts.get('to') ?? ''];
  // The whole span first, coarse: from it the step is chosen and the bounds of the drawing are known.
  const whole = useAnswer(`span ${persons} ${exhibit} ${from} ${to}`, () =>
    api.histogram({ persons, exhibit, from, to, by: 'month', split: 'kind' }),
  );
  return (
    <Asked answer={whole} what="the timeline">
      {(coarse) =>
        coarse.first_time === null || coarse.last_time === null ? (
          <>
            <Span coarse={coarse} />
            <p className="empty">
              Nothing with a known time under these filters. {counted(coarse.untimed, 'event')} without a
              time.
            </p>
          </>
        ) : (
          <Drawn coarse={coarse} first={coarse.first_time} last={coarse.last_time} />
        )
      }
    </Asked>
  );
}

interface DrawnProps {
  readonly coarse: Counts;
  readonly first: number;
  readonly last: number;
}

function Drawn({ coarse, first, last }: DrawnProps) {
  const parts = useParts();
  const persons = parts.get('persons') ?? '';
  const exhibit = parts.get('exhibit') ?? '';
  const [from, to] = [parts.get('from') ?? '', parts.get('to') ?? ''];
  const kinds = listIn(parts, 'kinds');
  const [start, end] = [timeOf(from) ?? first, timeOf(to) ?? last + 1];
  const asked = steps.find((step) => step === parts.get('by'));
  const step: Step = asked ?? stepFor(start, end);
  const answer = useAnswer(
    `histogram ${persons} ${exhibit} ${from} ${to} ${step}`,
    () => api.histogram({ persons, exhibit, from, to, by: step, split: 'kind' }),
    { keep: true },
  );
  const time = parts.get('time') ?? '';
  const zoom = (a: number, b: number) =>
    changeParts({ from: timeText(a), to: timeText(b), by: null, pages: null }, 'push');
  return (
    <>
      <KindChips counts={coarse} kinds={kinds} />
      <SourceChips />
      <Span coarse={coarse} step={step} />
      <Asked answer={answer} what="the histogram">
        {(counts) => {
          const columns = columnsOf(
            counts,
            step,
            (name) => kinds.length === 0 || kinds.some((kind) => asEvidence(kind) === name),
          );
          const low = Math.min(start, columns[0]?.start ?? start);
          return (
            <>
              <TimelineHistogram
                key={`${low} ${step} ${columns.length}`}
                columns={columns}
                from={low}
                to={Math.max(columns.at(-1)?.end ?? end, low + 1)}
                chosen={time === '' ? null : Number(time)}
                zoom={zoom}
              />
              {counts.left_out > 0 && (
                <p className="note">
                  {counted(counts.left_out, 'column')} are left out: choose a longer step.
                </p>
              )}
            </>
          );
        }}
      </Asked>
      <List persons={persons} exhibit={exhibit} from={from} to={to} kinds={kinds.join(',')} />
    </>
  );
}

/** Which span is shown; it can be typed, and left. */
function Span({ coarse, step }: { readonly coarse: Counts; readonly step?: Step }) {
  const parts = useParts();
  const [from, to] = [parts.get('from') ?? '', parts.get('to') ?? ''];
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const [a, b] = [String(given.get('from') ?? '').trim(), String(given.get('to') ?? '').trim()];
    const fits = [a, b].every((text) => text === '' || timeOf(text) !== null);
    setWrong(!fits);
    if (fits) changeParts({ from: a, to: b, pages: null }, 'push');
  };
  return (
    <form className="span" onSubmit={submit} key={`${from} ${to}`}>
      <label>
        From <input type="text" name="from" defaultValue={from} placeholder="2019-01-06" size={20} />
      </label>
      <label>
        to <input type="text" name="to" defaultValue={to} placeholder="2019-02-01T08:00:00Z" size={20} />
      </label>
      <button type="submit" className="quiet small">
        Show the span
      </button>
      {(from !== '' || to !== '') && (
        <button
          type="button"
          className="quiet small"
          onClick={() => changeParts({ from: null, to: null, by: null, pages: null }, 'push')}
        >
          Whole time
        </button>
      )}
      {step && (
        <label>
          Step{' '}
          <select value={step} onChange={(event) => changeParts({ by: event.target.value })}>
            {steps.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      )}
      <span className="muted">{counted(coarse.total, 'event')} of all kinds in it</span>
      {wrong && (
        <span className="bad" role="alert">
          A day (2019-01-06) or a UTC time (2019-01-06T08:00:00Z) is needed.
        </span>
      )}
    </form>
  );
}

/** How many of each, most first. */
function sums(counts: Counts): [Evidence, number][] {
  const by = new Map<Evidence, number>();
  for (const { name, events } of counts.buckets) by.set(name, (by.get(name) ?? 0) + events);
  return [...by].sort(([, a], [, b]) => b - a);
}

function KindChips({ counts, kinds }: { readonly counts: Counts; readonly kinds: readonly string[] }) {
  return (
    <fieldset className="chips">
      <legend>Kinds</legend>
      {sums(counts).map(([name, events]) => {
        const kind = kinds.find((each) => asEvidence(each) === name);
        return (
          <button
            key={keyOf(name)}
            type="button"
            className="chip"
            aria-pressed={kind !== undefined}
            onClick={() =>
              changeParts({
                kinds: kind === undefined ? addTo(kinds, name) : toggled(kinds, kind),
                pages: null,
              })
            }
          >
            <EvidenceText value={name} /> <span className="count">{count(events)}</span>
          </button>
        );
      })}
    </fieldset>
  );
}

function addTo(kinds: readonly string[], name: Evidence): Evidence {
  return asEvidence([...kinds.map(asEvidence), name].join(','));
}

function SourceChips() {
  const parts = useParts();
  const persons = parts.get('persons') ?? '';
  const [from, to] = [parts.get('from') ?? '', parts.get('to') ?? ''];
  const chosen = parts.get('exhibit') ?? '';
  const kinds = parts.get('kinds') ?? '';
  const answer = useAnswer(
    `sources ${persons} ${from} ${to} ${kinds}`,
    () => api.histogram({ persons, from, to, kinds, by: 'month', split: 'exhibit' }),
    { keep: true },
  );
  const exhibits = useAnswer('exhibits', api.exhibits);
  const names = new Map(
    exhibits.state === 'answered' ? exhibits.value.exhibits.map((exhibit) => [exhibit.id, exhibit.path]) : [],
  );
  if (answer.state !== 'answered') return null;
  return (
    <fieldset className="chips">
      <legend>Sources</legend>
      {sums(answer.value).map(([name, events]) => {
        const on = name === asEvidence(chosen);
        const path = [...names].find(([id]) => asEvidence(id) === name)?.[1] ?? name;
        return (
          <button
            key={keyOf(name)}
            type="button"
            className="chip"
            aria-pressed={on}
            onClick={() => changeParts({ exhibit: on ? null : name, pages: null })}
          >
            <EvidenceText value={path} /> <span className="count">{count(events)}</span>
          </button>
        );
      })}
    </fieldset>
  );
}

interface Filter {
  readonly persons: string;
  readonly exhibit: string;
  readonly from: string;
  readonly to: string;
  readonly kinds: string;
}

function List(filter: Filter) {
  const parts = useParts();
  const pages = Math.min(50, numberIn(parts, 'pages', 1));
  const key = Object.values(filter).join('|');
  const answer = useAnswer(`timeline ${pages} ${key}`, () => pagesOf(filter, pages), { keep: true });
  return (
    <Asked answer={answer} what="events">
      {({ entries, next, untimed, unattributed }) => (
        <>
          <p className="note">
            {counted(untimed, 'event')} under these filters without a time (see the tab).{' '}
            {unattributed > 0 &&
              `${counted(unattributed, 'event')} of the operation belong to no known account and stand in no timeline.`}
          </p>
          <TimelineEntries entries={entries} />
          {next !== null && (
            <button type="button" className="quiet" onClick={() => changeParts({ pages: pages + 1 })}>
              Show {limit} more
            </button>
          )}
        </>
      )}
    </Asked>
  );
}

/** As many pages as the address says, as one answer. */
async function pagesOf(filter: Filter, pages: number): Promise<Timeline> {
  let timeline = await api.timeline({ ...filter, limit });
  for (let page = 1; page < pages && timeline.next !== null; page++) {
    const next = await api.timeline({ ...filter, limit, after: timeline.next });
    timeline = { ...next, entries: [...timeline.entries, ...next.entries] };
  }
  return timeline;
}

function UntimedPart() {
  const parts = useParts();
  const offset = numberIn(parts, 'offset', 0);
  const persons = parts.get('persons') ?? '';
  const kinds = parts.get('kinds') ?? '';
  const exhibit = parts.get('exhibit') ?? '';
  const answer = useAnswer(`untimed ${persons} ${kinds} ${exhibit} ${offset}`, () =>
    api.untimed({ persons, kinds, exhibit, limit, offset }),
  );
  return (
    <Asked answer={answer} what="events without a time">
      {({ entries, total, more }) => (
        <>
          <p className="note">
            {counted(total, 'event')} whose time the exhibit does not fix: listed, and never used to resolve
            an address.
          </p>
          {entries.length > 0 && <TimelineEntries entries={entries} />}
          <Turning offset={offset} limit={limit} more={more} what="events without a time" />
        </>
      )}
    </Asked>
  );
}
