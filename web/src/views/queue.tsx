import { useState } from 'react';
import { type Answer, api } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { holds, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { counted } from '../ui/numbers.ts';
import { Band, ReasonsAgainst, ReasonsFor } from '../ui/reasons.tsx';
import { Empty } from '../ui/section.tsx';
import { View } from '../ui/view.tsx';
import { useAnswer } from '../use-answer.ts';

type Entry = Answer<'showQueue'>['queue'][number];

/** Rows drawn at first; a longer queue is drawn when asked for. */
const firstRows = 200;
/** Accounts named in a row. */
const maxAccounts = 6;

export function QueuePage() {
  const answer = useAnswer('queue', api.queue);
  return (
    <View title="Queue" answer={answer}>
      {({ queue }) => (queue.length === 0 ? <NoQueue /> : <Queue queue={queue} />)}
    </View>
  );
}

function NoQueue() {
  return (
    <>
      <h1 tabIndex={-1}>Queue</h1>
      <Empty>
        <p>No objective indicators: add a hash list or officers' facts, then build.</p>
        <p>
          Nobody is ranked for being a member, for a reply or for whom they know. See what was read under{' '}
          <Link href={addressOf.exhibits}>Exhibits</Link>, and everybody found under{' '}
          <Link href="/persons">Persons</Link>.
        </p>
      </Empty>
    </>
  );
}

function Queue({ queue }: { readonly queue: readonly Entry[] }) {
  const [filter, setFilter] = useState('');
  const [all, setAll] = useState(false);
  const found = filter === '' ? queue : queue.filter((entry) => matches(entry, filter));
  const shown = all ? found : found.slice(0, firstRows);
  return (
    <>
      <div className="heading">
        <h1 tabIndex={-1}>Queue</h1>
        <p className="muted">
          {counted(queue.length, 'person')} with objective indicators. Waymark proposes an order; a named
          officer decides.
        </p>
        <label className="filter">
          <span>Filter</span>
          <input
            type="search"
            data-filter
            value={filter}
            placeholder="handle, account, reason"
            onChange={(event) => setFilter(event.target.value)}
          />
          <kbd>/</kbd>
        </label>
      </div>
      <div className="scroll">
        <table className="queue">
          <caption className="hidden">Persons in the order in which to look</caption>
          <thead>
            <tr>
              <th scope="col">Rank</th>
              <th scope="col">Band</th>
              <th scope="col">Person</th>
              <th scope="col">Reasons for</th>
              <th scope="col">Reasons against</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((entry) => (
              <Row key={entry.person} entry={entry} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="muted" role="status">
        {filter !== '' && `${counted(found.length, 'person')} match the filter. `}
      </p>
      {shown.length < found.length && (
        <button type="button" className="quiet" onClick={() => setAll(true)}>
          Show all {found.length}
        </button>
      )}
    </>
  );
}

function matches(entry: Entry, filter: string): boolean {
  const texts = [
    ...entry.accounts.flatMap(({ account, handle }) => [account, handle]),
    ...entry.reasons.map(({ text }) => text),
  ];
  return holds(texts, filter) || entry.person.includes(filter);
}

function Row({ entry }: { readonly entry: Entry }) {
  const [first] = entry.accounts;
  // The heading shows the first account itself where it has no handle: then it is not said twice.
  const listed = first?.handle === null ? entry.accounts.slice(1) : entry.accounts;
  return (
    <tr>
      <td className="number">{entry.rank}</td>
      <td>
        <Band band={entry.band} />
      </td>
      <th scope="row">
        <Link className="open" data-item={entry.person} href={addressOf.person(entry.person)}>
          <EvidenceText value={first?.handle ?? first?.account ?? null} />
        </Link>
        <ul className="accounts">
          {listed.slice(0, maxAccounts).map(({ account, handle }) => (
            <li key={keyOf(account)}>
              {account !== first?.account && handle !== null && (
                <>
                  <EvidenceText value={handle} />{' '}
                </>
              )}
              <span className="muted">
                <EvidenceText value={account} />
              </span>
            </li>
          ))}
        </ul>
        {listed.length > maxAccounts && <span className="muted">{listed.length - maxAccounts} more </span>}
        {entry.accounts.length > 1 && (
          <span className="tag inference">{entry.accounts.length} accounts, joined by proposal</span>
        )}
      </th>
      <td>
        <ReasonsFor reasons={entry.reasons.slice(0, 4)} />
        {entry.reasons.length > 4 && (
          <Link href={addressOf.person(entry.person)}>{entry.reasons.length - 4} more reasons</Link>
        )}
      </td>
      <td>
        <ReasonsAgainst reasons={entry.reasons} />
      </td>
    </tr>
  );
}
