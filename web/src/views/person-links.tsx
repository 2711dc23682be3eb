import { api } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { areSame, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Problem } from '../ui/problem.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLinks } from '../ui/source-link.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { type Explained, Waterfall } from '../ui/waterfall.tsx';
import { named, t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import type { Person } from './person.tsx';

type Pair = Person['links'][number];

/** Links drawn with their evidence at first; the others open. */
const open = 3;

/** Why accounts are taken to be one human, and pairs that were looked at and not joined. */
export function Links({ person }: { readonly person: Person }) {
  const answer = useAnswer(`certificate ${person.person}`, () => api.certificate(person.person), {
    keep: true,
  });
  const found = answer.state === 'answered' ? answer.value : undefined;
  return (
    <Section id="links" title={t('link.title')} count={person.links.length} note={t('link.note')}>
      {answer.state === 'failed' && <Problem error={answer.error} />}
      {found?.weakest && (
        <p className={found.bridge ? 'bad' : 'muted'}>
          {t(found.bridge ? 'link.bridge' : 'link.weakest', {
            bits: found.weakest.bits.toFixed(1),
            n: found.weakest.links,
          })}{' '}
          {t('link.without', { n: found.pairsWithoutEvidence, of: found.pairs })}
        </p>
      )}
      {person.links.length === 0 ? (
        <p>
          <Unknown text={t('link.none')} />
        </p>
      ) : (
        <ul className="links">
          {person.links.map((link, index) => (
            <Item
              key={keyOf(link.account_a, link.account_b)}
              link={link}
              person={person.person}
              explained={found?.links.find(
                ({ a, b }) => areSame(a, link.account_a) && areSame(b, link.account_b),
              )}
              opened={index < open}
            />
          ))}
        </ul>
      )}
    </Section>
  );
}

interface ItemProps {
  readonly link: Pair;
  readonly person: string;
  readonly explained: Explained | undefined;
  readonly opened: boolean;
}

function Item({ link, person, explained, opened }: ItemProps) {
  return (
    <li className={link.decision === null ? 'inference' : 'decided'}>
      <div className="pair">
        <Side account={link.account_a} handle={link.handle_a} other={link.person_a} person={person} />
        <span aria-hidden="true" className="muted">
          ↔
        </span>
        <Side account={link.account_b} handle={link.handle_b} other={link.person_b} person={person} />
        <span className="bits">
          {t('link.n-bits', { bits: link.bits.toFixed(1) })} <span className="muted">{t('link.score')}</span>
        </span>
        <Verdict link={link} />
        <Link href={addressOf.pair(link.account_a, link.account_b)}>{t('link.judge')}</Link>
      </div>
      {explained ? (
        <details open={opened}>
          <summary>{t('link.pieces', { n: explained.bars.length })}</summary>
          <Waterfall pair={explained} items />
        </details>
      ) : (
        <Outside link={link} />
      )}
    </li>
  );
}

/** A link that leads out of this person: its pieces as the records state them. */
function Outside({ link }: { readonly link: Pair }) {
  return (
    <ul className="reasons">
      {link.evidence.map((evidence, index) => (
        <li key={keyOf(evidence.text, index)}>
          <span className={`tag ${evidence.bits < 0 ? 'against' : 'fact'}`}>
            {named('group', evidence.group)}
          </span>{' '}
          <EvidenceText value={evidence.text} />{' '}
          <span className="muted">{t('link.n-bits', { bits: evidence.bits.toFixed(1) })}</span>{' '}
          <SourceLinks pointers={evidence.pointers} of={named('group', evidence.group)} />
        </li>
      ))}
    </ul>
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
  if (link.decision !== null) {
    return (
      <span className="tag fact">{t('link.decided', { verdict: named('verdict', link.decision) })}</span>
    );
  }
  if (link.person_a === link.person_b) {
    return <span className="tag inference">{t(link.proposed ? 'link.proposed' : 'link.through')}</span>;
  }
  return <span className="tag inference">{t('link.not-joined')}</span>;
}
