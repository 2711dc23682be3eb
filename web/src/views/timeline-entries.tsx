import type { Answer } from '../api.ts';
import { useCommands } from '../commands.ts';
import { changeParts, useParts } from '../parts.ts';
import { addressOf, Link } from '../router.tsx';
import { AccountName } from '../ui/account-name.tsx';
import { asEvidence, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Notes, turnStar } from '../ui/notes.tsx';
import { Reveal } from '../ui/reveal.tsx';
import { Rows } from '../ui/rows.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Time } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { named, t } from '../ui/words.ts';
import { useChanged } from '../use-answer.ts';

export type Entry = Answer<'showTimeline'>['entries'][number];

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
  const changed = useChanged();
  const chosen = entries.find(isChosen);
  useCommands(
    chosen
      ? [
          {
            id: 'star',
            label: t('note.star-row'),
            key: 's',
            act: () => void turnStar({ pointer: chosen.pointer }, chosen.notes).then(changed, () => {}),
          },
        ]
      : [],
  );
  return (
    <Rows
      caption={t('timeline-entries.events-in-order-of')}
      heads={[
        t('say.time'),
        t('say.kind'),
        `${t('say.account')}, ${t('timeline-entries.ip-address')}`,
        t('timeline-entries.role'),
        t('timeline-entries.other-side'),
        t('say.source'),
      ]}
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
          <th scope="row" className="kind">
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
            {entry.copies > 1 && (
              <div className="muted">
                {t('say.in')} {t('n.exhibit', { n: entry.copies })}
              </div>
            )}
          </th>
          <td>
            <AccountName handle={entry.handle} account={entry.account} person={entry.person} />
            <div className="muted">{entry.ip === null ? <Unknown /> : <EvidenceText value={entry.ip} />}</div>
          </td>
          <td>{named('role', entry.role)}</td>
          <td>
            <EvidenceText value={entry.other_account} otherwise={t('timeline-entries.none-stated')} />
          </td>
          <td className="cited">
            <Link href={addressOf.exhibit(entry.exhibit)}>
              <code>{entry.exhibit.slice(0, 8)}</code>
            </Link>{' '}
            <SourceLink pointer={entry.pointer} of={t('timeline-entries.the-event')} item />
            {written.includes(entry.kind) && isChosen(entry) && (
              <Reveal pointer={entry.pointer} size={null} of={t('timeline-entries.the-event')} />
            )}
            <Notes
              beside={{ pointer: entry.pointer }}
              notes={entry.notes}
              of={t('timeline-entries.the-event')}
            />
          </td>
        </tr>
      )}
    />
  );
}
