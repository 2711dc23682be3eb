import { useEffect, useMemo, useState } from 'react';
import { type Answer, api } from '../api.ts';
import { changeParts } from '../parts.ts';
import { addressOf, Link, useQuery } from '../router.tsx';
import { isEmpty, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { FilterField } from '../ui/filter-field.tsx';
import { NotedFilter } from '../ui/notes.tsx';
import { Problem } from '../ui/problem.tsx';
import { Band } from '../ui/reasons.tsx';
import { Empty } from '../ui/section.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { t } from '../ui/words.ts';
import { usePages } from '../use-pages.ts';
import './footprint.css';

type Answered = Answer<'listPersons'>;
type Line = Answered['persons'][number];

const pageRows = 200;
/** Two lines: a person and one of the accounts. */
const rowHeight = 52;
/** Accounts that fit into a row; the person's page has all. */
const mostShown = 2;

/** Everybody found, ranked or not: a list of any length, of which only the rows in sight are fetched and drawn. */
export function PersonsPage() {
  const [{ text, row, noted, cleared }, change] = useQuery({
    text: '',
    row: '',
    noted: '',
    cleared: 'hide',
  });
  const key = `persons ${noted} ${cleared} ${text}`;
  const pages = usePages<Answered, Line>(
    key,
    pageRows,
    (limit, offset) => api.persons(text, limit, offset, { noted, cleared }),
    ({ persons }) => persons,
  );
  const { answer, error } = pages;
  const columns = useMemo(columnsOf, []);
  return (
    <View title={t('nav.persons')} answer={answer}>
      {({ total, hidden }) => (
        <>
          <div className="heading">
            <h1 tabIndex={-1}>{t('nav.persons')}</h1>
            <p className="muted">{t('persons.about')}</p>
          </div>
          <div className="filters">
            <FilterField
              text={text}
              change={(next) => change({ text: next, row: '' })}
              placeholder={t('persons.filter-by')}
            />
            <NotedFilter value={noted} change={(next) => changeParts({ noted: next, row: null })} />
            <span className="muted" role="status">
              {t('persons.counted', { n: total })}
            </span>
            {hidden > 0 && (
              <span className="muted">
                {t('queue.hidden', { n: hidden })}{' '}
                <button
                  type="button"
                  className="plain"
                  onClick={() => change({ cleared: cleared === 'show' ? 'hide' : 'show', row: '' })}
                >
                  {t(cleared === 'show' ? 'queue.hide' : 'queue.show')}
                </button>
              </span>
            )}
          </div>
          {error && <Problem error={error} />}
          {total === 0 ? (
            <Empty>
              <p>{t(text === '' && noted === '' ? 'persons.nobody' : 'persons.none-found')}</p>
            </Empty>
          ) : (
            <List key={key} pages={pages} total={total} columns={columns} row={row} />
          )}
        </>
      )}
    </View>
  );
}

interface ListProps {
  readonly pages: ReturnType<typeof usePages<Answered, Line>>;
  readonly total: number;
  readonly columns: readonly Column<Line>[];
  readonly row: string;
}

function List({ pages, total, columns, row }: ListProps) {
  const given = /^\d{1,9}$/.test(row) ? Number(row) - 1 : -1;
  const [current, setCurrent] = useState(Math.min(given, total - 1));
  // The address follows a moment later: the browser takes only so many changes of it.
  useEffect(() => {
    const timer = setTimeout(() => changeParts({ row: current < 0 ? null : current + 1 }), 150);
    return () => clearTimeout(timer);
  }, [current]);
  return (
    <Table
      caption={t('nav.persons')}
      className="persons"
      columns={columns}
      total={total}
      rowAt={pages.rowAt}
      onSight={pages.onSight}
      keyOf={({ person }) => person}
      rowHeight={rowHeight}
      current={current}
      onCurrent={setCurrent}
    />
  );
}

const columnsOf = (): readonly Column<Line>[] => [
  {
    name: 'rank',
    head: t('queue.rank'),
    className: 'number',
    cell: ({ rank }) => rank ?? <Unknown text={t('audit.not-ranked')} />,
  },
  {
    name: 'band',
    head: t('queue.band'),
    cell: ({ band }) => (band === null ? <Unknown text={t('common.none')} /> : <Band band={band} />),
  },
  {
    name: 'person',
    head: t('queue.person'),
    names: true,
    cell: (line) => (
      <>
        <Link className="open" data-item={line.person} href={addressOf.person(line.person)}>
          <EvidenceText
            value={line.handles.find((handle) => !isEmpty(handle)) ?? line.account_list[0] ?? null}
          />
        </Link>
        {line.accounts > 1 && (
          <div>
            <span className="tag inference">{t('queue.joined', { n: line.accounts })}</span>
          </div>
        )}
      </>
    ),
  },
  {
    name: 'accounts',
    head: t('queue.accounts'),
    cell: ({ account_list: accounts }) => (
      <ul className="accounts">
        {accounts.slice(0, mostShown).map((account, index) => (
          <li key={keyOf(account)}>
            <EvidenceText value={account} />
            {index === mostShown - 1 && accounts.length > mostShown && (
              <span className="muted"> {t('common.more', { n: accounts.length - mostShown })}</span>
            )}
          </li>
        ))}
      </ul>
    ),
  },
];
