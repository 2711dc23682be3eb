import { type Answer, api } from '../api.ts';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Band, ReasonsAgainst, ReasonsFor } from '../ui/reasons.tsx';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Time } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { useAnswer } from '../use-answer.ts';
import { Contacts } from './person-contacts.tsx';
import { Links } from './person-links.tsx';
import { Files, Messages, Selectors } from './person-tables.tsx';

export type Person = Answer<'showPerson'>;

export function PersonPage({ person }: { readonly person: string }) {
  const answer = useAnswer(`person ${person}`, () => api.person(person));
  return (
    <View title="Person" answer={answer}>
      {(value) => (
        <>
          <Heading person={value} />
          <div className="parts">
            <Contents person={value} />
            <div>
              <Reasons person={value} />
              <Accounts person={value} />
              <Links person={value} />
              <Selectors person={value} />
              <Contacts person={value} />
              <Files person={value} />
              <Messages person={value} />
            </div>
          </div>
        </>
      )}
    </View>
  );
}

function Heading({ person }: { readonly person: Person }) {
  const named = person.accounts.find(({ handle }) => handle !== null);
  return (
    <div className="heading person">
      <h1 tabIndex={-1}>
        <EvidenceText value={named?.handle ?? person.accounts[0]?.account ?? null} />
      </h1>
      <p>
        {person.band === null ? (
          <Unknown text="Not in the queue: no objective indicator is known." />
        ) : (
          <span className="bands">
            <Band band={person.band} /> rank {person.rank}
          </span>
        )}{' '}
        <span className="tag inference">
          {person.accounts.length === 1
            ? 'provisional person of one account'
            : `provisional person: ${person.accounts.length} accounts, joined by proposal`}
        </span>{' '}
        <code className="muted">{person.person}</code>
      </p>
    </div>
  );
}

function Contents({ person }: { readonly person: Person }) {
  const parts = [
    ['reasons', 'Reasons', person.reasons.length],
    ['accounts', 'Accounts', person.accounts.length],
    ['links', 'Links', person.links.length],
    ['selectors', 'Selectors', person.selectors.length],
    ['contacts', 'Contacts', person.contacts.length],
    ['files', 'Files', person.files.length],
    ['messages', 'Messages', person.messages.length],
  ] as const;
  return (
    <nav className="contents" aria-label="Parts of this page">
      {parts.map(([id, title, size]) => (
        <a key={id} href={`#${id}`}>
          <span>{title}</span> <span className="count">{count(size)}</span>
        </a>
      ))}
    </nav>
  );
}

function Reasons({ person }: { readonly person: Person }) {
  return (
    <Section id="reasons" title="Reasons" count={person.reasons.length}>
      {person.reasons.length === 0 ? (
        <p>
          <Unknown text="No objective indicator is known. A hash list or an officer's fact may bring one." />
        </p>
      ) : (
        <div className="for-against">
          <div>
            <h3>For looking first</h3>
            <ReasonsFor reasons={person.reasons} items />
          </div>
          <div>
            <h3>Against</h3>
            <ReasonsAgainst reasons={person.reasons} items />
          </div>
        </div>
      )}
    </Section>
  );
}

function Accounts({ person }: { readonly person: Person }) {
  return (
    <Section id="accounts" title="Accounts" count={person.accounts.length}>
      <Rows
        caption="Accounts of this person"
        heads={['Account', 'Handle', 'Kind', 'Status', 'Created', 'Source']}
        rows={person.accounts}
        row={(account) => (
          <tr key={keyOf(account.account)}>
            <th scope="row">
              <EvidenceText value={account.account} />
            </th>
            <td>
              <EvidenceText value={account.handle} />
            </td>
            <td>
              <EvidenceText value={account.kind} />
            </td>
            <td>
              <EvidenceText value={account.status} />
            </td>
            <td>
              <Time time={account.time} text={account.time_text} zone={account.time_zone} />
            </td>
            <td>
              <SourceLink pointer={account.pointer} of="the account" item />
            </td>
          </tr>
        )}
      />
    </Section>
  );
}
