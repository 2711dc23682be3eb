import { addressOf, Link } from '../router.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { HandlingBanner, MarkingOf } from '../ui/marking.tsx';
import { count } from '../ui/numbers.ts';
import { Band, ReasonsAgainst, ReasonsFor } from '../ui/reasons.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { named, t } from '../ui/words.ts';
import { nameOf, type QueueEntry } from './queue.tsx';

interface Props {
  readonly entry: QueueEntry;
  readonly onReview: () => void;
}

/** Everything behind one row: all reasons with their sources, what would change the band, what exists at all. */
export function QueueDetails({ entry, onReview }: Props) {
  const { review } = entry;
  return (
    <>
      <HandlingBanner markings={[review?.marking ?? null]} />
      <h2>
        <Link href={addressOf.person(entry.person)}>
          <EvidenceText value={nameOf(entry)} />
        </Link>
      </h2>
      <p>
        <Band band={entry.band} /> {t('queue.rank')} {entry.rank} ·{' '}
        <span className="muted">{named('category', entry.category)}</span>
      </p>
      <ul className="accounts">
        {entry.accounts.map(({ account, handle }) => (
          <li key={keyOf(account)}>
            {handle !== null && (
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
      {entry.accounts.length > 1 && (
        <span className="tag inference">{t('queue.joined', { n: entry.accounts.length })}</span>
      )}
      {entry.victimAccounts.length > 0 && <p className="bad">{t('queue.victim-warning')}</p>}
      <h3>{t('queue.for')}</h3>
      <ReasonsFor reasons={entry.reasons} />
      <h3>{t('queue.against')}</h3>
      <ReasonsAgainst reasons={entry.reasons} />
      <h3>{t('queue.would-change')}</h3>
      <WouldChange entry={entry} />
      {entry.children.length > 0 && (
        <>
          <h3>{t('nav.children')}</h3>
          <ul className="plain">
            {entry.children.map(({ case: number, state }) => (
              <li key={keyOf(number)}>
                <Link href={addressOf.child(number)}>
                  <EvidenceText value={number} />
                </Link>{' '}
                <span className="muted">{named('state', state)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>{t('queue.review')}</h3>
      {review === null ? (
        <p>
          <Unknown text={t('queue.not-reviewed')} />
        </p>
      ) : (
        <p>
          <span className="tag fact">{named('outcome', review.outcome)}</span>{' '}
          {review.held !== 'whole' && <span className="tag against">{named('held', review.held)}</span>}{' '}
          <EvidenceText value={review.reason} />{' '}
          <span className="muted">
            <EvidenceText value={review.author} />, {review.time.slice(0, 10)}
          </span>{' '}
          <MarkingOf marking={review.marking} />
        </p>
      )}
      <p>
        <button type="button" onClick={onReview} aria-haspopup="dialog">
          {t('review.title')} <kbd>r</kbd>
        </button>
      </p>
      <h3>{t('queue.completeness')}</h3>
      <Completeness entry={entry} />
    </>
  );
}

function WouldChange({ entry: { raise, lower } }: { readonly entry: QueueEntry }) {
  if (raise === null && lower === null) return <Unknown text={t('queue.nothing-would')} />;
  return (
    <ul className="plain">
      {raise !== null && (
        <li>
          {t('queue.raise', { band: raise.band ?? '?' })}{' '}
          {raise.indicators.map((indicator) => named('indicator', indicator)).join(', ')}
        </li>
      )}
      {lower !== null && (
        <li>
          {lower.band === null ? t('queue.lower-out') : t('queue.lower', { band: lower.band })}{' '}
          {lower.indicators.map((indicator) => named('indicator', indicator)).join(', ')}
        </li>
      )}
    </ul>
  );
}

const kinds = ['board', 'mail', 'chat', 'logs', 'returns', 'place', 'accounts'] as const;

/** Which kinds of evidence exist. Little evidence is not little concern. */
function Completeness({ entry: { completeness } }: { readonly entry: QueueEntry }) {
  return (
    <>
      <dl className="counts">
        {kinds.map((kind) => (
          <div key={kind}>
            <dt>{t(`complete.${kind}`)}</dt>
            <dd className={completeness[kind] === 0 ? 'unknown' : 'number'}>
              {completeness[kind] === 0 ? t('queue.not-seen') : count(completeness[kind])}
            </dd>
          </div>
        ))}
      </dl>
      <p className="note">{t('queue.completeness-note')}</p>
    </>
  );
}
