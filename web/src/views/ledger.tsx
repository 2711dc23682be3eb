import { useState } from 'react';
import { type Answer, api } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Problem } from '../ui/problem.tsx';
import { Rows } from '../ui/rows.tsx';
import { View } from '../ui/view.tsx';
import { t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import { useWork } from '../use-work.ts';

type Act = Answer<'showLedger'>['acts'][number];
type Check = Answer<'checkLedger'>;

const shownActs = 500;

export function LedgerPage() {
  const answer = useAnswer('ledger', () => api.ledger(shownActs));
  return (
    <View title={t('ledger.ledger')} answer={answer}>
      {(ledger) => (
        <>
          <div className="heading">
            <h1 tabIndex={-1}>{t('ledger.ledger')}</h1>
            <p className="muted">
              {t('n.act', { n: ledger.size })} {t('say.in')} <code>{ledger.origin}</code>
              {t('ledger.each-is-sealed-with')}
            </p>
          </div>
          <CheckNow />
          <Rows
            caption={t('ledger.acts-newest-first')}
            heads={[
              t('ledger.no'),
              t('ledger.time-utc'),
              t('ledger.who'),
              t('ledger.act'),
              t('ledger.done-to'),
              t('ledger.facts'),
            ]}
            rows={ledger.acts}
            row={(act) => <Row key={act.index} act={act} />}
          />
        </>
      )}
    </View>
  );
}

function Row({ act }: { readonly act: Act }) {
  return (
    <tr>
      <td className="number">{act.index}</td>
      <td className="time">{act.time.slice(0, 19).replace('T', ' ')}</td>
      <td>{act.actor}</td>
      <th scope="row">{act.action}</th>
      <td>
        {act.objects.map((object) =>
          /^(exhibit|source)\./.test(act.action) ? (
            <Link key={object} data-item={`${act.index} ${object}`} href={addressOf.exhibit(object)}>
              <code>{object}</code>
            </Link>
          ) : (
            <code key={object}>{object}</code>
          ),
        )}
      </td>
      <td className="muted act-facts">
        {Object.entries(act.facts)
          .map(([name, value]) => `${name} ${typeof value === 'number' ? count(value) : value}`)
          .join(' · ')}
      </td>
    </tr>
  );
}

function CheckNow() {
  const [result, setResult] = useState<Check>();
  const { working, error, run } = useWork();
  const check = () => run(async () => setResult(await api.checkLedger()));
  return (
    <div className="check">
      <button type="button" data-item="check" onClick={check} disabled={working}>
        {working ? t('ledger.checking') : t('ledger.check-now')}
      </button>
      <div role="status">{result && <Result result={result} />}</div>
      {error && <Problem error={error} />}
    </div>
  );
}

function Result({ result }: { readonly result: Check }) {
  if (result.ok) {
    return (
      <p>
        <strong className="good">{t('ledger.intact')}</strong> {t('say.all')} {count(result.size ?? 0)}{' '}
        {t('ledger.acts-hash-to-the')} <code className="hash">{result.root}</code>
      </p>
    );
  }
  return (
    <>
      <p>
        <strong className="bad">{t('ledger.not-intact')}</strong> {t('n.problem', { n: result.problemCount })}
        {result.firstBadIndex !== null && t('ledger.first-bad', { at: result.firstBadIndex ?? '?' })}
        {t('ledger.do-not-rely-on')}
      </p>
      <ul>
        {result.problems.map((problem, index) => (
          <li key={keyOf(problem.what, index)}>
            <EvidenceText value={problem.what} /> (<EvidenceText value={problem.file} />)
          </li>
        ))}
      </ul>
    </>
  );
}
