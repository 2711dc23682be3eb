import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { api } from '../api.ts';
import { changeParts, hrefOf, useParts } from '../parts.ts';
import { Link } from '../router.tsx';
import { asEvidence, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Asked } from '../ui/page.tsx';
import { Section } from '../ui/section.tsx';
import { Table } from '../ui/table.tsx';
import { t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import { NetworkMoving } from './network-moving.tsx';
import type { Overview } from './network-surface.ts';
import { certainties } from './network-tables.tsx';

const codes = ['stated', 'decided', 'proposed', 'unsure'] as const;

/** All nodes and contacts at once, with the measures that describe them. The tables say the same. */
export default function NetworkWhole() {
  const over = useParts().get('over') === 'accounts' ? 'accounts' : 'persons';
  const answer = useAnswer(`overview ${over}`, () => api.networkOverview({ over }), {
    fresh: true,
    keep: true,
  });
  const working = answer.state === 'answered' && answer.value.state === 'working';
  const { again } = answer;
  useEffect(() => {
    if (!working) return;
    const timer = setInterval(again, 1000);
    return () => clearInterval(timer);
  }, [working, again]);
  return (
    <Asked answer={answer} what={t('network-whole.the-whole-network')}>
      {(overview) =>
        overview.state === 'working' ? (
          <p role="status">
            {t('network-whole.the-network-is-being')} {overview.stage}{' '}
            {overview.total === null ? (
              <progress aria-label={t('network-whole.network-being-measured')} />
            ) : (
              <progress
                aria-label={t('network-whole.network-being-measured')}
                value={overview.done}
                max={overview.total}
              />
            )}
          </p>
        ) : (
          <Ready overview={overview} />
        )
      }
    </Asked>
  );
}

function Ready({ overview }: { readonly overview: Overview }) {
  const parts = useParts();
  const picked = parts.get('pick') ?? '';
  const byCommunity = parts.get('colour') === 'community';
  const { totals, nodes } = overview;
  const at = useMemo(() => (picked === '' ? -1 : nodes.id.indexOf(asEvidence(picked))), [picked, nodes]);
  const pick = (index: number | null) => changeParts({ pick: index === null ? null : nodes.id[index] });
  return (
    <>
      <p className="sums" role="status">
        <span>
          {t('n.node', { n: totals.shown_nodes })} {t('say.and')} {t('n.contact', { n: totals.shown_edges })}{' '}
          {t('say.shown')}
        </span>
        {(totals.hidden_nodes > 0 || totals.hidden_edges > 0) && (
          <strong>
            +{count(totals.hidden_nodes)} {t('network-whole.nodes-and')}
            {count(totals.hidden_edges)} {t('network-whole.contacts-hidden')}
          </strong>
        )}
        <span className="muted">
          {count(totals.without_contact)} {t('network-whole.without-contact')}
        </span>
      </p>
      <p className="note communities">
        <strong>{t('network-whole.communities')}</strong> ({count(overview.communities.length)}):{' '}
        {overview.note}
      </p>
      <fieldset className="chips">
        <legend>{t('network-whole.colour')}</legend>
        <Colour label={t('network-whole.all-the-same')} value="" now={!byCommunity} />
        <Colour label={t('network-whole.by-community')} value="community" now={byCommunity} />
      </fieldset>
      <div className="beside">
        <div>
          <NetworkMoving
            key={String(byCommunity)}
            overview={overview}
            picked={at}
            pick={pick}
            byCommunity={byCommunity}
          />
          <p className="note legend">
            {t('network-whole.grey-lines-as-records')}{' '}
            <b className="by-proposal">{t('network-whole.this-colour')}</b>
            {t('network-whole.an-end-is-a')} <b className="by-doubt">{t('network-whole.this-one')}</b>
            {t('network-whole.a-human-was-unsure')}
          </p>
        </div>
        <Picked overview={overview} at={at} />
      </div>
      <NodesTable overview={overview} at={at} pick={pick} />
      <ContactsTable overview={overview} at={at} />
      <Section id="communities" title={t('network-whole.how-it-was-measured')}>
        <dl className="facts">
          {Object.entries(overview.methods).map(([name, method]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{method}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </>
  );
}

interface ColourProps {
  readonly label: string;
  readonly value: string;
  readonly now: boolean;
}

function Colour({ label, value, now }: ColourProps) {
  return (
    <button type="button" className="chip" aria-pressed={now} onClick={() => changeParts({ colour: value })}>
      {label}
    </button>
  );
}

interface PickedProps {
  readonly overview: Overview;
  readonly at: number;
}

function Picked({ overview, at }: PickedProps) {
  const { nodes } = overview;
  const id = nodes.id[at];
  const fact = (name: string, value: ReactNode) => (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
  return (
    <aside className="drawer" aria-label={t('network-whole.picked-node')}>
      <h2>{t('say.picked')}</h2>
      {id === undefined ? (
        <p className="muted">{t('network-whole.nothing-yet-press-a')}</p>
      ) : (
        <>
          <h3>
            <EvidenceText value={nodes.label[at]!} />
          </h3>
          <dl className="facts">
            {fact('Neighbours', count(nodes.neighbours[at]!))}
            {fact('Messages', count(nodes.messages[at]!))}
            {fact('Standing', certainties[nodes.certainty[at]!])}
            {fact('Page rank', nodes.page_rank[at]!.toFixed(5))}
            {fact('Between', nodes.between[at]!.toFixed(5))}
            {fact('Core', nodes.core[at]!)}
            {fact('Community', nodes.community[at]!)}
          </dl>
          <p className="acts">
            <Link href={hrefOf('/network', { of: id })}>{t('say.around-this-one')}</Link>
          </p>
        </>
      )}
    </aside>
  );
}

interface TableProps {
  readonly overview: Overview;
  readonly at: number;
  readonly pick: (index: number | null) => void;
}

function NodesTable({ overview, at, pick }: TableProps) {
  const { nodes } = overview;
  return (
    <Section id="nodes" title={t('say.nodes')} count={nodes.id.length}>
      <Table<number>
        caption={t('network-whole.nodes-of-the-network')}
        total={nodes.id.length}
        rowAt={(index) => index}
        keyOf={(index) => String(index)}
        rowHeight={34}
        current={at}
        onCurrent={pick}
        columns={[
          {
            name: 'node',
            head: 'Node',
            names: true,
            cell: (index) => (
              <Link data-item={keyOf(index)} href={hrefOf('/network', { of: nodes.id[index] })}>
                <EvidenceText value={nodes.label[index]!} />
              </Link>
            ),
          },
          {
            name: 'neighbours',
            head: 'Neighbours',
            className: 'number',
            cell: (i) => count(nodes.neighbours[i]!),
          },
          { name: 'messages', head: 'Messages', className: 'number', cell: (i) => count(nodes.messages[i]!) },
          { name: 'core', head: 'Core', className: 'number', cell: (i) => nodes.core[i] },
          {
            name: 'rank',
            head: 'Page rank',
            className: 'number',
            cell: (i) => nodes.page_rank[i]!.toFixed(5),
          },
          {
            name: 'between',
            head: 'Between',
            className: 'number',
            cell: (i) => nodes.between[i]!.toFixed(5),
          },
          { name: 'community', head: 'Community', className: 'number', cell: (i) => nodes.community[i] },
          { name: 'standing', head: 'Standing', cell: (i) => certainties[nodes.certainty[i]!] },
        ]}
      />
    </Section>
  );
}

function ContactsTable({ overview, at }: PickedProps) {
  const { nodes, edges } = overview;
  const [current, setCurrent] = useState(-1);
  const rows = useMemo(() => {
    const all = edges.a.map((_, index) => index);
    return at < 0 ? all : all.filter((index) => edges.a[index] === at || edges.b[index] === at);
  }, [edges, at]);
  const name = (index: number) => <EvidenceText value={nodes.label[index]!} />;
  return (
    <Section
      id="contacts"
      title={at < 0 ? t('say.contacts') : t('network-whole.contacts-of-the-picked')}
      count={rows.length}
      note={t('network-whole.around-somebody-each-stands')}
    >
      <Table<number>
        key={at}
        caption={t('network-whole.contacts-of-the-network')}
        total={rows.length}
        rowAt={(index) => rows[index]}
        keyOf={(index) => String(index)}
        rowHeight={34}
        keys={false}
        current={current}
        onCurrent={setCurrent}
        columns={[
          {
            name: 'a',
            head: 'Between',
            names: true,
            cell: (i) => (
              <Link href={hrefOf('/network', { of: nodes.id[edges.a[i]!], to: nodes.id[edges.b[i]!] })}>
                {name(edges.a[i]!)}
              </Link>
            ),
          },
          { name: 'b', head: 'And', cell: (i) => name(edges.b[i]!) },
          { name: 'messages', head: 'Messages', className: 'number', cell: (i) => count(edges.messages[i]!) },
          {
            name: 'even',
            head: 'Weaker direction',
            className: 'number',
            cell: (i) => `${Math.round(edges.reciprocity[i]! * 100)} %`,
          },
          {
            name: 'standing',
            head: 'Standing',
            cell: (i) => certainties[codes[edges.certainty[i]!] ?? 'stated'],
          },
        ]}
      />
    </Section>
  );
}
