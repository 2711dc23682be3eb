import { useState } from 'react';
import { api } from '../api.ts';
import { ActForm, Choice } from '../ui/act-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { Evidence } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { named, t } from '../ui/words.ts';

const outcomes = ['reviewed', 'referred', 'cleared', 'no action'] as const;
type Outcome = (typeof outcomes)[number];

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly person: string;
  readonly name: Evidence | null;
}

/** What a human found on looking at a person. Nothing is chosen beforehand. */
export function ReviewDialog({ open, onClose, person, name }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title={t('review.title')} className="wide">
      <p>
        <EvidenceText value={name} /> <code className="muted">{person}</code>
      </p>
      <ReviewForm key={person} person={person} onDone={onClose} />
      <p>
        <button type="button" className="quiet" onClick={onClose}>
          {t('common.cancel')}
        </button>
      </p>
    </Dialog>
  );
}

export function ReviewForm({ person, onDone }: { readonly person: string; readonly onDone?: () => void }) {
  const [outcome, setOutcome] = useState<Outcome | ''>('');
  return (
    <ActForm
      ready={outcome !== ''}
      submit={t('review.record')}
      act={(stated) => api.review(person, { outcome: outcome as Outcome, ...stated })}
      {...(onDone && { onDone })}
    >
      <Choice
        legend={t('review.found')}
        options={outcomes}
        labelOf={(each) => named('outcome', each)}
        value={outcome}
        onChange={setOutcome}
      />
      {outcome === 'cleared' && <p className="note">{t('review.cleared-note')}</p>}
    </ActForm>
  );
}
