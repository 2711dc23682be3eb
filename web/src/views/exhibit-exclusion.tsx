import { type FormEvent, useState } from 'react';
import { api } from '../api.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Problem } from '../ui/problem.tsx';
import { Section } from '../ui/section.tsx';
import { named, t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import { useWork } from '../use-work.ts';
import { ChangesOf, comparedWith, type Exclusion } from './exhibit-changes.tsx';

type Act = 'exclude' | 'include';

interface Props {
  readonly id: string;
  readonly act: Act;
  readonly onDone: () => void;
}

/** Taking an exhibit out or back in: what would change first, then the act with its reason. */
export function Standing({ id, act, onDone }: Props) {
  const past = useAnswer(`exclusions ${id}`, () => api.exclusions(id));
  const [made, setMade] = useState<Exclusion>();
  const [doing, setDoing] = useState<'preview' | 'act'>();
  const [reason, setReason] = useState('');
  const { working, error, run } = useWork();
  const preview = () => {
    setDoing('preview');
    return run(async () => setMade(await api.previewExclusion(id, act)));
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    setDoing('act');
    void run(async () => {
      await (act === 'exclude' ? api.exclude(id, reason) : api.include(id, reason));
      setReason('');
      setMade(undefined);
      onDone();
    });
  };
  const kept = past.state === 'answered' ? past.value.preview : null;
  const shown = made?.act === act ? made : kept?.act === act ? kept : undefined;
  return (
    <>
      <Section
        id={act === 'exclude' ? 'exclude' : 'include'}
        title={t(`${act}.title`)}
        note={t(`${act}.note`)}
      >
        <p>
          <button type="button" className="quiet" onClick={preview} disabled={working}>
            {working && doing === 'preview' ? t('exclude.working') : t(`${act}.preview`)}
          </button>{' '}
          <span className="muted">{t('exclude.preview-note')}</span>
        </p>
        {shown && (
          <div className="preview" role="status">
            <h3>{t('exclude.would')}</h3>
            <p className="note">{t('exclude.would-note', { what: comparedWith(shown) })}</p>
            <ChangesOf exclusion={shown} />
          </div>
        )}
        <form className="exclude" onSubmit={send}>
          <label htmlFor="reason">{t('reason.needed')}</label>
          <textarea
            id="reason"
            required
            rows={2}
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <button type="submit" disabled={working || reason.trim() === ''}>
            {working && doing === 'act' ? t(`${act}.acting`) : t(`${act}.act`)}
          </button>
        </form>
        {error && <Problem error={error} />}
      </Section>
      {past.state === 'answered' && past.value.acts.length > 0 && (
        <Section id="fell" title={t('exclude.past')} count={past.value.acts.length}>
          {past.value.acts.map((each) => (
            <div key={each.sequence} className="past">
              <p>
                {each.time.slice(0, 16).replace('T', ' ')} UTC, <EvidenceText value={each.author} />:{' '}
                <strong>{named('exclude.did', each.act)}</strong>. <EvidenceText value={each.reason} />
              </p>
              {each.result === null ? (
                <p className="note">{t('exclude.cut-off')}</p>
              ) : (
                <details>
                  <summary>{t('exclude.show')}</summary>
                  <ChangesOf exclusion={each.result} />
                </details>
              )}
            </div>
          ))}
        </Section>
      )}
    </>
  );
}
