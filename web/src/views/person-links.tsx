import type { Answer } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLinks } from '../ui/source-link.tsx';
import { Unknown } from '../ui/unknown.tsx';

type Person = Answer<'showPerson'>;
type Pair = Person['links'][number];

/** What the kinds of evidence are called: each is taken to be independent of the others. */
const groups: Readonly<Record<string, string>> = {
  contact: 'same contact details',
  handle: 'alike handles',
  line: 'same internet line',
};

/** Why accounts are taken to be one human, and pairs that were looked at and not joined. */
export function Links({ person }: { readonly person: Person }) {
  const note =
    'Bits are an investigative score, not a likelihood ratio: they order pairs and have not been calibrated on cases.';
  return (
    <Section id="links" title="Links" count={person.links.length} note={note}>
      {person.links.length === 0 ? (
        <p>
          <Unknown text="No other account shares anything that is known." />
        </p>
      ) : (
        <ul className="links">
          {person.links.map((link) => (
            <Item key={keyOf(link.account_a, link.account_b)} link={link} person={person.person} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Item({ link, person }: { readonly link: Pair; readonly person: string }) {
  return (
    <li className={link.decision === null ? 'inference' : 'decided'}>
      <div className="pair">
        <Side account={link.account_a} handle={link.handle_a} other={link.person_a} person={person} />
        <span aria-hidden="true" className="muted">
          ↔
        </span>
        <Side account={link.account_b} handle={link.handle_b} other={link.person_b} person={person} />
        <span className="bits">
          {link.bits.toFixed(1)} bits <span className="muted">investigative score</span>
        </span>
        <Verdict link={link} />
      </div>
      {link.evidence.length > 0 && (
        <ul className="reasons">
          {link.evidence.map((evidence, index) => (
            <li key={keyOf(evidence.text, index)}>
              <span className="tag fact">{groups[evidence.group] ?? evidence.group}</span>{' '}
              <EvidenceText value={evidence.text} />{' '}
              <span className="muted">
                {evidence.bits.toFixed(1)} bits, shared by {evidence.accounts} accounts
              </span>{' '}
              <SourceLinks pointers={evidence.pointers} of={groups[evidence.group] ?? evidence.group} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

interface SideProps {
  readonly account: Pair['account_a'];
  readonly handle: Pair['handle_a'];
  readonly other: string;
  readonly person: string;
}

function Side({ account, handle, other, person }: SideProps) {
  const name = (
    <>
      {handle !== null && (
        <>
          <EvidenceText value={handle} />{' '}
        </>
      )}
      <span className="muted">
        <EvidenceText value={account} />
      </span>
    </>
  );
  return other === person ? (
    <span>{name}</span>
  ) : (
    <Link data-item={keyOf(account, other)} href={addressOf.person(other)}>
      {name}
    </Link>
  );
}

function Verdict({ link }: { readonly link: Pair }) {
  if (link.decision !== null) return <span className="tag fact">an officer decided: {link.decision}</span>;
  if (link.person_a === link.person_b) {
    const text = link.proposed ? 'proposed as one human' : 'joined through other accounts';
    return <span className="tag inference">{text}</span>;
  }
  return <span className="tag inference">not joined</span>;
}
