import { useCallback, useEffect, useMemo, useState } from 'react';
import { type Answer, api } from '../api.ts';
import { useCommands } from '../commands.ts';
import { addressOf, addressWith, Link, useQuery } from '../router.tsx';
import { BarOf } from '../ui/bars.tsx';
import type { Evidence } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { FilterField } from '../ui/filter-field.tsx';
import { Problem } from '../ui/problem.tsx';
import { Band } from '../ui/reasons.tsx';
import { Empty } from '../ui/section.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { named, t } from '../ui/words.ts';
import { usePages } from '../use-pages.ts';
import { AuditLane } from './queue-audit.tsx';
import { QueueDetails } from './queue-details.tsx';
import { ReviewDialog } from './review-dialog.tsx';

export type QueueEntry = Answer<'showQueue'>['queue'][number];
type QueueAnswer = Answer<'showQueue'>;

const pageRows = 200;
/** Three lines: as many kinds of reasons. */
const rowHeight = 76;
const defaults = { band: '', review: 'all', text: '', cleared: 'hide', row: '', picked: '', lane: '' };

/** Whom to look at first. The list stays still while what is chosen in it is looked at and decided. */
export function QueuePage() {
  const [query, change] = useQuery(defaults);
  const { band, review, text, cleared, lane } = query;
  const key = `queue ${band} ${review} ${cleared} ${text}`;
  const pages = usePages<QueueAnswer, QueueEntry>(
    key,
    pageRows,
    (limit, offset) => api.queue({ limit, offset, band, review, text, cleared }),
    ({ queue }) => queue,
  );
  const { answer, error } = pages;
  return (
    <View title={t('nav.queue')} answer={answer}>
      {(value) => (
        <>
          <div className="heading">
            <h1 tabIndex={-1}>{t('nav.queue')}</h1>
            <p className="muted">{t('queue.about')}</p>
          </div>
          <Coverage answer={value} cleared={cleared} change={change} />
          <Filters answer={value} query={query} change={change} />
          {answer.state === 'answered' && error && <Problem error={error} />}
          {lane === 'audit' ? (
            <AuditLane />
          ) : value.total === 0 ? (
            <NoQueue filtered={band !== '' || review !== 'all' || text !== ''} />
          ) : (
            <Body key={key} pages={pages} total={value.total} query={query} change={change} />
          )}
        </>
      )}
    </View>
  );
}

type Query = { readonly [K in keyof typeof defaults]: string };
type Change = (change: Partial<Query>) => void;

interface BodyProps {
  readonly pages: ReturnType<typeof usePages<QueueAnswer, QueueEntry>>;
  readonly total: number;
  readonly query: Query;
  readonly change: Change;
}

function Body({ pages, total, query, change }: BodyProps) {
  const given = /^\d{1,9}$/.test(query.row) ? Number(query.row) - 1 : -1;
  const [current, setCurrent] = useState(Math.min(given, total - 1));
  const [reviewing, setReviewing] = useState(false);
  const columns = useMemo(columnsOf, []);
  const picked = new Set(query.picked === '' ? [] : query.picked.split(','));
  // The first is shown beside the list until one is chosen.
  const entry = pages.rowAt(Math.max(0, current));
  // The address follows a moment later: the browser takes only so many changes of it.
  useEffect(() => {
    const timer = setTimeout(() => change({ row: current < 0 ? '' : String(current + 1) }), 150);
    return () => clearTimeout(timer);
  }, [current, change]);
  const pick = (person: string) => {
    const next = new Set(picked);
    if (!next.delete(person)) next.add(person);
    change({ picked: [...next].join(',') });
  };
  useCommands(
    entry ? [{ id: 'review', label: t('review.title'), key: 'r', act: () => setReviewing(true) }] : [],
  );
  const close = useCallback(() => setReviewing(false), []);
  return (
    <>
      {picked.size > 0 && <Picked picked={picked} change={change} />}
      <div className="beside">
        <Table
          caption={t('queue.caption')}
          className="queue"
          columns={columns}
          total={total}
          rowAt={pages.rowAt}
          onSight={pages.onSight}
          keyOf={({ person }) => person}
          rowHeight={rowHeight}
          current={current}
          onCurrent={setCurrent}
          selected={picked}
          onSelect={pick}
        />
        <aside className="drawer" aria-label={t('queue.details')}>
          {entry ? (
            <QueueDetails key={entry.person} entry={entry} onReview={() => setReviewing(true)} />
          ) : (
            <p className="muted">{t('queue.choose')}</p>
          )}
        </aside>
      </div>
      {entry && <ReviewDialog open={reviewing} onClose={close} person={entry.person} name={nameOf(entry)} />}
    </>
  );
}

