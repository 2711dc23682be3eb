import { type ChangeEvent, type FormEvent, type ReactNode, useState } from 'react';
import { type Answer, api } from '../api.ts';
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
import { useWork } from '../use-work.ts';

type Listed = Answer<'searchSelectors'>;

/** Many selectors at once, pasted or from a file: which of them are known, and where. */
export function SearchList() {
  const [text, setText] = useState('');
  const [found, setFound] = useState<Listed>();
  const { working, error, run } = useWork();
  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (!file) return;
    setText(await file.text());
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => setFound(await api.searchSelectors(text)));
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
          <button type="submit" disabled={working || text.trim() === ''}>
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
      <Without
        title={t('search-list.without-hits')}
        caption={t('search-list.selectors-without-hits')}
        what={t('search-list.taken-as')}
        lines={found.missed}
        say={(line) => (
          <>
            {line.kinds.join(', ')} <EvidenceText value={asEvidence(line.canonical)} />
          </>
        )}
      />
      <Without
        title={t('search-list.not-understood-2')}
        caption={t('search-list.lines-not-understood')}
        what={t('search-list.why')}
        lines={found.rejected}
        say={(line) => line.reason}
      />
    </>
  );
}

interface WithoutProps<Given> {
  readonly title: string;
  readonly caption: string;
  /** Head of the last column, which `say` fills. */
  readonly what: string;
  readonly lines: readonly Given[];
  readonly say: (line: Given) => ReactNode;
}

/** The given lines that led to nothing; not drawn when there are none. */
function Without<Given extends { readonly line: number; readonly given: string }>({
  title,
  caption,
  what,
  lines,
  say,
}: WithoutProps<Given>) {
  if (lines.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <Rows
        caption={caption}
        heads={[t('search-list.line'), t('search-list.given'), what]}
        rows={lines}
        row={(line) => (
          <tr key={line.line}>
            <td className="number">{line.line}</td>
            <th scope="row">
              <EvidenceText value={asEvidence(line.given)} />
            </th>
            <td>{say(line)}</td>
          </tr>
        )}
      />
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
