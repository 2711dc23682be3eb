import { type ChangeEvent, type DragEvent, type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { type Answer, ApiError, api, followWork } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { Field } from '../ui/act-form.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { bytes, count } from '../ui/numbers.ts';
import { Problem } from '../ui/problem.tsx';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { BriefTallies } from '../ui/tallies.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { named, t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import { useWork } from '../use-work.ts';
import { type Chosen, chosenOf, droppedOf, joined, type Sending, sendAll, sizeOf } from './intake-files.ts';

type Intake = Answer<'showIntake'>;

const labels = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const;

/** Handing over: files and folders of this browser, or a path of the machine that Waymark runs on. */
export function IntakePage() {
  const answer = useAnswer('intake', api.intake, { keep: true, fresh: true });
  return (
    <View title={t('nav.intake')} answer={answer}>
      {(intake) => (
        <>
          <div className="heading">
            <h1 tabIndex={-1}>{t('nav.intake')}</h1>
            <p className="muted">{t('intake.about')}</p>
          </div>
          <Handover intake={intake} again={answer.again} />
          <PathForm intake={intake} again={answer.again} />
          {intake.failed !== null && (
            <Section id="failed" title={t('intake.failed')}>
              <Problem error={new ApiError(intake.failed, 0)} />
            </Section>
          )}
          {intake.last && <Delivered delivered={intake.last} />}
        </>
      )}
    </View>
  );
}

interface Said {
  readonly authority: string;
  readonly reference?: string;
  readonly custody?: string;
  readonly grade?: string;
  readonly tlp?: (typeof labels)[number];
  readonly note?: string;
}

/** Under which authority it comes, how it was handed over, how it is graded. */
function useSaid(intake: Intake) {
  const [choice, setChoice] = useState('');
  const [other, setOther] = useState('');
  const [reference, setReference] = useState('');
  const [custody, setCustody] = useState('');
  const [grade, setGrade] = useState('');
  const [tlp, setTlp] = useState('');
  const [note, setNote] = useState('');
  const id = useId();
  const isOther = choice === 'other' || intake.authorities.length === 0;
  const authority = (isOther ? other : choice.replace(/^used /, '')).trim();
  const label = labels.find((each) => each === tlp);
  const said: Said = {
    authority,
    ...(reference.trim() !== '' && { reference: reference.trim() }),
    ...(custody.trim() !== '' && { custody: custody.trim() }),
    ...(grade.trim() !== '' && { grade: grade.trim() }),
    ...(label && { tlp: label }),
    ...(note.trim() !== '' && { note: note.trim() }),
  };
  const fields = (
    <>
      {intake.authorities.length > 0 && (
        <>
          <label htmlFor={`${id}authority`}>{t('intake.authority')}</label>
          <select
            id={`${id}authority`}
            required
            value={choice}
            onChange={(event) => setChoice(event.target.value)}
          >
            <option value="">{t('intake.authority-choose')}</option>
            {intake.authorities.map((each) => (
              <option key={each.authority} value={`used ${each.authority}`}>
                {each.authority} ({t('intake.authority-used', { n: each.exhibits })})
              </option>
            ))}
            <option value="other">{t('intake.authority-other')}</option>
          </select>
        </>
      )}
      {isOther && (
        <>
          <Field
            label={t('intake.authority-new')}
            value={other}
            onChange={setOther}
            maxLength={500}
            required
          />
          <p className="note">{t('intake.authority-note')}</p>
        </>
      )}
      <Field label={t('intake.reference')} value={reference} onChange={setReference} maxLength={200} />
      <label htmlFor={`${id}custody`}>{t('intake.custody')}</label>
      <textarea
        id={`${id}custody`}
        rows={2}
        maxLength={2000}
        value={custody}
        onChange={(event) => setCustody(event.target.value)}
      />
      <details>
        <summary>{t('act.marking')}</summary>
        <div className="fields">
          <Field label={t('act.grade')} value={grade} onChange={setGrade} maxLength={40} />
          <label htmlFor={`${id}tlp`}>{t('act.tlp')}</label>
          <select id={`${id}tlp`} value={tlp} onChange={(event) => setTlp(event.target.value)}>
            <option value="">{t('act.tlp-none')}</option>
            {labels.map((each) => (
              <option key={each} value={each}>
                TLP:{each}
              </option>
            ))}
          </select>
          <Field label={t('act.note')} value={note} onChange={setNote} maxLength={500} />
        </div>
      </details>
    </>
  );
  return { said, fields, isReady: authority !== '' };
}

interface PartProps {
  readonly intake: Intake;
  readonly again: () => void;
}

type State = 'choosing' | 'sending' | 'stopped' | 'reading' | 'given up';

function Handover({ intake, again }: PartProps) {
  const [chosen, setChosen] = useState<readonly Chosen[]>([]);
  const [state, setState] = useState<State>('choosing');
  const [sending, setSending] = useState<Sending>();
  const { error, run } = useWork();
  const [isOver, setOver] = useState(false);
  const stopped = useRef(false);
  const { said, fields, isReady } = useSaid(intake);
  const id = useId();
  useReading(state === 'reading', () => {
    setState('choosing');
    again();
  });
  const add = (more: readonly Chosen[]) => {
    setChosen((before) => joined(before, more));
    setState('choosing');
  };
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const files = chosenOf(event.target.files);
    event.target.value = '';
    add(files);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void droppedOf(event.dataTransfer.items).then(add);
  };
  const attempt = async (work: () => Promise<void>) => {
    if (await run(work)) return;
    setState('stopped');
    again();
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    stopped.current = false;
    setState('sending');
    void attempt(async () => {
      const upload = await sendAll(chosen, await api.intake(), setSending, () => stopped.current);
      setSending(undefined);
      if (upload === null) {
        setState('stopped');
        again();
        return;
      }
      await api.takeInUpload({ upload, ...said });
      setChosen([]);
      setState('reading');
    });
  };
  const giveUp = () =>
    attempt(async () => {
      if (intake.upload) await api.giveUpUpload(intake.upload.id);
      setChosen([]);
      setState('given up');
      again();
    });
  const tooMany = chosen.length > intake.limits.files;
  const isBusy = state === 'sending' || state === 'reading';
  return (
    <Section id="files" title={t('intake.choose')}>
      {intake.upload && state !== 'sending' && state !== 'reading' && (
        <div className="waiting">
          <p>
            {t('intake.waiting', {
              whole: intake.upload.whole,
              n: intake.upload.files,
              sent: bytes(intake.upload.received),
              size: bytes(intake.upload.bytes),
            })}
          </p>
          <button type="button" className="quiet" onClick={giveUp}>
            {t('intake.give-up')}
          </button>
        </div>
      )}
      <form className="fields" onSubmit={send}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the two buttons in it do the same by keyboard */}
        <div
          className={isOver ? 'drop over' : 'drop'}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        >
          <p>{t('intake.drop')}</p>
          <label htmlFor={`${id}files`}>{t('intake.files')}</label>
          <input id={`${id}files`} type="file" multiple disabled={isBusy} onChange={choose} />
          <label htmlFor={`${id}folder`}>{t('intake.folder')}</label>
          <input
            id={`${id}folder`}
            type="file"
            multiple
            disabled={isBusy}
            onChange={choose}
            {...{ webkitdirectory: '' }}
          />
          <p role="status">
            {chosen.length === 0
              ? t('intake.nothing')
              : t('intake.chosen', { n: chosen.length, size: bytes(sizeOf(chosen)) })}
          </p>
        </div>
        {tooMany && <p className="bad">{t('intake.too-many', { n: intake.limits.files })}</p>}
        {fields}
        <p>
          <button type="submit" disabled={isBusy || tooMany || chosen.length === 0 || !isReady}>
            {t('intake.start')}
          </button>{' '}
          {state === 'sending' && (
            <button
              type="button"
              className="quiet"
              onClick={() => {
                stopped.current = true;
              }}
            >
              {t('intake.stop')}
            </button>
          )}
        </p>
      </form>
      {state === 'sending' && sending && <Progress sending={sending} chosen={chosen} />}
      <p role="status">
        {state === 'reading' && t('intake.reading')}
        {state === 'stopped' && t('intake.stopped')}
        {state === 'given up' && t('intake.given-up')}
      </p>
      {error && <Problem error={error} />}
    </Section>
  );
}

