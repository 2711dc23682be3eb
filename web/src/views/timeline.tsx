import { type FormEvent, memo, useDeferredValue, useState } from 'react';
import { type Answer, api } from '../api.ts';
import { changeParts, hrefOf, listIn, numberIn, toggled, useParts } from '../parts.ts';
import { Link } from '../router.tsx';
import { asEvidence, type Evidence, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { NotedFilter } from '../ui/notes.tsx';
import { count } from '../ui/numbers.ts';
import { Asked, Page } from '../ui/page.tsx';
import { PersonChips } from '../ui/person-chips.tsx';
import { Turning } from '../ui/turning.tsx';
import { t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import { type Counts, columnsOf, type Step, stepFor, steps, timeOf, timeText } from './timeline-columns.ts';
import { TimelineEntries } from './timeline-entries.tsx';
import { TimelineHistogram } from './timeline-histogram.tsx';
import { ClockSkew } from './timeline-skew.tsx';
import './footprint.css';

type Timeline = Answer<'showTimeline'>;

const limit = 100;
const tabs = [
  ['', 'timeline.tab.timed'],
  ['untimed', 'timeline.tab.untimed'],
  ['clocks', 'timeline.tab.clocks'],
] as const;

/** What happened when, by persons, kinds and sources; all of it in the address. */
export function TimelinePage() {
  const parts = useParts();
  const tab = parts.get('tab') ?? '';
  const keep = Object.fromEntries(
    ['persons', 'kinds', 'exhibit', 'from', 'to', 'noted'].map((name) => [name, parts.get(name)]),
  );
  return (
    <Page title={t('say.timeline')} lead={<p className="muted">{t('timeline.times-in-utc-beside')}</p>}>
      <PersonChips
        label={t('timeline.add-a-person')}
        persons={listIn(parts, 'persons')}
        change={(persons) =>
          changeParts({ persons: persons.join(','), pages: null, at: null, who: null, time: null }, 'push')
        }
      />
      <nav className="tabs" aria-label={t('timeline.parts-of-the-timeline')}>
        {tabs.map(([name, label]) => (
          <Link
            key={name}
            href={hrefOf('/timeline', { ...keep, tab: name })}
            {...(name === tab && { 'aria-current': 'page' as const })}
          >
            {t(label)}
          </Link>
        ))}
      </nav>
      {tab !== 'clocks' && (
        <NotedFilter
          value={parts.get('noted') ?? ''}
          change={(noted) => changeParts({ noted, pages: null, offset: null })}
        />
      )}
      {tab === 'clocks' ? <ClockSkew /> : tab === 'untimed' ? <UntimedPart /> : <Timed />}
    </Page>
  );
}

function Timed() {
  const parts = useParts();
  const persons = parts.get('persons') ?? '';
  const exhibit = parts.get('exhibit') ?? '';
  const noted = parts.get('noted') ?? '';
  const [from, to] = [parts.get('from') ?? '', parts.get('to') ?? ''];
  // The whole span first, coarse: from it the step is chosen and the bounds of the drawing are known.
  const whole = useAnswer(`span ${persons} ${exhibit} ${from} ${to} ${noted}`, () =>
    api.histogram({ persons, exhibit, from, to, noted, by: 'month', split: 'kind' }),
  );
  return (
    <Asked answer={whole} what={t('timeline.the-timeline')}>
      {(coarse) =>
        coarse.first_time === null || coarse.last_time === null ? (
          <>
            <Span coarse={coarse} />
            <p className="empty">
              {t('timeline.nothing-with-a-known')} {t('n.event', { n: coarse.untimed })}{' '}
              {t('timeline.without-a-time')}
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
  const noted = parts.get('noted') ?? '';
  const [from, to] = [parts.get('from') ?? '', parts.get('to') ?? ''];
  const kinds = listIn(parts, 'kinds');
  const [start, end] = [timeOf(from) ?? first, timeOf(to) ?? last + 1];
  const asked = steps.find((step) => step === parts.get('by'));
  const step: Step = asked ?? stepFor(start, end);
  const answer = useAnswer(
    `histogram ${persons} ${exhibit} ${from} ${to} ${step} ${noted}`,
    () => api.histogram({ persons, exhibit, from, to, noted, by: step, split: 'kind' }),
    { keep: true },
  );
  // The chip answers first; hundreds of columns are drawn when that is done.
  const drawnKinds = useDeferredValue(kinds.join(','));
  return (
    <>
      <KindChips counts={coarse} kinds={kinds} />
      <SourceChips />
      <Span coarse={coarse} step={step} />
      <Asked answer={answer} what={t('timeline.the-histogram')}>
        {(counts) => (
          <Columns {...{ counts, step, start, end }} kinds={drawnKinds} chosen={parts.get('time') ?? ''} />
        )}
      </Asked>
      <List persons={persons} exhibit={exhibit} from={from} to={to} kinds={kinds.join(',')} noted={noted} />
    </>
  );
}

interface ColumnsProps {
  readonly counts: Counts;
  readonly step: Step;
  /** UTC microseconds. */
  readonly start: number;
  readonly end: number;
  /** As the address names them; all where it is empty. */
  readonly kinds: string;
  /** The time of the entry that is chosen, as the address has it. */
  readonly chosen: string;
}

/** The histogram of the kinds that are wanted; drawn anew only when something of it changed. */
const Columns = memo(function Columns({ counts, step, start, end, kinds, chosen }: ColumnsProps) {
  const wanted = kinds === '' ? null : kinds.split(',').map(asEvidence);
  const columns = columnsOf(counts, step, (name) => wanted?.includes(name) ?? true);
  const low = Math.min(start, columns[0]?.start ?? start);
  return (
    <>
      <TimelineHistogram
        key={`${low} ${step} ${columns.length}`}
        columns={columns}
        from={low}
        to={Math.max(columns.at(-1)?.end ?? end, low + 1)}
        chosen={chosen === '' ? null : Number(chosen)}
        zoom={zoom}
      />
      {counts.left_out > 0 && (
        <p className="note">
          {t('n.column', { n: counts.left_out })} {t('timeline.are-left-out-choose')}
        </p>
      )}
    </>
  );
});

function zoom(from: number, to: number): void {
  changeParts({ from: timeText(from), to: timeText(to), by: null, pages: null }, 'push');
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
        {t('say.from')}{' '}
        <input type="text" name="from" defaultValue={from} placeholder="2019-01-06" size={20} />
      </label>
      <label>
        {t('say.to')}{' '}
        <input type="text" name="to" defaultValue={to} placeholder="2019-02-01T08:00:00Z" size={20} />
      </label>
      <button type="submit" className="quiet small">
        {t('timeline.show-the-span')}
      </button>
      {(from !== '' || to !== '') && (
        <button
          type="button"
          className="quiet small"
          onClick={() => changeParts({ from: null, to: null, by: null, pages: null }, 'push')}
        >
          {t('say.whole-time')}
        </button>
      )}
      {step && (
        <label>
          {t('timeline.step')}{' '}
          <select value={step} onChange={(event) => changeParts({ by: event.target.value })}>
            {steps.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      )}
      <span className="muted">
        {t('n.event', { n: coarse.total })} {t('timeline.of-all-kinds-in')}
      </span>
      {wrong && (
        <span className="bad" role="alert">
          {t('timeline.a-day-2019-01')}
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
      <legend>{t('timeline.kinds')}</legend>
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

/** Sources listed at first: an operation may have hundreds. */
const firstSources = 8;

function SourceChips() {
  const [all, setAll] = useState(false);
  const parts = useParts();
  const persons = parts.get('persons') ?? '';
  const [from, to] = [parts.get('from') ?? '', parts.get('to') ?? ''];
  const chosen = parts.get('exhibit') ?? '';
  const kinds = parts.get('kinds') ?? '';
  const noted = parts.get('noted') ?? '';
  const answer = useAnswer(
    `sources ${persons} ${from} ${to} ${kinds} ${noted}`,
    () => api.histogram({ persons, from, to, kinds, noted, by: 'month', split: 'exhibit' }),
    { keep: true },
  );
  const exhibits = useAnswer('exhibits', api.exhibits);
  const names = new Map(
    exhibits.state === 'answered' ? exhibits.value.exhibits.map((exhibit) => [exhibit.id, exhibit.path]) : [],
  );
  if (answer.state !== 'answered') return null;
  const sources = sums(answer.value);
  const shown = sources.filter(([name], index) => all || index < firstSources || name === asEvidence(chosen));
  return (
    <fieldset className="chips">
      <legend>{t('say.sources')}</legend>
      {shown.map(([name, events]) => {
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
      {shown.length < sources.length && (
        <button type="button" className="plain" onClick={() => setAll(true)}>
          {t('common.show-all', { n: sources.length })}
        </button>
      )}
    </fieldset>
  );
}

interface Filter {
  readonly persons: string;
  readonly exhibit: string;
  readonly from: string;
  readonly to: string;
  readonly kinds: string;
  readonly noted: string;
}

function List(filter: Filter) {
  const parts = useParts();
  const pages = Math.min(50, numberIn(parts, 'pages', 1));
  const key = Object.values(filter).join('|');
  const answer = useAnswer(`timeline ${pages} ${key}`, () => pagesOf(filter, pages), { keep: true });
  return (
    <Asked answer={answer} what={t('say.events')}>
      {({ entries, next, untimed, unattributed }) => (
        <>
          <p className="note">
            {t('n.event', { n: untimed })} {t('timeline.under-these-filters-without')}{' '}
            {unattributed > 0 && t('timeline.unattributed', { n: unattributed })}
          </p>
          <TimelineEntries entries={entries} />
          {next !== null && (
            <button type="button" className="quiet" onClick={() => changeParts({ pages: pages + 1 })}>
              {t('say.show')} {limit} {t('say.more')}
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
  const noted = parts.get('noted') ?? '';
  const answer = useAnswer(`untimed ${persons} ${kinds} ${exhibit} ${noted} ${offset}`, () =>
    api.untimed({ persons, kinds, exhibit, noted, limit, offset }),
  );
  return (
    <Asked answer={answer} what={t('timeline.events-without-a-time')}>
      {({ entries, total, more }) => (
        <>
          <p className="note">
            {t('n.event', { n: total })} {t('timeline.whose-time-the-exhibit')}
          </p>
          {entries.length > 0 && <TimelineEntries entries={entries} />}
          <Turning offset={offset} limit={limit} more={more} what={t('timeline.events-without-a-time')} />
        </>
      )}
    </Asked>
  );
}
