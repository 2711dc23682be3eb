import { AccountName } from '../ui/account-name.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { counted } from '../ui/numbers.ts';
import { Reveal } from '../ui/reveal.tsx';
import { SourceLink } from '../ui/source-link.tsx';
import { Time } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';
import type { Found } from './search.tsx';

type Hit = Found['hits'][number];

/** Hits with what matched and where it stands; the text of a message opens by a deliberate, recorded act. */
export function SearchHits({ found }: { readonly found: Found }) {
  if (found.hits.length === 0) {
    return (
      <p className="empty">Nothing holds this. That nothing is found does not mean that nothing exists.</p>
    );
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
          <Unknown text="account not stated" />
        ) : (
          <AccountName handle={hit.handle} account={hit.account} person={hit.person} />
        )}{' '}
        {hit.channel !== null && (
          <span className="muted">
            by <EvidenceText value={hit.channel} />
          </span>
        )}{' '}
        {hit.times > 1 && <span className="muted">seen {counted(hit.times, 'time')}</span>}
      </p>
      <p className="hit-facts">
        <span>
          matched in {hit.where.join(', ')}:{' '}
          {hit.matched.map((term, index) => (
            <mark key={keyOf(term, index)}>
              <EvidenceText value={term} />
            </mark>
          ))}
          {hit.matched.length === 0 && <Unknown text="by filter alone" />}
        </span>
        <Time time={hit.time} text={hit.time_text} zone={hit.time_zone} />
        <SourceLink pointer={hit.pointer} of={`the ${what}`} item />
      </p>
      {hit.kind === 'message' && <Reveal pointer={hit.pointer} size={hit.body_bytes} of="the message" />}
    </>
  );
}