export function nameOf({ accounts }: Pick<QueueEntry, 'accounts'>) {
  const found = accounts.find(({ handle }) => handle !== null) ?? accounts[0];
  return found?.handle ?? found?.account ?? null;
}

interface Kind {
  readonly indicator: string;
  readonly size: number;
  /** The first of its kind; all of them stand beside the list. */
  readonly text: Evidence;
}

function byIndicator(reasons: readonly { readonly indicator: string; readonly text: Evidence }[]): Kind[] {
  const kinds = Map.groupBy(reasons, ({ indicator }) => indicator);
  return [...kinds].map(([indicator, all]) => ({ indicator, size: all.length, text: all[0]!.text }));
}

/** Reasons of one row: each kind once, how many of it there are, and what the first says. */
function Brief({ kinds, against = false }: { readonly kinds: readonly Kind[]; readonly against?: boolean }) {
  if (kinds.length === 0) return <Unknown text={t('queue.none-known')} />;
  return (
    <ul className={`reasons brief ${kinds.length === 1 ? 'alone' : ''}`}>
      {kinds.map(({ indicator, size, text }) => (
        <li key={indicator}>
          <span className={`tag ${against ? 'against' : 'fact'}`}>
            {against
              ? t('queue.against-what', { what: named('indicator', indicator) })
              : named('indicator', indicator)}
            {size > 1 && ` × ${size}`}
          </span>{' '}
          <EvidenceText value={text} />
        </li>
      ))}
    </ul>
  );
}

const columnsOf = (): readonly Column<QueueEntry>[] => [
  { name: 'rank', head: t('queue.rank'), className: 'number', cell: ({ rank }) => rank },
  { name: 'band', head: t('queue.band'), cell: ({ band }) => <Band band={band} /> },
  {
    name: 'person',
    head: t('queue.person'),
    names: true,
    cell: (entry) => (
      <>
        <Link className="open" data-item={entry.person} href={addressOf.person(entry.person)}>
          <EvidenceText value={nameOf(entry)} />
        </Link>
        <Flags entry={entry} />
        {entry.accounts.length > 1 && (
          <div>
            <span className="tag inference">{t('queue.joined', { n: entry.accounts.length })}</span>
          </div>
        )}
      </>
    ),
  },
  {
    name: 'for',
    head: t('queue.for'),
    className: 'reasons-for',
    cell: ({ reasons }) => <Brief kinds={byIndicator(reasons.filter(({ withdrawn }) => !withdrawn))} />,
  },
  {
    name: 'against',
    head: t('queue.against'),
    className: 'reasons-against',
    cell: ({ reasons }) => (
      <Brief
        against
        kinds={byIndicator(
          reasons.flatMap(({ indicator, against }) => (against ? [{ indicator, text: against.text }] : [])),
        )}
      />
    ),
  },
  {
    name: 'review',
    head: t('queue.review'),
    cell: ({ review }) =>
      review === null ? (
        <Unknown text={t('queue.not-reviewed')} />
      ) : (
        <>
          <span className="tag fact">{named('outcome', review.outcome)}</span>
          {review.held !== 'whole' && <span className="tag against">{named('held', review.held)}</span>}
        </>
      ),
  },
];

function Flags({ entry }: { readonly entry: QueueEntry }) {
  return (
    <>
      {entry.children.length > 0 && (
        <div>
          <span className="tag fact">{t('queue.children', { n: entry.children.length })}</span>
        </div>
      )}
      {entry.victimAccounts.length > 0 && (
        <div>
          <span className="tag against">{t('queue.victim-inside')}</span>
        </div>
      )}
      {entry.cleared && <span className="tag against">{t('queue.cleared')}</span>}
    </>
  );
}

