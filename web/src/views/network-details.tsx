import { changeParts, hrefOf } from '../parts.ts';
import { addressOf, Link } from '../router.tsx';
import { type Evidence, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count, counted } from '../ui/numbers.ts';
import { Unknown } from '../ui/unknown.tsx';
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
    <aside className="drawer" aria-label="Picked nodes">
      <h2>Picked</h2>
      {nodes.length === 0 && (
        <p className="muted">Nothing yet: press a node, or its name in the table below.</p>
      )}
      {a && b && nodes.length === 2 && (
        <p>
          <Link href={hrefOf('/network', { of: a.node, to: b.node })}>Ways between the two</Link>
        </p>
      )}
      {nodes.slice(0, 6).map((node) => (
        <One key={keyOf(node.node)} node={node} graph={graph} expand={expand} />
      ))}
      {nodes.length > 6 && <p className="muted">{nodes.length - 6} more are picked.</p>}
      {nodes.length > 0 && (
        <button type="button" className="quiet small" onClick={() => changeParts({ pick: null })}>
          Pick nothing
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
    <section aria-label="A picked node">
      <h3>
        <EvidenceText value={node.label} />
      </h3>
      <dl className="facts">
        <dt>Accounts</dt>
        <dd>
          <ul className="plain">
            {node.account_list.map((account) => (
              <li key={keyOf(account)}>
                <EvidenceText value={account} />
              </li>
            ))}
          </ul>
          {node.accounts > node.account_list.length &&
            `and ${counted(node.accounts - node.account_list.length, 'more', 'more')}`}
        </dd>
        <dt>Standing</dt>
        <dd>{certainties[node.certainty]}</dd>
        <dt>Rank</dt>
        <dd>{node.rank === null ? <Unknown text="not in the queue" /> : count(node.rank)}</dd>
        <dt>Neighbours</dt>
        <dd>
          {count(node.neighbours)}, {count(hidden)} of them hidden
        </dd>
        <dt>Messages</dt>
        <dd>
          {count(node.sent)} sent, {count(node.received)} received
        </dd>
      </dl>
      <p className="acts">
        {hidden > 0 && (
          <button type="button" className="quiet small" onClick={() => expand(node.node)}>
            Expand: +{count(hidden)} hidden
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
              Expand by <EvidenceText value={channel} />
            </button>
          ))}
        <Link href={hrefOf('/network', { of: node.node })}>Around this one</Link>{' '}
        {node.person !== null && (
          <>
            <Link href={addressOf.person(node.person)}>The person</Link>{' '}
            <Link href={hrefOf('/timeline', { persons: node.person })}>Timeline</Link>
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
        Pairs of accounts joined here{' '}
        <span className="count">{count(first.links.shown.length + first.links.hidden)}</span>
      </summary>
      <ul className="plain">
        {first.links.shown.slice(0, 20).map((link) => (
          <li key={keyOf(link.account_a, link.account_b)}>
            <EvidenceText value={link.account_a} /> and <EvidenceText value={link.account_b} />{' '}
            <span className="tag inference">
              {link.bits.toFixed(1)} bits, {link.decision === null ? 'proposed' : `a human: ${link.decision}`}
            </span>
          </li>
        ))}
      </ul>
      {first.links.shown.length > 20 && (
        <p className="muted">{first.links.shown.length - 20} more among them.</p>
      )}
      {first.links.hidden > 0 && (
        <p className="muted">{counted(first.links.hidden, 'pair')} not in this answer.</p>
      )}
    </details>
  );
}
