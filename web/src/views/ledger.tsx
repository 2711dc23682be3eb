import { useState } from 'react';
import { type Answer, ApiError, api } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count, counted } from '../ui/numbers.ts';
import { Problem } from '../ui/problem.tsx';
import { Rows } from '../ui/rows.tsx';
import { View } from '../ui/view.tsx';
import { useAnswer } from '../use-answer.ts';

type Act = Answer<'showLedger'>['acts'][number];
type Check = Answer<'checkLedger'>;

const shownActs = 500;

export function LedgerPage() {
  const answer = useAnswer('ledger', () => api.ledger(shownActs));
  return (
    <View title="Ledger" answer={answer}>
      {(ledger) => (
        <>
          <div className="heading">
            <h1 tabIndex={-1}>Ledger</h1>
            <p className="muted">
              {counted(ledger.size, 'act')} in <code>{ledger.origin}</code>. Each is sealed with all before
              it: none can be changed or taken out unseen.
            </p>
          </div>
          <CheckNow />
          <Rows
            caption="Acts, newest first"
            heads={['No.', 'Time (UTC)', 'Who', 'Act', 'Done to', 'Facts']}
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
  const [error, setError] = useState<ApiError>();
  const [working, setWorking] = useState(false);
  const check = async () => {
    setWorking(true);
    setError(undefined);
    try {
      setResult(await api.checkLedger());
    } catch (caught) {
      if (!(caught instanceof ApiError)) throw caught;
      setError(caught);
    }
    setWorking(false);
  };
  return (
    <div className="check">
      <button type="button" data-item="check" onClick={check} disabled={working}>
        {working ? 'Checking…' : 'Check now'}
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
        <strong className="good">Intact:</strong> all {count(result.size ?? 0)} acts hash to the signed root{' '}
        <code className="hash">{result.root}</code>
      </p>
    );
  }
  return (
    <>
      <p>
        <strong className="bad">Not intact:</strong> {counted(result.problemCount, 'problem')}
        {result.firstBadIndex !== null && `, the first at act ${result.firstBadIndex}`}. Do not rely on it;
        compare with the checkpoints kept elsewhere.
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
