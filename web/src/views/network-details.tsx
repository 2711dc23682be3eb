import { changeParts, hrefOf } from '../parts.ts';
import { addressOf, Link } from '../router.tsx';
import { type Evidence, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Unknown } from '../ui/unknown.tsx';
import { named, t } from '../ui/words.ts';
import type { Graph, Neighbours, Node } from './network-graph.ts';
import { certainties } from './network-tables.tsx';

interface Props {
  readonly graph: Graph;
  readonly answers: readonly Neighbours[];
  readonly picked: readonly Evidence[];
  readonly expand: (node: Evidence, channel?: Evidence) => void;
}

/** What is known of the nodes that are picked, and what can be done with them. */
export function NetworkDetails({ graph, answers, picked, expand }: Props) {
  const nodes = graph.nodes.filter(({ node }) => picked.includes(node));
  const [a, b] = nodes;
  return (
    <aside className="drawer" aria-label={t('network-details.picked-nodes')}>
      <h2>{t('say.picked')}</h2>
      {nodes.length === 0 && <p className="muted">{t('network-details.nothing-yet-press-a')}</p>}
      {a && b && nodes.length === 2 && (
        <p>
          <Link href={hrefOf('/network', { of: a.node, to: b.node })}>
            {t('network-details.ways-between-the-two')}
          </Link>
        </p>
      )}
      {nodes.slice(0, 6).map((node) => (
        <One key={keyOf(node.node)} node={node} graph={graph} expand={expand} />
      ))}
      {nodes.length > 6 && (
        <p className="muted">
          {nodes.length - 6} {t('network-details.more-are-picked')}
        </p>
      )}
      {nodes.length > 0 && (
        <button type="button" className="quiet small" onClick={() => changeParts({ pick: null })}>
          {t('network-details.pick-nothing')}
        </button>
      )}
      <Links answers={answers} />
    </aside>
  );
}

interface OneProps {
  readonly node: Node;
  readonly graph: Graph;
  readonly expand: (node: Evidence, channel?: Evidence) => void;
}

function One({ node, graph, expand }: OneProps) {
  const hidden = graph.hidden.get(node.node) ?? 0;
  const channels = [
    ...new Set(
      graph.edges.flatMap((edge) =>
        edge.a === node.node || edge.b === node.node ? edge.ways.map(({ channel }) => channel) : [],
      ),
    ),
  ].sort();
  return (
    <section aria-label={t('network-details.a-picked-node')}>
      <h3>
        <EvidenceText value={node.label} />
      </h3>
      <dl className="facts">
        <dt>{t('say.accounts')}</dt>
        <dd>
          <ul className="plain">
            {node.account_list.map((account) => (
              <li key={keyOf(account)}>
                <EvidenceText value={account} />
              </li>
            ))}
          </ul>
          {node.accounts > node.account_list.length &&
            t('network-details.and-more', { n: node.accounts - node.account_list.length })}
        </dd>
        <dt>{t('say.standing')}</dt>
        <dd>{certainties[node.certainty]}</dd>
        <dt>{t('say.rank')}</dt>
        <dd>
          {node.rank === null ? <Unknown text={t('network-details.not-in-the-queue')} /> : count(node.rank)}
        </dd>
        <dt>{t('say.neighbours')}</dt>
        <dd>
          {count(node.neighbours)}, {count(hidden)} {t('network-details.of-them-hidden')}
        </dd>
        <dt>{t('say.messages')}</dt>
        <dd>
          {count(node.sent)} {t('network-details.sent')} {count(node.received)}{' '}
          {t('network-details.received')}
        </dd>
      </dl>
      <p className="acts">
        {hidden > 0 && (
          <button type="button" className="quiet small" onClick={() => expand(node.node)}>
            {t('network-details.expand')}
            {count(hidden)} {t('say.hidden')}
          </button>
        )}
        {hidden > 0 &&
          channels.map((channel) => (
            <button
              key={keyOf(channel)}
              type="button"
              className="quiet small"
              onClick={() => expand(node.node, channel)}
            >
              {t('network-details.expand-by')} <EvidenceText value={channel} />
            </button>
          ))}
        <Link href={hrefOf('/network', { of: node.node })}>{t('say.around-this-one')}</Link>{' '}
        {node.person !== null && (
          <>
            <Link href={addressOf.person(node.person)}>{t('network-details.the-person')}</Link>{' '}
            <Link href={hrefOf('/timeline', { persons: node.person })}>{t('say.timeline')}</Link>
          </>
        )}
      </p>
    </section>
  );
}

/** Pairs of accounts that evidence joins, among the nodes shown. */
function Links({ answers }: { readonly answers: readonly Neighbours[] }) {
  const [first] = answers;
  if (!first || (first.links.shown.length === 0 && first.links.hidden === 0)) return null;
  return (
    <details>
      <summary>
        {t('network-details.pairs-of-accounts-joined')}{' '}
        <span className="count">{count(first.links.shown.length + first.links.hidden)}</span>
      </summary>
      <ul className="plain">
        {first.links.shown.slice(0, 20).map((link) => (
          <li key={keyOf(link.account_a, link.account_b)}>
            <EvidenceText value={link.account_a} /> {t('say.and')} <EvidenceText value={link.account_b} />{' '}
            <span className="tag inference">
              {link.bits.toFixed(1)} {t('network-details.bits')}{' '}
              {link.decision === null
                ? t('network-details.proposed')
                : t('network-details.a-human', { verdict: named('verdict', link.decision) })}
            </span>
          </li>
        ))}
      </ul>
      {first.links.shown.length > 20 && (
        <p className="muted">
          {first.links.shown.length - 20} {t('network-details.more-among-them')}
        </p>
      )}
      {first.links.hidden > 0 && (
        <p className="muted">
          {t('n.pair', { n: first.links.hidden })} {t('network-details.not-in-this-answer')}
        </p>
      )}
    </details>
  );
}
