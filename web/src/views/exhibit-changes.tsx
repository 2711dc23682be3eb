import type { ReactNode } from 'react';
import type { Answer } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { SourceLinks } from '../ui/source-link.tsx';
import { named, t, type Word } from '../ui/words.ts';

export type Exclusion = Answer<'excludeExhibit'>;
type Changes = Exclusion['changes'];
type LinkChange = Changes['links']['fell']['items'][number];
type PersonChange = Changes['persons']['split']['items'][number];
type QueueChange = Changes['queue']['items'][number];

/** Everything that falls, moves and appears, list by list: what is not listed is counted. */
export function ChangesOf({ exclusion }: { readonly exclusion: Exclusion }) {
  const { changes, records, packages, notices } = exclusion;
  const { accounts, links, persons, queue, children } = changes;
  const followed = {
    hf: changes.hand_offs.fell,
    hc: changes.hand_offs.came,
    lf: changes.leads.fell,
    lc: changes.leads.came,
  };
  return (
    <div className="changes">
      <Listed title="change.children" of={children}>
        {(child) => (
          <>
            <Link href={addressOf.child(child.child)}>
              <EvidenceText value={child.child} />
            </Link>
            : {t('change.child', { fell: child.fell, came: child.came, stand: child.stand })}{' '}
            <SourceLinks
              pointers={[...child.fell_pointers, ...child.came_pointers].slice(0, 5)}
              of={t('change.children')}
            />
          </>
        )}
      </Listed>
      <Listed title="packages.package" heading={t('change.packages')} of={whole(packages)}>
        {(line) => (
          <>
            <code>{line.id.slice(0, 12)}</code> <EvidenceText value={line.created} />:{' '}
            {line.to.map((name, index) => (
              <span key={keyOf(name)}>
                {index > 0 && ', '}
                <EvidenceText value={name} />
              </span>
            ))}
          </>
        )}
      </Listed>
      {notices.length > 0 && <Notices notices={notices} />}
      <Listed title="change.queue" of={queue} note={t('change.queue-kinds', queue.kinds)}>
        {(each) => <QueueLine change={each} />}
      </Listed>
      <Listed title="change.split" of={persons.split}>
        {(person) => <PersonLine person={person} />}
      </Listed>
      <Listed title="change.joined" of={persons.joined}>
        {(person) => <PersonLine person={person} />}
      </Listed>
      <Plain title="change.persons-title">{t('change.persons', counts(persons))}</Plain>
      <Listed title="change.links-fell" of={links.fell}>
        {(link) => <LinkLine link={link} />}
      </Listed>
      <Listed title="change.links-weaker" of={links.weaker}>
        {(link) => <LinkLine link={link} />}
      </Listed>
      <Listed title="change.links-stronger" of={links.stronger}>
        {(link) => <LinkLine link={link} />}
      </Listed>
      <Listed title="change.links-came" of={links.came}>
        {(link) => <LinkLine link={link} />}
      </Listed>
      <Listed title="change.accounts-fell" of={accounts.fell}>
        {(account) => <AccountLine account={account} />}
      </Listed>
      <Listed title="change.accounts-came" of={accounts.came}>
        {(account) => <AccountLine account={account} />}
      </Listed>
      <Plain title="change.followed-title">{t('change.followed', followed)}</Plain>
      <Listed title="change.decided" of={whole(changes.decided_gone)}>
        {(account) => <EvidenceText value={account} />}
      </Listed>
      <Plain title="change.records">
        {Object.entries(records)
          .map(([table, size]) => `${count(size)} ${table}`)
          .join(', ') || t('change.none')}
      </Plain>
    </div>
  );
}

function counts({ before, after, gone, smaller, appeared }: Changes['persons']) {
  return { before, after, gone, smaller, appeared };
}

function whole<T>(items: readonly T[]) {
  return { count: items.length, items };
}

interface ListedProps<T> {
  readonly title: Word;
  readonly heading?: string;
  readonly note?: string;
  readonly of: { readonly count: number; readonly items: readonly T[] };
  readonly children: (item: T) => ReactNode;
}

