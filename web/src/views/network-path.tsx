import { type Answer, api } from '../api.ts';
import { changeParts, numberIn, useParts } from '../parts.ts';
import { asEvidence, type Evidence, keyOf } from '../ui/evidence.ts';
import { count } from '../ui/numbers.ts';
import { Asked } from '../ui/page.tsx';
import { Section } from '../ui/section.tsx';
import { t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import { Legend } from './network-around.tsx';
import { NetworkDrawing } from './network-drawing.tsx';
import { useFilter } from './network-filters.tsx';
import { columnsOfPaths, type Graph } from './network-graph.ts';
import { ContactTable, NodeName } from './network-tables.tsx';

type Path = Answer<'showPath'>;

/** All shortest ways by which two are in contact. A way says that messages were written, no more. */
export function NetworkPath({ a, b }: { readonly a: string; readonly b: string }) {
  const parts = useParts();
  const filter = useFilter();
  const hub = numberIn(parts, 'hub', 0);
  const answer = useAnswer(`path ${a} ${b} ${hub} ${JSON.stringify(filter)}`, () =>
    api.path({ a, b, most: 30, hub, ...filter }),
  );
  return (
    <>
      <p className="span">
        <label>
          {t('network-path.do-not-walk-through')}{' '}
          <input
            type="number"
            min={0}
            value={hub}
            onChange={(event) => changeParts({ hub: Number(event.target.value) || null })}
          />{' '}
          {t('network-path.0-walk-through-all')}
        </label>
        <button
          type="button"
          className="quiet small"
          onClick={() => changeParts({ to: null, hub: null, pick: null }, 'push')}
        >
          {t('network-path.back-to-the-neighbourhood')}
        </button>
      </p>
      <Asked answer={answer} what={t('network-path.the-ways-between-them')}>
        {(path) => <Ways path={path} />}
      </Asked>
    </>
  );
}

function Ways({ path }: { readonly path: Path }) {
  const picked = useParts().getAll('pick').map(asEvidence);
  const graph: Graph = {
    nodes: path.nodes,
    edges: path.edges,
    places: columnsOfPaths(path.paths),
    hidden: new Map(path.nodes.map(({ node, hidden }) => [node, hidden])),
  };
  const names = new Map(path.nodes.map((node) => [node.node, node]));
  const pick = (node: Evidence) => changeParts({ pick: [node] });
  if (path.length === null) {
    return (
      <p className="empty">
        {t('network-path.no-way-is-known')}
        {path.hubs_passed_over > 0 && t('network-path.passed', { n: path.hubs_passed_over })}
      </p>
    );
  }
  return (
    <>
      <p className="sums" role="status">
        <span>
          {t('n.shortest-way', { n: path.total })}
          {!path.exact && t('network-path.more-than-can-be')} {t('say.of')} {t('n.step', { n: path.length })}
        </span>
        {path.hidden > 0 && (
          <strong>
            +{count(path.hidden)} {t('say.hidden')}
          </strong>
        )}
        {path.undated > 0 && (
          <span className="muted">
            {t('n.message', { n: path.undated })} {t('say.without-a-known-time')}
          </span>
        )}
      </p>
      <NetworkDrawing graph={graph} centre={path.a} picked={picked} pick={pick} expand={pick} />
      <Legend />
      <Section id="ways" title={t('network-path.ways')} count={path.paths.length}>
        <ol className="ways">
          {path.paths.map((way, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never moves
            <li key={index}>
              {way.map((node, step) => (
                <span key={keyOf(node)}>
                  {step > 0 && ' → '}
                  <NodeName node={names.get(node)} id={node} />
                </span>
              ))}
            </li>
          ))}
        </ol>
      </Section>
      <Section id="contacts" title={t('network-path.contacts-on-these-ways')} count={path.edges.length}>
        <ContactTable graph={graph} picked={picked} />
      </Section>
    </>
  );
}
