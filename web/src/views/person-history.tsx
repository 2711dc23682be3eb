import { type Answer, api } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Problem } from '../ui/problem.tsx';
import { Section } from '../ui/section.tsx';
import { SourceLinks } from '../ui/source-link.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { named, t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';

type History = Answer<'showPersonHistory'>;
type Event = History['events'][number];

/** How this person came to be: what merged, split, came and went with each generation, and why. */
export function PersonHistory({ person }: { readonly person: string }) {
  const answer = useAnswer(`history ${person}`, () => api.personHistory(person), { keep: true });
  if (answer.state === 'asking') return null;
  if (answer.state === 'failed') {
    return (
      <Section id="history" title={t('history.title')}>
        <Problem error={answer.error} />
      </Section>
    );
  }
  const { events, compared, generations } = answer.value;
  return (
    <Section
      id="history"
      title={t('history.title')}
      count={events.length}
      note={t('history.note', { n: compared, of: generations })}
    >
      {events.length === 0 ? (
        <Unknown text={t('history.none')} />
      ) : (
        <ul className="links">
          {events.map((event) => (
            <li key={`${event.before} ${event.after}`} className="decided">
              <Item event={event} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Item({ event }: { readonly event: Event }) {
  return (
    <>
      <div className="pair">
        {event.kinds.map((kind) => (
          <span key={kind} className="tag inference">
            {named('history', kind)}
          </span>
        ))}
        <span className="muted">
          {event.time} · {t('shell.generation')} <code>{event.after}</code>
        </span>
      </div>
      <Others title={t('history.from')} others={event.mergedFrom} />
      <Others title={t('history.into')} others={event.splitInto} />
      <Accounts title={t('history.added')} accounts={event.added} />
      <Accounts title={t('history.gone')} accounts={event.gone} />
      {event.causes.length > 0 && (
        <ul className="reasons">
          {event.causes.map((cause, index) => (
            <li key={keyOf(cause.text, index)}>
              <span className="tag fact">{named('cause', cause.kind)}</span>{' '}
              <EvidenceText value={cause.text} />{' '}
              <SourceLinks pointers={cause.pointers} of={named('cause', cause.kind)} items />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Others({ title, others }: { readonly title: string; readonly others: Event['mergedFrom'] }) {
  if (others.length === 0) return null;
  return (
    <p>
      {title}{' '}
      {others.map(({ person, accounts }, index) => (
        <span key={keyOf(person, index)}>
          {index > 0 && ', '}
          <Link href={addressOf.person(person)}>{person}</Link>{' '}
          <span className="muted">{t('shell.accounts', { n: accounts.length })}</span>
        </span>
      ))}
    </p>
  );
}

function Accounts({ title, accounts }: { readonly title: string; readonly accounts: Event['added'] }) {
  if (accounts.length === 0) return null;
  return (
    <p>
      {title}{' '}
      {accounts.map((account, index) => (
        <span key={keyOf(account, index)}>
          {index > 0 && ', '}
          <EvidenceText value={account} />
        </span>
      ))}
    </p>
  );
}
