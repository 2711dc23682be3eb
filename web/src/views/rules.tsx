import { useRef, useState } from 'react';
import { type Answer, api } from '../api.ts';
import { useCommands } from '../commands.ts';
import { addressOf, Link } from '../router.tsx';
import { ActForm } from '../ui/act-form.tsx';
import { Bars } from '../ui/bars.tsx';
import { forEditing, keyOf, unseenIn } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Problem } from '../ui/problem.tsx';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { named, t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import { useWork } from '../use-work.ts';

type Rules = Answer<'showRules'>;
type Scheme = Rules['inForce'];
type Checked = Answer<'checkRules'>;
type Preview = Answer<'previewRules'>;

/** The rules in force; and others: written, checked, tried on this operation, then adopted with a reason. */
export function RulesPage() {
  const answer = useAnswer('rules', api.rules, { keep: true });
  return (
    <View title={t('nav.rules')} answer={answer}>
      {(rules) => (
        <>
          <div className="heading">
            <h1 tabIndex={-1}>
              {t('nav.rules')}: <EvidenceText value={rules.inForce.name} /> {rules.inForce.version}
            </h1>
            <p className="muted">
              <EvidenceText value={rules.inForce.about} />
            </p>
          </div>
          <InForce rules={rules} />
          <Editor key={rules.digest} rules={rules} />
          <Indicators rules={rules} />
        </>
      )}
    </View>
  );
}

function InForce({ rules }: { readonly rules: Rules }) {
  const { adopted, built, digest, inForce } = rules;
  return (
    <Section id="in-force" title={t('rules.in-force')}>
      <p className="line muted">
        {adopted === null ? (
          <span>{t('rules.brought')}</span>
        ) : (
          <span>
            {t('decisions.number', { n: adopted.sequence })} · <EvidenceText value={adopted.author} />,{' '}
            {adopted.time.slice(0, 10)}: <EvidenceText value={adopted.reason} />
          </span>
        )}
        <span>
          {t('rules.digest')} <code>{digest.slice(0, 16)}</code>
        </span>
        {!built && <strong className="bad">{t('rules.not-built')}</strong>}
      </p>
      <SchemeTable scheme={inForce} />
    </Section>
  );
}

function SchemeTable({ scheme }: { readonly scheme: Scheme }) {
  return (
    <div className="scroll">
      <table>
        <caption className="hidden">{t('rules.in-force')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('queue.band')}</th>
            <th scope="col">{t('rules.meaning')}</th>
            <th scope="col">{t('rules.reached')}</th>
          </tr>
        </thead>
        <tbody>
          {scheme.bands.map(({ band, meaning }) => (
            <tr key={keyOf(band)}>
              <th scope="row">
                <EvidenceText value={band} />
              </th>
              <td>
                <EvidenceText value={meaning} />
              </td>
              <td>
                <ul className="plain">
                  {scheme.rules
                    .filter((rule) => rule.band === band)
                    .map((rule, index) => (
                      <li key={keyOf(rule.band, index)}>
                        {rule.all.map((condition, place) => (
                          <span key={keyOf(condition.indicator, place)}>
                            {place > 0 && ` ${t('rules.and')} `}
                            <span className="tag fact">
                              {condition.least > 1 && `${condition.least} × `}
                              {named('indicator', condition.indicator)}
                            </span>
                            {condition.tool !== null && (
                              <>
                                {' '}
                                <EvidenceText value={condition.tool} />
                              </>
                            )}
                            {condition.results.map((result) => (
                              <span key={keyOf(result)}>
                                {' '}
                                <EvidenceText value={result} />
                              </span>
                            ))}
                          </span>
                        ))}
                      </li>
                    ))}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Editor({ rules }: { readonly rules: Rules }) {
  const [text, setText] = useState(() => forEditing(rules.text));
  const [checked, setChecked] = useState<{ text: string; answer: Checked }>();
  const [preview, setPreview] = useState<{ text: string; answer: Preview }>();
  const { working, error, run } = useWork();
  const field = useRef<HTMLTextAreaElement>(null);
  const check = () =>
    run(async () => {
      setPreview(undefined);
      const answer = await api.checkRules(text);
      setChecked({ text, answer });
      if (answer.scheme) setPreview({ text, answer: await api.previewRules(text) });
    });
  useCommands([
    { id: 'edit rules', label: t('rules.edit'), key: 'i', act: () => field.current?.focus() },
    { id: 'check rules', label: t('rules.check'), act: check },
  ]);
  const isChecked = checked?.text === text;
  const isTried = preview?.text === text;
  const unseen = unseenIn(text);
  const changed = text !== forEditing(rules.text);
  return (
    <Section id="edit" title={t('rules.edit')} note={t('rules.edit-note')}>
      <label htmlFor="rules-text">{t('rules.text')}</label>
      <textarea
        id="rules-text"
        ref={field}
        className="rules"
        rows={16}
        maxLength={60_000}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {unseen > 0 && <p className="bad">{t('rules.unseen', { n: unseen })}</p>}
      <p className="pages">
        <button type="button" disabled={working || text.trim() === ''} onClick={check}>
          {working ? t('shell.reading') : t('rules.check')}
        </button>
        {changed && (
          <button type="button" className="quiet" onClick={() => setText(forEditing(rules.text))}>
            {t('rules.undo-edit')}
          </button>
        )}
      </p>
      {error && <Problem error={error} />}
      {isChecked && <Problems checked={checked.answer} />}
      {isTried && <PreviewOf preview={preview.answer} />}
      {isTried &&
        (checked?.answer.digest === rules.digest ? (
          <p className="muted">{t('rules.same')}</p>
        ) : (
          <>
            <h3>{t('rules.adopt')}</h3>
            <ActForm
              marking={false}
              needsBuild
              submit={t('rules.adopt')}
              act={({ reason }) => api.adoptRules(text, reason)}
            />
          </>
        ))}
    </Section>
  );
}

function Problems({ checked: { problems } }: { readonly checked: Checked }) {
  if (problems.length === 0) {
    return (
      <p className="good" role="status">
        {t('rules.fine')}
      </p>
    );
  }
  return (
    <div className="problem" role="alert">
      <ul className="plain">
        {problems.map(({ line, what, remedy }, index) => (
          <li key={keyOf(what, index)}>
            {line !== null && <strong>{t('rules.line', { n: line })} </strong>}
            <EvidenceText value={what} />. <EvidenceText value={remedy} otherwise="" />
          </li>
        ))}
      </ul>
    </div>
  );
}

function PreviewOf({ preview }: { readonly preview: Preview }) {
  const standing = (of: { rank: number; band: string } | null) =>
    of === null ? <Unknown text={t('rules.out')} /> : `${of.band} ${of.rank}`;
  return (
    <div className="preview">
      <h3>{t('rules.preview')}</h3>
      <p role="status">
        {t('rules.would', {
          enters: preview.enters,
          leaves: preview.leaves,
          band: preview.changesBand,
          moves: preview.moves,
        })}
      </p>
      <div className="two">
        <Bars
          caption={t('rules.now')}
          heads={[t('queue.band'), t('rules.now')]}
          most={Math.max(1, ...preview.bands.flatMap(({ now, after }) => [now, after]))}
          bars={preview.bands.map(({ band, now }) => ({
            key: band,
            label: `${band}, ${t('rules.now')}`,
            value: now,
            tone: 'fact',
          }))}
        />
        <Bars
          caption={t('rules.then')}
          heads={[t('queue.band'), t('rules.then')]}
          most={Math.max(1, ...preview.bands.flatMap(({ now, after }) => [now, after]))}
          bars={preview.bands.map(({ band, after }) => ({
            key: band,
            label: `${band}, ${t('rules.then')}`,
            value: after,
            tone: 'inference',
          }))}
        />
      </div>
      {preview.changes.length > 0 && (
        <Rows
          caption={t('rules.preview')}
          heads={[t('queue.person'), t('rules.now'), t('rules.then')]}
          rows={preview.changes}
          first={25}
          row={(change) => (
            <tr key={change.person}>
              <th scope="row">
                <Link href={addressOf.person(change.person)} data-item={change.person}>
                  {change.handles[0] === undefined ? (
                    change.person
                  ) : (
                    <EvidenceText value={change.handles[0]} />
                  )}
                </Link>
              </th>
              <td>{standing(change.from)}</td>
              <td className="inferred">{standing(change.to)}</td>
            </tr>
          )}
        />
      )}
      {preview.more && <p className="muted">{t('rules.more')}</p>}
    </div>
  );
}

function Indicators({ rules }: { readonly rules: Rules }) {
  return (
    <Section id="indicators" title={t('rules.indicators')} note={t('rules.indicators-note')}>
      <dl className="facts">
        {rules.indicators.map(({ indicator, meaning }) => (
          <div key={indicator} className="contents-of">
            <dt>{named('indicator', indicator)}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
