import { type FormEvent, useId, useState } from 'react';
import { type Answer, type ApiError, api } from '../api.ts';
import { useWork } from '../use-work.ts';
import { Dialog } from './dialog.tsx';
import { type Evidence, keyOf } from './evidence.ts';
import { EvidenceText } from './evidence-text.tsx';
import { Problem } from './problem.tsx';
import { t } from './words.ts';

type Policy = Answer<'showReading'>;
/** What is stated with the opening of a text. */
export interface Stated {
  readonly reason?: string;
  readonly second?: { readonly name: Evidence; readonly key: string };
}

interface Opener {
  /** To be called when somebody wants to read: `open` is run at once, or once what is asked for was stated. */
  readonly ask: () => Promise<unknown>;
  /** The window in which it is stated; nothing while it is closed. */
  readonly dialog: React.ReactNode;
  readonly asking: boolean;
  readonly error: ApiError | undefined;
}

/** Opens a text as the operation asks: recorded always, with a reason or a second person where it says so. */
export function useOpening(open: (stated: Stated) => Promise<void>): Opener {
  const [policy, setPolicy] = useState<Policy>();
  const { working: asking, error, run } = useWork();
  const ask = () =>
    run(async () => {
      const asked = await api.reading();
      if (asked.reason || asked.second) setPolicy(asked);
      else await open({});
    });
  const dialog = policy && (
    <Dialog open onClose={() => setPolicy(undefined)} title={t('reading.title')} className="wide">
      <OpeningForm
        policy={policy}
        working={asking}
        state={(stated) =>
          run(async () => {
            await open(stated);
            setPolicy(undefined);
          })
        }
      />
      {error && <Problem error={error} />}
    </Dialog>
  );
  return { ask, dialog, asking, error: policy ? undefined : error };
}

interface FormProps {
  readonly policy: Policy;
  readonly working: boolean;
  readonly state: (stated: Stated) => void;
}

function OpeningForm({ policy, working, state }: FormProps) {
  const [reason, setReason] = useState('');
  const [name, setName] = useState<Evidence | null>(null);
  const [key, setKey] = useState('');
  const id = useId();
  const ready =
    (!policy.reason || reason.trim() !== '') && (!policy.second || (name !== null && key.trim() !== ''));
  const send = (event: FormEvent) => {
    event.preventDefault();
    state({
      ...(reason.trim() !== '' && { reason: reason.trim() }),
      ...(policy.second && name !== null && { second: { name, key: key.trim() } }),
    });
  };
  return (
    <form className="fields" onSubmit={send}>
      <p className="note">{t('reading.about')}</p>
      {policy.reason && (
        <>
          <label htmlFor={`${id}reason`}>{t('reason.needed')}</label>
          <textarea
            id={`${id}reason`}
            required
            rows={2}
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </>
      )}
      {policy.second && policy.second_readers.length === 0 && <p className="bad">{t('reading.nobody')}</p>}
      {policy.second && policy.second_readers.length > 0 && (
        <>
          <fieldset>
            <legend>{t('reading.second')}</legend>
            {policy.second_readers.map((reader) => (
              <label key={keyOf(reader)}>
                <input
                  type="radio"
                  name={`${id}second`}
                  required
                  checked={name === reader}
                  onChange={() => setName(reader)}
                />{' '}
                <EvidenceText value={reader} />
              </label>
            ))}
          </fieldset>
          <label htmlFor={`${id}key`}>{t('reading.key')}</label>
          <input
            id={`${id}key`}
            type="password"
            autoComplete="off"
            required
            maxLength={200}
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
        </>
      )}
      <p>
        <button type="submit" disabled={working || !ready}>
          {t('reading.open')}
        </button>
      </p>
    </form>
  );
}
