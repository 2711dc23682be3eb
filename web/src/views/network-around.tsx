import { api } from '../api.ts';
import { changeParts, useParts } from '../parts.ts';
import { asEvidence, type Evidence } from '../ui/evidence.ts';
import { count } from '../ui/numbers.ts';
import { Asked } from '../ui/page.tsx';
import { Section } from '../ui/section.tsx';
import { t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import { NetworkDetails } from './network-details.tsx';
import { NetworkDrawing } from './network-drawing.tsx';
import { type Filter, useFilter } from './network-filters.tsx';
import { joined, type Neighbours } from './network-graph.ts';
import { BurstTable, ContactTable, NodeTable } from './network-tables.tsx';

/** Most expansions held in one address. */
const mostOpen = 24;
const most = 150;
/** A channel stands behind its node, after a character that no channel holds. */
const divider = '\u001f';

/** The neighbourhood of one node, with those that were expanded. All of it stands in the address. */
export function NetworkAround({ of }: { readonly of: string }) {
  const parts = useParts();
  const filter = useFilter();
  const hops = parts.get('hops') === '2' ? 2 : 1;
  const over = parts.get('over') === 'accounts' ? 'accounts' : '';
  const open = parts.getAll('open').slice(0, mostOpen);
  const picked = parts.getAll('pick').map(asEvidence);
  const answer = useAnswer(
    `around ${of} ${hops} ${over} ${JSON.stringify(filter)} ${open.join('\n')}`,
    () => around(of, hops, over, filter, open),
    { keep: true },
  );
  const pick = (node: Evidence, more: boolean) => {
    const others = picked.filter((each) => each !== node);
    changeParts({ pick: !more ? [node] : others.length < picked.length ? others : [...others, node] });
  };
  const expand = (node: Evidence, channel?: Evidence) => {
    const entry = asEvidence(channel === undefined ? join([node]) : join([node, channel]));
    if (open.some((each) => asEvidence(each) === entry)) return;
    changeParts({ open: [...open.map(asEvidence), entry], pick: [node] }, 'push');
  };
  return (
    <>
      <fieldset className="chips">
        <legend>{t('say.show')}</legend>
        <Choice name="hops" value="" label={t('network-around.one-step')} now={hops === 1} />
        <Choice name="hops" value="2" label={t('network-around.two-steps')} now={hops === 2} />
        <Choice name="over" value="" label={t('say.persons')} now={over === ''} />
        <Choice name="over" value="accounts" label={t('network-around.accounts')} now={over === 'accounts'} />
        {open.length > 0 && (
          <button
            type="button"
            className="chip"
            onClick={() => changeParts({ open: open.slice(0, -1) }, 'push')}
          >
            {t('network-around.undo-the-last-of')} {t('n.expansion', { n: open.length })}
          </button>
        )}
      </fieldset>
      <Asked answer={answer} what={t('say.the-neighbourhood')}>
        {(answers) => <Shown answers={answers} picked={picked} pick={pick} expand={expand} />}
      </Asked>
    </>
  );
}

function join(parts: readonly Evidence[]): string {
  return parts.join(divider);
}

/** The node itself and each expansion, one answer each. */
async function around(of: string, hops: 1 | 2, over: string, filter: Filter, open: readonly string[]) {
  const first = await api.neighbours({ of, hops, over, most, ...filter });
  const more = await Promise.all(
    open.map((entry) => {
      const [node = '', channel = ''] = entry.split(divider);
      return api.neighbours({
        of: node,
        over: first.over,
        fan: 50,
        most,
        ...filter,
        channel: channel === '' ? filter.channel : channel,
      });
    }),
  );
  return [first, ...more];
}

interface ChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly label: string;
  readonly now: boolean;
}

function Choice({ name, value, label, now }: ChoiceProps) {
  return (
    <button
      type="button"
      className="chip"
      aria-pressed={now}
      onClick={() => changeParts({ [name]: value, open: null })}
    >
      {label}
    </button>
  );
}

interface ShownProps {
  readonly answers: readonly Neighbours[];
  readonly picked: readonly Evidence[];
  readonly pick: (node: Evidence, more: boolean) => void;
  readonly expand: (node: Evidence, channel?: Evidence) => void;
}

function Shown({ answers, picked, pick, expand }: ShownProps) {
  const first = answers[0]!;
  const graph = joined(answers);
  const { reach, undated } = first;
  return (
    <>
      <p className="sums" role="status">
        <span>
          {count(reach.one)} {t('network-around.one-step-away')}
          {reach.two !== null && t('network-around.two-away', { two: reach.two })};{' '}
          {t('n.node', { n: graph.nodes.length })} {t('say.and')} {t('n.contact', { n: graph.edges.length })}{' '}
          {t('say.shown')}
        </span>
        {first.hidden.nodes > 0 && (
          <strong>
            +{count(first.hidden.nodes)} {t('say.hidden')}
          </strong>
        )}
        {undated > 0 && (
          <span className="muted">
            {t('n.message', { n: undated })} {t('say.without-a-known-time')}
          </span>
        )}
      </p>
      <div className="beside">
        <div>
          <NetworkDrawing graph={graph} centre={first.of} picked={picked} pick={pick} expand={expand} />
          <Legend />
        </div>
        <NetworkDetails graph={graph} answers={answers} picked={picked} expand={expand} />
      </div>
      <Section id="contacts" title={t('say.contacts')} count={graph.edges.length}>
        <ContactTable graph={graph} picked={picked} />
      </Section>
      <Section id="nodes" title={t('say.nodes')} count={graph.nodes.length}>
        <NodeTable graph={graph} picked={picked} pick={pick} expand={expand} />
      </Section>
      <Section id="bursts" title={t('network-around.bursts')} note={t('network-around.spans-in-which-two')}>
        <BurstTable graph={graph} picked={picked} />
      </Section>
    </>
  );
}

export function Legend() {
  return (
    <p className="note legend">
      {t('network-around.circle-a-person-square')} <b className="solid">{t('network-around.solid')}</b>{' '}
      {t('network-around.as-records-or-a')} <b className="dashed">{t('network-around.dashed')}</b>{' '}
      {t('network-around.an-end-is-a')} <b className="dotted">{t('network-around.dotted')}</b>{' '}
      {t('network-around.a-human-was-unsure')}
    </p>
  );
}
