import { AccountName } from '../ui/account-name.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Notes } from '../ui/notes.tsx';
import { Reveal } from '../ui/reveal.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Time } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { t } from '../ui/words.ts';
import type { Found } from './search.tsx';

type Hit = Found['hits'][number];

/** Hits with what matched and where it stands; the text of a message opens by a deliberate, recorded act. */
export function SearchHits({ found }: { readonly found: Found }) {
  if (found.hits.length === 0) {
    return <p className="empty">{t('search-hits.nothing-holds-this-that')}</p>;
  }
  return (
    <ol className="hits">
      {found.hits.map((hit, index) => (
        <li key={keyOf(hit.pointer, hit.kind, hit.selector, index)}>
          <Line hit={hit} />
        </li>
      ))}
    </ol>
  );
}

function Line({ hit }: { readonly hit: Hit }) {
  const what = hit.selector ?? hit.kind;
  return (
    <>
      <p className="told">
        <span className="tag fact">{what}</span>{' '}
        {hit.shown !== null && (
          <strong>
            <EvidenceText value={hit.shown} />
          </strong>
        )}{' '}
        {hit.account === null ? (
          <Unknown text={t('search-hits.account-not-stated')} />
        ) : (
          <AccountName handle={hit.handle} account={hit.account} person={hit.person} />
        )}{' '}
        {hit.channel !== null && (
          <span className="muted">
            {t('say.by')} <EvidenceText value={hit.channel} />
          </span>
        )}{' '}
        {hit.times > 1 && (
          <span className="muted">
            {t('search-hits.seen')} {t('n.time', { n: hit.times })}
          </span>
        )}
      </p>
      <p className="hit-facts">
        <span>
          {t('search-hits.matched-in')} {hit.where.join(', ')}:{' '}
          {hit.matched.map((term, index) => (
            <mark key={keyOf(term, index)}>
              <EvidenceText value={term} />
            </mark>
          ))}
          {hit.matched.length === 0 && <Unknown text={t('search-hits.by-filter-alone')} />}
        </span>
        <Time time={hit.time} text={hit.time_text} zone={hit.time_zone} />
        <SourceLink pointer={hit.pointer} of={t('say.the-of', { what })} item />
      </p>
      <Notes beside={{ pointer: hit.pointer }} notes={hit.notes} of={t('say.the-of', { what })} />
      {hit.kind === 'message' && (
        <Reveal pointer={hit.pointer} size={hit.body_bytes} of={t('say.the-message')} />
      )}
    </>
  );
}
