import type { Answer } from '../api.ts';
import { changeParts, useParts } from '../parts.ts';
import { addressOf, Link } from '../router.tsx';
import { AccountName } from '../ui/account-name.tsx';
import { asEvidence, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { counted } from '../ui/numbers.ts';
import { Reveal } from '../ui/reveal.tsx';
import { Rows } from '../ui/rows.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Time } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';

export type Entry = Answer<'showTimeline'>['entries'][number];

const roles: Readonly<Record<string, string>> = {
  by: 'did it',
  to: 'received it',
  about: 'somebody else recorded it about the account',
};
/** Kinds whose text a reader may open. */
const written = ['post', 'private message', 'mail', 'chat'].map(asEvidence);

/** Entries of a timeline; the one that the address names is marked, here and in the histogram. */
export function TimelineEntries({ entries }: { readonly entries: readonly Entry[] }) {
  const parts = useParts();
  const [at, who] = [asEvidence(parts.get('at') ?? ''), asEvidence(parts.get('who') ?? '')];
  const isChosen = (entry: Entry) => entry.pointer === at && entry.account === who;
  const choose = (entry: Entry) => {
    if (!isChosen(entry)) changeParts({ at: entry.pointer, who: entry.account, time: entry.time });
  };
  return (
    <Rows
      caption="Events in order of time"
      heads={['Time', 'Kind', 'Account', 'Role', 'Other side', 'IP address', 'Exhibit', 'Source']}
      rows={entries}
      first={1_000_000}
      row={(entry, index) => (
        <tr
          key={keyOf(entry.pointer, entry.account, entry.role, index)}
          className={isChosen(entry) ? 'chosen' : ''}
          onFocus={() => choose(entry)}
          onClick={() => choose(entry)}
        >
          <td>
            <Time time={entry.time} text={entry.time_text} zone={entry.time_zone} />
          </td>
          <th scope="row">
            <EvidenceText value={entry.kind} />
            {entry.action !== null && (
              <div className="muted">
                <EvidenceText value={entry.action} />
              </div>
            )}
            {entry.service !== null && entry.service !== entry.kind && (
              <div className="muted">
                <EvidenceText value={entry.service} />
              </div>
            )}
            {entry.copies > 1 && <div className="muted">in {counted(entry.copies, 'exhibit')}</div>}
          </th>
          <td>
            <AccountName handle={entry.handle} account={entry.account} person={entry.person} />
          </td>
          <td>{roles[entry.role] ?? entry.role}</td>
          <td>
            <EvidenceText value={entry.other_account} otherwise="none stated" />
          </td>
          <td>{entry.ip === null ? <Unknown /> : <EvidenceText value={entry.ip} />}</td>
          <td>
            <Link href={addressOf.exhibit(entry.exhibit)}>
              <code>{entry.exhibit.slice(0, 8)}</code>
            </Link>
          </td>
          <td>
            <SourceLink pointer={entry.pointer} of="the event" item />
            {written.includes(entry.kind) && isChosen(entry) && (
              <Reveal pointer={entry.pointer} size={null} of="the event" />
            )}
          </td>
        </tr>
      )}
    />
  );
}
