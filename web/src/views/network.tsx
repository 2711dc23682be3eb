import { lazy, Suspense } from 'react';
import { api } from '../api.ts';
import { changeParts, hrefOf, useParts } from '../parts.ts';
import { Link } from '../router.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count, counted } from '../ui/numbers.ts';
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

const NetworkWhole = lazy(() => import('./network-whole.tsx'));

/** Who is in contact with whom: around one, between two, or all. A contact by itself says nothing about anybody. */
export function NetworkPage() {
  const parts = useParts();
  const of = parts.get('of') ?? '';
  const tab = parts.get('tab') === 'whole' ? 'whole' : 'around';
  const to = parts.get('to') ?? '';
  return (
    <Page
      title="Network"
      lead={
        <p className="muted">A contact raises nobody's priority, and says nothing about anybody by itself.</p>
      }
    >
      <nav className="tabs" aria-label="Parts of the network">
        <Link
          href={hrefOf('/network', { of })}
          {...(tab === 'around' && { 'aria-current': 'page' as const })}
        >
          Around somebody
        </Link>
        <Link
          href={hrefOf('/network', { tab: 'whole' })}
          {...(tab === 'whole' && { 'aria-current': 'page' as const })}
        >
          The whole network
        </Link>
      </nav>
      {tab === 'whole' ? (
        <Suspense fallback={<p className="muted">Reading…</p>}>
          <NetworkWhole />
        </Suspense>
      ) : (
        <>
          <PersonChips
            label="Around a person"
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
    <Asked answer={answer} what="the network">
      {({ totals, most, undated, measured, note }) => (
        <>
          <p className="sums">
            <span>
              {counted(totals.nodes, 'person')} and accounts in none, {count(totals.without_contact)} of them
              without contact; {counted(totals.pairs, 'pair')} in contact, {count(totals.mutual)} both ways;{' '}
              {counted(totals.messages, 'message')}, {count(totals.inside)} more between accounts of one
              person.
            </span>
          </p>
          {undated > 0 && (
            <p className="note">{counted(undated, 'message')} without a known time are left out.</p>
          )}
          <p className="note">
            {note} {measured === 'working' && 'The measures are being made: look again in a while.'}
          </p>
          <Rows
            caption="Those with most neighbours"
            heads={[
              'Node',
              'Accounts',
              'Neighbours',
              'Messages',
              'Sent',
              'Received',
              'Page rank',
              'Between',
              'Core',
              'Community',
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
  return value === null ? <Unknown text="not yet" /> : value.toFixed(digits);
}
