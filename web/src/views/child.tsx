import { useState } from 'react';
import { type Answer, api } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { ActForm, Choice, Field } from '../ui/act-form.tsx';
import { countryName } from '../ui/countries.ts';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { HandlingBanner, MarkingOf } from '../ui/marking.tsx';
import { Band } from '../ui/reasons.tsx';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { named, t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import { Urgency, urgencies } from './children.tsx';

type Child = Answer<'showChild'>;

const states = ['indicated', 'located', 'referred', 'safeguarded'] as const;

/** One child: where it stands, what is missing to act, who owns the next step, every act. Never a description. */
export function ChildPage({ id }: { readonly id: string }) {
  const answer = useAnswer(`child ${id}`, () => api.child(id), { keep: true });
  return (
    <View title={t('child.title')} answer={answer}>
      {(child) => (
        <>
          <h1 tabIndex={-1}>
            {t('child.title')} <EvidenceText value={child.case} />
          </h1>
          <HandlingBanner markings={child.history.map(({ marking }) => marking)} />
          <Standing child={child} />
          <Acts child={child} id={id} />
          <Linked child={child} />
          <Sources child={child} />
          <History child={child} />
        </>
      )}
    </View>
  );
}

function Standing({ child }: { readonly child: Child }) {
  return (
    <dl className="facts">
      <dt>{t('children.state')}</dt>
      <dd>
        <span className="tag fact">{named('state', child.state)}</span> {child.state_since}{' '}
        {child.agency !== null && <EvidenceText value={child.agency} />}
      </dd>
      <dt>{t('children.urgency')}</dt>
      <dd>
        <Urgency child={child} />{' '}
        {child.proposed !== null && (
          <span className="muted">
            {t('child.proposed-because')} <EvidenceText value={child.proposed.reason} />
          </span>
        )}
      </dd>
      <dt>{t('children.missing')}</dt>
      <dd>
        {child.missing.length === 0 ? (
          t('children.nothing-missing')
        ) : (
          <ul className="plain">
            {child.missing.map((each) => (
              <li key={each} className="bad">
                {named('missing', each)}
              </li>
            ))}
          </ul>
        )}
      </dd>
      <dt>{t('children.owner')}</dt>
      <dd>
        {child.owner === null ? (
          <Unknown text={t('children.nobody')} />
        ) : (
          <EvidenceText value={child.owner} />
        )}
        {child.next_step !== null && (
          <>
            {': '}
            <EvidenceText value={child.next_step} />
          </>
        )}
      </dd>
      <dt>{t('board.country')}</dt>
      <dd>{child.country === null ? <Unknown /> : countryName(child.country)}</dd>
      <dt>{t('child.own-accounts')}</dt>
      <dd>
        {child.own_accounts.length === 0 ? (
          <Unknown text={t('child.none-known')} />
        ) : (
          <ul className="plain">
            {child.own_accounts.map((account) => (
              <li key={keyOf(account)}>
                <EvidenceText value={account} />
              </li>
            ))}
          </ul>
        )}
      </dd>
    </dl>
  );
}

function Acts({ child, id }: { readonly child: Child; readonly id: string }) {
  return (
    <Section id="acts" title={t('child.acts')}>
      <div className="acts">
        <details>
          <summary data-item="state">{t('child.set-state')}</summary>
          <StateForm id={id} />
        </details>
        <details>
          <summary data-item="urgency">{t('child.set-urgency')}</summary>
          <UrgencyForm id={id} proposed={child.proposed?.urgency ?? null} />
        </details>
        <details>
          <summary data-item="assign">{t('child.assign')}</summary>
          <AssignForm id={id} />
        </details>
      </div>
    </Section>
  );
}

function StateForm({ id }: { readonly id: string }) {
  const [state, setState] = useState<(typeof states)[number] | ''>('');
  const [agency, setAgency] = useState('');
  const [date, setDate] = useState('');
  return (
    <ActForm
      ready={state !== '' && agency.trim() !== ''}
      submit={t('act.record')}
      act={(stated) =>
        api.childState(id, {
          state: state as (typeof states)[number],
          agency: agency.trim(),
          ...(date !== '' && { date }),
          ...stated,
        })
      }
    >
      <Choice
        legend={t('children.state')}
        options={states}
        labelOf={(each) => named('state', each)}
        value={state}
        onChange={setState}
      />
      <Field label={t('board.agency')} value={agency} onChange={setAgency} maxLength={200} required />
      <Field label={t('child.date')} type="date" value={date} onChange={setDate} />
    </ActForm>
  );
}

interface UrgencyFormProps {
  readonly id: string;
  readonly proposed: (typeof urgencies)[number] | null;
}

function UrgencyForm({ id, proposed }: UrgencyFormProps) {
  const [urgency, setUrgency] = useState<(typeof urgencies)[number] | ''>('');
  return (
    <ActForm
      ready={urgency !== ''}
      submit={t('act.record')}
      act={(stated) => api.childUrgency(id, { urgency: urgency as (typeof urgencies)[number], ...stated })}
    >
      {proposed !== null && (
        <p className="note">{t('children.proposed', { urgency: named('urgency', proposed) })}</p>
      )}
      <Choice
        legend={t('children.urgency')}
        options={urgencies}
        labelOf={(each) => named('urgency', each)}
        value={urgency}
        onChange={setUrgency}
      />
    </ActForm>
  );
}

function AssignForm({ id }: { readonly id: string }) {
  const [owner, setOwner] = useState('');
  const [agency, setAgency] = useState('');
  const [step, setStep] = useState('');
  return (
    <ActForm
      ready={owner.trim() !== ''}
      marking={false}
      submit={t('act.record')}
      act={({ reason }) =>
        api.assignChild(id, {
          owner: owner.trim(),
          ...(agency.trim() !== '' && { agency: agency.trim() }),
          ...(step.trim() !== '' && { step: step.trim() }),
          reason,
        })
      }
    >
      <Field label={t('children.owner')} value={owner} onChange={setOwner} maxLength={200} required />
      <Field label={t('board.agency')} value={agency} onChange={setAgency} maxLength={200} />
      <Field label={t('child.step')} value={step} onChange={setStep} maxLength={500} />
    </ActForm>
  );
}

function Linked({ child: { linked } }: { readonly child: Child }) {
  return (
    <Section id="linked" title={t('children.linked')} count={linked.length} note={t('child.linked-note')}>
      {linked.length === 0 ? (
        <Unknown text={t('children.no-link')} />
      ) : (
        <Rows
          caption={t('children.linked')}
          heads={[t('queue.person'), t('queue.band'), t('child.basis'), t('common.source')]}
          rows={linked}
          row={(link, index) => (
            <tr key={keyOf(link.account, index)}>
              <th scope="row">
                {link.person === null ? (
                  <EvidenceText value={link.handle ?? link.account} />
                ) : (
                  <Link className="open" data-item={link.person} href={addressOf.person(link.person)}>
                    <EvidenceText value={link.handle ?? link.account} />
                  </Link>
                )}
                <div className="muted">
                  <EvidenceText value={link.account} />
                </div>
              </th>
              <td>
                {link.band === null ? (
                  <Unknown text={t('audit.not-ranked')} />
                ) : (
                  <>
                    <Band band={link.band} /> {link.rank}
                  </>
                )}
              </td>
              <td>
                <EvidenceText value={link.basis} />
              </td>
              <td>
                <SourceLink pointer={link.pointer} of={t('child.basis')} item />
              </td>
            </tr>
          )}
        />
      )}
    </Section>
  );
}

function Sources({ child: { sources } }: { readonly child: Child }) {
  if (sources.length === 0) return null;
  return (
    <Section id="sources" title={t('child.sources')} count={sources.length}>
      <ul className="reasons">
        {sources.map(({ text, pointer }, index) => (
          <li key={keyOf(pointer, index)}>
            <EvidenceText value={text} /> <SourceLink pointer={pointer} of={t('child.sources')} item />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function History({ child: { history } }: { readonly child: Child }) {
  return (
    <Section id="history" title={t('child.history')} count={history.length}>
      <ul className="links">
        {history.map((act) => (
          <li key={act.sequence} className="decided">
            <div className="pair">
              <span className="tag fact">{named('kind', act.kind)}</span>
              <strong>
                <EvidenceText value={act.value} />
              </strong>
              <span className="muted">
                {t('decisions.number', { n: act.sequence })} · <EvidenceText value={act.author} /> ·{' '}
                {act.time.slice(0, 16).replace('T', ' ')} UTC
              </span>
              <MarkingOf marking={act.marking} />
            </div>
            <EvidenceText value={act.reason} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
