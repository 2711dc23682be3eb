import { useState } from 'react';
import { type Answer, api } from '../api.ts';
import { useQuery } from '../router.tsx';
import { ActForm } from '../ui/act-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { HandlingBanner, MarkingOf } from '../ui/marking.tsx';
import { Empty } from '../ui/section.tsx';
import { View } from '../ui/view.tsx';
import { named, t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';

export type Decided = Answer<'listDecisions'>['decisions'][number];

const pageRows = 500;
const mostPages = 40;
const kinds = [
  'link',
  'fact',
  'risk assessment',
  'review',
  'category',
  'outcome',
  'child',
  'child state',
  'child urgency',
  'child owner',
  'grade',
  'rules',
  'policy',
  'undo',
] as const;

/** The decisions with these numbers, or the latest. */
async function find(numbers: readonly number[], kind: string) {
  if (numbers.length === 0) return api.decisions(kind, pageRows, 0);
  const wanted = new Set(numbers);
  const found: Decided[] = [];
  for (let page = 0; page < mostPages && found.length < wanted.size; page++) {
    const { decisions, more } = await api.decisions('', pageRows, page * pageRows);
    found.push(...decisions.filter(({ sequence }) => wanted.has(sequence)));
    if (!more) break;
  }
  return { decisions: found, total: found.length, more: false };
}

/** What humans decided: all, or those behind one number. */
export function DecisionsPage() {
  const [query, change] = useQuery({ numbers: '', kind: '' });
  const numbers = query.numbers.split(',').flatMap((text) => (/^\d{1,9}$/.test(text) ? [Number(text)] : []));
  const answer = useAnswer(`decisions ${query.kind} ${query.numbers}`, () => find(numbers, query.kind), {
    keep: true,
  });
  return (
    <View title={t('decisions.title')} answer={answer}>
      {({ decisions, total, more }) => (
        <>
          <div className="heading">
            <h1 tabIndex={-1}>{t('decisions.title')}</h1>
            <p className="muted">
              {numbers.length > 0 ? t('decisions.behind', { n: total }) : t('decisions.about', { n: total })}
            </p>
          </div>
          <HandlingBanner markings={decisions.map(({ marking }) => marking)} />
          <div className="filters">
            {numbers.length > 0 ? (
              <button type="button" className="quiet" onClick={() => change({ numbers: '' })}>
                {t('decisions.all')}
              </button>
            ) : (
              <label>
                {t('decisions.kind')}
                <select value={query.kind} onChange={(event) => change({ kind: event.target.value })}>
                  <option value="">{t('decisions.every-kind')}</option>
                  {kinds.map((kind) => (
                    <option key={kind} value={kind}>
                      {named('kind', kind)}
                    </option>
                  ))}
                </select>
              </label>
            )}
          </div>
          {decisions.length === 0 ? (
            <Empty>
              <p>{t('decisions.none')}</p>
            </Empty>
          ) : (
            <DecisionList decisions={decisions} />
          )}
          {more && <p className="muted">{t('decisions.cut', { n: decisions.length })}</p>}
        </>
      )}
    </View>
  );
}

interface ListProps {
  readonly decisions: readonly (Decided & { readonly held?: string })[];
}

/** Decisions with who, when and why; each can be taken back, and both stay on record. */
export function DecisionList({ decisions }: ListProps) {
  const [undoing, setUndoing] = useState<number>();
  return (
    <>
      <ul className="links">
        {decisions.map((decision) => (
          <li key={decision.sequence} className={decision.undone === null ? 'decided' : 'decided withdrawn'}>
            <div className="pair">
              <span className="tag fact">{named('kind', decision.kind)}</span>
              <strong>
                <EvidenceText value={decision.value} />
              </strong>
              {decision.held !== undefined && decision.held !== 'whole' && (
                <span className="tag against">{named('held', decision.held)}</span>
              )}
              <span className="muted">
                {t('decisions.number', { n: decision.sequence })} · <EvidenceText value={decision.author} /> ·{' '}
                {decision.time.slice(0, 16).replace('T', ' ')} UTC
              </span>
              <MarkingOf marking={decision.marking} />
              {decision.undone === null ? (
                decision.kind !== 'undo' && (
                  <button
                    type="button"
                    className="plain"
                    data-item={`undo ${decision.sequence}`}
                    onClick={() => setUndoing(decision.sequence)}
                  >
                    {t('decisions.undo')}
                  </button>
                )
              ) : (
                <span className="tag against">{t('decisions.undone', { by: decision.undone })}</span>
              )}
            </div>
            <EvidenceText value={decision.reason} />
            <ul className="accounts">
              {decision.subject.map((subject, index) => (
                <li key={keyOf(subject, index)} className="muted">
                  <EvidenceText value={subject} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      <Dialog
        open={undoing !== undefined}
        onClose={() => setUndoing(undefined)}
        title={t('decisions.undo-title', { n: undoing ?? 0 })}
        className="wide"
      >
        <p className="note">{t('decisions.undo-note')}</p>
        <ActForm
          submit={t('decisions.undo')}
          marking={false}
          act={({ reason }) => api.undo(undoing!, reason)}
          onDone={() => setUndoing(undefined)}
        />
        <p>
          <button type="button" className="quiet" onClick={() => setUndoing(undefined)}>
            {t('common.cancel')}
          </button>
        </p>
      </Dialog>
    </>
  );
}
