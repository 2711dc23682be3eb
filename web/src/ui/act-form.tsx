import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useChanged } from '../use-answer.ts';
import { useWork } from '../use-work.ts';
import { Problem } from './problem.tsx';
import { t } from './words.ts';

/** What every act takes besides what it is about. */
export interface Stated {
  readonly reason: string;
  readonly grade?: string;
  readonly tlp?: (typeof labels)[number];
  readonly note?: string;
}

const labels = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const;

interface Props {
  /** Whether everything besides the reason has been stated. */
  readonly ready?: boolean;
  readonly submit: string;
  readonly act: (stated: Stated) => Promise<{ readonly sequence: number }>;
  readonly onDone?: (sequence: number) => void;
  /** Whether the act changes derived results only with the next build. */
  readonly needsBuild?: boolean;
  /** Whether the views around stay as they are: for lists that are worked through. */
  readonly quiet?: boolean;
  /** False for acts that take no grading. */
  readonly marking?: boolean;
  /** What the act needs besides its reason. */
  readonly children?: ReactNode;
}

/** An act of a human: never without a reason, with its grading where there is one, and its number when recorded. */
export function ActForm({
  ready = true,
  submit,
  act,
  onDone,
  needsBuild = false,
  quiet = false,
  marking = true,
  children,
}: Props) {
  const [reason, setReason] = useState('');
  const [grade, setGrade] = useState('');
  const [tlp, setTlp] = useState('');
  const [note, setNote] = useState('');
  const { working, error, run } = useWork();
  const [recorded, setRecorded] = useState<number>();
  const changed = useChanged();
  const id = useId();
  const send = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      const { sequence } = await act({
        reason: reason.trim(),
        ...(grade.trim() !== '' && { grade: grade.trim() }),
        ...(isLabel(tlp) && { tlp }),
        ...(note.trim() !== '' && { note: note.trim() }),
      });
      setRecorded(sequence);
      setReason('');
      if (!quiet) changed();
      onDone?.(sequence);
    });
  };
  return (
    <form className="fields act" onSubmit={send}>
      {children}
      <label htmlFor={`${id}reason`}>{t('reason.needed')}</label>
      <textarea
        id={`${id}reason`}
        data-reason
        required
        rows={2}
        maxLength={2000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {marking && (
        <details>
          <summary>{t('act.marking')}</summary>
          <div className="fields">
            <label htmlFor={`${id}grade`}>{t('act.grade')}</label>
            <input
              id={`${id}grade`}
              type="text"
              maxLength={40}
              value={grade}
              onChange={(event) => setGrade(event.target.value)}
            />
            <label htmlFor={`${id}tlp`}>{t('act.tlp')}</label>
            <select id={`${id}tlp`} value={tlp} onChange={(event) => setTlp(event.target.value)}>
              <option value="">{t('act.tlp-none')}</option>
              {labels.map((label) => (
                <option key={label} value={label}>
                  TLP:{label}
                </option>
              ))}
            </select>
            <label htmlFor={`${id}note`}>{t('act.note')}</label>
            <input
              id={`${id}note`}
              type="text"
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          </div>
        </details>
      )}
      <p>
        <button type="submit" disabled={working || !ready || reason.trim() === ''}>
          {working ? t('act.recording') : submit}
        </button>
      </p>
      <p role="status" className="good">
        {recorded !== undefined && (
          <>
            {t('act.recorded', { n: recorded })} {needsBuild && t('act.rebuild')}
          </>
        )}
      </p>
      {error && <Problem error={error} />}
    </form>
  );
}

function isLabel(text: string): text is (typeof labels)[number] {
  return (labels as readonly string[]).includes(text);
}

interface ChoiceProps<T extends string> {
  readonly legend: string;
  readonly options: readonly T[];
  readonly labelOf: (option: T) => string;
  readonly value: T | '';
  readonly onChange: (value: T) => void;
}

/** One of a few: none is chosen beforehand, so that nothing is decided by default. */
export function Choice<T extends string>({ legend, options, labelOf, value, onChange }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset>
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option}>
          <input
            type="radio"
            name={name}
            value={option}
            required
            checked={value === option}
            onChange={() => onChange(option)}
          />{' '}
          {labelOf(option)}
        </label>
      ))}
    </fieldset>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'date';
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly required?: boolean;
}

export function Field({ label, value, onChange, type = 'text', ...rest }: FieldProps) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input id={id} type={type} value={value} onChange={(event) => onChange(event.target.value)} {...rest} />
    </>
  );
}
