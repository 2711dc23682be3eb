import { type ChangeEvent, type FormEvent, useState } from 'react';
import { type Answer, ApiError, api } from '../api.ts';
import { AccountName } from '../ui/account-name.tsx';
import { asEvidence, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Problem } from '../ui/problem.tsx';
import { Rows } from '../ui/rows.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Span } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { t } from '../ui/words.ts';

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
          {t('search-list.one-selector-on-each')} <code>value</code> {t('search-list.and')} <code>kind</code>)
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
            {t('search-list.or-a-file')}{' '}
            <input type="file" accept=".txt,.csv,text/plain,text/csv" onChange={take} />
          </label>
          <button type="submit" disabled={asking || text.trim() === ''}>
            {t('search-list.look-them-up')}
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
          {t('n.line', { n: lines })} ={' '}
          <strong>
            {count(withHits)} {t('search-list.with-hits')}
          </strong>{' '}
          + {count(withoutHits)} {t('search-list.without')} {count(duplicates)} {t('search-list.twice')}{' '}
          {count(notUnderstood)} {t('search-list.not-understood')} {count(blank)} {t('search-list.blank')}
        </span>
        {sum !== lines && <strong className="bad">{t('say.does-not-add-up')}</strong>}
      </p>
      {found.found.length > 0 && <FoundTable found={found} />}
      {found.missed.length > 0 && (
        <>
          <h2>{t('search-list.without-hits')}</h2>
          <Rows
            caption={t('search-list.selectors-without-hits')}
            heads={[t('search-list.line'), t('search-list.given'), t('search-list.taken-as')]}
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
          <h2>{t('search-list.not-understood-2')}</h2>
          <Rows
            caption={t('search-list.lines-not-understood')}
            heads={[t('search-list.line'), t('search-list.given'), t('search-list.why')]}
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
      <h2>{t('search-list.with-hits-2')}</h2>
      <Rows
        caption={t('search-list.selectors-with-hits')}
        heads={[
          t('search-list.line'),
          t('search-list.given'),
          t('say.hits'),
          t('say.where'),
          t('say.accounts'),
        ]}
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
                      <Unknown text={t('say.no-account')} />
                    ) : (
                      <AccountName handle={each.handle} account={each.account} person={each.person} />
                    )}{' '}
                    <span className="muted">
                      {each.where}, {t('n.time', { n: each.hits })}
                    </span>{' '}
                    {each.pointer !== null && (
                      <SourceLink pointer={each.pointer} of={t('search-list.the-first')} item />
                    )}{' '}
                    <Span first={each.first_time} last={each.last_time} />
                  </li>
                ))}
              </ul>
              {row.more > 0 && (
                <span className="muted">
                  {t('n.further-account', { n: row.more })} {t('search-list.not-listed')}
                </span>
              )}
            </td>
          </tr>
        )}
      />
    </>
  );
}