/** One kind of change: its number always, its entries when opened. */
function Listed<T>({
  title,
  heading = t(title),
  note,
  of: { count: size, items },
  children,
}: ListedProps<T>) {
  if (size === 0) {
    return (
      <p className="change none">
        {heading}: {t('change.none')}
      </p>
    );
  }
  return (
    <details className="change">
      <summary data-item={title}>
        {heading} <span className="count">{count(size)}</span>
        {note !== undefined && <span className="muted">: {note}</span>}
      </summary>
      {items.length < size && <p className="note">{t('change.cap', { shown: items.length, n: size })}</p>}
      <ul className="plain">
        {items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the entries of one answer never move
          <li key={index}>{children(item)}</li>
        ))}
      </ul>
    </details>
  );
}

function Plain({ title, children }: { readonly title: Word; readonly children: ReactNode }) {
  return (
    <p className="change none">
      {t(title)}: {children}
    </p>
  );
}

function AccountLine({ account }: { readonly account: Changes['accounts']['fell']['items'][number] }) {
  return (
    <>
      <EvidenceText value={account.account} /> <EvidenceText value={account.handle} otherwise="" />
    </>
  );
}

function LinkLine({ link }: { readonly link: LinkChange }) {
  const bits = (value: number | null) => (value === null ? t('change.none') : value.toFixed(1));
  return (
    <>
      <EvidenceText value={link.a} /> = <EvidenceText value={link.b} />{' '}
      <span className="muted">
        {t('change.bits', { from: bits(link.bits_before), to: bits(link.bits_after) })}
        {link.gone && `, ${t('change.gone')}`}
      </span>
      {link.pieces.length > 0 && (
        <ul className="plain">
          {link.pieces.map((piece, index) => (
            <li key={keyOf(piece.text, index)}>
              <EvidenceText value={piece.text} /> <span className="muted">{piece.bits.toFixed(1)}</span>{' '}
              <SourceLinks pointers={piece.pointers.slice(0, 5)} of={t('change.links-fell')} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function PersonLine({ person }: { readonly person: PersonChange }) {
  return (
    <>
      <Link href={addressOf.person(person.person)}>{person.person}</Link>
      {person.rank !== null && ` (${t('queue.rank')} ${person.rank})`}
      <ul className="plain">
        {person.parts.map((part) => (
          <li key={part.person ?? 'nobody'}>
            {part.person ?? t('change.nobody')}:{' '}
            {part.accounts.map((account, index) => (
              <span key={keyOf(account)}>
                {index > 0 && ', '}
                <EvidenceText value={account} />
              </span>
            ))}
            {part.count > part.accounts.length &&
              ` ${t('common.more', { n: part.count - part.accounts.length })}`}
          </li>
        ))}
      </ul>
    </>
  );
}

function QueueLine({ change }: { readonly change: QueueChange }) {
  const place = (rank: number | null, band: string | null) =>
    rank === null ? t('change.not-in') : `${rank}${band === null ? '' : ` (${band})`}`;
  const person = change.person ?? change.heir ?? '';
  return (
    <>
      <Link href={addressOf.person(person)}>
        <EvidenceText value={change.handles[0] ?? null} otherwise={person} />
      </Link>{' '}
      {t('change.from-to', {
        from: place(change.from, change.from_band),
        to: place(change.to, change.to_band),
      })}
    </>
  );
}

/** Texts for a human to send. */
export function Notices({ notices }: { readonly notices: Exclusion['notices'] }) {
  return (
    <div className="notices">
      <h3>{t('notice.title')}</h3>
      <p className="note">{t('notice.note')}</p>
      {notices.map((notice) => (
        <div key={keyOf(notice.package, notice.to)}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre className="text" tabIndex={0}>
            <EvidenceText value={notice.text} lines />
          </pre>
          <CopyButton text={notice.text} what={t('notice.what')} />
        </div>
      ))}
    </div>
  );
}

/** What a preview was compared with. */
export function comparedWith(exclusion: Exclusion): string {
  return named('exclude.with', exclusion.compared_with);
}
