import { useCallback, useMemo, useState } from 'react';
import { type Answer, api } from '../api.ts';
import { useCommands } from '../commands.ts';
import { addressOf, Link, navigate, useQuery } from '../router.tsx';
import { ActForm, Field } from '../ui/act-form.tsx';
import { countryName } from '../ui/countries.ts';
import { Dialog } from '../ui/dialog.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Empty } from '../ui/section.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { named, t } from '../ui/words.ts';
import { usePages } from '../use-pages.ts';

export type ChildLine = Answer<'listChildren'>['children'][number];
type ChildrenAnswer = Answer<'listChildren'>;

const pageRows = 100;
const rowHeight = 70;
const states = ['open', 'all', 'indicated', 'located', 'referred', 'safeguarded'] as const;
export const urgencies = ['immediate', 'urgent', 'standard'] as const;

/** Children at risk, most urgent first; each an opaque number, none ever described. */
export function ChildrenPage() {
  const [query, change] = useQuery({ state: 'open', country: '', row: '' });
  const { state, country } = query;
  const [adding, setAdding] = useState(false);
  const close = useCallback(() => setAdding(false), []);
  useCommands([{ id: 'add child', label: t('children.add'), key: 'a', act: () => setAdding(true) }]);
  const pages = usePages<ChildrenAnswer, ChildLine>(
    `children ${state} ${country}`,
    pageRows,
    (limit, offset) => api.children(state, country, limit, offset),
    ({ children }) => children,
  );
  return (
    <View title={t('nav.children')} answer={pages.answer}>
      {(value) => (
        <>
          <div className="heading">
            <h1 tabIndex={-1}>{t('nav.children')}</h1>
            <p className="muted">{t('children.about')}</p>
            <button type="button" className="quiet" onClick={() => setAdding(true)} aria-haspopup="dialog">
              {t('children.add')} <kbd>a</kbd>
            </button>
          </div>
          <div className="filters">
            <fieldset className="bare">
              <legend className="hidden">{t('children.state')}</legend>
              {states.map((each) => (
                <button
                  key={each}
                  type="button"
                  className="quiet toggle"
                  aria-pressed={state === each}
                  onClick={() => change({ state: each, row: '' })}
                >
                  {named('state', each)}{' '}
                  {value.states[each] !== undefined && <span className="count">{value.states[each]}</span>}
                </button>
              ))}
            </fieldset>
            <label>
              {t('board.country')}
              <input
                type="text"
                data-filter
                size={4}
                maxLength={2}
                value={country}
                placeholder="NL"
                onChange={(event) => change({ country: event.target.value.toUpperCase(), row: '' })}
              />
            </label>
            <span className="muted" role="status">
              {t('children.found', { n: value.total })}
              {value.unlinked > 0 && ` · ${t('children.unlinked', { n: value.unlinked })}`}
            </span>
          </div>
          {value.total === 0 ? (
            <Empty>
              <p>{t(state === 'all' && country === '' ? 'children.empty' : 'children.none-found')}</p>
            </Empty>
          ) : (
            <List pages={pages} total={value.total} row={query.row} change={change} />
          )}
          <AddChild open={adding} onClose={close} />
        </>
      )}
    </View>
  );
}

interface ListProps {
  readonly pages: ReturnType<typeof usePages<ChildrenAnswer, ChildLine>>;
  readonly total: number;
  readonly row: string;
  readonly change: (change: { row: string }) => void;
}

function List({ pages, total, row, change }: ListProps) {
  const given = /^\d{1,9}$/.test(row) ? Number(row) - 1 : -1;
  const columns = useMemo(columnsOf, []);
  return (
    <Table
      caption={t('nav.children')}
      columns={columns}
      total={total}
      rowAt={pages.rowAt}
      onSight={pages.onSight}
      keyOf={(child) => keyOf(child.case)}
      rowHeight={rowHeight}
      current={Math.min(given, total - 1)}
      onCurrent={(index) => change({ row: String(index + 1) })}
    />
  );
}

