import { useState } from 'react';
import { type Answer, api } from '../api.ts';
import { ActForm, Choice, Field } from '../ui/act-form.tsx';
import { type Evidence, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Problem } from '../ui/problem.tsx';
import { Section } from '../ui/section.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { named, t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import { DecisionList } from './decisions.tsx';
import { ReviewForm } from './review-dialog.tsx';

export type Standing = Answer<'showStanding'>;

const categories = ['unclassified contact', 'suspect', 'convicted', 'victim', 'witness or other'] as const;
const outcomes = ['arrest', 'charge', 'conviction', 'referral', 'child safeguarded'] as const;

interface Props {
  readonly person: string;
  readonly accounts: readonly Evidence[];
}

/** What humans decided of this person, and the forms to decide. Waymark itself never does. */
export function PersonStanding({ person, accounts }: Props) {
  const answer = useAnswer(`standing ${person}`, () => api.standing(person), { keep: true });
  return (
    <Section id="standing" title={t('standing.title')} note={t('standing.note')}>
      {answer.state === 'failed' && <Problem error={answer.error} />}
      {answer.state === 'answered' && (
        <>
          <Now standing={answer.value} />
          {answer.value.decisions.length > 0 && <DecisionList decisions={answer.value.decisions} />}
        </>
      )}
      <div className="acts">
        <details>
          <summary data-item="review">{t('review.title')}</summary>
          <ReviewForm person={person} />
        </details>
        <details>
          <summary data-item="category">{t('standing.category')}</summary>
          <CategoryForm person={person} />
        </details>
        <details>
          <summary data-item="outcome">{t('standing.outcome')}</summary>
          <OutcomeForm person={person} />
        </details>
        <details>
          <summary data-item="fact">{t('standing.fact')}</summary>
          <FactForm accounts={accounts} />
        </details>
        <details>
          <summary data-item="risk">{t('standing.risk')}</summary>
          <RiskForm accounts={accounts} />
        </details>
      </div>
    </Section>
  );
}

function Now({ standing: { category, cleared, eraseAfter, decisions } }: { readonly standing: Standing }) {
  const latest = decisions.find(({ kind, undone }) => kind === 'review' && undone === null);
  return (
    <p className="line">
      <span>
        {t('standing.category-is')} <strong>{named('category', category)}</strong>
      </span>
      <span>
        {t('queue.review')}:{' '}
        {latest ? <EvidenceText value={latest.value} /> : <Unknown text={t('queue.not-reviewed')} />}
      </span>
      {cleared && <strong className="tag against">{t('queue.cleared')}</strong>}
      {eraseAfter !== null && <span>{t('standing.erase', { date: eraseAfter.slice(0, 10) })}</span>}
    </p>
  );
}

function CategoryForm({ person }: { readonly person: string }) {
  const [category, setCategory] = useState<(typeof categories)[number] | ''>('');
  return (
    <ActForm
      ready={category !== ''}
      needsBuild
      submit={t('act.record')}
      act={(stated) => api.classify(person, { category: category as (typeof categories)[number], ...stated })}
    >
      <Choice
        legend={t('standing.category-law')}
        options={categories}
        labelOf={(each) => named('category', each)}
        value={category}
        onChange={setCategory}
      />
    </ActForm>
  );
}

function OutcomeForm({ person }: { readonly person: string }) {
  const [kind, setKind] = useState<(typeof outcomes)[number] | ''>('');
  const [country, setCountry] = useState('');
  const [agency, setAgency] = useState('');
  const [date, setDate] = useState('');
  const [number, setNumber] = useState('');
  const ready =
    kind !== '' &&
    /^[A-Z]{2}$/.test(country) &&
    agency.trim() !== '' &&
    date !== '' &&
    (kind !== 'child safeguarded' || number.trim() !== '');
  return (
    <ActForm
      ready={ready}
      submit={t('act.record')}
      act={(stated) =>
        api.outcome(person, {
          kind: kind as (typeof outcomes)[number],
          country,
          agency: agency.trim(),
          date,
          ...(number.trim() !== '' && { case: number.trim() }),
          ...stated,
        })
      }
    >
      <Choice
        legend={t('standing.outcome')}
        options={outcomes}
        labelOf={(each) => named('happened', each)}
        value={kind}
        onChange={setKind}
      />
      <Field
        label={t('children.country-letters')}
        value={country}
        onChange={(text) => setCountry(text.toUpperCase())}
        maxLength={2}
        required
      />
      <Field label={t('board.agency')} value={agency} onChange={setAgency} maxLength={200} required />
      <Field label={t('child.date')} type="date" value={date} onChange={setDate} required />
      {kind === 'child safeguarded' && (
        <Field label={t('children.case')} value={number} onChange={setNumber} maxLength={200} required />
      )}
    </ActForm>
  );
}

interface AccountsProps {
  readonly accounts: readonly Evidence[];
}

function FactForm({ accounts }: AccountsProps) {
  const [account, setAccount] = useState<Evidence | null>(accounts.length === 1 ? accounts[0]! : null);
  const [fact, setFact] = useState('');
  return (
    <ActForm
      ready={account !== null && fact.trim() !== ''}
      needsBuild
      submit={t('act.record')}
      act={(stated) => api.fact({ account: account!, fact: fact.trim(), ...stated })}
    >
      <AccountChoice accounts={accounts} value={account} onChange={setAccount} />
      <Field label={t('standing.fact-text')} value={fact} onChange={setFact} maxLength={500} required />
    </ActForm>
  );
}

function RiskForm({ accounts }: AccountsProps) {
  const [account, setAccount] = useState<Evidence | null>(accounts.length === 1 ? accounts[0]! : null);
  const [tool, setTool] = useState('');
  const [version, setVersion] = useState('');
  const [result, setResult] = useState('');
  const [assessor, setAssessor] = useState('');
  const given = [tool, version, result, assessor].map((text) => text.trim());
  return (
    <ActForm
      ready={account !== null && given.every((text) => text !== '')}
      needsBuild
      submit={t('act.record')}
      act={(stated) =>
        api.risk({
          account: account!,
          tool: tool.trim(),
          version: version.trim(),
          result: result.trim(),
          assessor: assessor.trim(),
          ...stated,
        })
      }
    >
      <p className="note">{t('standing.risk-note')}</p>
      <AccountChoice accounts={accounts} value={account} onChange={setAccount} />
      <Field label={t('standing.tool')} value={tool} onChange={setTool} maxLength={100} required />
      <Field label={t('standing.version')} value={version} onChange={setVersion} maxLength={100} required />
      <Field label={t('standing.result')} value={result} onChange={setResult} maxLength={100} required />
      <Field
        label={t('standing.assessor')}
        value={assessor}
        onChange={setAssessor}
        maxLength={200}
        required
      />
    </ActForm>
  );
}

interface AccountChoiceProps extends AccountsProps {
  readonly value: Evidence | null;
  readonly onChange: (account: Evidence) => void;
}

/** Facts are entered about one account, not about a person that may be divided again. */
function AccountChoice({ accounts, value, onChange }: AccountChoiceProps) {
  return (
    <fieldset>
      <legend>{t('standing.account')}</legend>
      {accounts.map((account, index) => (
        <label key={keyOf(account, index)}>
          <input type="radio" required checked={value === account} onChange={() => onChange(account)} />{' '}
          <EvidenceText value={account} />
        </label>
      ))}
    </fieldset>
  );
}
