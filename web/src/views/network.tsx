import { lazy, Suspense } from 'react';
import { api } from '../api.ts';
import { changeParts, hrefOf, useParts } from '../parts.ts';
import { Link } from '../router.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Asked, Page } from '../ui/page.tsx';
import { PersonChips } from '../ui/person-chips.tsx';
import { Rows } from '../ui/rows.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { useAnswer } from '../use-answer.ts';
import { NetworkAround } from './network-around.tsx';
import { NetworkFilters, useFilter } from './network-filters.tsx';
import { NetworkPath } from './network-path.tsx';
import './network.css';
import './footprint.css';
import { t } from '../ui/words.ts';

const NetworkWhole = lazy(() => import('./network-whole.tsx'));

/** Who is in contact with whom: around one, between two, or all. A contact by itself says nothing about anybody. */
export function NetworkPage() {
  const parts = useParts();
  const of = parts.get('of') ?? '';
  const tab = parts.get('tab') === 'whole' ? 'whole' : 'around';
  const to = parts.get('to') ?? '';
  return (
    <Page title={t('say.network')} lead={<p className="muted">{t('network.a-contact-raises-nobodys')}</p>}>
      <nav className="tabs" aria-label={t('network.parts-of-the-network')}>
        <Link
          href={hrefOf('/network', { of })}
          {...(tab === 'around' && { 'aria-current': 'page' as const })}
        >
          {t('network.around-somebody')}
        </Link>
        <Link
          href={hrefOf('/network', { tab: 'whole' })}
          {...(tab === 'whole' && { 'aria-current': 'page' as const })}
        >
          {t('network.the-whole-network')}
        </Link>
      </nav>
      {tab === 'whole' ? (
        <Suspense fallback={<p className="muted">{t('say.reading')}</p>}>
          <NetworkWhole />
        </Suspense>
      ) : (
        <>
          <PersonChips
            label={t('network.around-a-person')}
            persons={[of, to].filter((id) => id.startsWith('person-'))}
            change={(persons) =>
              changeParts(
                { of: persons.includes(of) ? of : persons[0], to: persons[1], open: null, pick: null },
                'push',
              )
            }
            most={2}
          />
          {of === '' ? <Most /> : <NetworkFilters />}
          {of !== '' && to === '' && <NetworkAround key={of} of={of} />}
          {of !== '' && to !== '' && <NetworkPath a={of} b={to} />}
        </>
      )}
    </Page>
  );
}

/** Before anybody is chosen: totals, and those with most neighbours. */
function Most() {
  const filter = useFilter();
  const answer = useAnswer(`network ${JSON.stringify(filter)}`, () =>
    api.networkSummary({ ...filter, limit: 50 }),
  );
  return (
    <Asked answer={answer} what={t('network.the-network')}>
      {({ totals, most, undated, measured, note }) => (
        <>
          <p className="sums">
            <span>
              {t('n.person', { n: totals.nodes })} {t('network.and-accounts-in-none')}{' '}
              {count(totals.without_contact)} {t('network.of-them-without-contact')}{' '}
              {t('n.pair', { n: totals.pairs })} {t('network.in-contact')} {count(totals.mutual)}{' '}
              {t('network.both-ways')} {t('n.message', { n: totals.messages })}, {count(totals.inside)}{' '}
              {t('network.more-between-accounts-of')}
            </span>
          </p>
          {undated > 0 && (
            <p className="note">
              {t('n.message', { n: undated })} {t('network.without-a-known-time')}
            </p>
          )}
          <p className="note">
            {note} {measured === 'working' && t('network.the-measures-are-being')}
          </p>
          <Rows
            caption={t('network.those-with-most-neighbours')}
            heads={[
              t('say.node'),
              t('say.accounts'),
              t('say.neighbours'),
              t('say.messages'),
              t('say.sent'),
              t('say.received'),
              t('network.page-rank'),
              t('say.between'),
              t('network.core'),
              t('network.community'),
            ]}
            rows={most}
            row={(node) => (
              <tr key={keyOf(node.node)}>
                <th scope="row">
                  <Link data-item={keyOf(node.node)} href={hrefOf('/network', { of: node.node })}>
                    <EvidenceText value={node.label} />
                  </Link>
                </th>
                <td className="number">{count(node.accounts)}</td>
                <td className="number">{count(node.neighbours)}</td>
                <td className="number">{count(node.messages)}</td>
                <td className="number">{count(node.sent)}</td>
                <td className="number">{count(node.received)}</td>
                <td className="number">{measure(node.page_rank, 5)}</td>
                <td className="number">{measure(node.between, 5)}</td>
                <td className="number">{measure(node.core, 0)}</td>
                <td className="number">{measure(node.community, 0)}</td>
              </tr>
            )}
          />
        </>
      )}
    </Asked>
  );
}

function measure(value: number | null, digits: number) {
  return value === null ? <Unknown text={t('say.not-yet')} /> : value.toFixed(digits);
}