const columnsOf = (): readonly Column<ChildLine>[] => [
  {
    name: 'urgency',
    head: t('children.urgency'),
    cell: (child) => <Urgency child={child} />,
  },
  {
    name: 'case',
    head: t('children.case'),
    names: true,
    cell: (child) => (
      <>
        <Link className="open" data-item={keyOf(child.case)} href={addressOf.child(child.case)}>
          <EvidenceText value={child.case} />
        </Link>
        <div className="muted">
          {child.country === null ? <Unknown text={t('board.no-country')} /> : countryName(child.country)}
        </div>
      </>
    ),
  },
  {
    name: 'state',
    head: t('children.state'),
    cell: (child) => (
      <>
        <span className="tag fact">{named('state', child.state)}</span>
        <div className="muted">{child.state_since}</div>
      </>
    ),
  },
  {
    name: 'missing',
    head: t('children.missing'),
    cell: ({ missing }) =>
      missing.length === 0 ? (
        <span className="muted">{t('children.nothing-missing')}</span>
      ) : (
        <span className="bad">{missing.map((each) => named('missing', each).split(':')[0]).join(', ')}</span>
      ),
  },
  {
    name: 'owner',
    head: t('children.owner'),
    cell: (child) => (
      <>
        {child.owner === null ? (
          <Unknown text={t('children.nobody')} />
        ) : (
          <EvidenceText value={child.owner} />
        )}
        {child.next_step !== null && (
          <div className="muted">
            <EvidenceText value={child.next_step} />
          </div>
        )}
      </>
    ),
  },
  {
    name: 'linked',
    head: t('children.linked'),
    cell: ({ linked }) =>
      linked.length === 0 ? (
        <Unknown text={t('children.no-link')} />
      ) : (
        <span className="number">{linked.length}</span>
      ),
  },
];

/** What a human entered; else what a rule proposes, drawn as what it is. */
export function Urgency({
  child: { urgency, proposed },
}: {
  readonly child: Pick<ChildLine, 'urgency' | 'proposed'>;
}) {
  if (urgency !== null) {
    return <span className={`tag fact urgency-${urgency}`}>{named('urgency', urgency)}</span>;
  }
  if (proposed === null) return <Unknown text={t('children.no-urgency')} />;
  return (
    <span className="tag inference">
      {t('children.proposed', { urgency: named('urgency', proposed.urgency) })}
    </span>
  );
}

function AddChild({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title={t('children.add')} className="wide">
      <AddForm />
      <p>
        <button type="button" className="quiet" onClick={onClose}>
          {t('common.cancel')}
        </button>
      </p>
    </Dialog>
  );
}

function AddForm() {
  const [number, setNumber] = useState('');
  const [country, setCountry] = useState('');
  const [account, setAccount] = useState('');
  const [urgency, setUrgency] = useState<(typeof urgencies)[number] | ''>('');
  return (
    <ActForm
      ready={number.trim() !== '' && (country === '' || /^[A-Z]{2}$/.test(country))}
      submit={t('children.add')}
      act={(stated) =>
        api.addChild({
          case: number.trim(),
          ...(country !== '' && { country }),
          ...(account.trim() !== '' && { account: account.trim() }),
          ...(urgency !== '' && { urgency }),
          ...stated,
        })
      }
      onDone={() => navigate(addressOf.child(number.trim()))}
    >
      <p className="note">{t('children.never-describe')}</p>
      <Field label={t('children.case')} value={number} onChange={setNumber} maxLength={200} required />
      <Field
        label={t('children.country-letters')}
        value={country}
        onChange={(text) => setCountry(text.toUpperCase())}
        maxLength={2}
      />
      <Field label={t('children.account')} value={account} onChange={setAccount} maxLength={1000} />
      <fieldset>
        <legend>{t('children.urgency')}</legend>
        <label>
          <input type="radio" name="urgency" checked={urgency === ''} onChange={() => setUrgency('')} />{' '}
          {t('children.no-urgency')}
        </label>
        {urgencies.map((each) => (
          <label key={each}>
            <input type="radio" name="urgency" checked={urgency === each} onChange={() => setUrgency(each)} />{' '}
            {named('urgency', each)}
          </label>
        ))}
      </fieldset>
    </ActForm>
  );
}
