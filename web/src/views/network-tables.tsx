import { addressOf, Link } from '../router.tsx';
import { type Evidence, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Rows } from '../ui/rows.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Span } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { t } from '../ui/words.ts';
import type { Graph, Node } from './network-graph.ts';

/** What a node's certainty means, in words: the same as the lines of the drawing. */
export const certainties: Readonly<Record<Node['certainty'], string>> = {
  stated: 'as records state it',
  decided: "joined by a human's decision",
  proposed: 'joined by proposal',
  unsure: 'a human was unsure',
};

interface NodesProps {
  readonly graph: Graph;
  readonly picked: readonly Evidence[];
  readonly pick: (node: Evidence, more: boolean) => void;
  readonly expand: (node: Evidence) => void;
}

/** Every node of the drawing. What is picked here is picked there. */
export function NodeTable({ graph, picked, pick, expand }: NodesProps) {
  return (
    <Rows
      caption={t('network-tables.nodes-of-the-drawing')}
      heads={[
        t('say.picked'),
        t('say.node'),
        t('say.accounts'),
        t('say.neighbours'),
        t('network-tables.hidden'),
        t('say.sent'),
        t('say.received'),
        t('say.standing'),
      ]}
      rows={graph.nodes}
      row={(node) => {
        const hidden = graph.hidden.get(node.node) ?? 0;
        const on = picked.includes(node.node);
        return (
          <tr key={keyOf(node.node)} className={on ? 'chosen' : ''}>
            <td>
              <label className="pick">
                <input type="checkbox" checked={on} onChange={() => pick(node.node, true)} />{' '}
                <span className="hidden">{t('network-tables.pick-this-node')}</span>
              </label>
            </td>
            <th scope="row">
              <button
                type="button"
                className="plain"
                data-item={keyOf(node.node)}
                onClick={() => pick(node.node, false)}
              >
                <EvidenceText value={node.label} />
              </button>
            </th>
            <td className="number">{count(node.accounts)}</td>
            <td className="number">{count(node.neighbours)}</td>
            <td className="number">
              {hidden === 0 ? (
                '0'
              ) : (
                <button type="button" className="quiet small" onClick={() => expand(node.node)}>
                  +{count(hidden)} {t('say.hidden')}
                </button>
              )}
            </td>
            <td className="number">{count(node.sent)}</td>
            <td className="number">{count(node.received)}</td>
            <td className={node.certainty === 'proposed' || node.certainty === 'unsure' ? 'inferred' : ''}>
              {certainties[node.certainty]}
            </td>
          </tr>
        );
      }}
    />
  );
}

interface ContactsProps {
  readonly graph: Pick<Graph, 'edges' | 'nodes'>;
  readonly picked: readonly Evidence[];
}

/** Every contact of the drawing by direction and channel, those of picked nodes first, each with its source. */
export function ContactTable({ graph, picked }: ContactsProps) {
  const names = new Map(graph.nodes.map((node) => [node.node, node]));
  const chosen = new Set(picked);
  const ways = graph.edges.flatMap((edge) => edge.ways.map((way) => ({ way, edge })));
  const touches = ({ way }: (typeof ways)[number]) => chosen.has(way.from) || chosen.has(way.to);
  const rows = chosen.size === 0 ? ways : [...ways.filter(touches), ...ways.filter((each) => !touches(each))];
  return (
    <Rows
      caption={t('network-tables.contacts-of-the-drawing')}
      heads={[
        t('say.from'),
        t('say.to-2'),
        t('say.channel'),
        t('say.messages'),
        t('say.first-and-last'),
        t('network-tables.certainty'),
        t('say.first-source'),
      ]}
      rows={rows}
      row={({ way, edge }) => (
        <tr
          key={keyOf(way.from, way.to, way.channel)}
          className={chosen.has(way.from) || chosen.has(way.to) ? 'chosen' : ''}
        >
          <th scope="row">
            <NodeName node={names.get(way.from)} id={way.from} />
          </th>
          <td>
            <NodeName node={names.get(way.to)} id={way.to} />
          </td>
          <td>
            <EvidenceText value={way.channel} />
          </td>
          <td className="number">
            {count(way.messages)}
            {edge.bursts.length > 0 && <div className="muted">{t('n.burst', { n: edge.bursts.length })}</div>}
          </td>
          <td>
            <Span first={way.first_time} last={way.last_time} />
          </td>
          <td className={edge.certainty === 'proposed' || edge.certainty === 'unsure' ? 'inferred' : ''}>
            {certainties[edge.certainty]}
          </td>
          <td>
            <SourceLink pointer={way.pointer} of={t('say.the-first-message')} item />
          </td>
        </tr>
      )}
    />
  );
}

export function NodeName({ node, id }: { readonly node: Node | undefined; readonly id: Evidence }) {
  const name = <EvidenceText value={node?.label ?? id} />;
  const person = node?.person ?? null;
  return person === null ? name : <Link href={addressOf.person(person)}>{name}</Link>;
}

/** Bursts: spans in which two wrote far more than they usually do. */
export function BurstTable({ graph, picked }: ContactsProps) {
  const names = new Map(graph.nodes.map((node) => [node.node, node]));
  const chosen = new Set(picked);
  const bursts = graph.edges
    .filter(({ a, b }) => chosen.size === 0 || chosen.has(a) || chosen.has(b))
    .flatMap((edge) => edge.bursts.map((burst) => ({ burst, edge })));
  if (bursts.length === 0) return <Unknown text={t('network-tables.none-among-the-contacts')} />;
  return (
    <Rows
      caption={t('network-tables.bursts-of-contact')}
      heads={[
        t('say.between'),
        t('network-tables.and'),
        t('say.from'),
        t('say.to-2'),
        t('say.messages'),
        t('network-tables.usual-a-day'),
      ]}
      rows={bursts}
      row={({ burst, edge }) => (
        <tr key={keyOf(edge.a, edge.b, burst.from)}>
          <th scope="row">
            <NodeName node={names.get(edge.a)} id={edge.a} />
          </th>
          <td>
            <NodeName node={names.get(edge.b)} id={edge.b} />
          </td>
          <td className="short">{burst.from}</td>
          <td className="short">{burst.to}</td>
          <td className="number">{count(burst.messages)}</td>
          <td className="number">{burst.usual.toFixed(2)}</td>
        </tr>
      )}
    />
  );
}
