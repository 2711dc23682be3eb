import { type ChangeEvent, type FormEvent, useState } from 'react';
import { type Answer, ApiError, api } from '../api.ts';
import { AccountName } from '../ui/account-name.tsx';
import { asEvidence, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count, counted } from '../ui/numbers.ts';
import { Problem } from '../ui/problem.tsx';
import { Rows } from '../ui/rows.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Span } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';

type Listed = Answer<'searchSelectors'>;

/** Many selectors at once, pasted or from a file: which of them are known, and where. */
export function SearchList() {
  const [text, setText] = useState('');
  const [found, setFound] = useState<Listed>();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<ApiError>();
  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (!file) return;
    setText(await file.text());
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setAsking(true);
    setError(undefined);
    try {
      setFound(await api.searchSelectors(text));
    } catch (caught) {
      if (!(caught instanceof ApiError)) throw caught;
      setError(caught);
    }
    setAsking(false);
  };
  return (
    <>
      <form className="list" onSubmit={submit}>
        <label htmlFor="selector-list">
          One selector on each line, or CSV with a heading <code>value</code> (and <code>kind</code>)
        </label>
        <textarea
          id="selector-list"
          rows={8}
          value={text}
          data-filter
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
        <p className="acts">
          <label className="file">
            or a file <input type="file" accept=".txt,.csv,text/plain,text/csv" onChange={take} />
          </label>
          <button type="submit" disabled={asking || text.trim() === ''}>
            Look them up
          </button>
        </p>
      </form>
      {error && <Problem error={error} />}
      {found && <Result found={found} />}
    </>
  );
}

function Result({ found }: { readonly found: Listed }) {
  const { lines, blank, duplicates, notUnderstood, withHits, withoutHits } = found;
  const sum = blank + duplicates + notUnderstood + withHits + withoutHits;
  return (
    <>
      <p role="status" className="sums">
        <span>
          {counted(lines, 'line')} = <strong>{count(withHits)} with hits</strong> + {count(withoutHits)}{' '}
          without + {count(duplicates)} twice + {count(notUnderstood)} not understood + {count(blank)} blank
        </span>
        {sum !== lines && <strong className="bad">does not add up</strong>}
      </p>
      {found.found.length > 0 && <FoundTable found={found} />}
      {found.missed.length > 0 && (
        <>
          <h2>Without hits</h2>
          <Rows
            caption="Selectors without hits"
            heads={['Line', 'Given', 'Taken as']}
            rows={found.missed}
            row={(row) => (
              <tr key={row.line}>
                <td className="number">{row.line}</td>
                <th scope="row">
                  <EvidenceText value={asEvidence(row.given)} />
                </th>
                <td>
                  {row.kinds.join(', ')} <EvidenceText value={asEvidence(row.canonical)} />
                </td>
              </tr>
            )}
          />
        </>
      )}
      {found.rejected.length > 0 && (
        <>
          <h2>Not understood</h2>
          <Rows
            caption="Lines not understood"
            heads={['Line', 'Given', 'Why']}
            rows={found.rejected}
            row={(row) => (
              <tr key={row.line}>
                <td className="number">{row.line}</td>
                <th scope="row">
                  <EvidenceText value={asEvidence(row.given)} />
                </th>
                <td>{row.reason}</td>
              </tr>
            )}
          />
        </>
      )}
    </>
  );
}

function FoundTable({ found }: { readonly found: Listed }) {
  return (
    <>
      <h2>With hits</h2>
      <Rows
        caption="Selectors with hits"
        heads={['Line', 'Given', 'Hits', 'Where', 'Accounts']}
        rows={found.found}
        row={(row) => (
          <tr key={row.line}>
            <td className="number">{row.line}</td>
            <th scope="row">
              <EvidenceText value={asEvidence(row.given)} />
              <div className="muted">
                {row.kinds.join(', ')} <EvidenceText value={asEvidence(row.canonical)} />
              </div>
            </th>
            <td className="number">{count(row.hits)}</td>
            <td>
              <ul className="plain">
                {row.byKind.map((each) => (
                  <li key={keyOf(each.where, each.selector)}>
                    {each.where}
                    {each.selector !== null && ` (${each.selector})`}: {count(each.hits)}
                  </li>
                ))}
              </ul>
            </td>
            <td>
              <ul className="plain">
                {row.accounts.map((each, index) => (
                  <li key={keyOf(each.account, each.where, index)}>
                    {each.account === null ? (
                      <Unknown text="no account" />
                    ) : (
                      <AccountName handle={each.handle} account={each.account} person={each.person} />
                    )}{' '}
                    <span className="muted">
                      {each.where}, {counted(each.hits, 'time')}
                    </span>{' '}
                    {each.pointer !== null && <SourceLink pointer={each.pointer} of="the first" item />}{' '}
                    <Span first={each.first_time} last={each.last_time} />
                  </li>
                ))}
              </ul>
              {row.more > 0 && (
                <span className="muted">{counted(row.more, 'further account')} not listed</span>
              )}
            </td>
          </tr>
        )}
      />
    </>
  );
}
