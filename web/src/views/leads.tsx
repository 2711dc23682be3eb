import { type Answer, api } from '../api.ts';
import { numberIn, useParts } from '../parts.ts';
import { addressOf, Link } from '../router.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { draftOf } from '../ui/draft.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { OnlyOfPerson } from '../ui/only-of-person.tsx';
import { Asked, Page } from '../ui/page.tsx';
import { Empty } from '../ui/section.tsx';
import { SourceLinks } from '../ui/source-link.tsx';
import { Turning } from '../ui/turning.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { useAnswer } from '../use-answer.ts';
import './footprint.css';
import { t } from '../ui/words.ts';

type Lead = Answer<'listLeads'>['leads'][number];
const limit = 25;

/** What providers could be asked: drafts that a human checks and sends. Waymark sends nothing. */
export function LeadsPage() {
  const parts = useParts();
  const person = parts.get('person') ?? '';
  const offset = numberIn(parts, 'offset', 0);
  const answer = useAnswer(`leads ${person} ${offset}`, () => api.leads(person, limit, offset));
  return (
    <Page
      title={t('leads.leads')}
      settled={answer.state !== 'asking'}
      lead={<p className="muted">{t('leads.drafts-of-requests-to')}</p>}
    >
      <OnlyOfPerson person={person} words={t('leads.only-those-about')} />
      <Asked answer={answer} what={t('leads.leads-2')}>
        {({ leads, total, left_out, cap, more }) =>
          leads.length === 0 ? (
            <Empty>
              <p>{t('leads.nothing-is-known-that')}</p>
            </Empty>
          ) : (
            <>
              <p className="note">
                {t('n.lead', { n: total })} {t('leads.in-this-generation')}
                {left_out > 0 && t('leads.left-out', { left: left_out, cap })}.
              </p>
              <ol className="stories leads">
                {leads.map((lead) => (
                  <Item key={lead.lead} lead={lead} />
                ))}
              </ol>
              <Turning offset={offset} limit={limit} more={more} what={t('leads.leads-2')} />
            </>
          )
        }
      </Asked>
    </Page>
  );
}

function Item({ lead }: { readonly lead: Lead }) {
  const draft = draftOf(lead);
  return (
    <li id={lead.lead} className={lead.cannot === null ? '' : 'cannot'}>
      <h2>
        {lead.selector_kind} <EvidenceText value={lead.selector} />,{' '}
        <EvidenceText value={lead.provider} otherwise={t('leads.provider-not-known-find')} />
      </h2>
      {lead.cannot !== null && (
        <p className="cannot-say">
          <strong>{t('leads.cannot-be-asked')}</strong> {lead.cannot}
        </p>
      )}
      <p className="note">
        <EvidenceText value={lead.why} /> {t('leads.seen-in')} {t('n.place', { n: lead.count })}.
      </p>
      <ul className="plain inline">
        {lead.persons.map(({ person, handles }) => (
          <li key={person}>
            <Link href={addressOf.person(person)}>
              <EvidenceText value={handles[0] ?? null} otherwise={person} />
            </Link>
          </li>
        ))}
        {lead.persons.length === 0 && (
          <li>
            <Unknown text={t('leads.nobody-in-a-person')} />
          </li>
        )}
      </ul>
      {lead.cannot === null && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre className="text draft" tabIndex={0} data-item={lead.lead}>
            <EvidenceText value={draft} lines />
          </pre>
          <p className="acts">
            <CopyButton text={draft} what={t('leads.the-draft')} />
          </p>
        </>
      )}
      <SourceLinks pointers={lead.pointers} of={t('leads.the-lead')} items={lead.cannot !== null} />
    </li>
  );
}