function Progress({ sending, chosen }: { readonly sending: Sending; readonly chosen: readonly Chosen[] }) {
  const total = sizeOf(chosen);
  return (
    <p className="line">
      <progress aria-label={t('shell.work')} value={sending.sent} max={Math.max(total, 1)} />
      <span>{t('intake.sent', { sent: bytes(sending.sent), size: bytes(total) })}</span>
      <span className="muted">
        {count(sending.at)}/{count(chosen.length)} <EvidenceText value={sending.name} />
      </span>
    </p>
  );
}

/** Tells when the work that follows has ended. */
function useReading(isReading: boolean, done: () => void) {
  const tell = useRef(done);
  tell.current = done;
  useEffect(() => {
    if (!isReading) return;
    return followWork((event) => event.kind !== 'progress' && tell.current());
  }, [isReading]);
}

function PathForm({ intake, again }: PartProps) {
  const [path, setPath] = useState('');
  const [isReading, setReading] = useState(false);
  const { error, run } = useWork();
  const { said, fields, isReady } = useSaid(intake);
  useReading(isReading, () => {
    setReading(false);
    again();
  });
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (await run(() => api.takeInPath({ path: path.trim(), ...said }))) setReading(true);
  };
  return (
    <Section id="path" title={t('intake.path')} note={t('intake.path-note')}>
      <details>
        <summary>{t('intake.path-start')}</summary>
        <form className="fields" onSubmit={send}>
          <Field label={t('intake.path-label')} value={path} onChange={setPath} maxLength={4000} required />
          {fields}
          <p>
            <button type="submit" disabled={isReading || path.trim() === '' || !isReady}>
              {t('intake.path-start')}
            </button>
          </p>
        </form>
      </details>
      <p role="status">{isReading && t('intake.reading')}</p>
      {error && <Problem error={error} />}
    </Section>
  );
}

