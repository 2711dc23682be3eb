import { useCallback, useMemo, useState } from 'react';
import { type Answer, api } from '../api.ts';
import { useCommands } from '../commands.ts';
import { addressOf, Link } from '../router.tsx';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Problem } from '../ui/problem.tsx';
import { Band } from '../ui/reasons.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { named, t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import { nameOf } from './queue.tsx';
import { ReviewDialog } from './review-dialog.tsx';

type Sampled = Answer<'showAudit'>['sample'][number];

const sampleSize = 20;
const rowHeight = 52;

/** A random few of those whom nothing put forward: what the rules may have missed. */
export function AuditLane() {
  const answer = useAnswer('audit', () => api.audit(sampleSize), { keep: true });
  const [current, setCurrent] = useState(-1);
  const [reviewing, setReviewing] = useState(false);
  const close = useCallback(() => setReviewing(false), []);
  const sample = answer.state === 'answered' ? answer.value.sample : [];
  const chosen = sample[current];
  useCommands(
    chosen ? [{ id: 'review', label: t('review.title'), key: 'r', act: () => setReviewing(true) }] : [],
  );
  const columns = useMemo(columnsOf, []);
  if (answer.state === 'failed') return <Problem error={answer.error} />;
  if (answer.state === 'asking') return <p className="muted">{t('shell.reading')}</p>;
  const { population, counted, seed } = answer.value;
  return (
    <>
      <p className="note">
        {t('audit.about', { n: sample.length, of: population })} {t('audit.seed')} <code>{seed}</code>
      </p>
      <p className="line">
        <span>{t('audit.counted', { n: counted.reviewed, referred: counted.referred })}</span>
        {counted.most === null ? (
          <Unknown text={t('audit.too-few')} />
        ) : (
          <strong>{t('audit.most', { share: (counted.most * 100).toFixed(1) })}</strong>
        )}
      </p>
      <Table
        caption={t('queue.audit')}
        columns={columns}
        total={sample.length}
        rowAt={(index) => sample[index]}
        keyOf={({ person }) => person}
        rowHeight={rowHeight}
        current={current}
        onCurrent={setCurrent}
      />
      {chosen && (
        <ReviewDialog open={reviewing} onClose={close} person={chosen.person} name={nameOf(chosen)} />
      )}
    </>
  );
}

const columnsOf = (): readonly Column<Sampled>[] => [
  {
    name: 'person',
    head: t('queue.person'),
    names: true,
    cell: (each) => (
      <Link className="open" data-item={each.person} href={addressOf.person(each.person)}>
        <EvidenceText value={nameOf(each)} />
      </Link>
    ),
  },
  {
    name: 'band',
    head: t('queue.band'),
    cell: ({ band, rank }) =>
      band === null ? (
        <Unknown text={t('audit.not-ranked')} />
      ) : (
        <>
          <Band band={band} /> {rank}
        </>
      ),
  },
  {
    name: 'accounts',
    head: t('queue.accounts'),
    className: 'number',
    cell: ({ accounts }) => accounts.length,
  },
  {
    name: 'review',
    head: t('queue.review'),
    cell: ({ review }) =>
      review === null ? (
        <Unknown text={t('queue.not-reviewed')} />
      ) : (
        <span className="tag fact">{named('outcome', review.outcome)}</span>
      ),
  },
];
