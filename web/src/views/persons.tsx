import { type FormEvent, useRef } from 'react';
import { type Answer, api } from '../api.ts';
import { addressOf, Link, navigate, useQuery } from '../router.tsx';
import { isEmpty } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Band } from '../ui/reasons.tsx';
import { Rows } from '../ui/rows.tsx';
import { Empty } from '../ui/section.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { useAnswer } from '../use-answer.ts';

type Line = Answer<'listPersons'>['persons'][number];

const pageRows = 100;

export function PersonsPage() {
  const [{ text, offset: from }] = useQuery({ text: '', offset: '0' });
  const offset = /^\d{1,9}$/.test(from) ? Number(from) : 0;
  const answer = useAnswer(`persons ${offset} ${text}`, () => api.persons(text, pageRows, offset));
  const field = useRef<HTMLInputElement>(null);
  const search = (event: FormEvent) => {
    event.preventDefault();
    navigate(addressOf.persons(field.current?.value.slice(0, 200) ?? ''));
  };
  return (
    <View title="Persons" answer={answer}>
      {({ persons, more }) => (
        <>
          <div className="heading">
            <h1 tabIndex={-1}>Persons</h1>
            <p className="muted">
              Everybody found, ranked or not. A person is a proposal: accounts judged to be one human, always
              provisional.
            </p>
            <form className="filter" onSubmit={search}>
              <label htmlFor="persons-filter">Find</label>
              <input
                id="persons-filter"
                ref={field}
                type="search"
                data-filter
                defaultValue={text}
                key={text}
                maxLength={200}
                placeholder="handle, account, person id"
              />
              <button type="submit">Find</button>
            </form>
          </div>
          {persons.length === 0 ? <Nobody searched={text !== ''} /> : <List persons={persons} />}
          <p className="pages">
            {offset > 0 && (
              <Link href={addressOf.persons(text, Math.max(0, offset - pageRows))}>Previous {pageRows}</Link>
            )}
            {more && <Link href={addressOf.persons(text, offset + pageRows)}>Next {pageRows}</Link>}
          </p>
        </>
      )}
    </View>
  );
}

function Nobody({ searched }: { readonly searched: boolean }) {
  return (
    <Empty>
      {searched ? (
        <p>
          No handle, account or id holds this text. That somebody is not found here does not mean they are
          absent.
        </p>
      ) : (
        <p>Nobody yet: add exhibits, then build.</p>
      )}
    </Empty>
  );
}

function List({ persons }: { readonly persons: readonly Line[] }) {
  return (
    <Rows
      caption="Persons"
      heads={['Rank', 'Band', 'Person', 'Accounts']}
      rows={persons}
      first={pageRows}
      row={(line) => (
        <tr key={line.person}>
          <td className="number">{line.rank ?? <Unknown text="not ranked" />}</td>
          <td>{line.band === null ? <Unknown text="none" /> : <Band band={line.band} />}</td>
          <th scope="row">
            <Link className="open" data-item={line.person} href={addressOf.person(line.person)}>
              <EvidenceText
                value={line.handles.find((handle) => !isEmpty(handle)) ?? line.account_list[0] ?? null}
              />
            </Link>
          </th>
          <td>
            <ul className="accounts">
              {line.account_list.slice(0, 8).map((account, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the list never moves
                <li key={index}>
                  <EvidenceText value={account} />
                </li>
              ))}
            </ul>
            {line.accounts > 1 && (
              <span className="tag inference">{line.accounts} accounts, joined by proposal</span>
            )}
          </td>
        </tr>
      )}
    />
  );
}