function Picked({ picked, change }: { readonly picked: ReadonlySet<string>; readonly change: Change }) {
  const persons = [...picked].join(',');
  return (
    <p className="line" role="status">
      <strong>{t('common.selected', { n: picked.size })}</strong>
      <Link href={addressWith('/timeline', { persons })}>{t('nav.timeline')}</Link>
      {picked.size === 1 && <Link href={addressWith('/network', { of: persons })}>{t('nav.network')}</Link>}
      <button type="button" className="plain" onClick={() => change({ picked: '' })}>
        {t('common.clear')}
      </button>
    </p>
  );
}

interface CoverageProps {
  readonly answer: QueueAnswer;
  readonly cleared: string;
  readonly change: Change;
}

/** How far the looking has come, and what the list leaves out: never silently. */
function Coverage({ answer: { coverage, hidden, scheme }, cleared, change }: CoverageProps) {
  return (
    <div className="line muted coverage">
      <span>
        <strong>{t('queue.coverage', { done: coverage.reviewed, n: coverage.queued })}</strong>{' '}
        <BarOf value={coverage.reviewed} most={coverage.queued} tone="fact" />
      </span>
      {Object.entries(coverage.outcomes)
        .filter(([, size]) => size > 0)
        .map(([outcome, size]) => (
          <span key={outcome}>
            {named('outcome', outcome)}: {size}
          </span>
        ))}
      {coverage.again > 0 && <span className="bad">{t('queue.again', { n: coverage.again })}</span>}
      {hidden.cleared > 0 && (
        <span>
          {t('queue.hidden', { n: hidden.cleared })}{' '}
          <button
            type="button"
            className="plain"
            onClick={() => change({ cleared: cleared === 'show' ? 'hide' : 'show' })}
          >
            {t(cleared === 'show' ? 'queue.hide' : 'queue.show')}
          </button>
        </span>
      )}
      {hidden.victims > 0 && <span>{t('queue.victims', { n: hidden.victims })}</span>}
      <span>
        <Link href={addressOf.rules}>
          {t('queue.scheme', { name: scheme.name, version: scheme.version })}
        </Link>
      </span>
    </div>
  );
}

const reviews = ['all', 'open', 'done'] as const;

function Filters({ answer, query, change }: { answer: QueueAnswer; query: Query; change: Change }) {
  const bandsOf = [{ band: '', persons: undefined, meaning: t('queue.all-bands') }, ...answer.bands];
  return (
    <div className="filters">
      <fieldset className="bare">
        <legend className="hidden">{t('queue.band')}</legend>
        {bandsOf.map(({ band, meaning, persons }) => (
          <button
            key={band}
            type="button"
            className="quiet toggle"
            aria-pressed={query.band === band}
            title={meaning}
            onClick={() => change({ band, row: '' })}
          >
            {band === '' ? t('queue.all-bands') : band}{' '}
            {persons !== undefined && <span className="count">{persons}</span>}
          </button>
        ))}
      </fieldset>
      <label>
        {t('queue.review')}
        <select value={query.review} onChange={(event) => change({ review: event.target.value, row: '' })}>
          {reviews.map((each) => (
            <option key={each} value={each}>
              {t(`queue.review.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <FilterField
        text={query.text}
        placeholder={t('queue.filter-by')}
        change={(text) => change({ text, row: '' })}
      />
      <button
        type="button"
        className="quiet toggle"
        aria-pressed={query.lane === 'audit'}
        onClick={() => change({ lane: query.lane === 'audit' ? '' : 'audit' })}
      >
        {t('queue.audit')}
      </button>
      <span className="muted" role="status">
        {query.text !== '' && t('queue.found', { n: answer.total })}
      </span>
    </div>
  );
}

function NoQueue({ filtered }: { readonly filtered: boolean }) {
  if (filtered) {
    return (
      <Empty>
        <p>{t('queue.nobody-found')}</p>
      </Empty>
    );
  }
  return (
    <Empty>
      <p>{t('queue.empty')}</p>
      <p>
        {t('queue.empty-why')} <Link href={addressOf.exhibits}>{t('nav.exhibits')}</Link>,{' '}
        <Link href="/persons">{t('nav.persons')}</Link>.
      </p>
    </Empty>
  );
}