/** What came of it: which reader, counts that add up, warnings, authority; each exhibit's page says why. */
function Delivered({ delivered }: { readonly delivered: NonNullable<Intake['last']> }) {
  const answer = useAnswer('exhibits', api.exhibits);
  const known = new Map(
    answer.state === 'answered' ? answer.value.exhibits.map((each) => [each.id, each]) : [],
  );
  return (
    <Section
      id="last"
      title={t('intake.last')}
      count={delivered.receipts.length}
      note={t('intake.last-note')}
    >
      <Rows
        caption={t('intake.last')}
        heads={[
          t('intake.exhibit'),
          t('intake.how'),
          t('intake.reader'),
          t('intake.rows'),
          t('intake.warnings'),
          t('intake.authority'),
        ]}
        rows={delivered.receipts}
        first={200}
        row={(receipt, index) => {
          const exhibit = known.get(receipt.exhibit);
          const address = addressOf.exhibit(receipt.exhibit);
          return (
            <tr key={keyOf(receipt.path, index)}>
              <th scope="row">
                <Link className="open" data-item={receipt.exhibit} href={address}>
                  <EvidenceText value={receipt.path} />
                </Link>
              </th>
              <td>{named('intake', receipt.how)}</td>
              <td>
                {exhibit ? (exhibit.reader ?? <Unknown text={t('origin.unknown')} />) : t('common.loading')}{' '}
                <Link
                  href={`${address}#readers`}
                  aria-label={`${t('intake.why')} ${exhibit?.reader ?? ''} ${receipt.exhibit}`}
                >
                  {t('intake.why')}
                </Link>
              </td>
              <td>{exhibit ? <BriefTallies tallies={exhibit.rows} /> : <Unknown />}</td>
              <td className="number">
                {exhibit && exhibit.warnings > 0 ? (
                  <Link
                    href={`${address}#warnings`}
                    aria-label={`${exhibit.warnings} ${t('intake.warnings')} ${receipt.exhibit}`}
                  >
                    {count(exhibit.warnings)}
                  </Link>
                ) : (
                  '0'
                )}
              </td>
              <td>{exhibit?.authority ?? <Unknown />}</td>
            </tr>
          );
        }}
      />
      {delivered.refused.length > 0 && (
        <>
          <h3>{t('intake.refused')}</h3>
          <ul className="plain">
            {delivered.refused.map((each, index) => (
              <li key={keyOf(each.path, index)}>
                <EvidenceText value={each.path} />: <EvidenceText value={each.reason} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
